// SPDX-License-Identifier: GPL-2.0-or-later
/* Who asked for device memory since the trace began, and what of it is outstanding. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/leak.h"
#include "base/memstream.h"
#include "render/evidence.h"
#include "tui/view.h"

static const struct rows_column columns[] = {
	{ "DRIVER", ROWS_LEFT },
	{ "TASK", ROWS_LEFT },
	{ "AREA", ROWS_LEFT },
	{ "HELD", ROWS_RIGHT },
	{ "PAGES", ROWS_RIGHT },
	{ "SIZE", ROWS_RIGHT },
	{ "OLDEST", ROWS_RIGHT },
	{ "ALLOCATED", ROWS_RIGHT },
	{ "RELEASED", ROWS_RIGHT },
	{ "GROWS", ROWS_LEFT },
	{ NULL, 0 },
};

#define COLUMN_PAGES 4

static void put_count(struct rows *rows, uint64_t nr)
{
	rows_number(rows, TEXT_PLAIN, lt_num(nr), "%" PRIu64, nr);
}

static void put_requester(struct rows *rows, const struct text *text,
			  const struct lt_snapshot *snap, size_t index)
{
	const struct lt_ledger *ledger = &snap->ledger;
	const struct lt_requester *requester = &ledger->requesters.v[index];
	const struct lt_num pages = lt_num(requester->nr_pages_held);
	const struct lt_num age_ns = lt_num_sub(ledger->to_ns, lt_ledger_oldest_ns(ledger, index));

	rows_cell(rows, TEXT_PLAIN, "%s", requester->driver ? requester->driver : "?");
	rows_cell(rows, TEXT_PLAIN, "%s", requester->caller ? requester->caller : "?");
	rows_cell(rows, TEXT_PLAIN, "%s", ledger_area(snap, requester));
	rows_number(rows, TEXT_PLAIN, lt_num(requester->nr_held), "%" PRIu64 "%s",
		    requester->nr_held, requester->nr_doubtful ? "?" : "");
	rows_number(rows, TEXT_PLAIN, pages, "%s", text_num(pages).s);
	rows_number(rows, TEXT_PLAIN, pages, "%s", text_size(text, pages).s);
	rows_number(rows, TEXT_PLAIN, age_ns, "%s", text_duration(age_ns).s);
	put_count(rows, requester->nr_allocated);
	put_count(rows, requester->nr_released);
	rows_cell(rows, lt_leak_of(ledger, index).is_suspected ? TEXT_BAD : TEXT_PLAIN, "%s",
		  ledger_grows(ledger, index));
}

/* The sentences below the report's table, a note for each of their lines. */
static void put_notes(struct rows *rows, struct text text, const struct lt_ledger *ledger)
{
	char *lines = NULL, *rest, *line;
	size_t len;

	text.out = open_memstream(&lines, &len);
	if (text.out) {
		text.width = rows->width;
		ledger_print_notes(&text, ledger);
	}
	if (!text.out || lt_memstream_close(text.out, &lines)) {
		rows->is_lost = true;
		return;
	}
	rest = lines;
	while ((line = strsep(&rest, "\n")) && *line)
		rows_note(rows, TEXT_FAINT, "%s", line + strspn(line, " "));
	free(lines);
}

static void make(const struct top_model *model, const struct top_scope *scope, struct rows *rows)
{
	const struct lt_snapshot *snap = top_model_at(model, TOP_EVENTS);
	const struct lt_ledger *ledger = &snap->ledger;
	struct text text = view_text(model);

	(void)scope;
	rows->empty = "no trace has an allocation for a device, or the release of one";
	for (size_t i = 0; i < ledger->requesters.nr; i++)
		if (!ledger->requesters.v[i].is_unknown && rows_begin(rows, i, NULL))
			put_requester(rows, &text, snap, i);
	if (lt_ledger_has_any(ledger))
		put_notes(rows, text, ledger);
}

const struct view view_ledger = {
	.name = "ledger",
	.columns = columns,
	.depth = TOP_EVENTS,
	.sort = COLUMN_PAGES,
	.is_reverse = true,
	.make = make,
};
