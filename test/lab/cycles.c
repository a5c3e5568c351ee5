// SPDX-License-Identifier: GPL-2.0-or-later
/* cycles NR: so many times pins a few pages by /dev/ltpin, each way in turn, and unpins them. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../lib/uapi/ltpin_ioctl.h"

#define NR_PAGES 4

/* A pin may find a page that is just being moved: -ENOMEM, and the next one gets it. */
static int cycle(int fd, struct ltpin_ioc_pin *arg)
{
	if (ioctl(fd, LTPIN_IOC_PIN, arg))
		return errno == ENOMEM ? 0 : -1;
	return ioctl(fd, LTPIN_IOC_UNPIN, &arg->id) ? -1 : 1;
}

int main(int argc, char **argv)
{
	long nr = argc == 2 ? atol(argv[1]) : 0, nr_done = 0;
	int fd = open("/dev/ltpin", O_RDWR);
	char *map = mmap(NULL, NR_PAGES * sysconf(_SC_PAGESIZE), PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (fd < 0 || map == MAP_FAILED) {
		perror("cycles");
		return 2;
	}
	for (long i = 0; nr_done < nr && i < 2 * nr; i++) {
		struct ltpin_ioc_pin arg = {
			.addr = (uintptr_t)map,
			.nr_pages = NR_PAGES,
			.flags = i % (2 * LTPIN_PIN_FAST),
		};
		int done = cycle(fd, &arg);

		if (done < 0) {
			perror("cycles");
			return 2;
		}
		nr_done += done;
	}
	printf("%ld\n", nr_done);
	return nr_done == nr ? 0 : 1;
}
