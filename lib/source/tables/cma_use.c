// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Who tells of allocations from CMA (mm/cma.c, mm/cma_sysfs.c, mm/cma_debug.c of 5.10, 6.1, 6.12,
 * 7.2), from the one that misses least on:
 *
 *	/proc/vmstat cma_alloc_success, cma_alloc_fail		calls since boot, from 6.1 on
 *	/sys/kernel/mm/cma/AREA/alloc_pages_{success,fail}	pages since boot, CONFIG_CMA_SYSFS
 *	/sys/kernel/debug/cma/AREA/used				pages now, CONFIG_CMA_DEBUGFS
 */
#include "source/tables/cma_use.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source/number.h"
#include "source/tables/vmstat.h"

static int read_vmstat(const struct lt_root *root, struct lt_cma_use *out)
{
	struct lt_memory memory = { 0 };
	struct lt_buf buf;
	int err = lt_root_read(root, "/proc/vmstat", &buf);

	if (err)
		return err;
	err = lt_vmstat_parse(buf.data, buf.len, &memory, NULL);
	free(buf.data);
	if (err)
		return err;
	if (!memory.cma_alloc_success.known || !memory.cma_alloc_fail.known)
		return -ENOENT;
	*out = (struct lt_cma_use){
		.source = "/proc/vmstat",
		.number = memory.cma_alloc_success.val + memory.cma_alloc_fail.val,
		.is_sum = true,
	};
	return 0;
}

/* Sums one file over the directories of all areas. */
struct sum {
	const struct lt_root *root;
	const char *dir, *file;
	uint64_t number;
	unsigned int nr_areas;
};

static int add_area(const char *name, void *arg)
{
	struct sum *sum = arg;
	struct lt_num num = { 0 };
	char path[384];

	snprintf(path, sizeof(path), "%s/%s/%s", sum->dir, name, sum->file);
	if (lt_number_read(sum->root, path, &num, NULL))
		return 0;
	sum->number += num.val;
	sum->nr_areas++;
	return 0;
}

static int add_areas(struct sum *sum, const char *file)
{
	int err;

	sum->file = file;
	sum->nr_areas = 0;
	err = lt_root_list(sum->root, sum->dir, add_area, sum);
	if (!err && !sum->nr_areas)
		err = -ENOENT;
	return err;
}

static int read_sysfs(const struct lt_root *root, struct lt_cma_use *out)
{
	struct sum sum = { .root = root, .dir = "/sys/kernel/mm/cma" };
	int err = add_areas(&sum, "alloc_pages_success");

	if (!err)
		err = add_areas(&sum, "alloc_pages_fail");
	if (!err)
		*out = (struct lt_cma_use){ "CMA sysfs", sum.number, true };
	return err;
}

static int read_debugfs(const struct lt_root *root, struct lt_cma_use *out)
{
	struct sum sum = { .root = root, .dir = "/sys/kernel/debug/cma" };
	int err = add_areas(&sum, "used");

	if (!err)
		*out = (struct lt_cma_use){ "CMA debugfs", sum.number, false };
	return err;
}

int lt_cma_use_read(const struct lt_root *root, struct lt_cma_use *out)
{
	static int (*const readers[])(const struct lt_root *root, struct lt_cma_use *out) = {
		read_vmstat,
		read_sysfs,
		read_debugfs,
	};

	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
		int err = readers[i](root, out);

		if (!err || err == -ENOMEM)
			return err;
	}
	*out = (struct lt_cma_use){ 0 };
	return 0;
}

bool lt_cma_use_differs(const struct lt_cma_use *before, const struct lt_cma_use *after)
{
	return before->source && after->source && !strcmp(before->source, after->source) &&
	       before->number != after->number;
}
