/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ANALYSE_FAILURE_H
#define LT_ANALYSE_FAILURE_H

#include "analyse/cause.h"
#include "base/compiler.h"
#include "model/snapshot.h"

struct lt_report;

/*
 * How a search ended, as far as its ranges and the log's bitmap tell. The same errno stands for
 * several of these, and which ones differs by kernel.
 */
enum lt_ending {
	LT_ENDING_UNKNOWN,
	LT_ENDING_TOO_FEW,  /* fewer pages than requested were not given out */
	LT_ENDING_NO_RUN,   /* enough were not, but in no run of that length */
	LT_ENDING_NO_RANGE, /* no range was tried: one of the two */
	LT_ENDING_ROOM,	    /* a run was long enough, and which ranges were tried is not known */
	LT_ENDING_REFUSED,  /* the last range could not be isolated */
	LT_ENDING_RANGE,    /* nor be emptied, or why it failed is not known */
	LT_ENDING_PAGE,	    /* a page blocked the last range */
};

/**
 * struct lt_failure - failed attempts that asked for the same, and failed for the same cause
 * @area_name: as a source named it; NULL if none did
 * @area:      index into the snapshot's areas, LT_NO_AREA if not known
 * @nr_pages:  requested
 * @err:       positive errno; unknown if no source says
 * @id:	       lt_cause.id of all of them; NULL if no page that the kernel named decided it
 * @ending:    of all of them; LT_ENDING_PAGE if pages decided
 * @pid:       of the process that probably holds the page; 0 if that is not established. Attempts
 *	       whose holder is not established are a group of their own
 * @confidence: of @id, the least of all
 * @count:     how many; where sources count the same ones, the larger number
 * @is_at_least: there may be more of them than are on record
 * @last:      the most recent one
 * @first_ns, @last_ns: from when to when
 * @nr_ok_since: attempts for the same that succeeded after @last, counted likewise
 * @signature: by which the same failure is known again elsewhere, see signature.h; the report's
 */
struct lt_failure {
	const char *area_name;
	size_t area;
	struct lt_num nr_pages, err;
	const char *id;
	enum lt_ending ending;
	int pid;
	enum lt_confidence confidence;
	unsigned int count;
	bool is_at_least;
	const struct lt_attempt *last;
	struct lt_num first_ns, last_ns;
	unsigned int nr_ok_since;
	const char *signature;
};

LT_VEC_OF(lt_failures, struct lt_failure);

/* More different requests than a system makes: what a forged log has is cut off here. */
#define LT_FAILURES_MAX 256

/*
 * Group @snap's failed attempts, the most recent group first, and of more than
 * LT_FAILURES_MAX groups those that its sources report last; 0 or -ENOMEM. @causes gets the group of
 * each attempt.
 */
int lt_failures_make(const struct lt_snapshot *snap, struct lt_causes *causes,
		     struct lt_failures *out) __must_check __nonnull_all;

/* Whether @attempt, by its index in the snapshot, is one of @failure, which is the report's. */
bool lt_failure_has(const struct lt_report *report, const struct lt_failure *failure, size_t i);

/* The last failed attempt of @failure that @is_wanted picks, or NULL. */
const struct lt_attempt *lt_failure_find(const struct lt_report *report,
					 const struct lt_failure *failure,
					 bool (*is_wanted)(const struct lt_attempt *attempt));

#endif
