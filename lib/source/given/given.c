// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Each file that is named is put where a captured tree has its kind. A directory or archive is a
 * captured tree; files that lie in it under other names are looked at too, if the tree lacks
 * what they are.
 */
#include "source/given/given.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/archive.h"
#include "base/array_size.h"
#include "base/bundle.h"
#include "base/compiler.h"
#include "base/escape.h"
#include "base/file.h"
#include "source/given/kind.h"
#include "source/given/pasted.h"
#include "source/given/session.h"

#define NR_SCANNED_MAX 256 /* files of a directory that are looked at */
#define NR_INNER_MAX 16	   /* of each directory in it */
#define NR_NAMED_MAX 6	   /* in a message */

/* A name as it may be printed. */
struct safe {
	char text[400];
};

/* A file whose kind is known. @is_pasted: what stands around a table is to be left out. */
struct file {
	char *name;
	int fd;
	const struct lt_kind *kind;
	bool is_pasted;
};

LT_VEC_OF(files, struct file);

struct given {
	struct files files;
	struct lt_root *tree;
	struct safe tree_name;
	struct lt_given_why *why;
};

static struct safe safe_of(const char *name)
{
	struct safe safe;

	lt_escape(name, strlen(name), safe.text, sizeof(safe.text));
	return safe;
}

/* Add to the message; names have been made printable. */
__attribute__((format(printf, 2, 3))) static void say(struct lt_given_why *why, const char *fmt,
						      ...)
{
	size_t len = strlen(why->text);
	va_list args;

	va_start(args, fmt);
	vsnprintf(why->text + len, sizeof(why->text) - len, fmt, args);
	va_end(args);
}

/* Whether a later line is the kernel's, where the begin of the file has none. */
static int find_log(int fd, const struct lt_kind **out)
{
	char *block = malloc(LT_KIND_SAMPLE);
	off_t at = 0;
	ssize_t n;

	if (!block)
		return -ENOMEM;
	while (!*out && (n = pread(fd, block, LT_KIND_SAMPLE, at)) > 0) {
		*out = lt_kind_log(block, (size_t)n);
		at += n > 4096 ? n - 4096 : n; /* a line may lie across */
	}
	free(block);
	return 0;
}

/* The kind of what is left if that which somebody pasted along is left out; NULL if it is no table. */
static const struct lt_kind *find_pasted(const char *sample, size_t len, char *plain)
{
	const struct lt_kind *kind = NULL;

	if (lt_pasted_is(sample, len))
		kind = lt_kind_find(plain, lt_pasted_plain(sample, len, plain),
				    len < LT_KIND_SAMPLE);
	return kind && kind->use == LT_KIND_TABLE ? kind : NULL;
}

static bool is_pasted(int fd)
{
	char begin[4096];
	ssize_t n = pread(fd, begin, sizeof(begin), 0);

	return n > 0 && lt_pasted_is(begin, (size_t)n);
}

/* NULL in @out if it is nothing that is known. */
static int find_kind(int fd, bool whole_file, const struct lt_kind **out)
{
	char *sample = malloc(2 * LT_KIND_SAMPLE);
	ssize_t n = sample ? pread(fd, sample, LT_KIND_SAMPLE, 0) : -1;
	int err = !sample ? -ENOMEM : n < 0 ? -errno : 0;

	*out = NULL;
	if (!err)
		*out = find_pasted(sample, (size_t)n, sample + LT_KIND_SAMPLE);
	if (!err && !*out)
		*out = lt_kind_find(sample, (size_t)n, (size_t)n < LT_KIND_SAMPLE);
	free(sample);
	if (!err && !*out && whole_file && (size_t)n == LT_KIND_SAMPLE)
		err = find_log(fd, out);
	return err;
}

