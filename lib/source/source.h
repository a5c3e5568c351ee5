/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_SOURCE_H
#define LT_SOURCE_SOURCE_H

#include "base/diag.h"
#include "model/snapshot.h"

#define LT_OPTIONS_MAX 3

/* File systems that sources are in. */
enum lt_mount {
	LT_MOUNT_NONE,
	LT_MOUNT_PROC,
	LT_MOUNT_DEBUGFS,
	LT_MOUNT_TRACEFS,
};

/**
 * struct lt_source - one interface that facts come from
 * @name:   stable, as in the report's sources[]
 * @where:  path or interface, for people
 * @proves: what it proves, one clause
 * @options: kernel options that it needs, without "CONFIG_"; "A|B" for one of two. See source/enable.h
 * @param:  boot parameter that it needs; NULL
 * @mount:  file system that has to be mounted for it
 * @access: what helps if it may not be read; NULL for "run as root"
 * @also:   what else it takes, or "or ..." what does without all that; NULL
 * @stage:  when it is read
 * @pace:   how often a view that stays open reads it; every source says so
 * @locates_areas: it says where CMA areas are, or what they are called
 * @has_page_states: it says of every page of the areas whether something holds it
 * @read:   reads and parses into the snapshot
 * @collect: instead of @read, where a part can be put into the snapshot only when every source of
 *	    the stage was read: that part is handed out
 * @join:   puts the part that @collect handed out into the snapshot. 0 or -ENOMEM
 * @drop:   frees that part, joined or not
 *
 * @read and @collect return 0 or negative errno: -ENOENT not in this kernel or tree,
 * -EACCES or -EPERM not for this user, -EBADMSG text that is not understood,
 * -ENODATA not asked for (an option that was not given). On success with
 * diag->nr_skipped or diag->why set the source is "partial"; with
 * lt_diag_mark_unread() too, where something that is there could not be read. On failure it
 * leaves the snapshot as if it had not run, except what it says in @diag.
 */
struct lt_source {
	const char *name;
	const char *where;
	const char *proves;
	const char *options[LT_OPTIONS_MAX];
	const char *param;
	enum lt_mount mount;
	const char *access;
	const char *also;
	enum lt_stage stage;
	enum lt_pace pace;
	bool locates_areas, has_page_states;
	int (*read)(struct lt_snapshot *snap, struct lt_diag *diag);
	int (*collect)(struct lt_snapshot *snap, void **part, struct lt_diag *diag);
	int (*join)(struct lt_snapshot *snap, void *part, struct lt_diag *diag);
	void (*drop)(void *part);
};

/* Every source, stage by stage, ended by NULL. Adding one is a file and a line in source.c. */
extern const struct lt_source *const lt_sources[];

extern const struct lt_source lt_source_kernel;
extern const struct lt_source lt_source_kconfig;
extern const struct lt_source lt_source_meminfo;
extern const struct lt_source lt_source_vmstat;
extern const struct lt_source lt_source_zoneinfo;
extern const struct lt_source lt_source_pagetypeinfo;
extern const struct lt_source lt_source_buddyinfo;
extern const struct lt_source lt_source_iomem;
extern const struct lt_source lt_source_cma_debugfs;
extern const struct lt_source lt_source_cma_sysfs;
extern const struct lt_source lt_source_klog;
extern const struct lt_source lt_source_device_tree;
extern const struct lt_source lt_source_trace;
extern const struct lt_source lt_source_attempts;
extern const struct lt_source lt_source_selftest;
extern const struct lt_source lt_source_dma_buf;
extern const struct lt_source lt_source_module;
extern const struct lt_source lt_source_kcore;
extern const struct lt_source lt_source_module_areas;
extern const struct lt_source lt_source_module_files;
extern const struct lt_source lt_source_page_pinner;
extern const struct lt_source lt_source_page_owner;
extern const struct lt_source lt_source_kpageflags;
extern const struct lt_source lt_source_pagemap;
extern const struct lt_source lt_source_dma_buf_users;
extern const struct lt_source lt_source_process_pins;
extern const struct lt_source lt_source_pin_probes;

#endif
