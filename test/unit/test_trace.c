// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/source/trace/trace.c. */
#include "tree.h"

#include "source/source.h"
#include "source/trace/trace.h"
#include "source/trace/trace_line.h"

#define PARSED_MEMBERS               \
	struct lt_attempts attempts; \
	struct lt_record record
#define PARSED_BY(p, buf, len)                                                                 \
	lt_trace_parse(buf, len, (p)->strings, NULL, &(p)->attempts, &(p)->record, NULL, NULL, \
		       &(p)->diag)
#define PARSED_NOTHING(p) assert_int_equal((p)->attempts.nr, 0)
#define PARSED_FREE(p) lt_attempts_free(&(p)->attempts)
#define PARSED_FOLDER "trace"
#include "parsed.h"

#define V5_10 FIXTURES "v5.10-arm64-cma-failure/sys/kernel/tracing/trace"
#define V6_1 FIXTURES "v6.1-arm64-cma-failure/sys/kernel/tracing/trace"

static void a_text_with_headings_is_no_trace(void **state)
{
	struct parsed parsed = parse_text("# ltpin\n\n# Try it\n");

	(void)state;
	assert_int_equal(parsed.err, -EBADMSG);
	done(&parsed);
}

static void what_is_no_trace_is_refused(void **state)
{
	static const char *const files[] = { "empty", "binary" };

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		char path[256];
		struct parsed parsed;

		snprintf(path, sizeof(path), MALFORMED "trace/%s", files[i]);
		parsed = parse_file(path);
		assert_int_equal(parsed.err, -EBADMSG);
		assert_int_equal(parsed.diag.line, 1);
		done(&parsed);
	}
}

static void damaged_events_are_counted_and_give_nothing(void **state)
{
	struct parsed parsed = parse_file(MALFORMED "trace/damaged");

	(void)state;
	assert_int_equal(parsed.err, 0);
	assert_int_equal(parsed.diag.nr_skipped, 6);
	assert_int_equal(parsed.attempts.nr, 0);
	done(&parsed);
}

static void lost_events_are_told(void **state)
{
	struct parsed parsed = parse_file(MALFORMED "trace/lost");

	(void)state;
	assert_int_equal(parsed.err, 0);
	assert_string_equal(parsed.diag.why, "42 events were lost");
	assert_int_equal(parsed.attempts.nr, 1);
	assert_unknown(parsed.attempts.v[0].latency_ns);
	done(&parsed);
}

/* The two failures and the success of a capture, whose blocker and names may have been moved. */
static void check_capture(const struct lt_attempts *attempts, uint64_t first, uint64_t blocker,
			  const char *name)
{
	static const uint64_t nr_pages[] = { 76544, 57600, 57600 };
	static const size_t nr_tries[] = { 1, 75, 1 };

	assert_int_equal(attempts->nr, 3);
	for (size_t i = 0; i < 3; i++) {
		const struct lt_attempt *attempt = &attempts->v[i];

		assert_int_equal(attempt->source, LT_ATTEMPT_TRACE);
		assert_int_equal(attempt->failed, i < 2);
		assert_num(attempt->err, i < 2 ? EBUSY : 0);
		assert_num(attempt->nr_pages, nr_pages[i]);
		assert_num(attempt->align, 8);
		assert_int_equal(attempt->area, LT_NO_AREA);
		if (name)
			assert_string_equal(attempt->area_name, name);
		else
			assert_null(attempt->area_name);
		assert_int_equal(attempt->tries.nr, nr_tries[i]);
		lt_vec_each(tried, &attempt->tries) {
			assert_int_equal(lt_range_nr_pages(tried->pfns), nr_pages[i]);
			assert_int_equal(tried->pfns.start_pfn,
					 first + 256 * (uint64_t)(tried - attempt->tries.v));
			assert_int_equal(tried->ok, i == 2);
			assert_int_equal(tried->stage, i < 2 ? LT_TRY_TEST : LT_TRY_UNKNOWN);
			assert_int_equal(tried->blocker_pfn.known, i < 2);
			if (i < 2)
				assert_int_equal(tried->blocker_pfn.val, blocker);
		}
	}
}

static void v5_10_has_one_event_per_attempt(void **state)
{
	struct parsed parsed = parse_file(V5_10);

	(void)state;
	assert_int_equal(parsed.err, 0);
	assert_string_equal(parsed.diag.why, "");
	assert_int_equal(parsed.diag.nr_skipped, 0);
	check_capture(&parsed.attempts, 0x53500, 0x5b9e9, NULL);
	assert_num(parsed.attempts.v[0].ts_ns, 7357892000);
	assert_unknown(parsed.attempts.v[0].latency_ns);
	assert_string_equal(parsed.attempts.v[0].caller, "ltctl-86");
	done(&parsed);
}

static void v6_1_tells_start_and_name(void **state)
{
	struct parsed parsed = parse_file(V6_1);

	(void)state;
	assert_int_equal(parsed.err, 0);
	assert_string_equal(parsed.diag.why, "");
	check_capture(&parsed.attempts, 0x54900, 0x5cf3b, "reserved");
	assert_num(parsed.attempts.v[0].ts_ns, 4200478000);
	assert_num(parsed.attempts.v[0].latency_ns, 211157000);
	done(&parsed);
}

/* @buf with @shift added to every PFN, and areas called "gpu" where they were "reserved". */
static struct lt_buf moved(const struct lt_buf *buf, uint64_t shift)
{
	struct lt_buf out = { malloc(buf->len * 2), 0 };
	const char *p = buf->data, *end = buf->data + buf->len;

	assert_non_null(out.data);
	while (p < end) {
		char *after;

		if (!strncmp(p, "name=reserved", 13)) {
			out.len += (size_t)sprintf(out.data + out.len, "name=gpu");
			p += 13;
		} else if (!strncmp(p, "pfn=", 4)) {
			bool has_0x = p[5] == 'x';
			uint64_t pfn = strtoull(p + 4, &after, 16) + shift;

			out.len += (size_t)sprintf(out.data + out.len, "pfn=%s%llx",
						   has_0x ? "0x" : "", (unsigned long long)pfn);
			p = after;
		} else {
			out.data[out.len++] = *p++;
		}
	}
	return out;
}

