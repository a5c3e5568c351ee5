// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * /proc/buddyinfo, for everybody to read, a line for each zone that has pages:
 *
 *	"Node" N ", zone" NAME {NUMBER}		free blocks of order 0, 1, ...
 *
 * Alike in 5.4 to 7.2 (mm/vmstat.c). How many orders there are depends on the
 * configuration, and is the same in every line. All migrate types are counted
 * together: what of it is CMA only pagetypeinfo tells, to root. Fixtures:
 * v5.10-arm64 (11 orders), v6.1-armhf (12), and all others that have
 * proc/buddyinfo.
 */
#include "source/tables/buddyinfo.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "base/text.h"

/* More than any kernel has, so that hostile text costs no time. */
#define NR_ZONES_MAX 6144

struct buddyinfo {
	struct lt_strings *strings;
	struct lt_zones zones; /* free_blocks alone is filled */
	struct lt_diag *diag;
	unsigned int nr_orders; /* of the first line */
};

static int fail(struct buddyinfo *info, const struct lt_text *at, const char *why)
{
	return lt_text_fail(at, info->diag, why);
}

static int parse_counts(struct buddyinfo *info, struct lt_text *line, struct lt_free_blocks *out)
{
	unsigned int nr = 0;
	uint64_t count;

	for (lt_text_blanks(line); !lt_text_at_end(line); lt_text_blanks(line)) {
		if (nr == LT_NR_ORDERS_MAX)
			return fail(info, line, "more orders than a kernel has");
		if (!lt_text_u64(line, &count))
			return fail(info, line, "expected a number for every order");
		out->nr[nr++] = count;
	}
	if (!nr || (info->nr_orders && info->nr_orders != nr))
		return fail(info, line,
			    nr ? "not as many orders as in the first line"
			       : "expected a number for every order");
	info->nr_orders = out->nr_orders = nr;
	return 0;
}

static int parse_line(struct buddyinfo *info, struct lt_text *line)
{
	struct lt_text head = *line;
	struct lt_zone *zone;
	struct lt_span word;
	const char *name;
	uint64_t node;

	lt_text_blanks(line);
	if (!lt_text_u64(line, &node) || node > UINT_MAX || !lt_text_literal(line, ", zone"))
		return fail(info, line, "expected \"Node N, zone NAME\"");
	lt_text_blanks(line);
	if (!lt_text_word(line, &word))
		return fail(info, line, "expected the zone's name");
	if (info->zones.nr == NR_ZONES_MAX)
		return fail(info, &head, "more zones than a kernel has");
	name = lt_strings_span(info->strings, word);
	zone = name ? lt_zones_get(&info->zones, (unsigned int)node, name) : NULL;
	if (!zone)
		return -ENOMEM;
	if (zone->free_blocks.nr_orders)
		return fail(info, &head, "this zone was there already");
	return parse_counts(info, line, &zone->free_blocks);
}

static int parse_lines(struct buddyinfo *info, struct lt_text *text, struct lt_diag *remark)
{
	struct lt_text line;
	int err = 0;

	while (!err && lt_text_line(text, &line)) {
		if (lt_text_is_cut(text)) {
			lt_text_remark(&line, remark, "the last line is cut off");
			break;
		}
		if (lt_text_literal(&line, "Node"))
			err = parse_line(info, &line);
		else if (!lt_text_is_blank(&line))
			remark->nr_skipped++;
	}
	if (!err && !info->zones.nr)
		err = fail(info, text, "no zone in it");
	return err;
}

/* A row that a mail client wrapped. */
static bool is_rest(struct lt_text line)
{
	uint64_t number;

	return lt_text_literal(&line, "zone") || lt_text_u64(&line, &number);
}

int lt_buddyinfo_parse(const char *buf, size_t len, struct lt_strings *strings,
		       struct lt_zones *zones, struct lt_diag *diag)
{
	struct buddyinfo info = { .strings = strings, .diag = diag };
	struct lt_diag remark = { 0 };
	size_t nr_before = zones->nr;
	struct lt_text text;
	char *joined = NULL;
	int err = lt_text_unwrap(buf, len, is_rest, &joined);

	if (err)
		return err;
	lt_text_init(&text, joined ? joined : buf, len);
	err = parse_lines(&info, &text, &remark);
	free(joined);
	lt_vec_each(zone, &info.zones)
		if (!err && !lt_zones_get(zones, zone->node, zone->name))
			err = -ENOMEM;
	if (err)
		zones->nr = nr_before;
	lt_vec_each(from, &info.zones) {
		if (!err)
			lt_zones_get(zones, from->node, from->name)->free_blocks =
				from->free_blocks;
	}
	lt_zones_free(&info.zones);
	if (!err)
		lt_diag_merge(diag, &remark);
	return err;
}
