/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ACT_SELFTEST_WATCHDOG_H
#define LT_ACT_SELFTEST_WATCHDOG_H

#include <signal.h>

#include "act/selftest/selftest_run.h"
#include "base/compiler.h"
#include "base/num.h"

/* How a case, run in a process of its own, came to its end. */
enum lt_watchdog_end {
	LT_WATCHDOG_DONE,     /* by itself; lt_case_run.err tells whether well */
	LT_WATCHDOG_DIED,     /* killed by somebody else, or crashed */
	LT_WATCHDOG_LIVELOCK, /* a pin did not return while the pin counters climbed; killed */
	LT_WATCHDOG_TIMEOUT,  /* killed */
	LT_WATCHDOG_STOPPED,  /* killed: we were asked to stop */
};

/**
 * struct lt_watchdog - how to watch, and what was seen
 * @timeout_ms: in: for the whole case
 * @stop:	in: becomes non-zero when we are asked to stop; may be NULL
 * @progress:	in: called now and then; may be NULL
 * @end:	out
 * @elapsed_ms: out: until the process was gone, or given up
 * @nr_stuck:	out: pages pinned now in excess of those before; 0 is what it has to be
 * @is_alive:	out: the process did not even die of SIGKILL
 */
struct lt_watchdog {
	unsigned int timeout_ms;
	const volatile sig_atomic_t *stop;
	void (*progress)(const struct lt_case_setup *setup, uint32_t rounds_done, void *arg);
	void *arg;
	enum lt_watchdog_end end;
	uint64_t elapsed_ms;
	struct lt_num nr_stuck;
	bool is_alive;
};

/**
 * lt_watchdog_run() - run a case in a child process, to whatever end
 * @out: what the child left
 *
 * Whatever happens to the child, or to us, nothing stays pinned or allocated.
 *
 * Return: 0, or negative errno if there was no run at all.
 */
int lt_watchdog_run(const struct lt_case_setup *setup, struct lt_watchdog *watchdog,
		    struct lt_case_run *out) __must_check __nonnull_all;

#endif
