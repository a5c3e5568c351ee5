/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_BASE_NUM_H
#define LT_BASE_NUM_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct lt_num - a number that a source may or may not have told us
 * @val:   the value; meaningless unless @known
 * @known: whether a source gave it
 *
 * Zero-initialised means "not known". A report never turns that into 0: the
 * sinks leave the member out.
 */
struct lt_num {
	uint64_t val;
	bool known;
};

static inline struct lt_num lt_num(uint64_t val)
{
	return (struct lt_num){ .val = val, .known = true };
}

/* a + b, known only when both are. */
static inline struct lt_num lt_num_add(struct lt_num a, struct lt_num b)
{
	return (struct lt_num){ .val = a.val + b.val, .known = a.known && b.known };
}

/* a - b, known only when both are and the result is not negative. */
static inline struct lt_num lt_num_sub(struct lt_num a, struct lt_num b)
{
	return (struct lt_num){ .val = a.val - b.val,
				.known = a.known && b.known && a.val >= b.val };
}

#endif
