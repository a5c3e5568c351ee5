// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/analyse/rule_log.c. */
#include "judge.h"

#include <errno.h>

static struct lt_attempt *add_seen(struct lt_snapshot *snap, uint64_t nr_pages, int err,
				   uint64_t nr_free, uint64_t largest)
{
	struct lt_attempt *attempt = add_failure(snap, nr_pages, err);

	attempt->nr_free = lt_num(nr_free);
	attempt->largest_free_run = lt_num(largest);
	return attempt;
}

static void the_moment_counts_and_not_what_is_read_later(void **state)
{
	struct lt_snapshot *snap = world();
	struct lt_report *report;

	(void)state;
	add_seen(snap, 8192, ENOMEM, 100, 60);
	report = judge(snap);
	assert_int_equal(get(report, "area-exhausted")->confidence, LT_PROVEN);
	assert_false(has_evidence(get(report, "area-exhausted"), "after the failure"));
	assert_non_null(strstr(report->headline, "only 100 pages (400 KiB) of the area was left "
						 "(proven)"));
	done(snap, report);
}

static void a_full_area_of_today_did_not_fail_then(void **state)
{
	struct lt_snapshot *snap = world();
	struct lt_report *report;

	(void)state;
	snap->areas.v[0].nr_allocated = lt_num(16000);
	snap->areas.v[0].largest_free_run = lt_num(384);
	add_seen(snap, 8192, EBUSY, 16384, 16384);
	report = judge(snap);
	assert_null(find(report, "area-exhausted"));
	assert_null(find(report, "area-fragmented"));
	done(snap, report);
}

static void fragments_then(void **state)
{
	struct lt_snapshot *snap = world();
	struct lt_report *report;

	(void)state;
	add_seen(snap, 8192, ENOMEM, 9000, 8191);
	report = judge(snap);
	assert_int_equal(get(report, "area-fragmented")->confidence, LT_PROVEN);
	lt_report_free(report);
	snap->attempts.v[0].largest_free_run = lt_num(8192);
	report = judge(snap);
	assert_null(find(report, "area-fragmented"));
	lt_report_free(report);
	snap->attempts.v[0].largest_free_run = (struct lt_num){ 0 };
	report = judge(snap);
	assert_null(find(report, "area-fragmented"));
	done(snap, report);
}

/* Where -EBUSY means that a range was busy, somebody else took the room later. */
static void busy_is_no_lack_of_room_unless_the_kernel_says_so(void **state)
{
	struct lt_snapshot *snap = world();
	struct lt_attempt *attempt = add_seen(snap, 8192, EBUSY, 9000, 8191);
	struct lt_report *report = judge(snap);

	(void)state;
	assert_null(find(report, "area-fragmented"));
	assert_words(report->headline, "no source that could be read says why");
	lt_report_free(report);
	snap->areas.v[0].source = "klog";
	report = judge(snap);
	assert_null(find(report, "area-fragmented"));
	assert_words(report->headline, "the log shows no run longer than 8191 pages (32.0 MiB) not "
				       "allocated, which is too little. From 6.15 on that is why");
	lt_report_free(report);
	attempt->is_busy_if_full = true;
	report = judge(snap);
	assert_int_equal(get(report, "area-fragmented")->confidence, LT_PROVEN);
	assert_words(report->headline, "no pin is involved");
	done(snap, report);
}

static void enomem_is_memory_only_where_the_area_had_room(void **state)
{
	struct lt_snapshot *snap = world();
	struct lt_attempt *attempt = add_seen(snap, 1000, ENOMEM, 16000, 16000);
	struct lt_report *report = judge(snap);

	(void)state;
	assert_int_equal(get(report, "migration-target-enomem")->confidence, LT_PROVEN);
	lt_report_free(report);
	attempt->largest_free_run = lt_num(1000 + 1023); /* any 1000 pages, aligned like 1024 */
	report = judge(snap);
	assert_int_equal(get(report, "migration-target-enomem")->confidence, LT_PROVEN);
	lt_report_free(report);
	attempt->largest_free_run = lt_num(1000 + 1022);
	report = judge(snap);
	assert_int_equal(get(report, "migration-target-enomem")->confidence, LT_LIKELY);
	lt_report_free(report);
	attempt->largest_free_run = lt_num(1000 + 254); /* aligned as drivers are */
	report = judge(snap);
	assert_null(find(report, "migration-target-enomem"));
	assert_words(report->headline,
		     "either the request may not begin where it lies (alignment), "
		     "or there was no memory to move its pages to");
	lt_report_free(report);
	attempt->align = lt_num(8);
	attempt->largest_free_run = lt_num(1000 + 255);
	report = judge(snap);
	assert_int_equal(get(report, "migration-target-enomem")->confidence, LT_PROVEN);
	lt_report_free(report);
	attempt->largest_free_run = lt_num(999);
	report = judge(snap);
	assert_null(find(report, "migration-target-enomem"));
	lt_report_free(report);
	attempt->largest_free_run = lt_num(16000);
	attempt->err = lt_num(EBUSY);
	report = judge(snap);
	assert_null(find(report, "migration-target-enomem"));
	done(snap, report);
}

