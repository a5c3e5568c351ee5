// SPDX-License-Identifier: GPL-2.0-only
/*
 * The file, or the block device, that a page of the page cache is of.
 *
 * As in scan.c no reference is taken and no page is locked. What keeps the inode is RCU:
 * a page that was in its mapping since rcu_read_lock() is taken out before the inode is
 * freed, and that waits for us; the same goes for the super block, for the type of the
 * file system (unregister_filesystem() waits) and for names in the dentry cache.
 *
 * Two kinds of drivers, frame buffers with deferred I/O and perf, keep a mapping in pages
 * that are not in it. These are neither up to date nor on an LRU list: their pointer is
 * not followed. And what counts is that the mapping has the page.
 */
#include <linux/buffer_head.h>
#include <linux/dcache.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kdev_t.h>
#include <linux/magic.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/page-flags.h>
#include <linux/pagemap.h>
#include <linux/rculist.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/xarray.h>

#include "compat.h"
#include "ltpin.h"

#define NR_TRIES 3

/* Names of one inode to look at, under its lock. */
#define MAX_ALIASES 16

/* The smallest buffer is a sector. */
#define MIN_BUFFER_SIZE 512

/* clang-format off */
/* In pages of these what is in the place of page->mapping is something else. */
#define WITHOUT_FILE	(LTPIN_PAGE_BUDDY | LTPIN_PAGE_RESERVED | LTPIN_PAGE_OFFLINE | \
			 LTPIN_PAGE_SLAB | LTPIN_PAGE_PGTABLE | LTPIN_PAGE_MOVABLE_OPS | \
			 LTPIN_PAGE_SWAPCACHE | LTPIN_PAGE_ANON)
/* clang-format on */

/* What the copy says of the page cache's mapping; NULL: the page is not in it. */
static struct address_space *mapping_of(union lt_folio_copy *copy, u64 flags)
{
	if (!(flags & LTPIN_PAGE_FILE) || flags & WITHOUT_FILE ||
	    !(flags & (LTPIN_PAGE_LRU | LTPIN_PAGE_UPTODATE)))
		return NULL;
	if (page_has_type(copy->page) && !(flags & LTPIN_PAGE_HUGETLB))
		return NULL;
	return copy->page[0].mapping;
}

/* Whether @dentry is below the root of its file system, as far as the cache tells. */
static bool is_below_root(const struct dentry *dentry)
{
	const struct dentry *root = READ_ONCE(dentry->d_sb->s_root);

	while (!IS_ROOT(dentry))
		dentry = READ_ONCE(dentry->d_parent);
	return dentry == root;
}

/*
 * A name of @inode that RCU keeps. Pseudo file systems free theirs at once (DCACHE_NORCU).
 * The list of names shares its memory with what frees the inode, once it has none.
 */
static struct dentry *find_name(struct inode *inode)
{
	struct dentry *dentry, *found = NULL;
	unsigned int tries = 0;

	spin_lock(&inode->i_lock);
	if (lt_inode_is_freeing(inode))
		goto out;
	hlist_for_each_entry(dentry, &inode->i_dentry, lt_d_alias) {
		if (!(dentry->d_flags & DCACHE_NORCU) && !d_unlinked(dentry)) {
			found = dentry;
			break;
		}
		if (++tries == MAX_ALIASES)
			break;
	}
out:
	spin_unlock(&inode->i_lock);
	return found;
}

static void find_path(struct inode *inode, struct lt_file *file)
{
	struct dentry *dentry = find_name(inode);
	char *path;

	file->path[0] = '\0';
	if (!dentry) {
		file->is_deleted = !inode->i_nlink;
		return;
	}
	path = dentry_path_raw(dentry, file->path, sizeof(file->path));
	if (IS_ERR(path) || !is_below_root(dentry)) {
		file->path[0] = '\0';
		return;
	}
	memmove(file->path, path, strlen(path) + 1); /* it was made at the end */
}

