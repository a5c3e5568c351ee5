/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TEST_UNIT_TREE_H
#define TEST_UNIT_TREE_H

#include "test.h"

#include <errno.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/snapshot.h"
#include "source/source.h"

/* A directory that stands for a captured tree, and snapshots of trees. */

static char tree_dir[64];

static inline int tree_setup(void **state)
{
	(void)state;
	strcpy(tree_dir, "/tmp/ltpin-test-XXXXXX");
	return mkdtemp(tree_dir) ? 0 : -1;
}

static inline int tree_remove_one(const char *path, const struct stat *st, int type,
				  struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

static inline int tree_teardown(void **state)
{
	(void)state;
	return nftw(tree_dir, tree_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* The name of @path in the tree; good until the call after the next one. */
static inline const char *tree_path(const char *path)
{
	static char full[2][512];
	static int turn;

	turn = !turn;
	snprintf(full[turn], sizeof(full[turn]), "%s/%s", tree_dir, path);
	return full[turn];
}

/* Make the directories above @path. */
static inline void tree_mkdirs(const char *path)
{
	char full[512];

	snprintf(full, sizeof(full), "%s/%s", tree_dir, path);
	for (char *slash = full + strlen(tree_dir) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		if (mkdir(full, 0755) && errno != EEXIST)
			fail_msg("cannot make %s", full);
		*slash = '/';
	}
}

static inline void tree_write(const char *path, const void *data, size_t len)
{
	FILE *file;

	tree_mkdirs(path);
	file = fopen(tree_path(path), "w");
	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

/* A snapshot of @dir, or of the running system if that is NULL, that no source has filled yet. */
static inline struct lt_snapshot tree_snapshot(const char *dir)
{
	struct lt_snapshot snap = { .strings = lt_strings_new() };

	assert_int_equal(lt_root_open(dir, &snap.root), 0);
	return snap;
}

static inline struct lt_snapshot tree_fixture(const char *name)
{
	const char *top = getenv("top_srcdir");
	char dir[4096];

	snprintf(dir, sizeof(dir), "%s/" FIXTURES "%s", top ? top : ".", name);
	return tree_snapshot(dir);
}

static inline void tree_done(struct lt_snapshot *snap)
{
	lt_root_close(snap->root);
	lt_vec_free(&snap->kernel.options);
	lt_vec_free(&snap->memory.ram);
	lt_vec_free(&snap->memory.reserved);
	lt_holders_free(&snap->holders);
	lt_dma_bufs_free(&snap->dma_bufs);
	lt_zones_free(&snap->zones);
	lt_vec_free(&snap->records);
	lt_ledger_free(&snap->ledger);
	lt_strings_free(snap->strings);
}

/* Reads a source that hands out a part, as if it were alone in its stage. */
static inline int tree_collect(const struct lt_source *source, struct lt_snapshot *snap,
			       struct lt_diag *diag)
{
	void *part = NULL;
	int err = source->collect(snap, &part, diag);

	if (!err)
		err = source->join(snap, part, diag);
	if (part)
		source->drop(part);
	return err;
}

#endif
