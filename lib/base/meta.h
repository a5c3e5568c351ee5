/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_BASE_META_H
#define LT_BASE_META_H

#include <stdbool.h>
#include <stdio.h>

#include "base/compiler.h"
#include "base/diag.h"
#include "base/index.h"
#include "base/num.h"
#include "base/vec.h"

/* How much of a file that covers all memory was read. */
enum lt_extent {
	LT_EXTENT_UNKNOWN, /* or there is no such question */
	LT_EXTENT_AREAS,   /* all that lies in CMA areas, and hardly more */
	LT_EXTENT_ALL,
};

/**
 * struct lt_meta_file - what became of a file when the system was captured
 * @path:	as the kernel names it; escaped, so that it is text
 * @err:	positive errno with which it could not be read; 0
 * @nr_bytes:	of what was read
 * @read_ns:	how long reading took
 * @extent:	how much of it that was
 * @is_dropped:	read, but left out to keep within a size
 */
struct lt_meta_file {
	char *path;
	int err;
	struct lt_num nr_bytes, read_ns;
	enum lt_extent extent;
	bool is_dropped;
};

LT_VEC_OF(lt_meta_files, struct lt_meta_file);

/**
 * struct lt_meta_clock - struct lt_clock_set of the system when it was captured
 * @trace_clock: may be NULL
 */
struct lt_meta_clock {
	struct lt_num log_ns, trace_ns, monotonic_ns, boottime_ns;
	struct lt_num error_ns, suspended_ns;
	char *trace_clock;
};

/* Names of a kind that stand in a captured tree as placeholders, and in how many places. */
struct lt_meta_tally {
	char *kind;
	struct lt_num nr_names, nr_places;
};

LT_VEC_OF(lt_meta_redacted, struct lt_meta_tally);

/**
 * struct lt_meta - META of a captured tree, schema ltpin.meta/1
 * @captured_at: ISO 8601 UTC
 * @release:	 uname -r
 * @arch:	 uname -m
 * @boot_id:	 of that boot
 * @machine:	 what kind it is
 * @reader_uid:	 who captured it, as the first user namespace numbers users
 * @taken_ns:	 ns since boot, on the clock of printk and traces
 * @page_size:	 bytes
 * @clock:	 what its clocks showed then
 *
 * @by_path:	 where each path stands in @files
 * @note:	 what whoever captured it has to say
 * @redacted:	 how many names of each kind were replaced; none: it is as it was read
 *
 * Strings may be NULL. Those that were read are untrusted.
 */
struct lt_meta {
	char *captured_at, *release, *arch, *boot_id, *machine;
	struct lt_num reader_uid, taken_ns, page_size;
	struct lt_meta_clock clock;
	struct lt_meta_files files;
	struct lt_index by_path;
	char *note;
	struct lt_meta_redacted redacted;
};

#define LT_META_PATH "/META"

/**
 * lt_meta_parse() - read a META file
 * @out: filled on success; freed with lt_meta_fini()
 *
 * Return: 0; -EBADMSG with why in @diag; -ENOMEM.
 */
int lt_meta_parse(const char *buf, size_t len, struct lt_meta *out, struct lt_diag *diag)
	__must_check __nonnull_at(3);
void lt_meta_fini(struct lt_meta *meta);

/* Write it as JSON: 0, or why not. */
int lt_meta_write(const struct lt_meta *meta, FILE *out) __must_check __nonnull_all;

/* So many names of @kind were replaced. 0 or -ENOMEM. */
int lt_meta_add_redacted(struct lt_meta *meta, const char *kind, struct lt_num nr_names,
			 struct lt_num nr_places) __must_check __nonnull_at(1);

/* What is told of @path, or NULL. */
struct lt_meta_file *lt_meta_find(const struct lt_meta *meta, const char *path);

/* Add a file that is not there yet: NULL when out of memory. */
struct lt_meta_file *lt_meta_add(struct lt_meta *meta, const char *path);

#endif
