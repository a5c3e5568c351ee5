// SPDX-License-Identifier: LGPL-2.1-or-later
/* The clock of a trace buffer as it is now, beside ours. */
#include "act/follow/trace_clock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/now.h"
#include "base/root.h"
#include "source/trace/trace_now.h"

int lt_trace_clock_ahead(const struct lt_trace_instance *instance, int64_t *ahead_ns)
{
	int fd =
		openat(lt_trace_instance_dir(instance), "per_cpu/cpu0/stats", O_RDONLY | O_CLOEXEC);
	uint64_t before_ns = lt_now_ns(), now_ns;
	struct lt_buf stats;
	int err;

	if (fd < 0)
		return -errno;
	err = lt_fd_read(fd, &stats);
	close(fd);
	if (err)
		return err;
	err = lt_trace_now_parse(stats.data, stats.len, &now_ns);
	free(stats.data);
	if (!err)
		*ahead_ns = (int64_t)(now_ns - before_ns - (lt_now_ns() - before_ns) / 2);
	return err;
}
