// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints the ledger of device allocations. */
#include <inttypes.h>

#include "analyse/leak.h"
#include "render/evidence.h"
#include "render/table.h"

#define ROWS_MAX 20
#define AGAIN_MAX 5

bool ledger_has_any(const struct lt_ledger *ledger)
{
	lt_vec_each(requester, &ledger->requesters)
		if (requester->nr_held)
			return true;
	return ledger->nr_again;
}

const char *ledger_grows(const struct lt_ledger *ledger, size_t index)
{
	const struct lt_leak leak = lt_leak_of(ledger, index);

	if (leak.is_suspected)
		return lt_confidence_name(leak.confidence);
	return ledger->is_full || !ledger->has_releases || !ledger->requesters.v[index].growth.nr
		       ? "?"
		       : "not seen";
}

const char *ledger_area(const struct lt_snapshot *snap, const struct lt_requester *requester)
{
	return requester->area_name ? requester->area_name : area_label(snap, requester->area);
}

static void put_requester(struct table *table, const struct text *text,
			  const struct lt_snapshot *snap, size_t index)
{
	const struct lt_ledger *ledger = &snap->ledger;
	const struct lt_requester *requester = &ledger->requesters.v[index];
	const struct lt_num age_ns = lt_num_sub(ledger->to_ns, lt_ledger_oldest_ns(ledger, index));

	table_row(table);
	table_cell(table, "%s", requester->driver ? requester->driver : "?");
	table_cell(table, "%s", requester->caller ? requester->caller : "?");
	table_cell(table, "%s",
		   requester->area_name ? requester->area_name : area_label(snap, requester->area));
	table_cell(table, "%" PRIu64 "%s", requester->nr_held, requester->nr_doubtful ? "?" : "");
	table_cell(table, "%s", text_count(text, lt_num(requester->nr_pages_held)).s);
	table_cell(table, "%s", text_size(text, lt_num(requester->nr_pages_held)).s);
	table_cell(table, "%s", text_duration(age_ns).s);
	table_cell(table, "%" PRIu64, requester->nr_allocated);
	table_cell(table, "%" PRIu64, requester->nr_released);
	table_cell(table, "%s", ledger_grows(ledger, index));
}

static int print_table(struct text *text, const struct lt_snapshot *snap)
{
	const struct table_column columns[] = {
		{ "DRIVER", TABLE_LEFT },
		{ "TASK", TABLE_LEFT },
		{ "AREA", TABLE_LEFT },
		{ "HELD", TABLE_RIGHT },
		{ text_unit(text), TABLE_RIGHT },
		{ "SIZE", TABLE_RIGHT },
		{ "OLDEST", TABLE_RIGHT },
		{ "ALLOCATED", TABLE_RIGHT },
		{ "RELEASED", TABLE_RIGHT },
		{ "GROWS", TABLE_LEFT },
		{ NULL, 0 },
	};
	struct table *table = table_new(text, columns);
	size_t nr_rows = 0, nr_left = 0;
	int err;

	for (size_t i = 0; i < snap->ledger.requesters.nr; i++) {
		if (snap->ledger.requesters.v[i].is_unknown)
			continue;
		if (nr_rows++ < ROWS_MAX)
			put_requester(table, text, snap, i);
		else
			nr_left++;
	}
	err = table_print(table, text);
	if (nr_left)
		fprintf(text->out, "  ... and %zu more\n", nr_left);
	return err;
}

/* What the table cannot say, and how far it goes. */
static void print_bounds(struct text *text, const struct lt_ledger *ledger)
{
	uint64_t nr_before = 0, nr_parts = 0;

	lt_vec_each(requester, &ledger->requesters) {
		nr_before += requester->is_unknown ? requester->nr_pages_released : 0;
		nr_parts += requester->nr_parts;
	}
	text_wrapf(text, "  ", 2,
		   "From events between %s and %s, by the clock of the trace: what was allocated "
		   "before is not in it.",
		   text_time(ledger->from_ns).s, text_time(ledger->to_ns).s);
	if (nr_before)
		text_wrapf(text, "  ", 2, "%s were released that were allocated before.",
			   text_pages(text, lt_num(nr_before)).s);
	if (nr_parts)
		text_wrapf(text, "  ", 2, "%" PRIu64 " release%s left a part of an allocation.",
			   nr_parts, nr_parts == 1 ? "" : "s");
	if (!ledger->has_releases)
		text_wrap(text, "  ", 2,
			  "No release is on record: they may not be recorded, and what is held may "
			  "be less.");
	if (ledger->nr_gaps)
		text_wrap(text, "  ", 2,
			  "Events were lost. What was allocated before (\"?\") may be released.");
	if (ledger->is_full)
		text_wrap(text, "  ", 2, "There were too many allocations to keep all of them.");
}

static void print_again(struct text *text, const struct lt_ledger *ledger)
{
	for (size_t i = 0; i < ledger->again.nr && i < AGAIN_MAX; i++) {
		const struct lt_release_again *again = &ledger->again.v[i];

		text_wrapf(text, "  ", 2,
			   "Released twice: %" PRIu64
			   " pages from %s, at %s and at %s (by %s), and "
			   "not allocated between.",
			   lt_range_nr_pages(again->pfns), text_pfn(again->pfns.start_pfn).s,
			   text_time(again->first_ns).s, text_time(again->ts_ns).s,
			   again->caller ? again->caller : "?");
	}
	if (ledger->nr_again > AGAIN_MAX)
		text_wrapf(text, "  ", 2, "So were others: %" PRIu64 " releases in all.",
			   ledger->nr_again);
}

void ledger_print_notes(struct text *text, const struct lt_ledger *ledger)
{
	print_bounds(text, ledger);
	print_again(text, ledger);
}

int ledger_print(struct text *text, const struct lt_snapshot *snap)
{
	int err = print_table(text, snap);

	ledger_print_notes(text, &snap->ledger);
	return err;
}
