/* SPDX-License-Identifier: (GPL-2.0-only WITH Linux-syscall-note) OR LGPL-2.1-or-later */
/*
 * Generic netlink family "ltpin": what the ltpin module knows.
 *
 * Nothing here changes the system: no page is pinned and no reference is taken
 * on a page, not even for an instant, because such a reference would be the
 * very thing that a failing allocation trips over. What acts is in
 * ltpin_ioctl.h.
 *
 * Permission: CAP_SYS_ADMIN in the initial user namespace, for the task that
 * sends the request and for the one that opened the socket; else -EPERM.
 * Validation is strict: unknown attributes, unknown filter bits and wrong
 * lengths are refused with -EINVAL or -ERANGE, and an extended ACK that points
 * at the attribute.
 *
 * Alignment: as everywhere in netlink, attributes begin at multiples of 4 bytes.
 * Copy 64-bit values and records of arrays out before use.
 *
 * Compatibility: LTPIN_GENL_VERSION changes when a program written for this
 * header would misread a reply. Commands, attributes, and bits of flags may be
 * added without that: skip what you do not know. struct ltpin_page_state and
 * struct ltpin_pfn_run may grow at the end only with a new version.
 */
#ifndef LTPIN_NETLINK_H
#define LTPIN_NETLINK_H

#include <linux/types.h>

/* As in the kernel, the columns of what is defined are lined up by hand. */
/* clang-format off */

#define LTPIN_GENL_NAME		"ltpin"
#define LTPIN_GENL_VERSION	3

/**
 * enum ltpin_cmd - commands of the family
 * @LTPIN_CMD_UNSPEC: unused
 * @LTPIN_CMD_INFO: do. Request: no attributes. Reply, one message:
 *	LTPIN_A_ABI_VERSION, LTPIN_A_MODULE_VERSION, LTPIN_A_CAPS,
 *	LTPIN_A_PAGE_SHIFT, LTPIN_A_MAX_PAGES, LTPIN_A_MAX_ALLOC_PAGES,
 *	LTPIN_A_PAGES_PINNED, LTPIN_A_PAGES_ALLOCATED; with LTPIN_CAP_BLOCKERS also LTPIN_A_SEQ;
 *	LTPIN_A_NOT_CALLED if there are such functions.
 * @LTPIN_CMD_LIST: dump. Request: no attributes. Reply: for each pin and each
 *	allocation that exists, in ascending order of ids, one message:
 *	LTPIN_A_ID, LTPIN_A_KIND, LTPIN_A_FLAGS, LTPIN_A_PID, LTPIN_A_COMM,
 *	LTPIN_A_NR_PAGES, LTPIN_A_TS_NS, LTPIN_A_RUNS. If the runs do not fit,
 *	LTPIN_A_MORE is set and the next message has the same LTPIN_A_ID and
 *	carries on with LTPIN_A_RUNS. If something was pinned or released
 *	between two messages, NLM_F_DUMP_INTR is set: ask again.
 * @LTPIN_CMD_PAGES: dump. Request: LTPIN_A_START_PFN, LTPIN_A_END_PFN and
 *	optionally LTPIN_A_FILTER. Reply: any number of messages with
 *	LTPIN_A_PAGES each, which may be empty: the work for one message is
 *	bounded, however few of the pages are wanted. Not a snapshot: each
 *	record is true for the moment it was taken. -EINVAL: a PFN is missing,
 *	or the range is empty.
 * @LTPIN_CMD_AREAS: dump. Request: no attributes. Reply: for each CMA area,
 *	in the kernel's order, one message: LTPIN_A_NAME, LTPIN_A_NR_PAGES,
 *	LTPIN_A_RUNS, and with LTPIN_CAP_ATTEMPTS LTPIN_A_ATTEMPTS. An area that the
 *	kernel could not activate is left out.
 *	-EOPNOTSUPP: without LTPIN_CAP_AREAS.
 * @LTPIN_CMD_FILE: do. Request: LTPIN_A_START_PFN. Reply, one message about the folio
 *	that covers this PFN: LTPIN_A_START_PFN, the first of the folio. If it is in the
 *	page cache, also LTPIN_A_FS_TYPE, LTPIN_A_FS_ID, LTPIN_A_DEV, LTPIN_A_INODE, and as
 *	far as they are known LTPIN_A_INDEX, LTPIN_A_PATH or LTPIN_A_IS_DELETED; of a block
 *	device LTPIN_A_IS_BLOCK_DEVICE, LTPIN_A_NR_BUFFERS, LTPIN_A_NR_BUFFERS_HELD and
 *	LTPIN_A_NR_BUFFERS_JOURNAL. True for a moment in which the folio did not change;
 *	without LTPIN_A_FS_TYPE if there was none, as while it is read or truncated.
 *	-EINVAL: without a PFN. -EOPNOTSUPP: from modules without LTPIN_CAP_FILES.
 */
