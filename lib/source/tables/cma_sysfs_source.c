// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * /sys/kernel/mm/cma, a directory per area, each file NUMBER "\n" in pages:
 *
 *	alloc_pages_success, alloc_pages_fail	since boot
 *	[release_pages_success]			since boot
 *	[total_pages, available_pages]		now
 *
 * History (mm/cma_sysfs.c of 6.1, 6.12, 7.2): not in 5.10; 6.1 has the first
 * two, 6.12 the third, 7.2 all. Says nothing of where an area is. Fixture:
 * v6.12-x86-custom; the rest is written by hand in the unit test.
 */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/array_size.h"
#include "source/number.h"
#include "source/source.h"

#define CMA_DIR "/sys/kernel/mm/cma"

/* What one directory told. */
struct counters {
	const char *name;
	struct lt_num alloc_success, alloc_fail, release_success, total, available;
};

LT_VEC_OF(counters_list, struct counters);

struct scan {
	const struct lt_root *root;
	struct lt_strings *strings;
	struct counters_list list;
	struct lt_diag *diag;
};

static const struct {
	const char *name;
	size_t offset;
	bool is_required; /* by every kernel that has the directory */
} files[] = {
	{ "alloc_pages_success", offsetof(struct counters, alloc_success), true },
	{ "alloc_pages_fail", offsetof(struct counters, alloc_fail), true },
	{ "release_pages_success", offsetof(struct counters, release_success), false },
	{ "total_pages", offsetof(struct counters, total), false },
	{ "available_pages", offsetof(struct counters, available), false },
};

static int read_directory(const char *name, void *arg)
{
	struct scan *scan = arg;
	struct counters *counters;

	if (scan->list.nr == LT_AREAS_MAX) {
		scan->diag->nr_skipped++;
		return 0;
	}
	counters = lt_vec_push(&scan->list);
	if (!counters)
		return -ENOMEM;
	counters->name = lt_strings_add(scan->strings, name, strlen(name));
	if (!counters->name)
		return -ENOMEM;
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		struct lt_num *num = (struct lt_num *)((char *)counters + files[i].offset);
		struct lt_diag own = { 0 };
		char path[384];
		int err;

		snprintf(path, sizeof(path), CMA_DIR "/%s/%s", name, files[i].name);
		err = lt_number_read(scan->root, path, num, &own);
		if (err == -ENOMEM)
			return err;
		if (err == -ENOTDIR) {
			scan->list.nr--;
			scan->diag->nr_skipped++;
			return 0;
		}
		if (err != -ENOENT || files[i].is_required)
			lt_diag_merge(scan->diag, &own);
	}
	return 0;
}

/* Whether debugfs of an older kernel calls the area @name of sysfs @shown. */
static bool is_old_form(const char *shown, const char *name)
{
	if (!strncmp(name, "cma-", 4) && !strcmp(shown, name + 4))
		return true; /* taken for the kernel's prefix there */
	return lt_area_name_is_cut(shown, name);
}

static size_t find_old_form(const struct lt_areas *areas, const struct counters_list *list,
			    const char *name)
{
	size_t found = LT_NO_AREA;

	for (size_t i = 0; i < areas->nr; i++) {
		if (!areas->v[i].name || !is_old_form(areas->v[i].name, name))
			continue;
		if (found != LT_NO_AREA)
			return LT_NO_AREA;
		found = i;
	}
	lt_vec_each(other, list)
		if (found != LT_NO_AREA && strcmp(other->name, name) &&
		    is_old_form(areas->v[found].name, other->name))
			return LT_NO_AREA;
	return found;
}

/* The area that @counters speak of, with its full name; NULL when out of memory. */
static struct lt_area *get_area(struct lt_snapshot *snap, const struct counters_list *list,
				const struct counters *counters)
{
	size_t i = lt_areas_find_name(&snap->areas, counters->name);
	struct lt_area *area;

	if (i == LT_NO_AREA)
		i = find_old_form(&snap->areas, list, counters->name);
	if (i != LT_NO_AREA) {
		snap->areas.v[i].name = counters->name;
		return &snap->areas.v[i];
	}
	area = lt_vec_push(&snap->areas);
	if (area) {
		area->name = counters->name;
		area->source = "cma-sysfs";
		area->is_listed = true;
	}
	return area;
}

static int join(struct lt_snapshot *snap, const struct counters_list *list)
{
	lt_vec_each(counters, list) {
		struct lt_area *area = get_area(snap, list, counters);

		if (!area)
			return -ENOMEM;
		area->counters.alloc_success = counters->alloc_success;
		area->counters.alloc_fail = counters->alloc_fail;
		area->counters.release_success = counters->release_success;
		if (!area->nr_pages.known)
			area->nr_pages = counters->total;
		if (!area->nr_allocated.known)
			area->nr_allocated = lt_num_sub(counters->total, counters->available);
	}
	return 0;
}

static int read_cma_sysfs(struct lt_snapshot *snap, struct lt_diag *diag)
{
	struct scan scan = { .root = snap->root, .strings = snap->strings, .diag = diag };
	int err = lt_root_list(snap->root, CMA_DIR, read_directory, &scan);

	if (!err)
		err = join(snap, &scan.list);
	lt_vec_free(&scan.list);
	return err;
}

const struct lt_source lt_source_cma_sysfs = {
	.name = "cma-sysfs",
	.where = CMA_DIR,
	.proves =
		"names of the CMA areas, and how many pages were allocated and refused since boot",
	.options = { "CMA_SYSFS" },
	.stage = LT_STAGE_TABLES,
	.pace = LT_PACE_ALWAYS,
	.locates_areas = true,
	.read = read_cma_sysfs,
};
