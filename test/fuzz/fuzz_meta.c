// SPDX-License-Identifier: GPL-2.0-or-later
/* Feeds any bytes to the parser of meta. */
#include "fuzz.h"

#include "base/meta.h"

const char fuzz_seeds[] = "meta";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lt_meta meta = { 0 };
	struct lt_diag diag = { 0 };

	if (lt_meta_parse((const char *)data, size, &meta, &diag)) {
		if (meta.files.nr || meta.release || !diag.why[0])
			__builtin_trap();
		return 0;
	}
	lt_vec_each(file, &meta.files)
		if (file->path[0] != '/' || file->err < 0 || file->err > 4095)
			__builtin_trap();
	lt_meta_find(&meta, "/proc/zoneinfo");
	lt_meta_fini(&meta);
	return 0;
}
