// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads files that no source needs, for whoever looks into a capture. */
#include "cmd/capture_extras.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array_size.h"
#include "base/compiler.h"
#include "stop/stop.h"

/* Deeper than any tree below; the kernel's links could make a circle. */
#define DEPTH_MAX 6

/* What no source reads. @only: of a directory, take the files of this name alone. */
static const struct {
	const char *path, *only;
} extras[] = {
	{ "/proc/buddyinfo", NULL },
	{ "/proc/filesystems", NULL },
	{ "/proc/iomem", NULL },
	{ "/proc/modules", NULL },
	{ "/proc/swaps", NULL },
	{ "/proc/version", NULL },
	{ "/proc/sys/kernel/tainted", NULL },
	{ "/proc/sys/vm/compact_unevictable_allowed", NULL },
	{ "/proc/sys/vm/compaction_proactiveness", NULL },
	{ "/proc/sys/vm/extfrag_threshold", NULL },
	{ "/proc/sys/vm/lowmem_reserve_ratio", NULL },
	{ "/proc/sys/vm/min_free_kbytes", NULL },
	{ "/proc/sys/vm/percpu_pagelist_fraction", NULL },
	{ "/proc/sys/vm/percpu_pagelist_high_fraction", NULL },
	{ "/proc/sys/vm/swappiness", NULL },
	{ "/proc/sys/vm/watermark_boost_factor", NULL },
	{ "/proc/sys/vm/watermark_scale_factor", NULL },
	{ "/proc/sys/vm/zone_reclaim_mode", NULL },
	{ "/sys/firmware/devicetree/base/reserved-memory", NULL },
	{ "/sys/kernel/debug/cma", NULL },
	{ "/sys/kernel/debug/dma_buf/bufinfo", NULL },
	{ "/sys/kernel/debug/extfrag", NULL },
	{ "/sys/kernel/mm/cma", NULL },
	{ "/sys/kernel/mm/transparent_hugepage/defrag", NULL },
	{ "/sys/kernel/mm/transparent_hugepage/enabled", NULL },
	{ "/sys/kernel/tracing/buffer_size_kb", NULL },
	{ "/sys/kernel/tracing/events/cma", "format" },
	{ "/sys/kernel/tracing/events/page_isolation", "format" },
	{ "/sys/kernel/tracing/set_event", NULL },
	{ "/sys/kernel/tracing/trace_clock", NULL },
	{ "/sys/kernel/tracing/tracing_on", NULL },
};

/* A file or a tree below @path. */
struct visit {
	struct lt_root *root;
	const char *path, *only;
	unsigned int depth;
};

static int read_entry(const char *name, void *arg);

static void read_files(const struct visit *visit)
{
	struct lt_buf buf;

	if (lt_root_find_dir(visit->root, visit->path) > 0)
		/* The root notes what it could not read. */
		lt_ignore(lt_root_list(visit->root, visit->path, read_entry, (void *)visit));
	else if (!visit->only && !lt_root_read(visit->root, visit->path, &buf))
		free(buf.data);
}

static int read_entry(const char *name, void *arg)
{
	const struct visit *above = arg;
	struct visit visit = {
		.root = above->root,
		.only = above->only,
		.depth = above->depth + 1,
	};
	char path[PATH_MAX];

	if (visit.depth > DEPTH_MAX || stop_asked)
		return 0;
	if (!strcmp(name, "alloc") || !strcmp(name, "free"))
		return 0; /* of CMA debugfs, write-only */
	if (visit.only && !strcmp(name, visit.only))
		visit.only = NULL;
	if (snprintf(path, sizeof(path), "%s/%s", above->path, name) < PATH_MAX) {
		visit.path = path;
		read_files(&visit);
	}
	return 0;
}

void capture_extras_read(struct lt_root *root)
{
	for (size_t i = 0; i < ARRAY_SIZE(extras); i++)
		read_files(&(struct visit){
			.root = root, .path = extras[i].path, .only = extras[i].only });
}
