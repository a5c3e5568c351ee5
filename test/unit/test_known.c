// SPDX-License-Identifier: GPL-2.0-or-later
/* What is known is quoted where it shows, with its commits, and nowhere else. */
#include "judge.h"

#include <errno.h>

static struct lt_selftest *add_test(struct lt_snapshot *snap, const char *name,
				    enum lt_outcome outcome)
{
	struct lt_selftest *test =
		snap->selftests.nr ? snap->selftests.v : lt_vec_push(&snap->selftests);

	*(struct lt_case_result *)lt_vec_push(&test->cases) =
		(struct lt_case_result){ .name = name, .outcome = outcome };
	return test;
}

static struct lt_pin *add_pin(struct lt_snapshot *snap, enum lt_pin_kind kind)
{
	struct lt_pin *pin = lt_vec_push(&snap->pins);

	*pin = (struct lt_pin){ .pfn = 0x10042, .nr_pages = 1, .kind = kind };
	return pin;
}

static void assert_known(struct lt_snapshot *snap, const char *id, const char *commit, bool want)
{
	struct lt_report *report = judge(snap);

	if (has_evidence(get(report, id), commit) != want)
		fail_msg("%s: %s %s", id, commit, want ? "is missing" : "is quoted");
	lt_report_free(report);
}

static void the_pcplist(void **state)
{
	struct lt_snapshot *snap = world();

	(void)state;
	add_test(snap, "fresh", LT_OUTCOME_LANDED);
	add_test(snap, "race", LT_OUTCOME_LANDED);
	assert_known(snap, "longterm-pin-in-cma", "1d91df85f399", true);
	assert_known(snap, "longterm-pin-in-cma", "1aaf8c122918", false);
	done(snap, NULL);
	snap = world();
	add_test(snap, "in-cma", LT_OUTCOME_LIVELOCK);
	assert_known(snap, "longterm-pin-livelock", "1d91df85f399", true);
	done(snap, NULL);
}

static void the_race(void **state)
{
	struct lt_snapshot *snap = world();

	(void)state;
	add_test(snap, "fresh", LT_OUTCOME_KEPT);
	add_test(snap, "race-fast", LT_OUTCOME_LANDED);
	assert_known(snap, "longterm-pin-in-cma", "517f496e1e61", true);
	assert_known(snap, "longterm-pin-in-cma", "1d91df85f399", false);
	add_test(snap, "in-cma", LT_OUTCOME_LANDED); /* no race is needed */
	assert_known(snap, "longterm-pin-in-cma", "517f496e1e61", false);
	done(snap, NULL);
}

static void the_isolated_block(void **state)
{
	struct lt_snapshot *snap = world();
	struct lt_pin *pin = add_pin(snap, LT_PIN_PINNED);
	struct lt_attempt *attempt = add_failure(snap, 512, EBUSY);
	struct lt_try *tried = lt_vec_push(&attempt->tries);

	(void)state;
	pin->has_pinner = true;
	pin->pinned_by.longterm = LT_LONGTERM_YES;
	pin->pinned_by.ts_ns = lt_num(1005);
	attempt->ts_ns = lt_num(1000);
	attempt->latency_ns = lt_num(10);
	tried->pfns = (struct lt_range){ 0x10000, 0x10200 };
	assert_known(snap, "longterm-pin-in-cma", "1c563432588d", true);
	pin->pinned_by.ts_ns = lt_num(1011); /* after it */
	assert_known(snap, "longterm-pin-in-cma", "1c563432588d", false);
	pin->pinned_by.ts_ns = lt_num(1005);
	tried->pfns = (struct lt_range){ 0x10200, 0x10400 }; /* elsewhere */
	assert_known(snap, "longterm-pin-in-cma", "1c563432588d", false);
	add_test(snap, "isolated", LT_OUTCOME_LANDED)->cases.v[0].is_promised = lt_num(0);
	assert_known(snap, "pin-in-cma", "1c563432588d", true);
	done(snap, NULL);
}

