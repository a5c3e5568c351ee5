// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * kprobe_events (Documentation/trace/kprobetrace.rst):
 *
 *	"p:" GROUP "/" EVENT FUNCTION { KEY "=" WHAT [":" TYPE] }	a call
 *	"r" MAX ":" GROUP "/" EVENT FUNCTION KEY "=$retval" ...		its return
 *	"-:" GROUP "/" EVENT						remove it
 *
 * One write, one command. The file is only ever opened for appending: opening it with
 * O_TRUNC removes everybody's probes. "-:GROUP/" for all of a group is refused by 5.10. A
 * function that the kernel lacks is -EINVAL or -ENOENT, a probe that is enabled somewhere
 * refuses to go with -EBUSY. The call's probe comes before that of the return: the return
 * probe replaces the return address, and stacks of 5.10 then show "[unknown/kretprobe'd]" for
 * the caller.
 *
 * "$argN" needs HAVE_FUNCTION_ARG_ACCESS_API, which 32-bit ARM lacks. There the kernel cannot
 * unwind from a probe either (6.1: one frame, and "unwind: Index not found" in the log; from a
 * return probe it oopses), so no stacks are asked for. Nowhere are they of returns.
 */
#include "act/pin/kprobe_group.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/array_size.h"
#include "base/lockdown.h"
#include "base/root.h"

#define GROUP "ltpin_"

/* Calls that may be under way at once; more returns are missed (the kernel's default is 10). */
#define RETURNS_MAX "64"

#define REMOVE_TRIES 50
#define REMOVE_PAUSE_US 10000

#define EVENTS_MAX 16
#define EVENT_SIZE 64

struct lt_kprobe_group {
	int fd; /* kprobe_events */
	char group[24];
	char names[EVENTS_MAX][EVENT_SIZE]; /* "group/event" */
	struct lt_follow_event events[EVENTS_MAX];
	size_t nr;
};

static const struct lt_kprobe_args numbered = { "", true, { "$arg1", "$arg2", "$arg3", "$arg4" } };

/* The calling conventions; arguments that do not fit into registers are not needed. */
static const struct lt_kprobe_args registers[] = {
	{ "arm", false, { "%r0", "%r1", "%r2", "%r3" } },
	{ "mips", false, { "%a0", "%a1", "%a2", "%a3" } },
	{ "riscv", false, { "%a0", "%a1", "%a2", "%a3" } },
};

const struct lt_kprobe_args *lt_kprobe_group_registers(const char *machine)
{
	for (size_t i = 0; i < ARRAY_SIZE(registers); i++)
		if (!strncmp(machine, registers[i].machine, strlen(registers[i].machine)))
			return &registers[i];
	return NULL;
}

static void add_arg(char *out, size_t size, const char *key, const struct lt_kprobe_args *args,
		    unsigned int nr, const char *type)
{
	size_t len = strlen(out);

	if (nr)
		snprintf(out + len, size - len, " %s=%s%s", key, args->names[nr - 1], type);
}

void lt_kprobe_group_format(const char *group, const struct lt_pin_function *function,
			    const struct lt_kprobe_args *args, char *out, size_t size)
{
	const char *name = function->name;

	if (!args) {
		snprintf(out, size,
			 "r" RETURNS_MAX ":%s/" LT_PIN_EVENT_PREFIX "%s" LT_PIN_EVENT_RETURN
			 " %s ret=$retval:s32\n",
			 group, name, name);
		return;
	}
	snprintf(out, size, "p:%s/" LT_PIN_EVENT_PREFIX "%s %s", group, name, name);
	/* The default type is an unsigned long in hexadecimal. */
	add_arg(out, size, "addr", args, function->addr, "");
	add_arg(out, size, "nr", args, function->nr_pages, ":u32");
	add_arg(out, size, "flags", args, function->flags, ":x32");
	snprintf(out + strlen(out), size - strlen(out), "\n");
}

pid_t lt_kprobe_group_owner(struct lt_text line, struct lt_span *probe)
{
	struct lt_span word;
	struct lt_text text;
	uint64_t pid;

	if (!lt_text_word(&line, &word))
		return 0;
	lt_text_init(&text, word.p, word.len);
	if (!lt_text_until(&text, ":", &word))
		return 0;
	*probe = lt_text_rest(&text);
	if (!lt_text_literal(&text, GROUP) || !lt_text_u64(&text, &pid) ||
	    !lt_text_literal(&text, "/") || pid > INT32_MAX)
		return 0;
	return (pid_t)pid;
}

static int command(int fd, const char *text)
{
	return write(fd, text, strlen(text)) < 0 ? -errno : 0;
}

static int undefine(int fd, struct lt_span probe)
{
	char text[EVENT_SIZE + 8];

	snprintf(text, sizeof(text), "-:%.*s\n", (int)probe.len, probe.p);
	return command(fd, text);
}

/* One that is recorded until a moment from now, or that there is no memory to remove. */
static void undefine_patiently(int fd, const char *name)
{
	struct lt_span probe = { name, strlen(name) };

	for (int i = 0; i < REMOVE_TRIES; i++) {
		int err = undefine(fd, probe);

		if (!err || err == -ENOENT)
			return;
		usleep(REMOVE_PAUSE_US);
	}
}

