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
 *	"alloc_contig_range: [" HEX ", " HEX ") PFNs busy"
 *	FUNCTION ": " N " callbacks suppressed"
 *	"Memory: " N "K/" N "K available (" ... ", " N "K cma-reserved" ...
 *	"Linux version "	the next boot begins: forget what came before
 *
 * N MiB is rounded down; areas are multiples of a pageblock, so it is exact
 * wherever that is 1 MiB or more. The name of an unnamed area ends in a
 * newline, which breaks "alloc failed" lines in two after it.
 *
 * History (mm/cma.c, mm/page_alloc.c, kernel/dma/contiguous.c of 5.10, 6.1,
 * 6.12, 7.2): FUNCTION is cma_alloc (5.10, 6.1), __cma_alloc (6.12),
 * __cma_alloc_frozen (7.2); AREA from 6.1; "on node" 6.12 only; "ranges" 7.2;
 * "PFNs busy" 5.10 only, one for every range tried, and it also comes from
 * memory hot-unplug and gigantic pages. Fixtures: every dmesg.txt; v5.10-arm64-
 * cma-failure has "PFNs busy". "alloc failed" is written by hand in
 * test/malformed/klog and the unit test.
 */
#include "source/klog.h"

#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "model/area.h"
#include "source/klog_line.h"

/* The search for one allocation reports a busy range at least this often. */
#define NS_BETWEEN_BUSY 1000000000u

/* CMA_MAX_NAME */
#define AREA_NAME_MAX 64

struct parser {
	struct lt_strings *strings;
	struct lt_klog klog;
	struct lt_num last_busy_ns;
	bool wants_node_name;	   /* a device tree area was created, its name comes next */
	struct lt_span broken_name; /* of an area, from the line before, without its newline */
	unsigned int nr_skipped;
};

void lt_klog_fini(struct lt_klog *klog)
{
	lt_vec_free(&klog->reserved);
	lt_attempts_free(&klog->attempts);
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

static struct lt_attempt *last_attempt(struct parser *parser)
{
	struct lt_attempts *attempts = &parser->klog.attempts;

	return attempts->nr ? &attempts->v[attempts->nr - 1] : NULL;
}

static struct lt_attempt *add_attempt(struct parser *parser, struct lt_num ts_ns)
{
	struct lt_attempt *attempt = lt_vec_push(&parser->klog.attempts);

	if (!attempt)
		return NULL;
	attempt->source = LT_ATTEMPT_LOG;
	attempt->area = LT_NO_AREA;
	attempt->ts_ns = ts_ns;
	attempt->count = 1;
	return attempt;
}

static bool is_soon_after_busy(const struct parser *parser, struct lt_num ts_ns)
{
	const struct lt_num last = parser->last_busy_ns;

	return !ts_ns.known || !last.known ||
	       (ts_ns.val >= last.val && ts_ns.val - last.val <= NS_BETWEEN_BUSY);
}

/* The cursor stands behind "alloc_contig_range: [". */
static int parse_busy(struct parser *parser, struct lt_text *at, struct lt_num ts_ns)
{
	struct lt_attempt *attempt = last_attempt(parser);
	struct lt_range pfns;
	struct lt_try *tried;

	if (!lt_text_hex(at, &pfns.start_pfn) || !lt_text_literal(at, ", ") ||
	    !lt_text_hex(at, &pfns.end_pfn) || !lt_text_literal(at, ") PFNs busy") ||
	    !is_end(at) || pfns.end_pfn <= pfns.start_pfn) {
		parser->nr_skipped++;
		return 0;
	}
	/* One search only ever moves on: a range that does not is the next search's. */
	if (!attempt || !attempt->is_open || !is_soon_after_busy(parser, ts_ns) ||
	    pfns.end_pfn <= attempt->tries.v[attempt->tries.nr - 1].pfns.end_pfn)
		attempt = add_attempt(parser, ts_ns);
	if (!attempt)
		return -ENOMEM;
	attempt->is_open = true;
	parser->last_busy_ns = ts_ns;
	tried = lt_vec_push(&attempt->tries);
	if (!tried)
		return -ENOMEM;
	tried->pfns = pfns;
	tried->stage = LT_TRY_TEST;
	return 0;
}

/* Whether the busy ranges of @attempt can be those of a search for @nr_pages. */
static bool can_be_search_for(const struct lt_attempt *attempt, uint64_t nr_pages)
{
	lt_vec_each(tried, &attempt->tries)
		if (lt_range_nr_pages(tried->pfns) < nr_pages)
			return false;
	return true;
}

static bool is_equal(const struct lt_attempt *attempt, const char *area, uint64_t nr_pages,
		     uint64_t err)
{
	return attempt->failed && !attempt->tries.nr && attempt->area_name == area &&
	       attempt->nr_pages.val == nr_pages && attempt->err.val == err;
}

static int add_failure(struct parser *parser, const char *area, uint64_t nr_pages, uint64_t err,
		       struct lt_num ts_ns)
{
	struct lt_attempt *attempt = last_attempt(parser);

	if (attempt && is_equal(attempt, area, nr_pages, err)) {
		attempt->count++;
		return 0;
	}
	if (!attempt || !attempt->is_open || !is_soon_after_busy(parser, ts_ns) ||
	    !can_be_search_for(attempt, nr_pages))
		attempt = add_attempt(parser, ts_ns);
	if (!attempt)
		return -ENOMEM;
	attempt->is_open = false;
	attempt->failed = true;
	attempt->area_name = area;
	attempt->nr_pages = lt_num(nr_pages);
	attempt->err = lt_num(err);
	/* The kernel tested from the free block that the range begins in. */
	lt_vec_each(tried, &attempt->tries)
		tried->pfns.start_pfn = tried->pfns.end_pfn - nr_pages;
	return 0;
}

/* The cursor stands behind "alloc failed, req-size: ". */
static int parse_failure(struct parser *parser, struct lt_text *at, const char *area,
			 struct lt_num ts_ns)
{
	uint64_t nr_pages;
	int64_t ret;

	if (!lt_text_u64(at, &nr_pages) || !lt_text_literal(at, " pages, ret: ") ||
	    !lt_text_s64(at, &ret) || !is_end(at) || ret >= 0 || !nr_pages) {
		parser->nr_skipped++;
		return 0;
	}
	return add_failure(parser, area, nr_pages, (uint64_t)-ret, ts_ns);
}

/* The cursor stands behind "cma: " of a line without a keyword of its own. */
static int parse_function(struct parser *parser, struct lt_text *at, struct lt_num ts_ns)
{
	const char *area = NULL;
	struct lt_span function, name;

	if (!lt_text_until(at, ": ", &function))
		return 0;
	if (lt_text_literal(at, "alloc failed, req-size: "))
		return parse_failure(parser, at, NULL, ts_ns);
	if (!lt_text_until_last(at, ": alloc failed, req-size: ", &name)) {
		parser->broken_name = lt_text_rest(at);
		return 0;
	}
	area = lt_strings_span(parser->strings, name);
	return area ? parse_failure(parser, at, area, ts_ns) : -ENOMEM;
}

/* The second half of a line that was broken by the newline in its area's name. */
static int parse_second_half(struct parser *parser, struct lt_span half, struct lt_text *at,
			     struct lt_num ts_ns)
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
	return area ? parse_failure(parser, at, area, ts_ns) : -ENOMEM;
}

