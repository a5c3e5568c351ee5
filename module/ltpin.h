/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of the module share.
 *
 *   device.c	/dev/ltpin: checks a request, then
 *   pin.c	  pins pages of the calling process,
 *   alloc.c	  makes a contiguous allocation,
 *   area.c	  from the CMA area that has a page,
 *   hold.c	  keeps what was made, counts it, and lets go of it.
 *   netlink.c	the generic netlink family: describes the holds, and
 *   scan.c	  reads the state of any page, without a reference,
 *   block.c	  and of the pageblock that it is in,
 *   file.c	  and tells the file or the device that a page is of.
 *   attempt.c	counts the requests to each area, by tracepoint.
 *   blocker.c	tells the page that an allocation failed on, when it fails: read() of the device
 *   bench_*.c	what a request for a page costs, and what it gets
 *   symbol.c	finds functions that the kernel does not export
 *   compat.h	all differences between kernels
 */
#ifndef LTPIN_MODULE_H
#define LTPIN_MODULE_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/rbtree.h>
#include <linux/sched.h>
#include <linux/types.h>

#include "ltpin_ioctl.h"
#include "ltpin_netlink.h"

#define LTPIN_MODULE_VERSION "0.1.0"

/**
 * struct lt_opener - an open file description of /dev/ltpin
 * @holds:    its holds, oldest first; guarded by lt_holds_lock
 * @next_seq: number of the next blocker that it wants; see blocker.c
 * @listens:  it wants any; never taken back
 */
struct lt_opener {
	struct list_head holds;
	u64 next_seq;
	bool listens;
};

/**
 * struct lt_hold - pages that a process asked us to keep
 * @node:     in @opener->holds
 * @by_id:    among all holds
 * @opener:   the only one that may release it
 * @id:       its name; no two holds have the same
 * @kind:     says which member of the union is valid
 * @flags:    LTPIN_PIN_* or LTPIN_ALLOC_*
 * @nr_pages: size, as counted against the limit
 * @tgid:     process that made it
 * @comm:     name of the thread that made it
 * @ts_ns:    local_clock() when it was made
 * @pages:    the pinned pages
 * @mm:       whose pinned_vm counts them; kept by mmgrab()
 * @dev:      device that the allocation was made for
 * @page:     first page of the allocation
 * @dma:      its address for the device
 *
 * Once it is published it does not change, and only whoever takes it out again
 * may free it.
 */
struct lt_hold {
	struct list_head node;
	struct rb_node by_id;
	struct lt_opener *opener;
	u32 id;
	enum ltpin_kind kind;
	u32 flags;
	unsigned long nr_pages;
	pid_t tgid;
	char comm[TASK_COMM_LEN];
	u64 ts_ns;
	union {
		struct {
			struct page **pages;
			struct mm_struct *mm;
		};
		struct {
			struct device *dev;
			struct page *page;
			dma_addr_t dma;
		};
	};
};

/* hold.c */
extern struct mutex lt_holds_lock;			   /* guards what follows */
extern unsigned int lt_holds_generation;		   /* changes with every hold, never 0 */
extern unsigned long lt_holds_pages[LTPIN_KIND_ALLOC + 1]; /* by kind */
struct lt_hold *lt_holds_from(u32 id);

void lt_holds_init(void);
unsigned long lt_max_pages(enum ltpin_kind kind);
struct lt_hold *lt_hold_new(enum ltpin_kind kind, u32 flags, u32 nr_pages);
void lt_hold_free(struct lt_hold *hold);
u32 lt_hold_publish(struct lt_hold *hold, struct lt_opener *opener);
int lt_hold_release(struct lt_opener *opener, enum ltpin_kind kind, u32 id);
void lt_hold_release_all(struct lt_opener *opener);
unsigned long lt_hold_pfn(const struct lt_hold *hold, unsigned long index);

/* symbol.c */
void *lt_symbol_find(const char *name);
const char *lt_symbols_not_called(void);

/**
 * struct lt_area - a CMA area
 * @node:     in lt_areas
 * @device:   its DMA allocations come from this area
 * @name:     as the kernel calls it; any bytes
 * @nr_pages: size
 * @nr_runs:  ranges of PFNs that it consists of: one before 7.2, then up to
 *            CMA_MAX_RANGES
 * @runs:     these, ascending
 * @attempts: requests that ended; attempt.c guards it
 */
