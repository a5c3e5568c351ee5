// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of sources: whole, and in an order that can be read. */
#include "test.h"

#include <string.h>

#include "source/source.h"

static void every_source_says_all_of_itself(void **state)
{
	(void)state;
	for (const struct lt_source *const *at = lt_sources; *at; at++) {
		const struct lt_source *source = *at;

		assert_non_null(source->name);
		assert_non_null(source->where);
		assert_non_null(source->proves);
		assert_true(!source->read == !!source->collect);
		assert_true(!source->collect == !source->join && !source->join == !source->drop);
		for (const struct lt_source *const *other = lt_sources; other < at; other++)
			assert_string_not_equal((*other)->name, source->name);
	}
}

/* A source that stood before its stage would be read in a later one. */
static void sources_are_sorted_by_stage(void **state)
{
	(void)state;
	for (const struct lt_source *const *at = lt_sources; at[0] && at[1]; at++)
		if (at[0]->stage > at[1]->stage)
			fail_msg("%s is read before %s", at[0]->name, at[1]->name);
}

/* Else a view that stays open would never read it, and nobody would notice. */
static void a_view_that_stays_open_reads_what_it_shall(void **state)
{
	static const enum lt_stage last[] = {
		[LT_PACE_ALWAYS] = LT_STAGE_TABLES,
		[LT_PACE_EVENT] = LT_STAGE_ATTEMPTS,
		[LT_PACE_SLOW] = LT_STAGE_PROCESSES,
		[LT_PACE_NEVER] = LT_STAGE_PROCESSES,
	};

	(void)state;
	for (const struct lt_source *const *at = lt_sources; *at; at++)
		if (!(*at)->pace || (*at)->stage > last[(*at)->pace])
			fail_msg("%s has no pace, or one that its stage does not allow",
				 (*at)->name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_source_says_all_of_itself),
		cmocka_unit_test(sources_are_sorted_by_stage),
		cmocka_unit_test(a_view_that_stays_open_reads_what_it_shall),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
