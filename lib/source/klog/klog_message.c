// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Messages of the kernel that tell of CMA (klog_line.c finds where one begins):
 *
 *	"cma: Reserved " N " MiB at " ADDR [" on node " NODE]
 *	"cma: Reserved " N " MiB in " N " range" ["s"]		no address
 *	["cma: "] "Reserved memory: created CMA memory pool at " ADDR ", size " N " MiB", then
 *	"OF: reserved mem: initialized node " NAME ", compatible id " ID
 *		the area is called like the node: rmem_cma_setup()
 *	"cma: " FUNCTION ": " [AREA ": "] "alloc failed, req-size: " N " pages, ret: " ERRNO
 *	"cma: number of available pages: " ...	klog_bitmap.c
 *	"alloc_contig_range: [" HEX ", " HEX ") PFNs busy"
 *	"alloc_contig_range test_pages_isolated(" HEX ", " HEX ") failed"	up to 4.2
 *	FUNCTION ": " N " callbacks suppressed"
 *	"Memory: " N "K/" N "K available (" ... ", " N "K cma-reserved" ...
 *	NAME " hash table entries: " N " (order: " N ", " N " bytes" ...	gives the page size
 *
 * What else may speak of an attempt goes to klog_attempt.c.
 * A wording has one of the words of klog_quiet.c, or its line is passed by.
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
#include "source/klog/klog_message.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "base/array_size.h"
#include "model/area.h"
#include "source/klog/klog_page_size.h"
#include "source/klog/klog_refusal.h"

/* MAX_ERRNO */
#define ERRNO_MAX 4095

/* As much of a driver's words is quoted. */
#define COMPLAINT_MAX 120

static bool is_end(struct lt_text *text)
{
	lt_text_blanks(text);
	return lt_text_at_end(text);
}

/*
 * What was read up to here is whole: whatever follows is somebody's who passed the line on, "', then it
 * hangs", "[/code]". A word that goes on may be another one.
 */
static bool is_closed(const struct lt_text *text)
{
	return lt_text_at_end(text) || (!isalnum((unsigned char)*text->pos) && *text->pos != '_');
}

bool lt_klog_is_whole_errno(uint64_t err)
{
	static const int known[] = { EINTR, EAGAIN, ENOMEM, EBUSY, EINVAL };

	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (err == (uint64_t)known[i])
			return true;
	return false;
}

