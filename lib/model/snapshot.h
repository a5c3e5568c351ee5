/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_SNAPSHOT_H
#define LT_MODEL_SNAPSHOT_H

#include "base/root.h"
#include "base/strings.h"
#include "model/area.h"
#include "model/attempt.h"
#include "model/kernel.h"
#include "model/memory.h"
#include "model/owner.h"
#include "model/pin.h"
#include "model/selftest.h"
#include "model/source_state.h"
#include "model/stack.h"
#include "model/zone.h"

/* Sources run in this order; each stage needs what the one before it found. */
enum lt_stage {
	LT_STAGE_TABLES,    /* text tables, log, trace: cheap */
	LT_STAGE_PAGES,	    /* state of the pages in the CMA ranges: module scan */
	LT_STAGE_OWNERS,    /* who allocated the pages that are in the way: page_owner */
	LT_STAGE_PROCESSES, /* who maps them: pagemap */
};

/**
 * struct lt_snapshot_options - what to read, and instead of what
 * @root:	captured directory, NULL for the running system
 * @kconfig:	kernel configuration file, NULL to look in the usual places
 * @dmesg:	file to read instead of the kernel's log; NULL
 * @trace:	saved text trace to read instead of tracefs; NULL
 * @attempts:	file saved by `ltpin alloc -f json`; NULL
 * @selftest:	file saved by `ltpin selftest -f json`; NULL
 * @last_stage:	the last stage to run; sources of later ones are "unused"
 */
struct lt_snapshot_options {
	const char *root, *kconfig, *dmesg, *trace, *attempts, *selftest;
	enum lt_stage last_stage;
};

/**
 * struct lt_snapshot - everything the sources told, at one time
 *
 * Strings belong to @strings and @stacks. Freed as a whole.
 */
struct lt_snapshot {
	struct lt_root *root;
	struct lt_snapshot_options options; /* strings are the caller's */
	struct lt_strings *strings;
	struct lt_stacks *stacks;
	const char *captured_at; /* ISO 8601 UTC; NULL if not known */
	struct lt_num taken_ns;	 /* ns since boot, live only */
	struct lt_kernel kernel;
	struct lt_memory memory;
	struct lt_zones zones;
	struct lt_areas areas;
	struct lt_pins pins;
	struct lt_attempts attempts;
	struct lt_selftests selftests;
	struct lt_source_states sources;
};

/**
 * lt_snapshot_take() - read every source
 * @options: what to read; NULL for all of the running system
 * @out:     the snapshot, freed with lt_snapshot_free()
 *
 * A source that cannot be read never fails the snapshot: it is named in
 * lt_snapshot.sources.
 *
 * Return: 0; -ENOMEM; or why the root could not be opened.
 */
int lt_snapshot_take(const struct lt_snapshot_options *options, struct lt_snapshot **out);
void lt_snapshot_free(struct lt_snapshot *snap);

/* The state of source @name, or NULL. */
const struct lt_source_state *lt_snapshot_source(const struct lt_snapshot *snap, const char *name);

/* Whether a source that exists could not be read: exit status 3. */
bool lt_snapshot_is_incomplete(const struct lt_snapshot *snap);

#endif
