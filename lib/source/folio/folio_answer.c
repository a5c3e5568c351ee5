// SPDX-License-Identifier: LGPL-2.1-or-later
/* Saves and replays the state of folios. */
#include "source/folio/folio_answer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

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

static int32_t parse_count(const struct lt_json_value *record, const char *key)
{
	struct lt_num num = lt_json_get_num(record, key);

	return num.known && num.val <= INT32_MAX ? (int32_t)num.val : -1;
}

int lt_folio_answer_parse(struct lt_folios *out, const struct lt_json_value *record)
{
	struct lt_num pfn = lt_json_get_num(record, "pfn");
	struct lt_num nr_pages = lt_json_get_num(record, "nr_pages");
	struct lt_num flags = lt_json_get_num(record, "flags");
	struct lt_folio *folio;

	if (!pfn.known || !nr_pages.known || !flags.known || !nr_pages.val ||
	    nr_pages.val > UINT32_MAX || pfn.val > UINT64_MAX / 2)
		return -EBADMSG;
	folio = lt_vec_push(out);
	if (!folio)
		return -ENOMEM;
	*folio = (struct lt_folio){
		.pfn = pfn.val,
		.nr_pages = (uint32_t)nr_pages.val,
		.refcount = parse_count(record, "refcount"),
		.mapcount = parse_count(record, "mapcount"),
		.pins = parse_count(record, "pins"),
		.flags = flags.val,
	};
	return 0;
}

/* The rest of the record decides between equals, whatever qsort() does to their order. */
static int by_pfn(const void *a, const void *b)
{
	const struct lt_folio *one = a, *other = b;

	return one->pfn == other->pfn ? memcmp(one, other, sizeof(*one))
				      : (one->pfn > other->pfn) - (one->pfn < other->pfn);
}

void lt_folio_answer_sort(struct lt_folios *folios)
{
	uint64_t next_pfn = 0;
	size_t nr = 0;

	if (folios->nr)
		qsort(folios->v, folios->nr, sizeof(*folios->v), by_pfn);
	lt_vec_each(folio, folios) {
		if (folio->pfn < next_pfn)
			continue;
		next_pfn = folio->pfn + folio->nr_pages;
		folios->v[nr++] = *folio;
	}
	folios->nr = nr;
}

/* Index of the first that does not end at or before @pfn. */
static size_t find_first(const struct lt_folios *folios, uint64_t pfn)
{
	size_t low = 0, high = folios->nr;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (folios->v[mid].pfn + folios->v[mid].nr_pages <= pfn)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

int lt_folio_answer_ask(const struct lt_folios *folios, struct lt_range pfns,
			int (*each)(const struct lt_folio *folio, void *arg), void *arg)
{
	int ret = 0;

	for (size_t i = find_first(folios, pfns.start_pfn);
	     i < folios->nr && folios->v[i].pfn < pfns.end_pfn && !ret; i++)
		ret = each(&folios->v[i], arg);
	return ret;
}