enum ltpin_cmd {
	LTPIN_CMD_UNSPEC,
	LTPIN_CMD_INFO,
	LTPIN_CMD_LIST,
	LTPIN_CMD_PAGES,
	LTPIN_CMD_AREAS,
	LTPIN_CMD_FILE,
	/* private: */
	__LTPIN_CMD_LAST,
};

#define LTPIN_CMD_MAX		(__LTPIN_CMD_LAST - 1)

/**
 * enum ltpin_attr - attributes of the family
 * @LTPIN_A_UNSPEC: unused
 * @LTPIN_A_PAD: padding that aligns 64-bit attributes
 * @LTPIN_A_ABI_VERSION: u32, LTPIN_GENL_VERSION of the module
 * @LTPIN_A_MODULE_VERSION: string, as modinfo prints it
 * @LTPIN_A_CAPS: u64, LTPIN_CAP_*
 * @LTPIN_A_PAGE_SHIFT: u32, log2 of the page size in bytes
 * @LTPIN_A_MAX_PAGES: u64, the limit on pages pinned: the parameter max_pages
 * @LTPIN_A_MAX_ALLOC_PAGES: u64, that on pages allocated: max_alloc_pages
 * @LTPIN_A_PAGES_PINNED: u64, pages pinned now, or being pinned, by all
 *	descriptors
 * @LTPIN_A_PAGES_ALLOCATED: u64, pages allocated now, or being allocated
 * @LTPIN_A_ID: u32, id of a pin or an allocation, unique over both
 * @LTPIN_A_KIND: u32, enum ltpin_kind
 * @LTPIN_A_FLAGS: u32, LTPIN_PIN_* or LTPIN_ALLOC_* as the kind demands
 * @LTPIN_A_PID: u32, process (tgid, initial namespace) that made it; it may
 *	be gone, or its descriptor may have been passed on
 * @LTPIN_A_COMM: string, name of the thread that made it; any bytes but NUL
 * @LTPIN_A_NR_PAGES: u64, its size in pages
 * @LTPIN_A_TS_NS: u64, when it was made: ns since boot by the clock of
 *	printk and of the "local" trace clock (local_clock(); stops in suspend)
 * @LTPIN_A_RUNS: binary, array of struct ltpin_pfn_run in the order of the
 *	pinned addresses; for an area, the ranges it consists of
 * @LTPIN_A_MORE: flag, more runs of this id follow in the next message
 * @LTPIN_A_START_PFN: u64, first PFN asked for
 * @LTPIN_A_END_PFN: u64, end of the range, exclusive. It may lie past the end
 *	of memory.
 * @LTPIN_A_FILTER: u32, LTPIN_FILTER_*
 * @LTPIN_A_PAGES: binary, array of struct ltpin_page_state, in ascending order.
 *	A folio or free block that forms while the dump runs may overlap the
 *	record before it.
 * @LTPIN_A_NAME: string, name of a CMA area; any bytes but NUL
 * @LTPIN_A_SEQ: u64, number that the next struct ltpin_blocker gets
 * @LTPIN_A_NOT_CALLED: string, "NAME, NAME": functions of the kernel that
 *	were looked up and are not called, as they do not begin with ENDBR64,
 *	which calls through pointers need on x86 with IBT. What needs them is not
 *	in LTPIN_A_CAPS
 * @LTPIN_A_ATTEMPTS: binary, struct ltpin_attempts
 * @LTPIN_A_FS_TYPE: string, type of the file system that has the file: "ext4"; "bdev"
 *	for a block device. Any bytes but NUL, as the next ones
 * @LTPIN_A_FS_ID: string, what the kernel calls this file system in its messages: for
 *	most the name of the device that it is on
 * @LTPIN_A_DEV: u32, major << 20 | minor: of the block device if the page is of one,
 *	else of the file system, as stat() tells it for most
 * @LTPIN_A_INODE: u64, the inode's number in the kernel
 * @LTPIN_A_INDEX: u64, where in the file the folio begins, in pages; not of hugetlbfs
 * @LTPIN_A_PATH: string, where the file is, from the root of its file system: one of
 *	its names that the kernel has in its cache. Not of one longer than 2047 bytes
 * @LTPIN_A_IS_DELETED: flag, the file has no name: it was deleted, or never had one, as
 *	that of memfd_create()
 * @LTPIN_A_IS_BLOCK_DEVICE: flag, the page is of a block device, by that device's own
 *	address: a file system keeps data there that is no file's, and others read it raw
 * @LTPIN_A_NR_BUFFERS: u32, buffer heads of the folio
 * @LTPIN_A_NR_BUFFERS_HELD: u32, those that somebody has a reference on: while it has,
 *	the folio cannot be moved
 * @LTPIN_A_NR_BUFFERS_JOURNAL: u32, those of them with the state bit BH_PrivateStart.
 *	With a file system that uses jbd2 (ext4, ocfs2) that is BH_JBD: the journal has it
 */
