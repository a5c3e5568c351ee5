/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_STACK_H
#define LT_MODEL_STACK_H

#include <stddef.h>

#include "base/strings.h"

/* A call stack as the kernel printed it. Interned: equal stacks are one pointer. */
struct lt_stack {
	size_t nr;
	const char *frames[]; /* innermost first: "sym+0x1/0x2 [mod]", interned, no leading blank */
};

struct lt_stacks;

struct lt_stacks *lt_stacks_new(void);
void lt_stacks_free(struct lt_stacks *pool);

/* Intern @frames, which must be interned strings; NULL when out of memory. */
const struct lt_stack *lt_stacks_add(struct lt_stacks *pool, const char *const *frames, size_t nr);

#endif
