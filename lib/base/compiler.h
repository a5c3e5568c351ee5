/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_BASE_COMPILER_H
#define LT_BASE_COMPILER_H

/* What gcc and clang then hold callers to. */

/* A failure is told by the result alone: who calls it has to look. */
#define __must_check __attribute__((__warn_unused_result__))

/* No pointer may be NULL, or none of those at these places, from 1. */
#define __nonnull_all __attribute__((__nonnull__))
#define __nonnull_at(...) __attribute__((__nonnull__(__VA_ARGS__)))

/* Where a failure changes nothing for the caller; the comment beside it says why. */
static inline void lt_ignore(int result)
{
	(void)result;
}

#endif