enum ltpin_attr {
	LTPIN_A_UNSPEC,
	LTPIN_A_PAD,
	LTPIN_A_ABI_VERSION,
	LTPIN_A_MODULE_VERSION,
	LTPIN_A_CAPS,
	LTPIN_A_PAGE_SHIFT,
	LTPIN_A_MAX_PAGES,
	LTPIN_A_MAX_ALLOC_PAGES,
	LTPIN_A_PAGES_PINNED,
	LTPIN_A_PAGES_ALLOCATED,
	LTPIN_A_ID,
	LTPIN_A_KIND,
	LTPIN_A_FLAGS,
	LTPIN_A_PID,
	LTPIN_A_COMM,
	LTPIN_A_NR_PAGES,
	LTPIN_A_TS_NS,
	LTPIN_A_RUNS,
	LTPIN_A_MORE,
	LTPIN_A_START_PFN,
	LTPIN_A_END_PFN,
	LTPIN_A_FILTER,
	LTPIN_A_PAGES,
	LTPIN_A_NAME,
	LTPIN_A_SEQ,
	LTPIN_A_NOT_CALLED,
	LTPIN_A_ATTEMPTS,
	LTPIN_A_FS_TYPE,
	LTPIN_A_FS_ID,
	LTPIN_A_DEV,
	LTPIN_A_INODE,
	LTPIN_A_INDEX,
	LTPIN_A_PATH,
	LTPIN_A_IS_DELETED,
	LTPIN_A_IS_BLOCK_DEVICE,
	LTPIN_A_NR_BUFFERS,
	LTPIN_A_NR_BUFFERS_HELD,
	LTPIN_A_NR_BUFFERS_JOURNAL,
	/* private: */
	__LTPIN_A_LAST,
};

#define LTPIN_A_MAX		(__LTPIN_A_LAST - 1)

/* LTPIN_A_CAPS: what this module can do on this kernel */
#define LTPIN_CAP_ALLOC_CMA	(1ULL << 0)	/* LTPIN_IOC_ALLOC asks CMA first */
#define LTPIN_CAP_ALLOC_SINGLE	(1ULL << 1)	/* and for single pages too */
#define LTPIN_CAP_AREAS		(1ULL << 2)	/* it knows all CMA areas, by symbol lookup */
#define LTPIN_CAP_BLOCKERS	(1ULL << 3)	/* LTPIN_IOC_LISTEN, by tracepoint */
#define LTPIN_CAP_ATTEMPTS	(1ULL << 4)	/* LTPIN_A_ATTEMPTS, by tracepoint */
#define LTPIN_CAP_FILES		(1ULL << 5)	/* LTPIN_CMD_FILE */
#define LTPIN_CAP_BENCH		(1ULL << 8)	/* LTPIN_IOC_BENCH_COST and _CHANCE */
#define LTPIN_CAP_BENCH_PIN	(1ULL << 9)	/* whose scope is memalloc_pin_save() */
#define LTPIN_CAP_BENCH_DRAIN	(1ULL << 10)	/* LTPIN_BENCH_DRAIN, by symbol lookup */
#define LTPIN_CAP_BENCH_RESERVE	(1ULL << 11)	/* LTPIN_IOC_BENCH_RESERVE, by kretprobe */

/**
 * enum ltpin_kind - what an id stands for
 * @LTPIN_KIND_PIN: pages of a process, pinned by LTPIN_IOC_PIN
 * @LTPIN_KIND_ALLOC: a contiguous allocation, made by LTPIN_IOC_ALLOC
 */
enum ltpin_kind {
	LTPIN_KIND_PIN = 1,
	LTPIN_KIND_ALLOC = 2,
};

