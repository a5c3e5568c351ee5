// SPDX-License-Identifier: LGPL-2.1-or-later
/* Compares what two reports say, fact by fact. */
#include "model/fact.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *lt_fact_section_name(enum lt_fact_section section)
{
	static const char *const names[LT_FACT_NR_SECTIONS] = {
		[LT_FACT_FAILURE] = "failure",	   [LT_FACT_FINDING] = "finding",
		[LT_FACT_RULED_OUT] = "ruled-out", [LT_FACT_HOLD] = "hold",
		[LT_FACT_AREA] = "area",	   [LT_FACT_COUNTER] = "counter",
		[LT_FACT_SELFTEST] = "selftest",   [LT_FACT_KERNEL] = "kernel",
		[LT_FACT_OPTION] = "option",	   [LT_FACT_SOURCE] = "source",
	};

	return names[section];
}

void lt_fact_sheet_fini(struct lt_fact_sheet *sheet)
{
	lt_vec_free(&sheet->facts);
	lt_vec_free(&sheet->sources);
}

static int compare_keys(const struct lt_fact *a, const struct lt_fact *b)
{
	if (a->section != b->section)
		return a->section < b->section ? -1 : 1;
	return strcmp(a->key, b->key);
}

static int by_key(const void *a, const void *b)
{
	return compare_keys(a, b);
}

void lt_facts_sort(struct lt_facts *facts)
{
	size_t kept = 0;

	if (facts->nr)
		qsort(facts->v, facts->nr, sizeof(*facts->v), by_key);
	for (size_t i = 0; i < facts->nr; i++) {
		struct lt_fact *last = kept ? &facts->v[kept - 1] : NULL;

		if (last && !compare_keys(last, &facts->v[i])) {
			if (!last->text && !facts->v[i].text)
				last->num = lt_num_add(last->num, facts->v[i].num);
			continue;
		}
		facts->v[kept++] = facts->v[i];
	}
	facts->nr = kept;
}

static bool is_same(const struct lt_fact *a, const struct lt_fact *b)
{
	if (a->text || b->text)
		return a->text && b->text && !strcmp(a->text, b->text);
	return a->num.known == b->num.known && a->num.val == b->num.val;
}

static int add(struct lt_differences *out, const struct lt_fact *a, const struct lt_fact *b)
{
	struct lt_difference *difference = lt_vec_push(out);

	if (!difference)
		return -ENOMEM;
	*difference = (struct lt_difference){ a, b };
	return 0;
}

int lt_facts_compare(const struct lt_facts *a, const struct lt_facts *b, struct lt_differences *out)
{
	size_t i = 0, j = 0;
	int err = 0;

	while ((i < a->nr || j < b->nr) && !err) {
		int order = i == a->nr ? 1 : j == b->nr ? -1 : compare_keys(&a->v[i], &b->v[j]);

		if (order < 0)
			err = add(out, &a->v[i++], NULL);
		else if (order > 0)
			err = add(out, NULL, &b->v[j++]);
		else if (!is_same(&a->v[i++], &b->v[j++]))
			err = add(out, &a->v[i - 1], &b->v[j - 1]);
	}
	if (err)
		lt_vec_free(out);
	return err;
}

bool lt_facts_have_failure(const struct lt_facts *facts, const char *signature)
{
	lt_vec_each(fact, facts)
		if (fact->section == LT_FACT_FAILURE && !strcmp(fact->key, signature))
			return true;
	return false;
}
