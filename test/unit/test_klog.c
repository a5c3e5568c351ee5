// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/source/klog/klog.c. */
#include "tree.h"

#include "model/completeness.h"

#include "source/klog/klog.h"
#include "source/klog/klog_attempt.h"
#include "source/klog/klog_line.h"
#include "source/source.h"

#define PARSED_MEMBERS struct lt_klog klog
#define PARSED_BY(p, buf, len) lt_klog_parse(buf, len, (p)->strings, &(p)->klog, &(p)->diag)
#define PARSED_NOTHING(p) assert_int_equal((p)->klog.attempts.nr, 0)
#define PARSED_FREE(p) lt_klog_fini(&(p)->klog)
#define PARSED_FOLDER "klog"
#include "parsed.h"

static void binary_is_refused(void **state)
{
	struct parsed parsed = parse_file(MALFORMED "klog/binary");

	(void)state;
	assert_int_equal(parsed.err, -EBADMSG);
	assert_int_equal(parsed.diag.line, 1);
	assert_non_null(strstr(parsed.diag.why, "no log text"));
	done(&parsed);
}

static void damaged_lines_are_counted_and_give_nothing(void **state)
{
	struct parsed parsed = parse_file(MALFORMED "klog/damaged");

	(void)state;
	assert_int_equal(parsed.err, 0);
	assert_int_equal(parsed.diag.nr_skipped, 10);
	assert_int_equal(parsed.klog.reserved.nr, 0);
	assert_int_equal(parsed.klog.attempts.nr, 0);
	done(&parsed);
}

static void quoted_messages_are_not_the_kernels(void **state)
{
	struct parsed parsed = parse_file(MALFORMED "klog/quoted");

	(void)state;
	assert_int_equal(parsed.err, 0);
	assert_int_equal(parsed.klog.attempts.nr, 0);
	done(&parsed);
}

/* The line lives until the next is split. */
static bool split(const char *text, struct lt_klog_line *line)
{
	static char room[4096];
	struct lt_klog_scratch scratch = { .buf = room, .size = sizeof(room) };
	struct lt_text raw;

	lt_text_init(&raw, text, strlen(text));
	return lt_klog_line_split(raw, &scratch, line);
}

static void check_prefix(const char *prefix, bool has_ts, uint64_t ts_ns)
{
	static const char message[] = "cma: Reserved 1 MiB at 0x0";
	struct lt_klog_line line;
	char text[200];

	snprintf(text, sizeof(text), "%s%s", prefix, message);
	assert_true(split(text, &line));
	if (!lt_span_is(lt_text_rest(&line.text), message))
		fail_msg("after \"%s\": \"%s\"", prefix, line.text.pos);
	assert_int_equal(line.ts_ns.known, has_ts);
	if (has_ts)
		assert_int_equal(line.ts_ns.val, ts_ns);
}

static void prefixes_in_the_wild(void **state)
{
	(void)state;
	check_prefix("", false, 0);
	check_prefix("[  175.968984] ", true, 175968984000);
	check_prefix("<6>[ 3371.08] ", true, 3371080000000);
	check_prefix("<6>", false, 0);
	check_prefix("[    0.000000][    T0] ", true, 0);
	check_prefix("[    1.500000] [    T1] ", true, 1500000000);
	check_prefix("[  +0.047311] ", false, 0);
	check_prefix("[Thu Sep 24 10:11:12 2026] ", false, 0);
	check_prefix("[  123.456789] [2:   Binder:714_1:  744] ", true, 123456789000);
	check_prefix("[2:   Binder:714_1:  744] ", false, 0);
	check_prefix("[    1.500000] [6.1] ", true, 1500000000);
	check_prefix("Sep 24 10:11:12 host kernel: [  175.968984] ", true, 175968984000);
	check_prefix("Sep 24 10:11:12 host kernel: ", false, 0);
	check_prefix("2026-09-24T10:11:12.5+00:00 host kernel: ", false, 0);
	check_prefix("2026-09-24T10:11:12,345678+00:00 ", false, 0);
	check_prefix("kern  :err   : [  175.968984] ", true, 175968984000);
	check_prefix("[18446744073709551615.5] ", false, 0);
	check_prefix("75.968984] ", false, 0);
}

static void check_other(const char *text)
{
	struct lt_klog_line line;

	if (split(text, &line))
		fail_msg("taken for the kernel's: %s", text);
}

static void lines_of_others(void **state)
{
	(void)state;
	check_other("<14>cma: x");
	check_other("[    1.0] <30>cma: x");
	check_other("Sep 24 10:11:12 host app[7]: cma: x");
	check_other("Sep 24 10:11:12 host app: kernel: cma: x");
	check_other("Thu Sep 24 10:11:12 2026 daemon.err kernel: cma: x");
	check_other("09-24 10:11:12.000  77  77 E cma     : x");
	check_other("E/cma     (   77): x");
}

