// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * dump_page() in the kernel log:
 *
 *	"page:" ADDRESS " refcount:" N " mapcount:" N " mapping:" P " index:" N " pfn:" HEX	5.10, 6.1
 *	"page: refcount:" N " mapcount:" N " mapping:" P " index:" N " pfn:" HEX		6.12, 7.2
 *	["head:" ...]  ["memcg:" ...]  ["aops:" ...]
 *	[TYPE] "flags: " FLAGS [" CMA"]
 *	"raw: " ...
 *	"page dumped because: " REASON
 *
 * A contiguous allocation prints pages that it isolated and could not migrate
 * with the reason "migration failure" (from 6.1, with dynamic debug on). So does
 * memory offlining, but after "migrating pfn " HEX " failed ret:" N. The flags
 * do not tell them apart: up to 6.12 a block that is isolated has lost its CMA
 * type for the moment. The pfn does, once the areas are known.
 */
#include "source/klog/klog_dump_page.h"

#include <errno.h>

static bool parse_page(struct lt_klog_dumps *dumps, struct lt_klog_line line)
{
	struct lt_klog_page page = { .ts_ns = line.ts_ns, .by = line.by };
	struct lt_text *at = &line.text;
	uint64_t address;
	int64_t refcount, mapcount;

	if (!lt_klog_line_tag(&line, "page") &&
	    (!lt_text_literal(at, "page:") || !lt_text_hex(at, &address) ||
	     !lt_text_literal(at, " ")))
		return false;
	if (!lt_text_literal(at, "refcount:") || !lt_text_s64(at, &refcount) ||
	    !lt_text_literal(at, " mapcount:") || !lt_text_s64(at, &mapcount) ||
	    !lt_text_find(at, " pfn:") || !lt_text_hex(at, &page.pfn))
		return false;
	lt_text_blanks(at);
	if (!lt_text_at_end(at))
		return false;
	if (refcount >= 0)
		page.refcount = lt_num((uint64_t)refcount);
	if (mapcount >= 0)
		page.mapcount = lt_num((uint64_t)mapcount);
	dumps->current = page;
	dumps->is_open = true;
	return true;
}

/* The cursor stands behind "page dumped because: ". */
static int close_page(struct lt_klog_dumps *dumps, const struct lt_klog_line *line)
{
	bool is_ours = dumps->is_open && !dumps->is_offline &&
		       !lt_klog_context_is_other(&dumps->current.by, &line->by) &&
		       lt_span_is(lt_text_rest(&line->text), "migration failure");
	struct lt_klog_page *page;

	dumps->is_open = false;
	dumps->is_offline = false;
	if (!is_ours)
		return 1;
	page = lt_vec_push(&dumps->pages);
	if (!page)
		return -ENOMEM;
	*page = dumps->current;
	return 1;
}

int lt_klog_dumps_parse(struct lt_klog_dumps *dumps, struct lt_klog_line line)
{
	struct lt_klog_line reason = line;

	if (lt_klog_line_tag(&reason, "page dumped because"))
		return close_page(dumps, &reason);
	if (lt_text_literal(&line.text, "migrating pfn ")) {
		dumps->is_offline = true;
		return 1;
	}
	return parse_page(dumps, line);
}
