// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints folios, as text and as JSON. */
#include "render/folio.h"

#include <inttypes.h>

#include "base/array_size.h"
#include "uapi/ltpin_netlink.h"

/* clang-format off */
static const struct {
	uint64_t flag;
	const char *name;
} flags[] = {
	{ LTPIN_PAGE_UNSTABLE, "unstable" },	   { LTPIN_PAGE_BUDDY, "free" },
	{ LTPIN_PAGE_RESERVED, "reserved" },	   { LTPIN_PAGE_OFFLINE, "offline" },
	{ LTPIN_PAGE_SLAB, "slab" },		   { LTPIN_PAGE_PGTABLE, "pgtable" },
	{ LTPIN_PAGE_COMPOUND, "compound" },	   { LTPIN_PAGE_HUGETLB, "hugetlb" },
	{ LTPIN_PAGE_ANON, "anon" },		   { LTPIN_PAGE_KSM, "ksm" },
	{ LTPIN_PAGE_FILE, "file" },		   { LTPIN_PAGE_MOVABLE_OPS, "movable-ops" },
	{ LTPIN_PAGE_HWPOISON, "hwpoison" },	   { LTPIN_PAGE_LRU, "lru" },
	{ LTPIN_PAGE_ACTIVE, "active" },	   { LTPIN_PAGE_UNEVICTABLE, "unevictable" },
	{ LTPIN_PAGE_MLOCKED, "mlocked" },	   { LTPIN_PAGE_SWAPBACKED, "swapbacked" },
	{ LTPIN_PAGE_SWAPCACHE, "swapcache" },	   { LTPIN_PAGE_PRIVATE, "private" },
	{ LTPIN_PAGE_UPTODATE, "uptodate" },	   { LTPIN_PAGE_DIRTY, "dirty" },
	{ LTPIN_PAGE_WRITEBACK, "writeback" },	   { LTPIN_PAGE_LOCKED, "locked" },
	{ LTPIN_PAGE_REFERENCED, "referenced" },
};
/* clang-format on */

#define NR_FLAGS ARRAY_SIZE(flags)

void folio_print_heading(struct text *text)
{
	fprintf(text->out, "%s%-12s %7s %8s %7s %7s  %s%s\n", text_role(text, TEXT_FAINT), "PFN",
		"PAGES", "REFS", "MAPS", "PINS", "FLAGS", text_role(text, TEXT_PLAIN));
}

void folio_print(struct text *text, const struct lt_folio *folio)
{
	int32_t pins = lt_folio_pins(folio);
	const char *sep = "  ";

	fprintf(text->out, "%s0x%-10" PRIx64 " %7" PRIu32 " %8" PRId32 " %7" PRId32 " %7" PRId32,
		text_role(text, pins ? TEXT_BAD : TEXT_PLAIN), folio->pfn, folio->nr_pages,
		folio->refcount, folio->mapcount, pins);
	for (size_t i = 0; i < NR_FLAGS; i++) {
		if (!(folio->flags & flags[i].flag))
			continue;
		fprintf(text->out, "%s%s", sep, flags[i].name);
		sep = ",";
	}
	fprintf(text->out, "%s\n", text_role(text, TEXT_PLAIN));
}

/* What changed while it was read is told as flags alone. */
void json_folio(struct lt_json *json, const char *key, const struct lt_folio *folio)
{
	int32_t pins = lt_folio_pins(folio);

	lt_json_object(json, key);
	lt_json_u64(json, "pfn", folio->pfn);
	lt_json_u64(json, "nr_pages", folio->nr_pages);
	if (!(folio->flags & LTPIN_PAGE_UNSTABLE) && folio->refcount >= 0 && folio->mapcount >= 0) {
		lt_json_u64(json, "refcount", (uint64_t)folio->refcount);
		lt_json_u64(json, "mapcount", (uint64_t)folio->mapcount);
		lt_json_u64(json, "pins", (uint64_t)pins);
		lt_json_bool(json, "pins_estimated",
			     pins && !(folio->flags & LTPIN_PAGE_PINS_EXACT));
	}
	lt_json_array(json, "flags");
	for (size_t i = 0; i < NR_FLAGS; i++)
		if (folio->flags & flags[i].flag)
			lt_json_string(json, NULL, flags[i].name);
	lt_json_close(json);
	lt_json_close(json);
}