static void check_context(const char *prefix, bool is_task, uint64_t id, const char *comm)
{
	struct lt_klog_line line;
	char text[200];

	snprintf(text, sizeof(text), "%scma: x", prefix);
	assert_true(split(text, &line));
	assert_int_equal(line.by.is_task, is_task);
	assert_int_equal(line.by.id, id);
	assert_int_equal(line.by.comm.len, strlen(comm));
	if (comm[0])
		assert_memory_equal(line.by.comm.p, comm, strlen(comm));
	assert_true(lt_klog_line_tag(&line, "cma"));
	assert_true(lt_span_is(lt_text_rest(&line.text), "x"));
}

static void tasks_in_prefixes(void **state)
{
	struct lt_klog_line a, b;

	(void)state;
	check_context("[    1.0][ T1733] ", true, 1733, "");
	check_context("[    1.0][    C2] ", false, 2, "");
	check_context("[    1.0] [2:   Binder:714_1:  744] ", true, 744, "Binder:714_1");
	check_context("[    1.0]  (1)[2210:camera:hal]", true, 2210, "camera:hal");
	check_context("[    1.0s][pid:1,cpu3,swapper/0]", true, 1, "swapper/0");
	check_context("[    1.0] [drm] ", false, 0, "");
	check_context("09-24 10:11:12.000     0     0 E ", false, 0, "");
	assert_true(split("[    1.0][  T1] x", &a));
	assert_true(split("[    1.0][  T2] x", &b));
	assert_true(lt_klog_context_is_other(&a.by, &b.by));
	assert_true(split("[    1.0] x", &b));
	assert_false(lt_klog_context_is_other(&a.by, &b.by));
}

static void check_reserved(const char *text, bool has_base, uint64_t base, uint64_t size_mib)
{
	struct parsed parsed = parse_text(text);

	assert_int_equal(parsed.diag.nr_skipped, 0);
	assert_int_equal(parsed.klog.reserved.nr, 1);
	assert_int_equal(parsed.klog.reserved.v[0].base.known, has_base);
	if (has_base)
		assert_int_equal(parsed.klog.reserved.v[0].base.val, base);
	assert_int_equal(parsed.klog.reserved.v[0].size_mib, size_mib);
	done(&parsed);
}

static void reserved_wordings(void **state)
{
	struct parsed parsed;

	(void)state;
	check_reserved("cma: Reserved 128 MiB at 0x4c000000\n", true, 0x4c000000, 128);
	check_reserved("cma: Reserved 64 MiB at 0x000000000be00000 on node -1\n", true, 0xbe00000,
		       64);
	check_reserved("cma: Reserved 64 MiB in 2 ranges\n", false, 0, 64);
	check_reserved("cma: Reserved 64 MiB in 1 range\n", false, 0, 64);
	check_reserved("cma: Reserved memory: created CMA memory pool at 0x3b400000, size 64 MiB\n",
		       true, 0x3b400000, 64);
	parsed = parse_text("Reserved memory: created CMA memory pool at 0x3b400000, size 64 MiB\n"
			    "OF: reserved mem: initialized node linux,cma, compatible id "
			    "shared-dma-pool\n"
			    "OF: reserved mem: initialized node other, compatible id x\n");
	assert_int_equal(parsed.klog.reserved.nr, 1);
	assert_string_equal(parsed.klog.reserved.v[0].name, "linux,cma");
	done(&parsed);
}

static void check_failure(const struct lt_attempt *attempt, const char *area, uint64_t nr_pages,
			  int err)
{
	assert_true(attempt->failed);
	assert_false(attempt->is_open);
	assert_int_equal(attempt->source, LT_ATTEMPT_LOG);
	if (area)
		assert_string_equal(attempt->area_name, area);
	else
		assert_null(attempt->area_name);
	assert_num(attempt->nr_pages, nr_pages);
	assert_num(attempt->err, (uint64_t)err);
}

static void failure_wordings(void **state)
{
	struct parsed parsed = parse_file(MALFORMED "klog/failures");
	const struct lt_attempt *attempts = parsed.klog.attempts.v;

	(void)state;
	assert_int_equal(parsed.err, 0);
	assert_int_equal(parsed.diag.nr_skipped, 0);
	assert_int_equal(parsed.klog.attempts.nr, 4);
	check_failure(&attempts[0], NULL, 1024, ENOMEM); /* 5.10 */
	assert_num(attempts[0].ts_ns, 10000001000);
	check_failure(&attempts[1], "reserved", 8192, EBUSY); /* 6.1 */
	assert_unknown(attempts[1].nr_free);
	check_failure(&attempts[2], "reserved", 8192, EBUSY); /* 6.12 */
	assert_num(attempts[2].largest_free_run, 7);
	check_failure(&attempts[3], "reserved", 8192, EINTR); /* 7.2 */
	assert_num(attempts[3].largest_free_run, 6384);
	assert_int_equal(parsed.klog.nr_suppressed, 37);
	done(&parsed);
}

