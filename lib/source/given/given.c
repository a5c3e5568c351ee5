// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Each file that is named is put where a captured tree has its kind. A directory or archive is a
 * captured tree; files that lie in it under other names are looked at too, if the tree lacks
 * what they are.
 */
#include "source/given/given.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/archive.h"
#include "base/bundle.h"
#include "base/compiler.h"
#include "base/file.h"
#include "source/given/kind_file.h"
#include "source/given/pasted.h"
#include "source/given/refusal.h"
#include "source/given/session.h"

#define NR_SCANNED_MAX 256 /* files of a directory that are looked at */

/*
 * A file whose kind is known. @line: where it begins in the one that was named; @is_pasted: what
 * stands around a table is to be left out.
 */
struct file {
	char *name;
	unsigned int line;
	int fd;
	const struct lt_kind *kind;
	bool is_pasted;
};

LT_VEC_OF(files, struct file);

struct given {
	struct files files;
	struct lt_root *tree;
	struct lt_given_name tree_name;
	struct lt_given_why *why;
};

static bool is_pasted(int fd)
{
	char begin[4096];
	ssize_t n = pread(fd, begin, sizeof(begin), 0);

	return n > 0 && lt_pasted_is(begin, (size_t)n);
}

static int keep(struct given *given, const char *name, unsigned int line, int fd,
		const struct lt_kind *kind)
{
	struct file *file = lt_vec_push(&given->files);

	if (file)
		*file = (struct file){ .name = strdup(name),
				       .line = line,
				       .fd = fd,
				       .kind = kind,
				       .is_pasted = kind->use == LT_KIND_TABLE && is_pasted(fd) };
	if (file && file->name)
		return 0;
	if (file)
		given->files.nr--;
	close(fd);
	return -ENOMEM;
}

static int set_tree(struct given *given, const char *name, struct lt_root *root)
{
	if (given->tree) {
		lt_root_close(root);
		lt_given_say(given->why, "%s and %s are two captured systems: give one",
			     given->tree_name.text, name);
		return -EBADMSG;
	}
	given->tree = root;
	snprintf(given->tree_name.text, sizeof(given->tree_name.text), "%s", name);
	return 0;
}

static int add_file(struct given *given, const char *name, int fd);

/* The only file of @bundle, which was compressed. */
static int add_unpacked(struct given *given, const char *name, const struct lt_bundle *bundle)
{
	int fd = lt_bundle_open(bundle, lt_bundle_members(bundle)->v[0].path);

	return fd < 0 ? fd : add_file(given, name, fd);
}

static int add_packed(struct given *given, const char *name, int fd)
{
	struct lt_diag diag = { 0 };
	struct lt_bundle *bundle;
	struct lt_root *root;
	int ret = lt_bundle_new(NULL, &bundle);

	if (ret)
		return ret;
	ret = lt_archive_unpack(fd, bundle, &diag);
	if (ret < 0 && diag.why[0])
		lt_given_say(given->why, "cannot read %s: %s", name, diag.why);
	if (!ret) {
		ret = lt_root_open_bundle(bundle, &root);
		return ret ? ret : set_tree(given, name, root);
	}
	if (ret > 0)
		ret = add_unpacked(given, name, bundle);
	lt_bundle_free(bundle);
	return ret;
}

/* What is known of the parts; the others are what somebody looked at on the way. */
static int keep_parts(struct given *given, const char *name, int fd,
		      const struct lt_session_parts *parts)
{
	int err = 0;

	lt_vec_each(part, parts) {
		const struct lt_kind *kind = NULL;
		int copy = err ? err : lt_session_copy(fd, part);

		if (copy < 0) {
			err = copy;
			continue;
		}
		err = lt_kind_of_file(copy, true, &kind);
		if (!err && kind && (kind->use == LT_KIND_TABLE || kind->use == LT_KIND_LOG))
			err = keep(given, name, (unsigned int)part->line, copy, kind);
		else
			close(copy);
	}
	return err;
}

/* Whether files from @nr_before on are of two kinds. */
static bool has_kinds(const struct given *given, size_t nr_before)
{
	for (size_t i = nr_before; i < given->files.nr; i++)
		if (given->files.v[i].kind != given->files.v[nr_before].kind)
			return true;
	return false;
}

static void drop_files(struct given *given, size_t nr_left)
{
	while (given->files.nr > nr_left) {
		struct file *file = &given->files.v[--given->files.nr];

		close(file->fd);
		free(file->name);
	}
}

/* A log that was printed twice is read once, as it was the last time. */
static int drop_repeated(struct given *given, size_t nr_before)
{
	for (size_t i = nr_before; i < given->files.nr; i++) {
		struct file *file = &given->files.v[i];
		int is_repeated = 0;

		if (file->kind->use != LT_KIND_LOG)
			continue;
		for (size_t j = i + 1; !is_repeated && j < given->files.nr; j++)
			if (given->files.v[j].kind == file->kind)
				is_repeated = lt_session_repeats(file->fd, given->files.v[j].fd);
		if (is_repeated < 0)
			return is_repeated;
		if (!is_repeated)
			continue;
		close(file->fd);
		free(file->name);
		memmove(file, file + 1, (--given->files.nr - i) * sizeof(*file));
		i--;
	}
	return 0;
}

