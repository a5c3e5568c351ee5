/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ANALYSE_WORDS_HOLD_H
#define LT_ANALYSE_WORDS_HOLD_H

#include "analyse/report.h"

/* Say of each pipe, socket and device what it may have to do with the folio; @pin may be NULL. */
void lt_finding_add_holds(struct lt_report *report, struct lt_finding *finding,
			  const struct lt_pin *pin);

#endif