static void moved_pfns_and_names_come_out_moved(void **state)
{
	struct lt_buf old = test_file(V5_10), new = test_file(V6_1);
	struct lt_buf old_moved = moved(&old, 0x123400), new_moved = moved(&new, 0x40000000);
	struct parsed parsed = parse(old_moved.data, old_moved.len);

	(void)state;
	check_capture(&parsed.attempts, 0x53500 + 0x123400, 0x5b9e9 + 0x123400, NULL);
	done(&parsed);
	parsed = parse(new_moved.data, new_moved.len);
	check_capture(&parsed.attempts, 0x54900 + 0x40000000, 0x5cf3b + 0x40000000, "gpu");
	done(&parsed);
	free(old.data);
	free(new.data);
	free(old_moved.data);
	free(new_moved.data);
}

/* Traces are written as they are read, a line an event. */
/* clang-format off */
#define AT(task, time, event) task " [000] ..... " time ": " event "\n"
#define CAM "       camera-hal-812    "
#define GPU "              gpu-9      "

static void v6_12_prints_the_errno(void **state)
{
	struct parsed parsed;
	const struct lt_attempt *attempt;

	(void)state;
	parsed = parse_text(
		AT(CAM, "1.000000", "cma_alloc_start: name=reserved count=16 align=0")
		AT(CAM, "1.000010", "cma_alloc_busy_retry: name=reserved pfn=0x100 page=1 count=16 align=0")
		AT(CAM, "1.000030", "cma_alloc_finish: name=reserved pfn=0x110 page=0000000000000000 "
				    "count=16 align=0 errorno=-12"));
	assert_int_equal(parsed.attempts.nr, 1);
	attempt = &parsed.attempts.v[0];
	assert_num(attempt->err, ENOMEM);
	assert_num(attempt->latency_ns, 30000);
	assert_int_equal(attempt->tries.nr, 2);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(attempt->tries.v[i].pfns.start_pfn, 0x100 + 0x10 * i);
		assert_int_equal(attempt->tries.v[i].pfns.end_pfn, 0x110 + 0x10 * i);
		assert_unknown(attempt->tries.v[i].blocker_pfn);
		assert_false(attempt->tries.v[i].ok);
	}
	/* nothing says that tests were recorded at all */
	assert_int_equal(attempt->tries.v[0].stage, LT_TRY_UNKNOWN);
	assert_int_equal(attempt->tries.v[1].stage, LT_TRY_MIGRATE);
	done(&parsed);
}

static void v7_2_start_and_zero_pfn(void **state)
{
	struct parsed parsed;

	(void)state;
	parsed = parse_text(
		AT(CAM, "1.000000", "cma_alloc_start: name=reserved request_count=16 "
				    "available_count=32 total_count=64 align=2")
		AT(CAM, "1.000030", "cma_alloc_finish: name=reserved pfn=0x0 page=0000000000000000 "
				    "count=16 align=2 errorno=-16"));
	assert_int_equal(parsed.attempts.nr, 1);
	assert_num(parsed.attempts.v[0].nr_pages, 16);
	assert_num(parsed.attempts.v[0].align, 2);
	assert_num(parsed.attempts.v[0].err, EBUSY);
	assert_string_equal(parsed.attempts.v[0].area_name, "reserved");
	assert_int_equal(parsed.attempts.v[0].tries.nr, 0);
	done(&parsed);
}

static void errno_is_derived_only_where_proven(void **state)
{
	struct parsed parsed;

	(void)state;
	parsed = parse_text(
		AT(CAM, "1.0", "cma_alloc: pfn=ffffffffffffffff page=0000000000000000 count=16 align=0")
		AT(CAM, "2.0", "test_pages_isolated: start_pfn=0x100 end_pfn=0x110 fin_pfn=0x105 ret=fail")
		AT(CAM, "3.0", "cma_alloc: pfn=110 page=0000000000000000 count=16 align=0"));
	assert_int_equal(parsed.attempts.nr, 2);
	assert_num(parsed.attempts.v[0].err, ENOMEM);
	assert_int_equal(parsed.attempts.v[0].tries.nr, 0);
	assert_unknown(parsed.attempts.v[1].err); /* the last range never came to a test */
	assert_int_equal(parsed.attempts.v[1].tries.nr, 2);
	assert_num(parsed.attempts.v[1].tries.v[0].blocker_pfn, 0x105);
	assert_int_equal(parsed.attempts.v[1].tries.v[1].stage, LT_TRY_UNKNOWN);
	done(&parsed);
}

static void a_passed_test_can_still_be_a_failed_try(void **state)
{
	struct parsed parsed;

	(void)state;
	parsed = parse_text(
		AT(CAM, "1.0", "cma_alloc_start: name=a count=16 align=0")
		AT(CAM, "1.1", "test_pages_isolated: start_pfn=0xf0 end_pfn=0x110 fin_pfn=0x110 ret=success")
		AT(CAM, "1.2", "cma_alloc_busy_retry: name=a pfn=0x100 page=1 count=16 align=0")
		AT(CAM, "1.3", "cma_alloc_finish: name=a pfn=0x110 page=1 count=16 align=0 errorno=0"));
	assert_int_equal(parsed.attempts.v[0].tries.nr, 2);
	assert_false(parsed.attempts.v[0].tries.v[0].ok);
	assert_int_equal(parsed.attempts.v[0].tries.v[0].pfns.start_pfn, 0x100);
	assert_int_equal(parsed.attempts.v[0].tries.v[0].stage, LT_TRY_UNKNOWN);
	assert_true(parsed.attempts.v[0].tries.v[1].ok);
	assert_false(parsed.attempts.v[0].failed);
	done(&parsed);
}

#define TESTED(task) \
	AT(task, "0.1", "test_pages_isolated: start_pfn=0x8 end_pfn=0x10 fin_pfn=0x10 ret=success")
#define START AT(CAM, "1.0", "cma_alloc_start: name=a count=16 align=0")
#define BUSY AT(CAM, "1.1", "cma_alloc_busy_retry: name=a pfn=0x100 page=1 count=16 align=0")
#define FINISH(ret) \
	AT(CAM, "1.2", "cma_alloc_finish: name=a pfn=0x100 page=0 count=16 align=0" ret)
#define END_5_10 AT(CAM, "1.2", "cma_alloc: pfn=100 page=0 count=16 align=0")
#define OTHER_BUSY \
	AT(GPU, "0.2", "cma_alloc_busy_retry: name=b pfn=0x8 page=1 count=8 align=0")
#define MIGRATED(reason) AT(CAM, "1.0", "mm_migrate_pages: nr_failed=7 reason=" reason)

