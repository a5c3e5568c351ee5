/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TEST_UNIT_JUDGE_H
#define TEST_UNIT_JUDGE_H

#include "test.h"

#include "analyse/report.h"

/* What the tests of rules share: a snapshot made by hand, and the report on it. */

/*
 * One area "reserved", [0x10000, 0x14000): 64 MiB of 4 KiB pages, none allocated by now. The log
 * was read, from the boot on.
 */
static inline struct lt_snapshot *world(void)
{
	struct lt_snapshot *snap = calloc(1, sizeof(*snap));
	struct lt_area *area;

	assert_non_null(snap);
	snap->options.last_stage = LT_STAGE_PROCESSES;
	area = lt_vec_push(&snap->areas);
	assert_non_null(area);
	snap->kernel.page_size = lt_num(4096);
	snap->kernel.pageblock_order = lt_num(9);
	snap->kernel.release = "6.12.1";
	snap->memory.cma_total_kib = lt_num(65536);
	*(struct lt_source_state *)lt_vec_push(&snap->sources) = (struct lt_source_state){
		.name = "klog", .status = LT_STATUS_OK, .proves = "failures"
	};
	*(struct lt_record *)lt_vec_push(&snap->records) =
		(struct lt_record){ .source = LT_ATTEMPT_LOG,
				    .from_ns = lt_num(0),
				    .to_ns = lt_num(UINT64_MAX),
				    .failures = true };
	area->name = "reserved";
	area->source = "cma-debugfs";
	area->nr_pages = lt_num(16384);
	area->nr_allocated = lt_num(0);
	area->largest_free_run = lt_num(16384);
	((struct lt_area_range *)lt_vec_push(&area->ranges))->pfns =
		(struct lt_range){ 0x10000, 0x14000 };
	return snap;
}

static inline struct lt_attempt *add_failure(struct lt_snapshot *snap, uint64_t nr_pages, int err)
{
	struct lt_attempt *attempt = lt_vec_push(&snap->attempts);

	assert_non_null(attempt);
	*attempt = (struct lt_attempt){ .source = LT_ATTEMPT_LOG,
					.ts_ns = lt_num(snap->attempts.nr),
					.area = 0,
					.nr_pages = lt_num(nr_pages),
					.err = lt_num((uint64_t)err),
					.failed = true,
					.count = 1 };
	return attempt;
}

static inline struct lt_report *judge(const struct lt_snapshot *snap)
{
	struct lt_report *report;

	assert_int_equal(lt_report_make(snap, &report), 0);
	return report;
}

static inline const struct lt_finding *find(const struct lt_report *report, const char *id)
{
	return lt_findings_get(&report->findings, id);
}

/* The finding @id, which must be there and whole. */
static inline const struct lt_finding *get(const struct lt_report *report, const char *id)
{
	const struct lt_finding *finding = find(report, id);

	if (!finding)
		fail_msg("no finding %s; headline: %s", id, report->headline);
	assert_non_null(finding->rule->title);
	assert_non_null(finding->text);
	assert_non_null(finding->advice);
	assert_true(finding->evidence.nr);
	return finding;
}

static inline void assert_words(const char *text, const char *words)
{
	if (!strstr(text, words))
		fail_msg("\"%s\" is not in: %s", words, text);
}

/* Whether a statement of @finding's evidence has @words. */
static inline bool has_evidence(const struct lt_finding *finding, const char *words)
{
	lt_vec_each(statement, &finding->evidence)
		if (strstr(*statement, words))
			return true;
	return false;
}

static inline void done(struct lt_snapshot *snap, struct lt_report *report)
{
	lt_report_free(report);
	lt_areas_free(&snap->areas);
	lt_pins_free(&snap->pins);
	lt_attempts_free(&snap->attempts);
	lt_holders_free(&snap->holders);
	lt_vec_each(test, &snap->selftests)
		lt_selftest_fini(test);
	lt_vec_free(&snap->selftests);
	lt_vec_free(&snap->records);
	lt_ledger_free(&snap->ledger);
	lt_vec_free(&snap->sources);
	lt_vec_free(&snap->kernel.options);
	free(snap);
}

#endif