static void odd_area_names(void **state)
{
	struct parsed parsed;

	(void)state;
	parsed = parse_text("cma: f: a: alloc failed, req-size: 1 pages, ret: -1: alloc failed, "
			    "req-size: 2 pages, ret: -12\n"
			    "[    1.0] cma: __cma_alloc: cma0\n"
			    "[    1.0] : alloc failed, req-size: 3 pages, ret: -16\n"
			    "cma: f: \x1b[2J: alloc failed, req-size: 4 pages, ret: -16\n");
	assert_int_equal(parsed.klog.attempts.nr, 3);
	check_failure(&parsed.klog.attempts.v[0], "a: alloc failed, req-size: 1 pages, ret: -1", 2,
		      ENOMEM);
	check_failure(&parsed.klog.attempts.v[1], "cma0\\x0a", 3, EBUSY);
	check_failure(&parsed.klog.attempts.v[2], "\\x1b[2J", 4, EBUSY);
	done(&parsed);
}

static void only_the_last_boot_counts(void **state)
{
	struct parsed parsed;

	(void)state;
	parsed = parse_text("cma: Reserved 1 MiB at 0x100000\n"
			    "cma: f: alloc failed, req-size: 1 pages, ret: -12\n"
			    "Linux version 6.1.0\n"
			    "cma: Reserved 2 MiB at 0x200000\n");
	assert_int_equal(parsed.klog.reserved.nr, 1);
	assert_int_equal(parsed.klog.reserved.v[0].size_mib, 2);
	assert_int_equal(parsed.klog.attempts.nr, 0);
	done(&parsed);
}

static void busy_ranges_are_no_proven_failure(void **state)
{
	struct parsed parsed = parse_file(FIXTURES "v5.10-arm64-cma-failure/dmesg.txt");
	const struct lt_attempt *attempts = parsed.klog.attempts.v;

	(void)state;
	assert_int_equal(parsed.err, 0);
	assert_int_equal(parsed.diag.nr_skipped, 0);
	assert_int_equal(parsed.klog.attempts.nr, 2);
	for (int i = 0; i < 2; i++) {
		assert_true(attempts[i].is_open);
		assert_false(attempts[i].failed);
		assert_unknown(attempts[i].err);
		assert_unknown(attempts[i].nr_pages);
	}
	assert_int_equal(attempts[0].tries.nr, 1);
	assert_int_equal(attempts[0].tries.v[0].pfns.start_pfn, 0x53500);
	assert_int_equal(attempts[0].tries.v[0].pfns.end_pfn, 0x66000);
	assert_int_equal(attempts[0].tries.v[0].stage, LT_TRY_TEST);
	assert_unknown(attempts[0].tries.v[0].blocker_pfn);
	assert_int_equal(attempts[1].tries.nr, 9);
	assert_int_equal(attempts[1].tries.v[8].pfns.end_pfn, 0x61e00);
	done(&parsed);
}

static void a_failure_line_closes_the_busy_ranges(void **state)
{
	struct parsed parsed = parse_file(MALFORMED "klog/busy-then-failed");
	const struct lt_attempt *attempts = parsed.klog.attempts.v;

	(void)state;
	assert_int_equal(parsed.klog.attempts.nr, 4);
	check_failure(&attempts[0], NULL, 1024, EBUSY);
	assert_int_equal(attempts[0].tries.nr, 2);
	assert_int_equal(attempts[0].tries.v[0].pfns.start_pfn, 0x40100);
	assert_int_equal(attempts[0].tries.v[1].pfns.start_pfn, 0x40500);
	assert_true(attempts[1].is_open);
	assert_true(attempts[2].is_open);
	check_failure(&attempts[3], NULL, 1024, ENOMEM); /* nine seconds later: not its end */
	assert_int_equal(attempts[3].tries.nr, 0);
	done(&parsed);
}

/* The source, on a tree that the test writes. */
struct joined {
	struct lt_snapshot snap;
	struct lt_diag diag;
	int err;
};

static struct joined prepare(const char *text)
{
	struct joined joined = { 0 };

	tree_write("dmesg.txt", text, strlen(text));
	joined.snap = tree_snapshot(tree_dir);
	joined.snap.kernel.page_size = lt_num(4096);
	return joined;
}

static void join(struct joined *joined)
{
	joined->err = tree_collect(&lt_source_klog, &joined->snap, &joined->diag);
}

static void joined_done(struct joined *joined)
{
	lt_areas_free(&joined->snap.areas);
	lt_attempts_free(&joined->snap.attempts);
	tree_done(&joined->snap);
}