#if LT_HAS_BUFFERS
static void walk_buffers(struct page *head, unsigned int nr_pages, struct lt_file *file)
{
	const struct buffer_head *first = (void *)READ_ONCE(head->private), *buffer = first;
	unsigned int left = nr_pages * (PAGE_SIZE / MIN_BUFFER_SIZE);

	while (buffer && left--) {
		bool is_held = atomic_read(&buffer->b_count) > 0;

		file->nr_buffers++;
		file->nr_held += is_held;
		file->nr_journal += is_held && test_bit(BH_PrivateStart, &buffer->b_state);
		buffer = buffer->b_this_page;
		if (buffer == first)
			break;
	}
}

/*
 * Buffers of a page in a mapping are freed under its private lock, those of a page that
 * was taken out of it without a lock. So nothing may be taken out meanwhile either.
 */
static void count_buffers(struct address_space *mapping, struct page *head, unsigned int nr_pages,
			  struct lt_file *file)
{
	spin_lock(&mapping->lt_private_lock);
	xa_lock_irq(&mapping->i_pages);
	if (READ_ONCE(head->mapping) == mapping && lt_page_flags(head) & BIT(PG_private))
		walk_buffers(head, nr_pages, file);
	xa_unlock_irq(&mapping->i_pages);
	spin_unlock(&mapping->lt_private_lock);
}
#else
static void count_buffers(struct address_space *mapping, struct page *head, unsigned int nr_pages,
			  struct lt_file *file)
{
}
#endif

static void describe(struct inode *inode, struct lt_file *file)
{
	const struct super_block *sb = inode->i_sb;

	file->inode = inode->i_ino;
	file->dev = sb->s_dev;
	strscpy(file->fs_type, sb->s_type->name, sizeof(file->fs_type));
	strscpy(file->fs_id, sb->s_id, sizeof(file->fs_id));
	file->is_block_device = S_ISBLK(inode->i_mode) && sb->s_magic == BDEVFS_MAGIC;
	if (file->is_block_device)
		file->dev = inode->i_rdev;
	else
		find_path(inode, file);
}

/* Whether the page did not change while it was read; @file is filled in only then. */
static bool read_file(struct page *page, struct lt_file *file)
{
	struct address_space *mapping;
	union lt_folio_copy copy;
	struct inode *inode;
	struct page *head;
	u64 flags;

	if (!lt_folio_take(page, &head, &copy))
		return false;
	flags = lt_folio_flags(&copy);
	file->pfn = flags & LTPIN_PAGE_BUDDY ? page_to_pfn(page) : page_to_pfn(head);
	mapping = mapping_of(&copy, flags);
	if (!mapping)
		return true;
	if (xa_load(&mapping->i_pages, lt_folio_index(&copy)) != head)
		return false;
	/* Some file systems have mappings besides those of inodes (gfs2, nilfs2). */
	inode = READ_ONCE(mapping->host);
	if (!inode || (mapping != &inode->i_data && mapping != READ_ONCE(inode->i_mapping)))
		return true;

	describe(inode, file);
	file->has_index = !(flags & LTPIN_PAGE_HUGETLB);
	file->index = lt_folio_index(&copy);
	if (file->is_block_device)
		count_buffers(mapping, head, 1U << compound_order(copy.page), file);
	smp_rmb(); /* after all that was read */
	file->is_known = lt_folio_is_same(page, head, &copy);
	return file->is_known;
}

/**
 * lt_file_find() - the file or block device that a page is of
 * @pfn:  any PFN below lt_scan_end()
 * @file: receives it; is_known is false if the page is not in the page cache, or changed
 *        all the time
 */
void lt_file_find(unsigned long pfn, struct lt_file *file)
{
	unsigned int tries;
	struct page *page;

	for (tries = 0; tries < NR_TRIES; tries++) {
		bool is_stable = true;

		memset(file, 0, offsetof(struct lt_file, path) + 1);
		file->pfn = pfn;
		rcu_read_lock();
		page = pfn_to_online_page(pfn);
		if (page && !PagePoisoned(page))
			is_stable = read_file(page, file);
		rcu_read_unlock();
		if (is_stable)
			return;
	}
	file->is_known = false;
}
