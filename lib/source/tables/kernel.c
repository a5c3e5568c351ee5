// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Which kernel it is. The running one tells through uname(2) and sysconf(3),
 * which a capture keeps in META; any other captured tree tells through
 *
 *	/proc/version			"Linux version" RELEASE ...
 *	/proc/sys/kernel/osrelease	RELEASE
 *
 * and its architecture and page size must be got elsewhere (kconfig.c,
 * lt_kernel_infer_page_size()). /proc/cmdline is one line, in both.
 * Fixtures: v5.10-arm64, v6.1-armhf, v6.12-x86-custom; v5.10-x86-custom-cmaheavy
 * lacks /proc/version, the *-cma-failure ones all of it.
 */
#include "source/tables/kernel.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/meta.h"
#include "base/text.h"
#include "source/source.h"

int lt_version_parse(const char *buf, size_t len, struct lt_strings *strings, const char **release,
		     struct lt_diag *diag)
{
	struct lt_text text, line;
	struct lt_span word;
	const char *found;

	lt_text_init(&text, buf, len);
	line = text;
	if (!lt_text_line(&text, &line) || !lt_text_literal(&line, "Linux version ") ||
	    !lt_text_word(&line, &word) || lt_text_at_end(&line))
		return lt_text_fail(&line, diag, "expected \"Linux version RELEASE ...\"");
	found = lt_strings_span(strings, word);
	if (!found)
		return -ENOMEM;
	*release = found;
	return 0;
}

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
static int take_meta(struct lt_strings *strings, const struct lt_meta *meta,
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
	int err = meta ? take_meta(snap->strings, meta, kernel) : 0;

	if (err || kernel->release)
		return err;
	err = lt_root_read(snap->root, "/proc/version", &buf);
	if (err)
		return err == -ENOMEM ? err : read_line(snap, "/proc/sys/kernel/osrelease",
							&kernel->release);
	lt_diag_path(diag, "/proc/version");
	err = lt_version_parse(buf.data, buf.len, snap->strings, &kernel->release, diag);
	free(buf.data);
	return err;
}

static int read_kernel(struct lt_snapshot *snap, struct lt_diag *diag)
{
	struct lt_kernel found = snap->kernel;
	int err = lt_root_is_live(snap->root) ? ask_system(snap->strings, &found)
					      : read_release(snap, &found, diag);
	int cmdline_err = read_line(snap, "/proc/cmdline", &found.cmdline);

	if (err == -ENOMEM || cmdline_err == -ENOMEM)
		return -ENOMEM;
	if (err == -ENOENT && cmdline_err != -ENOENT)
		lt_diag_set(diag, "no /proc/version: the release is not known");
	else if (err)
		return err;
	if (cmdline_err)
		lt_diag_set(diag, "/proc/cmdline: %s", strerror(-cmdline_err));
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
