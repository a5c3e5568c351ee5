// SPDX-License-Identifier: LGPL-2.1-or-later
/* Says what is missing for a source, from the kernel's configuration. */
#include "source/enable.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *path, *command;
} mounts[] = {
	[LT_MOUNT_PROC] = { "/proc", "mount -t proc proc /proc" },
	[LT_MOUNT_DEBUGFS] = { "/sys/kernel/debug", "mount -t debugfs none /sys/kernel/debug" },
	[LT_MOUNT_TRACEFS] = { "/sys/kernel/tracing", "mount -t tracefs none /sys/kernel/tracing" },
};

struct clause {
	struct lt_strings *strings;
	const char *text; /* NULL when out of memory */
	struct lt_diag *diag;
};

static void add(struct clause *clause, const char *part)
{
	if (clause->text && part)
		clause->text = lt_strings_format(clause->strings, "%s%s%s", clause->text,
						 clause->text[0] ? ", " : "", part);
	else
		clause->text = NULL;
}

/* Whether @snap tells that one of the options is set: "A" or "A|B". */
static bool is_set(const struct lt_snapshot *snap, const char *options)
{
	char name[64];

	for (const char *at = options, *end; at; at = *end ? end + 1 : NULL) {
		const char *value;

		end = strchrnul(at, '|');
		snprintf(name, sizeof(name), "%.*s", (int)(end - at), at);
		value = lt_kernel_option(&snap->kernel, name);
		if (value && (!strcmp(value, "y") || !strcmp(value, "m")))
			return true;
	}
	return false;
}

static bool is_booted_with(const char *cmdline, const char *param)
{
	size_t len = strlen(param);

	for (const char *at = cmdline; at && (at = strstr(at, param)); at += len)
		if ((at == cmdline || at[-1] == ' ') && (!at[len] || at[len] == ' '))
			return true;
	return false;
}

/* Where something would be mounted, and whether it is. */
struct place {
	const struct lt_root *root;
	const char *path;
	bool has_entries;
};

static int see_nothing(const char *name, void *arg)
{
	(void)name;
	(void)arg;
	return 1;
}

/* A capture keeps the directories that were listed: of this one it keeps the first in it. */
static int see_entry(const char *name, void *arg)
{
	struct place *place = arg;
	char path[512];
	int err;

	place->has_entries = true;
	snprintf(path, sizeof(path), "%s/%s", place->path, name);
	err = lt_root_find_dir(place->root, path);
	if (err <= 0)
		return err;
	err = lt_root_list(place->root, path, see_nothing, NULL);
	return err < 0 ? err : 1;
}

/* A directory without any entry is only where a file system would be mounted. */
static void add_mount(struct clause *clause, const struct lt_snapshot *snap, enum lt_mount mount)
{
	struct place place = { .root = snap ? snap->root : NULL, .path = mounts[mount].path };
	int err = snap ? lt_root_list(place.root, place.path, see_entry, &place) : 0;

	if (err == -ENOMEM)
		clause->text = NULL;
	else if (err < 0 && err != -ENOENT && err != -EACCES && err != -EPERM)
		lt_diag_unread_file(clause->diag, place.path, err);
	else if (!place.has_entries)
		add(clause, mounts[mount].command);
}

/* "CONFIG_A=y", or "CONFIG_A=y or CONFIG_B=y" */
static void add_options(struct clause *clause, const char *options)
{
	const char *other = strchr(options, '|');

	add(clause, lt_strings_format(clause->strings, "CONFIG_%.*s=y%s%s%s",
				      (int)(other ? other - options : (int)strlen(options)),
				      options, other ? " or CONFIG_" : "", other ? other + 1 : "",
				      other ? "=y" : ""));
}

/* What has to be there; of @snap, if there is one, only what it does not have. */
static void add_needs(struct clause *clause, const struct lt_snapshot *snap,
		      const struct lt_source *source)
{
	for (size_t i = 0; i < LT_OPTIONS_MAX && source->options[i]; i++)
		if (!snap || !is_set(snap, source->options[i]))
			add_options(clause, source->options[i]);
	if (source->param && !(snap && is_booted_with(snap->kernel.cmdline, source->param)))
		add(clause, lt_strings_format(clause->strings, "%s on the kernel command line",
					      source->param));
	if (source->mount)
		add_mount(clause, snap, source->mount);
}

static void add_rest(struct clause *clause, const struct lt_source *source)
{
	if (source->access)
		add(clause, source->access);
	if (source->also)
		add(clause, source->also);
}

const char *lt_source_needs(struct lt_strings *strings, const struct lt_source *source)
{
	struct clause clause = { .strings = strings, .text = "" };

	add_needs(&clause, NULL, source);
	add_rest(&clause, source);
	return clause.text;
}

const char *lt_source_enable(const struct lt_snapshot *snap, const struct lt_source *source,
			     enum lt_status status, struct lt_diag *diag)
{
	struct clause clause = { .strings = snap->strings, .text = "", .diag = diag };

	if (status == LT_STATUS_DENIED && snap->reader_uid.known && !snap->reader_uid.val)
		return "all capabilities, and neither kernel lockdown nor a security module that "
		       "refuses it to root";
	if (status == LT_STATUS_DENIED)
		return source->access ? source->access : "run as root";
	if (status == LT_STATUS_ABSENT) {
		add_needs(&clause, snap, source);
		add_rest(&clause, source);
	}
	/* If nothing of it is missing, it is not known what is. */
	return clause.text && !clause.text[0] ? lt_source_needs(snap->strings, source)
					      : clause.text;
}
