/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of the hostile caller share. */
#ifndef LTPIN_TEST_FUZZ_H
#define LTPIN_TEST_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NR_FDS 4

/* Each thread has its own numbers, which follow from the seed alone. */
extern __thread uint64_t random_state;
uint64_t random_u64(void);
uint64_t below(uint64_t n);    /* 0 to @n - 1 */
uint64_t strange_number(void); /* one at which things break, or any */

extern size_t page_size;
extern uint64_t area_base, area_end; /* PFNs of a CMA area; any, if none is known */

/* Descriptors of the device that the threads of a process share; -1: closed. */
extern int fds[NR_FDS];
int any_fd(void);
extern int mail; /* a socket, to hand descriptors to other processes and to get theirs */

/* How often each kind of request was made, and did what it was asked for; for all processes. */
enum kind {
	PIN,
	UNPIN,
	ALLOC,
	RELEASE,
	LISTEN,
	READ,
	COST,
	CHANCE,
	RESERVE,
	NONSENSE,
	INFO,
	LIST,
	PAGES,
	AREAS,
	FILES,
	GARBAGE,
	NR_KINDS
};
void count(enum kind kind, bool worked);

/* memory.c: memory of all kinds, which another thread may take away at any time. */
void memory_init(void);
void memory_change(void);
uint64_t any_address(void);

/* requests.c: the device. messages.c: netlink. One each, at random. */
void request_any(void);
void message_any(void);

#endif
