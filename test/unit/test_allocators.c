// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/source/process/allocators.c. */
#include "test.h"

#include <unistd.h>

#include "source/process/allocators.h"
#include "base/log_clock.h"
#include "source/process/process_table.h"

/* Where other processes are numbered differently, or there is no clock, nothing can be said. */
static bool is_possible(const struct lt_snapshot *snap)
{
	uint64_t now;

	return !lt_process_table_is_limited(snap->root) && !lt_log_clock_ns(&now);
}

static struct lt_when start_of(struct lt_num tgid, struct lt_num ts_ns, bool has_owner)
{
	struct lt_snapshot snap = { 0 };
	struct lt_when start;
	struct lt_pin *pin;

	assert_int_equal(lt_root_open(NULL, &snap.root), 0);
	for (int i = 0; i < 3; i++) { /* a stranger's before and behind it */
		pin = lt_vec_push(&snap.pins);
		pin->has_owner = true;
		pin->allocated_by.tgid = lt_num(i ? (1u << 30) : 1);
		pin->allocated_by.ts_ns = lt_num(1);
	}
	pin = &snap.pins.v[1];
	pin->has_owner = has_owner;
	pin->allocated_by.tgid = tgid;
	pin->allocated_by.ts_ns = ts_ns;
	assert_int_equal(lt_allocators_time(&snap), 0);
	start = pin->allocated_by.start;
	assert_false(lt_when_is_known(snap.pins.v[0].allocated_by.start));
	assert_false(lt_when_is_known(snap.pins.v[2].allocated_by.start));
	lt_vec_free(&snap.pins);
	lt_root_close(snap.root);
	return start;
}

static void a_process_that_was_there_is_the_one(void **state)
{
	const struct lt_num ours = lt_num((uint64_t)getpid()), late = lt_num(UINT64_MAX);
	struct lt_snapshot snap = { 0 };
	struct lt_when start = start_of(ours, late, true);

	(void)state;
	assert_int_equal(lt_root_open(NULL, &snap.root), 0);
	assert_int_equal(lt_when_is_known(start), is_possible(&snap));
	lt_root_close(snap.root);
	if (lt_when_is_known(start))
		assert_false(lt_when_is_known(start_of(ours, start.earliest_ns, true)));
}

static void an_earlier_process_of_that_number_has_no_start(void **state)
{
	const struct lt_num ours = lt_num((uint64_t)getpid()), late = lt_num(UINT64_MAX);

	(void)state;
	assert_false(lt_when_is_known(start_of(ours, lt_num(1), true)));
	assert_false(lt_when_is_known(start_of(ours, (struct lt_num){ 0 }, true)));
	assert_false(lt_when_is_known(start_of((struct lt_num){ 0 }, late, true)));
	assert_false(lt_when_is_known(start_of(lt_num(1u << 31), late, true)));
	assert_false(lt_when_is_known(start_of(ours, late, false)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_process_that_was_there_is_the_one),
		cmocka_unit_test(an_earlier_process_of_that_number_has_no_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
