// SPDX-License-Identifier: LGPL-2.1-or-later
/* Reads the kernel's counters of pins made and released. */
#include "act/device/pin_counters.h"

#include <stdlib.h>

#include "base/root.h"
#include "source/tables/vmstat.h"

int lt_pin_counters_read(bool refresh, struct lt_pin_counters *out)
{
	struct lt_memory memory = { 0 };
	struct lt_root *root;
	struct lt_buf buf;
	int err = lt_root_open(NULL, &root);

	if (err)
		return err;
	if (refresh && !lt_root_read(root, "/proc/sys/vm/stat_refresh", &buf))
		free(buf.data);
	err = lt_root_read(root, "/proc/vmstat", &buf);
	if (!err) {
		err = lt_vmstat_parse(buf.data, buf.len, &memory, NULL);
		free(buf.data);
	}
	lt_root_close(root);
	if (!err)
		*out = (struct lt_pin_counters){ .acquired = memory.nr_foll_pin_acquired,
						 .released = memory.nr_foll_pin_released };
	return err;
}
