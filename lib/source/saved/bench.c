// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Measurements saved by `ltpin bench -f json`: a document of schema
 * "ltpin.bench/1", see schema/ltpin.schema.json. Nothing but the schema is
 * required: what was not measured is absent. It is read as the source "selftest".
 */
#include "source/saved/bench.h"

#include <errno.h>
#include <string.h>

#include "base/json.h"

#define SCHEMA "ltpin.bench/1"

static struct lt_bench_held parse_held(const struct lt_json_value *reserve, const char *key)
{
	const struct lt_json_value *held = lt_json_get(reserve, key);

	return (struct lt_bench_held){
		.before = lt_json_get_num(held, "before"),
		.during = lt_json_get_num(held, "during"),
	};
}

int lt_bench_parse(const char *buf, size_t len, struct lt_strings *strings, struct lt_bench *out,
		   struct lt_diag *diag)
{
	const struct lt_json_value *reserve;
	struct lt_json_value *root;
	struct lt_bench bench;
	const char *schema;
	int err = lt_json_parse(buf, len, &root, diag);

	if (err)
		return err;
	schema = lt_json_get_string(root, "schema");
	if (!schema || strcmp(schema, SCHEMA)) {
		lt_diag_set(diag, "not a file of `ltpin bench -f json` (schema " SCHEMA ")");
		lt_json_value_free(root);
		return -EBADMSG;
	}
	reserve = lt_json_get(root, "reserve");
	bench = (struct lt_bench){
		.reserve = {
			.nr_requests = lt_json_get_num(reserve, "nr_requests"),
			.in_scope = parse_held(reserve, "in_scope"),
			.outside = parse_held(reserve, "outside"),
		},
	};
	if (lt_strings_restore_to(strings, lt_json_get_string(root, "release"), &bench.release) ||
	    lt_strings_restore_to(strings, lt_json_get_string(root, "scope"), &bench.scope))
		err = -ENOMEM;
	else
		*out = bench;
	lt_json_value_free(root);
	return err;
}
