// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints the version, and which optional parts this program was built with. */
#include <stdio.h>

#include "base/array_size.h"
#include "cmd/cmd.h"

#ifdef HAVE_ARCHIVE
#define HAS_ARCHIVE true
#else
#define HAS_ARCHIVE false
#endif
#ifdef HAVE_JSON_C
#define HAS_JSON_C true
#else
#define HAS_JSON_C false
#endif
#ifdef HAVE_KMOD
#define HAS_KMOD true
#else
#define HAS_KMOD false
#endif
#ifdef HAVE_MNL
#define HAS_MNL true
#else
#define HAS_MNL false
#endif
#ifdef HAVE_NCURSESW
#define HAS_NCURSES true
#else
#define HAS_NCURSES false
#endif
#if defined(HAVE_PROC2) || defined(HAVE_PROCPS)
#define HAS_PROCPS true
#else
#define HAS_PROCPS false
#endif
#ifdef HAVE_SECCOMP
#define HAS_SECCOMP true
#else
#define HAS_SECCOMP false
#endif
#ifdef HAVE_SMARTCOLS
#define HAS_SMARTCOLS true
#else
#define HAS_SMARTCOLS false
#endif
#ifdef HAVE_TRACEFS
#define HAS_TRACEFS true
#else
#define HAS_TRACEFS false
#endif
#ifdef HAVE_ZLIB
#define HAS_ZLIB true
#else
#define HAS_ZLIB false
#endif

/* By the names that configure has for them: --with-NAME. */
static const struct {
	const char *name;
	bool is_built;
	const char *what;
} parts[] = {
	{ "archive", HAS_ARCHIVE, "bundles: `capture -o`, `report FILE.tar.gz`" },
	{ "jsonc", HAS_JSON_C, "reading JSON: captures, saved attempts and self-tests" },
	{ "kmod", HAS_KMOD, "`module load`, `module unload`" },
	{ "mnl", HAS_MNL, "page states from the helper module" },
	{ "ncurses", HAS_NCURSES, "`top` on a full screen; `top --once` needs nothing" },
	{ "procps", HAS_PROCPS, "the list of processes from libproc2 or libprocps" },
	{ "seccomp", HAS_SECCOMP, "captures are read with the system calls of a reader alone" },
	{ "smartcols", HAS_SMARTCOLS, "tables from libsmartcols" },
	{ "tracefs", HAS_TRACEFS, "live traces in binary form" },
	{ "zlib", HAS_ZLIB, "compressed files, /proc/config.gz among them" },
};

void cmd_version(FILE *out)
{
	fputs("ltpin " PACKAGE_VERSION "\n", out);
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		fprintf(out, "  %c%-10s %s\n", parts[i].is_built ? '+' : '-', parts[i].name,
			parts[i].what);
#ifdef STATIC
	fputs("Statically linked with " STATIC_WITH ".\n", out);
#endif
}
