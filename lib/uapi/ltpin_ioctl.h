/* SPDX-License-Identifier: (GPL-2.0-only WITH Linux-syscall-note) OR LGPL-2.1-or-later */
/*
 * /dev/ltpin: what the ltpin module does in the task that asks for it.
 *
 * The device (misc, mode 0600) pins pages of the calling process and makes
 * contiguous DMA allocations, so that the promises of the page allocator can
 * be tested and failures reproduced. It also says which page an allocation fails
 * on, at that instant, to whoever listens. Questions that change nothing go
 * through generic netlink: ltpin_netlink.h.
 *
 * Lifetime: what a request makes belongs to the open file description it was
 * made through and is undone, at the latest, when that is closed for the last
 * time: by close(), by exit, by SIGKILL. A descriptor that was inherited
 * across fork() or passed to another process keeps it alive. The module
 * cannot be unloaded while a descriptor is open.
 *
 * Permission: CAP_SYS_ADMIN in the initial user namespace, on open() and again
 * on every request and on read(); else -EPERM.
 *
 * Concurrency: several threads may share a descriptor. No lock is held while
 * pages are pinned or allocated, so one that hangs does not stop the others,
 * and dies of a fatal signal, but for what LTPIN_IOC_PIN says of kernels up to 5.12.
 * An id is released exactly once; whoever comes
 * second gets -ENOENT.
 *
 * All structures have the same layout for 32-bit and 64-bit callers. Fields
 * named reserved, and flag bits not listed here, must be zero: else -EINVAL.
 * On failure nothing is kept and "out" fields are unchanged, except that the
 * memory at @ltpin_ioc_pin.pfns may have been written.
 */
#ifndef LTPIN_IOCTL_H
#define LTPIN_IOCTL_H

#include <linux/ioctl.h>
#include <linux/types.h>

/* As in the kernel, the columns of what is defined are lined up by hand. */
/* clang-format off */

#include "ltpin_netlink.h"

#define LTPIN_DEVICE		"ltpin"		/* /dev/ltpin, module ltpin.ko */

/* Flags of struct ltpin_ioc_pin */
#define LTPIN_PIN_LONGTERM	(1U << 0)	/* FOLL_LONGTERM */
#define LTPIN_PIN_WRITE		(1U << 1)	/* FOLL_WRITE */
#define LTPIN_PIN_FAST		(1U << 2)	/* pin_user_pages_fast() */

/* Flags of struct ltpin_ioc_alloc */
#define LTPIN_ALLOC_WARN	(1U << 0)	/* log failures, as for a driver */

/* In place of an id: every pin, or every allocation, of this descriptor */
#define LTPIN_ID_ALL		0xffffffffU

/**
 * struct ltpin_ioc_pin - argument of LTPIN_IOC_PIN
 * @addr:     in: start of the range in the caller's address space, a multiple
 *            of the page size
 * @pfns:     in: where to store the PFN of each page, in order: the address of
 *            a __u64[@nr_pages], or 0 if they are not wanted
 * @nr_pages: in: length of the range in pages, at least 1
 * @flags:    in: LTPIN_PIN_*; without LTPIN_PIN_FAST the slow path is taken,
 *            pin_user_pages() under mmap_lock
 * @id:       out: handle for LTPIN_IOC_UNPIN, never 0
 * @reserved: in: 0
 *
 * Pins (FOLL_PIN) the whole range, or nothing, by the kernel's get_user_pages
 * family: one call, unless it pins less than it was asked for. On kernels where the
 * call needs a table of its own for a long-term pin (5.10; up to 6.4 we do not tell
 * them apart) it is asked for as many pages at a time as a page has room for pointers.
 * The pages are counted in mm->pinned_vm
 * (VmPin in /proc/PID/status) from the request on until they are unpinned. There
 * are two limits: RLIMIT_MEMLOCK for the process, unless it has CAP_IPC_LOCK, and
 * the module parameter max_pages for all descriptors together, by default an
 * eighth of memory and 256 MiB at most. The pins stay when the range is unmapped,
 * and then no process is killed for them if memory runs out.
 *
 * Errors: -EINVAL range empty, unaligned, or past the end of the address
 * space; -EDQUOT more pages than max_pages allows now; -ENOBUFS more than
 * RLIMIT_MEMLOCK allows;
 * -EOPNOTSUPP up to 5.12, with LTPIN_PIN_LONGTERM: a page in CMA is a driver's, as a
 * dma-heap maps it, and never on an LRU list. The kernel would try for ever to move
 * it, deaf to signals, so it is not asked; it is asked if another thread maps such a
 * page at that moment, or if the driver's file calls itself a regular one.
 * -ENOMEM no memory for our own tables; -EINTR a fatal signal arrived; -EFAULT
 * @pfns cannot be written; or what the kernel returned for the first page that
 * cannot be pinned: -EFAULT, or -ENOMEM when a page in CMA could not be migrated, or
 * when the kernel had no memory for its own tables.
 */
