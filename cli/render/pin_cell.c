// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who has a page, as cells of a table. Allocated by, mapped by and pinned by are three statements of
 * three sources. A cell is "?" where its source told nothing; never another's value.
 */
#include "render/pin_cell.h"

#include <inttypes.h>

#define MAPPERS_MAX 3
#define NAME_MAX_BYTES 40

static void put_process(struct table *table, const char *comm, struct lt_num pid)
{
	if (!comm && !pid.known)
		table_cell(table, PIN_CELL_NOT_KNOWN);
	else if (!pid.known)
		table_cell(table, "%s", comm);
	else
		table_cell(table, "%s[%" PRIu64 "]", comm ? comm : PIN_CELL_NOT_KNOWN, pid.val);
}

struct text_chunk pin_allocator(const struct lt_owner *owner)
{
	const bool is_thread =
		owner->pid.known && owner->tgid.known && owner->pid.val != owner->tgid.val;
	const struct lt_num pid = owner->pid.known ? owner->pid : owner->tgid;
	const struct text_chunk name =
		text_name(owner->comm ? owner->comm : PIN_CELL_NOT_KNOWN, NAME_MAX_BYTES);
	struct text_chunk chunk;

	if (!owner->comm && !pid.known)
		snprintf(chunk.s, sizeof(chunk.s), "(stack only)"); /* 5.10 */
	else if (is_thread)
		snprintf(chunk.s, sizeof(chunk.s), "%.40s[%" PRIu64 "] of %" PRIu64, name.s,
			 pid.val, owner->tgid.val);
	else if (pid.known)
		snprintf(chunk.s, sizeof(chunk.s), "%.40s[%" PRIu64 "]", name.s, pid.val);
	else
		chunk = name;
	return chunk;
}

void pin_cell_allocator(struct table *table, const struct lt_pin *pin)
{
	if (pin->has_owner)
		table_cell(table, "%s", pin_allocator(&pin->allocated_by).s);
	else
		table_cell(table, PIN_CELL_NOT_KNOWN);
}

void pin_cell_mappers(struct table *table, const struct lt_pin *pin)
{
	uint64_t total = pin->mapped_by_total.known ? pin->mapped_by_total.val : pin->mapped_by.nr;
	size_t shown = pin->mapped_by.nr < MAPPERS_MAX ? pin->mapped_by.nr : MAPPERS_MAX;
	char cell[512] = "";
	size_t len = 0;

	if (!shown) {
		table_cell(table, pin->mapped_by_total.known ? "no process" : PIN_CELL_NOT_KNOWN);
		return;
	}
	for (size_t i = 0; i < shown && len < sizeof(cell); i++) {
		const struct lt_mapper *mapper = &pin->mapped_by.v[i];

		len += (size_t)snprintf(cell + len, sizeof(cell) - len, "%s%s[%d]", i ? "\n" : "",
					mapper->comm ? text_name(mapper->comm, 60).s
						     : PIN_CELL_NOT_KNOWN,
					mapper->pid);
	}
	if (shown < total && len < sizeof(cell))
		snprintf(cell + len, sizeof(cell) - len, "\nand %" PRIu64 " more", total - shown);
	table_cell(table, "%s", cell);
}

void pin_cell_pinner(struct table *table, const struct lt_pin *pin)
{
	if (pin->has_pinner)
		put_process(table, pin->pinned_by.comm, pin->pinned_by.pid);
	else
		table_cell(table, PIN_CELL_NOT_KNOWN);
}
