// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every parser of text against the same damage. Whatever is done to a table, a
 * number that it still gives is the number that the whole table gave, or the
 * diagnosis says that something is wrong. (Text inside of names cannot be
 * checked so, and is no fact here.)
 */
#include "damage.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <unistd.h>

#include "source/tables/buddyinfo.h"
#include "source/tables/cma_bitmap.h"
#include "source/process/dma_buf.h"
#include "source/tables/iomem.h"
#include "source/tables/kconfig.h"
#include "source/klog/klog.h"
#include "source/process/maps.h"
#include "source/tables/meminfo.h"
#include "source/number.h"
#include "source/page_owner/page_owner.h"
#include "source/tables/pagetypeinfo.h"
#include "source/trace/trace.h"
#include "source/tables/vmstat.h"
#include "source/tables/zoneinfo.h"

/* One line a fact: "key=number". */
static void put(FILE *facts, const char *key, uint64_t of, struct lt_num num)
{
	if (num.known)
		fprintf(facts, "%s.%" PRIx64 "=%" PRIu64 "\n", key, of, num.val);
}

static int parse_meminfo(const struct lt_buf *buf, FILE *facts, struct lt_diag *diag)
{
	struct lt_memory memory = { 0 };
	int err = lt_meminfo_parse(buf->data, buf->len, &memory, diag);

	put(facts, "mem_total", 0, memory.mem_total_kib);
	put(facts, "cma_total", 0, memory.cma_total_kib);
	put(facts, "cma_free", 0, memory.cma_free_kib);
	return err;
}

static int parse_vmstat(const struct lt_buf *buf, FILE *facts, struct lt_diag *diag)
{
	struct lt_memory memory = { 0 };
	int err = lt_vmstat_parse(buf->data, buf->len, &memory, diag);

	put(facts, "nr_free_cma", 0, memory.nr_free_cma);
	put(facts, "acquired", 0, memory.nr_foll_pin_acquired);
	put(facts, "released", 0, memory.nr_foll_pin_released);
	put(facts, "cma_alloc_fail", 0, memory.cma_alloc_fail);
	return err;
}

static void put_zones(FILE *facts, const struct lt_zones *zones)
{
	char key[128];

	lt_vec_each(zone, zones) {
		snprintf(key, sizeof(key), "%u.%s", zone->node, zone->name);
		put(facts, key, 0, zone->nr_free);
		put(facts, key, 1, zone->nr_managed);
		put(facts, key, 2, zone->nr_cma);
		put(facts, key, 3, zone->start_pfn);
		put(facts, key, 4, zone->watermark.high);
		lt_vec_each(pcp, &zone->pcp)
			put(facts, key, 1000 + pcp->cpu, pcp->count);
		for (unsigned int i = 0; i < zone->free_blocks.nr_orders; i++)
			put(facts, key, 2000 + i, lt_num(zone->free_blocks.nr[i]));
		lt_vec_each(type, &zone->types) {
			snprintf(key, sizeof(key), "%u.%s.%s", zone->node, zone->name, type->name);
			put(facts, key, 0, type->nr_pageblocks);
			for (unsigned int i = 0; i < type->nr_orders; i++)
				put(facts, key, 1 + i, lt_num(type->nr_free[i]));
		}
	}
}

static int parse_zoneinfo(const struct lt_buf *buf, FILE *facts, struct lt_diag *diag)
{
	struct lt_strings *strings = lt_strings_new();
	struct lt_zones zones = { 0 };
	int err = lt_zoneinfo_parse(buf->data, buf->len, strings, &zones, diag);

	put_zones(facts, &zones);
	lt_zones_free(&zones);
	lt_strings_free(strings);
	return err;
}

static int parse_buddyinfo(const struct lt_buf *buf, FILE *facts, struct lt_diag *diag)
{
	struct lt_strings *strings = lt_strings_new();
	struct lt_zones zones = { 0 };
	int err = lt_buddyinfo_parse(buf->data, buf->len, strings, &zones, diag);

	put_zones(facts, &zones);
	lt_zones_free(&zones);
	lt_strings_free(strings);
	return err;
}

