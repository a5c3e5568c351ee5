/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ACT_SELFTEST_SELFTEST_RIVAL_H
#define LT_ACT_SELFTEST_SELFTEST_RIVAL_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "act/buffer/buffer.h"
#include "act/prime/prime.h"
#include "base/compiler.h"

/**
 * struct lt_allocator - a thread that makes one contiguous allocation a round
 * @nr_pages:	of the next one, from the begin of the area
 * @took_ns:	of the one before; 0 until this one is done
 * @is_busy:	the allocation is under way
 * @is_over:	the round is; until then SIGTERM ends the process, here
 *
 * What is primed and allocated through CMA debugfs belongs to nobody, so a
 * process that may hold some must not end: SIGTERM is blocked in every thread
 * of the case but where it is safe.
 */
struct lt_allocator {
	pthread_t thread;
	pthread_barrier_t start, end;
	struct lt_prime *prime;
	int cpu;
	uint32_t nr_pages;
	_Atomic uint64_t took_ns;
	atomic_bool is_busy, is_over;
};

/* Start the thread; it waits. 0 or negative errno. */
int lt_allocator_start(struct lt_allocator *allocator, struct lt_prime *prime, int cpu)
	__must_check __nonnull_all;

/**
 * lt_allocator_go() - begin an allocation
 * @after: return when so many parts of @of of its usual time have passed
 *
 * Return: whether it is under way then.
 */
bool lt_allocator_go(struct lt_allocator *allocator, uint32_t nr_pages, unsigned int after,
		     unsigned int of);

/* Wait for the end of the allocation. */
void lt_allocator_wait(struct lt_allocator *allocator);

/*
 * A reference on the first page of a buffer: a pipe of which nobody reads has
 * one on every page that was spliced into it. No pin, but migration waits for
 * it in vain.
 */
int lt_reference_take(const int *pipe, const struct lt_buffer *buffer) __must_check __nonnull_all;
void lt_reference_drop(const int *pipe, const struct lt_buffer *buffer);

#endif
