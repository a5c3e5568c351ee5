// SPDX-License-Identifier: GPL-2.0-or-later
/* Passes lines on without the names that were learnt before they were written. */
#include "cmd/redact_stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/redact.h"

/* The whole lines of what is kept, or with @is_end all of it. 0 or negative errno. */
static int pass_on(struct redact_stream *stream, bool is_end)
{
	const char *last = stream->len ? memrchr(stream->line, '\n', stream->len) : NULL;
	size_t len = is_end ? stream->len : last ? (size_t)(last - stream->line) + 1 : 0;

	for (size_t at = 0; at < len;) {
		const char *line = stream->line + at, *end = memchr(line, '\n', len - at);
		size_t n = end ? (size_t)(end - line) + 1 : len - at;

		lt_redact_text(stream->redact, line, n, stream->out);
		at += n;
	}
	stream->len -= len;
	memmove(stream->line, stream->line + len, stream->len);
	errno = 0;
	if (fflush(stream->out) || ferror(stream->out))
		return -(errno ? errno : EIO);
	return lt_redact_error(stream->redact);
}

static ssize_t write_to(void *arg, const char *text, size_t len)
{
	struct redact_stream *stream = arg;

	errno = -stream->err;
	if (stream->err)
		return 0;
	if (stream->room - stream->len < len) {
		size_t room = (stream->len + len) * 2;
		char *line = realloc(stream->line, room);

		if (!line)
			return 0; /* errno says why */
		stream->line = line;
		stream->room = room;
	}
	memcpy(stream->line + stream->len, text, len);
	stream->len += len;
	stream->err = pass_on(stream, false);
	errno = -stream->err;
	return stream->err ? 0 : (ssize_t)len;
}

int redact_stream_open(struct redact_stream *stream, FILE *out)
{
	const cookie_io_functions_t calls = { .write = write_to };

	*stream = (struct redact_stream){ .redact = lt_redact_new(), .out = out };
	stream->line = malloc(BUFSIZ);
	stream->room = BUFSIZ;
	if (stream->redact && stream->line)
		stream->file = fopencookie(stream, "w", calls);
	if (stream->file)
		return 0;
	lt_redact_free(stream->redact);
	free(stream->line);
	*stream = (struct redact_stream){ 0 };
	return -ENOMEM;
}

int redact_stream_close(struct redact_stream *stream)
{
	int err;

	if (!stream->file)
		return 0;
	errno = 0;
	err = fclose(stream->file) ? -(errno ? errno : EIO) : 0;
	if (stream->err)
		err = stream->err;
	if (!err)
		err = pass_on(stream, true);
	lt_redact_free(stream->redact);
	free(stream->line);
	*stream = (struct redact_stream){ 0 };
	return err;
}
