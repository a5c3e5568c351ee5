// SPDX-License-Identifier: GPL-2.0-or-later
/* Words for what two reports may differ in: their JSON has names for programs. */
#include <string.h>

#include "base/array_size.h"
#include "render/diff.h"

/* Without words: another one says the same. */
static const struct {
	const char *key, *words;
} labels[] = {
	{ "mem_total_kib", "memory, KiB" },
	{ "mem_available_kib", "memory available, KiB" },
	{ "cma_total_kib", "CMA memory, KiB" },
	{ "cma_free_kib", "CMA memory that is free, KiB" },
	{ "nr_free_cma", "free pages in CMA" },
	{ "nr_foll_pin_acquired", "pins made since boot" },
	{ "nr_foll_pin_released", "pins released since boot" },
	{ "cma_alloc_success", "cma_alloc calls that succeeded" },
	{ "cma_alloc_fail", "cma_alloc calls that failed" },
	{ "nr_pages", "pages" },
	{ "order_per_bit", "pages of a bit in the bitmap, as order" },
	{ "nr_allocated", "pages allocated" },
	{ "nr_free", "pages free" },
	{ "nr_lent", "pages lent" },
	{ "nr_pinned", "pages pinned" },
	{ "largest_free_run", "longest run that is not allocated, pages" },
	{ "alloc_success", "pages given out since boot" },
	{ "alloc_fail", NULL }, /* alloc_fail_pages */
	{ "name", NULL },	/* before each member */
	{ "alloc_fail_pages", "pages refused since boot" },
	{ "release_success", "pages released since boot" },
	{ "source", "located by" },
	{ "arch", "architecture" },
	{ "page_size", "bytes of a page" },
	{ "pageblock_order", "pages of a pageblock, as order" },
	{ "cmdline", "command line" },
};

/* Behind the name of an area: "reserved: nr_lent". */
static const char *member_of(const char *key)
{
	const char *member = key;

	for (const char *at = key; (at = strstr(at, ": ")); at += 2)
		member = at + 2;
	return member;
}

static bool is_member(const struct lt_fact *fact)
{
	return fact->section == LT_FACT_AREA || fact->section == LT_FACT_COUNTER ||
	       fact->section == LT_FACT_KERNEL;
}

bool diff_is_shown(const struct lt_fact *fact)
{
	for (size_t i = 0; is_member(fact) && i < ARRAY_SIZE(labels); i++)
		if (!labels[i].words && !strcmp(labels[i].key, member_of(fact->key)))
			return false;
	return true;
}

void diff_put_key(FILE *out, const struct lt_fact *fact)
{
	const char *member = member_of(fact->key), *words = member;

	for (size_t i = 0; is_member(fact) && i < ARRAY_SIZE(labels); i++)
		if (labels[i].words && !strcmp(labels[i].key, member))
			words = labels[i].words;
	fprintf(out, "%.*s%s", (int)(member - fact->key), fact->key, words);
}
