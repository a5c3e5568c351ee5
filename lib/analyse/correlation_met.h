/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ANALYSE_CORRELATION_MET_H
#define LT_ANALYSE_CORRELATION_MET_H

#include "analyse/cause.h"

/* What the kernel met in the ranges that an attempt tried. */
enum lt_met {
	LT_MET_UNKNOWN, /* nothing shows what was pinned at the time */
	LT_MET_CLEAN,	/* no pinned page */
	LT_MET_PINNED,	/* a pinned page */
};

/* @cause is @attempt's. */
enum lt_met lt_met_of(const struct lt_attempt *attempt, const struct lt_cause *cause);

#endif
