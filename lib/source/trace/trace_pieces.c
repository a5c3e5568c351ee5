// SPDX-License-Identifier: LGPL-2.1-or-later
/* Cuts a text trace between its events: one may have a stack, or a name with a newline in it. */
#include "source/trace/trace_pieces.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/root.h"
#include "source/trace/trace_text.h"

#define SIZE_MIN ((size_t)256 * 1024)

struct pieces {
	char *buf;
	size_t len, size;
	bool is_at_end;
};

static int grow(struct pieces *pieces)
{
	size_t size = pieces->size ? pieces->size * 2 : SIZE_MIN;
	char *grown = size > LT_ROOT_READ_MAX ? NULL : realloc(pieces->buf, size);

	if (!grown)
		return size > LT_ROOT_READ_MAX ? -EFBIG : -ENOMEM;
	pieces->buf = grown;
	pieces->size = size;
	return 0;
}

static int fill(struct pieces *pieces, int fd)
{
	while (pieces->len < pieces->size && !pieces->is_at_end) {
		ssize_t n = read(fd, pieces->buf + pieces->len, pieces->size - pieces->len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		pieces->len += (size_t)n;
		pieces->is_at_end = !n;
	}
	return 0;
}

/* Up to the last whole line that an event may begin in; 0 if that is the first. */
static size_t last_begin(const struct pieces *pieces)
{
	const char *end = memrchr(pieces->buf, '\n', pieces->len), *before;

	for (; end && (before = memrchr(pieces->buf, '\n', (size_t)(end - pieces->buf)));
	     end = before) {
		struct lt_text line;

		lt_text_init(&line, before + 1, (size_t)(end - before) - 1);
		if (lt_trace_text_may_begin(line))
			return (size_t)(before + 1 - pieces->buf);
	}
	return 0;
}

/* The length of the next piece, which then is in @pieces; 0 at the end, or negative errno. */
static ssize_t next(struct pieces *pieces, int fd)
{
	size_t len = 0;

	while (!len) {
		int err = pieces->len == pieces->size ? grow(pieces) : 0;

		if (!err)
			err = fill(pieces, fd);
		if (err)
			return err;
		len = pieces->is_at_end ? pieces->len : last_begin(pieces);
		if (pieces->is_at_end)
			break;
	}
	return (ssize_t)len;
}

int lt_trace_pieces_read(int fd, int (*fn)(const char *buf, size_t len, void *arg), void *arg)
{
	struct pieces pieces = { 0 };
	ssize_t len;
	int err = 0;

	while (!err && (len = next(&pieces, fd)) > 0) {
		err = fn(pieces.buf, (size_t)len, arg);
		pieces.len -= (size_t)len;
		memmove(pieces.buf, pieces.buf + len, pieces.len);
	}
	free(pieces.buf);
	return err ? err : (int)len;
}
