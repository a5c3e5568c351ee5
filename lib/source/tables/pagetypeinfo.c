// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * /proc/pagetypeinfo (mode 0400), for each node that has memory:
 *
 *	"Page block order:" N
 *	"Pages per block:" NUMBER
 *	<blank>
 *	"Free pages count per migrate type at order" {ORDER}       ascending from 0
 *	{"Node" N ", zone" NAME ", type" TYPE {[">"] NUMBER}}      a number per order
 *	<blank>
 *	"Number of blocks type" {TYPE}
 *	{"Node" N ", zone" NAME {NUMBER}}                          a number per type
 *	[<blank>
 *	 "Number of mixed blocks" {TYPE}  and rows as above]       with page_owner=on
 *
 * Blank lines elsewhere, and rows that were wrapped, are a mail client's.
 *
 * Zones without pages are left out. The kernel stops counting a free list at
 * 100000 and puts ">" before it: that many or more.
 *
 * Alike in 5.10, 6.1, 6.12 and 7.2 (mm/vmstat.c). The types are printed as the
 * kernel was built: CMA and Isolate may be missing, and what older kernels
 * call Reserve is HighAtomic today, so names are kept as they come. Fixtures:
 * v6.1-armhf (12 orders), v6.12-x86-custom (11 orders, mixed blocks), and all
 * others that have proc/pagetypeinfo.
 */
#include "source/tables/pagetypeinfo.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "base/array_size.h"
#include "base/text.h"

/* More than any kernel has, so that hostile text costs no time. */
#define NR_ZONES_MAX 6144
#define NR_TYPES_MAX 16

enum section { NO_SECTION, FREE_COUNTS, BLOCK_COUNTS, MIXED_COUNTS };

struct pagetypeinfo {
	struct lt_strings *strings;
	struct lt_zones zones; /* types alone are filled */
	struct lt_diag *diag;
	struct lt_diag remark; /* what @diag is told when the rest could be read */
	struct lt_num pageblock_order;
	enum section section;
	unsigned int nr_orders; /* of the free counts */
	unsigned int nr_types;	/* of the section's header */
	const char *types[NR_TYPES_MAX];
};

static int fail(struct pagetypeinfo *info, const struct lt_text *at, const char *why)
{
	return lt_text_fail(at, info->diag, why);
}

static int parse_block_order(struct pagetypeinfo *info, struct lt_text *line)
{
	uint64_t order;

	lt_text_blanks(line);
	if (!lt_text_u64(line, &order) || order >= LT_NR_ORDERS_MAX)
		return fail(info, line, "expected an order");
	if (info->pageblock_order.known && info->pageblock_order.val != order)
		return fail(info, line, "differs from the order of another node");
	info->pageblock_order = lt_num(order);
	return 0;
}

static int parse_block_size(struct pagetypeinfo *info, struct lt_text *line)
{
	uint64_t nr_pages;

	lt_text_blanks(line);
	if (!lt_text_u64(line, &nr_pages))
		return fail(info, line, "expected a number of pages");
	if (info->pageblock_order.known && nr_pages != UINT64_C(1) << info->pageblock_order.val)
		return fail(info, line, "does not fit the page block order");
	return 0;
}

static int begin_free_counts(struct pagetypeinfo *info, struct lt_text *line)
{
	uint64_t order;

	info->section = FREE_COUNTS;
	info->nr_orders = 0;
	for (lt_text_blanks(line); lt_text_u64(line, &order); lt_text_blanks(line)) {
		if (order != info->nr_orders || order >= LT_NR_ORDERS_MAX)
			return fail(info, line, "orders do not ascend from 0");
		info->nr_orders++;
	}
	return info->nr_orders && lt_text_at_end(line) ? 0 : fail(info, line, "expected orders");
}

