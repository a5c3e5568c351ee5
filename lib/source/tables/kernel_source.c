// SPDX-License-Identifier: LGPL-2.1-or-later
/* Asks the running system which kernel it is, or reads what a capture says. */
#include "source/tables/kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/errno_name.h"
#include "base/file.h"
#include "base/meta.h"
#include "base/text.h"
#include "source/source.h"

#define PIECE_LEN ((size_t)64 * 1024)

/* The only line of a file, interned; NULL in @out if it is empty. */
static int read_line(struct lt_snapshot *snap, const char *path, const char **out)
{
	struct lt_text text, line;
	struct lt_buf buf;
	int err = lt_root_read(snap->root, path, &buf);

	if (err)
		return err;
	lt_text_init(&text, buf.data, buf.len);
	*out = NULL;
	if (lt_text_line(&text, &line)) {
		*out = lt_strings_span(snap->strings, lt_text_rest(&line));
		err = *out ? 0 : -ENOMEM;
	}
	free(buf.data);
	return err;
}

static int ask_system(struct lt_strings *strings, struct lt_kernel *kernel)
{
	long page_size = sysconf(_SC_PAGESIZE);
	struct utsname uts;

	if (uname(&uts))
		return -errno;
	kernel->release = lt_strings_add(strings, uts.release, strlen(uts.release));
	kernel->arch = lt_strings_add(strings, uts.machine, strlen(uts.machine));
	if (page_size > 0)
		kernel->page_size = lt_num((uint64_t)page_size);
	return kernel->release && kernel->arch ? 0 : -ENOMEM;
}

/* What META of a captured tree tells, which is what uname(2) and sysconf(3) said there. */
static int copy_meta(struct lt_strings *strings, const struct lt_meta *meta,
		     struct lt_kernel *kernel)
{
	kernel->release = lt_strings_restore(strings, meta->release);
	kernel->arch = lt_strings_restore(strings, meta->arch);
	kernel->page_size = meta->page_size;
	return (meta->release && !kernel->release) || (meta->arch && !kernel->arch) ? -ENOMEM : 0;
}

static int read_release(struct lt_snapshot *snap, struct lt_kernel *kernel, struct lt_diag *diag)
{
	const struct lt_meta *meta = lt_root_meta(snap->root);
	struct lt_buf buf;
	int err = meta ? copy_meta(snap->strings, meta, kernel) : 0;

	if (err || kernel->release)
		return err;
	err = lt_root_read(snap->root, "/proc/version", &buf);
	if (err && err != -ENOENT)
		lt_diag_unread_file(diag, "/proc/version", err);
	if (err)
		return err == -ENOMEM
			       ? err
			       : read_line(snap, "/proc/sys/kernel/osrelease", &kernel->release);
	lt_diag_path(diag, "/proc/version");
	err = lt_version_parse(buf.data, buf.len, snap->strings, &kernel->release, diag);
	free(buf.data);
	return err;
}

static int open_log(const struct lt_snapshot *snap)
{
	if (!snap->options.dmesg)
		return lt_root_openat(snap->root, "/dmesg.txt", O_RDONLY);
	return strcmp(snap->options.dmesg, "-") ? lt_file_open(snap->options.dmesg) : -ENOENT;
}

/* Closes @fd. A log may be longer than memory. */
static int search_log(int fd, struct lt_version_search *search)
{
	char *piece = malloc(PIECE_LEN);
	int err = piece ? 0 : -ENOMEM;
	size_t nr_kept = 0;
	ssize_t n = 0;

	while (piece && (n = read(fd, piece + nr_kept, PIECE_LEN - nr_kept)) != 0) {
		size_t len = nr_kept + (size_t)n;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		lt_version_search(search, piece, len);
		nr_kept = len < LT_VERSION_OVERLAP ? len : LT_VERSION_OVERLAP;
		memmove(piece, piece + len - nr_kept, nr_kept);
	}
	if (n < 0)
		err = -errno;
	close(fd);
	free(piece);
	return err;
}

/*
 * The log of a captured system says too which kernel it is of: what is missing, or that files of
 * two kernels were put together.
 */
static int ask_log(struct lt_snapshot *snap, struct lt_kernel *kernel, struct lt_diag *diag)
{
	struct lt_version_search search = { 0 };
	int fd = open_log(snap);
	int err = fd < 0 ? fd : search_log(fd, &search);

	/* Who reads the log reports why it is denied, or too long. */
	if (err == -ENOENT || err == -EACCES || err == -EPERM || err == -EFBIG ||
	    err == -LT_ELEFTOUT || err == -EINVAL)
		err = 0;
	if (err && err != -ENOMEM) {
		lt_diag_unread_file(diag, "/dmesg.txt", err);
		err = 0;
	}
	if (err || !search.release[0])
		return err;
	if (kernel->release) {
		if (strcmp(kernel->release, search.release))
			lt_diag_set(diag, "the log is of Linux %.60s, the other files are of %.60s",
				    search.release, kernel->release);
		return 0;
	}
	kernel->release = lt_strings_add(snap->strings, search.release, strlen(search.release));
	return kernel->release ? 0 : -ENOMEM;
}

/* META says what uname() would: where it was not read, that is missing. */
static void report_meta(const struct lt_root *root, struct lt_diag *diag)
{
	const char *unread = lt_root_meta_unread(root);
	struct lt_diag own = { 0 };

	if (!unread)
		return;
	lt_diag_set(&own, "%s", unread);
	lt_diag_mark_unread(&own);
	lt_diag_merge(diag, &own);
}

static int read_kernel(struct lt_snapshot *snap, struct lt_diag *diag)
{
	struct lt_kernel found = snap->kernel;
	int err = lt_root_is_live(snap->root) ? ask_system(snap->strings, &found)
					      : read_release(snap, &found, diag);
	int cmdline_err = read_line(snap, "/proc/cmdline", &found.cmdline);
	int log_err = err && err != -ENOENT ? 0 : ask_log(snap, &found, diag);

	if (err == -ENOMEM || cmdline_err == -ENOMEM || log_err)
		return -ENOMEM;
	if (err == -ENOENT && found.release)
		err = 0;
	if (err == -ENOENT && (cmdline_err != -ENOENT || found.page_size.known))
		lt_diag_set(diag, "no /proc/version: the release is not known");
	else if (err)
		return err;
	if (cmdline_err)
		lt_diag_unread_file(diag, "/proc/cmdline", cmdline_err);
	report_meta(snap->root, diag);
	snap->kernel = found;
	return 0;
}

const struct lt_source lt_source_kernel = {
	.name = "kernel",
	.where = "/proc/version",
	.proves = "which kernel this is, and its command line",
	.options = { "PROC_FS" },
	.mount = LT_MOUNT_PROC,
	.stage = LT_STAGE_TABLES,
	.pace = LT_PACE_ALWAYS,
	.read = read_kernel,
};
