/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_PAGE_PAGE_PINNER_H
#define LT_SOURCE_PAGE_PAGE_PINNER_H

#include "base/compiler.h"
#include "base/num.h"
#include "base/text.h"

/* What happened to the page. */
enum lt_page_pinner_event {
	LT_PAGE_PINNER_FAILED,	 /* an allocation could not move it */
	LT_PAGE_PINNER_RELEASED, /* a reference was dropped after that */
	LT_PAGE_PINNER_FREED,	 /* the page was freed after that */
	LT_PAGE_PINNER_LONG,	 /* it was held for longer than a threshold, and no longer is */
};

/**
 * struct lt_page_pinner_record - one record; its stack is a part of the text
 * @ts_us:   when, us since boot, time in suspend included; unknown where only a duration is told
 * @held_us: how long it was held, at least
 * @stack:   frames, a line each: of who did what @event says, or (LONG) of who took hold of it
 */
struct lt_page_pinner_record {
	enum lt_page_pinner_event event;
	struct lt_num ts_us, held_us;
	uint64_t pfn;
	struct lt_span stack;
};

/**
 * lt_page_pinner_parse() - parse one of the files of page_pinner
 * @each: called per record; returns 0 to go on, anything else to stop with that value
 *
 * An empty file has no records, which is no error.
 *
 * Return: 0; -EBADMSG if nothing in it was understood; what @each stopped with.
 */
int lt_page_pinner_parse(const char *buf, size_t len,
			 int (*each)(const struct lt_page_pinner_record *record, void *arg),
			 void *arg, struct lt_diag *diag) __must_check;

#endif
