/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ANALYSE_RULE_BLOCKER_H
#define LT_ANALYSE_RULE_BLOCKER_H

#include "analyse/rule.h"
#include "model/pfns.h"

/*
 * A finding for each group of failures whose cause is the id of @rule, with what is established of the pages
 * that the kernel named. @explained gets the first pages of their folios, sorted.
 */
void lt_rule_blocked_groups(struct lt_report *report, const struct lt_rule *rule,
			    struct lt_pfns *explained);

#endif
