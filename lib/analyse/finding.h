/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ANALYSE_FINDING_H
#define LT_ANALYSE_FINDING_H

#include <stdbool.h>

#include "base/compiler.h"
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
int lt_severity_parse(const char *name, enum lt_severity *out) __must_check __nonnull_at(2);

/**
 * struct lt_rule - one row of what can be found
 * @id:	   stable; of several rows with one id each has its title
 * @title: the finding as a noun phrase
 * @least: how severe it is at least
 * @most:  and at most
 * @run:   looks at the report's snapshot and failures, and adds the finding if the evidence is
 *	   there; NULL if the function of the row above adds this one too
 * @is_of_sources: its evidence is which sources are missing: text lists them with the sources
 * @is_broken_promise: it convicts the kernel: the headline has a word of it whatever else is wrong
 */
struct lt_rule {
	const char *id;
	const char *title;
	enum lt_severity least, most;
	void (*run)(struct lt_report *report, const struct lt_rule *rule);
	bool is_of_sources, is_broken_promise;
};

/* Every rule, ended by one without an id. Adding one is a function and a row in finding.c. */
extern const struct lt_rule lt_rules[];

/* What a finding rests on, one statement each; says no more than its source proves. */
LT_VEC_OF(lt_evidence, const char *);

/**
 * struct lt_finding - one thing that is wrong, or that is cleared
 * @rule:    its row of the table
 * @text:    what was found, in full sentences
 * @advice:  what to do about it
 * @confirm: command that would confirm it; NULL if there is none
 * @is_for_device: @confirm can be run on the device alone, and this is a capture of it
 * @clause:  for the headline: "page 0x1c2f7 is pinned, mapped by camera-hal[812]"; NULL if the
 *	     finding says nothing of why an allocation might fail
 * @states_confidence: @clause says of each statement how sure it is
 * @is_of_now: pages are as it says now, and no failure is known to come from that
 * @clears_pins: it shows that no pin was in the way of what it explains
 * @explains: the latest of the report's failures that this was in the way of; NULL if there is
 *	     none, or if that cannot be told
 *
 * Strings are owned by the report.
 */
struct lt_finding {
	const struct lt_rule *rule;
	enum lt_severity severity;
	enum lt_confidence confidence;
	const char *text;
	const char *advice;
	const char *confirm;
	const char *clause;
	bool is_for_device, states_confidence, is_of_now, clears_pins;
	const struct lt_failure *explains;
	struct lt_evidence evidence;
};

LT_VEC_OF(lt_findings, struct lt_finding);

/* Run every rule over report->snap; 0 or -ENOMEM. */
int lt_findings_make(struct lt_report *report) __must_check __nonnull_all;
void lt_findings_free(struct lt_findings *findings);

/* The first finding @id, or NULL. */
const struct lt_finding *lt_findings_get(const struct lt_findings *findings, const char *id);

#endif
