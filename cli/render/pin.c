// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints pages that cannot move, and who has them. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/array_size.h"
#include "render/evidence.h"
#include "render/pin_cell.h"
#include "render/table.h"

#define STACKS_MAX 5
#define FRAMES_MAX 16

const char *pin_kind(const struct lt_pin *pin, const struct lt_cause_page *said)
{
	const char *name = lt_pin_kind_name(pin->kind);

	return name ? name : lt_cause_page_is_released(said) ? "released" : "unknown";
}

const char *pin_mark(const struct lt_pin *pin, const struct lt_cause_page *said)
{
	if (said && said->state == LT_STATE_REUSED)
		return " ~";
	return said || pin->is_blocker ? " *" : "";
}

static void put_pin(struct table *table, const struct text *text, const struct lt_pin *pin,
		    const struct lt_cause_page *said, bool has_classes)
{
	const char *class = lt_page_class_name(pin->class);

	table_row(table);
	table_cell(table, "%s", text_pfn(pin->pfn).s);
	table_cell(table, "%s", text_count(text, lt_num(pin->nr_pages)).s);
	table_cell(table, "%s%s", pin_kind(pin, said), pin_mark(pin, said));
	if (has_classes)
		table_cell(table, "%s", class ? class : PIN_CELL_NOT_KNOWN);
	if (pin->pins.known)
		table_cell(table, "%s%" PRIu64, pin->pins_estimated ? "~" : "", pin->pins.val);
	else
		table_cell(table, PIN_CELL_NOT_KNOWN);
	table_cell(table, "%s",
		   pin->refcount.known ? text_num(pin->refcount).s : PIN_CELL_NOT_KNOWN);
	pin_cell_allocator(table, pin);
	pin_cell_mappers(table, pin);
	pin_cell_pinner(table, pin);
}

/* Whether kpageflags could be read, which only the running system has. */
bool pin_has_class(const struct lt_pins *pins)
{
	lt_vec_each(pin, pins)
		if (pin->class != LT_PAGE_UNKNOWN)
			return true;
	return false;
}

/* Which marks the table of @area has. */
struct marks {
	bool has_blocker, has_reused, has_unknown;
};

static struct marks find_marks(const struct lt_snapshot *snap,
			       const struct lt_blocking_pages *blocking, size_t area)
{
	struct marks marks = { 0 };

	lt_vec_each(pin, &snap->pins) {
		const struct lt_cause_page *said = lt_blocking_pages_find(blocking, snap, pin);

		if (area != LT_NO_AREA && pin->area != area)
			continue;
		marks.has_reused |= strchr(pin_mark(pin, said), '~') != NULL;
		marks.has_blocker |= strchr(pin_mark(pin, said), '*') != NULL;
		marks.has_unknown |= !pin->has_owner || !pin->has_pinner ||
				     !pin->mapped_by_total.known || !pin->refcount.known;
	}
	return marks;
}

void pin_print_legend(struct text *text, const struct lt_snapshot *snap,
		      const struct lt_blocking_pages *blocking, size_t area)
{
	const struct marks marks = find_marks(snap, blocking, area);
	const char *const means[] = {
		marks.has_blocker ? "* blocked an allocation" : NULL,
		marks.has_reused ? "~ blocked one, was released, and is in other use now" : NULL,
		marks.has_unknown ? "? not known" : NULL,
	};
	const char *between = "";
	char list[160] = "";
	size_t len = 0;

	for (size_t i = 0; i < ARRAY_SIZE(means); i++) {
		if (!means[i])
			continue;
		len += (size_t)snprintf(list + len, sizeof(list) - len, "%s%s", between, means[i]);
		between = "; ";
	}
	text_wrapf(text, "  ", 2, "%s%sAllocated by, mapped by and pinned by are different facts.",
		   list, *between ? ". " : "");
}

