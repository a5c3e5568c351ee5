// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The kernel log. Messages that tell of CMA, anchored at the start of the
 * message (klog_line.c finds it):
 *
 *	"cma: Reserved " N " MiB at " ADDR [" on node " NODE]
 *	"cma: Reserved " N " MiB in " N " range" ["s"]		no address
 *	["cma: "] "Reserved memory: created CMA memory pool at " ADDR ", size " N " MiB", then
 *	"OF: reserved mem: initialized node " NAME ", compatible id " ID
 *		the area is called like the node: rmem_cma_setup()
 *	"cma: " FUNCTION ": " [AREA ": "] "alloc failed, req-size: " N " pages, ret: " ERRNO
 *	"cma: number of available pages: " ...	klog_bitmap.c
 *	"alloc_contig_range: [" HEX ", " HEX ") PFNs busy"
 *	FUNCTION ": " N " callbacks suppressed"
 *	"Memory: " N "K/" N "K available (" ... ", " N "K cma-reserved" ...
 *	NAME " hash table entries: " N " (order: " N ", " N " bytes" ...	gives the page size
 *	"Linux version "	the next boot begins: forget what came before
 *
 * What else may speak of an attempt goes to klog_attempt.c.
 *
 * N MiB is rounded down; areas are multiples of a pageblock, so it is exact
 * wherever that is 1 MiB or more. The name of an unnamed area ends in a
 * newline, which breaks "alloc failed" lines in two after it.
 *
 * History (mm/cma.c, mm/page_alloc.c, kernel/dma/contiguous.c of 5.10, 6.1,
 * 6.12, 7.2): FUNCTION is cma_alloc (4.11 to 6.1), __cma_alloc (6.12),
 * __cma_alloc_frozen (7.2); AREA from 6.1; "on node" 6.12 only; "ranges" 7.2;
 * "PFNs busy" up to 5.10 only, one for every range tried, and it also comes
 * from memory hot-unplug and gigantic pages. Fixtures: every dmesg.txt;
 * v5.10-arm64-cma-failure has "PFNs busy". "alloc failed" is written by hand in
 * test/logs, test/malformed/klog and the unit test.
 */
#include "source/klog/klog.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "source/klog/klog_attempt.h"
#include "source/klog/klog_line.h"

/* CMA_MAX_NAME */
#define AREA_NAME_MAX 64

#define PAGE_SIZE_MIN 4096
#define PAGE_SIZE_MAX (256 * 1024)

/* MAX_ERRNO */
#define ERRNO_MAX 4095

struct parser {
	struct lt_strings *strings;
	struct lt_klog klog;
	struct lt_klog_attempts attempts;
	bool wants_node_name;	   /* a device tree area was created, its name comes next */
	struct lt_span broken_name; /* of an area, from the line before, without its newline */
	unsigned int nr_skipped;
};

void lt_klog_fini(struct lt_klog *klog)
{
	lt_vec_free(&klog->reserved);
	lt_attempts_free(&klog->attempts);
	lt_vec_free(&klog->bitmaps);
}

void lt_klog_free(struct lt_klog *klog)
{
	if (klog)
		lt_klog_fini(klog);
	free(klog);
}

static bool is_end(struct lt_text *text)
{
	lt_text_blanks(text);
	return lt_text_at_end(text);
}

static int add_reserved(struct parser *parser, struct lt_num base, uint64_t size_mib)
{
	struct lt_klog_reserved *reserved;

	if (size_mib > UINT64_MAX >> 20) {
		parser->nr_skipped++;
		return 0;
	}
	reserved = lt_vec_push(&parser->klog.reserved);
	if (!reserved)
		return -ENOMEM;
	reserved->base = base;
	reserved->size_mib = size_mib;
	return 0;
}

/* The cursor stands behind "cma: Reserved ". */
static int parse_reserved(struct parser *parser, struct lt_text *at)
{
	struct lt_num base = { .known = true };
	uint64_t mib, nr;
	int64_t node;
	bool ok = lt_text_u64(at, &mib) && lt_text_literal(at, " MiB");

	if (ok && lt_text_literal(at, " in ")) {
		base.known = false;
		ok = lt_text_u64(at, &nr) && lt_text_literal(at, " range");
		(void)lt_text_literal(at, "s");
	} else if (ok) {
		ok = lt_text_literal(at, " at ") && lt_text_hex(at, &base.val);
		if (ok && lt_text_literal(at, " on node "))
			ok = lt_text_s64(at, &node);
	}
	if (ok && is_end(at))
		return add_reserved(parser, base, mib);
	parser->nr_skipped++;
	return 0;
}

