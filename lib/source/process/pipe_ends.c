// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Finds who has the ends of a pipe open.
 *
 * /proc/PID/fd/FD is a link to "pipe:[INODE]"; its permissions are those that the descriptor was
 * opened with: "l-wx------" is an end for writing (proc(5)). Pages that vmsplice(2) put into a pipe
 * stay where they are, with a reference, until somebody reads them or the last end is closed; what
 * write(2) put there are copies.
 */
#include "source/process/pipe_ends.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

static bool parse_link(const char *link, uint64_t *inode)
{
	struct lt_text text;

	lt_text_init(&text, link, strlen(link));
	return lt_text_literal(&text, "pipe:[") && lt_text_u64(&text, inode) &&
	       lt_text_literal(&text, "]") && lt_text_at_end(&text);
}

int lt_pipe_ends_add(struct lt_pipe_ends *ends, int dir, int pid, const char *fd, const char *link)
{
	struct lt_pipe_end *end;
	struct stat st;
	uint64_t inode;

	if (ends->nr >= LT_PIPE_ENDS_MAX || !parse_link(link, &inode) ||
	    fstatat(dir, fd, &st, AT_SYMLINK_NOFOLLOW))
		return 0;
	end = lt_vec_push(ends);
	if (!end)
		return -ENOMEM;
	*end = (struct lt_pipe_end){
		.inode = inode,
		.pid = pid,
		.fd = atoi(fd),
		.is_write = st.st_mode & S_IWUSR,
	};
	return 0;
}

const struct lt_pipe_end *lt_pipe_ends_reader(const struct lt_pipe_ends *ends, uint64_t inode,
					      int pid)
{
	const struct lt_pipe_end *found = NULL;

	lt_vec_each(end, ends)
		if (end->inode == inode && !end->is_write && (!found || found->pid == pid))
			found = end;
	return found;
}

/* The number of the descriptor may have been given to another file meanwhile. */
static bool is_pipe(int fd, uint64_t inode)
{
	struct stat st;

	return !fstat(fd, &st) && S_ISFIFO(st.st_mode) && st.st_ino == inode;
}

struct lt_num lt_pipe_end_unread(const struct lt_root *root, const struct lt_pipe_end *reader)
{
	char path[64];
	int fd, nr = 0;
	bool known;

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", reader->pid, reader->fd);
	fd = lt_root_openat(root, path, O_RDONLY | O_NONBLOCK);
	if (fd < 0)
		return (struct lt_num){ 0 };
	known = is_pipe(fd, reader->inode) && !ioctl(fd, FIONREAD, &nr) && nr >= 0;
	close(fd);
	return known ? lt_num((uint64_t)nr) : (struct lt_num){ 0 };
}
