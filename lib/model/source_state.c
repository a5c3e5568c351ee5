// SPDX-License-Identifier: LGPL-2.1-or-later
/* Says what a source gave: its status, and whether it is an answer. */
#include "model/source_state.h"

const char *lt_status_name(enum lt_status status)
{
	static const char *const names[] = {
		[LT_STATUS_OK] = "ok",	       [LT_STATUS_PARTIAL] = "partial",
		[LT_STATUS_ABSENT] = "absent", [LT_STATUS_DENIED] = "denied",
		[LT_STATUS_ERROR] = "error",   [LT_STATUS_UNUSED] = "unused",
	};

	return names[status];
}

bool lt_source_state_is_answer(const struct lt_source_state *state)
{
	return state->status == LT_STATUS_OK || state->status == LT_STATUS_PARTIAL;
}

bool lt_source_state_is_missing(const struct lt_source_state *state)
{
	return !lt_source_state_is_answer(state) && state->status != LT_STATUS_UNUSED;
}

bool lt_source_state_is_unread(const struct lt_source_state *state)
{
	return state->status == LT_STATUS_DENIED || state->status == LT_STATUS_ERROR ||
	       state->unread;
}
