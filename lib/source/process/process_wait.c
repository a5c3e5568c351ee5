// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Processes that wait in the kernel where no signal reaches them: state D of /proc/PID/task/TID/stat
 * (proc_pid_stat(5)), and the function in which they sleep, of "wchan" beside it, which is "0" where
 * there is none, or without CONFIG_KALLSYMS.
 */
#include "source/process/process_wait.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source/process/process_table.h"

/* Threads of one process that are looked at. */
#define THREADS_MAX 256

char lt_process_state_parse(const char *buf, size_t len)
{
	/* The name, in parentheses, may hold any byte. */
	const char *close = len ? memrchr(buf, ')', len) : NULL;

	if (!close || close + 2 >= buf + len || close[1] != ' ' ||
	    !isalpha((unsigned char)close[2]))
		return 0;
	return close[2];
}

struct wait {
	const struct lt_root *root;
	struct lt_strings *strings;
	int pid;
	size_t nr_threads;
	const char *in;
};

static int read_wchan(struct wait *wait, int tid)
{
	char path[80];
	struct lt_buf buf;
	int err;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/wchan", wait->pid, tid);
	err = lt_root_read(wait->root, path, &buf);
	if (err == -ENOMEM)
		return err;
	wait->in = "?";
	if (err)
		return 0;
	if (buf.len && buf.data[0] != '0')
		wait->in = lt_strings_add(wait->strings, buf.data, strcspn(buf.data, "\n"));
	free(buf.data);
	return wait->in ? 0 : -ENOMEM;
}

/* 1 when one was found that waits. */
static int look_at(int tid, void *arg)
{
	struct wait *wait = arg;
	char path[80], state;
	struct lt_buf buf;
	int err;

	if (wait->nr_threads++ >= THREADS_MAX)
		return 1;
	snprintf(path, sizeof(path), "/proc/%d/task/%d/stat", wait->pid, tid);
	err = lt_root_read(wait->root, path, &buf);
	if (err)
		return err == -ENOMEM ? err : 0; /* the thread has exited */
	state = lt_process_state_parse(buf.data, buf.len);
	free(buf.data);
	if (state != 'D')
		return 0;
	err = read_wchan(wait, tid);
	return err ? err : 1;
}

int lt_process_wait(const struct lt_root *root, int pid, struct lt_strings *strings,
		    const char **out)
{
	struct wait wait = { .root = root, .strings = strings, .pid = pid };
	int err = lt_process_threads_each(root, pid, look_at, &wait);

	if (err == -ENOMEM)
		return err;
	*out = wait.in;
	return 0;
}
