// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes the result of a self-test as JSON. */
#include "base/errno_name.h"
#include "render/json/json.h"

static void put_case(struct lt_json *json, const struct lt_case_result *result)
{
	lt_json_object(json, NULL);
	lt_json_string(json, "name", result->name);
	lt_json_string(json, "promise", result->promise);
	if (result->is_promised.known)
		lt_json_bool(json, "promised", result->is_promised.val);
	if (result->is_required)
		lt_json_bool(json, "required", true);
	lt_json_string(json, "outcome", lt_outcome_name(result->outcome));
	if (result->could_catch.known)
		lt_json_bool(json, "could_catch", result->could_catch.val);
	lt_json_string(json, "detail", result->detail);
	lt_json_num(json, "nr_pinned", result->nr_pinned);
	lt_json_num(json, "nr_landed", result->nr_landed);
	lt_json_num(json, "nr_calls", result->nr_calls);
	lt_json_num(json, "nr_calls_failed", result->nr_calls_failed);
	lt_json_num(json, "errno", result->call_errno);
	if (result->call_errno.known)
		lt_json_string(json, "errno_name", lt_errno_name((int)result->call_errno.val));
	if (result->control_faults.known || result->control_landed.known) {
		lt_json_object(json, "control");
		lt_json_num(json, "faults", result->control_faults);
		lt_json_num(json, "landed", result->control_landed);
		lt_json_close(json);
	}
	lt_json_num(json, "elapsed_ms", result->elapsed_ms);
	lt_json_close(json);
}

void json_selftest(struct lt_json *json, const struct lt_selftest *selftest)
{
	lt_json_string(json, "verdict", lt_verdict_name(selftest->verdict));
	lt_json_string(json, "reason", lt_outcome_name(selftest->reason));
	lt_json_string(json, "text", selftest->text);
	lt_json_string(json, "backend", selftest->backend);
	lt_json_string(json, "priming", selftest->priming);
	lt_json_string(json, "release", selftest->release);
	if (selftest->upper_bound_95 >= 0)
		lt_json_double(json, "upper_bound_95", selftest->upper_bound_95);
	lt_json_array(json, "cases");
	lt_vec_each(result, &selftest->cases)
		put_case(json, result);
	lt_json_close(json);
}
