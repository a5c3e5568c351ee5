// SPDX-License-Identifier: LGPL-2.1-or-later
#include "act/follow_comm.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "act/live.h"

#define NR_SLOTS (sizeof(((struct lt_follow_comms *)0)->slots) / \
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

void lt_follow_comm(struct lt_follow_comms *comms, uint64_t pid, struct lt_span *comm)
{
	size_t i = pid % NR_SLOTS;

	if (!pid || !lt_span_is(*comm, "<...>"))
		return;
	if (comms->slots[i].pid != pid) {
		comms->slots[i].pid = pid;
		comms->slots[i].len = read_comm(pid, comms->slots[i].comm);
	}
	if (comms->slots[i].len)
		*comm = (struct lt_span){ comms->slots[i].comm, comms->slots[i].len };
}
