// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints measurements of `ltpin bench`. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "model/bench_way.h"
#include "render/evidence.h"
#include "render/table.h"

static struct text_chunk time_text(const struct lt_bench_time *time)
{
	struct text_chunk chunk;

	snprintf(chunk.s, sizeof(chunk.s), "%.4g (%.4g to %.4g)", time->median, time->ci95.low,
		 time->ci95.high);
	return chunk;
}

static int print_costs(struct text *text, const struct lt_bench *bench)
{
	static const struct table_column columns[] = {
		{ "REQUEST", TABLE_LEFT },   { "SCOPE", TABLE_LEFT }, { "SAMPLES", TABLE_RIGHT },
		{ "ALLOCATE", TABLE_RIGHT }, { "FREE", TABLE_RIGHT }, { NULL, 0 },
	};
	struct table *table;

	if (!bench->costs.nr)
		return 0;
	text_heading(text, bench->unit == LT_BENCH_INSTRUCTIONS
				   ? "Cost of one page, in instructions of the emulated processor"
				   : "Cost of one page, in ns");
	table = table_new(text, columns);
	lt_vec_each(cost, &bench->costs) {
		table_row(table);
		table_cell(table, "%s", cost->is_movable ? "movable" : "unmovable");
		table_cell(table, "%s", cost->in_scope ? "inside" : "outside");
		table_cell(table, "%" PRIu32, cost->nr_samples);
		table_cell(table, "%s", time_text(&cost->alloc).s);
		table_cell(table, "%s", time_text(&cost->free).s);
	}
	return table_print(table, text);
}

/* The last of those from @from on that more retries made no difference to. */
static size_t same_until(const struct lt_bench_chances *chances, size_t from)
{
	const struct lt_bench_chance *first = &chances->v[from];
	size_t i = from;

	while (i + 1 < chances->nr && !strcmp(chances->v[i + 1].way, first->way) &&
	       chances->v[i + 1].nr_landed == first->nr_landed)
		i++;
	return i;
}

static void add_chance(struct table *table, const struct lt_bench_chance *chance, uint32_t retries)
{
	const struct lt_bench_way *way = lt_bench_way_find(chance->way);

	table_row(table);
	table_cell(table, "%s", way ? way->what : chance->way);
	if (retries == chance->retries)
		table_cell(table, "%" PRIu32, retries);
	else
		table_cell(table, "%" PRIu32 " to %" PRIu32, chance->retries, retries);
	table_cell(table, "%" PRIu32, chance->nr_samples);
	table_cell(table, "%" PRIu32, chance->nr_landed);
	table_cell(table, "%.4g%%", 100.0 * chance->nr_landed / chance->nr_samples);
	table_cell(table, "%.3g to %.3g%%", 100 * chance->ci95.low, 100 * chance->ci95.high);
}

static int print_chances(struct text *text, const struct lt_bench *bench)
{
	static const struct table_column columns[] = {
		{ "WAY TO ASK", TABLE_LEFT },
		{ "RETRIES", TABLE_RIGHT },
		{ "SAMPLES", TABLE_RIGHT },
		{ "GOT CMA", TABLE_RIGHT },
		{ "CHANCE", TABLE_RIGHT },
		{ "95% INTERVAL", TABLE_RIGHT },
		{ NULL, 0 },
	};
	struct table *table;
	int err;

	if (!bench->chances.nr)
		return 0;
	text_heading(text, "Chance of a CMA page");
	table = table_new(text, columns);
	for (size_t i = 0, last; i < bench->chances.nr; i = last + 1) {
		last = same_until(&bench->chances, i);
		add_chance(table, &bench->chances.v[i], bench->chances.v[last].retries);
	}
	err = table_print(table, text);
	text_wrapf(text, "  ", 2,
		   "The per-CPU list had %" PRIu32 " CMA pages and %" PRIu32 " others at its head, "
		   "in random order; the short list one CMA page.",
		   bench->chances.v[0].nr_cma, bench->chances.v[0].nr_other);
	if (!strcmp(bench->scope, "memalloc_pin_save"))
		text_wrap(text, "  ", 2,
			  "On this kernel the scope clears __GFP_MOVABLE, so a request never sees "
			  "the list that holds CMA pages: 0 in scope is no proof that this list "
			  "is bypassed.");
	return err;
}

static void print_movable(struct text *text, const struct lt_bench *bench)
{
	if (!bench->nr_movable.known || !bench->nr_managed.val)
		return;
	text_heading(text, "Price of clearing __GFP_MOVABLE");
	if (bench->nr_movable.val)
		text_wrapf(text, "  ", 2,
			   "Such requests give up ZONE_MOVABLE: %s, %.3g%% of memory.",
			   text_pages(text, bench->nr_movable).s,
			   100.0 * (double)bench->nr_movable.val / (double)bench->nr_managed.val);
	else
		text_wrap(text, "  ", 2,
			  "None here: such requests give up ZONE_MOVABLE, which this machine does "
			  "not have.");
}

static void print_held(struct text *text, const char *where, struct lt_num nr_requests,
		       const struct lt_bench_held *held)
{
	text_wrapf(text, "  ", 2,
		   "%s: %s pages free before, %s while %s single pages that were asked for "
		   "atomically are held.",
		   where, text_num(held->before).s, text_num(held->during).s,
		   text_num(nr_requests).s);
}

static void print_reserve(struct text *text, const struct lt_bench *bench)
{
	const struct lt_bench_reserve *reserve = &bench->reserve;

	if (!reserve->nr_requests.known)
		return;
	text_heading(text, "HIGHATOMIC reserve");
	print_held(text, "Inside", reserve->nr_requests, &reserve->in_scope);
	print_held(text, "Outside", reserve->nr_requests, &reserve->outside);
	if (lt_bench_is_drained(bench))
		text_wrapf(text, "  ", 2,
			   "%sDrained%s: single pages in scope come out of what is kept for atomic "
			   "requests of many.",
			   text_role(text, TEXT_BAD), text_role(text, TEXT_PLAIN));
}

int bench_print(struct text *text, const struct lt_bench *bench)
{
	int err;

	text_wrapf(text, "  ", 2, "Requests for one page on %s, outside and inside %s().",
		   bench->release ? bench->release : "an unknown kernel", bench->scope);
	err = print_costs(text, bench);
	if (!err)
		err = print_chances(text, bench);
	if (bench->chances.nr)
		print_movable(text, bench);
	print_reserve(text, bench);
	if (bench->notes.nr)
		text_heading(text, "Not measured");
	lt_vec_each(note, &bench->notes)
		text_wrap(text, "  ", 4, *note);
	return err;
}
