// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints processes that may pin memory. */
#include <inttypes.h>

#include "render/evidence.h"
#include "render/table.h"

#define ROWS_MAX 20

static void put_source(struct table *table, const struct lt_pin_hint *hint)
{
	switch (hint->kind) {
	case LT_HINT_VM_PIN:
		table_cell(table, "VmPin");
		break;
	case LT_HINT_IO_URING:
		table_cell(table, "io_uring buffers");
		break;
	case LT_HINT_PIN_CALL:
		table_cell(table, "seen pinning");
		break;
	case LT_HINT_PIPE:
		table_cell(table, "pipe %" PRIu64 ": %" PRIu64 " bytes for %s[%" PRIu64 "]",
			   hint->inode.val, hint->nr_bytes.val,
			   hint->peer_comm ? hint->peer_comm : "?", hint->peer_pid.val);
		break;
	case LT_HINT_SOCKET:
		table_cell(table, "socket %" PRIu64 ": %" PRIu64 " bytes", hint->inode.val,
			   hint->nr_bytes.val);
		break;
	case LT_HINT_DEVICE:
		table_cell(table, "%s%s%s", hint->device, hint->driver ? ": driver " : "",
			   hint->driver ? hint->driver : "");
		break;
	}
}

static void put_hint(struct table *table, const struct text *text, const struct lt_pin_hint *hint)
{
	table_row(table);
	table_cell(table, "%s[%d]", hint->comm ? hint->comm : "?", hint->pid);
	table_cell(table, "%s", text_count(text, hint->nr_pages).s);
	table_cell(table, "%s", text_size(text, hint->nr_pages).s);
	put_source(table, hint);
}

static bool has_kind(const struct lt_pin_hints *hints, enum lt_pin_hint_kind kind)
{
	lt_vec_each(hint, hints)
		if (hint->kind == kind)
			return true;
	return false;
}

static void print_legend(struct text *text, const struct lt_pin_hints *hints)
{
	text_wrap(text, "  ", 2,
		  "Hints: processes that may pin or hold memory. Which pages is not known, and "
		  "not every driver accounts for what it pins.");
	if (has_kind(hints, LT_HINT_IO_URING))
		text_wrap(
			text, "  ", 2,
			"io_uring buffers: long-term pins. On a kernel that keeps its promise such "
			"pages left CMA before they were pinned.");
	if (has_kind(hints, LT_HINT_PIPE))
		text_wrap(text, "  ", 2,
			  "pipe: the process maps a page that something holds, and writes to this "
			  "pipe, which has bytes that the other process did not read. Whether the "
			  "page is in it is not known: only vmsplice(2) puts pages there.");
	if (has_kind(hints, LT_HINT_SOCKET))
		text_wrap(text, "  ", 2,
			  "socket: the process maps a page that something holds, and has bytes in "
			  "the socket that were not acknowledged. The socket may send from memory "
			  "of the process without a copy (SO_ZEROCOPY); whether it sends from that "
			  "page is not known.");
	if (has_kind(hints, LT_HINT_DEVICE))
		text_wrap(text, "  ", 2,
			  "device: the process maps a page that something holds, and has this "
			  "device open. Whether its driver holds the page is not known.");
}

int pin_hint_print_table(struct text *text, const struct lt_snapshot *snap)
{
	const struct table_column columns[] = {
		{ "PROCESS", TABLE_LEFT },
		{ text_unit(text), TABLE_RIGHT },
		{ "SIZE", TABLE_RIGHT },
		{ "SOURCE", TABLE_LEFT },
		{ NULL, 0 },
	};
	struct table *table = table_new(text, columns);
	int err;

	for (size_t i = 0; i < snap->pin_hints.nr && i < ROWS_MAX; i++)
		put_hint(table, text, &snap->pin_hints.v[i]);
	err = table_print(table, text);
	if (snap->pin_hints.nr > ROWS_MAX)
		fprintf(text->out, "  ... and %zu more\n", snap->pin_hints.nr - ROWS_MAX);
	print_legend(text, &snap->pin_hints);
	return err;
}
