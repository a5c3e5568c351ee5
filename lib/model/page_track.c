// SPDX-License-Identifier: LGPL-2.1-or-later
/* What a kernel that tracks pages tells of those that could not be moved. */
#include "model/page_track.h"

#include <string.h>

#include "base/array_size.h"

const char *lt_track_event_name(enum lt_track_event event)
{
	static const char *const names[] = {
		[LT_TRACK_FAILED] = "failed",
		[LT_TRACK_RELEASED] = "released",
		[LT_TRACK_FREED] = "freed",
		[LT_TRACK_HELD] = "held",
	};

	return names[event];
}

/* The tracker itself, its tracepoint, and what every reference goes through. */
static bool is_hook(const char *frame)
{
	static const char *const hooks[] = {
		"page_pin", "report_page_pinners", "trace_event",   "put_page", "get_page",
		"pin_user", "get_user_pages",	   "release_pages", "try_grab", "folio_put"
	};

	for (size_t i = 0; i < ARRAY_SIZE(hooks); i++)
		if (strstr(frame, hooks[i]))
			return true;
	return false;
}

const char *lt_page_track_function(const struct lt_stack *stack)
{
	for (size_t i = 0; stack && i < stack->nr; i++)
		if (!is_hook(stack->frames[i]))
			return stack->frames[i];
	return NULL;
}
