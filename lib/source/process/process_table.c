// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The processes: of the running system by libproc2, by libprocps, which came
 * before it (procps 3.3), or by /proc itself where both were left out; and so in
 * a captured tree, since neither has a root override. Names are read here in all
 * cases: the libraries give control bytes and invalid UTF-8 as "." and "?", which
 * hides what the bytes were.
 */
#include "source/process/process_table.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef HAVE_PROC2
#include <libproc2/pids.h>
#elif defined(HAVE_PROCPS)
#include <proc/readproc.h>
#endif

/* Inode number of the first PID namespace (PROC_PID_INIT_INO); user space sees it since 3.8. */
#define FIRST_PID_NAMESPACE 0xeffffffcu

struct listing {
	int (*each)(int pid, void *arg);
	void *arg;
};

static int add_entry(const char *name, void *arg)
{
	struct listing *listing = arg;
	char *end;
	long pid;

	if (*name < '1' || *name > '9')
		return 0;
	pid = strtol(name, &end, 10);
	return *end || pid > INT_MAX ? 0 : listing->each((int)pid, listing->arg);
}

static int list_directory(const struct lt_root *root, const char *path,
			  int (*each)(int id, void *arg), void *arg)
{
	struct listing listing = { .each = each, .arg = arg };

	return lt_root_list(root, path, add_entry, &listing);
}

#if defined(HAVE_PROC2) || defined(HAVE_PROCPS)
/*
 * A listing that fails ends as a whole one does, and what is left in errno alone tells; but for a
 * process that has gone, or that is hidden.
 */
static int end_of_list(int err)
{
	return err == ENOENT || err == ESRCH || err == EACCES || err == EPERM ? 0 : -err;
}
#endif

#ifdef HAVE_PROC2

static int list_running(int (*each)(int pid, void *arg), void *arg)
{
	enum pids_item items[] = { PIDS_ID_PID };
	struct pids_info *info = NULL;
	struct pids_stack *stack;
	int ret = procps_pids_new(&info, items, 1);

	if (ret < 0)
		return ret;
	do {
		errno = 0;
		stack = procps_pids_get(info, PIDS_FETCH_TASKS_ONLY);
		ret = stack ? each(PIDS_VAL(0, s_int, stack, info), arg) : end_of_list(errno);
	} while (stack && !ret);
	procps_pids_unref(&info);
	return ret;
}

#elif defined(HAVE_PROCPS)

static int list_running(int (*each)(int pid, void *arg), void *arg)
{
	PROCTAB *table = openproc(0); /* numbers alone */
	proc_t *process;
	int ret;

	if (!table)
		return -EACCES;
	do {
		errno = 0;
		process = readproc(table, NULL);
		ret = process ? each(process->tid, arg) : end_of_list(errno);
		if (process)
			freeproc(process);
	} while (process && !ret);
	closeproc(table);
	return ret;
}

#endif

int lt_process_table_each(const struct lt_root *root, int (*each)(int pid, void *arg), void *arg)
{
#if defined(HAVE_PROC2) || defined(HAVE_PROCPS)
	if (lt_root_is_live(root))
		return list_running(each, arg);
#endif
	return list_directory(root, "/proc", each, arg);
}

int lt_process_threads_each(const struct lt_root *root, int pid, int (*each)(int tid, void *arg),
			    void *arg)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	return list_directory(root, path, each, arg);
}

bool lt_process_table_is_limited(const struct lt_root *root)
{
	int fd = lt_root_openat(root, "/proc/self/ns/pid", O_RDONLY);
	struct stat st = { 0 };
	bool is_first;

	if (fd < 0)
		return fd != -ENOENT; /* without CONFIG_PID_NS there is only one */
	is_first = !fstat(fd, &st) && st.st_ino == FIRST_PID_NAMESPACE;
	close(fd);
	return !is_first;
}

int lt_process_comm(const struct lt_root *root, int pid, struct lt_strings *strings,
		    const char **out)
{
	const char *comm;
	struct lt_buf buf;
	char path[64];
	int err;

	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	err = lt_root_read(root, path, &buf);
	if (err)
		return err;
	/* The name may hold newlines itself; the last one is the kernel's. */
	if (buf.len && buf.data[buf.len - 1] == '\n')
		buf.len--;
	comm = lt_strings_add(strings, buf.data, buf.len);
	free(buf.data);
	if (!comm)
		return -ENOMEM;
	*out = comm;
	return 0;
}
