/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_SOURCE_STATE_H
#define LT_MODEL_SOURCE_STATE_H

#include <stdbool.h>

#include "base/vec.h"

enum lt_status {
	LT_STATUS_OK,
	LT_STATUS_PARTIAL, /* read, but lines were not understood, or parts are missing or unread */
	LT_STATUS_ABSENT,  /* not in this kernel or tree */
	LT_STATUS_DENIED,  /* there, but not for this user */
	LT_STATUS_ERROR,   /* there, but unreadable or not understood */
	LT_STATUS_UNUSED,  /* not asked for */
};

/* How often a view that stays open reads a source: as often as those of later lines, and oftener. */
enum lt_pace {
	LT_PACE_UNSET,
	LT_PACE_ALWAYS, /* at every look: cheap */
	LT_PACE_EVENT,	/* if something may have happened */
	LT_PACE_SLOW,	/* seldom, or if asked for: takes long */
	LT_PACE_NEVER,	/* never changes, is not shown, or disturbs */
};

const char *lt_status_name(enum lt_status status);

/* What became of one source; strings are interned or constant. */
struct lt_source_state {
	const char *name;
	enum lt_status status;
	enum lt_pace pace;
	bool locates_areas, has_page_states; /* see struct lt_source */
	const char *detail; /* path, line and why; or what it gave; NULL if nothing to say */
	const char
		*unread; /* what is there and could not be read of a partial one; NULL if nothing */
	const char *proves; /* what it would have proved */
	const char *
		enable; /* exact option, parameter or mount that gives it; NULL when status is ok */
};

/* Whether something of it is there and was not read: exit status 3. */
bool lt_source_state_is_unread(const struct lt_source_state *state);

/* Whether it was read, if only in part: then what it does not tell of is not there. */
bool lt_source_state_is_answer(const struct lt_source_state *state);

/* Whether it was asked for in vain. */
bool lt_source_state_is_missing(const struct lt_source_state *state);

LT_VEC_OF(lt_source_states, struct lt_source_state);

#endif