static int parse_pagetypeinfo(const struct lt_buf *buf, FILE *facts, struct lt_diag *diag)
{
	struct lt_strings *strings = lt_strings_new();
	struct lt_zones zones = { 0 };
	struct lt_num order = { 0 };
	int err = lt_pagetypeinfo_parse(buf->data, buf->len, strings, &zones, &order, diag);

	put(facts, "order", 0, order);
	put_zones(facts, &zones);
	lt_zones_free(&zones);
	lt_strings_free(strings);
	return err;
}

static int parse_iomem(const struct lt_buf *buf, FILE *facts, struct lt_diag *diag)
{
	struct lt_iomem iomem = { 0 };
	int err = lt_iomem_parse(buf->data, buf->len, 4096, &iomem, diag);

	lt_vec_each(range, &iomem.ram)
		put(facts, "ram", range->start_pfn, lt_num(range->end_pfn));
	lt_vec_each(range, &iomem.reserved)
		put(facts, "reserved", range->start_pfn, lt_num(range->end_pfn));
	lt_iomem_fini(&iomem);
	return err;
}

static int parse_dma_buf(const struct lt_buf *buf, FILE *facts, struct lt_diag *diag)
{
	struct lt_strings *strings = lt_strings_new();
	struct lt_dma_bufs bufs = { 0 };
	int err = lt_dma_buf_parse(buf->data, buf->len, strings, &bufs, diag);

	lt_vec_each(dma_buf, &bufs) {
		put(facts, "size", dma_buf->ino.val, lt_num(dma_buf->size));
		put(facts, "devices", dma_buf->ino.val, lt_num(dma_buf->devices.nr));
	}
	lt_dma_bufs_free(&bufs);
	lt_strings_free(strings);
	return err;
}

static int parse_maps(const struct lt_buf *buf, FILE *facts, struct lt_diag *diag)
{
	struct lt_text text, line;
	int err = -EBADMSG;

	lt_text_init(&text, buf->data, buf->len);
	while (lt_text_line(&text, &line)) {
		struct lt_vma vma;

		if (lt_maps_parse_line(line, &vma, diag))
			continue;
		err = 0;
		put(facts, "end", vma.start, lt_num(vma.end));
		put(facts, "ino", vma.start, lt_num(vma.ino));
	}
	return err;
}

static int parse_bitmap(const struct lt_buf *buf, FILE *facts, struct lt_diag *diag)
{
	struct lt_bitmap bitmap = { 0 };
	int err = lt_cma_bitmap_parse(buf->data, buf->len, 16384, &bitmap, diag);

	for (size_t i = 0; i < bitmap.nr_bits / 32; i++)
		put(facts, "word", i, lt_num(bitmap.words[i]));
	free(bitmap.words);
	return err;
}

static int parse_number(const struct lt_buf *buf, FILE *facts, struct lt_diag *diag)
{
	struct lt_num num = { 0 };
	int err = lt_number_parse(buf->data, buf->len, &num, diag);

	put(facts, "number", 0, num);
	return err;
}

static int parse_kconfig(const struct lt_buf *buf, FILE *facts, struct lt_diag *diag)
{
	struct lt_strings *strings = lt_strings_new();
	struct lt_options options = { 0 };
	const char *arch = NULL;
	int err = lt_kconfig_parse(buf->data, buf->len, strings, &options, &arch, diag);

	lt_vec_each(option, &options)
		fprintf(facts, "%s=%s\n", option->name, option->value);
	lt_vec_free(&options);
	lt_strings_free(strings);
	return err;
}

static int put_owner(const struct lt_owner *owner, void *arg)
{
	FILE *facts = arg;

	put(facts, "order", owner->pfn, lt_num(owner->order));
	put(facts, "pid", owner->pfn, owner->pid);
	put(facts, "ts", owner->pfn, owner->ts_ns);
	return 0;
}

static int parse_page_owner(const struct lt_buf *buf, FILE *facts, struct lt_diag *diag)
{
	struct lt_strings *strings = lt_strings_new();
	struct lt_stacks *stacks = lt_stacks_new();
	struct lt_page_owner_sink sink = { strings, stacks, put_owner, facts };
	struct lt_page_owner *parser = lt_page_owner_new(&sink);
	int err = lt_page_owner_feed(parser, buf->data, buf->len);

	if (!err)
		err = lt_page_owner_end(parser, diag);
	lt_page_owner_free(parser);
	lt_stacks_free(stacks);
	lt_strings_free(strings);
	return err;
}