/**
 * struct ltpin_attempts - requests to a CMA area that ended since the module was loaded
 * @nr_success:  those that got their pages
 * @nr_ebusy:    those that failed, with -EBUSY
 * @nr_enomem:   with -ENOMEM
 * @nr_eintr:    with -EINTR
 * @nr_other:    with another error
 * @nr_unknown:  with an error that this kernel's tracepoint does not say (up to 6.2)
 * @nr_timed:    those, failed or not, that were timed: none up to 5.10, where no event
 *               tells when one begins
 * @sum_ns:      what these took together
 * @max_ns:      what the longest of them took
 * @fail_ts_ns:  when the last one failed; 0: none has. By the clock of LTPIN_A_TS_NS
 * @fail_pages:  its size
 * @fail_tid:    thread that asked
 * @fail_errno:  its error, positive; 0: not known
 *
 * Counted if it was loaded with count_attempts=1, by the kernel's tracepoints
 * cma_alloc_finish, or cma_alloc (5.10): there a request that tried no range names no
 * area, and is not counted. Nor is one that is larger than the area, up to 6.12: its
 * end is not traced.
 */
struct ltpin_attempts {
	__u64 nr_success;
	__u64 nr_ebusy;
	__u64 nr_enomem;
	__u64 nr_eintr;
	__u64 nr_other;
	__u64 nr_unknown;
	__u64 nr_timed;
	__u64 sum_ns;
	__u64 max_ns;
	__u64 fail_ts_ns;
	__u64 fail_pages;
	__u32 fail_tid;
	__s32 fail_errno;
};

/* LTPIN_A_FILTER: records to leave out; several add up */
#define LTPIN_FILTER_NO_FREE	(1U << 0)	/* no free (LTPIN_PAGE_BUDDY) blocks */
#define LTPIN_FILTER_IN_USE	(1U << 1)	/* only refcount above 0 */
#define LTPIN_FILTER_PINNED	(1U << 2)	/* only pins above 0 */
#define LTPIN_FILTER_BLOCKING	(1U << 3)	/* only what could not be moved as it is: not free,
						 * nor on an LRU list, in hugetlbfs or a driver's
						 * that can migrate, or with more references than
						 * expected; all blockers of a range, at one time */

/**
 * struct ltpin_pfn_run - neighbouring pages
 * @base_pfn: first PFN
 * @nr_pages: pages from there on
 */
struct ltpin_pfn_run {
	__u64 base_pfn;
	__u64 nr_pages;
};

/**
 * enum ltpin_block - what the page allocator uses a pageblock for
 * @LTPIN_BLOCK_UNKNOWN:     not known
 * @LTPIN_BLOCK_UNMOVABLE:   kernel memory
 * @LTPIN_BLOCK_MOVABLE:     memory of processes and page cache
 * @LTPIN_BLOCK_RECLAIMABLE: kernel memory that can be given back
 * @LTPIN_BLOCK_HIGHATOMIC:  kept for atomic requests of several pages
 * @LTPIN_BLOCK_CMA:         a CMA area
 * @LTPIN_BLOCK_ISOLATED:    isolated, on kernels (up to 6.16) where that hides what it
 *                           was; LTPIN_PAGE_BLOCK_ISOLATED is set on all kernels
 */
enum ltpin_block {
	LTPIN_BLOCK_UNKNOWN,
	LTPIN_BLOCK_UNMOVABLE,
	LTPIN_BLOCK_MOVABLE,
	LTPIN_BLOCK_RECLAIMABLE,
	LTPIN_BLOCK_HIGHATOMIC,
	LTPIN_BLOCK_CMA,
	LTPIN_BLOCK_ISOLATED,
};

/**
 * enum ltpin_zone - the zone that a page is in
 * @LTPIN_ZONE_UNKNOWN: not known
 * @LTPIN_ZONE_DMA:     ZONE_DMA
 * @LTPIN_ZONE_DMA32:   ZONE_DMA32
 * @LTPIN_ZONE_NORMAL:  ZONE_NORMAL
 * @LTPIN_ZONE_HIGHMEM: ZONE_HIGHMEM
 * @LTPIN_ZONE_MOVABLE: ZONE_MOVABLE
 * @LTPIN_ZONE_DEVICE:  ZONE_DEVICE
 */
enum ltpin_zone {
	LTPIN_ZONE_UNKNOWN,
	LTPIN_ZONE_DMA,
	LTPIN_ZONE_DMA32,
	LTPIN_ZONE_NORMAL,
	LTPIN_ZONE_HIGHMEM,
	LTPIN_ZONE_MOVABLE,
	LTPIN_ZONE_DEVICE,
};