static struct lt_area *add_area(struct joined *joined, const char *name, uint64_t start,
				uint64_t nr_pages)
{
	struct lt_area *area = lt_vec_push(&joined->snap.areas);

	assert_non_null(area);
	area->name = name;
	area->source = "test";
	if (nr_pages)
		area->nr_pages = lt_num(nr_pages);
	if (start)
		lt_vec_push(&area->ranges)->pfns = (struct lt_range){ start, start + nr_pages };
	return area;
}

static void assert_area(const struct joined *joined, size_t i, const char *name, uint64_t start,
			uint64_t nr_pages)
{
	const struct lt_area *area = &joined->snap.areas.v[i];

	assert_true(i < joined->snap.areas.nr);
	if (name)
		assert_string_equal(area->name, name);
	else
		assert_null(area->name);
	assert_int_equal(area->ranges.nr, 1);
	assert_int_equal(area->ranges.v[0].pfns.start_pfn, start);
	assert_int_equal(area->ranges.v[0].pfns.end_pfn, start + nr_pages);
	assert_num(area->nr_pages, nr_pages);
}

static void the_log_locates_what_nobody_did(void **state)
{
	struct joined joined = prepare("cma: Reserved 16 MiB at 0x40000000\n");

	(void)state;
	joined.snap.memory.cma_total_kib = lt_num(16384);
	join(&joined);
	assert_int_equal(joined.err, 0);
	assert_string_equal(joined.diag.why, "");
	assert_int_equal(joined.snap.areas.nr, 1);
	assert_area(&joined, 0, NULL, 0x40000, 4096);
	assert_string_equal(joined.snap.areas.v[0].source, "klog");
	joined_done(&joined);
}

static void a_moved_area_moves_in_the_report(void **state)
{
	struct joined joined = prepare("cma: Reserved 16 MiB at 0x140000000\n");

	(void)state;
	joined.snap.kernel.page_size = lt_num(65536);
	join(&joined);
	assert_area(&joined, 0, NULL, 0x14000, 256);
	joined_done(&joined);
}

static void better_sources_stay(void **state)
{
	struct joined joined = prepare("cma: Reserved 16 MiB at 0x40000000\n"
				       "cma: Reserved 8 MiB at 0x50000000\n");

	(void)state;
	add_area(&joined, "camera", 0x40000, 4096);
	add_area(&joined, "modem", 0, 2048); /* 7.2's sysfs: size, no place */
	join(&joined);
	assert_int_equal(joined.snap.areas.nr, 2);
	assert_area(&joined, 0, "camera", 0x40000, 4096);
	assert_string_equal(joined.snap.areas.v[0].source, "test");
	assert_area(&joined, 1, "modem", 0x50000, 2048);
	joined_done(&joined);
}

static void equal_sizes_are_not_told_apart(void **state)
{
	struct joined joined = prepare("cma: Reserved 8 MiB at 0x40000000\n"
				       "cma: Reserved 8 MiB at 0x50000000\n");

	(void)state;
	add_area(&joined, "camera", 0, 2048);
	join(&joined);
	assert_int_equal(joined.snap.areas.nr, 3);
	assert_int_equal(joined.snap.areas.v[0].ranges.nr, 0);
	joined_done(&joined);
}

static void the_only_area_is_the_only_reservation(void **state)
{
	struct joined joined = prepare("cma: Reserved 8 MiB at 0x40000000\n");

	(void)state;
	add_area(&joined, "reserved", 0, 0); /* 6.12's sysfs: counters only */
	joined.snap.memory.cma_total_kib = lt_num(8192);
	join(&joined);
	assert_int_equal(joined.snap.areas.nr, 1);
	assert_area(&joined, 0, "reserved", 0x40000, 2048);
	joined_done(&joined);
}

static void a_failed_reservation_is_no_area(void **state)
{
	struct joined joined = prepare("cma: Reserved 8 MiB at 0x40000000\n"
				       "cma: Reserved 4 MiB at 0x50000000\n");

	(void)state;
	add_area(&joined, "reserved", 0x40000, 2048);
	joined.snap.memory.cma_total_kib = lt_num(8192);
	join(&joined);
	assert_int_equal(joined.snap.areas.nr, 1);
	joined_done(&joined);
}

static void what_is_not_located_is_told(void **state)
{
	struct joined joined = prepare("[    5.0] the beginning scrolled away\n");

	(void)state;
	joined.snap.memory.cma_total_kib = lt_num(16384);
	join(&joined);
	assert_int_equal(joined.err, 0);
	assert_string_equal(joined.diag.why, "16384 of 16384 KiB of CMA are not located");
	joined_done(&joined);

	joined = prepare("cma: Reserved 16 MiB at 0x40000000\n");
	joined.snap.kernel.page_size = (struct lt_num){ 0 };
	join(&joined);
	assert_int_equal(joined.snap.areas.nr, 0);
	assert_non_null(strstr(joined.diag.why, "page size is not known"));
	joined_done(&joined);
}

