// SPDX-License-Identifier: GPL-2.0-or-later
#include "fuzz.h"

#include "base/json.h"

const char fuzz_seeds[] = ".json";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lt_json_value *doc = NULL;
	struct lt_diag diag = { 0 };
	double val;

	if (lt_json_parse((const char *)data, size, &doc, &diag)) {
		if (doc || !diag.why[0] || !diag.line)
			__builtin_trap();
		return 0;
	}
	for (size_t i = 0; i < lt_json_length(doc); i++)
		lt_json_get_num(lt_json_at(doc, i), "pfn");
	lt_json_get_string(doc, "schema");
	lt_json_get_num(doc, "nr_pages");
	lt_json_get_bool(doc, "ok");
	lt_json_get_double(doc, "share", &val);
	lt_json_value_free(doc);
	return 0;
}
