// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whether histories would notice: with each of three defects some statement that is called proven must
 * turn out to be wrong. The defects are here, in place of functions of the library (--wrap) and in
 * what was read; the product has no switch for them.
 */
#include <errno.h>
#include <stdio.h>

#include "analyse/clearance.h"
#include "history.h"

#define NR_HISTORIES 1200
#define SHOWN_NONE ((unsigned int)-1)

static bool is_continuity_ignored;

bool __real_lt_pin_is_older(const struct lt_pin *pin, struct lt_when when);
bool __wrap_lt_pin_is_older(const struct lt_pin *pin, struct lt_when when);
struct lt_num __real_lt_clearances_last(const struct lt_clearances *clearances, uint64_t pfn);
struct lt_num __wrap_lt_clearances_last(const struct lt_clearances *clearances, uint64_t pfn);

/* An owner is an owner, whenever the page came to it. */
bool __wrap_lt_pin_is_older(const struct lt_pin *pin, struct lt_when when)
{
	return is_continuity_ignored ? pin->has_owner : __real_lt_pin_is_older(pin, when);
}

/* That it was given to a request in between does not count. */
struct lt_num __wrap_lt_clearances_last(const struct lt_clearances *clearances, uint64_t pfn)
{
	return is_continuity_ignored ? (struct lt_num){ 0 }
				     : __real_lt_clearances_last(clearances, pfn);
}

/* Every failure is one for a page. */
static void ignore_errno(struct lt_snapshot *snap)
{
	lt_vec_each(attempt, &snap->attempts)
		if (attempt->failed)
			attempt->err = lt_num(EBUSY);
}

/* What one area was asked for is held against the other. */
static void mix_areas(struct lt_snapshot *snap)
{
	lt_vec_each(attempt, &snap->attempts)
		if (snap->areas.nr == 2 && attempt->area != LT_NO_AREA)
			attempt->area = 1 - attempt->area;
}

static bool is_noticed(void (*spoil)(struct lt_snapshot *snap))
{
	struct h_run run = { .spoil = spoil, .nr_shown = SHOWN_NONE };

	h_run(&run, 1, NR_HISTORIES);
	calibration_print(&run.calibration);
	return !calibration_is_proven(&run.calibration);
}

static int report(unsigned int nr, bool is_ok, const char *what)
{
	printf("%sok %u - %s\n", is_ok ? "" : "not ", nr, what);
	return !is_ok;
}

int main(void)
{
	int nr_bad;

	printf("1..4\n");
	nr_bad = report(1, !is_noticed(NULL), "without a defect nothing is wrong");
	is_continuity_ignored = true;
	nr_bad += report(2, is_noticed(NULL), "that continuity is ignored is noticed");
	is_continuity_ignored = false;
	nr_bad += report(3, is_noticed(ignore_errno), "that the errno is ignored is noticed");
	nr_bad += report(4, is_noticed(mix_areas), "that areas are mixed is noticed");
	return nr_bad != 0;
}