struct lt_area {
	struct list_head node;
	struct platform_device *device;
	char name[64]; /* CMA_MAX_NAME */
	unsigned long nr_pages;
	unsigned int nr_runs;
	struct ltpin_pfn_run runs[16];
	struct ltpin_attempts attempts;
};

/* area.c */
extern struct list_head lt_areas; /* empty if the kernel did not tell; never changes */
void lt_areas_init(void);
void lt_areas_exit(void);
struct lt_area *lt_areas_find(u64 pfn);

/* attempt.c */
void lt_attempts_init(void);
void lt_attempts_exit(void);
u64 lt_attempts_caps(void);
struct ltpin_attempts lt_attempts_of(const struct lt_area *area);
void lt_attempts_describe(struct ltpin_blocker *blocker);

/* pin.c */
int lt_pin_get(struct lt_hold *hold, unsigned long addr);
void lt_pin_put(struct lt_hold *hold);

/* alloc.c */
int lt_alloc_init(void);
void lt_alloc_exit(void);
u64 lt_alloc_caps(void);
int lt_alloc_get(struct lt_hold *hold, const struct lt_area *area);
void lt_alloc_put(struct lt_hold *hold);

/* bench_cost.c, bench_chance.c, bench_reserve.c */
void lt_bench_init(void);
u64 lt_bench_caps(void);
u64 lt_bench_reserve_caps(void);
void lt_bench_drain(void);
long lt_bench_cost(struct ltpin_ioc_bench_cost __user *from);
long lt_bench_chance(struct ltpin_ioc_bench_chance __user *user);
long lt_bench_reserve(struct ltpin_ioc_bench_reserve __user *user);

/* device.c */
int lt_device_init(void);
void lt_device_exit(void);

/* netlink.c */
int lt_netlink_init(void);
void lt_netlink_exit(void);

/* blocker.c */
void lt_blockers_init(void);
void lt_blockers_exit(void);
u64 lt_blockers_caps(void);
u64 lt_blockers_next_seq(void);
long lt_blockers_listen(struct lt_opener *opener, u64 __user *first);
void lt_blockers_unlisten(struct lt_opener *opener);
ssize_t lt_blockers_read(struct lt_opener *opener, char __user *to, size_t size, bool may_wait);
__poll_t lt_blockers_poll(struct lt_opener *opener, struct file *file, poll_table *wait);

/* block.c */
unsigned int lt_block_type(const struct page *page);
bool lt_block_is_isolated(const struct page *page);

/**
 * struct lt_file - the file, or the block device, that a folio of the page cache is of
 * @pfn:             first PFN of the folio
 * @is_known:        it is of one; else what follows is not filled in
 * @is_block_device: of a device itself
 * @is_deleted:      no directory has the file: deleted, or it never had a name
 * @has_index:       @index is known
 * @dev:             major << 20 | minor: of the device, else of the file system
 * @inode:           number of the inode
 * @index:           where in the file the folio begins, in pages
 * @nr_buffers:      buffer heads of the folio; 0: none, or not known
 * @nr_held:         those that somebody has a reference on
 * @nr_journal:      those of them that jbd2 has attached a journal_head to
 * @fs_type:         type of the file system
 * @fs_id:           its name in the kernel's messages
 * @path:            in that file system; "" if not known
 */
struct lt_file {
	u64 pfn;
	bool is_known;
	bool is_block_device;
	bool is_deleted;
	bool has_index;
	u32 dev;
	u64 inode;
	u64 index;
	u32 nr_buffers;
	u32 nr_held;
	u32 nr_journal;
	char fs_type[32];
	char fs_id[32];
	char path[2048];
};

/* file.c */
void lt_file_find(unsigned long pfn, struct lt_file *file);

/* scan.c */
union lt_folio_copy;
bool lt_folio_take(struct page *page, struct page **head, union lt_folio_copy *copy);
bool lt_folio_is_same(struct page *page, struct page *head, union lt_folio_copy *copy);
u64 lt_folio_flags(union lt_folio_copy *copy);
int lt_scan_init(void);
void lt_scan_exit(void);
unsigned long lt_scan_end(void);
unsigned long lt_scan(unsigned long pfn, struct ltpin_page_state *state);

#endif /* LTPIN_MODULE_H */