static void put_attempts(FILE *facts, const struct lt_attempts *attempts)
{
	lt_vec_each(attempt, attempts) {
		put(facts, "nr_pages", attempt->ts_ns.val, attempt->nr_pages);
		put(facts, "errno", attempt->ts_ns.val, attempt->err);
		put(facts, "count", attempt->ts_ns.val, lt_num(attempt->count));
		put(facts, "tries", attempt->ts_ns.val, lt_num(attempt->tries.nr));
	}
}

static int parse_klog(const struct lt_buf *buf, FILE *facts, struct lt_diag *diag)
{
	struct lt_strings *strings = lt_strings_new();
	struct lt_klog klog = { 0 };
	int err = lt_klog_parse(buf->data, buf->len, strings, &klog, diag);

	put(facts, "memory", 0, klog.memory_kib);
	lt_vec_each(reserved, &klog.reserved)
		put(facts, "reserved", reserved->base.val, lt_num(reserved->size_mib));
	put_attempts(facts, &klog.attempts);
	lt_klog_fini(&klog);
	lt_strings_free(strings);
	return err;
}

static int parse_trace(const struct lt_buf *buf, FILE *facts, struct lt_diag *diag)
{
	struct lt_strings *strings = lt_strings_new();
	struct lt_attempts attempts = { 0 };
	int err = lt_trace_parse(buf->data, buf->len, strings, NULL, &attempts, NULL, NULL, NULL,
				 diag);

	put_attempts(facts, &attempts);
	lt_attempts_free(&attempts);
	lt_strings_free(strings);
	return err;
}

#define V5_10 FIXTURES "v5.10-x86-custom-cmaheavy/"
#define V5_10_FAILURE FIXTURES "v5.10-arm64-cma-failure/"
#define V6_1_FAILURE FIXTURES "v6.1-arm64-cma-failure/"
#define V6_1 FIXTURES "v6.1-armhf/"
#define V6_12 FIXTURES "v6.12-x86-custom/"

/*
 * Two kernels each. @is_story: lines of it make sense together, so that one
 * less is another story, and a log may always have lost its beginning.
 */
static const struct parser {
	const char *name;
	const char *files[2];
	int (*parse)(const struct lt_buf *buf, FILE *facts, struct lt_diag *diag);
	bool is_story;
} parsers[] = {
	{ "meminfo", { V5_10 "proc/meminfo", V6_1 "proc/meminfo" }, parse_meminfo, false },
	{ "vmstat", { V5_10 "proc/vmstat", V6_1 "proc/vmstat" }, parse_vmstat, false },
	{ "zoneinfo", { V5_10 "proc/zoneinfo", V6_12 "proc/zoneinfo" }, parse_zoneinfo, false },
	{ "buddyinfo", { V6_1 "proc/buddyinfo", V6_12 "proc/buddyinfo" }, parse_buddyinfo, false },
	{ "pagetypeinfo",
	  { V6_1 "proc/pagetypeinfo", V6_12 "proc/pagetypeinfo" },
	  parse_pagetypeinfo,
	  false },
	{ "iomem", { FIXTURES "v5.10-arm64/proc/iomem", V6_12 "proc/iomem" }, parse_iomem, false },
	{ "dma_buf",
	  { MALFORMED "dma_buf/v5.10", MALFORMED "dma_buf/v6.12" },
	  parse_dma_buf,
	  false },
	{ "maps", { MALFORMED "maps/hostile-names", NULL }, parse_maps, false },
	{ "bitmap", { V6_12 "sys/kernel/debug/cma/reserved/bitmap", NULL }, parse_bitmap, false },
	{ "number",
	  { V5_10 "sys/kernel/debug/cma/cma-reserved/count",
	    V6_12 "sys/kernel/debug/cma/reserved/used" },
	  parse_number,
	  false },
	{ "kconfig", { V5_10 "boot/config", NULL }, parse_kconfig, false },
	{ "page_owner",
	  { V5_10 "page_owner.cma-records.txt", V6_12 "sys/kernel/debug/page_owner" },
	  parse_page_owner,
	  false },
	{ "klog", { V5_10_FAILURE "dmesg.txt", V6_1_FAILURE "dmesg.txt" }, parse_klog, true },
	{ "trace",
	  { V5_10_FAILURE "sys/kernel/tracing/trace", V6_1_FAILURE "sys/kernel/tracing/trace" },
	  parse_trace,
	  true },
};

