// SPDX-License-Identifier: GPL-2.0-only
/* Whatever happens, nothing stays pinned or allocated. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client.h"
#include "system.h"
#include "tap.h"
#include "tests.h"

/* A child with its own descriptor pins and allocates, then meets its end. */
static void test_death(int sig)
{
	int ready[2], err = -EPIPE;
	pid_t pid;

	if (pipe(ready))
		bail("pipe");
	pid = fork();
	if (pid < 0)
		bail("fork");
	if (!pid) {
		int fd = open_device();
		char *p = map_pages(1000, false);

		err = pin(fd, p, 1000, LTPIN_PIN_LONGTERM | LTPIN_PIN_WRITE, NULL, NULL);
		if (!err)
			err = alloc(fd, 2000, 0, 0, NULL, NULL);
		if (write(ready[1], &err, sizeof(err)) != sizeof(err) || err)
			_exit(1);
		if (sig)
			pause();
		_exit(0);
	}
	close(ready[1]); /* else a child that dies leaves us waiting for it */
	if (read(ready[0], &err, sizeof(err)) != sizeof(err))
		bail("child");
	is(err, 0, "a child pins and allocates");
	if (sig) {
		is(get_info().pinned, 1000, "a child pins");
		kill(pid, sig);
	}
	waitpid(pid, NULL, 0);
	nothing_held(sig ? "after SIGKILL" : "after exit");
	close(ready[0]);
}

/* The last copy of the descriptor counts, and the pins outlive the mapping. */
static void test_lifetime(void)
{
	int fd = open_device(), copy = dup(fd);
	char *p = map_pages(4, true);
	uint64_t pfns[4];

	is(pin(fd, p, 4, LTPIN_PIN_WRITE, pfns, NULL), 0, "pin");
	unmap_pages(p, 4);
	is(page_state(pfns[2]).pins, 1, "pinned after munmap");
	is(page_state(pfns[2]).mapcount, 0, "but not mapped");
	close(fd);
	is(get_info().pinned, 4, "a copy of the descriptor keeps it");
	close(copy);
	nothing_held("after the last close");
}

struct racer {
	pthread_t thread;
	int fd;
	char *pages;
	volatile uint32_t *ids; /* shared by all */
	unsigned int seed;
	unsigned int nr_pins, nr_unpins;
};

#define NR_RACERS 4
#define NR_IDS 8

static void *race(void *data)
{
	struct racer *racer = data;

	for (int i = 0; i < 3000; i++) {
		uint32_t id, slot = rand_r(&racer->seed) % NR_IDS;

		if (rand_r(&racer->seed) % 2) {
			if (!pin(racer->fd, racer->pages, 1 + slot, LTPIN_PIN_FAST, NULL, &id)) {
				racer->nr_pins++;
				racer->ids[slot] = id;
			}
		} else if (!unpin(racer->fd, racer->ids[slot])) {
			racer->nr_unpins++;
		}
	}
	return NULL;
}

static void test_threads(void)
{
	struct racer racers[NR_RACERS];
	uint32_t ids[NR_IDS] = { 0 };
	char *p = map_pages(NR_IDS, true);
	int fd = open_device();
	unsigned int nr_pins = 0, nr_unpins = 0;
	long long left = 0;
	struct list list;

	for (int i = 0; i < NR_RACERS; i++) {
		racers[i] = (struct racer){ .fd = fd, .pages = p, .ids = ids, .seed = i + 1 };
		pthread_create(&racers[i].thread, NULL, race, &racers[i]);
	}
	for (int i = 0; i < NR_RACERS; i++) {
		pthread_join(racers[i].thread, NULL);
		nr_pins += racers[i].nr_pins;
		nr_unpins += racers[i].nr_unpins;
	}
	list = get_list(NULL);
	left = nr_pins - nr_unpins;
	ok(list.nr_holds == left, "threads: %u pins, %u unpins, %u left", nr_pins, nr_unpins,
	   list.nr_holds);
	close(fd);
	unmap_pages(p, NR_IDS);
	nothing_held("after the threads");
}

/*
 * What 10000 pins and unpins leave behind. Free memory alone does not tell,
 * since pages wait on per-CPU lists; what leaks here is slabs, or pages that
 * are free no more after a while.
 */
static void test_endurance(void)
{
	char *p = map_pages(16, true);
	long long before, after, slab, failed = 0;
	uint32_t id;

	settle();
	before = number_in("/proc/meminfo", "MemFree");
	slab = number_in("/proc/meminfo", "Slab");
	for (int i = 0; i < 10000; i++) {
		uint32_t flags = i % 2 ? LTPIN_PIN_FAST | LTPIN_PIN_LONGTERM : LTPIN_PIN_LONGTERM;

		failed += pin(device, p, 16, flags, NULL, &id) || unpin(device, id);
	}
	is(failed, 0, "10000 pins and unpins");
	slab = number_in("/proc/meminfo", "Slab") - slab;
	ok(slab < 512, "slabs grew by %lld KiB", slab);
	for (int i = 0; i < 30; i++) {
		after = number_in("/proc/meminfo", "MemFree");
		if (before - after < 1024)
			break;
		settle();
		usleep(100000);
	}
	ok(before - after < 1024, "free memory before %lld, after %lld KiB", before, after);
	unmap_pages(p, 16);
	nothing_held("after 10000 pins");
}

static void test_unload(void)
{
	is(syscall(SYS_delete_module, "ltpin", O_NONBLOCK) ? -errno : 0, -EAGAIN,
	   "unloading is refused while a descriptor is open");
}

void test_ends(void)
{
	test_death(SIGKILL);
	test_death(0);
	test_lifetime();
	test_threads();
	test_endurance();
	test_unload();
}
