/* SPDX-License-Identifier: (GPL-2.0-only WITH Linux-syscall-note) OR LGPL-2.1-or-later */
/*
 * /dev/ltpin: what the ltpin module does in the task that asks for it.
 *
 * The device (misc, mode 0600) pins pages of the calling process and makes
 * contiguous DMA allocations, so that the promises of the page allocator can
 * be tested and failures reproduced. Questions that change nothing go through
 * generic netlink: ltpin_netlink.h.
 *
 * Lifetime: what a request makes belongs to the open file description it was
 * made through and is undone, at the latest, when that is closed for the last
 * time: by close(), by exit, by SIGKILL. A descriptor that was inherited
 * across fork() or passed to another process keeps it alive. The module
 * cannot be unloaded while a descriptor is open.
 *
 * Permission: CAP_SYS_ADMIN in the initial user namespace, on open() and again
 * on every request; else -EPERM.
 *
 * Concurrency: several threads may share a descriptor. No lock is held while
 * pages are pinned or allocated, so one that hangs does not stop the others,
 * and dies of a fatal signal. An id is released exactly once; whoever comes
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
 * Pins (FOLL_PIN) the whole range with exactly one call of the kernel's
 * get_user_pages family, or nothing. The pages are counted in mm->pinned_vm
 * (VmPin in /proc/PID/status) until they are unpinned; RLIMIT_MEMLOCK does not
 * apply. The pins stay when the range is unmapped.
 *
 * Errors: -EINVAL range empty, unaligned, or past the end of the address
 * space; -EDQUOT more pages than the module parameter max_pages allows now;
 * -ENOMEM no memory for our own tables; -EINTR a fatal signal arrived; -EFAULT
 * a page of the range cannot be pinned, or @pfns cannot be written; or what
 * the kernel returned for the first page, e.g. -ENOMEM when a page in CMA
 * could not be migrated.
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
 * @base_pfn: in: first PFN of the range the caller wants to be served from
 * @end_pfn:  in: end of that range, exclusive; 0 (with @base_pfn 0) if any
 *            memory will do
 * @pfn:      out: PFN of the first page
 * @id:       out: handle for LTPIN_IOC_RELEASE, never 0
 * @reserved: in: 0
 *
 * One dma_alloc_attrs() for a device of our own that can address all memory,
 * so the default CMA area is asked first, aligned to min(order of @nr_pages,
 * CONFIG_CMA_ALIGNMENT). The pages are held, unused, not zeroed and not mapped
 * anywhere, until they are released.
 *
 * The kernel may serve the request elsewhere: when CMA fails it tries the page
 * allocator, and a single page comes from CMA for sure only with
 * LTPIN_CAP_ALLOC_SINGLE. So success says something about CMA only if the pages
 * lie in an area. Give that as @base_pfn and @end_pfn to have anything else
 * returned at once: -ENXIO.
 *
 * The kernel does not tell us why CMA failed; its trace events do. With
 * LTPIN_ALLOC_WARN its log says that it failed; a request that is too large for
 * the page allocator as well may then leave a warning with a stack trace, which
 * taints the kernel.
 *
 * Errors: -EINVAL @nr_pages is 0 or the range is empty; -EDQUOT as for pins;
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

#endif /* LTPIN_IOCTL_H */
