/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ANALYSE_REPORT_H
#define LT_ANALYSE_REPORT_H

#include "analyse/blocking_page.h"
#include "analyse/correlation.h"
#include "analyse/failure.h"
#include "analyse/finding.h"
#include "analyse/ruled_out.h"
#include "base/compiler.h"
#include "model/snapshot.h"

struct lt_explain;

/**
 * struct lt_report - what the evidence adds up to
 * @snap:        the evidence; must outlive the report
 * @strings:     owns every string below
 * @causes:      why each attempt failed, by its index
 * @blocking:    the same by page
 * @failures:    failed attempts in groups of one request and one cause, the latest first
 * @headline:    what failed, why, whose, how sure, and the command to run next
 * @answered:    the finding that the headline is of; NULL
 * @verdict:     the headline without that command
 * @next:        that command; NULL if there is none
 * @next_words:  the sentence that has it, or says what else to do next; NULL
 * @signature:   of the failure that the headline is of, see signature.h; NULL if there is none
 * @ruled_out:   causes that the failure of the headline did not have
 * @findings:    most severe first, then most certain
 * @explain:     the request of the headline's failure replayed on the pages as they are now; NULL
 *		 if it has none, or if the snapshot did not keep all pages
 * @correlations: of failed attempts with pins, by class of requests
 * @out_of_memory: a string could not be made; lt_report_make() fails then
 */
struct lt_report {
	const struct lt_snapshot *snap;
	struct lt_strings *strings;
	struct lt_causes causes;
	struct lt_blocking_pages blocking;
	struct lt_failures failures;
	const char *headline;
	const struct lt_finding *answered;
	const char *verdict, *next, *next_words, *signature;
	struct lt_ruled_outs ruled_out;
	struct lt_findings findings;
	struct lt_explain *explain;
	struct lt_correlations correlations;
	bool out_of_memory;
};

/**
 * struct lt_explanation - which finding says why something failed
 * @id:	 of the finding; NULL if none does
 */
struct lt_explanation {
	const char *id;
	enum lt_confidence confidence;
};

/* The failure that the headline is of; NULL. */
const struct lt_failure *lt_report_failure(const struct lt_report *report) __nonnull_all;

/* What the pages that the kernel named come to, else the finding that explains @failure best. */
struct lt_explanation lt_failure_explain(const struct lt_report *report,
					 const struct lt_failure *failure);

/* The same of one attempt. */
struct lt_explanation lt_report_explain(const struct lt_report *report,
					const struct lt_cause *cause);

/**
 * lt_report_make() - judge @snap
 *
 * Return: 0 with @out freed by lt_report_free(), or -ENOMEM.
 */
int lt_report_make(const struct lt_snapshot *snap, struct lt_report **out)
	__must_check __nonnull_all;
void lt_report_free(struct lt_report *report);

#endif
