// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The clock of a trace buffer as it is now: "now ts: SECONDS.MICROSECONDS" in
 * per_cpu/cpu0/stats, the same from 5.10 to 7.2. A trace clock that does not count
 * time prints no dot.
 */
#include "act/follow/trace_clock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/root.h"
#include "base/text.h"

int lt_trace_clock_parse(const char *buf, size_t len, uint64_t *now_ns)
{
	struct lt_text text, line;
	uint64_t s, us;

	lt_text_init(&text, buf, len);
	while (lt_text_line(&text, &line)) {
		if (!lt_text_literal(&line, "now ts:"))
			continue;
		lt_text_blanks(&line);
		if (!lt_text_u64(&line, &s) || !lt_text_literal(&line, ".") ||
		    !lt_text_u64(&line, &us) || s > UINT64_MAX / 2000000000 || us >= 1000000)
			return -EBADMSG;
		*now_ns = s * 1000000000 + us * 1000;
		return 0;
	}
	return -EBADMSG;
}

int lt_trace_clock_ahead(const struct lt_trace_instance *instance, int64_t *ahead_ns)
{
	int fd = openat(lt_trace_instance_dir(instance), "per_cpu/cpu0/stats", O_RDONLY | O_CLOEXEC);
	uint64_t before_ns = lt_clock_ns(), now_ns;
	struct lt_buf stats;
	int err;

	if (fd < 0)
		return -errno;
	err = lt_fd_read(fd, &stats);
	close(fd);
	if (err)
		return err;
	err = lt_trace_clock_parse(stats.data, stats.len, &now_ns);
	free(stats.data);
	if (!err)
		*ahead_ns = (int64_t)(now_ns - before_ns - (lt_clock_ns() - before_ns) / 2);
	return err;
}
