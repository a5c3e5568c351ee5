// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * dmabuf - two processes that hold dma-bufs in every way there is
 *
 *	dmabuf NAME OTHER
 *
 * NAME has three: one named "preview" that OTHER has open too, one without a
 * name that it has open twice, and one that it has mapped and then closed. It
 * prints a line for each of these that a process holds
 *
 *	PID COMM INODE BYTES BUFFER-NAME
 *
 * with "-" for no name, then "ready", and waits for the end of its standard
 * input. The exporter is udmabuf, which makes them of ordinary memory.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <linux/udmabuf.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void __attribute__((noreturn)) die(const char *what)
{
	perror(what);
	exit(2);
}

/* udmabuf wants memory that can no longer shrink. */
static int make(off_t nr_bytes, const char *name)
{
	int device = open("/dev/udmabuf", O_RDWR | O_CLOEXEC);
	int memory = memfd_create("dmabuf", MFD_ALLOW_SEALING | MFD_CLOEXEC);
	struct udmabuf_create create = { .memfd = memory, .size = nr_bytes };
	int fd;

	if (device < 0 || memory < 0)
		die("/dev/udmabuf");
	if (ftruncate(memory, nr_bytes) || fcntl(memory, F_ADD_SEALS, F_SEAL_SHRINK))
		die("memfd");
	fd = ioctl(device, UDMABUF_CREATE, &create);
	if (fd < 0)
		die("UDMABUF_CREATE");
	if (name && ioctl(fd, DMA_BUF_SET_NAME_B, name))
		die("DMA_BUF_SET_NAME");
	close(memory);
	close(device);
	return fd;
}

static void tell(pid_t pid, const char *comm, int fd, const char *name)
{
	struct stat st;

	if (fstat(fd, &st))
		die("fstat");
	printf("%d %s %llu %lld %s\n", (int)pid, comm, (unsigned long long)st.st_ino,
	       (long long)lseek(fd, 0, SEEK_END), name);
}

static void wait_for_end(void)
{
	char byte;

	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
}

int main(int argc, char **argv)
{
	const off_t page_size = sysconf(_SC_PAGESIZE);
	int shared, twice, mapped;
	volatile char *memory;
	pid_t child;

	if (argc != 3)
		return 2;
	prctl(PR_SET_NAME, argv[1]);
	shared = make(64 * page_size, "preview");
	child = fork();
	if (!child) {
		prctl(PR_SET_NAME, argv[2]);
		wait_for_end();
		return 0;
	}
	twice = make(256 * page_size, NULL);
	mapped = make(16 * page_size, "overlay");
	if (child < 0 || dup(twice) < 0)
		die("fork");
	memory = mmap(NULL, 16 * page_size, PROT_READ, MAP_SHARED, mapped, 0);
	if (memory == MAP_FAILED)
		die("mmap");
	(void)*memory;
	tell(getpid(), argv[1], shared, "preview");
	tell(child, argv[2], shared, "preview");
	tell(getpid(), argv[1], twice, "-");
	tell(getpid(), argv[1], mapped, "overlay");
	close(mapped);
	puts("ready");
	fflush(stdout);
	wait_for_end();
	return waitpid(child, NULL, 0) == child ? 0 : 2;
}