static void parse_suppressed(struct parser *parser, struct lt_text at)
{
	struct lt_span function;
	uint64_t nr;

	if (lt_text_until(&at, ": ", &function) && lt_text_u64(&at, &nr) &&
	    lt_text_literal(&at, " callbacks suppressed") &&
	    (lt_span_is(function, "alloc_contig_range") ||
	     memmem(function.p, function.len, "cma_alloc", strlen("cma_alloc"))) &&
	    __builtin_add_overflow(parser->klog.nr_suppressed, nr, &parser->klog.nr_suppressed))
		parser->klog.nr_suppressed = UINT64_MAX;
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

static void begin_boot(struct parser *parser)
{
	struct lt_strings *strings = parser->strings;
	unsigned int nr_skipped = parser->nr_skipped;

	lt_klog_fini(&parser->klog);
	*parser = (struct parser){ .strings = strings, .nr_skipped = nr_skipped };
}

static int parse_message(struct parser *parser, struct lt_text *at, struct lt_num ts_ns)
{
	static const char pool[] = "Reserved memory: created CMA memory pool at ";
	struct lt_span half = parser->broken_name;

	parser->broken_name = (struct lt_span){ 0 };
	parse_suppressed(parser, *at);
	if (lt_text_literal(at, pool))
		return parse_pool(parser, at);
	if (lt_text_literal(at, "cma: ")) {
		if (lt_text_literal(at, pool))
			return parse_pool(parser, at);
		if (lt_text_literal(at, "Reserved memory: "))
			return 0;
		if (lt_text_literal(at, "Reserved "))
			return parse_reserved(parser, at);
		return parse_function(parser, at, ts_ns);
	}
	if (lt_text_literal(at, ": alloc failed, req-size: "))
		return parse_second_half(parser, half, at, ts_ns);
	if (lt_text_literal(at, "alloc_contig_range: ["))
		return parse_busy(parser, at, ts_ns);
	if (lt_text_literal(at, "OF: reserved mem: initialized node "))
		return parse_node(parser, at);
	if (lt_text_literal(at, "Memory: "))
		parse_memory(parser, at);
	else if (lt_text_literal(at, "Linux version "))
		begin_boot(parser);
	return 0;
}

static bool has_nul(const struct lt_text *line)
{
	return memchr(line->pos, '\0', (size_t)(line->end - line->pos));
}

static bool has_nothing(const struct lt_klog *klog)
{
	return !klog->reserved.nr && !klog->attempts.nr && !klog->memory_kib.known;
}

int lt_klog_parse(const char *buf, size_t len, struct lt_strings *strings, struct lt_klog *out,
		  struct lt_diag *diag)
{
	struct parser parser = { .strings = strings };
	struct lt_text text, line, binary = { 0 };
	int err = 0;

	lt_text_init(&text, buf, len);
	while (!err && lt_text_line(&text, &line)) {
		struct lt_num ts_ns;

		if (has_nul(&line) || lt_text_is_cut(&text)) {
			parser.nr_skipped++;
			if (has_nul(&line))
				binary = line;
			continue;
		}
		lt_klog_line_split(&line, &ts_ns);
		err = parse_message(&parser, &line, ts_ns);
	}
	if (!err && binary.line && has_nothing(&parser.klog))
		err = lt_text_fail(&binary, diag, "NUL bytes: this is no log text");
	if (err) {
		lt_klog_fini(&parser.klog);
		return err;
	}
	if (diag)
		diag->nr_skipped += parser.nr_skipped;
	*out = parser.klog;
	return 0;
}
