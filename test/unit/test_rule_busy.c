// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/analyse/rule_busy.c. */
#include "judge.h"

#include <errno.h>

#define MS 1000000ull

/* A request for @nr_pages that @caller made from @begin_ms on, and that failed with @err. */
static struct lt_attempt *add_traced(struct lt_snapshot *snap, const char *caller,
				     uint64_t nr_pages, uint64_t begin_ms, uint64_t length_ms,
				     int err)
{
	struct lt_attempt *attempt = add_failure(snap, nr_pages, err);

	attempt->source = LT_ATTEMPT_TRACE;
	attempt->caller = caller;
	attempt->ts_ns = lt_num(begin_ms * MS);
	attempt->latency_ns = lt_num(length_ms * MS);
	return attempt;
}

static void add_try(struct lt_attempt *attempt, uint64_t start_pfn, enum lt_stage_of_try stage)
{
	struct lt_try *tried = lt_vec_push(&attempt->tries);

	tried->pfns = (struct lt_range){ start_pfn, start_pfn + attempt->nr_pages.val };
	tried->stage = stage;
}

/* A camera was refused [0x10000, 0x10200) from 1.000 to 1.010 s. */
static struct lt_snapshot *refused(void)
{
	struct lt_snapshot *snap = world();

	add_try(add_traced(snap, "camera-1", 512, 1000, 10, EBUSY), 0x10000, LT_TRY_ISOLATE);
	return snap;
}

static void one_pageblock_for_two_is_contention(void **state)
{
	struct lt_snapshot *snap = refused();
	struct lt_attempt *rival = add_traced(snap, "video-2", 64, 1005, 10, 0);
	const struct lt_finding *finding;
	struct lt_report *report;

	(void)state;
	rival->failed = false;
	add_try(rival, 0x10040, LT_TRY_UNKNOWN);
	rival->tries.v[0].ok = true;
	report = judge(snap);
	finding = get(report, "isolation-contention");
	assert_int_equal(finding->confidence, LT_LIKELY);
	assert_int_equal(finding->severity, LT_CRITICAL);
	assert_true(has_evidence(finding, "video-2 asked for 64 pages"));
	assert_string_equal(finding->confirm, "ltpin explain reserved 512");
	assert_null(find(report, "isolation-refused"));
	assert_words(report->headline, "no page blocked, but another allocation that was under way "
				       "(likely); no pin is involved.");
	done(snap, report);
}

/* One after the other, in another pageblock, or by the same task: each alone is no contention. */
static void who_was_not_there_is_not_blamed(void **state)
{
	static const struct {
		const char *caller;
		uint64_t begin_ms, start_pfn;
		size_t area;
	} others[] = {
		{ "video-2", 1011, 0x10040, 0 },
		{ "video-2", 980, 0x10040, 0 },
		{ "video-2", 1005, 0x20000, 1 },
		{ "camera-1", 1005, 0x10040, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		struct lt_snapshot *snap = refused();
		struct lt_attempt *other =
			add_traced(snap, others[i].caller, 64, others[i].begin_ms, 10, EBUSY);
		struct lt_report *report;

		other->area = others[i].area;
		((struct lt_area *)lt_vec_push(&snap->areas))->name = "modem";
		add_try(other, others[i].start_pfn, LT_TRY_TEST);
		report = judge(snap);
		if (find(report, "isolation-contention"))
			fail_msg("case %zu: %s", i, report->headline);
		assert_non_null(find(report, "isolation-refused"));
		done(snap, report);
	}
}

/* In one area at once, but nothing says that they met. */
static void elsewhere_in_the_area_is_a_hint(void **state)
{
	struct lt_snapshot *snap = refused();
	const struct lt_finding *finding;
	struct lt_report *report;

	(void)state;
	add_try(add_traced(snap, "video-2", 64, 1005, 10, EBUSY), 0x13000, LT_TRY_TEST);
	report = judge(snap);
	finding = get(report, "isolation-contention");
	assert_int_equal(finding->confidence, LT_HINT);
	assert_int_equal(finding->severity, LT_WARNING);
	assert_null(finding->explains);
	done(snap, report);
}

static void a_page_in_the_way_is_no_contention(void **state)
{
	struct lt_snapshot *snap = refused();
	struct lt_report *report;

	(void)state;
	add_try(add_traced(snap, "video-2", 64, 1005, 10, EBUSY), 0x10040, LT_TRY_TEST);
	snap->attempts.v[0].tries.v[0].stage = LT_TRY_TEST;
	snap->attempts.v[0].tries.v[0].blocker_pfn = lt_num(0x10007);
	report = judge(snap);
	assert_null(find(report, "isolation-contention"));
	assert_null(find(report, "isolation-refused"));
	done(snap, report);
}

static void refused_by_nobody_that_is_known(void **state)
{
	struct lt_snapshot *snap = refused();
	const struct lt_finding *finding;
	struct lt_report *report = judge(snap);

	(void)state;
	finding = get(report, "isolation-refused");
	assert_int_equal(finding->confidence, LT_PROVEN);
	assert_true(has_evidence(finding, "1 could not be isolated, and no page is named"));
	assert_words(report->headline, "the kernel could not isolate the range (proven); no pin is "
				       "involved.");
	lt_report_free(report);
	snap->attempts.v[0].tries.v[0].stage =
		LT_TRY_UNKNOWN; /* nothing tells that it was refused */
	report = judge(snap);
	assert_null(find(report, "isolation-refused"));
	done(snap, report);
}

/* The same request met a page another time: each attempt has its own cause. */
static void a_refusal_beside_a_page_explains_itself(void **state)
{
	struct lt_snapshot *snap = refused();
	struct lt_attempt *attempt = add_traced(snap, "camera-1", 512, 2000, 10, EBUSY);
	struct lt_report *report;

	(void)state;
	add_try(attempt, 0x10000, LT_TRY_TEST);
	attempt->tries.v[0].blocker_pfn = lt_num(0x10007);
	report = judge(snap);
	assert_int_equal(get(report, "isolation-refused")->explains->count, 1);
	assert_int_equal(get(report, "page-in-the-way")->explains->count, 1);
	done(snap, report);
}

/* Two requests for more than half of the area at once: the second finds no run, then both fail. */
static void a_claimed_run_is_contention(void **state)
{
	static const int errs[] = { ENOMEM, EBUSY }; /* up to 6.12, and on 7.2 */

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct lt_snapshot *snap = world();
		struct lt_attempt *claimant = add_traced(snap, "video-2", 9000, 990, 100, EBUSY);
		struct lt_report *report;

		add_try(claimant, 0x10000, LT_TRY_TEST);
		add_traced(snap, "camera-1", 8192, 1000, 0, errs[i]);
		report = judge(snap);
		assert_int_equal(get(report, "isolation-contention")->confidence, LT_LIKELY);
		assert_words(report->headline, "no pin is involved");
		lt_report_free(report);
		claimant = &snap->attempts.v[0];    /* the vector has moved */
		claimant->latency_ns.known = false; /* 5.10 tells of ends alone */
		claimant->ts_ns = lt_num(1090 * MS);
		report = judge(snap);
		assert_int_equal(get(report, "isolation-contention")->confidence, LT_HINT);
		assert_null(get(report, "isolation-contention")->explains);
		lt_report_free(report);
		claimant->latency_ns.known = true;
		claimant->ts_ns = lt_num(990 * MS);
		claimant->nr_pages = lt_num(8192); /* both fit */
		report = judge(snap);
		assert_null(find(report, "isolation-contention"));
		done(snap, report);
	}
}

