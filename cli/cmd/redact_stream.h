/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_CMD_REDACT_STREAM_H
#define CLI_CMD_REDACT_STREAM_H

#include <stdio.h>

#include "base/compiler.h"
#include "cmd/cmd.h"

struct lt_redact;

/*
 * For what is written while things happen, of which nobody has a capture: each line that is written
 * to @file goes on without the names that @redact has learnt by then. The same name has one
 * placeholder in all lines.
 */
struct redact_stream {
	struct lt_redact *redact;
	FILE *file;
	/* private */
	FILE *out;
	char *line; /* what is written and has no end yet */
	size_t len, room;
	int err; /* the first write that failed: negative errno */
};

/* Lines go to @out, which stays the caller's. 0 or -ENOMEM. */
int redact_stream_open(struct redact_stream *stream, FILE *out) __must_check;

/* What a line break has not ended goes on now. 0, or negative errno of a write that failed. */
int redact_stream_close(struct redact_stream *stream) __must_check;

#endif
