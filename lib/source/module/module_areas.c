// SPDX-License-Identifier: LGPL-2.1-or-later
/* Areas that the helper module found, joined to those that are known. */
#include "source/module/module_areas.h"

#include <errno.h>
#include <string.h>

#include "source/source.h"

static bool is_same_place(const struct lt_area *known, const struct lt_module_area *told)
{
	if (known->ranges.nr != told->ranges.nr)
		return false;
	for (size_t i = 0; i < told->ranges.nr; i++)
		if (known->ranges.v[i].pfns.start_pfn != told->ranges.v[i].start_pfn ||
		    known->ranges.v[i].pfns.end_pfn != told->ranges.v[i].end_pfn)
			return false;
	return true;
}

static int place(struct lt_area *area, const struct lt_module_area *told)
{
	lt_vec_each(run, &told->ranges) {
		struct lt_area_range *range = lt_vec_push(&area->ranges);

		if (!range)
			return -ENOMEM;
		range->pfns = *run;
	}
	area->source = lt_source_module_areas.name;
	area->is_listed = true;
	return 0;
}

/* By place, since debugfs of 5.10 cuts names; by name what has no place yet. */
static size_t find_known(const struct lt_areas *areas, const struct lt_module_area *told,
			 const char *name)
{
	size_t i = told->ranges.nr ? lt_areas_find_pfn(areas, told->ranges.v[0].start_pfn)
				   : LT_NO_AREA;

	return i == LT_NO_AREA ? lt_areas_find_name(areas, name) : i;
}

static int join_one(const struct lt_module_area *told, struct lt_areas *areas,
		    struct lt_strings *strings, struct lt_diag *diag)
{
	const char *name = lt_strings_add(strings, told->name, strlen(told->name));
	size_t i = name ? find_known(areas, told, name) : LT_NO_AREA;
	struct lt_area *area = i == LT_NO_AREA ? NULL : &areas->v[i];
	int err = 0;

	if (!name)
		return -ENOMEM;
	if (!area) {
		area = lt_vec_push(areas);
		if (!area)
			return -ENOMEM;
		area->name = name;
	} else if (area->ranges.nr && !is_same_place(area, told)) {
		lt_diag_set(diag, "area \"%s\": the module sees it in another place than %s", name,
			    area->source);
		return 0;
	}
	if (!area->name || lt_area_name_is_cut(area->name, name))
		area->name = name;
	if (!area->nr_pages.known)
		area->nr_pages = lt_num(told->nr_pages);
	if (!area->ranges.nr)
		err = place(area, told);
	return err;
}

int lt_module_areas_join(const struct lt_module_areas *told, struct lt_areas *areas,
			 struct lt_strings *strings, struct lt_diag *diag)
{
	int err = 0;

	lt_vec_each(area, told)
		if (!err)
			err = join_one(area, areas, strings, diag);
	return err;
}
