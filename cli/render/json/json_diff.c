// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes what differs between two reports as JSON. */
#include "render/json/json_diff.h"

#include <errno.h>

#include "render/json/json.h"

static void put_side(struct lt_json *json, const char *key, const char *name,
		     const struct lt_fact_sheet *sheet)
{
	lt_json_object(json, key);
	lt_json_string(json, "name", name);
	lt_json_string(json, "captured_at", sheet->captured_at);
	lt_json_string(json, "machine", sheet->machine);
	lt_json_string(json, "boot_id", sheet->boot_id);
	lt_json_string(json, "release", sheet->release);
	lt_json_string(json, "headline", sheet->headline);
	lt_json_string(json, "signature", sheet->signature);
	lt_json_close(json);
}

static void put_value(struct lt_json *json, const char *key, const struct lt_fact *fact)
{
	if (fact && fact->text)
		lt_json_string(json, key, fact->text);
	else if (fact)
		lt_json_num(json, key, fact->num);
}

static void put_difference(struct lt_json *json, const struct diff *diff,
			   const struct lt_difference *difference)
{
	static const char *const changes[] = {
		[DIFF_CHANGED] = "changed",	[DIFF_NEW] = "new",
		[DIFF_GONE] = "gone",		[DIFF_ONLY_IN_A] = "only-in-a",
		[DIFF_ONLY_IN_B] = "only-in-b",
	};
	const struct lt_fact *fact = difference->a ? difference->a : difference->b;

	lt_json_object(json, NULL);
	lt_json_string(json, "section", lt_fact_section_name(fact->section));
	lt_json_string(json, "key", fact->key);
	lt_json_string(json, "change", changes[diff_change_of(diff, difference)]);
	put_value(json, "a", difference->a);
	put_value(json, "b", difference->b);
	lt_json_close(json);
}

static void put_own_sources(struct lt_json *json, const char *key, const struct diff *diff, int i)
{
	lt_json_array(json, key);
	lt_vec_each(difference, diff->sources)
		if (diff_is_read_in(difference, i))
			lt_json_string(json, NULL, difference->a->key);
	lt_json_close(json);
}

int json_diff(FILE *out, const struct diff *diff)
{
	struct lt_json *json = json_document(out, "ltpin.diff/1", NULL);

	if (!json)
		return -ENOMEM;
	put_side(json, "a", diff->names[0], diff->sheets[0]);
	put_side(json, "b", diff->names[1], diff->sheets[1]);
	if (diff->sheets[1]->signature)
		lt_json_bool(json, "seen_before", diff_is_seen_before(diff));
	put_own_sources(json, "sources_of_a_alone", diff, 0);
	put_own_sources(json, "sources_of_b_alone", diff, 1);
	lt_json_array(json, "differences");
	lt_vec_each(difference, diff->differences)
		put_difference(json, diff, difference);
	lt_json_close(json);
	return lt_json_end(json);
}
