// SPDX-License-Identifier: GPL-2.0-or-later
#include "test.h"

#include <errno.h>

#include "analyse/report.h"

/* An area of 64 MiB of which the later reading says that nothing is allocated. */
static struct lt_snapshot *world(void)
{
	struct lt_snapshot *snap = calloc(1, sizeof(*snap));
	struct lt_area *area;

	assert_non_null(snap);
	area = lt_vec_push(&snap->areas);
	assert_non_null(area);
	snap->kernel.page_size = lt_num(4096);
	area->name = "reserved";
	area->source = "cma-debugfs";
	area->nr_pages = lt_num(16384);
	area->nr_allocated = lt_num(0);
	area->largest_free_run = lt_num(16384);
	return snap;
}

static struct lt_attempt *add_failure(struct lt_snapshot *snap, uint64_t nr_pages, int err)
{
	struct lt_attempt *attempt = lt_vec_push(&snap->attempts);

	assert_non_null(attempt);
	*attempt = (struct lt_attempt){ .source = LT_ATTEMPT_LOG, .ts_ns = lt_num(snap->attempts.nr),
					.area = 0, .nr_pages = lt_num(nr_pages),
					.err = lt_num((uint64_t)err), .failed = true, .count = 1 };
	return attempt;
}

static struct lt_attempt *add_seen(struct lt_snapshot *snap, uint64_t nr_pages, int err,
				   uint64_t nr_free, uint64_t largest)
{
	struct lt_attempt *attempt = add_failure(snap, nr_pages, err);

	attempt->nr_free = lt_num(nr_free);
	attempt->largest_free_run = lt_num(largest);
	return attempt;
}

static struct lt_report *judge(const struct lt_snapshot *snap)
{
	struct lt_report *report;

	assert_int_equal(lt_report_make(snap, &report), 0);
	return report;
}

static const struct lt_finding *find(const struct lt_report *report, const char *id)
{
	return lt_findings_get(&report->findings, id);
}

static const struct lt_finding *get(const struct lt_report *report, const char *id)
{
	const struct lt_finding *finding = find(report, id);

	if (!finding)
		fail_msg("no finding %s; headline: %s", id, report->headline);
	assert_non_null(finding->title);
	assert_non_null(finding->text);
	assert_non_null(finding->advice);
	assert_true(finding->evidence.nr);
	return finding;
}

static void done(struct lt_snapshot *snap, struct lt_report *report)
{
	lt_report_free(report);
	lt_areas_free(&snap->areas);
	lt_attempts_free(&snap->attempts);
	free(snap);
}

static void assert_no_evidence(const struct lt_finding *finding, const char *words)
{
	lt_vec_each(statement, &finding->evidence)
		if (strstr(*statement, words))
			fail_msg("%s: %s", finding->id, *statement);
}

static void the_moment_counts_and_not_what_is_read_later(void **state)
{
	struct lt_snapshot *snap = world();
	struct lt_report *report;

	(void)state;
	add_seen(snap, 8192, ENOMEM, 100, 60);
	report = judge(snap);
	assert_int_equal(get(report, "area-exhausted")->confidence, LT_PROVEN);
	assert_no_evidence(get(report, "area-exhausted"), "after the failure");
	assert_non_null(strstr(report->headline, "devices had left only 100 pages (400 KiB) of it "
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
	add_seen(snap, 8192, EBUSY, 9000, 8191);
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
	lt_report_free(report);
	add_failure(snap, 8192, EBUSY);
	report = judge(snap);
	assert_null(get(report, "aborted-by-signal")->explains);
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
	lt_report_free(report);
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
	snap->nr_attempts_suppressed = lt_num(37);
	report = judge(snap);
	assert_non_null(strstr(report->headline, "failed at least 1 time with -EBUSY"));
	done(snap, report);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_moment_counts_and_not_what_is_read_later),
		cmocka_unit_test(a_full_area_of_today_did_not_fail_then),
		cmocka_unit_test(fragments_then),
		cmocka_unit_test(enomem_is_memory_only_where_the_area_had_room),
		cmocka_unit_test(memory_info_is_evidence),
		cmocka_unit_test(a_signal_is_no_fault_of_the_area),
		cmocka_unit_test(who_fell_back_is_not_broken),
		cmocka_unit_test(boot_goes_on_without),
		cmocka_unit_test(what_was_kept_back_makes_counts_lower_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
