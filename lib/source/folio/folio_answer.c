// SPDX-License-Identifier: LGPL-2.1-or-later
#include "source/folio/folio_answer.h"

#include <errno.h>

static void put_count(struct lt_json *json, const char *key, int32_t count)
{
	if (count >= 0)
		lt_json_u64(json, key, (uint64_t)count);
}

void lt_folio_answer_add(struct lt_json *json, const struct lt_folio *folio)
{
	if (!json)
		return;
	lt_json_object(json, NULL);
	lt_json_u64(json, "pfn", folio->pfn);
	lt_json_u64(json, "nr_pages", folio->nr_pages);
	put_count(json, "refcount", folio->refcount);
	put_count(json, "mapcount", folio->mapcount);
	put_count(json, "pins", folio->pins);
	lt_json_u64(json, "flags", folio->flags);
	lt_json_close(json);
}

static int32_t take_count(const struct lt_json_value *record, const char *key)
{
	struct lt_num num = lt_json_get_num(record, key);

	return num.known && num.val <= INT32_MAX ? (int32_t)num.val : -1;
}

int lt_folio_answer_take(struct lt_folio_reading *in, const struct lt_json_value *record)
{
	struct lt_num pfn = lt_json_get_num(record, "pfn");
	struct lt_num nr_pages = lt_json_get_num(record, "nr_pages");
	struct lt_num flags = lt_json_get_num(record, "flags");
	struct lt_range pfns = { pfn.val, pfn.val + nr_pages.val };
	struct lt_folio folio;

	if (!in->each)
		return 0;
	if (!pfn.known || !nr_pages.known || !flags.known || !nr_pages.val ||
	    nr_pages.val > UINT32_MAX || pfn.val > UINT64_MAX / 2)
		return -EBADMSG;
	if (!lt_range_is_overlapping(in->pfns, pfns) || pfn.val < in->next_pfn)
		return 0;
	in->next_pfn = pfns.end_pfn;
	folio = (struct lt_folio){
		.pfn = pfn.val,
		.nr_pages = (uint32_t)nr_pages.val,
		.refcount = take_count(record, "refcount"),
		.mapcount = take_count(record, "mapcount"),
		.pins = take_count(record, "pins"),
		.flags = flags.val,
	};
	return in->each(&folio, in->arg);
}
