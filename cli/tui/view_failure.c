// SPDX-License-Identifier: GPL-2.0-or-later
/* Allocations that failed, the newest first, with the blocking page and what causes say of it. */
#include <inttypes.h>

#include "render/evidence.h"
#include "tui/view.h"

static const struct rows_column columns[] = {
	{ "TIME", ROWS_RIGHT },
	{ "FROM", ROWS_LEFT },
	{ "AREA", ROWS_LEFT },
	{ "PAGES", ROWS_RIGHT },
	{ "RESULT", ROWS_LEFT },
	{ "N", ROWS_RIGHT },
	{ "BLOCKED BY", ROWS_LEFT },
	{ "NOW", ROWS_LEFT },
	{ "MAPPED BY", ROWS_LEFT },
	{ "PINNED BY", ROWS_LEFT },
	{ NULL, 0 },
};

/* The page that the kernel named, and what causes say of it, and of a process that may hold it. */
static void put_blocker(const struct top_model *model, const struct lt_attempt *attempt,
			struct rows *rows)
{
	const struct lt_cause_page *said = said_of_attempt(&model->said, attempt);
	bool is_pinner = said && said->by == LT_BY_PINNING;
	struct lt_num pfn = lt_attempt_blocker(attempt);

	rows_number(rows, TEXT_PLAIN, pfn, "%s", pfn.known ? attempt_blockers(attempt).s : "?");
	rows_cell(rows, TEXT_PLAIN, "%s", view_state(said));
	rows_cell(rows, TEXT_PLAIN, "%s", is_pinner ? "?" : view_holder(said).s);
	rows_cell(rows, TEXT_PLAIN, "%s", is_pinner ? view_holder(said).s : "?");
}

static void add(const struct top_model *model, size_t id, const struct view_failure *failure,
		struct rows *rows)
{
	const struct lt_attempt *attempt = failure->last;
	struct lt_num pfn = lt_attempt_blocker(attempt), when = lt_attempt_last_ns(attempt);
	struct top_scope target = { .view = pfn.known ? VIEW_PAGE : VIEW_NR,
				    .area = LT_NO_AREA,
				    .pfns = { pfn.val, pfn.val + 1 } };
	const char *name = attempt->area_name;

	if (!rows_begin(rows, id, &target))
		return;
	if (!name)
		name = area_label(top_model_at(model, TOP_EVENTS), attempt->area);
	rows_number(rows, TEXT_PLAIN, when, "%s", text_time(when).s);
	rows_cell(rows, TEXT_PLAIN, "%s", lt_attempt_source_name(attempt->source));
	rows_cell(rows, TEXT_PLAIN, "%s", name);
	rows_number(rows, TEXT_PLAIN, attempt->nr_pages, "%s", text_num(attempt->nr_pages).s);
	rows_cell(rows, TEXT_BAD, "%s", view_result(attempt).s);
	rows_number(rows, TEXT_PLAIN, lt_num(failure->count), "%u", failure->count);
	put_blocker(model, attempt, rows);
}

/* Sources tell of the oldest first, and there may be too many: begin with the last. */
static void make(const struct top_model *model, const struct top_scope *scope, struct rows *rows)
{
	const struct lt_attempts *attempts = &top_model_at(model, TOP_EVENTS)->attempts;
	struct view_failures failures = { 0 };

	(void)scope;
	rows->empty = "no failed allocation is on record";
	if (view_list_failures(attempts, &failures))
		rows->empty = "no memory is left to list failed allocations";
	for (size_t i = failures.nr; i; i--)
		add(model, (size_t)(failures.v[i - 1].first - attempts->v) + 1, &failures.v[i - 1],
		    rows);
	lt_vec_free(&failures);
}

const struct view view_failures = {
	.name = "failures",
	.columns = columns,
	.depth = TOP_EVENTS,
	.is_reverse = true,
	.make = make,
};