static void memory_info_is_evidence(void **state)
{
	struct lt_snapshot *snap = world();
	struct lt_attempt *attempt = add_seen(snap, 1000, ENOMEM, 16000, 16000);
	const struct lt_finding *finding;
	struct lt_report *report;
	bool is_told = false;

	(void)state;
	attempt->free_elsewhere_kib = lt_num(4000);
	attempt->min_elsewhere_kib = lt_num(3072);
	report = judge(snap);
	finding = get(report, "migration-target-enomem");
	lt_vec_each(statement, &finding->evidence)
		is_told = is_told || strstr(*statement, "4000 KiB free outside CMA");
	assert_true(is_told);
	done(snap, report);
}

static void a_signal_is_no_fault_of_the_area(void **state)
{
	struct lt_snapshot *snap = world();
	struct lt_report *report;

	(void)state;
	add_failure(snap, 8192, EINTR);
	report = judge(snap);
	assert_int_equal(get(report, "aborted-by-signal")->severity, LT_INFO);
	assert_non_null(strstr(report->headline, "-EINTR: a fatal signal ended it"));
	/* Pages may have blocked ranges before it came. */
	assert_null(strstr(report->headline, "no pin"));
	lt_report_free(report);
	add_failure(snap, 8192, EBUSY);
	report = judge(snap);
	assert_int_equal(get(report, "aborted-by-signal")->explains->count, 1);
	assert_words(report->headline, "failed with -EBUSY");
	done(snap, report);
}

static void who_fell_back_is_not_broken(void **state)
{
	struct lt_snapshot *snap = world();
	struct lt_report *report;

	(void)state;
	add_seen(snap, 8192, ENOMEM, 100, 60)->fallback = "isp: alloc failed, falling back";
	report = judge(snap);
	assert_int_equal(get(report, "failed-but-fell-back")->severity, LT_INFO);
	assert_int_equal(get(report, "area-exhausted")->severity, LT_INFO);
	assert_null(find(report, "boot-fallback"));
	assert_false(get(report, "failed-but-fell-back")->clears_pins);
	lt_report_free(report);
	/* Harmless is harmless, however much was asked for. */
	snap->attempts.v[0].nr_pages = lt_num(20000);
	report = judge(snap);
	assert_int_equal(get(report, "request-too-large")->severity, LT_INFO);
	lt_report_free(report);
	snap->attempts.v[0].nr_pages = lt_num(8192);
	/* another one did not */
	add_seen(snap, 8192, ENOMEM, 100, 60);
	report = judge(snap);
	assert_int_equal(get(report, "area-exhausted")->severity, LT_CRITICAL);
	assert_null(get(report, "failed-but-fell-back")->explains);
	done(snap, report);
}

static void boot_goes_on_without(void **state)
{
	struct lt_snapshot *snap = world();
	struct lt_report *report;

	(void)state;
	add_failure(snap, 64, ENOMEM)->fallback =
		"DMA: preallocated 256 KiB GFP_KERNEL pool for atomic allocations";
	report = judge(snap);
	assert_int_equal(get(report, "boot-fallback")->confidence, LT_PROVEN);
	assert_null(find(report, "failed-but-fell-back"));
	done(snap, report);
}

