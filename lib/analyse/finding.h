/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ANALYSE_FINDING_H
#define LT_ANALYSE_FINDING_H

#include <stdbool.h>

#include "base/vec.h"

struct lt_failure;
struct lt_report;

enum lt_severity {
	LT_INFO,
	LT_WARNING,
	LT_CRITICAL,
};

enum lt_confidence {
	LT_HINT,
	LT_LIKELY,
	LT_PROVEN,
};

const char *lt_severity_name(enum lt_severity severity);
const char *lt_confidence_name(enum lt_confidence confidence);

/* -EINVAL for a name that is not one. */
int lt_severity_parse(const char *name, enum lt_severity *out);

/* What a finding rests on, one statement each; says no more than its source proves. */
LT_VEC_OF(lt_evidence, const char *);

/**
 * struct lt_finding - one thing that is wrong, or that is cleared
 * @id:	     stable, see the table in finding.c
 * @title:   the finding as a noun phrase
 * @text:    what was found, in full sentences
 * @advice:  what to do about it
 * @confirm: command that would confirm it; NULL if there is none
 * @clause:  for the headline: "page 0x1c2f7 is pinned, mapped by camera-hal[812]"; NULL if the
 *	     finding says nothing of why an allocation might fail
 * @clears_pins: it shows that no pin was in the way of what it explains
 * @explains: the latest of the report's failures that this was in the way of; NULL if there is
 *	     none, or if that cannot be told
 *
 * Strings are owned by the report.
 */
struct lt_finding {
	const char *id;
	enum lt_severity severity;
	enum lt_confidence confidence;
	const char *title;
	const char *text;
	const char *advice;
	const char *confirm;
	const char *clause;
	bool clears_pins;
	const struct lt_failure *explains;
	struct lt_evidence evidence;
};

LT_VEC_OF(lt_findings, struct lt_finding);

/* Run every rule over report->snap; 0 or -ENOMEM. */
int lt_findings_make(struct lt_report *report);
void lt_findings_free(struct lt_findings *findings);

/* The finding @id, or NULL. */
const struct lt_finding *lt_findings_get(const struct lt_findings *findings, const char *id);

#endif
