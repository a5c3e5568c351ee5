// SPDX-License-Identifier: LGPL-2.1-or-later
/* Attempts that began and have not ended, as far as the trace shows: no failures, or not yet. */
#include "analyse/moment.h"
#include "analyse/rule.h"

/* Longer than any attempt takes that goes through a large area under writeback. */
#define LONG_NS 10000000000

/* So much the clocks of log and trace may be apart where they were not read. */
#define APART_NS 1000000000

/* Attempts described one by one; attempts[] has all. */
#define DESCRIBED_MAX 5

/* Whether the log has a failure of the same request since: then it ended, unseen by the trace. */
static bool is_in_log(const struct lt_snapshot *snap, const struct lt_attempt *open)
{
	const struct lt_clock_set *clock = &snap->clock;
	struct lt_when began = lt_moment(clock, open->source, lt_when_at(open->ts_ns));

	if (!clock->log_ns.known || !clock->trace_ns.known)
		began = lt_when_widen(began, APART_NS, APART_NS);
	lt_vec_each(attempt, &snap->attempts)
		if (attempt->source == LT_ATTEMPT_LOG && attempt->failed &&
		    attempt->area == open->area && attempt->nr_pages.known &&
		    attempt->nr_pages.val == open->nr_pages.val &&
		    !lt_when_is_before(lt_moment(clock, LT_ATTEMPT_LOG, lt_when_at(attempt->ts_ns)),
				       began))
			return true;
	return false;
}

/* What asks for more than the area has is refused, and nothing is traced but its start. */
static bool may_be_refused(const struct lt_snapshot *snap, const struct lt_attempt *open)
{
	const struct lt_area *area = open->area == LT_NO_AREA ? NULL : &snap->areas.v[open->area];

	return !area || !area->nr_pages.known || !open->nr_pages.known ||
	       open->nr_pages.val > area->nr_pages.val;
}

static bool is_hanging(const struct lt_snapshot *snap, const struct lt_attempt *attempt)
{
	return attempt->is_under_way && (attempt->tries.nr || !may_be_refused(snap, attempt)) &&
	       !is_in_log(snap, attempt);
}

static bool is_older(const struct lt_attempt *attempt, const struct lt_attempt *than)
{
	return !than ||
	       (attempt->ts_ns.known && than->ts_ns.known && attempt->ts_ns.val < than->ts_ns.val);
}

/* "cma_alloc of 8192 pages (32 MiB) in "reserved" by camera-812" */
static const char *name_attempt(struct lt_report *report, const struct lt_attempt *attempt)
{
	return lt_words(report, "cma_alloc of %s in %s%s%s",
			lt_words_size(report, attempt->nr_pages.val),
			lt_words_area(report, attempt->area, attempt->area_name),
			attempt->caller ? " by " : "", attempt->caller ? attempt->caller : "");
}

/* When it began, and how long ago that was, if the clock of the trace was read with it. */
static const char *describe(struct lt_report *report, const struct lt_attempt *attempt)
{
	if (attempt->age_ns.known)
		return lt_words(report,
				"%s began %.3f s before the trace was read, and had not ended",
				name_attempt(report, attempt), (double)attempt->age_ns.val / 1e9);
	return lt_words(report, "%s had not ended when the trace ended",
			name_attempt(report, attempt));
}

static struct lt_finding *new_finding(struct lt_report *report, const struct lt_rule *rule,
				      const struct lt_attempt *oldest, size_t nr)
{
	struct lt_finding *finding =
		lt_finding_new(report, rule, oldest->age_ns.known ? LT_PROVEN : LT_HINT);

	finding->is_of_now = true;
	finding->text = lt_words(
		report, "%s.%s It has not failed, or not yet.", describe(report, oldest),
		nr > 1 ? lt_words(report, " So had %zu later one%s.", nr - 1, nr == 2 ? "" : "s")
		       : "");
	finding->advice =
		"Check whether it is still under way, and what it waits for: "
		"/proc/PID/stack of its task shows the call. While it waits, others that want "
		"the same pageblocks fail or wait too.";
	finding->confirm = "ltpin watch";
	if (oldest->age_ns.known && oldest->age_ns.val >= LONG_NS) {
		lt_finding_raise(finding, LT_WARNING);
		finding->clause =
			lt_words(report, "a %s has been under way for %.0f s",
				 name_attempt(report, oldest), (double)oldest->age_ns.val / 1e9);
	}
	return finding;
}

void lt_rule_attempt_hangs(struct lt_report *report, const struct lt_rule *rule)
{
	const struct lt_snapshot *snap = report->snap;
	const struct lt_attempt *oldest = NULL;
	struct lt_finding *finding;
	size_t nr = 0, nr_described = 0;

	lt_vec_each(attempt, &snap->attempts) {
		if (!is_hanging(snap, attempt))
			continue;
		nr++;
		if (is_older(attempt, oldest))
			oldest = attempt;
	}
	if (!nr)
		return;
	finding = new_finding(report, rule, oldest, nr);
	lt_vec_each(attempt, &snap->attempts)
		if (is_hanging(snap, attempt) && nr_described++ < DESCRIBED_MAX)
			lt_finding_add_evidence(report, finding, describe(report, attempt));
}