struct ltpin_ioc_pin {
	__u64 addr;
	__u64 pfns;
	__u32 nr_pages;
	__u32 flags;
	__u32 id;
	__u32 reserved;
};

/**
 * struct ltpin_ioc_alloc - argument of LTPIN_IOC_ALLOC
 * @nr_pages: in: pages wanted, contiguous, at least 1
 * @flags:    in: LTPIN_ALLOC_*
 * @base_pfn: in: first PFN of the range the caller wants to be served from;
 *            says which area is asked
 * @end_pfn:  in: end of that range, exclusive; 0 (with @base_pfn 0) if any
 *            memory will do
 * @pfn:      out: PFN of the first page
 * @id:       out: handle for LTPIN_IOC_RELEASE, never 0
 * @reserved: in: 0
 *
 * One dma_alloc_attrs() for a device of our own that can address all memory,
 * aligned to min(order of @nr_pages, CONFIG_CMA_ALIGNMENT). With LTPIN_CAP_AREAS
 * the CMA area that @base_pfn lies in is asked first; without, or if there is
 * none, the default area. The pages are held, unused, not zeroed and not mapped
 * anywhere, until they are released.
 *
 * The kernel may serve the request elsewhere: when CMA fails it tries the page
 * allocator, and the default area gives a single page for sure only with
 * LTPIN_CAP_ALLOC_SINGLE (one that was chosen by @base_pfn always does). So
 * success says something about CMA only if the pages lie in an area. Give that
 * as @base_pfn and @end_pfn to have anything else returned at once: -ENXIO.
 *
 * The kernel does not tell us why CMA failed; its trace events do. With
 * LTPIN_ALLOC_WARN its log says that it failed; a request that is too large for
 * the page allocator as well may then leave a warning with a stack trace, which
 * taints the kernel.
 *
 * Errors: -EINVAL @nr_pages is 0 or the range is empty; -EDQUOT more
 * pages than the module parameter max_alloc_pages allows now, by default half of
 * memory and 256 MiB at most;
 * -ENOMEM neither CMA nor the page allocator had the memory, or there was none
 * for our own tables; -EINTR a fatal signal arrived; -ENXIO the allocation was
 * satisfied outside the range, and has been freed; -EOPNOTSUPP this machine does
 * not hand plain memory to our device (memory encryption, bounce buffers), so
 * its PFN is not known.
 */
struct ltpin_ioc_alloc {
	__u32 nr_pages;
	__u32 flags;
	__u64 base_pfn;
	__u64 end_pfn;
	__u64 pfn;
	__u32 id;
	__u32 reserved;
};

/* Flags of the measurements: which request for one page, and how it is made */
#define LTPIN_BENCH_SCOPE	(1U << 0)	/* where CMA pages are not allowed: the scope in
						 * which long-term pins allocate */
#define LTPIN_BENCH_UNMOVABLE	(1U << 1)	/* without __GFP_MOVABLE */
#define LTPIN_BENCH_CYCLES	(1U << 2)	/* cost: clock is get_cycles(), not ns */
#define LTPIN_BENCH_GIVE_BACK	(1U << 3)	/* chance: free a CMA page before the next try */
#define LTPIN_BENCH_DRAIN	(1U << 4)	/* chance: empty the per-CPU lists first */
#define LTPIN_BENCH_BLOCK	(1U << 5)	/* chance: ask for a block that is too large for
						 * these lists */
#define LTPIN_BENCH_PAUSE	(1U << 7)	/* chance: sleep for a tick before the request */

#define LTPIN_BENCH_TRIES	9		/* the request, and eight retries */
#define LTPIN_BENCH_LIST_MAX	64		/* pages that a list is primed with */
#define LTPIN_BENCH_BATCH_MAX	32

