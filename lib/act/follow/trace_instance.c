// SPDX-License-Identifier: LGPL-2.1-or-later
/* Makes and removes trace instances, those of killed runs included. */
#include "act/follow/trace_instance.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array_size.h"
#include "base/compiler.h"
#include "base/lockdown.h"
#include "base/root.h"
#include "source/trace/trace.h"

#define PREFIX "ltpin-"

/* Per CPU. An attempt leaves about 250 bytes for each range that it tries. */
#define BUFFER_KIB 1024

#define REMOVE_TRIES 200
#define REMOVE_PAUSE_US 10000

struct lt_trace_instance {
	int parent; /* the directory "instances" */
	int dir;
	int hold; /* an open file keeps others from removing the instance */
	bool is_made;
	char name[32];
};

static const char *const tracefs[] = { "/sys/kernel/tracing/instances",
				       "/sys/kernel/debug/tracing/instances" };

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
	for (size_t i = 0; i < ARRAY_SIZE(tracefs); i++) {
		instance->parent = lt_root_openat(root, tracefs[i], O_RDONLY | O_DIRECTORY);
		if (instance->parent < 0)
			continue;
		/* What cannot be listed has none of ours. */
		lt_ignore(lt_root_list(root, tracefs[i], remove_stale, instance));
		break;
	}
	/* Then one can be listed, and neither made nor read. */
	if (lt_lockdown_is_confidential(root)) {
		lt_diag_set(diag, LT_LOCKDOWN_REFUSES);
		err = -EPERM;
	}
	lt_root_close(root);
	if (err)
		return err;
	if (instance->parent == -ENOENT)
		lt_diag_set(diag, "tracefs is not mounted at /sys/kernel/tracing");
	return instance->parent < 0 ? instance->parent : 0;
}

int lt_trace_instance_dir(const struct lt_trace_instance *instance)
{
	return instance->dir;
}

const char *lt_trace_instance_name(const struct lt_trace_instance *instance)
{
	return instance->name;
}

int lt_trace_instance_write(const struct lt_trace_instance *instance, const char *name,
			    const char *text)
{
	return write_file(instance->dir, name, text);
}

int lt_trace_instance_enable(const struct lt_trace_instance *instance, const char *event,
			     const char *filter)
{
	char path[160];
	int err = 0;

	if (filter) {
		snprintf(path, sizeof(path), "events/%s/filter", event);
		err = write_file(instance->dir, path, filter);
	}
	snprintf(path, sizeof(path), "events/%s/enable", event);
	return err ? err : write_file(instance->dir, path, "1");
}

static int read_at(const struct lt_trace_instance *instance, const char *name, struct lt_buf *out)
{
	int fd = openat(instance->dir, name, O_RDONLY | O_CLOEXEC), err;

	if (fd < 0)
		return -errno;
	err = lt_fd_read(fd, out);
	close(fd);
	return err;
}

/* The number by which @format's field knows contig_range: {6, "contig_range"}. It differs. */
static bool find_contig_range(const struct lt_buf *format, uint64_t *out)
{
	struct lt_text text;
	struct lt_span before;

	lt_text_init(&text, format->data, format->len);
	if (!lt_text_until(&text, ", \"contig_range\"", &before))
		return false;
	lt_text_init(&text, before.p, before.len);
	return lt_text_until_last(&text, "{", &before) && lt_text_u64(&text, out) &&
	       lt_text_at_end(&text);
}

/* Only where nothing else tells that a range came as far as migration; without it it has no stage. */
static int enable_migration(const struct lt_trace_instance *instance)
{
	char filter[32];
	struct lt_buf format;
	uint64_t reason;
	int err = read_at(instance, "events/migrate/mm_migrate_pages/format", &format);

	if (err)
		return err == -ENOENT ? 0 : err;
	if (find_contig_range(&format, &reason)) {
		snprintf(filter, sizeof(filter), "reason == %u", (unsigned int)reason);
		err = lt_trace_instance_enable(instance, "migrate/mm_migrate_pages", filter);
	}
	free(format.data);
	return err;
}

int lt_trace_instance_enable_if(const struct lt_trace_instance *instance, const char *event,
				bool *has)
{
	int err = lt_trace_instance_enable(instance, event, NULL);

	*has = !err;
	return err == -ENOENT ? 0 : err;
}

static int enable_attempts(const struct lt_trace_instance *instance, struct lt_trace_recorded *out)
{
	static const char *const ends[] = { "cma/cma_alloc_finish", "cma/cma_alloc" };
	bool has_starts;
	int err = -ENOENT;

	for (size_t i = 0; i < ARRAY_SIZE(ends) && err == -ENOENT; i++)
		err = lt_trace_instance_enable(instance, ends[i], NULL);
	if (!err) /* 5.10 has none */
		err = lt_trace_instance_enable_if(instance, "cma/cma_alloc_start", &has_starts);
	if (!err)
		err = lt_trace_instance_enable_if(instance, "cma/cma_alloc_busy_retry",
						  &out->has_retries);
	if (!err)
		err = lt_trace_instance_enable_if(instance, "page_isolation/test_pages_isolated",
						  &out->has_tests);
	return err || out->has_retries || !out->has_tests ? err : enable_migration(instance);
}

