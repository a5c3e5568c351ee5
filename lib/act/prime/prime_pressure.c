// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Primer "pressure", for where there is neither the helper module nor CMA
 * debugfs: a child faults in anonymous memory until the kernel serves it from
 * CMA, and then gives those pages back, on the CPU that is to take them. A zone
 * lends CMA pages once they are more than half of its free pages (rmqueue() and
 * __rmqueue() of 5.10 to 7.2), so most of the free memory has to be borrowed.
 *
 * Only memory that is free is borrowed, and never the last of it. If memory gets
 * short all the same, the child is the first that the kernel kills; and it does
 * not outlive us, whatever ends us.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <unistd.h>

#include "act/buffer/buffer.h"
#include "act/device/live.h"
#include "act/prime/prime.h"
#include "base/now.h"

/* Free memory that is left alone: a sixteenth of all, at least 32 MiB. */
#define FLOOR_ONE_IN 16
#define FLOOR_MIN_BYTES ((uint64_t)32 << 20)

#define NR_STEP 256

/* A page faulted in a moment ago is held by a batch of the CPU's, of up to 31, and not free yet. */
#define NR_IN_BATCH 32

/* Somebody killed may still be giving memory back. */
#define GRACE_MS 3000

/* The child gives up when nobody asks for so long: the one who does may be stuck for ever. */
#define IDLE_SECONDS 300

#define CLOSE_MS 5000

/* The descriptor that the child talks to us through. */
#define CHILD_FD 3

/* The child's: memory that it keeps is forgotten, and goes when it ends. */
struct loan {
	const struct lt_areas *areas;
	int pagemap;
	uint64_t nr_borrowed;
	char **in_cma; /* of the pages to give back */
	uint32_t nr_in_cma;
};

static uint64_t count_pages(uint64_t units, const struct sysinfo *info)
{
	return units * info->mem_unit / (uint64_t)sysconf(_SC_PAGESIZE);
}

static uint64_t count_free(void)
{
	struct sysinfo info;

	return sysinfo(&info) ? 0 : count_pages(info.freeram, &info);
}

static uint64_t find_floor(void)
{
	uint64_t floor = FLOOR_MIN_BYTES / (uint64_t)sysconf(_SC_PAGESIZE);
	struct sysinfo info;

	if (sysinfo(&info))
		return UINT64_MAX / 2;
	if (floor < count_pages(info.totalram, &info) / FLOOR_ONE_IN)
		floor = count_pages(info.totalram, &info) / FLOOR_ONE_IN;
	return floor;
}

void lt_prime_pressure_limits(uint64_t *nr_borrow, uint64_t *nr_floor)
{
	uint64_t nr_free = count_free();

	*nr_floor = find_floor();
	*nr_borrow = nr_free > *nr_floor ? nr_free - *nr_floor : 0;
}

static bool can_borrow(const struct loan *loan)
{
	uint64_t deadline_ms = lt_now_ms() + GRACE_MS;

	while (count_free() < find_floor() + NR_STEP) {
		if (loan->nr_borrowed || lt_now_ms() >= deadline_ms)
			return false;
		usleep(50000);
	}
	return true;
}

/* Borrow some more, and remember up to @max pages of CMA that came. */
static int borrow(struct loan *loan, uint32_t max)
{
	uint64_t pfns[NR_STEP];
	struct lt_buffer buffer;
	int err = lt_buffer_map(LT_BACKING_ANON, NR_STEP, &buffer);

	if (err)
		return err;
	lt_buffer_touch(&buffer);
	loan->nr_borrowed += NR_STEP;
	err = lt_buffer_pfns(&buffer, loan->pagemap, pfns);
	for (uint32_t i = 0; i < NR_STEP && !err && loan->nr_in_cma < max; i++)
		if (lt_areas_count_pfns(loan->areas, &pfns[i], 1))
			loan->in_cma[loan->nr_in_cma++] = buffer.addr + i * buffer.page_size;
	return err;
}