/* struct ltpin_ioc_bench_cost.work */
#define LTPIN_BENCH_NOTHING	0		/* what reading the clock costs */
#define LTPIN_BENCH_NOPS	1		/* LTPIN_BENCH_NR_NOPS instructions */
#define LTPIN_BENCH_PAGE	2		/* allocate, then free */
#define LTPIN_BENCH_NR_NOPS	1024

/* Clock ticks that @batch requests took, and that freeing them took. */
struct ltpin_bench_sample {
	__u32 alloc;
	__u32 free;
};

/**
 * struct ltpin_ioc_bench_cost - argument of LTPIN_IOC_BENCH_COST
 * @samples:    in: where to store them: struct ltpin_bench_sample[@nr_samples].
 *              Write to it first: a page fault in between allocates.
 * @nr_samples: in: how many, at least 1
 * @batch:      in: requests per sample, 1 to LTPIN_BENCH_BATCH_MAX
 * @work:       in: LTPIN_BENCH_NOTHING, _NOPS or _PAGE
 * @flags:      in: LTPIN_BENCH_SCOPE, _UNMOVABLE, _CYCLES
 *
 * Each sample is taken with interrupts off (not with PREEMPT_RT), so the
 * requests are made without leave to reclaim; nothing is held between samples.
 * The clock is read directly before, between and after. The nops are counted as
 * alloc: if exactly LTPIN_BENCH_NR_NOPS more than for nothing, each time, then
 * the clock counts instructions, as under QEMU's `-icount shift=0`.
 *
 * Errors: -EINVAL; -EFAULT; -ENOMEM no page was free; -EINTR a fatal signal.
 */
struct ltpin_ioc_bench_cost {
	__u64 samples;
	__u32 nr_samples;
	__u32 batch;
	__u32 work;
	__u32 flags;
};

/**
 * struct ltpin_ioc_bench_chance - argument of LTPIN_IOC_BENCH_CHANCE
 * @base_pfn:   in: first PFN of a CMA area
 * @end_pfn:    in: its end, exclusive
 * @nr_samples: in: how many, at least 1
 * @nr_cma:     in: CMA pages to prime the list with, at least 1
 * @nr_other:   in: other pages; together at most LTPIN_BENCH_LIST_MAX
 * @flags:      in: LTPIN_BENCH_SCOPE, _UNMOVABLE, _GIVE_BACK, _DRAIN, _BLOCK, _PAUSE
 * @landed:     out: samples in which the request and each of the first i retries
 *              got a page of the area
 * @nr_movable: out: samples whose first page lay in ZONE_MOVABLE
 * @reserved:   in: 0
 *
 * For each sample the pages are freed in random order, so that they head this
 * CPU's list of free movable pages; then the page is asked for. A try that got
 * a page of the area is repeated: by default the wrong page is kept until the
 * sample ends. Bind the caller to one CPU.
 *
 * Errors: -EINVAL; -EFAULT; -ENODATA the list could not be primed: requests for
 * a movable page are not served with pages of this area; -EOPNOTSUPP _DRAIN
 * without LTPIN_CAP_BENCH_DRAIN; -EDQUOT, -ENOMEM; -EINTR a fatal signal.
 */
struct ltpin_ioc_bench_chance {
	__u64 base_pfn;
	__u64 end_pfn;
	__u32 nr_samples;
	__u32 nr_cma;
	__u32 nr_other;
	__u32 flags;
	__u32 landed[LTPIN_BENCH_TRIES];
	__u32 nr_movable;
	__u32 reserved[2];
};

/**
 * struct ltpin_ioc_bench_reserve - argument of LTPIN_IOC_BENCH_RESERVE
 * @nr_pages: in: atomic requests for one movable page, at most 512
 * @flags:    in: LTPIN_BENCH_SCOPE
 * @before:   out: pages free in the HIGHATOMIC reserve
 * @during:   out: the same while the pages are held
 *
 * Only a request that failed once with the low watermark is treated as atomic,
 * and only such a one of several pages makes the kernel reserve a pageblock. So
 * that no memory has to be made scarce for it, we ask for memory to be dirtied
 * (__GFP_WRITE) and let the kernel's check for dirty pages answer "no" to this
 * task, by a kretprobe that exists meanwhile. Needs LTPIN_CAP_BENCH_RESERVE.
 *
 * None is made to measure: the kernel makes one when memory is short, for an atomic
 * request of several pages. Free blocks are counted with interrupts off, so a list
 * of more than the module parameter max_walk allows is given up.
 *
 * Errors: -EINVAL; -EFAULT; -EOPNOTSUPP; -ENODATA nothing is reserved; -E2BIG the
 * reserve has more free blocks of one size than max_walk; -ENOMEM; -EINTR a fatal
 * signal.
 */