static int open_events(struct lt_root *root, int flags, const char **path)
{
	static const char *const paths[] = { "/sys/kernel/tracing/kprobe_events",
					     "/sys/kernel/debug/tracing/kprobe_events" };
	int fd = -ENOENT;

	for (size_t i = 0; i < ARRAY_SIZE(paths) && fd == -ENOENT; i++) {
		fd = lt_root_openat(root, paths[i], flags);
		*path = paths[i];
	}
	return fd;
}

/* Probes of processes that are gone; the PID of one may be ours by now. */
static void remove_stale(int fd, const struct lt_buf *events)
{
	struct lt_text text, line;
	struct lt_span probe;

	lt_text_init(&text, events->data, events->len);
	while (lt_text_line(&text, &line)) {
		pid_t pid = lt_kprobe_group_owner(line, &probe);

		if (pid > 0 && kill(pid, 0) && errno == ESRCH)
			lt_ignore(undefine(fd, probe)); /* the next run tries again */
	}
}

void lt_kprobe_group_clean(void)
{
	const char *path;
	struct lt_root *root;
	struct lt_buf events;
	int fd;

	if (lt_root_open(NULL, &root))
		return;
	fd = open_events(root, O_WRONLY | O_APPEND, &path);
	if (fd >= 0 && !lt_root_read(root, path, &events)) {
		remove_stale(fd, &events);
		free(events.data);
	}
	if (fd >= 0)
		close(fd);
	lt_root_close(root);
}

/* 1 if there is the probe now, 0 if it cannot be, or negative errno. */
static int define(struct lt_kprobe_group *probe, const struct lt_pin_function *function,
		  const struct lt_kprobe_args *args)
{
	char text[256];
	int err;

	lt_kprobe_group_format(probe->group, function, args, text, sizeof(text));
	err = command(probe->fd, text);
	if (err == -EINVAL || err == -ENOENT)
		return 0;
	/* Left by a run that was killed and had this PID. */
	if (err && err != -EEXIST)
		return err;
	snprintf(probe->names[probe->nr], EVENT_SIZE, "%s/" LT_PIN_EVENT_PREFIX "%s%s",
		 probe->group, function->name, args ? "" : LT_PIN_EVENT_RETURN);
	probe->events[probe->nr].name = probe->names[probe->nr];
	probe->events[probe->nr].has_stack = args && args->can_unwind;
	probe->nr++;
	return 1;
}

static int define_all(struct lt_kprobe_group *probe, const struct lt_kprobe_args *args)
{
	int ret = 0;

	for (const struct lt_pin_function *f = lt_pin_functions; f->name && ret >= 0; f++) {
		ret = define(probe, f, args);
		if (ret > 0)
			ret = define(probe, f, NULL);
	}
	return ret < 0 ? ret : 0;
}

static int define_somehow(struct lt_kprobe_group *probe, struct lt_diag *diag)
{
	const struct lt_kprobe_args *args;
	struct utsname name;
	int err = define_all(probe, &numbered);

	if (!err && !probe->nr && !uname(&name)) {
		args = lt_kprobe_group_registers(name.machine);
		err = args ? define_all(probe, args) : 0;
	}
	if (err) {
		lt_diag_set(diag, "kprobe_events: %s", strerror(-err));
	} else if (!probe->nr) {
		lt_diag_set(diag, "none of the functions that pin pages can be probed");
		err = -EOPNOTSUPP;
	}
	return err;
}

static int open_file(struct lt_kprobe_group *probe, struct lt_diag *diag)
{
	const char *path;
	struct lt_root *root;
	int err = lt_root_open(NULL, &root);

	if (err)
		return err;
	probe->fd = open_events(root, O_WRONLY | O_APPEND, &path);
	if (probe->fd == -EPERM && lt_lockdown_is_confidential(root))
		lt_diag_set(diag, LT_LOCKDOWN_REFUSES);
	lt_root_close(root);
	if (probe->fd == -ENOENT)
		lt_diag_set(diag, "no kprobe_events (CONFIG_KPROBE_EVENTS=y, mount -t tracefs none "
				  "/sys/kernel/tracing)");
	else if (probe->fd < 0)
		lt_diag_set(diag, "%s: %s", path, strerror(-probe->fd));
	return probe->fd < 0 ? probe->fd : 0;
}

int lt_kprobe_group_open(struct lt_kprobe_group **out, struct lt_diag *diag)
{
	struct lt_kprobe_group *probe = calloc(1, sizeof(*probe));
	int err;

	if (!probe)
		return -ENOMEM;
	snprintf(probe->group, sizeof(probe->group), GROUP "%d", getpid());
	lt_kprobe_group_clean(); /* those that no buffer of a killed run records */
	err = open_file(probe, diag);
	if (!err)
		err = define_somehow(probe, diag);
	if (err) {
		lt_kprobe_group_close(probe);
		return err;
	}
	*out = probe;
	return 0;
}

const struct lt_follow_event *lt_kprobe_group_events(const struct lt_kprobe_group *probe,
						     size_t *nr)
{
	*nr = probe->nr;
	return probe->events;
}

void lt_kprobe_group_close(struct lt_kprobe_group *probe)
{
	if (!probe)
		return;
	if (probe->fd >= 0) {
		for (size_t i = 0; i < probe->nr; i++)
			undefine_patiently(probe->fd, probe->names[i]);
		close(probe->fd);
	}
	free(probe);
}
