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
	bool instants; /* the module reported the state of each page in the instant it was named */
	bool attempts; /* what `ltpin alloc` saved of its own requests */
	const struct w_world *earlier; /* a boot before: NULL, or the log goes back to it, and */
	bool is_earlier_saved;	       /* what was saved is of it */
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
	E_ATTEMPTS,
	E_CALLS,    /* no file: handed over in memory */
	E_INSTANTS, /* likewise */
	E_AREA2,    /* of the second area the same six */
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
/* evidence_saved.c: what `ltpin alloc` saves of its requests in @world; and what the module reports. */
void evidence_put_attempts(const struct w_world *world, const char *boot_id, struct e_file *file);
void evidence_put_instants(const struct w_world *world, struct e_file *file);

/* Append to @file. */
void evidence_put(struct e_file *file, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* What is known of the folio that has @pfn at @ns: count, references, mappings, pins and flags. */
struct e_folio {
	uint64_t pfn, nr_pages, refs, mapped, pins, flags;
};

struct e_folio evidence_folio(const struct w_world *world, uint64_t pfn, uint64_t ns);

void evidence_free(struct evidence *evidence);

bool evidence_is_same(const struct evidence *a, const struct evidence *b);

/* Where the file is, below the root; NULL for none. */
const char *evidence_path(const struct evidence *evidence, unsigned int file, char *buf,
			  size_t size);

#endif
