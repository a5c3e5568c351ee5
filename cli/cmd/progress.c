// SPDX-License-Identifier: GPL-2.0-or-later
/* Shows the progress of a long search, on a terminal only. */
#include "cmd/progress.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "base/now.h"

#define AFTER_MS 1000
#define EVERY_MS 200

#define ERASE_LINE "\r\033[K"

void progress_line(const char *fmt, ...)
{
	va_list args;

	fputs(ERASE_LINE, stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fflush(stderr);
}

void progress_erase(void)
{
	fputs(ERASE_LINE, stderr);
}

void progress_report(void *arg, const char *what, size_t nr_done, size_t nr_all)
{
	struct progress *progress = arg;
	uint64_t now_ms = lt_now_ms();

	if (!progress->began_ms)
		progress->began_ms = now_ms;
	if (now_ms - progress->began_ms < AFTER_MS || now_ms - progress->shown_ms < EVERY_MS ||
	    !isatty(STDERR_FILENO))
		return;
	fprintf(stderr, ERASE_LINE "%s: %zu of %zu", what, nr_done, nr_all);
	progress->is_shown = true;
	progress->shown_ms = now_ms;
}

void progress_end(struct progress *progress)
{
	if (progress->is_shown)
		progress_erase();
	progress->is_shown = false;
}
