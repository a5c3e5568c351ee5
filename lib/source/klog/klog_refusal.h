/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_KLOG_KLOG_REFUSAL_H
#define LT_SOURCE_KLOG_KLOG_REFUSAL_H

#include "base/strings.h"
#include "model/refusal.h"
#include "source/klog/klog_line.h"

/* Add what @line says of an area that could not be set aside. 1 if it does; 0; -ENOMEM. */
int lt_klog_refusals_parse(struct lt_refusals *refusals, struct lt_klog_line line,
			   struct lt_strings *strings);

#endif
