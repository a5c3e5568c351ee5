// SPDX-License-Identifier: LGPL-2.1-or-later
/* Says why a tree has nothing that is read, and where one may be. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "source/given/given.h"
#include "source/given/kind_file.h"
#include "source/given/refusal.h"

#define NR_SCANNED_MAX 256 /* files of a directory that are looked at */
#define NR_INNER_MAX 16	   /* of each directory in it */
#define NR_NAMED_MAX 6	   /* in a message */

/* One look at what lies at the top of a tree. */
struct look {
	const struct lt_root *root;
	const char *path;
	struct lt_given_name
		inner;	 /* a directory that has a tree in it, or at least a file that is read */
	bool is_part;	 /* it is a part of a tree itself */
	char names[256]; /* of some */
	size_t nr;
	const struct lt_kind *kind; /* of @file, which is known and not read */
	struct lt_given_name file;
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
	if (lt_kind_of_file(fd, false, &kind))
		kind = NULL;
	close(fd);
	return lt_kind_is_read(name, kind);
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
		if (lt_root_has_file(root, path))
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
	if (!lt_kind_of_file(fd, false, &kind) && kind && !look->kind &&
	    (kind->use == LT_KIND_PACKED || kind->hint)) {
		look->kind = kind;
		look->file = lt_given_name_of(name);
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
			 lt_given_name_of(name).text);
	if (!look->inner.text[0] &&
	    (has_tree(look->root, path) || (!look->is_part && has_known_file(look->root, path))))
		look->inner = lt_given_name_of(name);
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
		lt_given_say(why, "; %s in it looks like a captured system: give that",
			     look->inner.text);
	else if (look->kind && look->kind->use == LT_KIND_PACKED)
		lt_given_say(why, "; %s in it is %s: give that", look->file.text, look->kind->name);
	else if (look->kind)
		lt_given_say(why, "; %s in it is %s: give what this makes of it: %s",
			     look->file.text, look->kind->name, look->kind->hint);
	else if (top != SIZE_MAX)
		lt_given_say(why, "; it seems to be a part of one: give %.*s", top ? (int)top : 1,
			     top ? look->path : ".");
	else if (look->nr)
		lt_given_say(why, "; it has %s%s", look->names,
			     look->nr > NR_NAMED_MAX ? " and more" : "");
	else
		lt_given_say(why, "; it is empty");
}

void lt_given_explain(const struct lt_root *root, const char *path, struct lt_given_why *why)
{
	const struct lt_given_name name = lt_given_name_of(path);
	struct look look = { .root = root, .path = name.text, .is_part = top_of(path) != SIZE_MAX };

	why->text[0] = '\0';
	/* What cannot be listed has no place to point to. */
	lt_ignore(lt_root_list(root, "/", look_for_place, &look));
	lt_given_say(
		why,
		"cannot read %s: nothing in it that ltpin reads: no META, dmesg.txt, proc/zoneinfo or "
		"sys/kernel/... of a capture, and no other file whose contents ltpin knows",
		name.text);
	say_place(&look, why);
}
