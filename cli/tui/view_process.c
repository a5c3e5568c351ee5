// SPDX-License-Identifier: GPL-2.0-or-later
/* Processes by the pages of areas that they map, and the pages of one that cannot move. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "render/evidence.h"
#include "tui/view.h"

static const struct rows_column columns[] = {
	{ "PROCESS", ROWS_LEFT },
	{ "PID", ROWS_RIGHT },
	{ "IN CMA", ROWS_RIGHT },
	{ "SIZE", ROWS_RIGHT },
	{ "STUCK", ROWS_RIGHT },
	{ "BLOCKED", ROWS_RIGHT },
	{ NULL, 0 },
};

#define COLUMN_IN_CMA 2

/* One process: @in_cma unless processes were not counted. */
struct user {
	int pid;
	const char *comm;
	struct lt_num in_cma;
	uint64_t nr_stuck, nr_blockers;
};

LT_VEC_OF(users, struct user);

static int by_pid(const void *left, const void *right)
{
	const struct user *a = left, *b = right;

	return (a->pid > b->pid) - (a->pid < b->pid);
}

/* Whether @mapper is named with what the page made fail. */
static bool is_named(const struct lt_cause_page *said, const struct lt_mapper *mapper)
{
	return said && said->by != LT_BY_NOBODY && said->pid == mapper->pid;
}

/* One for each process, and one for each page that it maps: to be merged. */
static bool collect(const struct top_model *model, struct users *users)
{
	const struct lt_snapshot *snap = top_model_at(model, TOP_PAGES);
	struct user *user;

	lt_vec_each(process, &snap->processes) {
		user = lt_vec_push(users);
		if (!user)
			return false;
		*user = (struct user){ .pid = process->pid,
				       .comm = process->comm,
				       .in_cma = lt_num(process->nr_cma) };
	}
	lt_vec_each(pin, &snap->pins) {
		const struct lt_cause_page *said = said_of_page(&model->said, pin);

		lt_vec_each(mapper, &pin->mapped_by) {
			user = lt_vec_push(users);
			if (!user)
				return false;
			*user = (struct user){ .pid = mapper->pid,
					       .comm = mapper->comm,
					       .nr_stuck = pin->nr_pages,
					       .nr_blockers = is_named(said, mapper) };
		}
	}
	return true;
}

static void merge(struct users *users)
{
	size_t nr = 0;

	if (users->nr)
		qsort(users->v, users->nr, sizeof(*users->v), by_pid);
	lt_vec_each(user, users) {
		struct user *last = nr ? &users->v[nr - 1] : NULL;

		if (!last || last->pid != user->pid) {
			users->v[nr++] = *user;
			continue;
		}
		if (user->in_cma.known)
			last->in_cma = user->in_cma;
		last->nr_stuck += user->nr_stuck;
		last->nr_blockers += user->nr_blockers;
	}
	users->nr = nr;
}

static void put_bad(struct rows *rows, uint64_t nr)
{
	rows_number(rows, nr ? TEXT_BAD : TEXT_PLAIN, lt_num(nr), "%" PRIu64, nr);
}

static void make_processes(const struct top_model *model, const struct top_scope *scope,
			   struct rows *rows)
{
	const struct lt_snapshot *snap = top_model_at(model, TOP_PAGES);
	const struct lt_source_state *state = lt_snapshot_source(snap, "pagemap");
	struct text text = view_text(model);
	struct users users = { 0 };

	(void)scope;
	rows->empty = "no process is known to map pages of CMA areas";
	if (!collect(model, &users))
		rows->is_lost = true;
	merge(&users);
	lt_vec_each(user, &users) {
		struct top_scope target = { .view = VIEW_PROCESS,
					    .area = LT_NO_AREA,
					    .pid = user->pid };

		if (!rows_begin(rows, (uint64_t)user->pid, &target))
			continue;
		rows_cell(rows, TEXT_PLAIN, "%s", user->comm ? user->comm : "?");
		rows_number(rows, TEXT_PLAIN, lt_num((uint64_t)user->pid), "%d", user->pid);
		rows_number(rows, TEXT_PLAIN, user->in_cma, "%s", text_num(user->in_cma).s);
		rows_number(rows, TEXT_PLAIN, user->in_cma, "%s", text_size(&text, user->in_cma).s);
		put_bad(rows, user->nr_stuck);
		put_bad(rows, user->nr_blockers);
	}
	lt_vec_free(&users);
	rows_note(rows, TEXT_FAINT,
		  "IN CMA: pages mapped; STUCK: of these, cannot move; BLOCKED: of these, "
		  "blocked");
	if (state && state->detail)
		rows_note(rows, TEXT_WARNING, "%s: %s", state->name, state->detail);
}

const struct view view_processes = {
	.name = "processes",
	.columns = columns,
	.depth = TOP_PAGES,
	.sort = COLUMN_IN_CMA,
	.is_reverse = true,
	.make = make_processes,
};

static const struct rows_column page_columns[] = {
	{ "PFN", ROWS_LEFT },	  { "PAGES", ROWS_RIGHT }, { "AREA", ROWS_LEFT },
	{ "ADDRESS", ROWS_LEFT }, { "WHERE", ROWS_LEFT },  { NULL, 0 },
};

static void add_page(const struct lt_snapshot *snap, const struct lt_pin *pin,
		     const struct lt_mapper *mapper, struct rows *rows)
{
	struct top_scope target = { .view = VIEW_PAGE,
				    .area = pin->area,
				    .pfns = { pin->pfn, pin->pfn + 1 } };

	if (!rows_begin(rows, pin->pfn ^ mapper->addr << 20, &target))
		return;
	rows_number(rows, TEXT_PLAIN, lt_num(pin->pfn), "%s", text_pfn(pin->pfn).s);
	rows_number(rows, TEXT_PLAIN, lt_num(pin->nr_pages), "%" PRIu64, pin->nr_pages);
	rows_cell(rows, TEXT_PLAIN, "%s", area_label(snap, pin->area));
	rows_number(rows, TEXT_PLAIN, lt_num(mapper->addr), "0x%" PRIx64, mapper->addr);
	rows_cell(rows, TEXT_PLAIN, "%s", mapper->vma ? mapper->vma : "?");
}

static void make_process(const struct top_model *model, const struct top_scope *scope,
			 struct rows *rows)
{
	const struct lt_snapshot *snap = top_model_at(model, TOP_PAGES);
	const char *comm = NULL;

	rows->empty = "it maps no page that is known to be held";
	lt_vec_each(pin, &snap->pins) {
		lt_vec_each(mapper, &pin->mapped_by) {
			if (mapper->pid != scope->pid)
				continue;
			comm = mapper->comm;
			add_page(snap, pin, mapper, rows);
		}
	}
	rows_note(rows, TEXT_HEADING, "%s[%d]: pages that it maps and that cannot move",
		  comm ? comm : "", scope->pid);
}

const struct view view_process = {
	.name = "process",
	.columns = page_columns,
	.depth = TOP_PAGES,
	.make = make_process,
};