int lt_trace_instance_start(const struct lt_trace_instance *instance, pid_t tid,
			    unsigned int buffer_kib, struct lt_trace_recorded *out,
			    struct lt_diag *diag)
{
	struct lt_trace_recorded recorded = { 0 };
	char text[16];
	int err;

	snprintf(text, sizeof(text), "%u", buffer_kib ? buffer_kib : BUFFER_KIB);
	err = write_file(instance->dir, "buffer_size_kb", text);
	if (!err && tid) {
		snprintf(text, sizeof(text), "%d", tid);
		err = write_file(instance->dir, "set_event_pid", text);
	}
	if (!err)
		err = enable_attempts(instance, &recorded);
	if (err == -ENOENT)
		lt_diag_set(diag, "this kernel has no cma trace events");
	if (!err)
		err = write_file(instance->dir, "tracing_on", "1");
	if (err)
		lt_diag_set(diag, "no trace buffer: %s", strerror(-err));
	else
		*out = recorded;
	return err;
}

static int create(struct lt_trace_instance *instance)
{
	int err = mkdirat(instance->parent, instance->name, 0700) ? -errno : 0;

	/* Left by this very process before an exec, or by a killed one that had our PID. */
	if (err == -EEXIST) {
		unlinkat(instance->parent, instance->name, AT_REMOVEDIR);
		err = mkdirat(instance->parent, instance->name, 0700) ? -errno : 0;
	}
	if (err)
		return err;
	instance->is_made = true;
	instance->dir =
		openat(instance->parent, instance->name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (instance->dir < 0)
		return -errno;
	instance->hold = openat(instance->dir, "tracing_on", O_WRONLY | O_CLOEXEC);
	if (instance->hold < 0)
		return -errno;
	return write_file(instance->dir, "tracing_on", "0");
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
	if (err) {
		lt_diag_set(diag, "no trace buffer: %s", strerror(-err));
		lt_trace_instance_close(instance);
		return err;
	}
	*out = instance;
	return 0;
}

int lt_trace_instance_read(struct lt_trace_instance *instance, struct lt_strings *strings,
			   struct lt_attempts *out, struct lt_diag *diag)
{
	struct lt_buf buf;
	int err = read_at(instance, "trace", &buf);

	if (err)
		return err;
	err = lt_trace_parse(buf.data, buf.len, strings, NULL, out, NULL, NULL, NULL, diag);
	free(buf.data);
	write_file(instance->dir, "trace", ""); /* O_TRUNC empties the buffer */
	return err;
}

/* "KEY: N" in a line of its own. */
static uint64_t parse_stat(const struct lt_buf *stats, const char *key)
{
	struct lt_text text, line;
	uint64_t val;

	lt_text_init(&text, stats->data, stats->len);
	while (lt_text_line(&text, &line))
		if (lt_text_literal(&line, key) && lt_text_u64(&line, &val))
			return val;
	return 0;
}

int lt_trace_instance_lost(const struct lt_trace_instance *instance, uint64_t *nr_lost)
{
	long nr_cpus = sysconf(_SC_NPROCESSORS_CONF);
	uint64_t nr = 0;

	for (long cpu = 0; cpu < nr_cpus; cpu++) {
		struct lt_buf stats;
		char path[40];
		int err;

		snprintf(path, sizeof(path), "per_cpu/cpu%ld/stats", cpu);
		err = read_at(instance, path, &stats);
		if (err == -ENOENT)
			continue;
		if (err)
			return err;
		nr += parse_stat(&stats, "overrun: ") + parse_stat(&stats, "dropped events: ");
		free(stats.data);
	}
	*nr_lost = nr;
	return 0;
}

/* A child that has not yet come to its exec() holds our files, and with them the buffer. */
static void remove_patiently(const struct lt_trace_instance *instance)
{
	for (int i = 0; i < REMOVE_TRIES; i++) {
		if (!unlinkat(instance->parent, instance->name, AT_REMOVEDIR) || errno != EBUSY)
			return;
		usleep(REMOVE_PAUSE_US);
	}
}

void lt_trace_instance_close(struct lt_trace_instance *instance)
{
	if (!instance)
		return;
	if (instance->hold >= 0)
		close(instance->hold);
	if (instance->dir >= 0)
		close(instance->dir);
	if (instance->is_made)
		remove_patiently(instance);
	if (instance->parent >= 0)
		close(instance->parent);
	free(instance);
}
