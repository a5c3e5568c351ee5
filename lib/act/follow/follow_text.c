// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * trace_pipe: the events of all processors in the order of time, as text that the kernel
 * formats. Each read gives whole events and takes them out of the buffer.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "act/follow/follow_reader.h"

/* The kernel gives a page at most, 8 KiB from 6.8 on. */
#define READ_SIZE 16384

/* Of one call, lest a storm of events keeps it for ever. */
#define NR_READS_MAX 256

struct text_reader {
	int fd;
	char buf[READ_SIZE];
};

static int open_text(const struct lt_trace_instance *instance,
		     const struct lt_follow_options *options, void **state, struct lt_diag *diag)
{
	struct text_reader *reader = malloc(sizeof(*reader));

	(void)options;
	(void)diag;
	if (!reader)
		return -ENOMEM;
	reader->fd = openat(lt_trace_instance_dir(instance), "trace_pipe",
			    O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (reader->fd < 0) {
		int err = -errno;

		free(reader);
		return err;
	}
	*state = reader;
	return 0;
}

static int fd_text(const void *state)
{
	const struct text_reader *reader = state;

	return reader->fd;
}

static int read_text(void *state, struct lt_strings *strings, struct lt_stacks *stacks,
		     const struct lt_trace_sink *sink, struct lt_diag *diag)
{
	struct text_reader *reader = state;

	for (int i = 0; i < NR_READS_MAX; i++) {
		ssize_t len = read(reader->fd, reader->buf, sizeof(reader->buf));
		int err = len < 0 ? -errno : 0;

		if (err == -EINTR)
			continue;
		if (err == -EAGAIN || !len)
			return 0;
		if (!err)
			err = lt_trace_text_parse(reader->buf, (size_t)len, strings, stacks, sink,
						  diag);
		if (err)
			return err;
	}
	return 0;
}

static void close_text(void *state)
{
	struct text_reader *reader = state;

	if (reader)
		close(reader->fd);
	free(reader);
}

const struct lt_follow_reader_type lt_follow_text = {
	.name = "text",
	.open = open_text,
	.fd = fd_text,
	.read = read_text,
	.close = close_text,
};
