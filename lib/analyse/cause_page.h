/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ANALYSE_CAUSE_PAGE_H
#define LT_ANALYSE_CAUSE_PAGE_H

#include "analyse/cause.h"
#include "analyse/clearance.h"

/**
 * lt_cause_page_evaluate() - what is known of a page that the kernel named
 * @attempt: that failed
 * @tried:   its range, with the page
 * @out:     overwritten
 */
void lt_cause_page_evaluate(const struct lt_snapshot *snap, const struct lt_clearances *clearances,
			    const struct lt_attempt *attempt, const struct lt_try *tried,
			    struct lt_cause_page *out);

#endif