static int begin_block_counts(struct pagetypeinfo *info, struct lt_text *line, enum section section)
{
	struct lt_span word;

	info->section = section;
	info->nr_types = 0;
	for (lt_text_blanks(line); lt_text_word(line, &word); lt_text_blanks(line)) {
		if (info->nr_types == NR_TYPES_MAX)
			return fail(info, line, "more migrate types than a kernel has");
		info->types[info->nr_types] = lt_strings_span(info->strings, word);
		if (!info->types[info->nr_types++])
			return -ENOMEM;
	}
	return info->nr_types ? 0 : fail(info, line, "expected migrate types");
}

/* "Node N, zone NAME[,]" with what follows left in @line. */
static int parse_zone(struct pagetypeinfo *info, struct lt_text *line, struct lt_zone **out)
{
	struct lt_span word;
	const char *name;
	uint64_t node;

	lt_text_blanks(line);
	if (!lt_text_u64(line, &node) || node > UINT_MAX || !lt_text_literal(line, ", zone"))
		return fail(info, line, "expected \"Node N, zone NAME\"");
	lt_text_blanks(line);
	if (!lt_text_word(line, &word))
		return fail(info, line, "expected the zone's name");
	if (word.len > 1 && word.p[word.len - 1] == ',')
		word.len--;
	if (info->zones.nr == NR_ZONES_MAX)
		return fail(info, line, "more zones than a kernel has");
	name = lt_strings_span(info->strings, word);
	*out = name ? lt_zones_get(&info->zones, (unsigned int)node, name) : NULL;
	return *out ? 0 : -ENOMEM;
}

static int parse_free_row(struct pagetypeinfo *info, struct lt_text *line, struct lt_zone *zone)
{
	struct lt_migratetype *type;
	struct lt_span word;
	const char *name;

	if (!lt_text_literal(line, " type"))
		return fail(info, line, "expected the migrate type, or the heading of a table");
	lt_text_blanks(line);
	if (!lt_text_word(line, &word))
		return fail(info, line, "expected the migrate type's name");
	if (zone->types.nr == NR_TYPES_MAX)
		return fail(info, line, "more migrate types than a kernel has");
	name = lt_strings_span(info->strings, word);
	type = name ? lt_zone_type(zone, name) : NULL;
	if (!type)
		return -ENOMEM;
	if (type->nr_orders)
		return fail(info, line, "this migrate type was there already");
	for (unsigned int order = 0; order < info->nr_orders; order++) {
		lt_text_blanks(line);
		if (lt_text_literal(line, ">"))
			type->at_least |= UINT32_C(1) << order;
		if (!lt_text_u64(line, &type->nr_free[order]))
			return fail(info, line, "expected a number for every order");
	}
	type->nr_orders = info->nr_orders;
	return 0;
}

static int parse_block_row(struct pagetypeinfo *info, struct lt_text *line, struct lt_zone *zone)
{
	for (unsigned int i = 0; i < info->nr_types; i++) {
		struct lt_migratetype *type = lt_zone_type(zone, info->types[i]);
		uint64_t nr;

		if (!type)
			return -ENOMEM;
		lt_text_blanks(line);
		if (!lt_text_u64(line, &nr))
			return fail(info, line, "expected a number for every migrate type");
		if (type->nr_pageblocks.known)
			return fail(info, line, "this zone was there already");
		type->nr_pageblocks = lt_num(nr);
	}
	return 0;
}

static int parse_row(struct pagetypeinfo *info, struct lt_text *line)
{
	struct lt_zone *zone = NULL;
	int err;

	if (info->section == MIXED_COUNTS)
		return 0;
	if (info->section == NO_SECTION)
		return fail(info, line, "the heading of this table is missing");
	err = parse_zone(info, line, &zone);
	if (!err)
		err = info->section == FREE_COUNTS ? parse_free_row(info, line, zone)
						   : parse_block_row(info, line, zone);
	if (err)
		return err;
	lt_text_blanks(line);
	return lt_text_at_end(line) ? 0 : fail(info, line, "more numbers than the heading has");
}

