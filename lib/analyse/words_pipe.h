/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ANALYSE_WORDS_PIPE_H
#define LT_ANALYSE_WORDS_PIPE_H

#include "analyse/report.h"

/* Say of each pipe that the folio may be in; @pin may be NULL. */
void lt_finding_add_pipes(struct lt_report *report, struct lt_finding *finding,
			  const struct lt_pin *pin);

#endif
