// SPDX-License-Identifier: GPL-2.0-or-later
/* Words for what two reports may differ in: their JSON has names for programs. */
#include <string.h>

#include "base/array_size.h"
#include "render/diff.h"

/* Without words: another one says the same. */
struct label {
	const char *key, *words;
};

static const struct label labels[] = {
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
	{ "order_per_bit", "pages per bit of the bitmap, as order" },
	{ "nr_allocated", "pages allocated" },
	{ "nr_free", "pages free" },
	{ "nr_lent", "pages lent" },
	{ "nr_pinned", "pages pinned" },
	{ "largest_free_run", "longest run that is not allocated, pages" },
	{ "alloc_success", "pages allocated since boot" },
	{ "alloc_fail", NULL }, /* alloc_fail_pages */
	{ "name", NULL },	/* before each member */
	{ "alloc_fail_pages", "pages refused since boot" },
	{ "release_success", "pages released since boot" },
	{ "source", "located by" },
	{ "arch", "architecture" },
	{ "page_size", "bytes per page" },
	{ "pageblock_order", "pages per pageblock, as order" },
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

/* NULL for what has a name of its own: a finding, a process, a kernel option. */
static const struct label *label_of(const struct lt_fact *fact)
{
	if (fact->section != LT_FACT_AREA && fact->section != LT_FACT_COUNTER &&
	    fact->section != LT_FACT_KERNEL)
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(labels); i++)
		if (!strcmp(labels[i].key, member_of(fact->key)))
			return &labels[i];
	return NULL;
}

bool diff_is_shown(const struct lt_fact *fact)
{
	const struct label *label = label_of(fact);

	return !label || label->words;
}

void diff_put_key(FILE *out, const struct lt_fact *fact)
{
	const struct label *label = label_of(fact);
	const char *member = member_of(fact->key);

	fprintf(out, "%.*s%s", (int)(member - fact->key), fact->key,
		label && label->words ? label->words : member);
}