/* The cursor stands behind "created CMA memory pool at ". */
static int parse_pool(struct parser *parser, struct lt_text *at)
{
	struct lt_num base = { .known = true };
	uint64_t mib;

	if (!lt_text_hex(at, &base.val) || !lt_text_literal(at, ", size ") ||
	    !lt_text_u64(at, &mib) || !lt_text_literal(at, " MiB") || !is_end(at)) {
		parser->nr_skipped++;
		return 0;
	}
	parser->wants_node_name = true;
	return add_reserved(parser, base, mib);
}

/* The cursor stands behind "OF: reserved mem: initialized node ". */
static int parse_node(struct parser *parser, struct lt_text *at)
{
	struct lt_klog_reserveds *reserved = &parser->klog.reserved;
	struct lt_span name;

	if (!parser->wants_node_name || !reserved->nr ||
	    !lt_text_until_last(at, ", compatible id ", &name) || name.len >= AREA_NAME_MAX)
		return 0;
	parser->wants_node_name = false;
	reserved->v[reserved->nr - 1].name = lt_strings_span(parser->strings, name);
	return reserved->v[reserved->nr - 1].name ? 0 : -ENOMEM;
}

/* The cursor stands behind "alloc_contig_range: ". */
static int parse_busy(struct parser *parser, const struct lt_klog_line *line)
{
	struct lt_text at = line->text;
	struct lt_range pfns;

	if (!lt_text_literal(&at, "["))
		return 0;
	if (!lt_text_hex(&at, &pfns.start_pfn) || !lt_text_literal(&at, ", ") ||
	    !lt_text_hex(&at, &pfns.end_pfn) || !lt_text_literal(&at, ") PFNs busy") ||
	    !is_end(&at) || pfns.end_pfn <= pfns.start_pfn) {
		parser->nr_skipped++;
		return 0;
	}
	return lt_klog_attempts_busy(&parser->attempts, line, pfns);
}

/* The cursor stands behind "alloc failed, req-size: ". */
static int parse_failure(struct parser *parser, struct lt_klog_line *line, const char *area)
{
	struct lt_text *at = &line->text;
	uint64_t nr_pages;
	int64_t ret;

	if (!lt_text_u64(at, &nr_pages) || !lt_text_literal(at, " pages, ret: ") ||
	    !lt_text_s64(at, &ret) || !is_end(at) || ret >= 0 || ret < -ERRNO_MAX || !nr_pages) {
		parser->nr_skipped++;
		return 0;
	}
	return lt_klog_attempts_failure(&parser->attempts, line, area, nr_pages, (uint64_t)-ret);
}

/* The cursor stands behind "cma: " of a line without a keyword of its own. */
static int parse_function(struct parser *parser, struct lt_klog_line *line)
{
	struct lt_klog_line whole = *line;
	struct lt_span function, name;
	const char *area;

	if (!lt_text_until(&line->text, ": ", &function) ||
	    memchr(function.p, '(', function.len))
		return lt_klog_attempts_debug(&parser->attempts, whole);
	if (lt_text_literal(&line->text, "alloc failed, req-size: "))
		return parse_failure(parser, line, NULL);
	if (!lt_text_until_last(&line->text, ": alloc failed, req-size: ", &name)) {
		parser->broken_name = lt_text_rest(&line->text);
		return 0;
	}
	area = lt_strings_span(parser->strings, name);
	return area ? parse_failure(parser, line, area) : -ENOMEM;
}

/* The second half of a line that was broken by the newline in its area's name. */
static int parse_second_half(struct parser *parser, struct lt_span half, struct lt_klog_line *line)
{
	char name[AREA_NAME_MAX];
	const char *area;

	if (!half.len || half.len >= sizeof(name)) {
		parser->nr_skipped++;
		return 0;
	}
	memcpy(name, half.p, half.len);
	name[half.len] = '\n';
	area = lt_strings_add(parser->strings, name, half.len + 1);
	return area ? parse_failure(parser, line, area) : -ENOMEM;
}