static void names_come_by_elimination(void **state)
{
	static const char text[] = "cma: Reserved 8 MiB at 0x40000000\n"
				   "cma: f: reserved: alloc failed, req-size: 9 pages, ret: -16\n"
				   "cma: f: alloc failed, req-size: 9 pages, ret: -16\n";
	struct joined joined = prepare(text);

	(void)state;
	joined.snap.memory.cma_total_kib = lt_num(8192);
	join(&joined);
	assert_area(&joined, 0, "reserved", 0x40000, 2048);
	assert_int_equal(joined.snap.attempts.nr, 2);
	assert_int_equal(joined.snap.attempts.v[0].area, 0);
	assert_int_equal(joined.snap.attempts.v[1].area, 0);
	joined_done(&joined);

	/* There may be more areas: nothing is proven. */
	joined = prepare(text);
	joined.snap.memory.cma_total_kib = lt_num(16384);
	join(&joined);
	assert_area(&joined, 0, NULL, 0x40000, 2048);
	assert_int_equal(joined.snap.attempts.v[0].area, LT_NO_AREA);
	assert_int_equal(joined.snap.attempts.v[1].area, LT_NO_AREA);
	joined_done(&joined);
}

static void busy_ranges_outside_cma_are_not_its_failures(void **state)
{
	struct lt_buf buf = test_file(MALFORMED "klog/busy-then-failed");
	struct joined joined = prepare(buf.data);

	(void)state;
	join(&joined);
	assert_int_equal(joined.snap.attempts.nr, 3);
	assert_int_equal(joined.snap.attempts.v[0].area, 0);
	assert_true(joined.snap.attempts.v[1].is_open);
	assert_int_equal(joined.snap.attempts.v[1].area, 0);
	assert_string_equal(joined.diag.note, "busy ranges in no known area (unattributed): 1");
	joined_done(&joined);
	free(buf.data);
}

/* 5.2 began to print pages. With order_per_bit 1 older kernels print bits, half of them phantoms. */
static void bits_are_not_taken_for_pages(void **state)
{
	static const char runs[] =
		"cma: number of available pages: 8@0=> 8 free of 1024 total pages\n";
	static const char *const failures[] = {
		"cma: cma_alloc: alloc failed, req-size: 100 pages, ret: -12\n",
		"cma: cma_alloc: a: alloc failed, req-size: 100 pages, ret: -12\n",
	};

	(void)state;
	for (int is_named = 0; is_named < 2; is_named++) {
		for (uint64_t order = 0; order < 2; order++) {
			struct joined joined;
			char text[300];

			snprintf(text, sizeof(text), "%s%s", failures[is_named], runs);
			joined = prepare(text);
			add_area(&joined, "a", 0x40000, 1024)->order_per_bit = lt_num(order);
			joined.snap.memory.cma_total_kib = lt_num(4096);
			join(&joined);
			assert_int_equal(joined.snap.attempts.nr, 1);
			/* a kernel that names the area is newer */
			assert_int_equal(joined.snap.attempts.v[0].nr_free.known,
					 !order || is_named);
			joined_done(&joined);
		}
	}
}

static void the_bitmap_must_be_of_the_area(void **state)
{
	struct joined joined = prepare("cma: f: a: alloc failed, req-size: 100 pages, ret: -12\n"
				       "cma: number of available pages: 8@0=> 8 free of 512 total "
				       "pages\n");

	(void)state;
	add_area(&joined, "a", 0x40000, 1024);
	join(&joined);
	assert_int_equal(joined.snap.attempts.nr, 1);
	assert_unknown(joined.snap.attempts.v[0].nr_free);
	assert_unknown(joined.snap.attempts.v[0].largest_free_run);
	joined_done(&joined);
}

static void a_hash_table_tells_the_page_size(void **state)
{
	struct joined joined =
		prepare("cma: Reserved 16 MiB at 0x40000000\n"
			"Dentry cache hash table entries: 65536 (order: 3, 524288 bytes, "
			"linear)\n");

	(void)state;
	joined.snap.kernel.page_size = (struct lt_num){ 0 };
	join(&joined);
	assert_num(joined.snap.kernel.page_size, 65536);
	assert_area(&joined, 0, NULL, 0x4000, 256);
	joined_done(&joined);
}

static void check_page_size(const char *text, struct lt_num size)
{
	struct joined joined = prepare(text);

	joined.snap.kernel.page_size = (struct lt_num){ 0 };
	join(&joined);
	assert_int_equal(joined.snap.kernel.page_size.known, size.known);
	if (size.known)
		assert_num(joined.snap.kernel.page_size, size.val);
	joined_done(&joined);
}

