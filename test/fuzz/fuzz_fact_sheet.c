// SPDX-License-Identifier: GPL-2.0-or-later
/* Any bytes as a report that is compared: facts in order, and no difference from themselves. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "source/saved/fact_sheet.h"

const char fuzz_seeds[] = "saved_report report.json";

/* Each has a name of its own in its section, and says something. */
static void check_facts(const struct lt_facts *facts)
{
	lt_vec_each(fact, facts) {
		if (!fact->key || !lt_fact_section_name(fact->section) ||
		    (!fact->text && !fact->num.known))
			abort();
		if (fact > facts->v &&
		    (fact[-1].section > fact->section ||
		     (fact[-1].section == fact->section && strcmp(fact[-1].key, fact->key) >= 0)))
			abort();
	}
}

static size_t nr_differences(const struct lt_facts *a, const struct lt_facts *b)
{
	struct lt_differences differences = { 0 };
	int err = lt_facts_compare(a, b, &differences);
	size_t nr = differences.nr;

	if (err)
		abort();
	lt_vec_free(&differences);
	return nr;
}

static void check_compared(const struct lt_facts *facts)
{
	const struct lt_facts none = { 0 };

	if (nr_differences(facts, facts) || nr_differences(facts, &none) != facts->nr ||
	    nr_differences(&none, facts) != facts->nr)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lt_strings *strings = lt_strings_new();
	struct lt_fact_sheet sheet = { 0 };
	struct lt_diag diag = { 0 };
	int err = lt_fact_sheet_parse((const char *)data, size, strings, &sheet, &diag);

	if (err && (sheet.facts.nr || sheet.sources.nr || !diag.why[0]))
		abort();
	check_facts(&sheet.facts);
	check_facts(&sheet.sources);
	check_compared(&sheet.facts);
	check_compared(&sheet.sources);
	lt_fact_sheet_fini(&sheet);
	lt_strings_free(strings);
	return 0;
}