int pin_print_table(struct text *text, const struct lt_snapshot *snap,
		    const struct lt_blocking_pages *blocking, size_t area, size_t *next, size_t max)
{
	const struct table_column columns[] = {
		{ "PFN", TABLE_LEFT },
		{ text_unit(text), TABLE_RIGHT },
		{ "KIND", TABLE_LEFT },
		{ "PINS", TABLE_RIGHT },
		{ "REFS", TABLE_RIGHT },
		{ "ALLOCATED BY", TABLE_LEFT },
		{ "MAPPED BY", TABLE_LINES },
		{ "PINNED BY", TABLE_LEFT },
		{ NULL, 0 },
	};
	const struct table_column columns_with_class[] = {
		columns[0], columns[1], columns[2], { "CLASS", TABLE_LEFT },
		columns[3], columns[4], columns[5], columns[6],
		columns[7], columns[8],
	};
	bool has_classes = pin_has_class(&snap->pins);
	struct table *table = table_new(text, has_classes ? columns_with_class : columns);

	for (; *next < snap->pins.nr && max; (*next)++) {
		const struct lt_pin *pin = &snap->pins.v[*next];

		if (area != LT_NO_AREA && pin->area != area)
			continue;
		put_pin(table, text, pin, lt_blocking_pages_find(blocking, snap, pin), has_classes);
		max--;
	}
	return table_print(table, text);
}

/* Pages with one allocation stack. */
struct stack_group {
	const struct lt_stack *stack;
	const struct lt_pin *first;
	size_t nr;
};

static int by_stack(const void *a, const void *b)
{
	const struct stack_group *x = a, *y = b;

	return x->stack < y->stack ? -1 : x->stack > y->stack;
}

static int by_size(const void *a, const void *b)
{
	const struct stack_group *x = a, *y = b;

	if (x->nr != y->nr)
		return x->nr > y->nr ? -1 : 1;
	return x->first->pfn < y->first->pfn ? -1 : 1;
}

static size_t merge(struct stack_group *groups, size_t nr)
{
	size_t kept = 0;

	for (size_t i = 0; i < nr; i++) {
		if (kept && groups[kept - 1].stack == groups[i].stack) {
			groups[kept - 1].nr++;
			if (groups[i].first->pfn < groups[kept - 1].first->pfn)
				groups[kept - 1].first = groups[i].first;
		} else {
			groups[kept++] = groups[i];
		}
	}
	return kept;
}

static void print_stack(struct text *text, const struct stack_group *group)
{
	size_t shown = group->stack->nr < FRAMES_MAX ? group->stack->nr : FRAMES_MAX;

	if (group->nr == 1)
		fprintf(text->out, "\n  Page %s was allocated by:\n",
			text_pfn(group->first->pfn).s);
	else
		fprintf(text->out, "\n  %zu of these, the first %s, were allocated by:\n",
			group->nr, text_pfn(group->first->pfn).s);
	for (size_t i = 0; i < shown; i++)
		fprintf(text->out, "    %s\n", group->stack->frames[i]);
	if (shown < group->stack->nr)
		fprintf(text->out, "    ... %zu more\n", group->stack->nr - shown);
}

void pin_print_stacks(struct text *text, const struct lt_snapshot *snap, size_t area)
{
	struct stack_group *groups = calloc(snap->pins.nr + 1, sizeof(*groups));
	size_t nr = 0;

	if (!groups) {
		text_lose(text);
		return;
	}
	lt_vec_each(pin, &snap->pins)
		if (pin->has_owner && pin->allocated_by.stack &&
		    (area == LT_NO_AREA || pin->area == area))
			groups[nr++] = (struct stack_group){ pin->allocated_by.stack, pin, 1 };
	qsort(groups, nr, sizeof(*groups), by_stack);
	nr = merge(groups, nr);
	qsort(groups, nr, sizeof(*groups), by_size);
	for (size_t i = 0; i < nr && i < STACKS_MAX; i++)
		print_stack(text, &groups[i]);
	if (nr > STACKS_MAX)
		fprintf(text->out, "\n  ... and %zu more stacks\n", nr - STACKS_MAX);
	free(groups);
}
