/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ACT_FOLLOW_FOLLOW_READER_H
#define LT_ACT_FOLLOW_FOLLOW_READER_H

#include "act/follow/follow.h"
#include "act/follow/trace_instance.h"
#include "base/diag.h"
#include "base/strings.h"
#include "source/trace/trace_text.h"

/**
 * struct lt_follow_reader_type - a way to read a trace buffer as it fills
 * @name:  for users
 * @open:  *state is the reader's own; the instance records already
 * @fd:    to poll(2)
 * @read:  tell @sink what is there, without waiting; a task whose name it does not know is
 *	   "<...>". 0 or negative errno
 * @close: also of a NULL state
 */
struct lt_follow_reader_type {
	const char *name;
	int (*open)(const struct lt_trace_instance *instance,
		    const struct lt_follow_options *options, void **state, struct lt_diag *diag);
	int (*fd)(const void *state);
	int (*read)(void *state, struct lt_strings *strings, struct lt_stacks *stacks,
		    const struct lt_trace_sink *sink, struct lt_diag *diag);
	void (*close)(void *state);
};

extern const struct lt_follow_reader_type lt_follow_text;
#ifdef HAVE_TRACEFS
extern const struct lt_follow_reader_type lt_follow_raw;
#endif

/* Whether any event brings its stack. */
bool lt_follow_has_stacks(const struct lt_follow_options *options);

#endif
