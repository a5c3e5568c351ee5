// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Which area is where, from all tables together. The command line has its part too:
 *
 *	"cma=" SIZE ["@" ADDRESS ["-" ADDRESS]]		SIZE, ADDRESS = number ["K"|"M"|"G"]
 *
 * With one address the kernel puts the default area there or fails; a second one is a limit
 * (kernel/dma/contiguous.c, 5.10 to 7.2). The last "cma=" counts. It is rounded up to whole
 * pageblocks, so it is believed where CmaTotal leaves just that.
 */
#include "source/read/places.h"

#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "model/area_match.h"

static bool parse_size(struct lt_text *text, uint64_t *out)
{
	static const struct {
		const char *unit;
		unsigned int shift;
	} units[] = { { "K", 10 }, { "k", 10 }, { "M", 20 }, { "m", 20 }, { "G", 30 }, { "g", 30 } };

	if (!lt_text_number(text, out))
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (!lt_text_literal(text, units[i].unit))
			continue;
		if (*out > UINT64_MAX >> units[i].shift)
			return false;
		*out <<= units[i].shift;
		break;
	}
	return true;
}

struct asked {
	struct lt_num size, base; /* in bytes */
};

static struct asked ask_cmdline(const char *cmdline)
{
	struct asked asked = { 0 };
	struct lt_text text, word;
	struct lt_span span;
	uint64_t size, base;

	lt_text_init(&text, cmdline, strlen(cmdline));
	for (lt_text_blanks(&text); lt_text_word(&text, &span); lt_text_blanks(&text)) {
		lt_text_init(&word, span.p, span.len);
		if (!lt_text_literal(&word, "cma=") || !parse_size(&word, &size))
			continue;
		asked = (struct asked){ .size = lt_num(size) };
		if (lt_text_literal(&word, "@") && parse_size(&word, &base) &&
		    lt_text_at_end(&word))
			asked.base = lt_num(base);
	}
	return asked;
}

/* All CMA memory, by the best source that has it. */
static struct lt_num find_total_kib(const struct lt_snapshot *snap)
{
	const uint64_t page_kib = snap->kernel.page_size.val / 1024;
	struct lt_num sum = { 0 };

	if (snap->memory.cma_total_kib.known)
		return snap->memory.cma_total_kib;
	lt_vec_each(zone, &snap->zones)
		if (zone->nr_cma.known)
			sum = lt_num(sum.val + zone->nr_cma.val * page_kib);
	if (sum.known || !snap->kernel.pageblock_order.known)
		return sum;
	lt_vec_each(zone, &snap->zones)
		lt_vec_each(type, &zone->types)
			if (!strcmp(type->name, "CMA") && type->nr_pageblocks.val)
				sum = lt_num(sum.val + ((type->nr_pageblocks.val * page_kib)
							<< snap->kernel.pageblock_order.val));
	return sum;
}

static bool is_known(const struct lt_areas *areas, struct lt_range pfns)
{
	lt_vec_each(area, areas)
		lt_vec_each(range, &area->ranges)
			if (lt_range_is_overlapping(range->pfns, pfns))
				return true;
	return false;
}

/* What the areas that are known leave of the total, in KiB; the whole if none is. */
static uint64_t left_kib(const struct lt_snapshot *snap, struct lt_num total_kib)
{
	uint64_t kib = 0;

	lt_vec_each(area, &snap->areas)
		kib += area->nr_pages.val * (snap->kernel.page_size.val / 1024);
	return total_kib.val > kib ? total_kib.val - kib : 0;
}

static bool has_listed(const struct lt_areas *areas)
{
	lt_vec_each(area, areas)
		if (area->is_listed)
			return true;
	return false;
}

/* The default area, if the command line asked for it and no source told of it. */
static int add_default(struct lt_snapshot *snap, struct lt_num total_kib)
{
	const uint64_t page_size = snap->kernel.page_size.val;
	struct asked asked = { 0 };
	struct lt_area_range *range;
	struct lt_range pfns;
	struct lt_area *area;

	if (snap->kernel.cmdline)
		asked = ask_cmdline(snap->kernel.cmdline);
	if (!asked.size.known || !asked.size.val || !total_kib.known)
		return 0;
	pfns.start_pfn = asked.base.val / page_size;
	pfns.end_pfn = pfns.start_pfn + asked.size.val / page_size;
	if (asked.base.known && is_known(&snap->areas, pfns))
		return 0;
	/* A kernel that lists areas lists all: then it is the place of one, else an area of its own. */
	if (has_listed(&snap->areas) ? !asked.base.known
				     : left_kib(snap, total_kib) != asked.size.val / 1024)
		return 0;
	area = lt_vec_push(&snap->areas);
	if (!area)
		return -ENOMEM;
	area->source = "kernel";
	area->nr_pages = lt_num(lt_range_nr_pages(pfns));
	area->is_listed = !asked.base.known;
	range = asked.base.known ? lt_vec_push(&area->ranges) : NULL;
	if (range)
		range->pfns = pfns;
	return asked.base.known && !range ? -ENOMEM : 0;
}

static bool is_open(const struct lt_area *area, const struct lt_source_state *state)
{
	return !area->ranges.nr && area->source && !strcmp(area->source, state->name) &&
	       !(area->nr_pages.known && !area->nr_pages.val); /* it failed to come up */
}

/* Names what is open of what @state told, in its detail. */
static int name_open_of(struct lt_snapshot *snap, struct lt_source_state *state)
{
	const char *names = NULL;

	lt_vec_each(area, &snap->areas) {
		if (!is_open(area, state))
			continue;
		names = lt_strings_format(snap->strings, "%s%s%s", names ? names : "",
					  names ? ", " : "",
					  area->name ? area->name : "an area without a name");
		if (!names)
			return -ENOMEM;
	}
	if (!names)
		return 0;
	state->detail = lt_strings_format(snap->strings, "%s%splace not known: %s",
					  state->detail ? state->detail : "",
					  state->detail ? "; " : "", names);
	if (state->status == LT_STATUS_OK)
		state->status = LT_STATUS_PARTIAL;
	return state->detail ? 0 : -ENOMEM;
}

static int name_open(struct lt_snapshot *snap)
{
	int err = 0;

	if (snap->options.pace)
		return 0; /* others were not read again */
	lt_vec_each(state, &snap->sources)
		err = err ? err : name_open_of(snap, state);
	return err;
}

int lt_places_match(struct lt_snapshot *snap)
{
	const struct lt_num order = snap->kernel.pageblock_order;
	struct lt_area_facts facts = {
		.page_size = snap->kernel.page_size,
		.pageblock_pages = order.known && order.val < 32 ? UINT64_C(1) << order.val : 0,
		.memory = &snap->memory,
		.zones = &snap->zones,
	};
	int err;

	if (!facts.page_size.known || facts.page_size.val < 1024)
		return name_open(snap);
	facts.total_kib = find_total_kib(snap);
	err = lt_areas_are_placed(&snap->areas, facts.total_kib, facts.page_size)
		      ? 0
		      : add_default(snap, facts.total_kib);
	if (!err)
		err = lt_areas_match(&snap->areas, &facts);
	return err ? err : name_open(snap);
}
