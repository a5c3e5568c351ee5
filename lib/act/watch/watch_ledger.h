/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ACT_WATCH_WATCH_LEDGER_H
#define LT_ACT_WATCH_WATCH_LEDGER_H

#include "base/compiler.h"
#include "model/snapshot.h"
#include "source/trace/trace_event.h"

/**
 * struct lt_watch_ledger - keeps the ledger of @snap while attempts are followed
 * @area_name, @area: what is of interest, see struct lt_watch_options
 * @nr_lost: events that are missing where they were noticed
 */
struct lt_watch_ledger {
	struct lt_snapshot *snap;
	const char *area_name;
	size_t area;
	uint64_t nr_lost;
};

/* Starts anew. @has_releases: they are recorded. */
void lt_watch_ledger_init(struct lt_watch_ledger *watched, struct lt_snapshot *snap,
			  const char *area_name, size_t area, bool has_releases);

/* 0 or -ENOMEM. */
int lt_watch_ledger_attempt(struct lt_watch_ledger *watched, const struct lt_attempt *attempt)
	__must_check __nonnull_all;

/* 1 if it was a release, 0 if it was not; -ENOMEM. */
int lt_watch_ledger_event(struct lt_watch_ledger *watched, const struct lt_trace_event *event)
	__must_check __nonnull_all;

void lt_watch_ledger_lost(struct lt_watch_ledger *watched, uint64_t nr) __nonnull_all;

/*
 * The record ends at @now_ns, by the clock of the trace; the kernel says that it lost @nr_lost.
 * 0 or -ENOMEM.
 */
int lt_watch_ledger_finish(struct lt_watch_ledger *watched, struct lt_num nr_lost,
			   struct lt_num now_ns) __must_check __nonnull_all;

#endif
