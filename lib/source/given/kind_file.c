// SPDX-License-Identifier: LGPL-2.1-or-later
/* Finds the kind of a file: by its begin, by what is left of a pasted one, by a later line. */
#include "source/given/kind_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array_size.h"
#include "source/given/pasted.h"

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

int lt_kind_of_file(int fd, bool whole_file, const struct lt_kind **out)
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

bool lt_kind_is_read(const char *name, const struct lt_kind *kind)
{
	return kind && (kind->use == LT_KIND_TABLE || kind->use == LT_KIND_LOG) &&
	       is_trusted(name, kind);
}
