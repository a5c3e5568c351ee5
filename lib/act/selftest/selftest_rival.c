// SPDX-License-Identifier: LGPL-2.1-or-later
/* Runs the allocator that a case of the self-test races against. */
#include "act/selftest/selftest_rival.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/compiler.h"
#include "base/now.h"

#define POLL_NS 2000000

/* Nothing is held here by any thread: SIGTERM may come. */
static void wait_for_end_of_round(struct lt_allocator *allocator)
{
	static const struct timespec poll = { .tv_nsec = POLL_NS };
	sigset_t end;

	sigemptyset(&end);
	sigaddset(&end, SIGTERM);
	while (!atomic_load(&allocator->is_over)) {
		pthread_sigmask(SIG_UNBLOCK, &end, NULL);
		nanosleep(&poll, NULL);
		pthread_sigmask(SIG_BLOCK, &end, NULL);
	}
}

static void *allocate(void *arg)
{
	struct lt_allocator *allocator = arg;
	cpu_set_t set;

	/* On the wrong CPU there is less of a race, but no wrong result. */
	CPU_ZERO(&set);
	CPU_SET((size_t)allocator->cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
	for (;;) {
		uint64_t start_ns;

		pthread_barrier_wait(&allocator->start);
		start_ns = lt_now_ns();
		atomic_store(&allocator->is_busy, true);
		/* It is meant to collide, and often fails. */
		lt_ignore(lt_prime_alloc(allocator->prime, allocator->nr_pages));
		atomic_store(&allocator->took_ns, lt_now_ns() - start_ns);
		atomic_store(&allocator->is_busy, false);
		wait_for_end_of_round(allocator);
		pthread_barrier_wait(&allocator->end);
	}
	return NULL;
}

/* From here on SIGTERM is for the thread alone. */
int lt_allocator_start(struct lt_allocator *allocator, struct lt_prime *prime, int cpu)
{
	sigset_t end;

	allocator->prime = prime;
	allocator->cpu = cpu;
	pthread_barrier_init(&allocator->start, NULL, 2);
	pthread_barrier_init(&allocator->end, NULL, 2);
	sigemptyset(&end);
	sigaddset(&end, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &end, NULL);
	return -pthread_create(&allocator->thread, NULL, allocate, allocator);
}

/* Without sleeping: a tick of the kernel may be longer than the allocation. */
static void spin_until_ns(uint64_t until_ns)
{
	while (lt_now_ns() < until_ns)
		continue;
}

bool lt_allocator_go(struct lt_allocator *allocator, uint32_t nr_pages, unsigned int after,
		     unsigned int of)
{
	uint64_t took_ns = atomic_exchange(&allocator->took_ns, 0);

	allocator->nr_pages = nr_pages;
	atomic_store(&allocator->is_over, false);
	pthread_barrier_wait(&allocator->start);
	while (!atomic_load(&allocator->is_busy) && !atomic_load(&allocator->took_ns))
		continue;
	spin_until_ns(lt_now_ns() + took_ns * after / of);
	return atomic_load(&allocator->is_busy);
}

void lt_allocator_wait(struct lt_allocator *allocator)
{
	atomic_store(&allocator->is_over, true);
	pthread_barrier_wait(&allocator->end);
}

int lt_reference_take(const int *pipe, const struct lt_buffer *buffer)
{
	struct iovec iov = { buffer->addr, buffer->page_size };

	return vmsplice(pipe[1], &iov, 1, 0) < 0 ? -errno : 0;
}

void lt_reference_drop(const int *pipe, const struct lt_buffer *buffer)
{
	char rest[4096];

	for (size_t left = buffer->page_size; left;) {
		ssize_t got = read(pipe[0], rest, sizeof(rest) < left ? sizeof(rest) : left);

		if (got <= 0)
			return;
		left -= (size_t)got;
	}
}
