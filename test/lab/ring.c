// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ring NAME NR_PAGES - a process that pins its memory for long, as a buffer of an io_uring
 *
 * Prints "PFN 0x... VADDR 0x..." for each page, pinned where it then is, and "ready";
 * lets go at the end of its standard input.
 */
#include <fcntl.h>
#include <linux/io_uring.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static void check(int ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	exit(2);
}

int main(int argc, char **argv)
{
	struct io_uring_params params = { 0 };
	size_t page_size = (size_t)sysconf(_SC_PAGESIZE), nr_pages;
	struct iovec iov;
	char *memory, end;
	int ring, pagemap;

	check(argc == 3, "usage: ring NAME NR_PAGES");
	nr_pages = strtoul(argv[2], NULL, 10);
	prctl(PR_SET_NAME, argv[1]);
	memory = mmap(NULL, nr_pages * page_size, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	check(memory != MAP_FAILED, "mmap");
	memset(memory, 1, nr_pages * page_size);
	iov = (struct iovec){ memory, nr_pages * page_size };
	ring = (int)syscall(SYS_io_uring_setup, 1, &params);
	check(ring >= 0, "io_uring_setup");
	check(!syscall(SYS_io_uring_register, ring, IORING_REGISTER_BUFFERS, &iov, 1),
	      "io_uring_register");
	pagemap = open("/proc/self/pagemap", O_RDONLY);
	for (size_t i = 0; i < nr_pages; i++) {
		uintptr_t addr = (uintptr_t)memory + i * page_size;
		uint64_t entry = 0;

		check(pread(pagemap, &entry, sizeof(entry),
			    (off_t)(addr / page_size * sizeof(entry))) == sizeof(entry),
		      "pagemap");
		printf("PFN 0x%llx VADDR 0x%lx\n",
		       (unsigned long long)(entry & ((UINT64_C(1) << 55) - 1)),
		       (unsigned long)addr);
	}
	puts("ready");
	fflush(stdout);
	while (read(STDIN_FILENO, &end, 1) > 0)
		;
	return 0;
}