/**
 * struct ltpin_page_state - one folio, or one free block
 * @pfn:      its first (head) PFN. Below the PFN asked for if the range
 *            starts inside it.
 * @nr_pages: its size: 1, the size of the folio, or that of the free block.
 *            It may reach past the end of the range.
 * @refcount: the folio's reference count. 0 does not mean free: pages on
 *            per-CPU lists and frozen pages have it too.
 * @mapcount: page table entries that map it or any of its pages, one for a
 *            mapping of the whole; 0 for memory that cannot be mapped
 * @pins:     pins (FOLL_PIN). With LTPIN_PAGE_PINS_EXACT the kernel counts
 *            them. Else @refcount / 1024, as each pin adds 1024 references:
 *            1024 other references look the same.
 * @flags:    LTPIN_PAGE_*, not the kernel's own numbers
 * @expected: references that mappings, page cache, swap cache and private data
 *            account for, as the kernel's folio_expected_ref_count() (6.16) adds
 *            them up; whoever isolated it adds one. -1: nothing is expected of
 *            such memory
 * @nid:      number of its node
 * @zone:     enum ltpin_zone
 * @block:    enum ltpin_block, of the pageblock that @pfn is in
 *
 * Pins are facts of the folio: one pinned page makes the whole folio
 * immovable. References beyond mapcount, pins and what the page's own state
 * explains (swap cache, page cache, private data, an isolated page) are
 * somebody's get_page(); one of them is expected, and passes, on a page
 * without LTPIN_PAGE_LRU that was faulted in a moment ago.
 *
 * Holes and offline memory have no record.
 */
struct ltpin_page_state {
	__u64 pfn;
	__u32 nr_pages;
	__s32 refcount;
	__s32 mapcount;
	__s32 pins;
	__u64 flags;
	__s32 expected;
	__u16 nid;
	__u8 zone;
	__u8 block;
};

/* struct ltpin_page_state.flags: about the record */
#define LTPIN_PAGE_UNSTABLE	(1ULL << 0)	/* changed during each of three reads */
#define LTPIN_PAGE_PINS_EXACT	(1ULL << 1)	/* pins is counted, not estimated */

/* what the memory is */
#define LTPIN_PAGE_BUDDY	(1ULL << 8)	/* free block of the page allocator */
#define LTPIN_PAGE_RESERVED	(1ULL << 9)	/* not managed by the page allocator */
#define LTPIN_PAGE_OFFLINE	(1ULL << 10)	/* logically offline (balloon) */
#define LTPIN_PAGE_SLAB		(1ULL << 11)	/* kernel objects */
#define LTPIN_PAGE_PGTABLE	(1ULL << 12)	/* page table */
#define LTPIN_PAGE_COMPOUND	(1ULL << 13)	/* folio of several pages */
#define LTPIN_PAGE_HUGETLB	(1ULL << 14)	/* hugetlbfs */
#define LTPIN_PAGE_ANON		(1ULL << 15)	/* anonymous memory of a process */
#define LTPIN_PAGE_KSM		(1ULL << 16)	/* merged by KSM; ANON is set too */
#define LTPIN_PAGE_FILE		(1ULL << 17)	/* has a mapping: page cache, shmem */
#define LTPIN_PAGE_MOVABLE_OPS	(1ULL << 18)	/* driver page that can migrate */
#define LTPIN_PAGE_HWPOISON	(1ULL << 19)	/* broken memory */
#define LTPIN_PAGE_BLOCK_ISOLATED (1ULL << 20)	/* an allocation, or memory that goes offline,
						 * has the pageblock of @pfn to itself now */

/* what is happening to it */
#define LTPIN_PAGE_LRU		(1ULL << 32)	/* on an LRU list; not: isolated, or in a batch */
#define LTPIN_PAGE_ACTIVE	(1ULL << 33)
#define LTPIN_PAGE_UNEVICTABLE	(1ULL << 34)
#define LTPIN_PAGE_MLOCKED	(1ULL << 35)
#define LTPIN_PAGE_SWAPBACKED	(1ULL << 36)
#define LTPIN_PAGE_SWAPCACHE	(1ULL << 37)
#define LTPIN_PAGE_PRIVATE	(1ULL << 38)	/* file system data, as buffer heads: 1 reference */
#define LTPIN_PAGE_UPTODATE	(1ULL << 39)
#define LTPIN_PAGE_DIRTY	(1ULL << 40)
#define LTPIN_PAGE_WRITEBACK	(1ULL << 41)
#define LTPIN_PAGE_LOCKED	(1ULL << 42)
#define LTPIN_PAGE_REFERENCED	(1ULL << 43)

/* clang-format on */

#endif /* LTPIN_NETLINK_H */
