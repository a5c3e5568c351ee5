// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * /proc/zoneinfo, zones one after the other:
 *
 *	"Node" N ", zone" NAME
 *	["  per-node stats", then node counters: NAME NUMBER]   first zone with pages
 *	"  pages free" NUMBER
 *	[boost] min low high [promo] spanned present managed [cma]   NAME NUMBER
 *	"protection: (" NUMBER {", " NUMBER} ")"
 * and, unless present is 0:
 *	zone counters: NAME NUMBER              nr_free_cma is one of them
 *	"  pagesets"
 *	{"cpu:" N, then "count:" "high:" "batch:" [high_min: high_max:] NUMBER,
 *	 ["vm stats threshold:" NUMBER]}        CPUs ascending
 *	"node_unreclaimable:" NUMBER
 *	"start_pfn:" NUMBER
 *	["reserved_highatomic:" NUMBER "free_highatomic:" NUMBER]
 *
 * History (mm/vmstat.c of 5.10, 6.1, 6.12, 7.2): boost and cma are printed by
 * 6.1, promo by 6.12, high_min, high_max and the *_highatomic lines by 7.2;
 * 5.10 has none of them. On 5.10 the CMA pages of a zone are therefore not
 * known here, only the free ones. Fixtures: v5.10-arm64, v6.1-armhf,
 * v6.12-x86-custom, and all others that have proc/zoneinfo.
 *
 * A name occurs once a zone, or once a CPU: the second time tells that the
 * line that began the next zone or CPU is lost, and the text is refused.
 */
#include "source/tables/zoneinfo.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"

/* 1024 nodes of 6 zones: more than any kernel is built for. */
#define NR_ZONES_MAX 6144

struct zoneinfo {
	struct lt_strings *strings;
	struct lt_zones zones;
	struct lt_diag *diag;
	struct lt_diag remark; /* what @diag is told when the rest could be read */
	struct lt_zone *zone;  /* the one being read; NULL before the first */
};

/* A row that is kept, and which struct lt_num of which struct it goes to. */
struct row {
	const char *key;
	size_t offset;
};

static const struct row zone_rows[] = {
	{ "free", offsetof(struct lt_zone, nr_free) }, /* "pages free" */
	{ "min", offsetof(struct lt_zone, watermark.min) },
	{ "low", offsetof(struct lt_zone, watermark.low) },
	{ "high", offsetof(struct lt_zone, watermark.high) },
	{ "spanned", offsetof(struct lt_zone, nr_spanned) },
	{ "present", offsetof(struct lt_zone, nr_present) },
	{ "managed", offsetof(struct lt_zone, nr_managed) },
	{ "cma", offsetof(struct lt_zone, nr_cma) },
	{ "nr_free_cma", offsetof(struct lt_zone, nr_free_cma) },
	{ "start_pfn:", offsetof(struct lt_zone, start_pfn) },
	{ NULL, 0 },
};

static const struct row pcp_rows[] = {
	{ "count:", offsetof(struct lt_pcp, count) },
	{ "high:", offsetof(struct lt_pcp, high) },
	{ "batch:", offsetof(struct lt_pcp, batch) },
	{ NULL, 0 },
};

static const struct row *find_row(const struct row *row, struct lt_span key)
{
	while (row->key && !lt_span_is(key, row->key))
		row++;
	return row->key ? row : NULL;
}

/* A number that ends its line and fits an unsigned int. */
static bool parse_index(struct lt_text *line, unsigned int *out)
{
	uint64_t val;

	if (!lt_text_u64(line, &val) || val > UINT_MAX)
		return false;
	*out = (unsigned int)val;
	return true;
}

static int check_zone(struct zoneinfo *info, const struct lt_text *at)
{
	const struct lt_zone *zone = info->zone;
	char why[120];

	if (!zone)
		return 0;
	if (!zone->nr_managed.known) {
		snprintf(why, sizeof(why), "node %u, zone %.40s ends without \"managed\"",
			 zone->node, zone->name);
		return lt_text_fail(at, info->diag, why);
	}
	if (!zone->start_pfn.known && !(zone->nr_present.known && !zone->nr_present.val)) {
		snprintf(why, sizeof(why), "node %u, zone %.40s is cut off: no \"start_pfn\"",
			 zone->node, zone->name);
		lt_text_remark(at, &info->remark, why);
	}
	return 0;
}

static int begin_zone(struct zoneinfo *info, struct lt_text *line)
{
	struct lt_text head = *line;
	struct lt_span word;
	const char *name;
	size_t nr = info->zones.nr;
	unsigned int node;
	int err = check_zone(info, &head);

	if (err)
		return err;
	lt_text_blanks(line);
	if (!parse_index(line, &node) || !lt_text_literal(line, ", zone"))
		return lt_text_fail(line, info->diag, "expected \"Node N, zone NAME\"");
	lt_text_blanks(line);
	if (!lt_text_word(line, &word))
		return lt_text_fail(line, info->diag, "expected the zone's name");
	if (nr == NR_ZONES_MAX)
		return lt_text_fail(&head, info->diag, "more zones than a kernel has");
	name = lt_strings_span(info->strings, word);
	info->zone = name ? lt_zones_get(&info->zones, node, name) : NULL;
	if (!info->zone)
		return -ENOMEM;
	if (info->zones.nr == nr)
		return lt_text_fail(&head, info->diag, "this zone was there already");
	return 0;
}

