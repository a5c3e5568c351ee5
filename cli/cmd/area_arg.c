// SPDX-License-Identifier: GPL-2.0-or-later
/* Finds the area that the user names, or means, and says which there are if it is none of them. */
#include "cmd/area_arg.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/memstream.h"
#include "render/evidence.h"

#define LISTED_MAX 16

/* What an area can be called by: its name, or else the first PFN in it. */
static void print_handle(FILE *out, const struct lt_area *area)
{
	if (area->name)
		fputs(area->name, out);
	else if (area->ranges.nr)
		fprintf(out, "0x%" PRIx64, area->ranges.v[0].pfns.start_pfn);
	else
		fputs("(unnamed)", out);
}

/* "reserved, camera@58000000"; the caller frees it, NULL without memory. */
static char *list(const struct lt_areas *areas)
{
	size_t nr = areas->nr < LISTED_MAX ? areas->nr : LISTED_MAX, size;
	char *names = NULL;
	FILE *out = open_memstream(&names, &size);

	if (!out)
		return NULL;
	for (size_t i = 0; i < nr; i++) {
		fputs(i ? ", " : "", out);
		print_handle(out, &areas->v[i]);
	}
	if (areas->nr > nr)
		fprintf(out, " and %zu more (`ltpin areas`)", areas->nr - nr);
	return lt_memstream_close(out, &names) ? NULL : names;
}

static int no_area(const struct lt_snapshot *snap)
{
	cmd_error("%s", area_none(snap));
	return CMD_FAILED;
}

int area_arg_find(const struct lt_snapshot *snap, const char *word, size_t *out)
{
	size_t area = lt_areas_find(&snap->areas, word);
	char safe[256], *names;

	if (area != LT_NO_AREA) {
		*out = area;
		return 0;
	}
	if (!snap->areas.nr)
		return no_area(snap);
	lt_escape(word, strlen(word), safe, sizeof(safe));
	names = list(&snap->areas);
	cmd_error("there is no area '%s'; areas here: %s", safe, names ? names : "(out of memory)");
	free(names);
	return CMD_FAILED;
}

int area_arg_only(const struct lt_snapshot *snap, size_t *out)
{
	char *names;

	if (!snap->areas.nr)
		return no_area(snap);
	if (snap->areas.nr == 1) {
		*out = 0;
		return 0;
	}
	names = list(&snap->areas);
	cmd_error("which area? Areas here: %s", names ? names : "(out of memory)");
	free(names);
	return CMD_FAILED;
}