/* Whatever is told in bytes and in pages. */
static void other_lines_tell_the_page_size(void **state)
{
	const struct lt_num unknown = { 0 };

	(void)state;
	check_page_size("percpu: Embedded 20 pages/cpu s42520 r8192 d31208 u81920\n", lt_num(4096));
	check_page_size("percpu: Embedded 3 pages/cpu @ffff8000 s110000 r8192 d78416 u196608\n",
			lt_num(65536));
	check_page_size("percpu: Embedded 20 pages/cpu s42520 r8192 d31209 u81920\n", unknown);
	check_page_size("Memory: 940124K/1048576K available (1K kernel code, 65536K cma-reserved)\n"
			"Mem-Info:\n65536 pages RAM\n",
			lt_num(16384));
	check_page_size("Memory: 940124K/1048572K available (1K kernel code, 65536K cma-reserved)\n"
			"Mem-Info:\n65536 pages RAM\n16384 pages cma reserved\n",
			lt_num(4096));
	check_page_size("cma: Reserved 16 MiB at 0x40000000\n"
			"cma: cma_alloc: a: alloc failed, req-size: 9 pages, ret: -12\n"
			"cma: number of available pages: 1@0=> 1 free of 1024 total pages\n",
			lt_num(16384));
	check_page_size("cma: Reserved 16 MiB at 0x40000000\n"
			"cma: cma_alloc: a: alloc failed, req-size: 9 pages, ret: -12\n"
			"cma: number of available pages: 1@0=> 1 free of 1000 total pages\n",
			unknown);
	check_page_size("cma: Reserved 16 MiB at 0x40000000\ncma: Reserved 8 MiB at 0x50000000\n"
			"cma: cma_alloc: a: alloc failed, req-size: 9 pages, ret: -12\n"
			"cma: number of available pages: 1@0=> 1 free of 1024 total pages\n",
			unknown);
}

