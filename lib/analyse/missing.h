/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ANALYSE_MISSING_H
#define LT_ANALYSE_MISSING_H

#include "analyse/report.h"

/*
 * Whether the missing source @state could change what @report says, or establish what it leaves
 * open; and so any that is there and could not be read.
 */
bool lt_source_may_change(const struct lt_report *report, const struct lt_source_state *state)
	__nonnull_all;

#endif
