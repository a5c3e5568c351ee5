// SPDX-License-Identifier: LGPL-2.1-or-later
/* Names the outcomes and verdicts of a self-test. */
#include "model/selftest.h"

#include <errno.h>
#include <string.h>

#include "base/array_size.h"

static const char *const outcome_names[] = {
	[LT_OUTCOME_KEPT] = "kept",	    [LT_OUTCOME_LANDED] = "landed",
	[LT_OUTCOME_LIVELOCK] = "livelock", [LT_OUTCOME_FAILED] = "failed",
	[LT_OUTCOME_NO_POWER] = "no-power", [LT_OUTCOME_SKIPPED] = "skipped",
};

static const char *const verdict_names[] = {
	[LT_VERDICT_KEPT] = "kept",
	[LT_VERDICT_BROKEN] = "broken",
	[LT_VERDICT_UNKNOWN] = "unknown",
};

static int find_name(const char *const *names, size_t nr, const char *name)
{
	for (size_t i = 0; name && i < nr; i++)
		if (!strcmp(names[i], name))
			return (int)i;
	return -EINVAL;
}

const char *lt_outcome_name(enum lt_outcome outcome)
{
	return outcome_names[outcome];
}

const char *lt_verdict_name(enum lt_verdict verdict)
{
	return verdict_names[verdict];
}

int lt_outcome_parse(const char *name, enum lt_outcome *out)
{
	int found = find_name(outcome_names, ARRAY_SIZE(outcome_names), name);

	if (found < 0)
		return found;
	*out = (enum lt_outcome)found;
	return 0;
}

int lt_verdict_parse(const char *name, enum lt_verdict *out)
{
	int found = find_name(verdict_names, ARRAY_SIZE(verdict_names), name);

	if (found < 0)
		return found;
	*out = (enum lt_verdict)found;
	return 0;
}

bool lt_case_result_is_breach(const struct lt_case_result *result)
{
	bool is_hole = result->is_promised.known && !result->is_promised.val;

	return result->outcome == LT_OUTCOME_LIVELOCK ||
	       (result->outcome == LT_OUTCOME_LANDED && !is_hole);
}

void lt_selftest_fini(struct lt_selftest *selftest)
{
	lt_vec_free(&selftest->cases);
}