static void a_traced_pin_that_stays_convicts(void **state)
{
	struct lt_snapshot *snap = world();
	struct lt_pin *pin = add_pin(snap, LT_PIN_PINNED);
	struct lt_report *report;

	(void)state;
	pin->has_pinner = true;
	pin->pinned_by = (struct lt_pinner){ .pid = lt_num(812),
					     .comm = "camera-hal",
					     .longterm = LT_LONGTERM_YES };
	report = judge(snap);
	assert_int_equal(get(report, "longterm-pin-in-cma")->confidence, LT_PROVEN);
	assert_true(has_evidence(
		get(report, "longterm-pin-in-cma"),
		"page 0x10042 in \"reserved\" is pinned, and camera-hal[812] pinned it "
		"with FOLL_LONGTERM"));
	lt_report_free(report);
	pin->pinned_by.longterm = LT_LONGTERM_NO; /* nobody promised anything */
	report = judge(snap);
	assert_null(find(report, "longterm-pin-in-cma"));
	done(snap, report);
}

static void the_list_of_huge_pages(void **state)
{
	struct lt_snapshot *snap = world();
	struct lt_pin *pin = add_pin(snap, LT_PIN_UNMOVABLE);

	(void)state;
	pin->nr_pages = 512;
	pin->has_owner = true;
	pin->allocated_by.order = 9;
	assert_known(snap, "unmovable-in-cma", "bf14ed81f571", true);
	pin->allocated_by.order = 0;
	assert_known(snap, "unmovable-in-cma", "bf14ed81f571", false);
	done(snap, NULL);
}

static void the_lock_of_cma(void **state)
{
	struct lt_snapshot *snap = world();

	(void)state;
	for (uint64_t i = 0; i < 2; i++) {
		struct lt_attempt *attempt = add_failure(snap, 512, EBUSY);

		attempt->source = LT_ATTEMPT_TRACE;
		attempt->caller = i ? "camera-1" : "video-2";
		attempt->ts_ns = lt_num(1000 + i);
		attempt->latency_ns = lt_num(10);
		*(struct lt_try *)lt_vec_push(&attempt->tries) =
			(struct lt_try){ .pfns = { 0x10000, 0x10200 }, .stage = LT_TRY_ISOLATE };
	}
	assert_known(snap, "isolation-contention", "60a60e32cf91", true);
	snap->attempts.v[0].tries.v[0].pfns = (struct lt_range){ 0x12000, 0x12200 };
	assert_known(snap, "isolation-contention", "60a60e32cf91", false);
	done(snap, NULL);
}

static void a_driver_without_longterm(void **state)
{
	static const char *const frames[] = { "pin_user_pages_locked+0x10/0x20",
					      "get_vaddr_frames+0x9c/0x200 [videobuf2_memops]" };
	static const char *const others[] = { "get_vaddr_frames_of_another+0x1/0x2" };
	struct lt_stacks *stacks = lt_stacks_new();
	struct lt_snapshot *snap = world();
	struct lt_pin *pin = add_pin(snap, LT_PIN_PINNED);

	(void)state;
	pin->has_pinner = true;
	pin->pinned_by.stack = lt_stacks_add(stacks, frames, 2);
	assert_known(snap, "pin-in-cma", "known of other kernels: V4L2 with USERPTR buffers", true);
	pin->pinned_by.stack = lt_stacks_add(stacks, others, 1);
	assert_known(snap, "pin-in-cma", "known of", false);
	pin->allocated_by.stack =
		lt_stacks_add(stacks, frames, 2); /* allocated by is not pinned by */
	pin->has_owner = true;
	assert_known(snap, "pin-in-cma", "known of", false);
	done(snap, NULL);
	lt_stacks_free(stacks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_pcplist),
		cmocka_unit_test(the_race),
		cmocka_unit_test(the_isolated_block),
		cmocka_unit_test(a_traced_pin_that_stays_convicts),
		cmocka_unit_test(the_list_of_huge_pages),
		cmocka_unit_test(the_lock_of_cma),
		cmocka_unit_test(a_driver_without_longterm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
