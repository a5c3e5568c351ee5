// SPDX-License-Identifier: GPL-2.0-or-later
/* What is said of a page is what the last attempt that it made fail shows. */
#include "judge.h"

#include <errno.h>

#include "analyse/blocking_page.h"

#define SECOND 1000000000ull
#define PFN 0x10042

static void blocked(struct lt_snapshot *snap, uint64_t at_s, uint64_t pfn)
{
	struct lt_attempt *attempt = add_failure(snap, 0x4000, pfn ? EBUSY : 0);
	struct lt_try *tried = lt_vec_push(&attempt->tries);

	attempt->source = LT_ATTEMPT_TRACE;
	attempt->area_name = "reserved";
	attempt->ts_ns = lt_num(at_s * SECOND);
	attempt->failed = pfn;
	*tried = (struct lt_try){ .pfns = { 0x10000, 0x14000 }, .ok = !pfn, .stage = LT_TRY_TEST };
	if (pfn)
		tried->blocker_pfn = lt_num(pfn);
}

static struct lt_pin *add_pin(struct lt_snapshot *snap, uint64_t pfn, uint64_t nr_pages,
			      uint64_t since_s)
{
	struct lt_pin *pin = lt_vec_push(&snap->pins);

	*pin = (struct lt_pin){
		.pfn = pfn, .nr_pages = nr_pages, .kind = LT_PIN_PINNED, .has_owner = true
	};
	pin->allocated_by.ts_ns = lt_num(since_s * SECOND);
	return pin;
}

static const struct lt_cause_page *said(const struct lt_report *report, size_t pin)
{
	return lt_blocking_pages_find(&report->blocking, report->snap, &report->snap->pins.v[pin]);
}

/* It blocked, was released, and blocked again: by now it is the second holder's. */
static void the_last_attempt_counts(void **state)
{
	struct lt_snapshot *snap = world();
	struct lt_report *report;

	(void)state;
	add_pin(snap, PFN, 1, 4);
	blocked(snap, 5, PFN); /* sources are not in the order of time */
	blocked(snap, 2, PFN);
	report = judge(snap);
	assert_int_equal(report->blocking.nr, 1);
	assert_int_equal(said(report, 0)->state, LT_STATE_HELD_SINCE);
	lt_report_free(report);
	snap->pins.v[0].allocated_by.ts_ns = lt_num(6 * SECOND);
	report = judge(snap);
	assert_int_equal(said(report, 0)->state, LT_STATE_REUSED);
	done(snap, report);
}

/* A folio is named by any of its pages; one that nothing was named of made nothing fail. */
static void a_folio_has_what_is_said_of_its_pages(void **state)
{
	struct lt_snapshot *snap = world();
	struct lt_report *report;

	(void)state;
	add_pin(snap, 0x10040, 4, 1);
	add_pin(snap, 0x10044, 4, 1);
	blocked(snap, 2, 0x10041);
	blocked(snap, 3, 0x10043);
	report = judge(snap);
	assert_int_equal(report->blocking.nr, 2);
	assert_int_equal(said(report, 0)->pfn, 0x10043);
	assert_null(said(report, 1));
	done(snap, report);
}

/* A page that blocked a range of a request which was given the next one made nothing fail. */
static void what_succeeded_has_no_blocking_page(void **state)
{
	struct lt_snapshot *snap = world();
	struct lt_report *report;

	(void)state;
	add_pin(snap, PFN, 1, 1);
	blocked(snap, 2, PFN);
	snap->attempts.v[0].failed = false;
	report = judge(snap);
	assert_int_equal(report->causes.v[0].pages.nr, 1);
	assert_null(said(report, 0));
	done(snap, report);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_attempt_counts),
		cmocka_unit_test(a_folio_has_what_is_said_of_its_pages),
		cmocka_unit_test(what_succeeded_has_no_blocking_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
