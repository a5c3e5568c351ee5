// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Lines of a boot that say the same memory in pages and in bytes:
 *
 *	NAME " hash table entries: " N " (order: " N ", " BYTES " bytes" ...	2^order pages
 *	"percpu: Embedded " N " pages/cpu " ["@" ADDR] "s" BYTES " r" BYTES " d" BYTES ...
 *
 * What an area's own size and the total of its bitmap prove, and RAM in a memory info: klog_source.c.
 */
#include "source/klog/klog_page_size.h"

#include <string.h>

#define PAGE_SIZE_MIN 4096
#define PAGE_SIZE_MAX (256 * 1024)
#define ORDER_MAX 40

struct lt_num lt_klog_page_size_by(uint64_t bytes, uint64_t nr_pages)
{
	for (uint64_t size = PAGE_SIZE_MIN; size <= PAGE_SIZE_MAX; size *= 2)
		if (nr_pages && bytes / size == nr_pages && !(bytes % size))
			return lt_num(size);
	return (struct lt_num){ 0 };
}

static struct lt_num by_hash_table(struct lt_text at)
{
	uint64_t nr, bytes;
	int64_t order;

	/* Most lines have no parenthesis, which is found faster. */
	if (!memchr(at.pos, '(', (size_t)(at.end - at.pos)) ||
	    !lt_text_find(&at, " hash table entries: ") || !lt_text_u64(&at, &nr) ||
	    !lt_text_literal(&at, " (order: ") || !lt_text_s64(&at, &order) ||
	    !lt_text_literal(&at, ", ") || !lt_text_u64(&at, &bytes) ||
	    !lt_text_literal(&at, " bytes") || order < 0 || order > ORDER_MAX)
		return (struct lt_num){ 0 };
	return lt_klog_page_size_by(bytes, 1ull << order);
}

static bool parse_part(struct lt_text *at, const char *key, uint64_t *sum)
{
	uint64_t bytes;

	return lt_text_find(at, key) && lt_text_u64(at, &bytes) &&
	       !__builtin_add_overflow(*sum, bytes, sum);
}

static struct lt_num by_percpu(struct lt_text at)
{
	uint64_t nr_pages, bytes = 0;

	if ((!lt_text_literal(&at, "percpu: Embedded ") &&
	     !lt_text_literal(&at, "PERCPU: Embedded ")) ||
	    !lt_text_u64(&at, &nr_pages) || !lt_text_literal(&at, " pages/cpu ") ||
	    !parse_part(&at, "s", &bytes) || !parse_part(&at, " r", &bytes) ||
	    !parse_part(&at, " d", &bytes))
		return (struct lt_num){ 0 };
	return lt_klog_page_size_by(bytes, nr_pages);
}

struct lt_num lt_klog_page_size_of(struct lt_text text)
{
	struct lt_num size = by_hash_table(text);

	return size.known ? size : by_percpu(text);
}