static void the_stage_is_told_from_what_remains(void **state)
{
	static const struct {
		const char *what, *text;
		enum lt_stage_of_try stage;
		unsigned int err; /* 0: not known */
	} cases[] = {
		{ "6.1 and later: busy without a test", TESTED(GPU) START BUSY FINISH(""),
		  LT_TRY_ISOLATE, EBUSY },
		{ "the same, but tests were not recorded", START BUSY FINISH(""),
		  LT_TRY_UNKNOWN, EBUSY },
		{ "the same, but events were lost meanwhile",
		  TESTED(GPU) START "CPU:1 [LOST 3 EVENTS]\n" BUSY FINISH(""),
		  LT_TRY_UNKNOWN, EBUSY },
		{ "6.1: neither tested nor busy, no errno",
		  TESTED(GPU) OTHER_BUSY START FINISH(""), LT_TRY_MIGRATE, 0 },
		{ "the same, but busy_retry was not recorded", TESTED(GPU) START FINISH(""),
		  LT_TRY_UNKNOWN, 0 },
		{ "6.12: a signal", START FINISH(" errorno=-4"), LT_TRY_MIGRATE, EINTR },
		{ "6.12: an errno of neither", START FINISH(" errorno=-22"), LT_TRY_UNKNOWN, EINVAL },
		{ "5.10: migrated, but not tested", TESTED(GPU) MIGRATED("contig_range") END_5_10,
		  LT_TRY_MIGRATE, 0 },
		{ "5.10: migrated for the range before",
		  MIGRATED("contig_range")
		  AT(CAM, "1.1", "test_pages_isolated: start_pfn=0xf0 end_pfn=0x100 fin_pfn=0xf3 "
				 "ret=fail")
		  END_5_10,
		  LT_TRY_UNKNOWN, 0 },
		{ "5.10: migrated for something else", TESTED(GPU) MIGRATED("compaction") END_5_10,
		  LT_TRY_UNKNOWN, 0 },
		{ "5.10: neither", TESTED(GPU) END_5_10, LT_TRY_UNKNOWN, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct parsed parsed = parse_text(cases[i].text);
		const size_t nr = strstr(cases[i].text, "LOST") ? 2 : 1;
		const struct lt_attempt *attempt = &parsed.attempts.v[nr - 1];
		const struct lt_try *last = &attempt->tries.v[attempt->tries.nr - 1];

		if (parsed.attempts.nr != nr || last->pfns.start_pfn != 0x100 ||
		    last->stage != cases[i].stage || attempt->err.known != !!cases[i].err ||
		    (cases[i].err && attempt->err.val != cases[i].err))
			fail_msg("%s: stage %d, errno %d", cases[i].what, (int)last->stage,
				 attempt->err.known ? (int)attempt->err.val : -1);
		done(&parsed);
	}
}

/* What began and did not end is under way, unless something shows that its task went on. */
static void what_has_not_ended_is_under_way(void **state)
{
	static const struct {
		const char *what, *text;
		bool is_under_way;
	} cases[] = {
		{ "nothing follows", START, true },
		{ "a range was busy", START BUSY, true },
		{ "another task ends", START AT(GPU, "1.2", "cma_alloc_finish: name=b pfn=0x8 page=1 "
						"count=8 align=0 errorno=0"), true },
		{ "another task releases", START AT(GPU, "1.2", "cma_release: name=b pfn=0x8 page=1 count=8"),
		  true },
		{ "events were lost", START "CPU:1 [LOST 3 EVENTS]\n", false },
		{ "it releases pages", START AT(CAM, "1.2", "cma_release: name=b pfn=0x8 page=1 count=8"),
		  false },
		{ "it exits", START BUSY AT(CAM, "1.2", "sched_process_exit: comm=cam pid=1 prio=120"),
		  false },
		{ "it ends", START FINISH(" errorno=-12"), false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct parsed parsed = parse_text(cases[i].text);
		bool is_under_way = false;

		lt_vec_each(attempt, &parsed.attempts)
			is_under_way |= attempt->is_under_way && attempt->is_open;
		if (is_under_way != cases[i].is_under_way)
			fail_msg("%s", cases[i].what);
		done(&parsed);
	}
}

/* Whether each range that was tried is on record. */
static void a_search_without_gaps_is_known_as_such(void **state)
{
	static const struct {
		const char *what, *text;
		bool has_all_tries;
	} cases[] = {
		{ "6.1 and later", START BUSY FINISH(" errorno=-16"), true },
		{ "busy_retry was not recorded", TESTED(GPU) START FINISH(" errorno=-12"), false },
		{ "events were lost meanwhile",
		  START "CPU:1 [LOST 3 EVENTS]\n" BUSY FINISH(" errorno=-16"), false },
		{ "7.2: the range that lacked memory is not named",
		  START BUSY AT(CAM, "1.2", "cma_alloc_finish: name=a pfn=0x0 page=0 count=16 "
				"align=0 errorno=-12"), false },
		{ "7.2: but each that was busy is",
		  START BUSY AT(CAM, "1.2", "cma_alloc_finish: name=a pfn=0x0 page=0 count=16 "
				"align=0 errorno=-16"), true },
		{ "5.10", TESTED(CAM) END_5_10, true },
		{ "5.10, tests were not recorded", END_5_10, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct parsed parsed = parse_text(cases[i].text);
		const size_t nr = strstr(cases[i].text, "LOST") ? 2 : 1;

		if (parsed.attempts.nr != nr ||
		    parsed.attempts.v[nr - 1].has_all_tries != cases[i].has_all_tries)
			fail_msg("%s", cases[i].what);
		done(&parsed);
	}
}

/* Between an event and its stack there may be those of other processors. */
static void stacks_find_their_event(void **state)
{
	static const char text[] =
		AT(CAM, "1.0", "cma_alloc_start: name=a count=16 align=0")
		AT(GPU, "1.0", "cma_alloc_start: name=b count=32 align=0")
		AT(GPU, "1.1", "<stack trace>")
		" => trace_event_raw_event_cma_alloc_start\n => cma_alloc\n => gpu_open\n"
		AT(CAM, "1.1", "<stack trace>") " => cma_alloc\n => camera_start\n"
		AT(GPU, "1.2", "cma_alloc_finish: name=b pfn=0x200 page=1 count=32 align=0")
		AT(GPU, "1.2", "<stack trace>") " => cma_alloc\n => not_the_start\n"
		AT(CAM, "1.3", "cma_alloc_finish: name=a pfn=0x100 page=1 count=16 align=0");
	struct lt_strings *strings = lt_strings_new();
	struct lt_stacks *stacks = lt_stacks_new();
	struct lt_attempts attempts = { 0 };
	struct lt_diag diag = { 0 };

	(void)state;
	assert_int_equal(lt_trace_parse(text, strlen(text), strings, stacks, &attempts, NULL,
					NULL, NULL, &diag), 0);
	assert_int_equal(diag.nr_skipped, 0);
	assert_int_equal(attempts.nr, 2);
	assert_string_equal(attempts.v[0].caller, "gpu-9");
	assert_int_equal(attempts.v[0].stack->nr, 2);
	assert_string_equal(attempts.v[0].stack->frames[0], "cma_alloc");
	assert_string_equal(attempts.v[0].stack->frames[1], "gpu_open");
	assert_string_equal(attempts.v[1].caller, "camera-hal-812");
	assert_int_equal(attempts.v[1].stack->nr, 2);
	assert_string_equal(attempts.v[1].stack->frames[1], "camera_start");
	lt_attempts_free(&attempts);
	lt_stacks_free(stacks);
	lt_strings_free(strings);
}

struct shape {
	struct lt_strings *strings;
	struct lt_stacks *stacks;
	struct lt_attempts attempts;
};

static struct shape parse_shape(const char *path)
{
	struct shape shape = { .strings = lt_strings_new(), .stacks = lt_stacks_new() };
	struct lt_buf buf = test_file(path);
	struct lt_diag diag = { 0 };

	assert_int_equal(lt_trace_parse(buf.data, buf.len, shape.strings, shape.stacks,
					&shape.attempts, NULL, NULL, NULL, &diag), 0);
	assert_int_equal(diag.nr_skipped, 0);
	assert_string_equal(diag.why, "");
	free(buf.data);
	return shape;
}

static void free_shape(struct shape *shape)
{
	lt_attempts_free(&shape->attempts);
	lt_stacks_free(shape->stacks);
	lt_strings_free(shape->strings);
}

/* Where in the stack dma_alloc_contiguous() is, after cma_alloc(): perf adds offsets. */
static size_t depth_of_dma(const struct lt_stack *stack)
{
	size_t i = 0;

	assert_non_null(stack);
	assert_non_null(strstr(stack->frames[0], "cma_alloc"));
	while (i < stack->nr && strncmp(stack->frames[i], "dma_alloc_contiguous", 20))
		i++;
	assert_true(i < stack->nr);
	for (size_t j = 0; j < stack->nr; j++)
		assert_null(strstr(stack->frames[j], "unknown"));
	return i;
}

/* But for the time. */
static void check_same_try(const struct lt_try *a, const struct lt_try *b)
{
	assert_int_equal(a->pfns.start_pfn, b->pfns.start_pfn);
	assert_int_equal(a->pfns.end_pfn, b->pfns.end_pfn);
	assert_int_equal(a->ok, b->ok);
	assert_int_equal(a->stage, b->stage);
	assert_int_equal(a->is_emptied, b->is_emptied);
	assert_int_equal(a->blocker_pfn.known, b->blocker_pfn.known);
	assert_int_equal(a->blocker_pfn.val, b->blocker_pfn.val);
	assert_int_equal(a->blocker_refcount.known, b->blocker_refcount.known);
	assert_int_equal(a->blocker_mapcount.known, b->blocker_mapcount.known);
}

static void check_same_attempt(const struct lt_attempt *a, const struct lt_attempt *b)
{
	assert_string_equal(a->caller, b->caller);
	assert_true(a->area_name ? !strcmp(a->area_name, b->area_name) : !b->area_name);
	assert_int_equal(a->nr_pages.val, b->nr_pages.val);
	assert_int_equal(a->align.val, b->align.val);
	assert_int_equal(a->failed, b->failed);
	assert_int_equal(a->is_open, b->is_open);
	assert_int_equal(a->err.known, b->err.known);
	assert_int_equal(a->err.val, b->err.val);
	/* the clocks of the kernel's trace and of perf are 10 ms apart at most */
	assert_true(a->ts_ns.known && b->ts_ns.known &&
		    llabs((long long)(a->ts_ns.val - b->ts_ns.val)) < 10000000);
	assert_int_equal(a->tries.nr, b->tries.nr);
	for (size_t i = 0; i < a->tries.nr; i++)
		check_same_try(&a->tries.v[i], &b->tries.v[i]);
	assert_int_equal(!a->stack, !b->stack);
	if (a->stack)
		assert_int_equal(depth_of_dma(a->stack), depth_of_dma(b->stack));
}

/* One run, recorded by the kernel, by trace-cmd and by perf at the same time. */
static void three_programs_print_the_same_attempts(void **state)
{
	static const struct {
		const char *kernel;
		size_t nr, nr_failed;
		bool has_stacks;
	} runs[] = { { "6.12", 8, 1, true }, { "5.10", 7, 1, false } };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		static const char *const programs[] = { "kernel", "trace-cmd", "perf" };
		struct shape shapes[3];
		size_t nr_failed = 0;

		for (size_t j = 0; j < 3; j++) {
			char path[64];

			snprintf(path, sizeof(path), "test/saved/trace/%s-%s", runs[i].kernel,
				 programs[j]);
			shapes[j] = parse_shape(path);
			assert_int_equal(shapes[j].attempts.nr, runs[i].nr);
			for (size_t k = 0; k < runs[i].nr; k++)
				check_same_attempt(&shapes[j].attempts.v[k],
						   &shapes[0].attempts.v[k]);
		}
		lt_vec_each(attempt, &shapes[0].attempts) {
			nr_failed += attempt->failed;
			assert_int_equal(!!attempt->stack, runs[i].has_stacks);
		}
		assert_int_equal(nr_failed, runs[i].nr_failed);
		for (size_t j = 0; j < 3; j++)
			free_shape(&shapes[j]);
	}
}

/* Tasks that never end what they began, as after lost events, do not pile up. */
static void forgotten_tasks_are_handed_out(void **state)
{
	enum { NR_TASKS = 5000 };
	struct lt_buf buf = { malloc(NR_TASKS * 128), 0 };
	struct parsed parsed;

	(void)state;
	for (int i = 0; i < NR_TASKS; i++)
		buf.len += (size_t)sprintf(buf.data + buf.len,
					   "            task-%-6d [000] ..... %d.0: cma_alloc_start: "
					   "name=a count=%d align=0\n", i + 1, i, i + 1);
	parsed = parse(buf.data, buf.len);
	assert_int_equal(parsed.attempts.nr, NR_TASKS);
	for (size_t i = 0; i < NR_TASKS; i++) {
		assert_true(parsed.attempts.v[i].is_open);
		assert_num(parsed.attempts.v[i].nr_pages, i + 1);
	}
	done(&parsed);
	free(buf.data);
}

static void tasks_are_kept_apart(void **state)
{
	struct parsed parsed;

	(void)state;
	parsed = parse_text(
		AT(CAM, "1.0", "cma_alloc_start: name=a count=16 align=0")
		AT(GPU, "1.1", "cma_alloc_start: name=b count=32 align=0")
		AT(CAM, "1.2", "test_pages_isolated: start_pfn=0x100 end_pfn=0x110 fin_pfn=0x101 ret=fail")
		AT(GPU, "1.3", "test_pages_isolated: start_pfn=0x200 end_pfn=0x220 fin_pfn=0x202 ret=fail")
		AT(" memory-offline-4   ", "1.3",
		   "test_pages_isolated: start_pfn=0x8000 end_pfn=0x10000 fin_pfn=0x9000 ret=fail")
		AT(GPU, "1.4", "cma_alloc_finish: name=b pfn=0x200 page=0 count=32 align=0")
		AT(CAM, "1.5", "cma_alloc_finish: name=a pfn=0x100 page=0 count=16 align=0")
		AT(CAM, "1.6", "cma_release: name=a pfn=0x100 page=1 count=16"));
	assert_int_equal(parsed.attempts.nr, 2);
	assert_string_equal(parsed.attempts.v[0].caller, "gpu-9");
	assert_int_equal(parsed.attempts.v[0].tries.nr, 1);
	assert_num(parsed.attempts.v[0].tries.v[0].blocker_pfn, 0x202);
	assert_num(parsed.attempts.v[0].latency_ns, 300000000);
	assert_string_equal(parsed.attempts.v[1].caller, "camera-hal-812");
	assert_num(parsed.attempts.v[1].tries.v[0].blocker_pfn, 0x101);
	done(&parsed);
}

static void attempts_without_an_end(void **state)
{
	struct parsed parsed;

	(void)state;
	parsed = parse_text(
		AT(CAM, "0.1", "cma_alloc_start: name=a count=1 align=0")
		AT(CAM, "0.2", "cma_alloc_finish: name=a pfn=0x90 page=00000000a1 count=1 align=0 errorno=0")
		AT(CAM, "1.0", "cma_alloc_start: name=a count=9999 align=0")
		AT(CAM, "2.0", "cma_alloc_start: name=a count=16 align=0")
		AT(CAM, "2.1", "test_pages_isolated: start_pfn=0x100 end_pfn=0x110 fin_pfn=0x101 ret=fail"));
	assert_int_equal(parsed.attempts.nr, 3);
	assert_true(parsed.attempts.v[1].failed); /* it asked again: refused without an event */
	assert_true(parsed.attempts.v[1].is_refused);
	assert_false(parsed.attempts.v[1].is_open);
	assert_unknown(parsed.attempts.v[1].err);
	assert_false(parsed.attempts.v[2].failed); /* may be going on */
	assert_true(parsed.attempts.v[2].is_open);
	assert_int_equal(parsed.attempts.v[2].tries.nr, 1);
	done(&parsed);

	parsed = parse_text(AT(CAM, "1.0", "cma_alloc_start: name=a count=9999 align=0"));
	assert_true(parsed.attempts.v[0].is_open);
	done(&parsed);

	/* Somebody switched on the begin alone: that there is no end says nothing. */
	parsed = parse_text(AT(CAM, "1.0", "cma_alloc_start: name=a count=9999 align=0")
			    AT(CAM, "2.0", "cma_alloc_start: name=a count=16 align=0"));
	assert_int_equal(parsed.attempts.nr, 2);
	assert_false(parsed.attempts.v[0].failed || parsed.attempts.v[0].is_refused);
	assert_true(parsed.attempts.v[0].is_open && parsed.attempts.v[1].is_open);
	done(&parsed);

	parsed = parse_text("# entries-in-buffer/entries-written: 2/3   #P:2\n"
			    AT(CAM, "1.0", "cma_alloc_start: name=a count=9999 align=0")
			    AT(CAM, "2.0", "cma_alloc_start: name=a count=16 align=0"));
	assert_true(parsed.attempts.v[0].is_open); /* its finish may be the event that was lost */
	done(&parsed);
}

/* The end of one, and the start of the next of its task, may be among events that were lost. */
static void what_a_loss_parts_is_not_joined(void **state)
{
	struct parsed parsed = parse_text(
		AT(CAM, "1.0", "cma_alloc_start: name=a count=16 align=0")
		AT(CAM, "1.1", "test_pages_isolated: start_pfn=0x100 end_pfn=0x110 fin_pfn=0x101 ret=fail")
		"CPU:0 [LOST 4 EVENTS]\n"
		AT(CAM, "9.0", "cma_alloc_finish: name=a pfn=0x40 page=0 count=32 align=0 errorno=-12"));

	(void)state;
	assert_int_equal(parsed.attempts.nr, 2);
	assert_true(parsed.attempts.v[0].is_open);
	assert_num(parsed.attempts.v[0].nr_pages, 16);
	assert_num(parsed.attempts.v[0].tries.v[0].blocker_pfn, 0x101);
	assert_true(parsed.attempts.v[1].failed);
	assert_num(parsed.attempts.v[1].ts_ns, 9000000000);
	assert_num(parsed.attempts.v[1].nr_pages, 32);
	assert_unknown(parsed.attempts.v[1].latency_ns);
	assert_unknown(lt_attempt_blocker(&parsed.attempts.v[1]));
	done(&parsed);
}

/* 5.10 marks only the end of a search: what went before it need not be its own. */
static void tests_of_other_searches_are_left_out(void **state)
{
	struct parsed parsed;

	(void)state;
	parsed = parse_text(
		AT(CAM, "1.0", "test_pages_isolated: start_pfn=0x300 end_pfn=0x320 fin_pfn=0x301 ret=fail")
		AT(CAM, "1.1", "test_pages_isolated: start_pfn=0x50 end_pfn=0x58 fin_pfn=0x51 ret=fail")
		AT(CAM, "1.2", "test_pages_isolated: start_pfn=0x100 end_pfn=0x110 fin_pfn=0x101 ret=fail")
		AT(CAM, "1.3", "cma_alloc: pfn=100 page=0 count=16 align=0"));
	assert_int_equal(parsed.attempts.nr, 1);
	assert_int_equal(parsed.attempts.v[0].tries.nr, 1);
	assert_num(parsed.attempts.v[0].tries.v[0].blocker_pfn, 0x101);
	done(&parsed);
}

static void names_may_hold_anything(void **state)
{
	struct parsed parsed;

	(void)state;
	parsed = parse_text(
		AT(CAM, "1.0", "cma_alloc_start: name=a count=7 b pfn=0x1 count=16 align=0")
		AT(CAM, "1.1", "cma_alloc_finish: name=a count=7 b pfn=0x1 pfn=0x100 page=0 count=16 align=0")
		AT(GPU, "2.0", "cma_alloc_start: name=cma0\n count=32 align=0")
		AT(GPU, "2.1", "cma_alloc_finish: name=cma0\n pfn=0x200 page=1 count=32 align=0"));
	assert_int_equal(parsed.diag.nr_skipped, 0);
	assert_int_equal(parsed.attempts.nr, 2);
	assert_string_equal(parsed.attempts.v[0].area_name, "a count=7 b pfn=0x1");
	assert_num(parsed.attempts.v[0].nr_pages, 16);
	assert_num(parsed.attempts.v[0].latency_ns, 100000000);
	assert_string_equal(parsed.attempts.v[1].area_name, "cma0\\x0a");
	assert_num(parsed.attempts.v[1].latency_ns, 100000000);
	assert_false(parsed.attempts.v[1].failed);
	done(&parsed);
}

static void check_line(const char *text, const char *comm, uint64_t pid, const char *event)
{
	struct lt_trace_event parsed;
	struct lt_text line;

	lt_text_init(&line, text, strlen(text));
	if (!lt_trace_line_parse(&line, &parsed))
		fail_msg("not understood: %s", text);
	assert_int_equal(parsed.pid, pid);
	if (!lt_span_is(parsed.comm, comm))
		fail_msg("comm \"%.*s\"", (int)parsed.comm.len, parsed.comm.p);
	if (!lt_span_is(parsed.name, event))
		fail_msg("event \"%.*s\"", (int)parsed.name.len, parsed.name.p);
}

static void lines_and_hostile_tasks(void **state)
{
	struct lt_trace_event parsed;
	struct lt_text line;

	(void)state;
	check_line("           ltctl-86      [001] ....     7.173411: ev: x", "ltctl", 86, "ev");
	check_line("           <...>-1234567 [001] d..1. 12345.173411: ev: x", "<...>",
		   1234567, "ev");
	check_line("          <idle>-0       (-------) [001] dNs2. 7.1: ev: x", "<idle>", 0, "ev");
	check_line("           ltctl-86      (     86) [001] .....  7.1: ev: x", "ltctl", 86,
		   "ev");
	check_line("           ltctl-86      [001]  7.173411: ev: x", "ltctl", 86, "ev");
	check_line("           ltctl-86      [001] ....      173411: ev: x", "ltctl", 86, "ev");
	check_line("  a-1 [0] 1: e: -86      [001] ....     7.1: ev: x", "a-1 [0] 1: e: ", 86,
		   "ev");
	check_line(" -1 [000] 1.0: x-86      [001] ....     7.1: ev: x", "-1 [000] 1.0: x", 86,
		   "ev");
	check_line("b-86      [001] ....     7.1: ev: x", "b", 86, "ev"); /* "a\nb" */
	check_line("           ltctl-86      [001] ....     7.1: func <-caller", "ltctl", 86, "");
	lt_text_init(&line, " => a-1 b", 9);
	assert_false(lt_trace_line_parse(&line, &parsed));
}

/* Without any one line the rest may tell less, never a page that was not in the way. */
static void a_lost_line_invents_nothing(void **state)
{
	struct lt_buf buf = test_file(V6_1);
	const char *line = buf.data;

	(void)state;
	while (line < buf.data + buf.len) {
		const char *next = strchr(line, '\n') + 1;
		struct lt_buf cut = { malloc(buf.len), 0 };
		struct parsed parsed;

		memcpy(cut.data, buf.data, (size_t)(line - buf.data));
		cut.len = (size_t)(line - buf.data);
		memcpy(cut.data + cut.len, next, (size_t)(buf.data + buf.len - next));
		cut.len += (size_t)(buf.data + buf.len - next);
		parsed = parse(cut.data, cut.len);
		assert_int_equal(parsed.err, 0);
		lt_vec_each(attempt, &parsed.attempts)
			lt_vec_each(tried, &attempt->tries) {
				assert_true(!tried->blocker_pfn.known ||
					    tried->blocker_pfn.val == 0x5cf3b);
				assert_int_equal(lt_range_nr_pages(tried->pfns),
						 attempt->nr_pages.val);
			}
		done(&parsed);
		free(cut.data);
		line = next;
	}
	free(buf.data);
}

static void snap_done(struct lt_snapshot *snap)
{
	lt_areas_free(&snap->areas);
	lt_attempts_free(&snap->attempts);
	tree_done(snap);
}

/* The log locates the area, the trace proves its name. */
static void the_trace_names_the_area_of_the_log(void **state)
{
	struct lt_snapshot snap = tree_fixture("v6.1-arm64-cma-failure");
	struct lt_diag diag = { 0 };

	(void)state;
	assert_int_equal(lt_source_zoneinfo.read(&snap, &diag), 0);
	assert_int_equal(tree_collect(&lt_source_klog, &snap, &diag), 0);
	assert_null(snap.areas.v[0].name);
	snap.memory.cma_total_kib.known = false; /* by their ranges, not by elimination */
	assert_int_equal(lt_source_trace.read(&snap, &diag), 0);
	assert_int_equal(snap.areas.nr, 1);
	assert_string_equal(snap.areas.v[0].name, "reserved");
	assert_int_equal(snap.attempts.nr, 3);
	lt_vec_each(attempt, &snap.attempts)
		assert_int_equal(attempt->area, 0);
	snap_done(&snap);
}

static void nothing_recorded_is_not_asked_for(void **state)
{
	static const char text[] = "# tracer: nop\n#\n";
	struct lt_snapshot snap;
	struct lt_diag diag = { 0 };

	(void)state;
	snap = tree_snapshot(tree_dir);
	assert_int_equal(lt_source_trace.read(&snap, &diag), -ENOENT);
	tree_write("sys/kernel/debug/tracing/trace", text, strlen(text));
	assert_int_equal(lt_source_trace.read(&snap, &diag), -ENODATA);
	assert_string_equal(diag.why, "no cma event in it");
	snap.options.trace = tree_path("sys/kernel/debug/tracing/trace");
	assert_int_equal(lt_source_trace.read(&snap, &diag), 0);
	snap_done(&snap);
}

#define tree_test(f) cmocka_unit_test_setup_teardown(f, tree_setup, tree_teardown)

#define RECORDED(us) "  task-7 [000] .....  1." us ": "

/* What is recorded of others does not say that CMA's events were. */
static void the_record_goes_from_cmas_first_event_to_its_last(void **state)
{
	struct parsed parsed = parse_text(
		"# tracer: nop\n#\n# entries-in-buffer/entries-written: 4/4   #P:1\n"
		RECORDED("000001") "sched_switch: prev_comm=a prev_pid=1\n"
		RECORDED("000002") "cma_alloc_start: name=a count=8 align=0\n"
		RECORDED("000003") "cma_alloc_finish: name=a pfn=0x100 page=1 count=8 align=0 errorno=0\n"
		RECORDED("000009") "sched_switch: prev_comm=a prev_pid=1\n");

	(void)state;
	assert_int_equal(parsed.err, 0);
	assert_int_equal(parsed.record.source, LT_ATTEMPT_TRACE);
	assert_true(parsed.record.failures);
	assert_true(parsed.record.successes);
	assert_num(parsed.record.from_ns, 1000002000);
	assert_num(parsed.record.to_ns, 1000003000);
	assert_num(parsed.record.nr_lost, 0);
	done(&parsed);
}

static void lost_events_are_known_only_if_they_are_counted(void **state)
{
	static const char event[] = RECORDED("000002") "cma_release: name=a pfn=0x100 page=1 count=8\n";
	static const struct {
		const char *before;
		bool is_known;
		uint64_t nr_lost;
	} texts[] = {
		{ "# tracer: nop\n# entries-in-buffer/entries-written: 1/5   #P:1\n", true, 4 },
		{ "# tracer: nop\n# entries-in-buffer/entries-written: 1/5   #P:1\n"
		  "CPU:0 [LOST 3 EVENTS]\n", true, 7 },
		{ "# tracer: nop\n# entries-in-buffer/entries-written: 1/1   #P:1\n"
		  "CPU:0 [LOST EVENTS]\n", false, 0 },
		{ "CPU:0 [LOST 3 EVENTS]\n", true, 3 },
		{ "# tracer: nop\n", false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct parsed parsed;
		char text[512];

		snprintf(text, sizeof(text), "%s%s", texts[i].before, event);
		parsed = parse_text(text);
		assert_int_equal(parsed.record.nr_lost.known, texts[i].is_known);
		if (texts[i].is_known)
			assert_num(parsed.record.nr_lost, texts[i].nr_lost);
		done(&parsed);
	}
}

/* clang-format on */

static void check_counts(const struct lt_attempt *attempt, const uint64_t *wanted, size_t nr)
{
	const struct lt_attempt_counts *counts = &attempt->counts;
	const struct lt_num got[] = { counts->nr_migrated,	 counts->nr_reclaimed,
				      counts->nr_mapped,	 counts->nr_isolate_failed,
				      counts->nr_migrate_failed, counts->nr_test_failed };

	for (size_t i = 0; i < sizeof(got) / sizeof(got[0]); i++) {
		if (i < nr)
			assert_num(got[i], wanted[i]);
		else
			assert_unknown(got[i]);
	}
}

/*
 * Android's event comes behind the end of the request, and is of the task's last one alone. Some
 * there are of requests whose end is not on record, and two make no sense.
 */
static void android_counts_the_ranges_that_failed(void **state)
{
	struct parsed parsed = parse_file(MALFORMED "trace/counts");
	static const uint64_t wanted[] = { 40, 2, 50, 1, 3, 0 };

	(void)state;
	assert_int_equal(parsed.err, 0);
	assert_int_equal(parsed.diag.nr_skipped, 2);
	assert_int_equal(parsed.attempts.nr, 3);
	check_counts(&parsed.attempts.v[0], NULL, 0);
	check_counts(&parsed.attempts.v[1], wanted, 6);
	check_counts(&parsed.attempts.v[2], NULL, 0);
	done(&parsed);
}

/* One event a range. */
static void migrations_of_a_request_add_up(void **state)
{
	/* clang-format off */
#define MOVED "cam-7 [0] .... 1.1: mm_alloc_contig_migrate_range_info: start=0x10 end=0x18 "
#define BEGUN "cma_alloc_start: name=a count=8 align=2\n"
#define ENDED "cma_alloc_finish: name=a pfn=5 page=(null) count=8 align=2\n"
	struct parsed parsed = parse_text(
		"cam-7 [0] .... 1.0: " BEGUN
		MOVED "migratetype=4 nr_migrated=3 nr_reclaimed=1 nr_mapped=4\n"
		MOVED "migratetype=4 nr_migrated=5 nr_reclaimed=0 nr_mapped=6\n"
		MOVED "migratetype=4 nr_migrated=x nr_reclaimed=9 nr_mapped=9\n"
		"cam-7 [0] .... 2.0: " ENDED
		"cam-7 [0] .... 3.0: " BEGUN
		"cam-7 [0] .... 4.0: " ENDED);
	/* clang-format on */
	static const uint64_t wanted[] = { 8, 1, 10 };

	(void)state;
	assert_int_equal(parsed.err, 0);
	assert_int_equal(parsed.diag.nr_skipped, 1);
	assert_int_equal(parsed.attempts.nr, 2);
	check_counts(&parsed.attempts.v[0], wanted, 3);
	check_counts(&parsed.attempts.v[1], NULL, 0);
	done(&parsed);
}

#define SEARCH(name, fields)                                                              \
	"a-498 [006] ....   306.301600: cma_alloc_start: name=cam count=256 align=8\n"    \
	"a-498 [006] ....   306.301621: " name ": " fields "\n"                           \
	"a-498 [006] ....   306.301640: cma_alloc_busy_retry: name=cam pfn=0x100 page=1 " \
	"count=256 align=8\n"                                                             \
	"a-498 [006] ....   306.301750: cma_alloc_finish: name=cam pfn=0x100 page=0 "     \
	"count=256 align=8 errorno=-16\n"
#define FIELDS(pfn) "pfn=" pfn " flags=lru count=2 mapcount=1 mapping=00000000aec7812a mt=5"

static void tracked_by(const char *text, size_t nr_tracks, bool is_named, unsigned int nr_skipped)
{
	struct lt_strings *strings = lt_strings_new();
	struct lt_attempts attempts = { 0 };
	struct lt_page_tracks tracks = { 0 };
	struct lt_diag diag = { 0 };

	assert_int_equal(lt_trace_parse(text, strlen(text), strings, NULL, &attempts, NULL, &tracks,
					NULL, &diag),
			 0);
	assert_int_equal(diag.nr_skipped, nr_skipped);
	assert_int_equal(tracks.nr, nr_tracks);
	assert_int_equal(attempts.nr, 1);
	assert_int_equal(attempts.v[0].tries.nr, 1);
	assert_int_equal(attempts.v[0].tries.v[0].blocker_pfn.known, is_named);
	if (is_named) {
		assert_int_equal(attempts.v[0].tries.v[0].blocker_pfn.val, 0x1b0);
		assert_int_equal(attempts.v[0].tries.v[0].blocker_refcount.val, 2);
		assert_int_equal(attempts.v[0].tries.v[0].stage, LT_TRY_TEST);
	}
	lt_vec_free(&tracks);
	lt_attempts_free(&attempts);
	lt_strings_free(strings);
}

/* What was found where a range is tested was in its way; what could once not be moved need not be. */
static void a_tracked_page_is_named(void **state)
{
	(void)state;
	tracked_by(SEARCH("page_pinner_failure", FIELDS("0x1b0")), 1, true, 0);
	/* of another range */
	tracked_by(SEARCH("page_pinner_failure", FIELDS("0x2b0")), 1, false, 0);
	tracked_by(SEARCH("report_page_pinners", FIELDS("0x1b0") " reason=contig_range err=-11"), 1,
		   false, 0);
	tracked_by(SEARCH("page_pinner_put", FIELDS("0x1b0")), 1, false, 0);
	tracked_by(SEARCH("page_pinner_failure", "flags=lru count=2"), 0, false, 1);
	tracked_by(SEARCH("page_pinner_failure", FIELDS("0x")), 0, false, 1);
}

static void who_dropped_a_reference_is_kept(void **state)
{
	struct lt_buf buf = test_file(MALFORMED "page_pinner/trace");
	struct lt_strings *strings = lt_strings_new();
	struct lt_stacks *stacks = lt_stacks_new();
	struct lt_attempts attempts = { 0 };
	struct lt_page_tracks tracks = { 0 };
	struct lt_diag diag = { 0 };

	(void)state;
	assert_int_equal(lt_trace_parse(buf.data, buf.len, strings, stacks, &attempts, NULL,
					&tracks, NULL, &diag),
			 0);
	assert_int_equal(diag.nr_skipped, 0);
	assert_int_equal(tracks.nr, 3);
	assert_int_equal(tracks.v[0].event, LT_TRACK_FAILED);
	assert_string_equal(tracks.v[0].function, "test_pages_isolated");
	assert_null(tracks.v[0].comm);
	assert_int_equal(tracks.v[2].event, LT_TRACK_RELEASED);
	assert_int_equal(tracks.v[2].pid.val, 24965);
	assert_string_equal(tracks.v[2].comm, "media.codec");
	assert_string_equal(tracks.v[2].function, "free_pages_and_swap_cache");
	assert_int_equal(attempts.v[0].tries.nr, 2);
	assert_int_equal(attempts.v[0].tries.v[0].blocker_pfn.val, 0x9f0bb0);
	assert_int_equal(attempts.v[0].tries.v[1].blocker_pfn.val, 0x9f0c01);
	lt_vec_free(&tracks);
	lt_attempts_free(&attempts);
	lt_stacks_free(stacks);
	lt_strings_free(strings);
	free(buf.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tracked_page_is_named),
		cmocka_unit_test(who_dropped_a_reference_is_kept),
		cmocka_unit_test(what_is_no_trace_is_refused),
		cmocka_unit_test(a_text_with_headings_is_no_trace),
		cmocka_unit_test(damaged_events_are_counted_and_give_nothing),
		cmocka_unit_test(lost_events_are_told),
		cmocka_unit_test(v5_10_has_one_event_per_attempt),
		cmocka_unit_test(v6_1_tells_start_and_name),
		cmocka_unit_test(moved_pfns_and_names_come_out_moved),
		cmocka_unit_test(v6_12_prints_the_errno),
		cmocka_unit_test(v7_2_start_and_zero_pfn),
		cmocka_unit_test(errno_is_derived_only_where_proven),
		cmocka_unit_test(a_passed_test_can_still_be_a_failed_try),
		cmocka_unit_test(the_stage_is_told_from_what_remains),
		cmocka_unit_test(what_has_not_ended_is_under_way),
		cmocka_unit_test(a_search_without_gaps_is_known_as_such),
		cmocka_unit_test(stacks_find_their_event),
		cmocka_unit_test(three_programs_print_the_same_attempts),
		cmocka_unit_test(forgotten_tasks_are_handed_out),
		cmocka_unit_test(tasks_are_kept_apart),
		cmocka_unit_test(attempts_without_an_end),
		cmocka_unit_test(what_a_loss_parts_is_not_joined),
		cmocka_unit_test(tests_of_other_searches_are_left_out),
		cmocka_unit_test(names_may_hold_anything),
		cmocka_unit_test(lines_and_hostile_tasks),
		cmocka_unit_test(a_lost_line_invents_nothing),
		cmocka_unit_test(the_trace_names_the_area_of_the_log),
		tree_test(nothing_recorded_is_not_asked_for),
		cmocka_unit_test(the_record_goes_from_cmas_first_event_to_its_last),
		cmocka_unit_test(lost_events_are_known_only_if_they_are_counted),
		cmocka_unit_test(android_counts_the_ranges_that_failed),
		cmocka_unit_test(migrations_of_a_request_add_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
