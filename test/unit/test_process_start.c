// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/source/process/process_start.c. */
#include "test.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <unistd.h>

#include "base/log_clock.h"
#include "source/process/process_start.h"

#define SECOND 1000000000ull
#define TICK 10000000ull
#define OFFSET (2 * SECOND) /* of the log's clock, ahead of CLOCK_BOOTTIME */

/* Read 1000 s after boot; each reading takes 30 ns. */
static const struct lt_process_clocks fine = {
	.log_ns = 1000 * SECOND + OFFSET,
	.before_ns = 1000 * SECOND - 30,
	.after_ns = 1000 * SECOND + 30,
	.suspended_ns = 30,
	.resolution_ns = 1,
	.tick_ns = TICK,
};

static struct lt_when start_at(uint64_t seconds, const struct lt_process_clocks *clocks)
{
	return lt_process_start_when(seconds * 100, clocks);
}

static void assert_within(struct lt_when when, uint64_t earliest_ns, uint64_t latest_ns)
{
	assert_true(lt_when_is_known(when));
	assert_in_range(when.earliest_ns.val, earliest_ns, latest_ns);
	assert_in_range(when.latest_ns.val, earliest_ns, latest_ns);
}

static void assert_holds(struct lt_when when, uint64_t from_ns, uint64_t to_ns)
{
	assert_true(when.earliest_ns.val <= from_ns && to_ns <= when.latest_ns.val);
}

static void a_start_has_a_tick_and_the_drift_of_its_age(void **state)
{
	const uint64_t drift = SECOND / 2000;
	struct lt_when when = start_at(999, &fine);

	(void)state;
	assert_holds(when, 999 * SECOND + OFFSET - drift, 999 * SECOND + OFFSET + TICK + drift);
	assert_within(when, 999 * SECOND + OFFSET - TICK - drift - 100,
		      999 * SECOND + OFFSET + 2 * TICK + drift + 100);
	/* An old process is less well known. */
	assert_holds(start_at(100, &fine), 100 * SECOND + OFFSET - 900 * drift,
		     100 * SECOND + OFFSET + 900 * drift);
}

static void a_coarse_clock_is_a_step_late(void **state)
{
	struct lt_process_clocks coarse = fine;
	struct lt_when when, sharp = start_at(999, &fine);

	(void)state;
	coarse.resolution_ns = 4000001;
	when = start_at(999, &coarse);
	assert_true(when.earliest_ns.val <= sharp.earliest_ns.val - 4000000);
	assert_true(when.latest_ns.val + 4000 >= sharp.latest_ns.val + 4000000);
}

static void suspend_may_have_been_before_or_after(void **state)
{
	struct lt_process_clocks clocks = fine;
	struct lt_when awake = start_at(900, &fine), when;

	(void)state;
	clocks.suspended_ns = 60 * SECOND;
	when = start_at(900, &clocks);
	assert_int_equal(when.earliest_ns.val, awake.earliest_ns.val);
	assert_holds(when, awake.earliest_ns.val, awake.latest_ns.val + 59 * SECOND);
	clocks.suspended_ns = 3600 * SECOND; /* the log's clock stood still: it began by now */
	assert_within(start_at(900, &clocks), awake.earliest_ns.val, clocks.log_ns + TICK);
}

static void nothing_began_before_boot_or_later_than_now(void **state)
{
	struct lt_process_clocks clocks = fine;

	(void)state;
	clocks.log_ns = SECOND; /* behind the other: no start is negative */
	assert_num(start_at(1, &clocks).earliest_ns, 0);
	assert_num(start_at(1, &clocks).latest_ns, SECOND + TICK - (SECOND + TICK));
	assert_holds(start_at(1000, &fine), fine.log_ns, fine.log_ns);
	assert_within(start_at(1000, &fine), fine.log_ns - TICK - 100, fine.log_ns + TICK);
}

/* A machine that takes @step_ns to read a clock, and was suspended for @asleep_ns. */
static uint64_t now_ns, step_ns, asleep_ns;
static unsigned int nr_reads, slow_from, slow_to; /* another process runs before these */

static uint64_t read_clock(clockid_t clock)
{
	now_ns += step_ns + (nr_reads >= slow_from && nr_reads < slow_to ? SECOND : 0);
	nr_reads++;
	return now_ns + (clock == CLOCK_BOOTTIME ? asleep_ns : 0);
}

