// SPDX-License-Identifier: LGPL-2.1-or-later
#include "act/trace_instance.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/root.h"
#include "source/trace.h"

#define PREFIX "ltpin-"

/* Per CPU. An attempt leaves about 250 bytes for each range that it tries. */
#define BUFFER_KIB "1024"

struct lt_trace_instance {
	int parent; /* the directory "instances" */
	int dir;
	int hold;   /* an open file keeps others from removing the instance */
	char name[32];
};

static const char *const tracefs[] = { "/sys/kernel/tracing/instances",
				       "/sys/kernel/debug/tracing/instances" };

/* Those that exist; at least one of "cma" must. */
static const char *const event_switches[] = {
	"events/cma/enable",
	"events/page_isolation/test_pages_isolated/enable",
};

static int write_file(int dir, const char *name, const char *text)
{
	int fd = openat(dir, name, O_WRONLY | O_TRUNC | O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (*text && write(fd, text, strlen(text)) < 0)
		err = -errno;
	close(fd);
	return err;
}

/* The process that a stale instance was for; 0 if the name is not ours. */
static pid_t owner_of(const char *name)
{
	struct lt_text text;
	uint64_t pid;

	lt_text_init(&text, name, strlen(name));
	if (!lt_text_literal(&text, PREFIX) || !lt_text_u64(&text, &pid) ||
	    !lt_text_at_end(&text) || pid > INT32_MAX)
		return 0;
	return (pid_t)pid;
}

/* One that is in use, by a process of another PID namespace, refuses to go. */
static int remove_stale(const char *name, void *arg)
{
	const struct lt_trace_instance *instance = arg;
	pid_t pid = owner_of(name);

	if (pid > 0 && kill(pid, 0) && errno == ESRCH)
		unlinkat(instance->parent, name, AT_REMOVEDIR);
	return 0;
}

static int open_parent(struct lt_trace_instance *instance, struct lt_diag *diag)
{
	struct lt_root *root;
	int err = lt_root_open(NULL, &root);

	if (err)
		return err;
	for (size_t i = 0; i < sizeof(tracefs) / sizeof(tracefs[0]); i++) {
		instance->parent = lt_root_openat(root, tracefs[i], O_RDONLY | O_DIRECTORY);
		if (instance->parent < 0)
			continue;
		lt_root_list(root, tracefs[i], remove_stale, instance);
		break;
	}
	lt_root_close(root);
	if (instance->parent == -ENOENT)
		lt_diag_set(diag, "tracefs is not mounted at /sys/kernel/tracing");
	return instance->parent < 0 ? instance->parent : 0;
}

static int enable_events(struct lt_trace_instance *instance, struct lt_diag *diag)
{
	char tid[16];
	int err;

	snprintf(tid, sizeof(tid), "%d", gettid());
	write_file(instance->dir, "buffer_size_kb", BUFFER_KIB);
	err = write_file(instance->dir, "set_event_pid", tid);
	for (size_t i = 0; i < sizeof(event_switches) / sizeof(event_switches[0]) && !err; i++) {
		err = write_file(instance->dir, event_switches[i], "1");
		if (err == -ENOENT && i)
			err = 0;
	}
	if (err == -ENOENT)
		lt_diag_set(diag, "this kernel has no cma trace events");
	return err;
}

static int create(struct lt_trace_instance *instance)
{
	/* It may be there: left by this very process before an exec. */
	if (mkdirat(instance->parent, instance->name, 0700) && errno != EEXIST)
		return -errno;
	instance->dir =
		openat(instance->parent, instance->name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (instance->dir < 0)
		return -errno;
	instance->hold = openat(instance->dir, "tracing_on", O_WRONLY | O_CLOEXEC);
	return instance->hold < 0 ? -errno : 0;
}

int lt_trace_instance_open(struct lt_trace_instance **out, struct lt_diag *diag)
{
	struct lt_trace_instance *instance = malloc(sizeof(*instance));
	int err;

	if (!instance)
		return -ENOMEM;
	*instance = (struct lt_trace_instance){ .parent = -1, .dir = -1, .hold = -1 };
	snprintf(instance->name, sizeof(instance->name), PREFIX "%d", getpid());
	err = open_parent(instance, diag);
	if (!err)
		err = create(instance);
	if (!err)
		err = enable_events(instance, diag);
	if (err) {
		lt_diag_set(diag, "no trace buffer: %s", strerror(-err));
		lt_trace_instance_close(instance);
		return err;
	}
	*out = instance;
	return 0;
}

int lt_trace_instance_take(struct lt_trace_instance *instance, struct lt_strings *strings,
			   struct lt_attempts *out, struct lt_diag *diag)
{
	int fd = openat(instance->dir, "trace", O_RDONLY | O_CLOEXEC), err;
	struct lt_buf buf;

	if (fd < 0)
		return -errno;
	err = lt_fd_read(fd, &buf);
	close(fd);
	if (err)
		return err;
	err = lt_trace_parse(buf.data, buf.len, strings, NULL, out, diag);
	free(buf.data);
	write_file(instance->dir, "trace", ""); /* O_TRUNC empties the buffer */
	return err;
}

void lt_trace_instance_close(struct lt_trace_instance *instance)
{
	if (!instance)
		return;
	if (instance->hold >= 0)
		close(instance->hold);
	if (instance->dir >= 0) {
		close(instance->dir);
		unlinkat(instance->parent, instance->name, AT_REMOVEDIR);
	}
	if (instance->parent >= 0)
		close(instance->parent);
	free(instance);
}
