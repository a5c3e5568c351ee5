// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A long-term pin of memory of the bad driver that is mapped here: pages of CMA that no LRU list ever
 * has. Prints what /dev/ltpin says to that, and to an ordinary pin; then the PFN of the first page.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../lib/uapi/ltpin_ioctl.h"

#define NR_PAGES 4

static uint64_t pfns[NR_PAGES];

static const char *pin(int fd, const char *at, uint32_t flags)
{
	struct ltpin_ioc_pin arg = {
		.addr = (uintptr_t)at,
		.pfns = (uintptr_t)pfns,
		.nr_pages = NR_PAGES,
		.flags = flags,
	};

	return ioctl(fd, LTPIN_IOC_PIN, &arg) ? strerrorname_np(errno) : "pinned";
}

int main(void)
{
	int driver = open("/dev/blocker", O_RDWR), ltpin = open("/dev/ltpin", O_RDWR);
	size_t size = NR_PAGES * sysconf(_SC_PAGESIZE);
	char *map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, driver, 0);

	if (driver < 0 || ltpin < 0 || map == MAP_FAILED) {
		perror("mapped");
		return 2;
	}
	printf("longterm %s\n", pin(ltpin, map, LTPIN_PIN_LONGTERM | LTPIN_PIN_WRITE));
	printf("fast %s\n", pin(ltpin, map, LTPIN_PIN_LONGTERM | LTPIN_PIN_FAST));
	printf("plain %s\n", pin(ltpin, map, LTPIN_PIN_WRITE));
	printf("pfn %llu\n", (unsigned long long)pfns[0]);
	close(ltpin); /* the pins go before the buffer does */
	return 0;
}
