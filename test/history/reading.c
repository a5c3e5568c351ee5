// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads the evidence of a history into a snapshot, as a report would. */
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

	if (!tmp) /* thousands of files are written and read back: memory will do, where there is some */
		tmp = access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm";
	*reading = (struct reading){ 0 };
	snprintf(reading->dir, sizeof(reading->dir), "%s/ltpin-history-XXXXXX", tmp);
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

/* The try for which the kernel named @pfn at @ns, which a trace has to the microsecond. */
static struct lt_attempt *find_named(const struct lt_snapshot *snap, uint64_t ns, uint64_t pfn)
{
	lt_vec_each(attempt, &snap->attempts) {
		if (attempt->source == LT_ATTEMPT_LOG)
			continue;
		lt_vec_each(tried, &attempt->tries)
			if (tried->ts_ns.known && tried->ts_ns.val == ns &&
			    tried->blocker_pfn.known && tried->blocker_pfn.val == pfn)
				return attempt;
	}
	return NULL;
}

/* What the module reported comes to the attempts as it does to those that a watch follows. */
static void take_instants(struct lt_snapshot *snap, const struct e_file *file)
{
	const char *at = file->text;
	unsigned long long ns, pfn, head, nr_pages, refs, mapped, pins, flags;
	int len;

	for (; at && sscanf(at, "%llu %llu %llu %llu %llu %llu %llu %llu\n%n", &ns, &pfn, &head,
			    &nr_pages, &refs, &mapped, &pins, &flags, &len) == 8;
	     at += len) {
		struct lt_attempt *attempt = find_named(snap, ns, pfn);
		struct lt_blocker *blocker =
			attempt ? lt_blockers_find(&attempt->blockers, pfn) : NULL;
		const struct lt_folio folio = { .pfn = head,
						.nr_pages = (uint32_t)nr_pages,
						.refcount = (int32_t)refs,
						.mapcount = (int32_t)mapped,
						.pins = (int32_t)pins,
						.flags = flags };

		if (!attempt || blocker) /* of each page the first is kept */
			continue;
		blocker = lt_vec_push(&attempt->blockers);
		assert(blocker);
		blocker->pfn = pfn;
		if (lt_blocker_set_instant(blocker, &folio))
			abort();
		lt_blocker_evaluate(blocker);
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
	take_instants(snap, &evidence->files[E_INSTANTS]);
	return snap;
}

void reading_free(struct lt_snapshot *snap)
{
	struct lt_root *root = snap->root;

	lt_snapshot_free(snap);
	lt_root_close(root);
}