static int add_reserved(struct lt_klog_parser *parser, struct lt_num base, uint64_t size_mib)
{
	struct lt_klog_reserved *reserved;

	if (size_mib > UINT64_MAX >> 20 || parser->klog.reserved.nr == LT_AREAS_MAX) {
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
static int parse_reserved(struct lt_klog_parser *parser, struct lt_text *at)
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
static int parse_pool(struct lt_klog_parser *parser, struct lt_text *at)
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
static int parse_node(struct lt_klog_parser *parser, struct lt_text *at)
{
	struct lt_klog_reserveds *reserved = &parser->klog.reserved;
	struct lt_span name;

	if (!parser->wants_node_name || !reserved->nr ||
	    !lt_text_until_last(at, ", compatible id ", &name) || name.len >= LT_KLOG_AREA_NAME_MAX)
		return 0;
	parser->wants_node_name = false;
	reserved->v[reserved->nr - 1].name = lt_strings_span(parser->strings, name);
	return reserved->v[reserved->nr - 1].name ? 0 : -ENOMEM;
}

/* The cursor stands behind "alloc_contig_range: ". */
static int parse_busy(struct lt_klog_parser *parser, const struct lt_klog_line *line)
{
	struct lt_text at = line->text;
	struct lt_range pfns;

	if (!lt_text_literal(&at, "[") && !lt_text_literal(&at, "test_pages_isolated("))
		return 0;
	if (!lt_text_hex(&at, &pfns.start_pfn) || !lt_text_literal(&at, ", ") ||
	    !lt_text_hex(&at, &pfns.end_pfn) ||
	    (!lt_text_literal(&at, ") PFNs busy") && !lt_text_literal(&at, ") failed")) ||
	    !is_closed(&at) || pfns.end_pfn <= pfns.start_pfn) {
		parser->nr_skipped++;
		return 0;
	}
	parser->is_taken = true;
	return lt_klog_attempts_busy(&parser->attempts, line, pfns);
}

/* The first digit of one, where somebody cut the line: cma_alloc() returns neither. */
static bool is_half_errno(uint64_t err)
{
	return err == EPERM || err == ENOENT;
}

/* The cursor stands behind "alloc failed, req-size: ". */
static int parse_failure(struct lt_klog_parser *parser, struct lt_klog_line *line, const char *area)
{
	struct lt_text *at = &line->text;
	uint64_t nr_pages;
	int64_t ret;

	if (!lt_text_u64(at, &nr_pages) || !lt_text_literal(at, " pages, ret: ") ||
	    !lt_text_s64(at, &ret) || !is_closed(at) || ret >= 0 || ret < -ERRNO_MAX || !nr_pages ||
	    is_half_errno((uint64_t)-ret) ||
	    (line->is_cut && !lt_klog_is_whole_errno((uint64_t)-ret))) {
		parser->nr_skipped++;
		return 0;
	}
	parser->is_taken = true;
	return lt_klog_attempts_failure(&parser->attempts, line, area, nr_pages, (uint64_t)-ret);
}

static void keep_broken_name(struct lt_klog_parser *parser, struct lt_span name)
{
	if (!name.len || name.len >= LT_KLOG_AREA_NAME_MAX)
		return;
	memcpy(parser->broken_name, name.p, name.len);
	parser->broken_len = name.len;
}

/* The cursor stands behind "cma: " of a line without a keyword of its own. */
static int parse_function(struct lt_klog_parser *parser, struct lt_klog_line *line)
{
	struct lt_klog_line whole = *line;
	struct lt_span function, name;
	const char *area;

	if (!lt_text_until(&line->text, ": ", &function) || memchr(function.p, '(', function.len))
		return lt_klog_attempts_debug(&parser->attempts, whole);
	if (lt_text_literal(&line->text, "alloc failed, req-size: "))
		return parse_failure(parser, line, NULL);
	if (!lt_text_until_last(&line->text, ": alloc failed, req-size: ", &name)) {
		keep_broken_name(parser, lt_text_rest(&line->text));
		return 0;
	}
	area = lt_strings_span(parser->strings, name);
	return area ? parse_failure(parser, line, area) : -ENOMEM;
}

/* The second half of a line that was broken by the newline in its area's name. */
static int parse_second_half(struct lt_klog_parser *parser, size_t len, struct lt_klog_line *line)
{
	const char *area;

	if (!len) {
		parser->nr_skipped++;
		return 0;
	}
	parser->broken_name[len] = '\n';
	area = lt_strings_add(parser->strings, parser->broken_name, len + 1);
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

static void parse_suppressed(struct lt_klog_parser *parser, struct lt_klog_line line)
{
	struct lt_span function = line.tag;
	uint64_t nr;

	if ((!function.len && !lt_text_until(&line.text, ": ", &function)) ||
	    !lt_text_u64(&line.text, &nr) || !lt_text_literal(&line.text, " callbacks suppressed"))
		return;
	if (is_rate_limited_failure(function))
		add_suppressed(&parser->klog.nr_failures_suppressed, nr);
	if (!is_rate_limited_failure(function) && !lt_span_is(function, "alloc_contig_range"))
		return;
	add_suppressed(&parser->klog.nr_suppressed, nr);
	parser->is_taken = true;
}

/* The cursor stands behind "Memory: ". */
static void parse_memory(struct lt_klog_parser *parser, struct lt_text *at)
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

/* The cursor stands behind "cma: ". */
static int parse_cma(struct lt_klog_parser *parser, struct lt_klog_line *line)
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

static void note_page_size(struct lt_klog_parser *parser, struct lt_text text)
{
	struct lt_num size = lt_klog_page_size_of(text);

	if (size.known)
		parser->klog.page_size = size;
}

/* "cma: " was in a column of its own, or in somebody's table. */
static bool is_bare_failure(const struct lt_klog_line *line)
{
	struct lt_text at = line->text;

	return !line->tag.len &&
	       (lt_text_literal(&at, "cma_alloc: ") || lt_text_literal(&at, "__cma_alloc")) &&
	       lt_text_find(&at, "alloc failed, req-size: ");
}

/*
 * Whether nothing says that the kernel wrote @line: in a log without stamps (printk.time=0) that is so
 * of each, but what has no name before a colon is somebody's prose.
 */
static bool is_bare(const struct lt_klog_line *line)
{
	return !line->ts_ns.known && !line->is_tagged && !line->tag.len && !line->has_time;
}

static bool can_be_complaint(const struct lt_klog_parser *parser, const struct lt_klog_line *line)
{
	const struct lt_span text = lt_text_rest(&line->text);

	return !is_bare(line) ||
	       (!parser->klog.last_ns.known && text.len && memchr(text.p, ':', text.len));
}

static int note_complaint(struct lt_klog_parser *parser, const struct lt_klog_line *line)
{
	const enum lt_klog_complaint said = lt_klog_complaint_of(line);
	struct lt_klog_complaints *all = &parser->klog.complaints;
	struct lt_span text = lt_text_rest(&line->text);

	if (said == LT_COMPLAINT_NONE || !can_be_complaint(parser, line))
		return 0;
	if (all->is_bare && !is_bare(line))
		*all = (struct lt_klog_complaints){ 0 };
	all->nr++;
	if (all->text && (all->is_cma || said != LT_COMPLAINT_CMA))
		return 0;
	/* "[drm:vc4_bo_create [vc4]] *ERROR* ...": what is in brackets is off already. */
	while (text.len && strchr("] ", *text.p)) {
		text.p++;
		text.len--;
	}
	if (text.len > COMPLAINT_MAX)
		text.len = COMPLAINT_MAX;
	all->text = lt_strings_span(parser->strings, text);
	all->line = line->text.line;
	all->ts_ns = line->ts_ns;
	all->is_cma = said == LT_COMPLAINT_CMA;
	all->is_bare = is_bare(line);
	return all->text ? 0 : -ENOMEM;
}

int lt_klog_message_parse(struct lt_klog_parser *parser, struct lt_klog_line *line)
{
	size_t broken_len = parser->broken_len;
	struct lt_text *at = &line->text;

	int taken = lt_klog_refusals_parse(&parser->klog.refusals, *line, parser->strings);

	if (taken)
		return taken < 0 ? taken : 0;
	parser->broken_len = 0;
	parse_suppressed(parser, *line);
	note_page_size(parser, line->text);
	if (lt_klog_line_tag(line, "cma"))
		return parse_cma(parser, line);
	if (lt_klog_line_tag(line, "alloc_contig_range") ||
	    (!line->tag.len && lt_text_literal(at, "alloc_contig_range ")))
		return parse_busy(parser, line);
	if (is_bare_failure(line))
		return parse_function(parser, line);
	if (lt_klog_line_tag(line, "Reserved memory"))
		return lt_text_literal(at, "created CMA memory pool at ") ? parse_pool(parser, at)
									  : 0;
	if (lt_klog_line_tag(line, "OF"))
		return lt_text_literal(at, "reserved mem: initialized node ")
			       ? parse_node(parser, at)
			       : 0;
	if (lt_text_literal(at, ": alloc failed, req-size: "))
		return parse_second_half(parser, broken_len, line);
	if (lt_text_literal(at, "number of available pages:")) {
		/* vendors, before it was merged */
		lt_klog_attempts_bitmap(&parser->attempts, line);
		return 0;
	}
	if (!line->tag.len && lt_klog_attempts_rest(&parser->attempts, line))
		return 0;
	if (lt_klog_line_tag(line, "Memory")) {
		parse_memory(parser, at);
		return 0;
	}
	taken = note_complaint(parser, line);
	return taken ? taken : lt_klog_attempts_other(&parser->attempts, line);
}
