// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints the result of a self-test. */
#include <inttypes.h>
#include <string.h>

#include "render/evidence.h"
#include "render/table.h"

static enum text_role role_of(enum lt_verdict verdict)
{
	switch (verdict) {
	case LT_VERDICT_KEPT:
		return TEXT_GOOD;
	case LT_VERDICT_BROKEN:
		return TEXT_BAD;
	default:
		return TEXT_WARNING;
	}
}

/* A case that was skipped has counted nothing. */
static void put_count(struct table *table, const struct lt_case_result *result, struct lt_num nr)
{
	table_cell(table, "%s", result->outcome == LT_OUTCOME_SKIPPED ? "-" : text_num(nr).s);
}

static int print_cases(struct text *text, const struct lt_selftest *selftest)
{
	static const struct table_column columns[] = {
		{ "CASE", TABLE_LEFT },
		{ "OUTCOME", TABLE_LEFT },
		{ "PINNED", TABLE_RIGHT },
		{ "IN CMA", TABLE_RIGHT },
		{ "CONTROL", TABLE_RIGHT },
		{ "IN CMA", TABLE_RIGHT },
		{ NULL, 0 },
	};
	struct table *table = table_new(text, columns);

	lt_vec_each(result, &selftest->cases) {
		table_row(table);
		table_cell(table, "%s", result->name);
		table_cell(table, "%s", lt_outcome_name(result->outcome));
		put_count(table, result, result->nr_pinned);
		put_count(table, result, result->nr_landed);
		put_count(table, result, result->control_faults);
		put_count(table, result, result->control_landed);
	}
	return table_print(table, text);
}

/* Whether a case before @result has the same words. */
static bool is_repeated(const struct lt_selftest *selftest, const struct lt_case_result *result)
{
	lt_vec_each(before, &selftest->cases) {
		if (before == result)
			return false;
		if (before->detail && !strcmp(before->detail, result->detail))
			return true;
	}
	return false;
}

/* Each once, with the first case that it is about. */
static void print_details(struct text *text, const struct lt_selftest *selftest)
{
	lt_vec_each(result, &selftest->cases) {
		size_t nr_others = 0;
		char others[32] = "";

		if (!result->detail || is_repeated(selftest, result))
			continue;
		lt_vec_each(other, &selftest->cases)
			nr_others += other != result && other->detail &&
				     !strcmp(other->detail, result->detail);
		if (nr_others)
			snprintf(others, sizeof(others), " and %zu more", nr_others);
		text_wrapf(text, "  ", 4, "%s%s: %s", result->name, others, result->detail);
	}
}

int selftest_print(struct text *text, const struct lt_selftest *selftest)
{
	int err;

	fprintf(text->out, "  %s%s%s", text_role(text, role_of(selftest->verdict)),
		lt_verdict_name(selftest->verdict), text_role(text, TEXT_PLAIN));
	if (selftest->reason != LT_OUTCOME_KEPT)
		fprintf(text->out, " (%s)", lt_outcome_name(selftest->reason));
	if (selftest->backend)
		fprintf(text->out, ", backend %s", selftest->backend);
	if (selftest->priming)
		fprintf(text->out, ", primed by %s", selftest->priming);
	if (selftest->release)
		fprintf(text->out, ", on %s", selftest->release);
	putc('\n', text->out);
	if (selftest->text)
		text_wrap(text, "  ", 2, selftest->text);
	if (selftest->upper_bound_95 >= 0)
		text_wrapf(text, "  ", 2, "At most %.2g of pin calls land (95%%).",
			   selftest->upper_bound_95);
	if (text->is_brief)
		return 0;
	err = print_cases(text, selftest);
	print_details(text, selftest);
	return err;
}