struct ltpin_ioc_bench_reserve {
	__u32 nr_pages;
	__u32 flags;
	__u64 before;
	__u64 during;
};

#define LTPIN_STACK_MAX		16

/**
 * struct ltpin_blocker - a page that was in the way of an allocation
 * @seq:       its number, one more than that of the one before: a gap tells how
 *             many were lost
 * @ts_ns:     when it was seen: ns since boot by the clock of printk and of the
 *             "local" trace clock (local_clock(); stops in suspend)
 * @start_pfn: the range as the kernel tested it, which may begin below the
 *             allocation's
 * @end_pfn:   its end, exclusive
 * @pfn:       the first page that was not free: fin_pfn of the tracepoint. From
 *             6.1 on also the first of a pageblock that was not isolated any
 *             more, as somebody else was at work there
 * @pid:       process (tgid, initial namespace) that asked for the range, and so
 *             does not have the page
 * @tid:       its thread
 * @comm:      name of that; any bytes, and a NUL
 * @state:     what covers @pfn at that instant; nr_pages is 0 in a hole
 * @nr_pages:  size of the request; 0: not known, as the module was not loaded with
 *             count_attempts=1, the kernel does not say that one begins (5.10), or it
 *             is not one for CMA
 * @area:      name of the area, any bytes, and a NUL; empty: not known
 * @nr_stack:  entries of @stack
 * @reserved:  0
 * @stack:     who asked: return addresses in the kernel, the innermost first;
 *             /proc/kallsyms has their names
 *
 * The error is not known yet, as the kernel may try another range: struct
 * ltpin_attempts has that of the last request of the area that failed, and its thread.
 *
 * After LTPIN_IOC_LISTEN, which stores the number of the first that may come
 * (-EOPNOTSUPP without LTPIN_CAP_BLOCKERS), read() gives what was seen since then:
 * whole records, as many as fit and are there. It waits for the first, but with
 * O_NONBLOCK says -EAGAIN; poll() tells POLLIN. -EINVAL: less room than for one
 * record, or nobody listens.
 *
 * A range of pages was isolated and emptied for an allocation, and a page is
 * still there: the kernel's tracepoint test_pages_isolated, when it says "fail".
 * Memory that is put offline goes the same way, and is told too. While nobody
 * listens nothing is looked at, nor counted. Records are kept in a ring that all
 * listeners share: a storm overwrites the oldest ones, whether they were read or
 * not, and then their numbers are missing.
 */
struct ltpin_blocker {
	__u64 seq;
	__u64 ts_ns;
	__u64 start_pfn;
	__u64 end_pfn;
	__u64 pfn;
	__u32 pid;
	__u32 tid;
	char comm[16];
	struct ltpin_page_state state;
	__u64 nr_pages;
	char area[64];
	__u32 nr_stack;
	__u32 reserved;
	__u64 stack[LTPIN_STACK_MAX];
};

/*
 * LTPIN_IOC_UNPIN and LTPIN_IOC_RELEASE take the address of an id, or of
 * LTPIN_ID_ALL. -ENOENT: this descriptor has no such pin, respectively no such
 * allocation. LTPIN_ID_ALL releases what there is, and succeeds on nothing;
 * allocations go back in the order in which they were made, on the calling
 * CPU.
 */
#define LTPIN_IOC_PIN		_IOWR('~', 0x20, struct ltpin_ioc_pin)
#define LTPIN_IOC_UNPIN		_IOW('~', 0x21, __u32)
#define LTPIN_IOC_ALLOC		_IOWR('~', 0x22, struct ltpin_ioc_alloc)
#define LTPIN_IOC_RELEASE	_IOW('~', 0x23, __u32)
#define LTPIN_IOC_LISTEN	_IOR('~', 0x24, __u64)
#define LTPIN_IOC_BENCH_COST	_IOW('~', 0x30, struct ltpin_ioc_bench_cost)
#define LTPIN_IOC_BENCH_CHANCE	_IOWR('~', 0x31, struct ltpin_ioc_bench_chance)
#define LTPIN_IOC_BENCH_RESERVE	_IOWR('~', 0x32, struct ltpin_ioc_bench_reserve)

/* clang-format on */

#endif /* LTPIN_IOCTL_H */