/* A captured tree without meminfo: page size and total come from the log and zoneinfo. */
static void captured_areas(void **state)
{
	static const struct {
		const char *tree;
		uint64_t start_pfn, nr_pages;
	} trees[] = {
		{ "v5.10-arm64", 0x56000, 32768 },
		{ "v5.10-arm64-cma-failure", 0x53400, 76800 },
		{ "v5.10-x86-custom-cmaheavy", 0x7000, 35840 },
		{ "v6.1-arm64", 0x57600, 32768 },
		{ "v6.1-arm64-cma-failure", 0x54800, 76800 },
		{ "v6.1-armhf", 0x4c000, 32768 },
		{ "v6.12-x86-custom", 0xbe00, 16384 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(trees) / sizeof(trees[0]); i++) {
		struct joined joined = { .snap = tree_fixture(trees[i].tree) };
		struct lt_diag diag = { 0 };

		assert_int_equal(lt_source_zoneinfo.read(&joined.snap, &diag), 0);
		join(&joined);
		assert_int_equal(joined.err, 0);
		assert_string_equal(joined.diag.why, "");
		assert_int_equal(joined.snap.areas.nr, 1);
		assert_area(&joined, 0, NULL, trees[i].start_pfn, trees[i].nr_pages);
		assert_num(joined.snap.memory.cma_total_kib, trees[i].nr_pages * 4);
		joined_done(&joined);
	}
}

static void a_missing_log_is_absent(void **state)
{
	struct joined joined = { .snap = tree_snapshot(tree_dir) };

	(void)state;
	join(&joined);
	assert_int_equal(joined.err, -ENOENT);
	joined.snap.options.dmesg = "/nonexistent/dmesg";
	join(&joined);
	assert_int_equal(joined.err, -ENOENT);
	joined_done(&joined);
}

#define tree_test(f) cmocka_unit_test_setup_teardown(f, tree_setup, tree_teardown)

/* The boot's word on an area that CMA debugfs tells otherwise. */
static void a_contradiction_is_told(void **state)
{
	struct joined joined = prepare("cma: Reserved 32 MiB at 0x1000000\n"
				       "cma: Reserved 16 MiB at 0x8000000\n");

	(void)state;
	add_area(&joined, "video", 0x1000, 16384);
	add_area(&joined, "camera", 0x8000, 4096);
	join(&joined);
	assert_int_equal(joined.err, 0);
	assert_int_equal(joined.snap.areas.nr, 2);
	assert_area(&joined, 0, "video", 0x1000, 16384);
	assert_string_equal(joined.diag.why,
			    "32 MiB at 0x1000000: another place or size is reported by test");
	joined_done(&joined);
}

/* It begins below the area that is known, and would lie across it. */
static void no_area_is_put_across_another(void **state)
{
	struct joined joined = prepare("cma: Reserved 32 MiB at 0x0f00000\n");

	(void)state;
	add_area(&joined, "video", 0x1000, 16384);
	join(&joined);
	assert_int_equal(joined.snap.areas.nr, 1);
	assert_non_null(strstr(joined.diag.why, "another place or size"));
	joined_done(&joined);
}

static char *write_storm(size_t nr)
{
	static const char format[] =
		"[%7zu.000000][    T5] cma: cma_alloc: a: alloc failed, req-size: 512 pages, "
		"ret: -12\n";
	char *text = malloc(nr * sizeof(format) + 32 * nr), *end = text;

	assert_non_null(text);
	for (size_t i = 0; i < nr; i++)
		end += sprintf(end, format, 2 * i);
	return text;
}

static void every_failure_is_an_attempt(void **state)
{
	char *text = write_storm(1000);
	struct parsed parsed = parse_text(text);

	(void)state;
	assert_int_equal(parsed.klog.attempts.nr, 1000);
	lt_vec_each(attempt, &parsed.klog.attempts) {
		assert_num(attempt->ts_ns,
			   (uint64_t)(attempt - parsed.klog.attempts.v) * 2000000000);
		assert_int_equal(attempt->count, 1);
		assert_false(attempt->last_ts_ns.known);
	}
	assert_int_equal(parsed.klog.nr_dropped, 0);
	done(&parsed);
	free(text);
}

/* Memory is bounded, and the last ones are those that matter. */
static void a_long_log_keeps_its_last_attempts(void **state)
{
	const size_t nr = 2 * LT_KLOG_ATTEMPTS_MAX + 77;
	char *text = write_storm(nr);
	struct parsed parsed = parse_text(text);

	(void)state;
	assert_int_equal(parsed.klog.attempts.nr, LT_KLOG_ATTEMPTS_MAX);
	assert_int_equal(parsed.klog.bitmaps.nr, LT_KLOG_ATTEMPTS_MAX);
	assert_true(parsed.klog.attempts.cap <= 2 * LT_KLOG_ATTEMPTS_MAX);
	assert_int_equal(parsed.klog.nr_dropped, nr - LT_KLOG_ATTEMPTS_MAX);
	lt_vec_each(attempt, &parsed.klog.attempts)
		assert_num(attempt->ts_ns,
			   (parsed.klog.nr_dropped + (uint64_t)(attempt - parsed.klog.attempts.v)) *
				   2000000000);
	done(&parsed);
	free(text);
}

/* Without a stamp a failure waits for its bitmap however many follow; then it is dropped itself. */
static void what_waits_is_not_mixed_up_when_attempts_are_dropped(void **state)
{
	static const char first[] =
		"[    T1] cma: cma_alloc: b: alloc failed, req-size: 9 pages, ret: -12\n";
	static const char others[] =
		"[    T2] cma: cma_alloc: c: alloc failed, req-size: 512 pages, "
		"ret: -12\n[    T3] cma: cma_alloc: c: alloc failed, req-size: "
		"512 pages, ret: -12\n";
	static const char bitmap[] =
		"[    T1] cma: number of available pages: 7@0=> 7 free of 64 total pages\n";
	/* One is dropped at the end, so that what is mixed up would still be there. */
	char *storm = write_storm(2 * LT_KLOG_ATTEMPTS_MAX - 2), *text;
	struct parsed parsed;

	(void)state;
	assert_true(asprintf(&text, "%s%s%s%s", others, first, storm, bitmap) > 0);
	parsed = parse_text(text);
	assert_int_equal(parsed.klog.attempts.nr, LT_KLOG_ATTEMPTS_MAX);
	lt_vec_each(attempt, &parsed.klog.attempts) {
		assert_int_equal(attempt->nr_pages.val, 512);
		assert_false(attempt->nr_free.known);
	}
	done(&parsed);
	free(text);
	storm[80 * 3] = '\0'; /* the control: few follow, and it gets its bitmap */
	assert_true(asprintf(&text, "%s%s%s\n%s", others, first, storm, bitmap) > 0);
	parsed = parse_text(text);
	assert_num(parsed.klog.attempts.v[2].nr_free, 7);
	done(&parsed);
	free(text);
	free(storm);
}

static void what_is_left_out_is_told(void **state)
{
	char *text = write_storm(LT_KLOG_ATTEMPTS_MAX + 3);
	struct joined joined = prepare(text);

	(void)state;
	join(&joined);
	assert_int_equal(joined.snap.attempts.nr, LT_KLOG_ATTEMPTS_MAX);
	assert_num(joined.snap.nr_attempts_left_out, 3);
	assert_string_equal(joined.diag.note, "earlier attempts left out: 3");
	assert_false(lt_completeness_of(&joined.snap, LT_NO_AREA).is_complete);
	joined_done(&joined);
	free(text);
}

static struct lt_record record_of(const char *text, struct lt_num log_ns)
{
	struct joined joined = prepare(text);
	struct lt_record record;

	joined.snap.clock.log_ns = log_ns;
	join(&joined);
	assert_int_equal(joined.err, 0);
	assert_int_equal(joined.snap.records.nr, 1);
	record = joined.snap.records.v[0];
	joined_done(&joined);
	assert_int_equal(record.source, LT_ATTEMPT_LOG);
	assert_true(record.failures);
	assert_false(record.successes);
	return record;
}

#define UNKNOWN_NS ((struct lt_num){ 0 })

static void the_record_of_a_cut_log_begins_with_its_first_line(void **state)
{
	static const char cut[] = "[    5.000000] usb: a\n[    9.000000] usb: b\n";
	struct lt_record record = record_of(cut, UNKNOWN_NS);

	(void)state;
	assert_num(record.from_ns, 5000000000);
	assert_num(record.to_ns, 9000000000);
	assert_unknown(record.nr_lost);
	/* Nothing was printed between its last line and when it was read. */
	assert_num(record_of(cut, lt_num(12000000000)).to_ns, 12000000000);
	assert_num(record_of(cut, lt_num(8000000000)).to_ns, 9000000000);
}

static void the_record_of_a_whole_log_begins_at_boot(void **state)
{
	struct lt_record record = record_of("[  900.000000] usb: an earlier boot\n"
					    "[    0.000001] Linux version 6.1.0 (a@b)\n"
					    "[    9.000000] cma_alloc: 7 callbacks suppressed\n",
					    UNKNOWN_NS);

	(void)state;
	assert_num(record.from_ns, 0);
	assert_num(record.to_ns, 9000000000);
	assert_num(record.nr_lost, 7);
}

static void lines_that_were_not_taken_are_missing_from_the_record(void **state)
{
	struct lt_record record = record_of("[    0.000001] Linux version 6.1.0 (a@b)\n"
					    "he says cma: alloc_contig_range: [1, 2) PFNs busy\n"
					    "[    9.000000] cma_alloc: 7 callbacks suppressed\n",
					    UNKNOWN_NS);

	(void)state;
	assert_num(record.nr_lost, 8);
}

static void a_log_without_stamps_has_a_record_without_ends(void **state)
{
	struct lt_record record = record_of("usb: a\n", lt_num(5));

	(void)state;
	assert_unknown(record.from_ns);
	assert_unknown(record.to_ns);
}

static void what_is_left_out_is_not_on_record(void **state)
{
	char *text = write_storm(LT_KLOG_ATTEMPTS_MAX + 3);
	struct lt_record record = record_of(text, UNKNOWN_NS);

	(void)state;
	assert_num(record.from_ns, 6000000000);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(binary_is_refused),
		cmocka_unit_test(damaged_lines_are_counted_and_give_nothing),
		cmocka_unit_test(quoted_messages_are_not_the_kernels),
		cmocka_unit_test(prefixes_in_the_wild),
		cmocka_unit_test(lines_of_others),
		cmocka_unit_test(tasks_in_prefixes),
		cmocka_unit_test(reserved_wordings),
		cmocka_unit_test(failure_wordings),
		cmocka_unit_test(odd_area_names),
		cmocka_unit_test(only_the_last_boot_counts),
		cmocka_unit_test(busy_ranges_are_no_proven_failure),
		cmocka_unit_test(a_failure_line_closes_the_busy_ranges),
		tree_test(the_log_locates_what_nobody_did),
		tree_test(a_moved_area_moves_in_the_report),
		tree_test(better_sources_stay),
		tree_test(equal_sizes_are_not_told_apart),
		tree_test(the_only_area_is_the_only_reservation),
		tree_test(a_failed_reservation_is_no_area),
		tree_test(what_is_not_located_is_told),
		tree_test(names_come_by_elimination),
		tree_test(busy_ranges_outside_cma_are_not_its_failures),
		tree_test(bits_are_not_taken_for_pages),
		tree_test(the_bitmap_must_be_of_the_area),
		tree_test(a_hash_table_tells_the_page_size),
		tree_test(other_lines_tell_the_page_size),
		cmocka_unit_test(captured_areas),
		tree_test(a_missing_log_is_absent),
		tree_test(a_contradiction_is_told),
		tree_test(no_area_is_put_across_another),
		cmocka_unit_test(every_failure_is_an_attempt),
		cmocka_unit_test(a_long_log_keeps_its_last_attempts),
		cmocka_unit_test(what_waits_is_not_mixed_up_when_attempts_are_dropped),
		tree_test(what_is_left_out_is_told),
		tree_test(the_record_of_a_cut_log_begins_with_its_first_line),
		tree_test(the_record_of_a_whole_log_begins_at_boot),
		tree_test(lines_that_were_not_taken_are_missing_from_the_record),
		tree_test(a_log_without_stamps_has_a_record_without_ends),
		tree_test(what_is_left_out_is_not_on_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