/* Put CMA pages at the head of this CPU's list. How many, or negative errno. */
static int32_t lend(struct loan *loan, uint32_t nr_pages)
{
	size_t page_size = (size_t)sysconf(_SC_PAGESIZE);
	uint32_t wanted = nr_pages + NR_IN_BATCH;
	int err = 0;

	loan->in_cma = calloc(wanted, sizeof(*loan->in_cma));
	if (!loan->in_cma)
		return -ENOMEM;
	while (!err && loan->nr_in_cma < wanted && can_borrow(loan))
		err = borrow(loan, wanted);
	for (uint32_t i = 0; i < loan->nr_in_cma; i++)
		madvise(loan->in_cma[i], page_size, MADV_DONTNEED);
	loan->nr_borrowed -= loan->nr_in_cma;
	err = loan->nr_in_cma ? (int)loan->nr_in_cma : err ? err : -ENOMEM;
	loan->nr_in_cma = 0;
	free(loan->in_cma);
	return err;
}

static int be_first_victim(void)
{
	int fd = lt_live_open("/proc/self/oom_score_adj", O_WRONLY), err = 0;

	if (fd < 0)
		return fd;
	if (write(fd, "1000", 4) < 0)
		err = -errno;
	close(fd);
	return err;
}

/*
 * The child has what we have open, which may be what holds pins: it closes all
 * but the way to talk to us.
 */
static int become_borrower(int fd, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		return -ESRCH;
	if (dup2(fd, CHILD_FD) < 0 || syscall(SYS_close_range, CHILD_FD + 1, ~0U, 0))
		return -errno;
	return be_first_victim();
}

/* Serve requests: a number of pages each, answered by how many came, or negative errno. */
static void child(int fd, const struct lt_areas *areas, pid_t parent)
{
	struct loan loan = { .areas = areas, .pagemap = -1 };
	int32_t answer = become_borrower(fd, parent);
	uint32_t nr_pages;

	if (!answer)
		loan.pagemap = lt_pagemap_open();
	if (!answer && loan.pagemap < 0)
		answer = loan.pagemap;
	while (write(CHILD_FD, &answer, sizeof(answer)) == sizeof(answer)) {
		alarm(IDLE_SECONDS);
		if (read(CHILD_FD, &nr_pages, sizeof(nr_pages)) != sizeof(nr_pages))
			break;
		answer = lend(&loan, nr_pages);
	}
	_exit(0);
}

/* -ECHILD: it was killed, by the kernel if memory was short. */
static int read_answer(int fd)
{
	int32_t answer;

	return recv(fd, &answer, sizeof(answer), 0) == sizeof(answer) ? answer : -ECHILD;
}

static int open_pressure(struct lt_prime *prime, const struct lt_areas *areas, struct lt_diag *diag)
{
	pid_t parent = getpid(), pid;
	int fds[2], err;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds))
		return -errno;
	pid = fork();
	err = pid < 0 ? -errno : 0;
	if (!pid)
		child(fds[1], areas, parent);
	close(fds[1]);
	prime->fd = fds[0];
	if (!err)
		err = read_answer(prime->fd);
	if (err)
		lt_diag_set(diag, "no memory can be borrowed: %s", strerror(-err));
	return err;
}

static int run_pressure(struct lt_prime *prime, uint32_t nr_pages)
{
	int answer;

	if (send(prime->fd, &nr_pages, sizeof(nr_pages), MSG_NOSIGNAL) < 0)
		return -ECHILD;
	answer = read_answer(prime->fd);
	return answer < 0 ? answer : 0;
}

/* It closes its end when its memory has gone back, not before. */
static void close_pressure(struct lt_prime *prime)
{
	struct timeval limit = { .tv_sec = CLOSE_MS / 1000 };
	char byte;

	shutdown(prime->fd, SHUT_WR);
	setsockopt(prime->fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	while (recv(prime->fd, &byte, sizeof(byte), 0) > 0)
		;
}

const struct lt_primer lt_primer_pressure = {
	.name = "pressure",
	.what = "borrowing free memory until CMA is in use",
	.is_last_resort = true,
	.open = open_pressure,
	.run = run_pressure,
	.close = close_pressure,
};
