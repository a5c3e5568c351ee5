// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * When processes began. Three clocks take part:
 *
 *	CLOCK_BOOTTIME	goes on in suspend; a process's start is kept by it (start_boottime,
 *			real_start_time before 5.5), and shown in ticks of 1/USER_HZ, rounded down
 *	CLOCK_MONOTONIC	the same without suspend
 *	local_clock()	of the kernel log and of page_owner (log_clock.c). Most stop it in suspend;
 *			x86 lets it go on in suspend to idle
 *
 * A process is as old by one clock as by the other, but for three things. NTP slews the first two
 * by up to 500 ppm, and not the third. Where sched_clock() is not stable, local_clock() of two
 * processors may be a timer tick apart. And how much of the suspend there was came after the
 * process began is not recorded: none or all of it.
 */
#include "source/process/process_start.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "base/log_clock.h"

#define SLEW 2000	       /* 1 / 500 ppm */
#define TIMER_TICK_NS 10000000 /* of the slowest kernels, 100 Hz */

/* In the best of some readings no other process ran between two clocks. */
#define NR_READINGS 4

/* Of one number that old captures have: further apart than the clocks of any kernel seen. */
#define CLOCKS_APART_NS 10000000000

/* proc_pid_stat(5): the name, in parentheses, may hold any byte; starttime is field 22. */
static bool parse_ticks(const struct lt_buf *buf, uint64_t *ticks)
{
	const char *close = memrchr(buf->data, ')', buf->len);
	struct lt_span field;
	struct lt_text text;

	if (!close)
		return false;
	lt_text_init(&text, close + 1, buf->len - (size_t)(close + 1 - buf->data));
	for (int nr = 3; nr < 22; nr++) {
		lt_text_blanks(&text);
		if (!lt_text_word(&text, &field))
			return false;
	}
	lt_text_blanks(&text);
	return lt_text_u64(&text, ticks);
}

static uint64_t to_ns(struct timespec time)
{
	return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static uint64_t read_ns(clockid_t clock)
{
	struct timespec now = { 0 };

	clock_gettime(clock, &now);
	return to_ns(now);
}

int lt_process_clocks_compare(uint64_t (*read)(clockid_t clock), int (*read_log)(uint64_t *out),
			      struct lt_process_clocks *out)
{
	struct lt_process_clocks clocks = { .suspended_ns = UINT64_MAX };
	int err = 0;

	for (int i = 0; i < NR_READINGS; i++) {
		uint64_t monotonic = read(CLOCK_MONOTONIC); /* first: it is never ahead */
		uint64_t boottime = read(CLOCK_BOOTTIME);
		uint64_t apart = boottime > monotonic ? boottime - monotonic : 0;

		clocks.suspended_ns = apart < clocks.suspended_ns ? apart : clocks.suspended_ns;
	}
	for (int i = 0; i < NR_READINGS && !err; i++) {
		uint64_t log_ns = 0, before = read(CLOCK_BOOTTIME), after;

		err = read_log(&log_ns);
		after = read(CLOCK_BOOTTIME);
		if (i && after - before >= clocks.after_ns - clocks.before_ns)
			continue;
		clocks.log_ns = log_ns;
		clocks.before_ns = before;
		clocks.after_ns = after;
	}
	if (!err)
		*out = clocks;
	return err;
}

static uint64_t minus(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

struct lt_when lt_process_start_when(uint64_t ticks, const struct lt_process_clocks *clocks)
{
	uint64_t earliest = ticks * clocks->tick_ns;
	uint64_t latest = earliest + clocks->tick_ns + clocks->resolution_ns;
	uint64_t oldest = minus(clocks->after_ns + clocks->resolution_ns, earliest);
	uint64_t youngest = minus(clocks->before_ns, latest + clocks->suspended_ns);

	oldest += oldest / SLEW + TIMER_TICK_NS;
	youngest -= youngest / SLEW;
	return (struct lt_when){
		.earliest_ns = lt_num(minus(clocks->log_ns, oldest)),
		.latest_ns = lt_num(minus(clocks->log_ns + TIMER_TICK_NS, youngest)),
	};
}

struct lt_when lt_process_start_since(struct lt_num monotonic_ns)
{
	uint64_t apart = CLOCKS_APART_NS + monotonic_ns.val / SLEW;

	if (monotonic_ns.known)
		monotonic_ns.val = minus(monotonic_ns.val, apart);
	return (struct lt_when){ .earliest_ns = monotonic_ns };
}

static int read_ticks(const struct lt_root *root, int pid, uint64_t *ticks)
{
	struct lt_buf buf;
	char path[64];
	int err;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	err = lt_root_read(root, path, &buf);
	if (err)
		return err;
	err = parse_ticks(&buf, ticks) ? 0 : -EBADMSG;
	free(buf.data);
	return err;
}

int lt_process_start(const struct lt_root *root, int pid, struct lt_when *out)
{
	long ticks_per_s = sysconf(_SC_CLK_TCK);
	struct timespec resolution = { 0 };
	struct lt_process_clocks clocks;
	uint64_t ticks = 0;
	int err = read_ticks(root, pid, &ticks);

	if (!err && (ticks_per_s <= 0 || ticks > UINT64_MAX / 4000000000))
		err = -EBADMSG;
	if (err)
		return err;
	if (lt_process_clocks_compare(read_ns, lt_log_clock_ns, &clocks))
		return -EOPNOTSUPP;
	clock_getres(CLOCK_BOOTTIME, &resolution);
	clocks.resolution_ns = to_ns(resolution);
	clocks.tick_ns = 1000000000 / (uint64_t)ticks_per_s;
	*out = lt_process_start_when(ticks, &clocks);
	return 0;
}
