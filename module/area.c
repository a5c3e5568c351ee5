// SPDX-License-Identifier: GPL-2.0-only
/*
 * The CMA areas. The kernel exports neither their list nor what describes one
 * (only 7.2 a name), and struct cma is private to mm/ and different in each
 * kernel. So we call mm/cma.c's own functions, which have kept their prototypes
 * from 5.10 to 7.2, by looked-up addresses, and never look into the structure.
 * What they return is checked before it is believed; an area that fails is left
 * out. Areas are made during boot: the list is read once.
 */
#include <linux/cma.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#include "compat.h"
#include "ltpin.h"

LIST_HEAD(lt_areas);

static struct {
	int (*for_each_area)(int (*it)(struct cma *cma, void *data), void *data);
	const char *(*get_name)(const struct cma *cma);
	unsigned long (*get_size)(const struct cma *cma); /* bytes */
	phys_addr_t (*get_base)(const struct cma *cma);
	/* 7.2, where an area may have several ranges: with @end, an address, included */
	bool (*intersects)(struct cma *cma, unsigned long start, unsigned long end);
} kernel;

static bool find_functions(void)
{
	kernel.for_each_area = lt_symbol_find("cma_for_each_area");
	kernel.get_name = lt_symbol_find("cma_get_name");
	kernel.get_size = lt_symbol_find("cma_get_size");
	kernel.get_base = lt_symbol_find("cma_get_base");
	kernel.intersects = lt_symbol_find("cma_intersects");
	/* If one is not to be called, then it is not known either what its absence means. */
	if (lt_symbols_not_called()[0])
		return false;
	/* Its addresses are longs: with larger physical addresses it wraps around. */
	if (kernel.intersects && sizeof(phys_addr_t) > sizeof(unsigned long))
		return false;
	return kernel.for_each_area && kernel.get_name && kernel.get_size &&
	       (kernel.get_base || kernel.intersects);
}

static bool append_run(struct lt_area *area, unsigned long pfn, unsigned long nr_pages)
{
	struct ltpin_pfn_run *run = &area->runs[area->nr_runs];

	if (area->nr_runs && run[-1].base_pfn + run[-1].nr_pages == pfn) {
		run[-1].nr_pages += nr_pages;
		return true;
	}
	if (area->nr_runs == ARRAY_SIZE(area->runs))
		return false;
	*run = (struct ltpin_pfn_run){ .base_pfn = pfn, .nr_pages = nr_pages };
	area->nr_runs++;
	return true;
}

/*
 * cma_get_base() of 7.2 warns about several ranges and returns the first. So ask
 * of each pageblock, which is what ranges are multiples of, whether it is inside.
 *
 * __nocfi: before kCFI (6.1) an indirect call had to go to a jump table, which
 * the address of the function itself is not.
 */
static bool __nocfi find_ranges(struct lt_area *area, struct cma *cma)
{
	unsigned long pfn, end = lt_scan_end(), nr_found = 0;

	if (!kernel.intersects)
		return append_run(area, PHYS_PFN(kernel.get_base(cma)), area->nr_pages);

	for (pfn = 0; pfn < end && nr_found < area->nr_pages; pfn += pageblock_nr_pages) {
		cond_resched();
		if (!kernel.intersects(cma, PFN_PHYS(pfn), PFN_PHYS(pfn + pageblock_nr_pages) - 1))
			continue;
		if (!append_run(area, pfn, pageblock_nr_pages))
			return false;
		nr_found += pageblock_nr_pages;
	}
	return nr_found == area->nr_pages;
}

static bool is_plausible(const struct lt_area *area)
{
	unsigned long end = lt_scan_end();
	unsigned int i;

	for (i = 0; i < area->nr_runs; i++) {
		const struct ltpin_pfn_run *run = &area->runs[i];

		if (run->base_pfn >= end || run->nr_pages > end - run->base_pfn ||
		    !pfn_valid(run->base_pfn) || !pfn_valid(run->base_pfn + run->nr_pages - 1))
			return false;
	}
	return area->nr_runs && area->name[0];
}

static void free_area(struct lt_area *area)
{
	if (!IS_ERR_OR_NULL(area->device))
		platform_device_unregister(area->device);
	kfree(area);
}

/* A device whose allocations come from @cma, as the device tree can give one to a driver. */
static int make_device(struct lt_area *area, struct cma *cma, int id)
{
	area->device = platform_device_register_simple("ltpin-area", id, NULL, 0);
	if (IS_ERR(area->device))
		return PTR_ERR(area->device);
#ifdef CONFIG_DMA_CMA
	area->device->dev.cma_area = cma;
#endif
	return dma_set_mask_and_coherent(&area->device->dev, DMA_BIT_MASK(64));
}

/* Called by cma_for_each_area(). */
static int __nocfi add_area(struct cma *cma, void *data)
{
	unsigned long size = kernel.get_size(cma);
	struct lt_area *area;
	int *nr = data, err;

	/* 0: activation failed. Its memory is ordinary by now. */
	if (!size || !PAGE_ALIGNED(size))
		return 0;
	area = kzalloc(sizeof(*area), GFP_KERNEL);
	if (!area)
		return -ENOMEM;
	area->nr_pages = size >> PAGE_SHIFT;
	strscpy(area->name, kernel.get_name(cma), sizeof(area->name));
	if (!find_ranges(area, cma) || !is_plausible(area)) {
		pr_info("ltpin: not using a CMA area that makes no sense\n");
		kfree(area);
		return 0;
	}
	err = make_device(area, cma, (*nr)++);
	if (err) {
		free_area(area);
		return err;
	}
	list_add_tail(&area->node, &lt_areas);
	return 0;
}

/* All areas or none: if one were left out, whoever asks for it would get pages of another. */
void __nocfi lt_areas_init(void)
{
	int nr = 0, err = 0;

	if (find_functions())
		err = kernel.for_each_area(add_area, &nr);
	if (err) {
		lt_areas_exit();
		pr_warn("ltpin: doing without the CMA areas: error %d\n", err);
	}
}

void lt_areas_exit(void)
{
	struct lt_area *area, *next;

	list_for_each_entry_safe(area, next, &lt_areas, node) {
		list_del(&area->node);
		free_area(area);
	}
}

/* The area that has the page, or NULL. */
struct lt_area *lt_areas_find(u64 pfn)
{
	struct lt_area *area;
	unsigned int i;

	list_for_each_entry(area, &lt_areas, node) {
		for (i = 0; i < area->nr_runs; i++) {
			if (pfn - area->runs[i].base_pfn < area->runs[i].nr_pages)
				return area;
		}
	}
	return NULL;
}
