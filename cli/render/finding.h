/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_RENDER_FINDING_H
#define CLI_RENDER_FINDING_H

#include "analyse/report.h"

/*
 * What is left to say of a finding where the headline and the findings before it have been printed:
 * everything is said once. NULL if nothing is.
 */
const char *finding_text(const struct lt_report *report, const struct lt_finding *finding);
const char *finding_advice(const struct lt_report *report, const struct lt_finding *finding);
const char *finding_confirm(const struct lt_report *report, const struct lt_finding *finding);

/*
 * Causes that are ruled out for one reason: those from @i on, "area-exhausted, area-fragmented", as
 * a string that the caller frees; @next is the first with another reason. NULL without memory.
 */
char *finding_ruled_out(const struct lt_report *report, size_t i, size_t *next);

/*
 * How many findings have the rule, severity and confidence of @finding, for an output that has no
 * more of them; 0 if it is not the first of these.
 */
size_t finding_nr_alike(const struct lt_report *report, const struct lt_finding *finding);

/* Whether another part of a report says all that it does: the list of sources. */
bool finding_is_elsewhere(const struct lt_finding *finding);

#endif
