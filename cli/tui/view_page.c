// SPDX-License-Identifier: GPL-2.0-or-later
/* Pages that cannot move, and all that is told of one. */
#include <inttypes.h>

#include "render/evidence.h"
#include "tui/view.h"

#define NOT_KNOWN "?"

static const struct rows_column columns[] = {
	{ "PFN", ROWS_LEFT },	    { "PAGES", ROWS_RIGHT },
	{ "KIND", ROWS_LEFT },	    { "PINS", ROWS_RIGHT },
	{ "REFS", ROWS_RIGHT },	    { "AREA", ROWS_LEFT },
	{ "MAPPED BY", ROWS_LEFT }, { "ALLOCATED BY", ROWS_LEFT },
	{ "PINNED BY", ROWS_LEFT }, { NULL, 0 },
};

static void put_num(struct rows *rows, struct lt_num num, const char *before)
{
	rows_number(rows, TEXT_PLAIN, num, "%s%s", num.known ? before : "",
		    num.known ? text_num(num).s : NOT_KNOWN);
}

static void put_pinner(struct rows *rows, const struct lt_pin *pin)
{
	if (pin->has_pinner)
		rows_cell(rows, TEXT_PLAIN, "%s[%s]",
			  pin->pinned_by.comm ? pin->pinned_by.comm : NOT_KNOWN,
			  pin->pinned_by.pid.known ? text_num(pin->pinned_by.pid).s : NOT_KNOWN);
	else
		rows_cell(rows, TEXT_PLAIN, NOT_KNOWN);
}

static void add(const struct top_model *model, const struct lt_pin *pin, struct rows *rows)
{
	const struct lt_snapshot *snap = top_model_at(model, TOP_PAGES);
	const struct lt_cause_page *said = said_of_page(&model->said, pin);
	const char *mark = pin_mark(pin, said);
	bool is_blocking = mark[0] && !lt_cause_page_is_released(said);
	struct top_scope target = { .view = VIEW_PAGE,
				    .area = pin->area,
				    .pfns = { pin->pfn, pin->pfn + 1 } };

	if (!rows_begin(rows, pin->pfn, &target))
		return;
	rows_number(rows, TEXT_PLAIN, lt_num(pin->pfn), "%s", text_pfn(pin->pfn).s);
	put_num(rows, lt_num(pin->nr_pages), "");
	rows_cell(rows, is_blocking ? TEXT_BAD : TEXT_PLAIN, "%s%s", pin_kind(pin, said), mark);
	put_num(rows, pin->pins, pin->pins_estimated ? "~" : "");
	put_num(rows, pin->refcount, "");
	rows_cell(rows, TEXT_PLAIN, "%s", area_label(snap, pin->area));
	rows_cell(rows, TEXT_PLAIN, "%s", view_mapper(pin).s);
	rows_cell(rows, TEXT_PLAIN, "%s", view_allocator(pin).s);
	put_pinner(rows, pin);
}

static void make_pages(const struct top_model *model, const struct top_scope *scope,
		       struct rows *rows)
{
	const struct lt_snapshot *snap = top_model_at(model, TOP_PAGES);
	const struct lt_pin *pin = lt_pins_from(&snap->pins, scope->pfns.start_pfn);

	rows->empty =
		lt_snapshot_has_page_states(snap)
			? "no page here is kept from moving"
			: "no page here blocked an allocation (the state of each is not known)";
	for (; pin && pin < snap->pins.v + snap->pins.nr; pin++)
		if (!lt_range_nr_pages(scope->pfns) || pin->pfn < scope->pfns.end_pfn)
			add(model, pin, rows);
	if (rows->v.nr)
		rows_note(
			rows, TEXT_FAINT,
			"* blocked an allocation; ~ did so, was released, and is in other use now");
}

const struct view view_pages = {
	.name = "pages",
	.columns = columns,
	.depth = TOP_PAGES,
	.make = make_pages,
};

