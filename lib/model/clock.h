/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_CLOCK_H
#define LT_MODEL_CLOCK_H

#include "base/num.h"
#include "model/when.h"

/* How a clock goes, compared with that of the log. */
enum lt_clock_kind {
	LT_CLOCK_UNKNOWN,
	LT_CLOCK_LOG,	    /* from the same counter, suspended or not */
	LT_CLOCK_GLOBAL,    /* the same where that of each processor has to be corrected */
	LT_CLOCK_MONOTONIC, /* it stops in suspend */
	LT_CLOCK_BOOTTIME,  /* it runs on in suspend */
};

/* Of the trace clock of this name ("local", "mono", ...). */
enum lt_clock_kind lt_clock_kind_of(const char *trace_clock);

/**
 * struct lt_clock_set - the clocks of a system, read together
 * @log_ns:	  of the kernel log and of page_owner: the kernel's local_clock()
 * @trace_ns:	  of trace events
 * @monotonic_ns: CLOCK_MONOTONIC
 * @boottime_ns:  CLOCK_BOOTTIME, in which the start of a process is counted
 * @error_ns:	  when @monotonic_ns was the time, each of the others was as told, give or take this
 * @suspended_ns: how long the system has been suspended since it booted
 * @trace_clock:  name of that of @trace_ns ("local", "mono", ...); NULL if not known
 *
 * What could not be read is unknown. Evidence that is older than this reading is put on the
 * clock of the log with the functions below.
 */
struct lt_clock_set {
	struct lt_num log_ns, trace_ns, monotonic_ns, boottime_ns;
	struct lt_num error_ns, suspended_ns;
	const char *trace_clock;
};

/*
 * How much faster or slower one clock goes than another at most, in millionths: NTP slews
 * CLOCK_MONOTONIC by up to 500, and the counter of the log was calibrated at boot.
 */
#define LT_CLOCK_DRIFT_PPM 1000

/* How far such a counter of one processor may be off that of another: a timer tick, of 100 Hz. */
#define LT_CLOCK_TICK_NS 10000000

/*
 * When it was on the clock of the log that another clock showed what is given: at any time, if the
 * two were not read. Of what is later than the reading only that is known, unless the clock goes
 * as the log's does.
 */
struct lt_when lt_clock_of_trace(const struct lt_clock_set *clock, struct lt_when trace);
struct lt_when lt_clock_of_monotonic(const struct lt_clock_set *clock, struct lt_when monotonic);
struct lt_when lt_clock_of_boottime(const struct lt_clock_set *clock, struct lt_when boottime);

/* A stamp of the log, which is cut off after the microsecond. */
struct lt_when lt_clock_of_stamp(uint64_t ts_ns);

/* From the readings of BOOTTIME and MONOTONIC, how long it was suspended; unknown without both. */
struct lt_num lt_clock_suspended(const struct lt_clock_set *clock);

#endif
