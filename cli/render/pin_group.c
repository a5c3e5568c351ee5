// SPDX-License-Identifier: GPL-2.0-or-later
/* Held pages by who has them: a row for all that are alike, with the ranges where they are. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "render/evidence.h"
#include "render/pin_cell.h"
#include "render/table.h"

/* Ranges of a row; the others are counted. */
#define RANGES_MAX 8

/* A page, and how a table marks it. */
struct entry {
	const struct lt_pin *pin;
	const char *kind, *mark;
};

/* Entries that are alike, from @first on, in the order of PFNs. */
struct group {
	const struct entry *first;
	size_t nr;
	uint64_t nr_pages;
};

static int compare(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* Names of a snapshot are interned, kinds and marks are constants: equal ones are one pointer. */
static int compare_names(const char *a, const char *b)
{
	return compare((uintptr_t)a, (uintptr_t)b);
}

static int compare_nums(struct lt_num a, struct lt_num b)
{
	return a.known && b.known ? compare(a.val, b.val) : compare(a.known, b.known);
}

static int compare_owners(const struct lt_pin *a, const struct lt_pin *b)
{
	int order = compare(a->has_owner, b->has_owner);

	if (order || !a->has_owner)
		return order;
	order = compare_nums(a->allocated_by.pid, b->allocated_by.pid);
	return order ? order : compare_names(a->allocated_by.comm, b->allocated_by.comm);
}

static int compare_mappers(const struct lt_pin *a, const struct lt_pin *b)
{
	int order = compare(a->mapped_by.nr, b->mapped_by.nr);

	order = order ? order : compare_nums(a->mapped_by_total, b->mapped_by_total);
	for (size_t i = 0; i < a->mapped_by.nr && !order; i++)
		order = compare((uint64_t)a->mapped_by.v[i].pid, (uint64_t)b->mapped_by.v[i].pid);
	return order;
}

static int compare_pinners(const struct lt_pin *a, const struct lt_pin *b)
{
	int order = compare(a->has_pinner, b->has_pinner);

	return order || !a->has_pinner ? order : compare_nums(a->pinned_by.pid, b->pinned_by.pid);
}

/* 0: they are of one row. What blocked comes first. */
static int compare_kinds(const struct entry *a, const struct entry *b)
{
	int order = compare(!*a->mark, !*b->mark);

	order = order ? order : strcmp(a->mark, b->mark);
	order = order ? order : compare(a->pin->area, b->pin->area);
	order = order ? order : compare_names(a->kind, b->kind);
	order = order ? order : compare(a->pin->class, b->pin->class);
	order = order ? order : compare_owners(a->pin, b->pin);
	order = order ? order : compare_mappers(a->pin, b->pin);
	return order ? order : compare_pinners(a->pin, b->pin);
}

static int by_kind(const void *a, const void *b)
{
	int order = compare_kinds(a, b);

	return order ? order
		     : compare(((const struct entry *)a)->pin->pfn,
			       ((const struct entry *)b)->pin->pfn);
}

/* What blocked first, then the most pages. */
static int by_size(const void *a, const void *b)
{
	const struct group *x = a, *y = b;
	int order = compare(!*x->first->mark, !*y->first->mark);

	order = order ? order : compare(y->nr_pages, x->nr_pages);
	return order ? order : compare(x->first->pin->pfn, y->first->pin->pfn);
}

static size_t make_entries(const struct lt_snapshot *snap, const struct lt_blocking_pages *blocking,
			   size_t area, struct entry *out)
{
	size_t nr = 0;

	lt_vec_each(pin, &snap->pins) {
		const struct lt_cause_page *said = lt_blocking_pages_find(blocking, snap, pin);

		if (area == LT_NO_AREA || pin->area == area)
			out[nr++] = (struct entry){ pin, pin_kind(pin, said), pin_mark(pin, said) };
	}
	if (nr)
		qsort(out, nr, sizeof(*out), by_kind);
	return nr;
}

static size_t make_groups(const struct entry *entries, size_t nr, struct group *out)
{
	size_t nr_groups = 0;

	for (size_t i = 0; i < nr; i++) {
		if (!nr_groups || compare_kinds(out[nr_groups - 1].first, &entries[i]))
			out[nr_groups++] = (struct group){ .first = &entries[i] };
		out[nr_groups - 1].nr++;
		out[nr_groups - 1].nr_pages += entries[i].pin->nr_pages;
	}
	if (nr_groups)
		qsort(out, nr_groups, sizeof(*out), by_size);
	return nr_groups;
}

/* "0x1ae04-0x1ae05", a line each. */
static void put_ranges(struct table *table, const struct group *group)
{
	char cell[RANGES_MAX * 48 + 48] = "";
	size_t nr = 0, len = 0, next;

	for (size_t i = 0; i < group->nr; i = next) {
		uint64_t start = group->first[i].pin->pfn;
		uint64_t end = start + group->first[i].pin->nr_pages;

		for (next = i + 1; next < group->nr && group->first[next].pin->pfn == end; next++)
			end += group->first[next].pin->nr_pages;
		if (nr++ >= RANGES_MAX)
			continue;
		len += (size_t)snprintf(cell + len, sizeof(cell) - len, "%s0x%" PRIx64,
					len ? "\n" : "", start);
		if (end - start > 1)
			len += (size_t)snprintf(cell + len, sizeof(cell) - len, "-0x%" PRIx64,
						end - 1);
	}
	if (nr > RANGES_MAX)
		snprintf(cell + len, sizeof(cell) - len, "\nand %zu more ranges", nr - RANGES_MAX);
	table_cell(table, "%s", cell);
}

static void put_group(struct table *table, const struct text *text, const struct group *group,
		      bool has_classes)
{
	const struct lt_pin *pin = group->first->pin;
	const char *class = lt_page_class_name(pin->class);

	table_row(table);
	table_cell(table, "%s", text_count(text, lt_num(group->nr_pages)).s);
	table_cell(table, "%s%s", group->first->kind, group->first->mark);
	if (has_classes)
		table_cell(table, "%s", class ? class : PIN_CELL_NOT_KNOWN);
	pin_cell_allocator(table, pin);
	pin_cell_mappers(table, pin);
	pin_cell_pinner(table, pin);
	put_ranges(table, group);
}

static int print_groups(struct text *text, const struct group *groups, size_t nr, bool has_classes)
{
	struct table_column columns[8] = {
		{ text_unit(text), TABLE_RIGHT },
		{ "KIND", TABLE_LEFT },
	};
	size_t at = 2;
	struct table *table;

	if (has_classes)
		columns[at++] = (struct table_column){ "CLASS", TABLE_LEFT };
	columns[at++] = (struct table_column){ "ALLOCATED BY", TABLE_LEFT };
	columns[at++] = (struct table_column){ "MAPPED BY", TABLE_LINES };
	columns[at++] = (struct table_column){ "PINNED BY", TABLE_LEFT };
	columns[at] = (struct table_column){ "PFN", TABLE_LINES };
	table = table_new(text, columns);
	for (size_t i = 0; i < nr; i++)
		put_group(table, text, &groups[i], has_classes);
	return table_print(table, text);
}

int pin_print_groups(struct text *text, const struct lt_snapshot *snap,
		     const struct lt_blocking_pages *blocking, size_t area, size_t max)
{
	struct entry *entries = calloc(snap->pins.nr + 1, sizeof(*entries));
	struct group *groups = calloc(snap->pins.nr + 1, sizeof(*groups));
	size_t nr;
	int err = -ENOMEM;

	if (entries && groups) {
		nr = make_groups(entries, make_entries(snap, blocking, area, entries), groups);
		err = print_groups(text, groups, nr < max ? nr : max, pin_has_class(&snap->pins));
		if (!err && nr > max)
			fprintf(text->out, "  ... and %zu more rows\n", nr - max);
	}
	free(entries);
	free(groups);
	return err;
}
