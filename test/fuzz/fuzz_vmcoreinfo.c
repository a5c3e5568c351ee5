// SPDX-License-Identifier: GPL-2.0-or-later
/* Feeds any bytes to the parser of vmcoreinfo. */
#include "fuzz.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "source/kcore/vmcoreinfo.h"

const char fuzz_seeds[] = "vmcoreinfo";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lt_vmcoreinfo info = { 0 }, none = { 0 };
	struct lt_diag diag = { 0 };
	int err = lt_vmcoreinfo_parse((const char *)data, size, &info, &diag);

	if (err && ((err != -EBADMSG && err != -ENOENT) || memcmp(&info, &none, sizeof(info)) ||
		    !diag.why[0]))
		abort();
	if (!err && (info.page_bytes > LT_STRUCT_PAGE_MAX || info.refcount + 4 > info.page_bytes ||
		     info.mapping + 8 > info.page_bytes || !info.section_bytes))
		abort();
	return 0;
}
