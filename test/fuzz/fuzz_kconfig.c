// SPDX-License-Identifier: GPL-2.0-or-later
/* Feeds any bytes to the parser of kconfig. */
#include "fuzz.h"

#include <stdlib.h>

#include "base/gzip.h"
#include "source/tables/kconfig.h"

const char fuzz_seeds[] = "kconfig config";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lt_strings *strings = lt_strings_new();
	struct lt_options options = { 0 };
	struct lt_diag diag = { 0 };
	struct lt_buf unpacked;
	const char *arch;

	if (lt_kconfig_parse((const char *)data, size, strings, &options, &arch, &diag) &&
	    (options.nr || !diag.line || !diag.why[0]))
		abort();
	lt_vec_each(option, &options)
		if (!option->name || !option->value)
			abort();
	lt_vec_free(&options);
	if (lt_gzip_is((const char *)data, size) &&
	    !lt_gunzip((const char *)data, size, (size_t)1024 * 1024, &unpacked, &diag))
		free(unpacked.data);
	lt_strings_free(strings);
	return 0;
}
