/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ANALYSE_HEADLINE_H
#define LT_ANALYSE_HEADLINE_H

#include "base/compiler.h"

struct lt_report;

/* Compose report->headline from failures and findings; 0 or -ENOMEM. */
int lt_headline_make(struct lt_report *report) __must_check __nonnull_all;

#endif
