/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TEST_HISTORY_EVIDENCE_H
#define TEST_HISTORY_EVIDENCE_H

#include "world.h"

/*
 * What a device shows of a truth, as the files that a capture of it has. Nothing else of the truth
 * comes here: two truths with the same files cannot be told apart.
 */

/* What of it is there. */
struct e_mask {
	bool log, trace, states, owners, mappers, counters, debugfs;
	unsigned int nr_log_lost;      /* lines that the log's buffer has overwritten */
	unsigned int nr_trace_lost;    /* events that the trace's has */
	unsigned int lost_at, nr_lost; /* events that never came into it, from which on */
	bool calls; /* `ltpin watch --pins` saw pins being made, from calls_from_ns on */
	uint64_t calls_from_ns;
};

/* All but what was seen of pins. */
#define E_EVERYTHING                                                                         \
	{                                                                                    \
		.log = true, .trace = true, .states = true, .owners = true, .mappers = true, \
		.counters = true, .debugfs = true                                            \
	}

enum e_path {
	E_META,
	E_VERSION,
	E_MEMINFO,
	E_VMSTAT,
	E_PAGETYPE,
	E_LOG,
	E_TRACE,
	E_BASE,
	E_COUNT,
	E_ORDER,
	E_USED,
	E_MAXCHUNK,
	E_BITMAP,
	E_RANGE_BASE,
	E_RANGE_BITMAP,
	E_SYSFS_FAIL,
	E_SYSFS_OK,
	E_STATES,
	E_OWNERS,
	E_MAPPERS,
	E_CALLS, /* no file: handed over in memory */
	E_AREA2, /* of the second area the same six */
	E_NR = E_AREA2 + 10,
};

struct e_file {
	char *text; /* NULL: there is no such file */
	size_t len;
};

struct evidence {
	enum w_kernel kernel;
	struct e_file files[E_NR];
};

/* Write down what @mask leaves of @world; freed with evidence_free(). */
void evidence_make(const struct w_world *world, const struct e_mask *mask, struct evidence *out);
void evidence_free(struct evidence *evidence);

bool evidence_is_same(const struct evidence *a, const struct evidence *b);

/* Where the file is, below the root; NULL for none. */
const char *evidence_path(const struct evidence *evidence, unsigned int file, char *buf,
			  size_t size);

#endif
