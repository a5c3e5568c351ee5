// SPDX-License-Identifier: GPL-2.0-or-later
/* Says which captured files a report needs most, where not all of them fit. */
#include "cmd/capture_worth.h"

#include <string.h>

#include "base/array_size.h"

/* Paths below the root that begin so; the first that does decides. Others are worth 2. */
static const struct {
	const char *begin;
	unsigned int worth;
} worths[] = {
	/* That an allocation failed, and on which page. */
	{ "dmesg.txt", 4 },
	{ "sys/kernel/tracing/trace_", 1 },
	{ "sys/kernel/tracing/trace", 4 },
	{ "ltpin/attempts", 4 },
	/* Where areas are, what is in them, and whose it is. */
	{ "ltpin/", 3 },
	{ "sys/kernel/debug/cma/", 3 },
	{ "sys/kernel/debug/page_owner", 3 },
	{ "sys/kernel/mm/cma/", 3 },
	{ "proc/meminfo", 3 },
	{ "proc/version", 3 },
	{ "proc/vmstat", 3 },
	{ "proc/zoneinfo", 3 },
	/* For whoever looks at the kernel's configuration. */
	{ "boot/", 0 },
	{ "proc/config.gz", 0 },
	/* For whoever reads the files themselves. */
	{ "proc/filesystems", 1 },
	{ "proc/modules", 1 },
	{ "proc/swaps", 1 },
	{ "proc/sys/", 1 },
	{ "sys/kernel/debug/extfrag/", 1 },
	{ "sys/kernel/tracing/", 1 },
};

unsigned int capture_worth(const char *path)
{
	for (size_t i = 0; i < ARRAY_SIZE(worths); i++)
		if (!strncmp(path, worths[i].begin, strlen(worths[i].begin)))
			return worths[i].worth;
	return 2;
}
