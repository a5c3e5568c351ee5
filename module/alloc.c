// SPDX-License-Identifier: GPL-2.0-only
/*
 * Contiguous allocations, made the way a driver makes them: cma_alloc() is
 * exported on 7.2 only, dma_alloc_attrs() is everywhere, and asks the device's
 * own CMA area first, or else the default one. For that we need a device; ours
 * exist in name only, address all memory, and never transfer a byte.
 */
#include <linux/dma-direct.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/sched/signal.h>

#include "ltpin.h"

static struct platform_device *device; /* of the default area */

/*
 * dma_alloc_contiguous() leaves single pages to the page allocator, unless the
 * device has an area of its own. On 7.2 a module may look up the default area
 * and make it that. Before, the name is an inline function's, which has no
 * symbol to get.
 */
static void use_default_area(struct device *dev)
{
#ifdef CONFIG_DMA_CMA
	typeof(dev_get_cma_area) *get_area = symbol_get(dev_get_cma_area);

	if (get_area) {
		dev->cma_area = get_area(dev);
		symbol_put(dev_get_cma_area);
	}
#endif
}

int lt_alloc_init(void)
{
	int err;

	device = platform_device_register_simple("ltpin", PLATFORM_DEVID_NONE, NULL, 0);
	if (IS_ERR(device))
		return PTR_ERR(device);
	err = dma_set_mask_and_coherent(&device->dev, DMA_BIT_MASK(64));
	if (err) {
		platform_device_unregister(device);
		return err;
	}
	use_default_area(&device->dev);
	return 0;
}

void lt_alloc_exit(void)
{
	platform_device_unregister(device);
}

/* LTPIN_CAP_* about allocations. */
u64 lt_alloc_caps(void)
{
	u64 caps = 0;

#ifdef CONFIG_DMA_CMA
	caps |= LTPIN_CAP_ALLOC_CMA;
	if (device->dev.cma_area)
		caps |= LTPIN_CAP_ALLOC_SINGLE;
#endif
	if (!list_empty(&lt_areas))
		caps |= LTPIN_CAP_AREAS;
	return caps;
}

static unsigned long dma_attrs(const struct lt_hold *hold)
{
	return DMA_ATTR_NO_KERNEL_MAPPING | (hold->flags & LTPIN_ALLOC_WARN ? 0 : DMA_ATTR_NO_WARN);
}

/**
 * lt_alloc_get() - allocate contiguous pages
 * @hold: receives them; its nr_pages and flags say how many and how
 * @area: the area to ask; NULL for the default one
 *
 * For memory without a kernel mapping both dma-direct and the older operations
 * of 32-bit ARM return the first struct page as the cookie. Other ways to
 * satisfy the request (encrypted memory, bounce buffers, an IOMMU) return
 * something else: then the address given to the device tells another page, and
 * we say that we cannot tell.
 *
 * __GFP_NORETRY matters only when CMA has failed and the page allocator is
 * tried: it must not call the OOM killer for a test.
 *
 * Return: 0, -EINVAL (more than fits into the address space), -ENOMEM, -EINTR
 * (a fatal signal), or -EOPNOTSUPP.
 */
int lt_alloc_get(struct lt_hold *hold, const struct lt_area *area)
{
	struct device *dev = area ? &area->device->dev : &device->dev;
	gfp_t gfp = GFP_KERNEL | __GFP_NORETRY;
	unsigned long pfn;
	dma_addr_t dma;
	void *cookie;

	if (hold->nr_pages > SIZE_MAX >> PAGE_SHIFT)
		return -EINVAL;
	/* Not all implementations make __GFP_NOWARN of the attribute. */
	if (!(hold->flags & LTPIN_ALLOC_WARN))
		gfp |= __GFP_NOWARN;

	cookie = dma_alloc_attrs(dev, hold->nr_pages << PAGE_SHIFT, &dma, gfp, dma_attrs(hold));
	if (!cookie)
		return fatal_signal_pending(current) ? -EINTR : -ENOMEM;
	pfn = PHYS_PFN(dma_to_phys(dev, dma));
	if (!pfn_valid(pfn) || cookie != pfn_to_page(pfn)) {
		dma_free_attrs(dev, hold->nr_pages << PAGE_SHIFT, cookie, dma, dma_attrs(hold));
		return -EOPNOTSUPP;
	}
	hold->dev = dev;
	hold->page = cookie;
	hold->dma = dma;
	return 0;
}

void lt_alloc_put(struct lt_hold *hold)
{
	if (!hold->page)
		return;
	dma_free_attrs(hold->dev, hold->nr_pages << PAGE_SHIFT, hold->page, hold->dma,
		       dma_attrs(hold));
}
