// SPDX-License-Identifier: LGPL-2.1-or-later
/* Opens and reads files whose size is not known before. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
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

int lt_file_open_nameless(const char *dir)
{
	const char *temp = getenv("TMPDIR");
	int fd;

	if (!dir)
		dir = temp && *temp ? temp : "/tmp";
	fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd < 0)
		fd = memfd_create("ltpin", MFD_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int lt_file_write_all(int fd, const void *bytes, size_t len)
{
	const char *data = bytes;

	while (len) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

static int copy(int from, int to, uint64_t max)
{
	char block[16384];
	uint64_t len = 0;
	int err = 0;

	while (!err) {
		ssize_t n = read(from, block, sizeof(block));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : 0;
		len += (uint64_t)n;
		err = len > max ? -EFBIG : lt_file_write_all(to, block, (size_t)n);
	}
	return err;
}

int lt_file_open_seekable(const char *path, uint64_t max)
{
	int fd = lt_file_open(path), to, err;
	struct stat st;

	if (fd < 0)
		return fd;
	err = fstat(fd, &st) ? -errno : 0;
	if (!err && (S_ISDIR(st.st_mode) || (S_ISREG(st.st_mode) && !lseek(fd, 0, SEEK_CUR))))
		return fd;
	to = err ? err : lt_file_open_nameless(NULL);
	if (to >= 0) {
		err = copy(fd, to, max);
		if (!err && lseek(to, 0, SEEK_SET) < 0)
			err = -errno;
		if (err)
			close(to);
	}
	close(fd);
	return err ? err : to;
}

FILE *lt_file_stream(int fd)
{
	int copy = dup(fd), err;
	FILE *in = copy < 0 || lseek(copy, 0, SEEK_SET) ? NULL : fdopen(copy, "r");

	if (in || copy < 0)
		return in;
	err = errno;
	close(copy);
	errno = err;
	return NULL;
}

int lt_file_put(int fd, off_t from, off_t to, FILE *out)
{
	char block[16384];
	ssize_t n = 0;

	while (from < to) {
		size_t wanted =
			to - from < (off_t)sizeof(block) ? (size_t)(to - from) : sizeof(block);

		n = pread(fd, block, wanted, from);
		if (n <= 0)
			break;
		errno = 0;
		if (fwrite(block, 1, (size_t)n, out) != (size_t)n)
			return errno ? -errno : -EIO;
		from += n;
	}
	return n < 0 ? -errno : 0;
}
