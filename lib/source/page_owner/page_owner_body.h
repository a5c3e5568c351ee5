/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_PAGE_OWNER_PAGE_OWNER_BODY_H
#define LT_SOURCE_PAGE_OWNER_PAGE_OWNER_BODY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "model/stack.h"

/**
 * struct lt_page_owner_body - what follows a record's pfn line, and what it came to
 * @stack:          NULL if there was none
 * @migrate_reason: NULL if there was none
 * @nr_lines:       with the blank one
 * @is_unresolved:  a handle stands for the stack
 *
 * A kernel has few of them and prints them again and again: one that was parsed once is known by
 * its bytes.
 */
struct lt_page_owner_body {
	const struct lt_stack *stack;
	const char *migrate_reason;
	unsigned int nr_lines;
	bool is_unresolved;
};

struct lt_page_owner_bodies;

struct lt_page_owner_bodies *lt_page_owner_bodies_new(void);
void lt_page_owner_bodies_free(struct lt_page_owner_bodies *bodies);

/**
 * struct lt_page_owner_body_text - where a body is, before it is looked for
 * @p:    just past a pfn line and its newline
 * @len:  up to and with the first blank line
 * @hash: of them
 */
struct lt_page_owner_body_text {
	const char *p;
	size_t len;
	uint64_t hash;
};

/* The body that begins at @buf, before which a newline can be read; false if it does not end. */
bool lt_page_owner_body_locate(const char *buf, size_t len, struct lt_page_owner_body_text *out)
	__nonnull_all;

/* Have what is compared with @text fetched while other work is done, in two steps. */
void lt_page_owner_bodies_fetch_slot(const struct lt_page_owner_bodies *bodies,
				     const struct lt_page_owner_body_text *text) __nonnull_all;
void lt_page_owner_bodies_fetch_body(const struct lt_page_owner_bodies *bodies,
				     const struct lt_page_owner_body_text *text) __nonnull_all;

/* NULL if it is not known; not to be kept. */
const struct lt_page_owner_body *lt_page_owner_bodies_find(
	const struct lt_page_owner_bodies *bodies, const struct lt_page_owner_body_text *text)
	__nonnull_all;

/*
 * Remember what a body came to. A bounded amount is remembered, and what is too long is not:
 * without, all is as right and slower. 0 or -ENOMEM.
 */
int lt_page_owner_bodies_add(struct lt_page_owner_bodies *bodies,
			     const struct lt_page_owner_body_text *text,
			     const struct lt_page_owner_body *body) __must_check __nonnull_all;

#endif