static void add_suppressed(uint64_t *sum, uint64_t nr)
{
	if (__builtin_add_overflow(*sum, nr, sum))
		*sum = UINT64_MAX;
}

static bool is_rate_limited_failure(struct lt_span function)
{
	return lt_span_is(function, "cma_alloc") || lt_span_is(function, "__cma_alloc") ||
	       lt_span_is(function, "__cma_alloc_frozen");
}

static void parse_suppressed(struct parser *parser, struct lt_klog_line line)
{
	struct lt_span function = line.tag;
	uint64_t nr;

	if ((!function.len && !lt_text_until(&line.text, ": ", &function)) ||
	    !lt_text_u64(&line.text, &nr) || !lt_text_literal(&line.text, " callbacks suppressed"))
		return;
	if (is_rate_limited_failure(function))
		add_suppressed(&parser->klog.nr_failures_suppressed, nr);
	if (is_rate_limited_failure(function) || lt_span_is(function, "alloc_contig_range"))
		add_suppressed(&parser->klog.nr_suppressed, nr);
}

/* The cursor stands behind "Memory: ". */
static void parse_memory(struct parser *parser, struct lt_text *at)
{
	uint64_t available, all, reserved;
	struct lt_span list;
	struct lt_text kib;
	const char *last;

	if (!lt_text_u64(at, &available) || !lt_text_literal(at, "K/") || !lt_text_u64(at, &all) ||
	    !lt_text_literal(at, "K available ("))
		return;
	parser->klog.memory_kib = lt_num(all);
	if (!lt_text_until(at, "K cma-reserved", &list))
		return;
	last = memrchr(list.p, ' ', list.len);
	if (!last)
		return;
	lt_text_init(&kib, last + 1, (size_t)(list.p + list.len - last) - 1);
	if (lt_text_u64(&kib, &reserved) && lt_text_at_end(&kib))
		parser->klog.cma_reserved_kib = lt_num(reserved);
}

/* A table of @bytes is 2^order pages. */
static void parse_hash_table(struct parser *parser, struct lt_text at)
{
	uint64_t nr, bytes;
	int64_t order;

	if (!lt_text_find(&at, " hash table entries: ") || !lt_text_u64(&at, &nr) ||
	    !lt_text_literal(&at, " (order: ") || !lt_text_s64(&at, &order) ||
	    !lt_text_literal(&at, ", ") || !lt_text_u64(&at, &bytes) ||
	    !lt_text_literal(&at, " bytes") || order < 0 || order > 40)
		return;
	for (uint64_t size = PAGE_SIZE_MIN; size <= PAGE_SIZE_MAX; size *= 2)
		if (bytes == size << order)
			parser->klog.page_size = lt_num(size);
}

static void begin_boot(struct parser *parser)
{
	struct lt_strings *strings = parser->strings;
	unsigned int nr_skipped = parser->nr_skipped;

	lt_klog_fini(&parser->klog);
	lt_klog_attempts_fini(&parser->attempts);
	*parser = (struct parser){ .strings = strings, .nr_skipped = nr_skipped,
				   .attempts.strings = strings, .klog.begins_at_boot = true };
}

static void note_stamp(struct lt_klog *klog, struct lt_num ts_ns)
{
	if (!ts_ns.known)
		return;
	if (!klog->first_ns.known)
		klog->first_ns = ts_ns;
	if (!klog->last_ns.known || ts_ns.val > klog->last_ns.val)
		klog->last_ns = ts_ns;
}