static void a_full_area_is_not_claimed(void **state)
{
	struct lt_snapshot *snap = world();
	struct lt_report *report;

	(void)state;
	snap->areas.v[0].nr_allocated = lt_num(12000);
	snap->areas.v[0].largest_free_run = lt_num(4384);
	add_try(add_traced(snap, "video-2", 4300, 990, 100, EBUSY), 0x10000, LT_TRY_TEST);
	add_traced(snap, "camera-1", 8192, 1000, 0, ENOMEM);
	report = judge(snap);
	assert_null(find(report, "isolation-contention"));
	assert_non_null(find(report, "area-exhausted"));
	done(snap, report);
}

static void a_single_page_that_cannot_be_had_hints_at_the_kernel(void **state)
{
	struct lt_snapshot *snap = world();
	struct lt_attempt *attempt = add_failure(snap, 1, EBUSY);
	const struct lt_finding *finding;
	struct lt_report *report;

	(void)state;
	attempt->nr_free = lt_num(12000);
	attempt->largest_free_run = lt_num(12000);
	report = judge(snap);
	finding = get(report, "kernel-regression-hint");
	assert_int_equal(finding->confidence, LT_HINT);
	assert_true(has_evidence(
		finding, "12000 pages (46.9 MiB) not allocated then, and not known to be pinned"));
	lt_report_free(report);
	snap->areas.v[0].nr_pinned = lt_num(12000); /* all of them */
	report = judge(snap);
	assert_null(find(report, "kernel-regression-hint"));
	lt_report_free(report);
	snap->areas.v[0].nr_pinned = lt_num(0);
	attempt->nr_free = lt_num(0); /* 7.2 says -EBUSY of a full area */
	report = judge(snap);
	assert_null(find(report, "kernel-regression-hint"));
	done(snap, report);
}

static void nothing_ever_works_hints_at_the_kernel(void **state)
{
	struct lt_snapshot *snap = world();
	struct lt_report *report;

	(void)state;
	for (uint64_t i = 0; i < 5; i++)
		add_failure(snap, 100 + i, EBUSY);
	report = judge(snap);
	assert_null(find(report, "kernel-regression-hint")); /* the log is silent on success */
	lt_report_free(report);
	snap->memory.cma_alloc_success = lt_num(0);
	report = judge(snap);
	assert_int_equal(get(report, "kernel-regression-hint")->confidence, LT_HINT);
	lt_report_free(report);
	snap->attempts.v[2].err = lt_num(ENOMEM);
	report = judge(snap);
	assert_null(find(report, "kernel-regression-hint"));
	lt_report_free(report);
	snap->attempts.v[2].err = lt_num(EBUSY);
	snap->memory.cma_alloc_success = lt_num(1);
	report = judge(snap);
	assert_null(find(report, "kernel-regression-hint"));
	done(snap, report);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_pageblock_for_two_is_contention),
		cmocka_unit_test(who_was_not_there_is_not_blamed),
		cmocka_unit_test(elsewhere_in_the_area_is_a_hint),
		cmocka_unit_test(a_page_in_the_way_is_no_contention),
		cmocka_unit_test(refused_by_nobody_that_is_known),
		cmocka_unit_test(a_refusal_beside_a_page_explains_itself),
		cmocka_unit_test(a_claimed_run_is_contention),
		cmocka_unit_test(a_full_area_is_not_claimed),
		cmocka_unit_test(a_single_page_that_cannot_be_had_hints_at_the_kernel),
		cmocka_unit_test(nothing_ever_works_hints_at_the_kernel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