/* 1 if @fd is the output of several commands, which then is kept; 0 if it is one file. */
static int add_session(struct given *given, const char *name, int fd)
{
	struct lt_session_parts parts = { 0 };
	size_t nr_before = given->files.nr;
	int err = lt_session_split(fd, &parts);

	if (!err && parts.nr > 1)
		err = keep_parts(given, name, fd, &parts);
	lt_vec_free(&parts);
	err = err ? err : drop_repeated(given, nr_before);
	if (!err && has_kinds(given, nr_before))
		return 1;
	drop_files(given, nr_before);
	return err;
}

/* Takes over @fd. */
static int add_file(struct given *given, const char *name, int fd)
{
	const struct lt_kind *kind;
	int err = lt_kind_of_file(fd, true, &kind), is_session = 0;

	if (!err && (!kind || kind->use == LT_KIND_TABLE || kind->use == LT_KIND_LOG))
		is_session = add_session(given, name, fd);
	if (is_session) {
		close(fd);
		return is_session < 0 ? is_session : 0;
	}
	if (!err && kind && (kind->use == LT_KIND_TABLE || kind->use == LT_KIND_LOG))
		return keep(given, name, 0, fd, kind);
	if (!err && !kind)
		err = lt_given_refuse_unknown(given->why, name, fd);
	else if (!err && kind->use == LT_KIND_PACKED)
		err = add_packed(given, name, fd);
	else if (!err)
		err = lt_given_refuse_kind(given->why, name, kind);
	close(fd);
	return err;
}

static int add_dir(struct given *given, const char *name, int fd)
{
	struct lt_root *root;
	int err = lt_root_open_fd(fd, &root, NULL);

	close(fd);
	return err ? err : set_tree(given, name, root);
}

static int add_path(struct given *given, const char *path)
{
	const struct lt_given_name safe =
		lt_given_name_of(strcmp(path, "-") ? path : "standard input");
	const char *name = safe.text;
	int fd = lt_file_open_seekable(path, LT_ARCHIVE_SIZE_MAX);
	struct stat st;
	int err = fd < 0 ? fd : fstat(fd, &st) ? -errno : 0;

	if (err && fd >= 0)
		close(fd);
	if (!err)
		err = S_ISDIR(st.st_mode) ? add_dir(given, name, fd) : add_file(given, name, fd);
	if (err && err != -ENOMEM && !given->why->text[0])
		lt_given_say(given->why, "cannot read %s: %s", name, strerror(-err));
	return err;
}

struct scan {
	struct given *given;
	size_t nr, nr_left_out;
};

static bool is_known(const struct given *given, const struct lt_kind *kind)
{
	lt_vec_each(file, &given->files)
		if (file->kind == kind)
			return true;
	return lt_root_has_file(given->tree, kind->path);
}

/* A file of the tree that lies at its top: what it is may be missing at its place. */
static int look_at(const char *name, void *arg)
{
	struct scan *scan = arg;
	const struct lt_kind *kind;
	char path[LT_BUNDLE_PATH_MAX];
	int fd, err;

	if (scan->nr >= NR_SCANNED_MAX || strlen(name) + 2 > sizeof(path))
		return 0;
	snprintf(path, sizeof(path), "/%s", name);
	fd = lt_root_openat(scan->given->tree, path, O_RDONLY);
	if (fd < 0)
		return fd == -ENOMEM ? fd : 0;
	scan->nr++;
	err = lt_kind_of_file(fd, false, &kind);
	if (!err && lt_kind_is_read(name, kind) && strcmp(kind->path, path)) {
		if (!is_known(scan->given, kind))
			return keep(scan->given, lt_given_name_of(name).text, 0, fd, kind);
		lt_given_say(scan->given->why, "%s%s",
			     scan->nr_left_out++ ? ", "
						 : "not read, for there is another of its kind: ",
			     lt_given_name_of(name).text);
	}
	close(fd);
	return err == -ENOMEM ? err : 0;
}

/* 1 if both have the same bytes, 0 or negative errno. */
static int is_copy(int a, int b)
{
	char block[2][4096];
	off_t at = 0;

	for (;;) {
		ssize_t n = pread(a, block[0], sizeof(block[0]), at);
		ssize_t m = pread(b, block[1], sizeof(block[1]), at);

		if (n < 0 || m < 0)
			return -EIO;
		if (n != m || memcmp(block[0], block[1], (size_t)n))
			return 0;
		if (!n)
			return 1;
		at += n;
	}
}

