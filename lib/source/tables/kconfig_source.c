// SPDX-License-Identifier: LGPL-2.1-or-later
/* Finds the configuration of this kernel, packed or not, and reads it. */
#include "source/tables/kconfig.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array_size.h"
#include "base/file.h"
#include "base/now.h"
#include "base/gzip.h"
#include "base/text.h"
#include "source/source.h"

/* A configuration has some 12,000 lines of 30 bytes. */
#define SIZE_MAX_UNPACKED ((size_t)16 * 1024 * 1024)

/*
 * "# Linux/arm64 6.6.30 Kernel Configuration": without what a build puts behind the number. A file that
 * somebody gave, or kept, may be another kernel's.
 */
static void check_release(const struct lt_buf *buf, const char *release, struct lt_diag *diag)
{
	struct lt_text text, line;
	struct lt_span arch, version;

	lt_text_init(&text, buf->data, buf->len);
	while (lt_text_line(&text, &line) && lt_text_literal(&line, "#")) {
		if (!lt_text_literal(&line, " Linux/") || !lt_text_word(&line, &arch) ||
		    !lt_text_literal(&line, " ") || !lt_text_word(&line, &version) ||
		    !lt_text_literal(&line, " Kernel Configuration"))
			continue;
		if (release && (strncmp(release, version.p, version.len) ||
				isdigit((unsigned char)release[version.len])))
			lt_diag_set(diag, "it is of Linux %.*s, the other files are of %.60s",
				    version.len < 60 ? (int)version.len : 60, version.p, release);
		return;
	}
}

/* Parse one file's contents into the model; takes over @buf. */
static int use_file(struct lt_snapshot *snap, const char *path, struct lt_buf buf,
		    struct lt_diag *diag)
{
	const char *arch = NULL;
	int err = 0;

	lt_diag_path(diag, path);
	if (lt_gzip_is(buf.data, buf.len)) {
		struct lt_buf packed = buf;

		buf.data = NULL;
		err = lt_gunzip(packed.data, packed.len, SIZE_MAX_UNPACKED, &buf, diag);
		free(packed.data);
	}
	if (!err)
		err = lt_kconfig_parse(buf.data, buf.len, snap->strings, &snap->kernel.options,
				       &arch, diag);
	if (!err)
		check_release(&buf, snap->kernel.release, diag);
	free(buf.data);
	if (err)
		return err;
	if (!snap->kernel.arch)
		snap->kernel.arch = arch;
	lt_diag_note(diag, "from %s", path);
	return 0;
}

/* A file that the user named must be there: it is never just "absent". */
static int read_named(struct lt_snapshot *snap, const char *path, struct lt_diag *diag)
{
	const uint64_t start_ns = lt_now_ns();
	struct lt_buf buf;
	int err = lt_file_read(path, &buf);

	if (!err) {
		lt_root_keep(snap->root, "/boot/config", 0, &buf, start_ns);
		return use_file(snap, path, buf, diag);
	}
	lt_diag_path(diag, path);
	lt_diag_set(diag, "%s", strerror(-err));
	return err == -ENOENT ? -EINVAL : err;
}

static int read_kconfig(struct lt_snapshot *snap, struct lt_diag *diag)
{
	const char *release = snap->kernel.release ? snap->kernel.release : "";
	char with_release[300];
	const char *const paths[] = { "/proc/config.gz", with_release, "/boot/config" };
	int err = -ENOENT;

	if (snap->options.kconfig)
		return read_named(snap, snap->options.kconfig, diag);
	snprintf(with_release, sizeof(with_release), "/boot/config-%s", release);
	for (size_t i = 0; i < ARRAY_SIZE(paths) && err == -ENOENT; i++) {
		struct lt_buf buf;

		err = lt_root_read(snap->root, paths[i], &buf);
		if (!err)
			return use_file(snap, paths[i], buf, diag);
		if (err != -ENOENT)
			lt_diag_path(diag, paths[i]);
	}
	return err;
}

const struct lt_source lt_source_kconfig = {
	.name = "kconfig",
	.where = "/proc/config.gz",
	.proves = "which kernel options this kernel was built with",
	.options = { "IKCONFIG_PROC" },
	.also = "or give the file with --kconfig FILE",
	.stage = LT_STAGE_TABLES,
	.pace = LT_PACE_NEVER,
	.read = read_kconfig,
};
