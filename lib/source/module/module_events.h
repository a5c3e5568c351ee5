/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_MODULE_MODULE_EVENTS_H
#define LT_SOURCE_MODULE_MODULE_EVENTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/diag.h"
#include "base/range.h"
#include "base/root.h"
#include "model/folio.h"

/*
 * What the helper module says at the instant a range fails to be isolated: struct ltpin_blocker of
 * uapi/ltpin_ioctl.h.
 */

/**
 * struct lt_blocker_event - one failed test_pages_isolated, as the module saw it
 * @ts_ns: ns since boot, by the clock of the kernel log and of the trace clock "local"
 * @pid:   process whose request it was
 * @tid:   its thread: what trace events call pid
 * @comm:  name of that thread; untrusted bytes
 * @pfns:  range of the event; @start_pfn may lie below the range that was tried
 * @pfn:   the first page in the way, fin_pfn
 * @folio: what covers @pfn; nr_pages is 0 if nothing does (a hole)
 *
 * One request gives as many as it tries ranges, in the order of the trace's
 * test_pages_isolated events with ret=fail. @tid, @pfns and @pfn are those of the
 * trace's event, @ts_ns is read right after it.
 */
struct lt_blocker_event {
	uint64_t ts_ns;
	uint32_t pid, tid;
	char comm[64];
	struct lt_range pfns;
	uint64_t pfn;
	struct lt_folio folio;
};

struct lt_module_events;

/**
 * lt_module_events_open() - start to listen; what happens from now on is queued
 * @root: the running system
 * @diag: says why not; may be NULL
 *
 * Return: 0; -ENOENT the module is not loaded, or ltpin has no libmnl; -EPERM needs
 * CAP_SYS_ADMIN; -EPROTO it speaks another version; -EOPNOTSUPP it cannot watch this kernel; else
 * negative errno. While it is open the module cannot be unloaded.
 */
int lt_module_events_open(const struct lt_root *root, struct lt_module_events **out,
			  struct lt_diag *diag) __must_check;

/* Nothing is left behind: without listeners the module looks at nothing. NULL is fine. */
void lt_module_events_close(struct lt_module_events *events);

/* To poll() for POLLIN, then call lt_module_events_next() until it returns 0. */
int lt_module_events_fd(const struct lt_module_events *events) __must_check __nonnull_all;

/**
 * lt_module_events_next() - the next event that has arrived; never waits
 *
 * Return: 1 if *out was filled, 0 if there is none now, negative errno.
 *
 * An event may arrive some ms after its instant, and after the trace shows the end of the attempt.
 */
int lt_module_events_next(struct lt_module_events *events, struct lt_blocker_event *out)
	__must_check __nonnull_all;

/*
 * Events known to have been lost so far: too many for the module's queue. They have numbers, so the
 * count is exact once a later one has arrived.
 */
uint64_t lt_module_events_lost(const struct lt_module_events *events);

/**
 * lt_blocker_event_parse() - take one struct ltpin_blocker
 * @record: at any address
 * @len:    bytes there
 * @seq:    its number
 *
 * Return: 0; -EBADMSG.
 */
int lt_blocker_event_parse(const void *record, size_t len, uint64_t *seq,
			   struct lt_blocker_event *out) __must_check __nonnull_at(3, 4);

#endif