static void what_was_kept_back_makes_counts_lower_bounds(void **state)
{
	struct lt_snapshot *snap = world();
	struct lt_report *report;

	(void)state;
	add_failure(snap, 8192, EBUSY);
	snap->records.v[0].nr_lost = snap->nr_attempts_suppressed = lt_num(37);
	report = judge(snap);
	assert_words(report->headline, "failed at least once with -EBUSY");
	assert_true(has_evidence(find(report, "evidence-missing"),
				 "suppressed 37 lines about failed cma_alloc calls"));
	lt_report_free(report);
	snap->records.v[0].nr_lost.known = snap->nr_attempts_suppressed.known = false;
	report = judge(snap);
	assert_null(strstr(report->headline, "at least"));
	assert_null(find(report, "evidence-missing"));
	lt_report_free(report);
	snap->records.v[0].from_ns = lt_num(1500000000);
	report = judge(snap);
	assert_words(report->headline, "failed at least once with -EBUSY");
	assert_true(has_evidence(find(report, "evidence-missing"), "begins 1.5 s after boot"));
	done(snap, report);
}

/* A range that was given to the request, and no test of it: on every kernel that is memory. */
static void a_range_that_ends_the_search_lacks_memory(void **state)
{
	struct lt_snapshot *snap = world();
	struct lt_attempt *attempt = add_failure(snap, 512, ENOMEM);
	struct lt_try *tried = lt_vec_push(&attempt->tries);
	struct lt_report *report;

	(void)state;
	attempt->source = LT_ATTEMPT_TRACE;
	*tried = (struct lt_try){ .pfns = { 0x10200, 0x10400 }, .stage = LT_TRY_MIGRATE };
	report = judge(snap);
	assert_int_equal(get(report, "migration-target-enomem")->confidence, LT_PROVEN);
	assert_words(report->headline,
		     "the run at PFN 0x10200 was not allocated, but no memory was left "
		     "to move the pages in it to (proven); no pin is involved.");
	lt_report_free(report);
	tried->stage = LT_TRY_UNKNOWN;
	report = judge(snap);
	assert_int_equal(get(report, "migration-target-enomem")->confidence, LT_LIKELY);
	lt_report_free(report);
	/* Had a page not been in the way before, the search would not have come here. */
	tried->stage = LT_TRY_TEST;
	tried->blocker_pfn = lt_num(0x10201);
	*(struct lt_try *)lt_vec_push(&attempt->tries) =
		(struct lt_try){ .pfns = { 0x10400, 0x10600 }, .stage = LT_TRY_MIGRATE };
	report = judge(snap);
	assert_false(get(report, "migration-target-enomem")->clears_pins);
	assert_null(strstr(get(report, "migration-target-enomem")->text, "No pin"));
	lt_report_free(report);
	/* The range that it ended at need not be known: one without another run ends with -EBUSY. */
	attempt->tries.nr = 1;
	report = judge(snap);
	assert_int_equal(get(report, "migration-target-enomem")->confidence, LT_LIKELY);
	assert_words(report->headline,
		     "after a range that was busy, no memory was left to move the "
		     "pages of another one to (likely)");
	assert_null(strstr(report->headline, "no pin"));
	lt_report_free(report);
	/* The log's range was busy: the search did not end there, and it may be another's. */
	attempt->source = LT_ATTEMPT_LOG;
	tried = attempt->tries.v;
	tried->blocker_pfn.known = false;
	report = judge(snap);
	assert_int_equal(get(report, "migration-target-enomem")->confidence, LT_LIKELY);
	assert_null(strstr(report->headline, "the run at PFN"));
	done(snap, report);
}