static int begin_cpu(struct zoneinfo *info, struct lt_text *line)
{
	struct lt_pcps *pcps = &info->zone->pcp;
	struct lt_pcp *pcp;
	unsigned int cpu;

	lt_text_blanks(line);
	if (!parse_index(line, &cpu) || !lt_text_at_end(line))
		return lt_text_fail(line, info->diag, "expected the number of a CPU");
	if (pcps->nr && pcps->v[pcps->nr - 1].cpu >= cpu)
		return lt_text_fail(line, info->diag, "CPUs are not in ascending order");
	pcp = lt_vec_push(pcps);
	if (!pcp)
		return -ENOMEM;
	pcp->cpu = cpu;
	return 0;
}

static int set_number(struct zoneinfo *info, struct lt_text *line, struct lt_num *num)
{
	struct lt_text row = *line;
	uint64_t val;

	lt_text_blanks(line);
	if (!lt_text_u64(line, &val))
		return lt_text_fail(line, info->diag, "expected a number");
	lt_text_blanks(line);
	if (!lt_text_at_end(line))
		return lt_text_fail(line, info->diag, "expected the end of the line");
	if (num->known)
		return lt_text_fail(&row, info->diag,
				    "given twice: the line that began a zone or CPU is missing");
	*num = lt_num(val);
	return 0;
}

/* "(" NUMBER {", " NUMBER} ")": the largest; false if it is something else. */
static bool parse_protection(struct lt_text *line, struct lt_num *out)
{
	uint64_t val, largest = 0;

	lt_text_blanks(line);
	if (!lt_text_literal(line, "("))
		return false;
	do {
		if (!lt_text_u64(line, &val))
			return false;
		largest = val > largest ? val : largest;
	} while (lt_text_literal(line, ", "));
	if (!lt_text_literal(line, ")") || !lt_text_at_end(line))
		return false;
	*out = lt_num(largest);
	return true;
}

/* A counter that is not kept, or one of the lines that only structure the text. */
static bool is_other_row(struct lt_text *line, struct lt_span key)
{
	uint64_t val;

	if (lt_span_is(key, "per-node") || lt_span_is(key, "pagesets"))
		return true;
	if (lt_span_is(key, "vm") && !lt_text_literal(line, " stats threshold:"))
		return false;
	lt_text_blanks(line);
	return lt_text_u64(line, &val) && lt_text_at_end(line);
}

static int parse_row(struct zoneinfo *info, struct lt_text *line)
{
	struct lt_pcps *pcps = &info->zone->pcp;
	const struct row *row;
	struct lt_span key;

	lt_text_blanks(line);
	(void)lt_text_literal(line, "pages ");
	if (!lt_text_word(line, &key)) {
		info->remark.nr_skipped++;
		return 0;
	}
	if (lt_span_is(key, "cpu:"))
		return begin_cpu(info, line);
	if (lt_span_is(key, "protection:")) {
		info->remark.nr_skipped += !parse_protection(line, &info->zone->nr_protected);
		return 0;
	}
	row = find_row(zone_rows, key);
	if (row)
		return set_number(info, line, (struct lt_num *)((char *)info->zone + row->offset));
	row = find_row(pcp_rows, key);
	if (row && !pcps->nr)
		return lt_text_fail(line, info->diag, "no CPU that this belongs to");
	if (row)
		return set_number(info, line,
				  (struct lt_num *)((char *)&pcps->v[pcps->nr - 1] + row->offset));
	if (!is_other_row(line, key))
		info->remark.nr_skipped++;
	return 0;
}

static int parse_lines(struct zoneinfo *info, struct lt_text *text)
{
	bool is_cut = false;
	struct lt_text line;
	int err = 0;

	while (!err && lt_text_line(text, &line)) {
		is_cut = lt_text_is_cut(text);
		if (is_cut)
			break;
		if (lt_text_is_blank(&line))
			continue;
		if (lt_text_literal(&line, "Node"))
			err = begin_zone(info, &line);
		else if (info->zone)
			err = parse_row(info, &line);
		else
			err = lt_text_fail(&line, info->diag, "expected \"Node N, zone NAME\"");
	}
	if (!err)
		err = check_zone(info, text);
	if (!err && !info->zone)
		err = lt_text_fail(text, info->diag, "no zone in it");
	if (!err && is_cut)
		lt_text_remark(text, &info->remark, "the last line is cut off");
	return err;
}

/* "protection:" has a number for each zone, and a mail client wraps it. */
static bool is_rest(struct lt_text line)
{
	uint64_t number;

	return lt_text_literal(&line, "zone") || lt_text_literal(&line, "(") ||
	       lt_text_u64(&line, &number);
}

int lt_zoneinfo_parse(const char *buf, size_t len, struct lt_strings *strings,
		      struct lt_zones *zones, struct lt_diag *diag)
{
	struct zoneinfo info = { .strings = strings, .diag = diag };
	struct lt_text text;
	char *joined = NULL;
	int err = lt_text_unwrap(buf, len, is_rest, &joined);

	if (err)
		return err;
	lt_text_init(&text, joined ? joined : buf, len);
	err = parse_lines(&info, &text);
	free(joined);
	if (err) {
		lt_zones_free(&info.zones);
		return err;
	}
	*zones = info.zones;
	lt_diag_merge(diag, &info.remark);
	return 0;
}
