/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TEST_FUZZ_MUTATE_H
#define TEST_FUZZ_MUTATE_H

#include <stddef.h>
#include <stdint.h>

/* Bytes that a mutation grows and shrinks; @p is malloc'ed. */
struct bytes {
	unsigned char *p;
	size_t len;
};

/* Damage @bytes in one to four ways drawn from @random. Aborts when out of memory. */
void mutate(struct bytes *bytes, uint64_t *random);

/* The next number below @limit, or 0 when that is 0; the same everywhere and each time. */
size_t random_below(uint64_t *random, size_t limit);

#endif
