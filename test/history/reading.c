// SPDX-License-Identifier: GPL-2.0-or-later
#include "reading.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/root.h"
#include "source/read/read.h"

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

static void clear(const struct reading *reading)
{
	nftw(reading->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void reading_init(struct reading *reading)
{
	const char *tmp = getenv("TMPDIR");

	*reading = (struct reading){ 0 };
	snprintf(reading->dir, sizeof(reading->dir), "%s/ltpin-history-XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(reading->dir))
		abort();
}

static void make_directories(char *path, size_t from)
{
	for (char *slash = path + from; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		if (mkdir(path, 0755) && errno != EEXIST)
			abort();
		*slash = '/';
	}
}

static void write_file(char *path, size_t from, const struct e_file *file)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0) {
		make_directories(path, from);
		fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	}
	if (fd < 0 || write(fd, file->text, file->len) != (ssize_t)file->len)
		abort();
	close(fd);
}

/* The file @i as it is to be; what is as it was last time stays. */
static void update(struct reading *reading, const struct evidence *evidence, unsigned int i)
{
	const struct e_file *file = &evidence->files[i];
	struct e_file *old = &reading->files[i];
	char path[256], name[128];
	const char *below = evidence_path(evidence, i, name, sizeof(name));

	if (!below || (!file->text && !old->text) ||
	    (file->text && old->text && file->len == old->len &&
	     !memcmp(file->text, old->text, file->len)))
		return;
	snprintf(path, sizeof(path), "%s/%s", reading->dir, below);
	free(old->text);
	*old = (struct e_file){ 0 };
	if (!file->text) {
		unlink(path);
		return;
	}
	write_file(path, strlen(reading->dir) + 1, file);
	old->text = strndup(file->text, file->len);
	old->len = file->len;
}

static void forget(struct reading *reading)
{
	clear(reading);
	for (unsigned int i = 0; i < E_NR; i++) {
		free(reading->files[i].text);
		reading->files[i] = (struct e_file){ 0 };
	}
}

void reading_fini(struct reading *reading)
{
	forget(reading);
	lt_pin_calls_free(&reading->calls);
}

/* The calls that were seen, in the order of time. */
static void take_calls(struct reading *reading, const struct e_file *file)
{
	const char *at = file->text;
	unsigned long long pfn, ns;
	int pid, len;

	lt_pin_calls_free(&reading->calls);
	reading->calls = (struct lt_pin_calls){ 0 };
	for (; at && sscanf(at, "%llu %d %llu\n%n", &pfn, &pid, &ns, &len) == 3; at += len) {
		struct lt_pin_call *call = lt_vec_push(&reading->calls);
		struct lt_range *run;

		*call = (struct lt_pin_call){ .tid = (uint64_t)pid,
					      .pid = lt_num((uint64_t)pid),
					      .comm = "pinner",
					      .ts_ns = lt_num(ns),
					      .function = "pin_user_pages",
					      .is_proven = true,
					      .nr_asked = lt_num(1),
					      .nr_pinned = lt_num(1),
					      .read_after_ns = lt_num(W_US) };
		run = lt_vec_push(&call->runs);
		*run = (struct lt_range){ pfn, pfn + 1 };
		run = lt_vec_push(&call->in_cma);
		*run = (struct lt_range){ pfn, pfn + 1 };
	}
}

struct lt_snapshot *reading_make(struct reading *reading, const struct evidence *evidence)
{
	struct lt_snapshot_options options = { .last_stage = LT_STAGE_PROCESSES };
	struct lt_snapshot *snap;
	const bool has_area2 = evidence->files[E_AREA2].text;

	/* Directories of areas are named otherwise, or there is none. */
	if (reading->kernel != evidence->kernel || !reading->files[E_AREA2].text != !has_area2 ||
	    !reading->files[E_BASE].text != !evidence->files[E_BASE].text)
		forget(reading);
	reading->kernel = evidence->kernel;
	mkdir(reading->dir, 0755);
	for (unsigned int i = 0; i < E_NR; i++)
		update(reading, evidence, i);
	take_calls(reading, &evidence->files[E_CALLS]);
	if (evidence->files[E_CALLS].text)
		options.pin_calls = &reading->calls;
	if (lt_root_open(reading->dir, &options.root) || lt_read_snapshot(&options, &snap))
		abort();
	return snap;
}

void reading_free(struct lt_snapshot *snap)
{
	struct lt_root *root = snap->root;

	lt_snapshot_free(snap);
	lt_root_close(root);
}
