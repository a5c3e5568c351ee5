// SPDX-License-Identifier: GPL-2.0-or-later
/* Feeds any bytes to the parser of json. */
#include "fuzz.h"

#include "base/json.h"

const char fuzz_seeds[] = ".json";

static int see(const char *key, const struct lt_json_value *value, void *arg)
{
	lt_json_get_num(value, "pfn");
	lt_json_string_of(value);
	return !key || arg;
}

/* What is a document for one is one for the other, but for an element that is too long. */
static void walk(const uint8_t *data, size_t size, int parsed, const struct lt_json_value *doc)
{
	struct lt_diag diag = { 0 };
	int err = lt_json_walk((const char *)data, size, see, NULL, &diag);

	if (err && (!diag.why[0] || !diag.line))
		__builtin_trap();
	if (!err && parsed)
		__builtin_trap();
	if (err && !parsed && size < LT_JSON_TREE_MAX && !lt_json_length(doc) && data[0] == '{')
		__builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lt_json_value *doc = NULL;
	struct lt_diag diag = { 0 };
	double val;

	if (lt_json_parse((const char *)data, size, &doc, &diag)) {
		walk(data, size, -1, NULL);
		if (doc || !diag.why[0] || !diag.line)
			__builtin_trap();
		return 0;
	}
	walk(data, size, 0, doc);
	for (size_t i = 0; i < lt_json_length(doc); i++)
		lt_json_get_num(lt_json_at(doc, i), "pfn");
	lt_json_get_string(doc, "schema");
	lt_json_get_num(doc, "nr_pages");
	lt_json_get_bool(doc, "ok");
	lt_json_get_double(doc, "share", &val);
	lt_json_value_free(doc);
	return 0;
}