static const struct rows_column mapper_columns[] = {
	{ "MAPPED BY", ROWS_LEFT }, { "PID", ROWS_RIGHT },  { "ADDRESS", ROWS_LEFT },
	{ "KIND", ROWS_LEFT },	    { "WHERE", ROWS_LEFT }, { NULL, 0 },
};

static void note_stack(struct rows *rows, const struct lt_stack *stack)
{
	for (size_t i = 0; stack && i < stack->nr; i++)
		rows_note(rows, TEXT_PLAIN, "  %s", stack->frames[i]);
}

static void note_page(struct rows *rows, const struct top_model *model, const struct lt_pin *pin)
{
	const struct lt_snapshot *snap = top_model_at(model, TOP_PAGES);
	const char *class = lt_page_class_name(pin->class);
	const struct lt_cause_page *said = said_of_page(&model->said, pin);
	struct text text = view_text(model);

	rows_note(rows, TEXT_HEADING, "%s in %s: %s%s%s%s%s", text_pfn_at(&text, pin->pfn).s,
		  area_label(snap, pin->area), pin_kind(pin, said), class ? ", " : "",
		  class ? class : "", pin_mark(pin, said)[0] ? ", made an allocation fail" : "",
		  lt_cause_page_is_released(said) ? ", was released since" : "");
	rows_note(rows, TEXT_PLAIN, "pins %s%s, references %s, mapped %s times, zone %s",
		  pin->pins_estimated ? "~" : "", text_num(pin->pins).s, text_num(pin->refcount).s,
		  text_num(pin->mapcount).s, pin->zone ? pin->zone : NOT_KNOWN);
	rows_note(rows, TEXT_PLAIN, "allocated by %s%s%s%s", view_allocator(pin).s,
		  pin->has_owner ? " at " : "",
		  pin->has_owner ? text_time(pin->allocated_by.ts_ns).s : "",
		  pin->has_owner && pin->allocated_by.stack ? ":" : "");
	if (pin->has_owner)
		note_stack(rows, pin->allocated_by.stack);
	if (!pin->has_pinner) {
		rows_note(rows, TEXT_PLAIN, "pinned by ?");
		return;
	}
	rows_note(rows, TEXT_PLAIN, "pinned by %s[%s]",
		  pin->pinned_by.comm ? pin->pinned_by.comm : NOT_KNOWN,
		  text_num(pin->pinned_by.pid).s);
	note_stack(rows, pin->pinned_by.stack);
}

static void make_page(const struct top_model *model, const struct top_scope *scope,
		      struct rows *rows)
{
	const struct lt_pin *pin =
		lt_pins_find(&top_model_at(model, TOP_PAGES)->pins, scope->pfns.start_pfn);

	rows->empty = "no process is known to map it";
	if (!pin) {
		rows->empty = "nothing is known to hold this page now";
		return;
	}
	lt_vec_each(mapper, &pin->mapped_by) {
		struct top_scope target = { .view = VIEW_PROCESS,
					    .area = LT_NO_AREA,
					    .pid = mapper->pid };

		if (!rows_begin(rows, mapper->addr ^ (uint64_t)mapper->pid, &target))
			continue;
		rows_cell(rows, TEXT_PLAIN, "%s", mapper->comm ? mapper->comm : NOT_KNOWN);
		rows_number(rows, TEXT_PLAIN, lt_num((uint64_t)mapper->pid), "%d", mapper->pid);
		rows_number(rows, TEXT_PLAIN, lt_num(mapper->addr), "0x%" PRIx64, mapper->addr);
		rows_cell(rows, TEXT_PLAIN, "%s",
			  mapper->kind ? lt_vma_kind_name(mapper->kind) : NOT_KNOWN);
		rows_cell(rows, TEXT_PLAIN, "%s", mapper->vma ? mapper->vma : NOT_KNOWN);
	}
	note_page(rows, model, pin);
}

const struct view view_page = {
	.name = "page",
	.columns = mapper_columns,
	.depth = TOP_PAGES,
	.make = make_page,
};
