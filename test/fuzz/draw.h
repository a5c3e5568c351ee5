/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TEST_FUZZ_DRAW_H
#define TEST_FUZZ_DRAW_H

#include <stddef.h>
#include <stdint.h>

#include "model/snapshot.h"

/* What is drawn from the bytes of an input; when they are used up all is 0. */
struct draw {
	const uint8_t *p;
	size_t len;
	struct lt_snapshot *snap; /* owns the strings */
};

/* The next byte; one of @limit numbers, for limits up to 65536. */
unsigned int draw_byte(struct draw *draw);
unsigned int draw_below(struct draw *draw, unsigned int limit);

/* Unknown, small, of any magnitude, or next to the largest. */
struct lt_num draw_num(struct draw *draw);

/* A name as a source would have interned it: hostile, of any bytes, or one that rules know. */
const char *draw_name(struct draw *draw);

/* The same, or NULL. */
const char *draw_text(struct draw *draw);

/*
 * A snapshot of any evidence in which what sources promise holds: pins are sorted, indexes are of
 * areas, strings are interned. Freed with lt_snapshot_free().
 */
struct lt_snapshot *draw_snapshot(const uint8_t *data, size_t len);

#endif
