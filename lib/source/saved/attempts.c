// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Attempts saved by `ltpin alloc -f json`: a document of schema
 * "ltpin.attempts/1", see schema/ltpin.schema.json. An attempt without a number
 * of pages, and a range that is none, are passed over and counted. What the
 * schema does not know is ignored. Of a blocking page's samples only what they
 * proved is taken.
 *
 * A capture keeps the document, so that the failure which it was made for is in it.
 */
#include "source/saved/attempts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "model/area.h"

#define SCHEMA "ltpin.attempts/1"

static bool take_range(const struct lt_json_value *value, struct lt_range *out)
{
	struct lt_num start = lt_json_get_num(value, "start_pfn");
	struct lt_num end = lt_json_get_num(value, "end_pfn");

	*out = (struct lt_range){ start.val, end.val };
	return start.known && end.known && start.val < end.val;
}

static enum lt_stage_of_try stage_of(const char *name)
{
	for (enum lt_stage_of_try stage = LT_TRY_ISOLATE; stage <= LT_TRY_TEST; stage++)
		if (name && !strcmp(name, lt_try_stage_name(stage)))
			return stage;
	return LT_TRY_UNKNOWN;
}

static enum lt_attempt_source source_of(const char *name)
{
	for (enum lt_attempt_source source = LT_ATTEMPT_LOG; source < LT_ATTEMPT_ALLOC; source++)
		if (name && !strcmp(name, lt_attempt_source_name(source)))
			return source;
	return LT_ATTEMPT_ALLOC;
}

static int take_tries(const struct lt_json_value *array, struct lt_tries *out,
		      struct lt_diag *diag)
{
	for (size_t i = 0; i < lt_json_length(array); i++) {
		const struct lt_json_value *value = lt_json_at(array, i);
		struct lt_try tried = {
			.ok = lt_json_get_bool(value, "ok"),
			.stage = stage_of(lt_json_get_string(value, "stage")),
			.ts_ns = lt_json_get_num(value, "ts_ns"),
			.blocker_pfn = lt_json_get_num(value, "blocker_pfn"),
		};
		struct lt_try *added;

		if (!take_range(value, &tried.pfns)) {
			diag->nr_skipped++;
			continue;
		}
		added = lt_vec_push(out);
		if (!added)
			return -ENOMEM;
		*added = tried;
	}
	return 0;
}

static int take_pinned(const struct lt_json_value *array, struct lt_attempt *out,
		       struct lt_diag *diag)
{
	out->sampled = array;
	for (size_t i = 0; i < lt_json_length(array); i++) {
		struct lt_range range, *added;

		if (!take_range(lt_json_at(array, i), &range)) {
			diag->nr_skipped++;
			continue;
		}
		added = lt_vec_push(&out->pinned);
		if (!added)
			return -ENOMEM;
		*added = range;
	}
	return 0;
}

static int take_blockers(const struct lt_json_value *array, struct lt_blockers *out,
			 struct lt_diag *diag)
{
	for (size_t i = 0; i < lt_json_length(array); i++) {
		const struct lt_json_value *value = lt_json_at(array, i);
		struct lt_num pfn = lt_json_get_num(value, "pfn");
		struct lt_blocker *blocker;

		if (!pfn.known) {
			diag->nr_skipped++;
			continue;
		}
		blocker = lt_vec_push(out);
		if (!blocker)
			return -ENOMEM;
		blocker->pfn = pfn.val;
		blocker->page = (struct lt_pin){
			.pfn = pfn.val, .nr_pages = 1, .area = LT_NO_AREA, .is_blocker = true,
		};
		if (lt_json_get(value, "transient"))
			blocker->fate = lt_json_get_bool(value, "transient") ? LT_BLOCKER_PASSED
									      : LT_BLOCKER_HELD;
	}
	return 0;
}

static int take_attempt(const struct lt_json_value *value, struct lt_strings *strings,
			struct lt_attempts *out, struct lt_diag *diag)
{
	const char *area = lt_json_get_string(value, "area");
	const char *caller = lt_json_get_string(value, "caller");
	struct lt_num nr_pages = lt_json_get_num(value, "nr_pages");
	struct lt_num count = lt_json_get_num(value, "count");
	struct lt_attempt *attempt;
	int err;

	if (!nr_pages.known || (count.known && (!count.val || count.val > UINT32_MAX))) {
		diag->nr_skipped++;
		return 0;
	}
	attempt = lt_vec_push(out);
	if (!attempt)
		return -ENOMEM;
	*attempt = (struct lt_attempt){
		.ts_ns = lt_json_get_num(value, "ts_ns"),
		.last_ts_ns = lt_json_get_num(value, "last_ts_ns"),
		.source = source_of(lt_json_get_string(value, "source")),
		.area_name = lt_strings_restore(strings, area),
		.area = LT_NO_AREA,
		.nr_pages = nr_pages,
		.align = lt_json_get_num(value, "align"),
		.err = lt_json_get_num(value, "errno"),
		.latency_ns = lt_json_get_num(value, "latency_ns"),
		.pfn = lt_json_get_num(value, "pfn"),
		.failed = lt_json_get_bool(value, "failed"),
		.is_open = !lt_json_get(value, "failed"),
		.caller = lt_strings_restore(strings, caller),
		.count = count.known ? (unsigned int)count.val : 1,
		.sampled_after_ns = lt_json_get_num(value, "sampled_after_ns"),
	};
	if ((area && !attempt->area_name) || (caller && !attempt->caller))
		return -ENOMEM;
	err = take_tries(lt_json_get(value, "tries"), &attempt->tries, diag);
	if (!err)
		err = take_blockers(lt_json_get(value, "blockers"), &attempt->blockers, diag);
	return err ? err : take_pinned(lt_json_get(value, "pinned"), attempt, diag);
}

static int take_all(const struct lt_json_value *root, struct lt_strings *strings,
		    struct lt_attempts *out, struct lt_diag *diag)
{
	const char *schema = lt_json_get_string(root, "schema");
	const struct lt_json_value *array = lt_json_get(root, "attempts");
	int err = 0;

	if (!schema || strcmp(schema, SCHEMA) || !array) {
		lt_diag_set(diag, "not a file of `ltpin alloc -f json` (schema " SCHEMA ")");
		return -EBADMSG;
	}
	for (size_t i = 0; i < lt_json_length(array) && !err; i++)
		err = take_attempt(lt_json_at(array, i), strings, out, diag);
	return err;
}

int lt_attempts_parse(const char *buf, size_t len, struct lt_strings *strings,
		      struct lt_attempts *out, struct lt_diag *diag)
{
	struct lt_attempts attempts = { 0 };
	struct lt_json_value *root;
	struct lt_diag own = { 0 };
	int err = lt_json_parse(buf, len, &root, diag ? diag : &own);

	if (err)
		return err;
	err = take_all(root, strings, &attempts, diag ? diag : &own);
	lt_json_value_free(root);
	for (size_t i = 0; i < attempts.nr && !err; i++) {
		struct lt_attempt *added = lt_vec_push(out);

		if (!added) {
			err = -ENOMEM;
			break;
		}
		*added = attempts.v[i];
		attempts.v[i] = (struct lt_attempt){ 0 };
	}
	lt_attempts_free(&attempts);
	return err;
}