static int keep(struct given *given, const char *name, int fd, const struct lt_kind *kind)
{
	struct file *file = lt_vec_push(&given->files);

	if (file)
		*file = (struct file){ .name = strdup(name),
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

static int refuse_unknown(struct given *given, const char *name, int fd)
{
	struct stat st;

	if (!fstat(fd, &st) && !st.st_size)
		say(given->why, "cannot read %s: it is empty", name);
	else
		say(given->why,
		    "cannot read %s: it is nothing that ltpin knows, and has no "
		    "message of a kernel in it; ltpin-report(8) lists what is read",
		    name);
	return -EBADMSG;
}

static int refuse_kind(struct given *given, const char *name, const struct lt_kind *kind)
{
	if (kind->use == LT_KIND_REPORT) {
		say(given->why,
		    "cannot read %s: it is %s, no evidence: it was judged when it was made. "
		    "`ltpin report` shows it if nothing else is given; evidence is the capture that "
		    "it was made from",
		    name, kind->name);
		return -EBADMSG;
	}
	say(given->why, "cannot read %s: it is %s%s%s", name, kind->name,
	    kind->hint ? "; give what this makes of it: " : "", kind->hint ? kind->hint : "");
	return -EBADMSG;
}

static int set_tree(struct given *given, const char *name, struct lt_root *root)
{
	if (given->tree) {
		lt_root_close(root);
		say(given->why, "%s and %s are two captured systems: give one",
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
		say(given->why, "cannot read %s: %s", name, diag.why);
	if (!ret) {
		ret = lt_root_open_bundle(bundle, &root);
		return ret ? ret : set_tree(given, name, root);
	}
	if (ret > 0)
		ret = add_unpacked(given, name, bundle);
	lt_bundle_free(bundle);
	return ret;
}

static int put_range(int fd, off_t at, off_t end, FILE *out)
{
	char block[16384];
	ssize_t n = 0;

	while (at < end) {
		size_t wanted =
			end - at < (off_t)sizeof(block) ? (size_t)(end - at) : sizeof(block);

		n = pread(fd, block, wanted, at);
		if (n <= 0)
			break;
		errno = 0;
		if (fwrite(block, 1, (size_t)n, out) != (size_t)n)
			return errno ? -errno : -EIO;
		at += n;
	}
	return n < 0 ? -errno : 0;
}

static int put_all(int fd, FILE *out)
{
	return put_range(fd, 0, INT64_MAX, out);
}

/* A file of its own with [@from, @to) of @fd. */
static int copy_part(int fd, const struct lt_session_part *part)
{
	struct lt_bundle *bundle;
	FILE *out;
	int ret = lt_bundle_new(NULL, &bundle), end_err;

	if (ret)
		return ret;
	ret = lt_bundle_begin(bundle, "/part", &out);
	if (!ret) {
		ret = put_range(fd, part->from, part->to, out);
		end_err = lt_bundle_end(bundle, !ret);
		ret = ret ? ret : end_err;
	}
	ret = ret ? ret : lt_bundle_seal(bundle, NULL);
	ret = ret ? ret : lt_bundle_open(bundle, "/part");
	lt_bundle_free(bundle);
	return ret;
}

/* What is known of the parts; the others are what somebody looked at on the way. */
static int keep_parts(struct given *given, const char *name, int fd,
		      const struct lt_session_parts *parts)
{
	char place[sizeof(struct safe) + 32];
	int err = 0;

	lt_vec_each(part, parts) {
		const struct lt_kind *kind = NULL;
		int copy = err ? err : copy_part(fd, part);

		if (copy < 0) {
			err = copy;
			continue;
		}
		err = find_kind(copy, true, &kind);
		snprintf(place, sizeof(place), "%s:%lu", name, part->line);
		if (!err && kind && (kind->use == LT_KIND_TABLE || kind->use == LT_KIND_LOG))
			err = keep(given, place, copy, kind);
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

/* Whether a line of the log @later is the first one of @log, which has its time in it. */
static int repeats(int log, int later)
{
	char first[512], *buf = NULL;
	ssize_t n = pread(log, first, sizeof(first), 0);
	const char *end = n > 0 ? memchr(first, '\n', (size_t)n) : NULL;
	size_t size = 0;
	int copy = end ? dup(later) : -1, is_there = 0;
	FILE *in = copy < 0 || lseek(copy, 0, SEEK_SET) ? NULL : fdopen(copy, "r");

	if (!in) {
		if (copy >= 0)
			close(copy);
		return n < 0 || (end && copy < 0) ? -errno : 0;
	}
	while (!is_there && (n = getline(&buf, &size, in)) > 0)
		is_there = n == end + 1 - first && !memcmp(buf, first, (size_t)n);
	free(buf);
	fclose(in);
	return is_there;
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
				is_repeated = repeats(file->fd, given->files.v[j].fd);
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
	int err = find_kind(fd, true, &kind), is_session = 0;

	if (!err && (!kind || kind->use == LT_KIND_TABLE || kind->use == LT_KIND_LOG))
		is_session = add_session(given, name, fd);
	if (is_session) {
		close(fd);
		return is_session < 0 ? is_session : 0;
	}
	if (!err && kind && (kind->use == LT_KIND_TABLE || kind->use == LT_KIND_LOG))
		return keep(given, name, fd, kind);
	if (!err && !kind)
		err = refuse_unknown(given, name, fd);
	else if (!err && kind->use == LT_KIND_PACKED)
		err = add_packed(given, name, fd);
	else if (!err)
		err = refuse_kind(given, name, kind);
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
	const struct safe safe = safe_of(strcmp(path, "-") ? path : "standard input");
	const char *name = safe.text;
	int fd = lt_file_open_seekable(path, LT_ARCHIVE_SIZE_MAX);
	struct stat st;
	int err = fd < 0 ? fd : fstat(fd, &st) ? -errno : 0;

	if (err && fd >= 0)
		close(fd);
	if (!err)
		err = S_ISDIR(st.st_mode) ? add_dir(given, name, fd) : add_file(given, name, fd);
	if (err && err != -ENOMEM && !given->why->text[0])
		say(given->why, "cannot read %s: %s", name, strerror(-err));
	return err;
}

static bool has_file(const struct lt_root *tree, const char *path)
{
	int fd = lt_root_openat(tree, path, O_RDONLY);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
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
	return has_file(given->tree, kind->path);
}

/* A line of parameters, or a text that quotes messages: its name has to say so too. */
static bool is_trusted(const char *name, const struct lt_kind *kind)
{
	static const char *const logs[] = { "dmesg",	"kmsg",	   "kern",   "log",
					    "messages", "console", "serial", "journal",
					    "minicom",	"boot",	   "uart",   "ramoops" };

	if (kind->use != LT_KIND_LOG)
		return strcmp(kind->path, "/proc/cmdline") || strstr(name, "cmdline");
	for (size_t i = 0; i < ARRAY_SIZE(logs); i++)
		if (strcasestr(name, logs[i]))
			return true;
	return false;
}

static bool is_read(const char *name, const struct lt_kind *kind)
{
	return kind && (kind->use == LT_KIND_TABLE || kind->use == LT_KIND_LOG) &&
	       is_trusted(name, kind);
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
	err = find_kind(fd, false, &kind);
	if (!err && is_read(name, kind) && strcmp(kind->path, path)) {
		if (!is_known(scan->given, kind))
			return keep(scan->given, safe_of(name).text, fd, kind);
		say(scan->given->why, "%s%s",
		    scan->nr_left_out++ ? ", " : "not read, for there is another of its kind: ",
		    safe_of(name).text);
	}
	close(fd);
	return err == -ENOMEM ? err : 0;
}

static int put_pasted(int fd, FILE *out)
{
	int copy = dup(fd);

	if (copy < 0 || lseek(copy, 0, SEEK_SET)) {
		int err = -errno;

		if (copy >= 0)
			close(copy);
		return err;
	}
	return lt_pasted_copy(copy, out);
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

static int check_twice(const struct given *given, const struct file *file)
{
	for (const struct file *other = given->files.v; other < file; other++) {
		int ret = other->kind != file->kind ? 1 : is_copy(other->fd, file->fd);

		if (ret < 0)
			return ret;
		if (ret)
			continue;
		say(given->why,
		    "%s and %s are each %s, and they differ: give the files of one "
		    "device at one time",
		    other->name, file->name, file->kind->name);
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
		err = file->is_pasted ? put_pasted(file->fd, out) : put_all(file->fd, out);
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
	nr = given.files.nr;
	fini(&given);
	return err ? err : nr > 0;
}

/* Why a tree has nothing that is read */

/* One look at what lies at the top of a tree. */
struct look {
	const struct lt_root *root;
	const char *path;
	struct safe inner; /* a directory that has a tree in it, or at least a file that is read */
	bool is_part;	   /* it is a part of a tree itself */
	char names[256];   /* of some */
	size_t nr;
	const struct lt_kind *kind; /* of @file, which is known and not read */
	struct safe file;
};

struct inner {
	const struct lt_root *root;
	const char *dir;
	size_t nr;
};

/* 1 if the file is one that is read by its contents. */
static int is_known_inside(const char *name, void *arg)
{
	struct inner *inner = arg;
	const struct lt_kind *kind;
	char path[512];
	int fd;

	if (inner->nr++ >= NR_INNER_MAX)
		return 0;
	snprintf(path, sizeof(path), "%s/%s", inner->dir, name);
	fd = lt_root_openat(inner->root, path, O_RDONLY);
	if (fd < 0)
		return 0;
	if (find_kind(fd, false, &kind))
		kind = NULL;
	close(fd);
	return is_read(name, kind);
}

static bool has_tree(const struct lt_root *root, const char *dir)
{
	static const char *const parts[] = { "proc", "sys" }, *const files[] = { "META",
										 "dmesg.txt" };
	char path[512];

	for (size_t i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, parts[i]);
		if (lt_root_find_dir(root, path) > 0)
			return true;
		snprintf(path, sizeof(path), "%s/%s", dir, files[i]);
		if (has_file(root, path))
			return true;
	}
	return false;
}

static bool has_known_file(const struct lt_root *root, const char *dir)
{
	struct inner inner = { root, dir, 0 };

	return lt_root_list(root, dir, is_known_inside, &inner) > 0;
}

static void look_at_kind(struct look *look, const char *name, const char *path)
{
	const struct lt_kind *kind = NULL;
	int fd = lt_root_openat(look->root, path, O_RDONLY);

	if (fd < 0)
		return;
	if (!find_kind(fd, false, &kind) && kind && !look->kind &&
	    (kind->use == LT_KIND_PACKED || kind->hint)) {
		look->kind = kind;
		look->file = safe_of(name);
	}
	close(fd);
}

static int look_for_place(const char *name, void *arg)
{
	struct look *look = arg;
	size_t len = strlen(look->names);
	char path[300];

	if (strlen(name) >= sizeof(path) - 2)
		return 0;
	snprintf(path, sizeof(path), "/%s", name);
	if (look->nr++ < NR_NAMED_MAX)
		snprintf(look->names + len, sizeof(look->names) - len, "%s%s", len ? ", " : "",
			 safe_of(name).text);
	if (!look->inner.text[0] &&
	    (has_tree(look->root, path) || (!look->is_part && has_known_file(look->root, path))))
		look->inner = safe_of(name);
	if (look->nr <= NR_SCANNED_MAX)
		look_at_kind(look, name, path);
	return 0;
}

/* Whether @path leads into a tree: then its top is where "proc" or "sys" ends. */
static size_t top_of(const char *path)
{
	const char *best = NULL;

	for (const char *part = path; part && *part; part = strchr(part, '/')) {
		part += *part == '/';
		if ((!strncmp(part, "proc", 4) && (part[4] == '/' || !part[4])) ||
		    (!strncmp(part, "sys", 3) && (part[3] == '/' || !part[3])))
			best = best ? best : part;
	}
	return best ? (size_t)(best - path) : SIZE_MAX;
}

static void say_place(const struct look *look, struct lt_given_why *why)
{
	size_t top = top_of(look->path);

	if (look->inner.text[0])
		say(why, "; %s in it looks like a captured system: give that", look->inner.text);
	else if (look->kind && look->kind->use == LT_KIND_PACKED)
		say(why, "; %s in it is %s: give that", look->file.text, look->kind->name);
	else if (look->kind)
		say(why, "; %s in it is %s: give what this makes of it: %s", look->file.text,
		    look->kind->name, look->kind->hint);
	else if (top != SIZE_MAX)
		say(why, "; it seems to be a part of one: give %.*s", top ? (int)top : 1,
		    top ? look->path : ".");
	else if (look->nr)
		say(why, "; it has %s%s", look->names, look->nr > NR_NAMED_MAX ? " and more" : "");
	else
		say(why, "; it is empty");
}

void lt_given_explain(const struct lt_root *root, const char *path, struct lt_given_why *why)
{
	const struct safe name = safe_of(path);
	struct look look = { .root = root, .path = name.text, .is_part = top_of(path) != SIZE_MAX };

	why->text[0] = '\0';
	/* What cannot be listed has no place to point to. */
	lt_ignore(lt_root_list(root, "/", look_for_place, &look));
	say(why,
	    "cannot read %s: nothing in it that ltpin reads: no META, dmesg.txt, proc/zoneinfo or "
	    "sys/kernel/... of a capture, and no file that its contents tell to be one of these",
	    name.text);
	say_place(&look, why);
}

int lt_given_check(const char *path, const char *wanted, struct lt_given_why *why)
{
	struct given given = { .why = why };
	const struct safe safe = safe_of(strcmp(path, "-") ? path : "standard input");
	const char *name = safe.text;
	int fd = lt_file_open_seekable(path, LT_ARCHIVE_SIZE_MAX);
	const struct lt_kind *kind = NULL;
	int err = fd < 0 ? fd : find_kind(fd, true, &kind);

	why->text[0] = '\0';
	if (!err && !kind && wanted)
		err = refuse_unknown(&given, name, fd);
	if (!err && kind && (kind->use == LT_KIND_UNREADABLE || kind->use == LT_KIND_REPORT))
		err = refuse_kind(&given, name, kind);
	if (!err && kind && wanted && (!kind->path || strcmp(kind->path, wanted))) {
		say(why, "cannot read %s: it is %s: give it without the option", name, kind->name);
		err = -EBADMSG;
	}
	if (err && err != -ENOMEM && !why->text[0])
		say(why, "cannot read %s: %s", name, strerror(-err));
	if (!err && !strcmp(path, "-") && dup2(fd, STDIN_FILENO) < 0) /* whoever reads it next */
		err = -errno;
	if (fd >= 0)
		close(fd);
	return err;
}

bool lt_given_is_report(const char *path)
{
	int fd = lt_file_open_seekable(path, LT_ARCHIVE_SIZE_MAX);
	const struct lt_kind *kind = NULL;
	bool is_report = false;

	if (fd < 0)
		return false;
	if (!find_kind(fd, false, &kind))
		is_report = kind && kind->use == LT_KIND_REPORT;
	/* whoever reads it next */
	if (!strcmp(path, "-") && (lseek(fd, 0, SEEK_SET) || dup2(fd, STDIN_FILENO) < 0))
		is_report = false;
	close(fd);
	return is_report;
}

bool lt_given_is_packed(const char *path)
{
	const struct lt_kind *kind = NULL;
	bool is_packed = false;
	struct stat st;
	int fd;

	if (stat(path, &st) || (!S_ISDIR(st.st_mode) && !S_ISREG(st.st_mode)))
		return false; /* what is read from a pipe is gone */
	if (S_ISDIR(st.st_mode))
		return true;
	fd = lt_file_open(path);
	if (fd < 0)
		return false;
	if (!find_kind(fd, false, &kind))
		is_packed = kind && kind->use == LT_KIND_PACKED;
	close(fd);
	return is_packed;
}
