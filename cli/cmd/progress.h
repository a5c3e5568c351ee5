/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_CMD_PROGRESS_H
#define CLI_CMD_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A line on standard error that says what takes so long: on a terminal only, after a second. */
struct progress {
	bool is_shown;	   /* a line stands there */
	uint64_t began_ms; /* 0 before the first call */
	uint64_t shown_ms;
};

/* The callback of struct lt_snapshot_options; @arg is the struct progress. */
void progress_report(void *arg, const char *what, size_t nr_done, size_t nr_all);

/* Such a line for who knows that it is a terminal: it is written over the last, and erased. */
void progress_line(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void progress_erase(void);

/* Take the line away. */
void progress_end(struct progress *progress);

#endif