/* Who holds the area now is said to do so now. */
static void the_holders_of_today_are_named_as_such(void **state)
{
	struct lt_snapshot *snap = world();
	const struct lt_finding *finding;
	struct lt_report *report;

	(void)state;
	add_seen(snap, 8192, ENOMEM, 100, 60);
	*(struct lt_holder *)lt_vec_push(&snap->holders) =
		(struct lt_holder){ .kind = LT_HOLDER_DRIVER,
				    .name = "vb2_dc_alloc",
				    .nr_pages = lt_num(12000),
				    .area = 0 };
	report = judge(snap);
	finding = get(report, "area-exhausted");
	assert_true(has_evidence(finding, "allocated by vb2_dc_alloc (page_owner)"));
	assert_true(has_evidence(finding, "was read after the failure"));
	assert_words(finding->advice,
		     "Device memory in it now was allocated by vb2_dc_alloc (12000 "
		     "pages)");
	assert_string_equal(finding->confirm, "ltpin owners --cma --by stack,task");
	snap->holders.v[0].area = LT_NO_AREA;
	lt_report_free(report);
	report = judge(snap);
	assert_false(has_evidence(get(report, "area-exhausted"), "vb2_dc_alloc"));
	snap->holders.v[0] = (struct lt_holder){ .kind = LT_HOLDER_DMA_BUF,
						 .name = "isp_export",
						 .nr_pages = lt_num(385),
						 .nr_buffers = lt_num(3),
						 .area = LT_NO_AREA };
	lt_report_free(report);
	report = judge(snap);
	finding = get(report, "area-exhausted");
	assert_true(has_evidence(finding, "3 dma-bufs of exporter isp_export, 385 pages"));
	assert_non_null(strstr(finding->advice, "hold buffers now"));
	done(snap, report);
}

/* A quarter that is given out is not most of it. */
static void the_size_that_the_log_has_is_told(void **state)
{
	struct lt_snapshot *snap = world();
	struct lt_attempt *attempt = add_seen(snap, 3500, ENOMEM, 3000, 3000);
	const struct lt_finding *finding;
	struct lt_report *report;

	(void)state;
	attempt->nr_area = lt_num(4096);
	report = judge(snap);
	finding = get(report, "area-exhausted");
	assert_string_equal(finding->rule->title, "too little of the area was free");
	assert_true(has_evidence(finding, "of 4096 not allocated"));
	done(snap, report);
}

/* A kernel with ranges says -EBUSY of a full area: -ENOMEM is memory, though nothing else is told. */
static void the_errno_of_a_full_area_differs(void **state)
{
	struct lt_snapshot *snap = world();
	struct lt_attempt *attempt = add_failure(snap, 512, ENOMEM);
	struct lt_report *report;

	(void)state;
	report = judge(snap);
	assert_null(find(report, "migration-target-enomem"));
	lt_report_free(report);
	snap->areas.v[0].has_ranges_dir = true;
	report = judge(snap);
	assert_int_equal(get(report, "migration-target-enomem")->confidence, LT_PROVEN);
	assert_words(report->headline, "no memory was left to move the area's pages to (proven).");
	lt_report_free(report);
	/* And the area that is full now was not, when -ENOMEM came. */
	snap->areas.v[0].nr_allocated = lt_num(16000);
	snap->areas.v[0].largest_free_run = lt_num(384);
	report = judge(snap);
	assert_null(find(report, "area-exhausted"));
	lt_report_free(report);
	attempt->err = lt_num(EBUSY);
	report = judge(snap);
	assert_int_equal(get(report, "area-exhausted")->confidence, LT_LIKELY);
	lt_report_free(report);
	/* An older one says -EBUSY of pages alone. */
	snap->areas.v[0].has_ranges_dir = false;
	report = judge(snap);
	assert_null(find(report, "area-exhausted"));
	lt_report_free(report);
	/* And if nothing tells which it is, it may be. */
	snap->areas.v[0].source = "klog";
	report = judge(snap);
	assert_int_equal(get(report, "area-exhausted")->confidence, LT_HINT);
	assert_null(get(report, "area-exhausted")->explains);
	done(snap, report);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_moment_counts_and_not_what_is_read_later),
		cmocka_unit_test(a_full_area_of_today_did_not_fail_then),
		cmocka_unit_test(fragments_then),
		cmocka_unit_test(busy_is_no_lack_of_room_unless_the_kernel_says_so),
		cmocka_unit_test(enomem_is_memory_only_where_the_area_had_room),
		cmocka_unit_test(memory_info_is_evidence),
		cmocka_unit_test(a_signal_is_no_fault_of_the_area),
		cmocka_unit_test(who_fell_back_is_not_broken),
		cmocka_unit_test(boot_goes_on_without),
		cmocka_unit_test(what_was_kept_back_makes_counts_lower_bounds),
		cmocka_unit_test(a_range_that_ends_the_search_lacks_memory),
		cmocka_unit_test(the_holders_of_today_are_named_as_such),
		cmocka_unit_test(the_size_that_the_log_has_is_told),
		cmocka_unit_test(the_errno_of_a_full_area_differs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