static int read_log_clock(uint64_t *out)
{
	*out = read_clock(CLOCK_MONOTONIC) + OFFSET;
	return 0;
}

static int read_no_clock(uint64_t *out)
{
	(void)out;
	return -ENOSYS;
}

static void check_clocks(uint64_t step, uint64_t asleep, unsigned int from, unsigned int to)
{
	struct lt_process_clocks clocks;

	now_ns = 1000 * SECOND;
	step_ns = step;
	asleep_ns = asleep;
	nr_reads = 0;
	slow_from = from;
	slow_to = to;
	assert_int_equal(lt_process_clocks_compare(read_clock, read_log_clock, &clocks), 0);
	assert_int_equal(clocks.suspended_ns, asleep + step);
	assert_int_equal(clocks.after_ns - clocks.before_ns, 2 * step);
	assert_int_equal(clocks.log_ns - OFFSET + asleep, clocks.before_ns + step);
}

static void clocks_read_one_after_the_other_do_not_wrap(void **state)
{
	struct lt_process_clocks clocks;

	(void)state;
	check_clocks(0, 0, 0, 0);  /* coarse: all are the same */
	check_clocks(30, 0, 0, 0); /* fine */
	check_clocks(30, 60 * SECOND, 0, 0);
	check_clocks(30, 0, 0, 7);
	check_clocks(30, 0, 9, 17);
	assert_int_equal(lt_process_clocks_compare(read_clock, read_no_clock, &clocks), -ENOSYS);
}

static const struct {
	struct perf_event_header header;
	uint32_t pid, tid;
	char comm[8];
	uint64_t ns;
} comm_record = { { PERF_RECORD_COMM, 0, sizeof(comm_record) }, 1, 1, "ltpin", 1234567890123 };

static void the_log_clock_is_the_end_of_a_record(void **state)
{
	struct perf_event_header lost = { PERF_RECORD_LOST, 0, sizeof(lost) };
	char ring[sizeof(lost) + sizeof(comm_record)];
	uint64_t ns = 7;

	(void)state;
	memcpy(ring, &lost, sizeof(lost));
	memcpy(ring + sizeof(lost), &comm_record, sizeof(comm_record));
	for (size_t len = 0; len < sizeof(ring); len++)
		assert_int_equal(lt_log_clock_parse(ring, len, &ns), -ENODATA);
	assert_int_equal(ns, 7);
	assert_int_equal(lt_log_clock_parse(ring, sizeof(ring), &ns), 0);
	assert_int_equal(ns, 1234567890123);
	lost.size = 0;
	memcpy(ring, &lost, sizeof(lost));
	assert_int_equal(lt_log_clock_parse(ring, sizeof(ring), &ns), -ENODATA);
}

/* Whether perf is allowed to us is not ours to choose: without it there is no answer. */
static void our_own_start_is_before_now(void **state)
{
	uint64_t now = 0;
	int err = lt_log_clock_ns(&now);
	struct lt_root *root;
	struct lt_when when = { 0 };

	(void)state;
	assert_int_equal(lt_root_open(NULL, &root), 0);
	assert_int_equal(lt_process_start(root, getpid(), &when), err ? -EOPNOTSUPP : 0);
	assert_int_equal(lt_when_is_known(when), !err);
	if (!err)
		assert_true(when.earliest_ns.val < now && when.latest_ns.val > TICK);
	assert_int_equal(lt_process_start(root, 1 << 30, &when), -ENOENT);
	lt_root_close(root);
}

static void one_number_is_no_latest(void **state)
{
	struct lt_when when = lt_process_start_since(lt_num(200 * SECOND));

	(void)state;
	assert_num(when.earliest_ns, 190 * SECOND - SECOND / 10);
	assert_unknown(when.latest_ns);
	assert_num(lt_process_start_since(lt_num(0)).earliest_ns, 0);
	assert_unknown(lt_process_start_since((struct lt_num){ 0 }).earliest_ns);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_start_has_a_tick_and_the_drift_of_its_age),
		cmocka_unit_test(a_coarse_clock_is_a_step_late),
		cmocka_unit_test(suspend_may_have_been_before_or_after),
		cmocka_unit_test(nothing_began_before_boot_or_later_than_now),
		cmocka_unit_test(clocks_read_one_after_the_other_do_not_wrap),
		cmocka_unit_test(the_log_clock_is_the_end_of_a_record),
		cmocka_unit_test(our_own_start_is_before_now),
		cmocka_unit_test(one_number_is_no_latest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