/* "session.txt:7" */
static struct lt_given_name place_of(const struct file *file)
{
	struct lt_given_name place;

	if (file->line)
		snprintf(place.text, sizeof(place.text), "%s:%u", file->name, file->line);
	else
		snprintf(place.text, sizeof(place.text), "%s", file->name);
	return place;
}

static int check_twice(const struct given *given, const struct file *file)
{
	for (const struct file *other = given->files.v; other < file; other++) {
		int ret = other->kind != file->kind ? 1 : is_copy(other->fd, file->fd);

		if (ret < 0)
			return ret;
		if (ret)
			continue;
		lt_given_say(given->why,
			     "%s and %s are each %s, and they differ: give the files of one "
			     "device at one time",
			     place_of(other).text, place_of(file).text, file->kind->name);
		return -EBADMSG;
	}
	return 0;
}

/* What all files of @kind say, as one. */
static int put_kind(const struct given *given, const struct lt_kind *kind, struct lt_bundle *bundle)
{
	FILE *out;
	int err = lt_bundle_begin(bundle, kind->path, &out), end_err;

	if (err)
		return err;
	lt_vec_each(file, &given->files) {
		if (err || file->kind != kind)
			continue;
		err = file->is_pasted ? lt_pasted_copy(file->fd, out)
				      : lt_file_put(file->fd, 0, INT64_MAX, out);
		if (!err && kind->use != LT_KIND_LOG)
			break;			    /* others are copies */
		if (!err && putc('\n', out) == EOF) /* the last line may have none */
			err = -EIO;
	}
	end_err = lt_bundle_end(bundle, !err);
	return err ? err : end_err;
}

static int put_files(const struct given *given, struct lt_bundle *bundle)
{
	int err = 0;

	lt_vec_each(file, &given->files) {
		bool is_first = true;

		for (const struct file *other = given->files.v; other < file; other++)
			is_first &= other->kind != file->kind;
		if (!err && !is_first && file->kind->use == LT_KIND_TABLE)
			err = check_twice(given, file);
		if (!err && is_first)
			err = put_kind(given, file->kind, bundle);
	}
	return err ? err : lt_bundle_seal(bundle, NULL);
}

/* How the user calls what @file, the first of its kind, has become a part of. */
static int name_file(const struct given *given, const struct file *file, struct lt_root *root)
{
	size_t nr = 0;
	char name[sizeof(struct lt_given_name) + 32];

	lt_vec_each(other, &given->files) {
		if (other->kind != file->kind)
			continue;
		if (other < file)
			return 0;
		nr++;
	}
	/* Others of a table are copies; logs stand one behind the other. */
	if (nr == 1 || file->kind->use == LT_KIND_TABLE)
		return lt_root_name_file(root, file->kind->path, file->name,
					 file->is_pasted ? 0
					 : file->line	 ? file->line
							 : 1);
	snprintf(name, sizeof(name), "%s and %zu more", file->name, nr - 1);
	return lt_root_name_file(root, file->kind->path, name, 0);
}

static int name_files(const struct given *given, struct lt_root *root)
{
	int err = 0;

	lt_vec_each(file, &given->files)
		err = err ? err : name_file(given, file, root);
	return err;
}

/* Hand the tree out, with the files before it. */
static int make_root(struct given *given, struct lt_root **out)
{
	struct lt_bundle *bundle;
	int err = lt_bundle_new(NULL, &bundle);

	if (err)
		return err;
	err = put_files(given, bundle);
	if (err) {
		lt_bundle_free(bundle);
		return err;
	}
	if (!given->tree)
		return lt_root_open_bundle(bundle, out);
	lt_root_set_overlay(given->tree, bundle);
	*out = given->tree;
	given->tree = NULL;
	return 0;
}

static void fini(struct given *given)
{
	lt_vec_each(file, &given->files) {
		close(file->fd);
		free(file->name);
	}
	lt_vec_free(&given->files);
	lt_root_close(given->tree);
}

int lt_given_open(const char *const *paths, size_t nr, struct lt_root **out,
		  struct lt_given_why *why)
{
	struct given given = { .why = why };
	struct scan scan = { .given = &given };
	int err = 0;

	why->text[0] = '\0';
	if (nr == 1 && !strcmp(paths[0], "/"))
		return lt_root_open(NULL, out);
	for (size_t i = 0; i < nr && !err; i++)
		err = add_path(&given, paths[i]);
	if (!err && given.tree) {
		err = lt_root_list(given.tree, "/", look_at, &scan);
		if (err == -EACCES || err == -ENOENT)
			err = 0; /* what may not be listed may be read; nothing is in an empty one */
	}
	if (!err)
		err = make_root(&given, out);
	if (!err && name_files(&given, *out)) {
		lt_root_close(*out);
		*out = NULL;
		err = -ENOMEM;
	}
	nr = given.files.nr;
	fini(&given);
	return err ? err : nr > 0;
}
