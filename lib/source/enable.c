// SPDX-License-Identifier: LGPL-2.1-or-later
#include "source/enable.h"

#include <errno.h>
#include <string.h>

struct clause {
	struct lt_strings *strings;
	const char *text; /* NULL when out of memory */
};

static void add(struct clause *clause, const char *part)
{
	if (clause->text && part)
		clause->text = lt_strings_format(clause->strings, "%s%s%s", clause->text,
						 clause->text[0] ? ", " : "", part);
	else
		clause->text = NULL;
}

static bool is_set(const struct lt_kernel *kernel, const char *option)
{
	const char *value = lt_kernel_option(kernel, option);

	return value && (!strcmp(value, "y") || !strcmp(value, "m"));
}

static bool is_booted_with(const char *cmdline, const char *param)
{
	size_t len = strlen(param);

	for (const char *at = cmdline; at && (at = strstr(at, param)); at += len)
		if ((at == cmdline || at[-1] == ' ') && (!at[len] || at[len] == ' '))
			return true;
	return false;
}

static int see_entry(const char *name, void *arg)
{
	(void)name;
	*(bool *)arg = true;
	return 1;
}

/* A directory without any entry is only where a file system would be mounted. */
static void add_mount(struct clause *clause, const struct lt_root *root)
{
	bool has_entries = false;
	int err = lt_root_list(root, "/sys/kernel/debug", see_entry, &has_entries);

	if (err == -ENOMEM)
		clause->text = NULL;
	else if (!has_entries)
		add(clause, "mount -t debugfs none /sys/kernel/debug");
}

static void add_missing(struct clause *clause, const struct lt_snapshot *snap,
			const struct lt_source *source)
{
	for (size_t i = 0; i < LT_OPTIONS_MAX && source->options[i]; i++)
		if (!is_set(&snap->kernel, source->options[i]))
			add(clause, lt_strings_format(clause->strings, "CONFIG_%s=y",
						      source->options[i]));
	if (source->param && !is_booted_with(snap->kernel.cmdline, source->param))
		add(clause, lt_strings_format(clause->strings, "%s on the kernel command line",
					      source->param));
	if (source->is_in_debugfs)
		add_mount(clause, snap->root);
}

const char *lt_source_enable(const struct lt_snapshot *snap, const struct lt_source *source,
			     enum lt_status status)
{
	struct clause clause = { .strings = snap->strings, .text = "" };

	if (status == LT_STATUS_ABSENT)
		add_missing(&clause, snap, source);
	return !clause.text || clause.text[0] ? clause.text : source->enable;
}