/* So that all of it takes a second: the first lines of a long text, some of many lines. */
#define LEN_MAX ((size_t)32 * 1024)
#define LINES_MAX 120

struct result {
	char *facts;
	size_t len;
	struct lt_diag diag;
	int err;
};

static struct result run(const struct parser *parser, const struct lt_buf *buf)
{
	/* of exactly that size, for the address sanitizer */
	struct lt_buf copy = { malloc(buf->len ? buf->len : 1), buf->len };
	struct result result = { 0 };
	FILE *facts = open_memstream(&result.facts, &result.len);

	assert_non_null(facts);
	assert_non_null(copy.data);
	memcpy(copy.data, buf->data, buf->len);
	result.err = parser->parse(&copy, facts, &result.diag);
	assert_int_equal(fclose(facts), 0);
	free(copy.data);
	return result;
}

static bool is_told(const struct result *result)
{
	return result->err || result->diag.why[0] || result->diag.nr_skipped ||
	       result->diag.note[0];
}

/* The fact of @whole with the key of the one at @fact; NULL if there is none. */
static const char *find_key(const char *whole, const char *fact)
{
	size_t len = strcspn(fact, "=") + 1;

	for (const char *at = whole; *at; at += strcspn(at, "\n") + 1)
		if (!strncmp(at, fact, len))
			return at;
	return NULL;
}

static void check_facts(const struct parser *parser, const char *way, size_t line,
			const struct result *damaged, const struct result *whole)
{
	if (damaged->err) {
		assert_true(damaged->err == -EBADMSG || damaged->err == -EACCES);
		assert_true(damaged->diag.why[0]);
		assert_true(!damaged->len || parser->parse == parse_page_owner);
	}
	if (parser->is_story || is_told(damaged))
		return;
	for (const char *at = damaged->facts; *at; at += strcspn(at, "\n") + 1) {
		const char *was = find_key(whole->facts, at);

		if (was && strncmp(was, at, strcspn(at, "\n") + 1))
			fail_msg("%s, %s of line %zu: now %.*s", parser->name, way, line,
				 (int)strcspn(at, "\n"), at);
	}
}

/* What is done to line @nr, which reaches from @start up to and with its newline at @end. */
struct line {
	const char *start, *end;
};

static void copy(FILE *out, const char *from, const char *to)
{
	fwrite(from, 1, (size_t)(to - from), out);
}

static void remove_line(FILE *out, struct line line)
{
	(void)out, (void)line;
}

static void duplicate_line(FILE *out, struct line line)
{
	copy(out, line.start, line.end);
	copy(out, line.start, line.end);
}

/* Every column where another one belongs. */
static void shift_line(FILE *out, struct line line)
{
	const char *word = line.start, *rest;

	while (word < line.end && isspace((unsigned char)*word))
		word++;
	for (rest = word; rest < line.end && !isspace((unsigned char)*rest);)
		rest++;
	copy(out, line.start, word);
	if (rest + 1 < line.end) {
		copy(out, rest + 1, line.end - 1);
		putc(' ', out);
	}
	copy(out, word, rest);
	putc('\n', out);
}

static void rename_line(FILE *out, struct line line)
{
	const char *word = line.start;

	while (word < line.end && isspace((unsigned char)*word))
		word++;
	copy(out, line.start, word);
	putc('X', out);
	copy(out, word, line.end);
}

static void put_nul(FILE *out, struct line line)
{
	const char *middle = line.start + (line.end - line.start) / 2;

	copy(out, line.start, middle);
	putc('\0', out);
	copy(out, middle, line.end);
}

static void end_with_crlf(FILE *out, struct line line)
{
	copy(out, line.start, line.end - 1);
	fputs("\r\n", out);
}

static const struct way {
	const char *name;
	void (*damage)(FILE *out, struct line line);
} ways[] = {
	{ "removal", remove_line }, { "duplicate", duplicate_line },
	{ "shift", shift_line },    { "rename", rename_line },
	{ "NUL", put_nul },	    { "CRLF", end_with_crlf },
};

/* @buf with what @way does to line @nr, to all lines if that is SIZE_MAX. */
static struct lt_buf damage(const struct lt_buf *buf, const struct way *way, size_t nr)
{
	struct lt_buf out = { 0 };
	FILE *stream = open_memstream(&out.data, &out.len);
	const char *end = buf->data + buf->len;
	size_t i = 0;

