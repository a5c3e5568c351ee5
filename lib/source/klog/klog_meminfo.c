// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What show_mem() prints: on SysRq-m, for a task that the kernel kills to have
 * its memory, and when a page allocation fails.
 *
 *	"Mem-Info:"
 *	["Node " N " "] ZONE " free:" N "kB" [" boost:" N "kB"] " min:" N "kB" ... " free_cma:" N "kB"
 *	"lowmem_reserve[]:" ...
 *	N " pages RAM"
 *	N " pages cma reserved"
 *
 * Lines of nodes ("Node 0 active_anon:...") and of free lists are left alone.
 * "boost" from 6.1; the rest is the same from 4.x to 7.2. Each zone has two
 * lines: where one is missing, or a zone has no free_cma, the sums are not
 * known.
 */
#include "source/klog/klog_meminfo.h"

/* "DMA32", "Normal", "HighMem", ...: none is longer. */
#define ZONE_NAME_MAX 16

static bool parse_kib(struct lt_text text, const char *key, uint64_t *out)
{
	return lt_text_find(&text, key) && lt_text_u64(&text, out) && lt_text_literal(&text, "kB");
}

static void forget_sums(struct lt_klog_meminfo *info)
{
	info->free_kib.known = false;
	info->min_kib.known = false;
}

static void parse_reserve(struct lt_klog_meminfo *info)
{
	if (!info->is_in_zone)
		forget_sums(info);
	info->is_in_zone = false;
}

static bool parse_zone(struct lt_klog_meminfo *info, struct lt_text at)
{
	uint64_t node, nr_free, min, nr_cma;
	struct lt_span name;

	if (lt_text_literal(&at, "Node ") &&
	    (!lt_text_u64(&at, &node) || !lt_text_literal(&at, " ")))
		return false;
	if (!lt_text_word(&at, &name) || name.len > ZONE_NAME_MAX ||
	    !parse_kib(at, " free:", &nr_free) || !parse_kib(at, " min:", &min))
		return false;
	if (info->is_in_zone || !parse_kib(at, " free_cma:", &nr_cma) || nr_cma > nr_free) {
		forget_sums(info);
		return true;
	}
	info->is_in_zone = true;
	info->free_kib = lt_num_add(info->free_kib, lt_num(nr_free - nr_cma));
	info->min_kib = lt_num_add(info->min_kib, lt_num(min));
	return true;
}

bool lt_klog_meminfo_parse(struct lt_klog_meminfo *info, struct lt_klog_line line)
{
	struct lt_text at = line.text;
	uint64_t nr;

	if (line.tag.len ? lt_span_is(line.tag, "Mem-Info") : lt_text_literal(&at, "Mem-Info:")) {
		*info = (struct lt_klog_meminfo){ .is_open = true,
						  .ts_ns = line.ts_ns,
						  .by = line.by,
						  .free_kib = lt_num(0),
						  .min_kib = lt_num(0) };
		return true;
	}
	if (lt_klog_context_is_other(&info->by, &line.by))
		return false;
	if (info->is_open && parse_zone(info, at))
		return true;
	if (info->is_open && lt_text_literal(&at, "lowmem_reserve[]:")) {
		parse_reserve(info);
		return true;
	}
	if (!lt_text_u64(&at, &nr))
		return false;
	if (info->is_open && lt_text_literal(&at, " pages RAM")) {
		if (info->is_in_zone)
			forget_sums(info);
		info->is_open = false;
		info->is_complete = true;
		info->nr_pages_ram = lt_num(nr);
		return true;
	}
	if (!info->is_complete || !lt_text_literal(&at, " pages cma reserved"))
		return false;
	info->nr_pages_cma = lt_num(nr);
	return true;
}
