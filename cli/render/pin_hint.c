// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints processes that may pin memory. */
#include <inttypes.h>

#include "render/evidence.h"
#include "render/table.h"

#define ROWS_MAX 20

static const char *describe(enum lt_pin_hint_kind kind)
{
	switch (kind) {
	case LT_HINT_VM_PIN:
		return "VmPin";
	case LT_HINT_IO_URING:
		return "io_uring buffers";
	case LT_HINT_PIN_CALL:
		break;
	}
	return "seen pinning";
}

static void put_hint(struct table *table, const struct text *text, const struct lt_pin_hint *hint)
{
	table_row(table);
	table_cell(table, "%s[%d]", hint->comm ? hint->comm : "?", hint->pid);
	table_cell(table, "%s", text_count(text, hint->nr_pages).s);
	table_cell(table, "%s", text_size(text, hint->nr_pages).s);
	table_cell(table, "%s", describe(hint->kind));
}

int pin_hint_print_table(struct text *text, const struct lt_snapshot *snap)
{
	const struct table_column columns[] = {
		{ "PROCESS", TABLE_LEFT },
		{ text_unit(text), TABLE_RIGHT },
		{ "SIZE", TABLE_RIGHT },
		{ "AS TOLD BY", TABLE_LEFT },
		{ NULL, 0 },
	};
	struct table *table = table_new(text, columns);
	int err;

	for (size_t i = 0; i < snap->pin_hints.nr && i < ROWS_MAX; i++)
		put_hint(table, text, &snap->pin_hints.v[i]);
	err = table_print(table, text);
	if (snap->pin_hints.nr > ROWS_MAX)
		fprintf(text->out, "  ... and %zu more\n", snap->pin_hints.nr - ROWS_MAX);
	text_wrap(text, "  ", 2,
		  "Hints: processes that may pin memory. Which pages is not known, and "
		  "not every driver accounts for what it pins.");
	return err;
}
