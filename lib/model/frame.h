/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_FRAME_H
#define LT_MODEL_FRAME_H

#include <stdbool.h>

#include "base/compiler.h"
#include "base/text.h"

/* One frame: "sym.part.0+0x1/0x2 [mod]" is "sym" of "mod"; without a module @module is empty. */
struct lt_frame {
	struct lt_span symbol, module;
};

/* Take @line apart; false for what is no symbol: an address, a hash. Spans are parts of @line. */
bool lt_frame_split(const char *line, struct lt_frame *out) __nonnull_all;

/* Whether its symbol begins with one of the @nr @prefixes. */
bool lt_frame_begins(const struct lt_frame *frame, const char *const *prefixes, size_t nr)
	__nonnull_all;

/* Whether it stands between whoever wants memory and the memory: it allocates for its caller. */
bool lt_frame_is_allocator(const struct lt_frame *frame) __nonnull_all;

#endif