	assert_non_null(stream);
	for (struct line line = { buf->data, NULL }; line.start < end; line.start = line.end, i++) {
		line.end = memchr(line.start, '\n', (size_t)(end - line.start));
		assert_non_null(line.end);
		line.end++;
		if (nr == i || nr == SIZE_MAX)
			way->damage(stream, line);
		else
			copy(stream, line.start, line.end);
	}
	assert_int_equal(fclose(stream), 0);
	return out;
}

static void check_damaged(const struct parser *parser, const struct way *way, size_t line,
			  const struct lt_buf *buf, const struct result *whole)
{
	struct lt_buf damaged = damage(buf, way, line);
	struct result result = run(parser, &damaged);

	check_facts(parser, way->name, line, &result, whole);
	free(result.facts);
	free(damaged.data);
}

/* Line ends of another system: the same facts, or a word about it. */
static void check_crlf(const struct parser *parser, const struct lt_buf *buf,
		       const struct result *whole)
{
	struct lt_buf damaged = damage(buf, &ways[5], SIZE_MAX);
	struct result result = run(parser, &damaged);

	if (!is_told(&result))
		assert_string_equal(result.facts, whole->facts);
	free(result.facts);
	free(damaged.data);
}

static void check_no_last_newline(const struct parser *parser, const struct lt_buf *buf,
				  const struct result *whole)
{
	struct lt_buf damaged = { buf->data, buf->len - 1 };
	struct result result = run(parser, &damaged);

	check_facts(parser, "lost newline", 0, &result, whole);
	if (!is_told(&result) && !parser->is_story)
		assert_string_equal(result.facts, whole->facts);
	free(result.facts);
}

/* A line of 10 MB in the middle costs nothing but itself, and is told of. */
static void check_long_line(const struct parser *parser, const struct lt_buf *buf,
			    const struct result *whole)
{
	const size_t size = 10 * 1024 * 1024;
	const char *middle = memchr(buf->data + buf->len / 2, '\n', buf->len - buf->len / 2);
	size_t head = (size_t)(middle + 1 - buf->data);
	struct lt_buf damaged = { malloc(buf->len + size + 1), buf->len + size + 1 };
	struct result result;

	assert_non_null(damaged.data);
	memcpy(damaged.data, buf->data, head);
	memset(damaged.data + head, 'x', size);
	damaged.data[head + size] = '\n';
	memcpy(damaged.data + head + size + 1, buf->data + head, buf->len - head);
	result = run(parser, &damaged);
	check_facts(parser, "long line", 0, &result, whole);
	assert_true(parser->is_story || is_told(&result));
	free(result.facts);
	free(damaged.data);
}

/* The beginning of @path, to the end of a line. */
static struct lt_buf beginning(const char *path)
{
	struct lt_buf buf = test_file(path);

	if (buf.len > LEN_MAX)
		buf.len = LEN_MAX;
	while (buf.len && buf.data[buf.len - 1] != '\n')
		buf.len--;
	assert_true(buf.len);
	return buf;
}

static void check_file(const struct parser *parser, const char *path)
{
	struct lt_buf buf = beginning(path);
	size_t nr_lines = damage_nr_lines(&buf), step = nr_lines / LINES_MAX + 1;
	struct result whole = run(parser, &buf);

	if (whole.err || (!whole.len && !parser->is_story))
		fail_msg("%s of %s: %d %s", parser->name, path, whole.err, whole.diag.why);
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		for (size_t line = 0; line < nr_lines; line += step)
			check_damaged(parser, &ways[i], line, &buf, &whole);
	check_crlf(parser, &buf, &whole);
	check_no_last_newline(parser, &buf, &whole);
	check_long_line(parser, &buf, &whole);
	free(whole.facts);
	free(buf.data);
}

static void damage_is_told_or_does_no_harm(void **state)
{
	const struct parser *parser = *state;

	alarm(120);
	for (size_t i = 0; i < 2 && parser->files[i]; i++)
		check_file(parser, parser->files[i]);
	alarm(0);
}

int main(void)
{
	enum { NR = sizeof(parsers) / sizeof(parsers[0]) };
	struct CMUnitTest tests[NR];

	for (size_t i = 0; i < NR; i++)
		tests[i] = (struct CMUnitTest){ .name = parsers[i].name,
						.test_func = damage_is_told_or_does_no_harm,
						.initial_state = (void *)(uintptr_t)&parsers[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
