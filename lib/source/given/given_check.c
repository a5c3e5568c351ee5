// SPDX-License-Identifier: LGPL-2.1-or-later
/* Answers what a file that was named is, before it is read. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/archive.h"
#include "base/file.h"
#include "source/given/given.h"
#include "source/given/kind_file.h"
#include "source/given/refusal.h"

int lt_given_check(const char *path, const char *wanted, struct lt_given_why *why)
{
	const struct lt_given_name safe =
		lt_given_name_of(strcmp(path, "-") ? path : "standard input");
	const char *name = safe.text;
	int fd = lt_file_open_seekable(path, LT_ARCHIVE_SIZE_MAX);
	const struct lt_kind *kind = NULL;
	int err = fd < 0 ? fd : lt_kind_of_file(fd, true, &kind);

	why->text[0] = '\0';
	if (!err && !kind && wanted)
		err = lt_given_refuse_unknown(why, name, fd);
	if (!err && kind && (kind->use == LT_KIND_UNREADABLE || kind->use == LT_KIND_REPORT))
		err = lt_given_refuse_kind(why, name, kind);
	if (!err && kind && wanted && (!kind->path || strcmp(kind->path, wanted))) {
		lt_given_say(why, "cannot read %s: it is %s: give it without the option", name,
			     kind->name);
		err = -EBADMSG;
	}
	if (err && err != -ENOMEM && !why->text[0])
		lt_given_say(why, "cannot read %s: %s", name, strerror(-err));
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
	if (!lt_kind_of_file(fd, false, &kind))
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
	if (!lt_kind_of_file(fd, false, &kind))
		is_packed = kind && kind->use == LT_KIND_PACKED;
	close(fd);
	return is_packed;
}
