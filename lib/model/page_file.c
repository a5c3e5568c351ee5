// SPDX-License-Identifier: LGPL-2.1-or-later
/* Keeps what files and devices pages are of. */
#include "model/page_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/array_size.h"
#include "base/hash.h"

#define NR_CHAINS 256

struct entry {
	struct entry *next;
	struct lt_page_file file;
};

struct lt_page_files {
	struct lt_arena arena;
	struct entry *chains[NR_CHAINS];
};

struct lt_page_files *lt_page_files_new(void)
{
	return calloc(1, sizeof(struct lt_page_files));
}

void lt_page_files_free(struct lt_page_files *pool)
{
	if (!pool)
		return;
	lt_arena_free(&pool->arena);
	free(pool);
}

static bool is_same_num(struct lt_num a, struct lt_num b)
{
	return a.known == b.known && (!a.known || a.val == b.val);
}

/* Equal strings are one pointer. */
static bool is_same(const struct lt_page_file *a, const struct lt_page_file *b)
{
	return a->fs_type == b->fs_type && a->device == b->device && a->path == b->path &&
	       a->mounted == b->mounted && a->dev == b->dev && a->inode == b->inode &&
	       a->is_block_device == b->is_block_device && a->is_deleted == b->is_deleted &&
	       is_same_num(a->index, b->index) && is_same_num(a->nr_buffers, b->nr_buffers) &&
	       is_same_num(a->nr_held, b->nr_held) && is_same_num(a->nr_private, b->nr_private);
}

const struct lt_page_file *lt_page_files_add(struct lt_page_files *pool,
					     const struct lt_page_file *file)
{
	uint64_t hash = lt_hash_word(lt_hash_word(file->dev, file->inode), file->index.val);
	struct entry **chain = &pool->chains[lt_hash_end(hash) % NR_CHAINS], *entry = *chain;

	while (entry && !is_same(&entry->file, file))
		entry = entry->next;
	if (entry)
		return &entry->file;
	entry = lt_arena_new(&pool->arena, sizeof(*entry));
	if (!entry)
		return NULL;
	*entry = (struct entry){ .next = *chain, .file = *file };
	*chain = entry;
	return &entry->file;
}

struct lt_num lt_page_file_nr_journal(const struct lt_page_file *file)
{
	static const char *const with_jbd2[] = { "ext3", "ext4", "ocfs2" };

	for (size_t i = 0; i < ARRAY_SIZE(with_jbd2); i++)
		if (file->mounted && !strcmp(file->mounted, with_jbd2[i]))
			return file->nr_private;
	return (struct lt_num){ 0 };
}