static int parse_line(struct pagetypeinfo *info, struct lt_text *line)
{
	if (lt_text_is_blank(line)) /* mail clients put more of them in */
		return 0;
	lt_text_blanks(line);
	if (lt_text_literal(line, "Node"))
		return parse_row(info, line);
	if (lt_text_literal(line, "Page block order:"))
		return parse_block_order(info, line);
	if (lt_text_literal(line, "Pages per block:"))
		return parse_block_size(info, line);
	if (lt_text_literal(line, "Free pages count per migrate type at order"))
		return begin_free_counts(info, line);
	if (lt_text_literal(line, "Number of blocks type"))
		return begin_block_counts(info, line, BLOCK_COUNTS);
	if (lt_text_literal(line, "Number of mixed blocks"))
		return begin_block_counts(info, line, MIXED_COUNTS);
	info->remark.nr_skipped++;
	return 0;
}

/* Say so if a type has one of its two rows alone. */
static void check_rows(struct pagetypeinfo *info)
{
	lt_vec_each(zone, &info->zones) {
		lt_vec_each(type, &zone->types) {
			if (!type->nr_orders || !type->nr_pageblocks.known)
				lt_diag_set(&info->remark,
					    "node %u, zone %.40s has no %s of type %.40s",
					    zone->node, zone->name,
					    type->nr_orders ? "blocks" : "free counts", type->name);
		}
	}
}

static int parse_lines(struct pagetypeinfo *info, struct lt_text *text)
{
	struct lt_text line;

	while (lt_text_line(text, &line)) {
		int err;

		if (lt_text_is_cut(text)) {
			lt_text_remark(&line, &info->remark, "the last line is cut off");
			break;
		}
		err = parse_line(info, &line);
		if (err)
			return err;
	}
	if (!info->zones.nr)
		return fail(info, text, "no zone in it");
	if (!info->pageblock_order.known)
		lt_diag_set(&info->remark, "the page block order is missing");
	check_rows(info);
	return 0;
}

/* The rows of a kernel with many types are wider than mail and terminals. */
static bool is_rest(struct lt_text line)
{
	static const char *const begins[] = { "Unmovable", "Movable",	 "Reclaimable",
					      "Reserve",   "HighAtomic", "CMA",
					      "Isolate",   "type",	 "zone" };
	uint64_t number;

	for (size_t i = 0; i < ARRAY_SIZE(begins); i++)
		if (lt_text_literal(&line, begins[i]))
			return true;
	return (lt_text_literal(&line, ">") || true) && lt_text_u64(&line, &number);
}

/* Hand the types over to the zones of the model; all or nothing. */
static int move_types(struct lt_zones *from, struct lt_zones *to)
{
	size_t nr_before = to->nr;

	lt_vec_each(zone, from) {
		if (!lt_zones_get(to, zone->node, zone->name)) {
			to->nr = nr_before;
			return -ENOMEM;
		}
	}
	lt_vec_each(zone, from) {
		struct lt_zone *old = lt_zones_get(to, zone->node, zone->name);
		struct lt_migratetypes types = old->types;

		old->types = zone->types;
		zone->types = types;
	}
	return 0;
}

int lt_pagetypeinfo_parse(const char *buf, size_t len, struct lt_strings *strings,
			  struct lt_zones *zones, struct lt_num *pageblock_order,
			  struct lt_diag *diag)
{
	struct pagetypeinfo info = { .strings = strings, .diag = diag };
	struct lt_text text;
	char *joined = NULL;
	int err = lt_text_unwrap(buf, len, is_rest, &joined);

	if (err)
		return err;
	lt_text_init(&text, joined ? joined : buf, len);
	err = parse_lines(&info, &text);
	free(joined);
	if (!err)
		err = move_types(&info.zones, zones);
	lt_zones_free(&info.zones);
	if (err)
		return err;
	*pageblock_order = info.pageblock_order;
	lt_diag_merge(diag, &info.remark);
	return 0;
}
