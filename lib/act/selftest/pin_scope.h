/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ACT_SELFTEST_PIN_SCOPE_H
#define LT_ACT_SELFTEST_PIN_SCOPE_H

#include "model/snapshot.h"

/* Where a long-term pin allocates the pages that it needs, and with that, what it promises. */
enum lt_pin_scope {
	LT_SCOPE_UNKNOWN,
	LT_SCOPE_NO_CMA,    /* movable pages outside CMA (up to 5.12) */
	LT_SCOPE_UNMOVABLE, /* pages that are not movable (5.13 and later) */
};

enum lt_pin_scope lt_pin_scope_find(const struct lt_snapshot *snap);

#endif
