/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_SNAPSHOT_H
#define LT_MODEL_SNAPSHOT_H

#include "base/root.h"
#include "base/strings.h"
#include "model/area.h"
#include "model/attempt.h"
#include "model/bench.h"
#include "model/clock.h"
#include "model/dma_buf.h"
#include "model/folio.h"
#include "model/holder.h"
#include "model/kernel.h"
#include "model/ledger.h"
#include "model/log.h"
#include "model/memory.h"
#include "model/origin.h"
#include "model/owner.h"
#include "model/pin.h"
#include "model/page_track.h"
#include "model/pin_hint.h"
#include "model/process.h"
#include "model/record.h"
#include "model/refusal.h"
#include "model/selftest.h"
#include "model/source_state.h"
#include "model/stack.h"
#include "model/zone.h"

struct lt_pin_calls;

/* Sources run in this order; each stage needs what the one before it found. */
enum lt_stage {
	LT_STAGE_TABLES,    /* text tables, and all that locates areas: cheap */
	LT_STAGE_ATTEMPTS,  /* what happened in the areas: trace, saved attempts, buffers */
	LT_STAGE_PAGES,	    /* state of the pages in the CMA ranges: module, kcore */
	LT_STAGE_OWNERS,    /* who allocated the pages that are in the way: page_owner */
	LT_STAGE_PROCESSES, /* who maps them: pagemap */
};

/**
 * struct lt_snapshot_options - what to read, and instead of what
 * @root:	opened by the caller, who closes it after the snapshot; NULL for the running system
 * @place:	what commands name to read the same again, as a shell takes it: "--root dev.tar.gz";
 *		NULL for the running system
 * @kconfig:	kernel configuration file, NULL to look in the usual places
 * @dmesg:	file to read instead of the kernel's log; NULL
 * @boot:	which boot of the kernel's log: 0 the last, -1 the one before, 1 the first
 * @since_ns:	leave out attempts before, as far as their time is known; ns since boot
 * @trace:	saved text trace to read instead of tracefs; NULL
 * @attempts:	file saved by `ltpin alloc -f json`; NULL
 * @selftest:	file saved by `ltpin selftest -f json`, or by `ltpin bench -f json`; NULL
 * @pin_calls:	calls that were seen to pin pages of areas, see model/pin_call.h; NULL
 * @last_stage:	the last stage to run; sources of later ones are "unused"
 * @pace:	read only what a view that stays open reads so often, the others are "unused";
 *		LT_PACE_UNSET: all
 * @within:	read records of page_owner for these pages alone; NULL: those of every area
 * @search_ms:	how long processes are searched for pages at most; 0 for LT_SEARCH_MS
 * @keep_folios: keep the state of every page of the areas, not only of those in the way
 * @count_processes: count the pages of the areas that each process maps, even if none is in the way
 * @progress:	called now and then by what may take long: what is being done, how much of it is
 *		done, and how much there is; may be NULL
 * @progress_arg: passed to @progress
 */
struct lt_snapshot_options {
	struct lt_root *root;
	const char *place;
	const char *kconfig, *dmesg, *trace, *attempts, *selftest;
	int boot;
	struct lt_num since_ns;
	const struct lt_pin_calls *pin_calls;
	enum lt_stage last_stage;
	enum lt_pace pace;
	const struct lt_ranges *within;
	unsigned int search_ms;
	bool keep_folios, count_processes;
	void (*progress)(void *arg, const char *what, size_t nr_done, size_t nr_all);
	void *progress_arg;
};

/* Long enough for thousands of processes; short enough for a serial console. */
#define LT_SEARCH_MS 60000

/**
 * struct lt_snapshot - everything the sources told, at one time
 *
 * Strings belong to @strings and @stacks, files of pages to @page_files. Freed as a whole.
 */
struct lt_snapshot {
	struct lt_root *root;
	struct lt_snapshot_options options; /* strings are the caller's */
	struct lt_strings *strings;
	struct lt_stacks *stacks;
	struct lt_page_files *page_files;
	const char *captured_at;   /* ISO 8601 UTC; NULL if not known */
	struct lt_num taken_ns;	   /* ns since boot */
	struct lt_num reader_uid;  /* who read it, as the first user namespace numbers users */
	const char *boot_id;	   /* the kernel's, of this boot alone; NULL if not known */
	struct lt_origin origin;   /* of what was captured */
	const char *machine;	   /* what kind it is, as firmware calls it; NULL if not known */
	struct lt_clock_set clock; /* read when sources began to be read */
	struct lt_kernel kernel;
	struct lt_memory memory;
	struct lt_zones zones;
	struct lt_areas areas;
	struct lt_folios folios; /* range by range, ascending; only with keep_folios */
	struct lt_pins pins;
	struct lt_page_tracks tracks;  /* of pages of areas, as kernels that track them tell */
	struct lt_pin_hints pin_hints; /* those that may pin most first */
	struct lt_processes processes; /* that map pages of areas; only with count_processes */
	struct lt_dma_bufs dma_bufs;
	struct lt_holders holders;
	struct lt_attempts attempts;
	struct lt_ledger ledger;   /* of device allocations, as the trace has them */
	struct lt_records records; /* from when to when attempts are known, by source */
	struct lt_log log;
	struct lt_refusals refusals;	      /* of areas, at boot */
	struct lt_num nr_attempts_suppressed; /* failures that the log's rate limit kept back */
	struct lt_num nr_attempts_left_out;   /* of the log's, the first ones: it has too many */
	struct lt_num nr_failed_before;	      /* of all, before options.since_ns */
	struct lt_selftests selftests;
	struct lt_benches benches;
	struct lt_source_states sources;
};

void lt_snapshot_free(struct lt_snapshot *snap);

/* The state of source @name, or NULL. */
const struct lt_source_state *lt_snapshot_source(const struct lt_snapshot *snap, const char *name);

/* Whether a source told the state of every CMA page, so that none pinned means none pinned. */
bool lt_snapshot_has_page_states(const struct lt_snapshot *snap);

/*
 * Whether what is denied in @state may be open to root. Not if it was root who was refused: then
 * a capability is missing, or lockdown or a security module refuses it.
 */
bool lt_snapshot_is_for_root(const struct lt_snapshot *snap, const struct lt_source_state *state);

/* Whether a source that exists could not be read, or a part of one: exit status 3. */
bool lt_snapshot_is_incomplete(const struct lt_snapshot *snap);

#endif
