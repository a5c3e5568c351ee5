// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A verdict saved by `ltpin selftest -f json`: a document of schema
 * "ltpin.selftest/1", see schema/ltpin.schema.json. Verdict and reason are
 * required; a case without a known outcome is passed over and counted.
 */
#include "source/saved/selftest.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

#define SCHEMA "ltpin.selftest/1"

static int parse_string(const struct lt_json_value *object, const char *key,
			struct lt_strings *strings, const char **out)
{
	return lt_strings_restore_to(strings, lt_json_get_string(object, key), out);
}

static int parse_case(const struct lt_json_value *value, struct lt_strings *strings,
		      struct lt_case_results *out, struct lt_diag *diag)
{
	const struct lt_json_value *control = lt_json_get(value, "control");
	const char *name = lt_json_get_string(value, "name");
	struct lt_case_result *result;
	enum lt_outcome outcome;

	if (!name || lt_outcome_parse(lt_json_get_string(value, "outcome"), &outcome)) {
		diag->nr_skipped++;
		return 0;
	}
	result = lt_vec_push(out);
	if (!result)
		return -ENOMEM;
	*result = (struct lt_case_result){
		.nr_pinned = lt_json_get_num(value, "nr_pinned"),
		.nr_landed = lt_json_get_num(value, "nr_landed"),
		.nr_calls = lt_json_get_num(value, "nr_calls"),
		.nr_calls_failed = lt_json_get_num(value, "nr_calls_failed"),
		.control_faults = lt_json_get_num(control, "faults"),
		.control_landed = lt_json_get_num(control, "landed"),
		.elapsed_ms = lt_json_get_num(value, "elapsed_ms"),
		.call_errno = lt_json_get_num(value, "errno"),
		.outcome = outcome,
	};
	if (lt_json_get(value, "could_catch"))
		result->could_catch = lt_num(lt_json_get_bool(value, "could_catch"));
	if (lt_json_get(value, "promised"))
		result->is_promised = lt_num(lt_json_get_bool(value, "promised"));
	result->is_required = lt_json_get_bool(value, "required");
	if (lt_strings_restore_to(strings, name, &result->name) ||
	    parse_string(value, "promise", strings, &result->promise) ||
	    parse_string(value, "detail", strings, &result->detail))
		return -ENOMEM;
	return 0;
}

static int parse_all(const struct lt_json_value *root, struct lt_strings *strings,
		     struct lt_selftest *out, struct lt_diag *diag)
{
	const struct lt_json_value *cases = lt_json_get(root, "cases");
	const char *schema = lt_json_get_string(root, "schema");
	int err = 0;

	if (!schema || strcmp(schema, SCHEMA) ||
	    lt_verdict_parse(lt_json_get_string(root, "verdict"), &out->verdict) ||
	    lt_outcome_parse(lt_json_get_string(root, "reason"), &out->reason)) {
		lt_diag_set(diag, "not a file of `ltpin selftest -f json` (schema " SCHEMA ")");
		return -EBADMSG;
	}
	if (parse_string(root, "text", strings, &out->text) ||
	    parse_string(root, "backend", strings, &out->backend) ||
	    parse_string(root, "priming", strings, &out->priming) ||
	    parse_string(root, "release", strings, &out->release) ||
	    parse_string(root, "boot_id", strings, &out->boot_id))
		return -ENOMEM;
	if (!lt_json_get_double(root, "upper_bound_95", &out->upper_bound_95))
		out->upper_bound_95 = -1;
	for (size_t i = 0; i < lt_json_length(cases) && !err; i++)
		err = parse_case(lt_json_at(cases, i), strings, &out->cases, diag);
	return err;
}

int lt_selftest_parse(const char *buf, size_t len, struct lt_strings *strings,
		      struct lt_selftest *out, struct lt_diag *diag)
{
	struct lt_selftest selftest = { 0 };
	struct lt_json_value *root;
	struct lt_diag own = { 0 };
	int err = lt_json_parse(buf, len, &root, diag ? diag : &own);

	if (err)
		return err;
	err = parse_all(root, strings, &selftest, diag ? diag : &own);
	lt_json_value_free(root);
	if (err)
		lt_selftest_fini(&selftest);
	else
		*out = selftest;
	return err;
}
