// SPDX-License-Identifier: LGPL-2.1-or-later
/* Suggests commands: on a capture again, or on its device if the capture does not have the answer. */
#include <stdlib.h>

#include "analyse/rule.h"
#include "base/array_size.h"
#include "base/command.h"

static bool sees_areas(const struct lt_snapshot *snap)
{
	lt_vec_each(area, &snap->areas)
		if (area->nr_allocated.known || area->nr_free.known || area->nr_lent.known ||
		    area->nr_pinned.known)
			return true;
	return false;
}

static bool sees_zones(const struct lt_snapshot *snap)
{
	return snap->zones.nr;
}

static bool sees_pages(const struct lt_snapshot *snap)
{
	return snap->pins.nr || lt_snapshot_has_page_states(snap);
}

static bool sees_owners(const struct lt_snapshot *snap)
{
	const struct lt_source_state *state = lt_snapshot_source(snap, "page-owner");

	return state && lt_source_state_is_answer(state);
}

/* Without any of this each window "may succeed or fail". */
static bool sees_windows(const struct lt_snapshot *snap)
{
	lt_vec_each(area, &snap->areas)
		if (lt_area_has_bitmaps(area))
			return true;
	return lt_snapshot_has_page_states(snap);
}

static struct lt_command_place place_of(const struct lt_snapshot *snap)
{
	static bool (*const sees[LT_READERS])(const struct lt_snapshot *) = {
		[LT_READER_AREAS] = sees_areas,	    [LT_READER_ZONES] = sees_zones,
		[LT_READER_PAGES] = sees_pages,	    [LT_READER_OWNERS] = sees_owners,
		[LT_READER_EXPLAIN] = sees_windows,
	};
	struct lt_command_place place = { .arg = snap->options.place };

	for (size_t i = 0; i < ARRAY_SIZE(sees); i++)
		if (sees[i] && !sees[i](snap))
			place.blind |= 1u << i;
	return place;
}

/* @text, which is freed, as a string of the report. */
static const char *keep(struct lt_report *report, char *text)
{
	const char *kept = text ? lt_words(report, "%s", text) : "";

	report->out_of_memory = report->out_of_memory || !text;
	free(text);
	return kept;
}

const char *lt_words_command(struct lt_report *report, const char *command)
{
	return keep(report, lt_command_at(command, place_of(report->snap)));
}

const char *lt_words_placed(struct lt_report *report, const char *words)
{
	return keep(report, lt_command_in_words(words, place_of(report->snap)));
}

bool lt_words_is_for_device(const struct lt_report *report, const char *command)
{
	return lt_command_is_for_device(command, place_of(report->snap));
}
