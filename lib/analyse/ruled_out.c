// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What the failure of the headline was not, as far as each of its attempts shows: a range that was
 * tried was a run of pages that were not allocated, long enough for the request; and where nothing
 * but room was missing, no page blocked.
 */
#include "analyse/ruled_out.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "analyse/rule.h"

static int add(struct lt_report *report, const char *cause, const char *text)
{
	struct lt_ruled_out *slot = lt_vec_push(&report->ruled_out);

	if (!slot)
		return -ENOMEM;
	*slot = (struct lt_ruled_out){ cause, text };
	return 0;
}

/*
 * Ranges that the attempts of @failure tried; 0 if one tried none, or is not known to have. A page
 * that was dumped is of a range, and the log does not have every range.
 */
static uint64_t count_ranges(const struct lt_report *report, const struct lt_failure *failure,
			     bool *is_at_least)
{
	uint64_t nr = 0;

	*is_at_least = false;

	for (size_t i = 0; i < report->snap->attempts.nr; i++) {
		const struct lt_attempt *attempt = &report->snap->attempts.v[i];
		struct lt_num nr_ranges;

		if (!lt_failure_has(report, failure, i))
			continue;
		if (!attempt->tries.nr)
			return 0;
		nr_ranges = lt_attempt_nr_ranges(attempt);
		nr += nr_ranges.known ? nr_ranges.val : 1;
		*is_at_least = *is_at_least || attempt->source == LT_ATTEMPT_LOG;
	}
	return nr;
}

static int rule_out_space(struct lt_report *report, const struct lt_failure *failure)
{
	bool is_at_least;
	uint64_t nr = count_ranges(report, failure, &is_at_least);
	const char *text;
	int err;

	if (!nr)
		return 0;
	text = lt_words(report,
			"the kernel tried %s%" PRIu64
			" range%s of %s, and it tries only ranges that no "
			"device has",
			is_at_least ? "at least " : "", nr, nr == 1 ? "" : "s",
			failure->nr_pages.known ? lt_words_size(report, failure->nr_pages.val)
						: "that size");
	err = add(report, "area-exhausted", text);
	return err ? err : add(report, "area-fragmented", text);
}

/* Only where the finding is proven: its sentence is the reason. */
static int rule_out_pins(struct lt_report *report)
{
	const struct lt_finding *answered = report->answered;

	if (!answered || !answered->explains || !answered->clears_pins ||
	    answered->confidence != LT_PROVEN)
		return 0;
	return add(report, "pin-in-cma", answered->clause);
}

int lt_ruled_out_make(struct lt_report *report)
{
	const struct lt_failure *failure = lt_report_failure(report);
	int err = failure ? rule_out_space(report, failure) : 0;

	return err ? err : rule_out_pins(report);
}
