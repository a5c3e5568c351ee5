/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_KLOG_KLOG_ATTEMPT_H
#define LT_SOURCE_KLOG_KLOG_ATTEMPT_H

#include "base/compiler.h"
#include "base/strings.h"
#include "model/attempt.h"
#include "source/klog/klog_bitmap.h"
#include "source/klog/klog_caller.h"
#include "source/klog/klog_dump_page.h"
#include "source/klog/klog_line.h"
#include "source/klog/klog_meminfo.h"

/* Failures whose bitmap can be under way at one time: one a CPU, of the few that ever print. */
#define LT_KLOG_WAITING_MAX 8

/* Attempts kept of one log, the last ones: some 30 MiB of memory. A kernel's own log has less. */
#define LT_KLOG_ATTEMPTS_MAX 65536

/* A failure that more lines may speak of. */
struct lt_klog_failure {
	size_t i; /* of its attempt */
	struct lt_num ts_ns;
	struct lt_klog_context by;
};

/* A call that CONFIG_CMA_DEBUG announced: what its failure will not say. */
struct lt_klog_call {
	bool is_known;
	struct lt_num ts_ns;
	struct lt_klog_context by;
	const char *area; /* NULL where the kernel does not name it */
	uint64_t nr_pages, align;
	struct lt_ranges busy; /* only their first PFN is known */
};

/**
 * struct lt_klog_attempts - attempts being put together from the lines that speak of them
 * @attempts:	 failed ones; open ones that stand for "PFNs busy" lines without a known end
 * @bitmaps:	 what was printed of the area with the attempt of the same index
 * @nr_dropped:	 attempts before those, which are not kept
 * @nr_failed:	 failures, kept or not
 * @last_busy_ns: when the last range was reported busy
 * @waiting:	 failures without a bitmap as yet
 * @bitmap:	 the one that is being read, and the failure that it belongs to
 * @last:	 the failure that was printed last, and how many other lines came after it
 * @call, @stack, @words, @dumps, @meminfo: what was printed of a search before it failed, or after
 */
struct lt_klog_attempts {
	struct lt_strings *strings;
	struct lt_attempts attempts;
	struct lt_klog_bitmaps bitmaps;
	uint64_t nr_dropped, nr_failed;
	struct lt_num last_busy_ns, latest_ns;
	struct lt_klog_failure waiting[LT_KLOG_WAITING_MAX];
	size_t nr_waiting;
	struct lt_klog_bitmap bitmap;
	struct lt_klog_failure bitmap_of;
	struct lt_klog_failure last;
	unsigned int nr_lines_since;
	bool has_bitmap_of, has_last;
	struct lt_klog_call call;
	struct lt_klog_stack stack;
	struct lt_klog_words words;
	struct lt_klog_dumps dumps;
	struct lt_klog_meminfo meminfo;
};

/* All return 0 or -ENOMEM. @area is NULL where the kernel does not name it. */
int lt_klog_attempts_failure(struct lt_klog_attempts *log, const struct lt_klog_line *line,
			     const char *area, uint64_t nr_pages, uint64_t err) __must_check;

/* "PFNs busy": somebody's contiguous allocation, not by necessity cma_alloc()'s. */
int lt_klog_attempts_busy(struct lt_klog_attempts *log, const struct lt_klog_line *line,
			  struct lt_range pfns) __must_check __nonnull_all;

/* A line after "number of available pages:", after "range N:", or a rest of one. */
void lt_klog_attempts_bitmap(struct lt_klog_attempts *log, const struct lt_klog_line *line);
void lt_klog_attempts_range(struct lt_klog_attempts *log, const struct lt_klog_line *line);
bool lt_klog_attempts_rest(struct lt_klog_attempts *log, const struct lt_klog_line *line);

/* What CONFIG_CMA_DEBUG tells of a call, after "cma: ". */
int lt_klog_attempts_debug(struct lt_klog_attempts *log, struct lt_klog_line line)
	__must_check __nonnull_all;

/* Any other line: stacks, page dumps, memory info, words of drivers. */
int lt_klog_attempts_other(struct lt_klog_attempts *log, const struct lt_klog_line *line)
	__must_check __nonnull_all;

/*
 * Whether the failure that was printed last is too far behind for a driver's words on it, and so for
 * any line that has none of the words which the parser looks for; and what such a line changes.
 */
bool lt_klog_attempts_are_idle(const struct lt_klog_attempts *log);
void lt_klog_attempts_pass(struct lt_klog_attempts *log, struct lt_num ts_ns);

/* After the last line. */
void lt_klog_attempts_finish(struct lt_klog_attempts *log);

void lt_klog_attempts_fini(struct lt_klog_attempts *log);

/*
 * The alignment of @attempt, as an order: where it is not told, that of a driver's request, which is
 * its size, rounded up, and no more than LT_KLOG_ALIGN_MAX.
 */
uint64_t lt_klog_attempt_align(const struct lt_attempt *attempt);

#endif
