/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_TRACE_PIN_EVENT_H
#define LT_SOURCE_TRACE_PIN_EVENT_H

#include "base/compiler.h"
#include "source/trace/trace_event.h"

/**
 * struct lt_pin_function - a function of the kernel that pins pages of user space
 * @name:	 as the kernel calls it
 * @addr:	 which of its arguments, from 1, is the first address; 0: none
 * @nr_pages:	 which is the number of pages
 * @flags:	 which is gup_flags; 0: it has none, and pins for long always
 * @is_remote:	 the address is in the memory that an argument names, perhaps not the caller's
 */
struct lt_pin_function {
	const char *name;
	unsigned int addr, nr_pages, flags;
	bool is_remote;
};

/* Ended by one without a name. */
extern const struct lt_pin_function lt_pin_functions[];

/* The probe of an entry is called PREFIX NAME, that of the return PREFIX NAME SUFFIX. */
#define LT_PIN_EVENT_PREFIX "lt_"
#define LT_PIN_EVENT_RETURN "_ret"

/**
 * struct lt_pin_event - a call of such a function, or its return
 * @addr, @nr_pages, @flags: of the call; unknown where the function has no such argument
 * @ret: of the return: how many pages, or a negative errno
 */
struct lt_pin_event {
	const struct lt_pin_function *function;
	bool is_return;
	struct lt_num addr, nr_pages, flags;
	int64_t ret;
};

/**
 * lt_pin_event_parse() - take an event apart
 * @out: set if it returns 1
 *
 * Return: 1; 0 for an event of something else; -EBADMSG with why in @diag.
 */
int lt_pin_event_parse(const struct lt_trace_event *event, struct lt_pin_event *out,
		       struct lt_diag *diag) __must_check __nonnull_at(1, 2);

#endif
