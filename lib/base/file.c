// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

int lt_file_open(const char *path)
{
	int fd = strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC)
				   : fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);

	return fd < 0 ? -errno : fd;
}

int lt_file_read(const char *path, struct lt_buf *out)
{
	int fd = lt_file_open(path);
	int err;

	if (fd < 0)
		return fd;
	err = lt_fd_read(fd, out);
	close(fd);
	return err;
}
