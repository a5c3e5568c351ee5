// SPDX-License-Identifier: LGPL-2.1-or-later
/* Names the tasks of live events, also of those that have ended. */
#include "act/follow/follow_comm.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "act/device/live.h"
#include "base/root.h"

#define NR_SLOTS                                        \
	(sizeof(((struct lt_follow_comms *)0)->slots) / \
	 sizeof(((struct lt_follow_comms *)0)->slots[0]))

/* Without the newline at its end; 0 if the task is gone. */
static size_t read_comm(uint64_t pid, char comm[LT_COMM_SIZE])
{
	char path[40];
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "/proc/%llu/comm", (unsigned long long)pid);
	fd = lt_live_open(path, O_RDONLY);
	if (fd < 0)
		return 0;
	len = read(fd, comm, LT_COMM_SIZE);
	close(fd);
	return len > 1 ? (size_t)len - 1 : 0;
}

/* "PID COMM" of the last tasks that the kernel noted down; these may be gone. */
static size_t find_saved(struct lt_text text, uint64_t pid, char comm[LT_COMM_SIZE])
{
	struct lt_text line;
	uint64_t found;

	while (lt_text_line(&text, &line)) {
		if (!lt_text_u64(&line, &found) || found != pid || !lt_text_literal(&line, " "))
			continue;
		if (line.end - line.pos > LT_COMM_SIZE)
			return 0;
		memcpy(comm, line.pos, (size_t)(line.end - line.pos));
		return (size_t)(line.end - line.pos);
	}
	return 0;
}

static size_t read_saved(uint64_t pid, char comm[LT_COMM_SIZE])
{
	int fd = lt_live_open("/sys/kernel/tracing/saved_cmdlines", O_RDONLY);
	struct lt_text text;
	struct lt_buf buf;
	size_t len = 0;

	if (fd < 0)
		return 0;
	if (!lt_fd_read(fd, &buf)) {
		lt_text_init(&text, buf.data, buf.len);
		len = find_saved(text, pid, comm);
		free(buf.data);
	}
	close(fd);
	return len;
}

void lt_follow_comm(struct lt_follow_comms *comms, uint64_t pid, struct lt_span *comm)
{
	size_t i = pid % NR_SLOTS;

	if (!pid || !lt_span_is(*comm, "<...>"))
		return;
	if (comms->slots[i].pid != pid) {
		comms->slots[i].pid = pid;
		comms->slots[i].len = read_comm(pid, comms->slots[i].comm);
		if (!comms->slots[i].len)
			comms->slots[i].len = read_saved(pid, comms->slots[i].comm);
	}
	if (comms->slots[i].len)
		*comm = (struct lt_span){ comms->slots[i].comm, comms->slots[i].len };
}