/* The cursor stands behind "cma: ". */
static int parse_cma(struct parser *parser, struct lt_klog_line *line)
{
	struct lt_text *at = &line->text;
	uint64_t range;

	if (lt_text_literal(at, "Reserved memory: created CMA memory pool at "))
		return parse_pool(parser, at);
	if (lt_text_literal(at, "Reserved memory: "))
		return 0;
	if (lt_text_literal(at, "Reserved "))
		return parse_reserved(parser, at);
	if (lt_text_literal(at, "number of available pages:")) {
		lt_klog_attempts_bitmap(&parser->attempts, line);
		return 0;
	}
	if (lt_text_literal(at, "range ") && lt_text_u64(at, &range) && lt_text_literal(at, ":")) {
		lt_klog_attempts_range(&parser->attempts, line);
		return 0;
	}
	if (lt_klog_bitmap_is_rest(*at)) {
		/* 6.17 prints nothing but the total. */
		if (!lt_klog_attempts_rest(&parser->attempts, line))
			lt_klog_attempts_bitmap(&parser->attempts, line);
		return 0;
	}
	return is_end(at) ? 0 : parse_function(parser, line);
}

static int parse_message(struct parser *parser, struct lt_klog_line *line)
{
	struct lt_span half = parser->broken_name;
	struct lt_text *at = &line->text;

	parser->broken_name = (struct lt_span){ 0 };
	parse_suppressed(parser, *line);
	parse_hash_table(parser, line->text);
	if (lt_klog_line_tag(line, "cma"))
		return parse_cma(parser, line);
	if (lt_klog_line_tag(line, "alloc_contig_range"))
		return parse_busy(parser, line);
	if (lt_klog_line_tag(line, "Reserved memory"))
		return lt_text_literal(at, "created CMA memory pool at ") ? parse_pool(parser, at)
									  : 0;
	if (lt_klog_line_tag(line, "OF"))
		return lt_text_literal(at, "reserved mem: initialized node ")
			       ? parse_node(parser, at)
			       : 0;
	if (lt_text_literal(at, ": alloc failed, req-size: "))
		return parse_second_half(parser, half, line);
	if (lt_text_literal(at, "number of available pages:")) {
		/* vendors, before it was merged */
		lt_klog_attempts_bitmap(&parser->attempts, line);
		return 0;
	}
	if (!line->tag.len && lt_klog_attempts_rest(&parser->attempts, line))
		return 0;
	if (lt_klog_line_tag(line, "Memory"))
		parse_memory(parser, at);
	else if (!line->tag.len && lt_text_literal(at, "Linux version "))
		begin_boot(parser);
	else
		return lt_klog_attempts_other(&parser->attempts, line);
	return 0;
}

static bool has_nul(const struct lt_text *line)
{
	return memchr(line->pos, '\0', (size_t)(line->end - line->pos));
}

static bool has_nothing(const struct parser *parser)
{
	return !parser->klog.reserved.nr && !parser->attempts.attempts.nr &&
	       !parser->klog.memory_kib.known;
}

static void take_attempts(struct lt_klog_attempts *from, struct lt_klog *klog)
{
	lt_klog_attempts_finish(from);
	klog->attempts = from->attempts;
	klog->bitmaps = from->bitmaps;
	klog->nr_dropped = from->nr_dropped;
	klog->nr_pages_cma = from->meminfo.nr_pages_cma;
	from->attempts = (struct lt_attempts){ 0 };
	from->bitmaps = (struct lt_klog_bitmaps){ 0 };
}

int lt_klog_parse(const char *buf, size_t len, struct lt_strings *strings, struct lt_klog *out,
		  struct lt_diag *diag)
{
	struct parser parser = { .strings = strings, .attempts.strings = strings };
	struct lt_text text, raw, binary = { 0 };
	int err = 0;

	lt_text_init(&text, buf, len);
	while (!err && lt_text_line(&text, &raw)) {
		struct lt_klog_line line;

		if (has_nul(&raw) || lt_text_is_cut(&text)) {
			parser.nr_skipped++;
			if (has_nul(&raw))
				binary = raw;
			continue;
		}
		if (!lt_klog_line_split(raw, &line))
			continue;
		err = parse_message(&parser, &line);
		note_stamp(&parser.klog, line.ts_ns); /* also of the line that begins a boot */
	}
	if (!err && binary.line && has_nothing(&parser))
		err = lt_text_fail(&binary, diag, "NUL bytes: this is no log text");
	if (!err)
		take_attempts(&parser.attempts, &parser.klog);
	lt_klog_attempts_fini(&parser.attempts);
	if (err) {
		lt_klog_fini(&parser.klog);
		return err;
	}
	if (diag)
		diag->nr_skipped += parser.nr_skipped;
	*out = parser.klog;
	return 0;
}
