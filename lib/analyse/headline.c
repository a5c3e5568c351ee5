// SPDX-License-Identifier: LGPL-2.1-or-later
/* Writes the first sentence of a report. */
#include "analyse/headline.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "analyse/rule.h"
#include "analyse/unexplained.h"
#include "analyse/words.h"
#include "model/completeness.h"

/* Whether @finding says of its failure what held the pages, or why no page is to blame. */
static bool is_established(const struct lt_finding *finding)
{
	return finding->confidence >= LT_LIKELY && strcmp(finding->rule->id, "page-in-the-way") &&
	       strcmp(finding->rule->id, "busy-transient");
}

/* The more severe, then what is established, then the more recent failure. */
static bool is_better(const struct lt_finding *finding, const struct lt_finding *best)
{
	if (finding->severity != best->severity)
		return finding->severity > best->severity;
	if (is_established(finding) != is_established(best))
		return is_established(finding);
	return finding->explains < best->explains;
}

/* The finding that explains a failure best; else one that may: none of pages as they are now. */
static const struct lt_finding *cause(const struct lt_report *report)
{
	const struct lt_finding *best = NULL, *first = NULL;

	lt_vec_each(finding, &report->findings) {
		if (finding->explains && (!best || is_better(finding, best)))
			best = finding;
		if (finding->clause && !first && !(report->failures.nr && finding->is_of_now))
			first = finding;
	}
	return best ? best : first;
}

/* Whether the kernel itself was convicted: worth a word whatever else is wrong. */
static const struct lt_finding *broken_promise(const struct lt_report *report)
{
	lt_vec_each(finding, &report->findings)
		if (finding->rule->is_broken_promise)
			return finding;
	return NULL;
}

static const char *with_confidence(struct lt_report *report, const struct lt_finding *finding)
{
	return finding->states_confidence ? finding->clause
					  : lt_words(report, "%s (%s)", finding->clause,
						     lt_confidence_name(finding->confidence));
}

/* A clause as a sentence; the name of a function stays as it is. */
static const char *capitalise(struct lt_report *report, const char *text)
{
	if (!strncmp(text, "cma_alloc", strlen("cma_alloc")))
		return text;
	return lt_words(report, "%c%s", toupper((unsigned char)text[0]), text + 1);
}

/* A search that ends at a page in the way ends with -EBUSY, on every kernel. */
static bool is_no_page(const struct lt_failure *failure)
{
	return failure->err.known && (failure->err.val == ENOMEM || failure->err.val == EINTR);
}

/* What failed; and if @finding does not say why, what its errno says all the same. */
static const char *name_failure(struct lt_report *report, const struct lt_failure *failure,
				const struct lt_finding *finding)
{
	const char *what = lt_words_failure(report, failure);

	if (finding->explains || !is_no_page(failure))
		return what;
	return lt_words(report, "%s, where a pin would give -EBUSY", what);
}

/* What the kernel counts and nobody recorded; NULL if it counts none. */
static const char *doubt_by_counts(struct lt_report *report)
{
	const struct lt_num by_kernel = report->snap->memory.cma_alloc_fail;
	const struct lt_num refused = lt_completeness_nr_refused(report->snap);

	if (by_kernel.known && by_kernel.val)
		return lt_words(report,
				"The kernel counts %" PRIu64
				" failed cma_alloc call%s since boot, of which "
				"none is on record.",
				by_kernel.val, by_kernel.val == 1 ? "" : "s");
	if (refused.known && refused.val)
		return lt_words(
			report,
			"CMA areas refused %s since boot by the kernel's count, and no failed "
			"cma_alloc is on record.",
			lt_words_size(report, refused.val));
	return NULL;
}

/* A log may hold several boots, of which one is reported. */
static const char *other_boots(struct lt_report *report)
{
	const struct lt_log *log = &report->snap->log;
	const uint64_t nr = log->nr_failed_others.val;

	if (!nr)
		return "";
	return lt_words(report,
			" %s in the log ha%s %" PRIu64
			" more (the last: `ltpin report --boot %" PRIu64 "`).",
			log->nr_boots.val > 2 ? "Other boots" : "Another boot",
			log->nr_boots.val > 2 ? "ve" : "s", nr, log->last_failed.val);
}

/* The sentence is about one group; others have their findings, and some may not be on record. */
static const char *other_failures(struct lt_report *report)
{
	const struct lt_num by_kernel = report->snap->memory.cma_alloc_fail;
	const char *others = "", *unseen = "", *counted;
	size_t nr = report->failures.nr;
	uint64_t nr_on_record = 0;

	if (nr > 1)
		others = lt_words(report, " %zu other group%s of failures %s on record.", nr - 1,
				  nr == 2 ? "" : "s", nr == 2 ? "is" : "are");
	lt_vec_each(failure, &report->failures)
		nr_on_record += failure->count;
	if (nr && by_kernel.known && by_kernel.val > nr_on_record)
		unseen = lt_words(report, " The kernel counts %" PRIu64 " failures since boot.",
				  by_kernel.val);
	counted = nr ? NULL : doubt_by_counts(report);
	if (counted)
		unseen = lt_words(report, " %s", counted);
	return lt_words(report, "%s%s%s", others, unseen, nr ? other_boots(report) : "");
}

/*
 * Only a finding that is known to explain the failure is joined to it as its
 * cause; another was there too, and may have nothing to do with it.
 */
static const char *with_cause(struct lt_report *report, const struct lt_finding *finding)
{
	const struct lt_finding *kernel = broken_promise(report);
	const struct lt_failure *failure =
		finding->explains ? finding->explains : report->failures.v;
	const char *what = failure ? name_failure(report, failure, finding) : "";
	const char *join = !failure ? "" : finding->explains ? ": " : "; also, ";
	const char *cleared =
		finding->explains && finding->clears_pins ? "; no pin is involved" : "";
	const char *blame = kernel && kernel != finding
				    ? lt_words(report, ", and %s", with_confidence(report, kernel))
				    : "";

	report->answered = finding;
	report->next = (kernel ? kernel : finding)->confirm;
	return capitalise(report, lt_words(report, "%s%s%s%s%s.%s", what, join,
					   with_confidence(report, finding), cleared, blame,
					   other_failures(report)));
}

static bool has_caller(const struct lt_attempt *attempt)
{
	return attempt->caller;
}

static const char *failed_without_cause(struct lt_report *report, const struct lt_failure *failure)
{
	const struct lt_attempt *asked = lt_failure_find(report, failure, has_caller);
	const char *why = lt_unexplained_words(report, failure), *others = other_failures(report);

	return asked ? lt_words(report, "%s The last request on record came from %s.%s", why,
				asked->caller, others)
		     : lt_words(report, "%s%s", why, others);
}

static bool is_read(const struct lt_snapshot *snap, const char *source)
{
	const struct lt_source_state *state = lt_snapshot_source(snap, source);

	return state && (state->status == LT_STATUS_OK || state->status == LT_STATUS_PARTIAL);
}

/* There is a trace, and no cma event in it. */
static bool is_without_events(const struct lt_snapshot *snap)
{
	const struct lt_source_state *state = lt_snapshot_source(snap, "trace");

	return state && state->status == LT_STATUS_UNUSED && state->detail;
}

/* What the records lack; NULL if nothing is known to be missing. */
static const char *doubt_by_record(struct lt_report *report)
{
	const struct lt_snapshot *snap = report->snap;

	if (snap->nr_attempts_suppressed.known && snap->nr_attempts_suppressed.val)
		return lt_words(report,
				"The kernel log suppressed %" PRIu64
				" lines about failed cma_alloc calls, "
				"and none is on record.",
				snap->nr_attempts_suppressed.val);
	if (!is_read(snap, "klog") && !is_read(snap, "attempts") && is_without_events(snap))
		return "Whether a cma_alloc failed is not known: the kernel log could not be read, and the "
		       "trace has no event of cma_alloc.";
	if (!is_read(snap, "klog") && !is_read(snap, "trace") && !is_read(snap, "attempts"))
		return "Whether a cma_alloc failed is not known: neither the kernel log nor a trace could "
		       "be read.";
	lt_vec_each(record, &snap->records)
		if (record->source == LT_ATTEMPT_LOG && record->from_ns.known &&
		    record->from_ns.val)
			return lt_words(
				report,
				"The kernel log begins %.1f s after boot, and since then no failed "
				"cma_alloc is on record.",
				(double)record->from_ns.val / 1e9);
	if (snap->log.first_gap.known)
		return lt_words(report,
				"Whether a cma_alloc failed is not known: by line %" PRIu64
				" of the kernel log, messages are missing there.",
				snap->log.first_gap.val);
	return "Whether a cma_alloc failed is not known: no record covers all of the time since boot.";
}

/* What the log has of failures although none is on record, or NULL; and how to see them. */
static const char *left_in_log(struct lt_report *report)
{
	const struct lt_log *log = &report->snap->log;
	const uint64_t nr = log->nr_not_taken.val, nr_failed = log->nr_failed_others.val;

	if (nr)
		return lt_words(report,
				"%" PRIu64
				" line%s of the kernel log speak%s of failed cma_alloc calls and "
				"could not be read as %s of the kernel; %s is line %" PRIu64 ".",
				nr, nr == 1 ? "" : "s", nr == 1 ? "s" : "",
				nr == 1 ? "a message" : "messages", nr == 1 ? "it" : "the first",
				log->first_not_taken.val);
	if (!nr_failed)
		return NULL;
	report->next = lt_words(report, "ltpin report --boot %" PRIu64, log->last_failed.val);
	if (log->nr_boots.val > 2)
		return lt_words(report,
				"The log holds other boots with %" PRIu64
				" failed cma_alloc call%s, the last of them in boot %" PRIu64 ".",
				nr_failed, nr_failed == 1 ? "" : "s", log->last_failed.val);
	return lt_words(report,
			"The log holds another boot with %" PRIu64 " failed cma_alloc call%s.",
			nr_failed, nr_failed == 1 ? "" : "s");
}

static const char *count_times(struct lt_report *report, uint64_t nr)
{
	return nr == 1 ? "once" : lt_words(report, "%" PRIu64 " times", nr);
}

/*
 * Ranges that the log calls busy, of requests that it says no more of (up to 5.10); NULL if there are
 * none. A failure has a line, unless its caller wants none, or the record of it is @in_doubt.
 */
static const char *busy_but_not_failed(struct lt_report *report, const char *areas, bool in_doubt)
{
	const uint64_t nr_elsewhere = report->snap->log.nr_busy.val;
	uint64_t nr = 0, first_pfn = 0;

	lt_vec_each(attempt, &report->snap->attempts) {
		if (attempt->source != LT_ATTEMPT_LOG || !attempt->is_open)
			continue;
		if (!nr && attempt->tries.nr)
			first_pfn = attempt->tries.v[0].pfns.start_pfn;
		nr += attempt->tries.nr;
	}
	if (!nr && nr_elsewhere)
		return lt_words(
			report,
			"The log reports a busy contiguous range %s, in no known area: whether "
			"a cma_alloc failed for that is not known.",
			count_times(report, nr_elsewhere));
	if (!nr)
		return NULL;
	if (!report->snap->areas.nr)
		nr += nr_elsewhere;
	return lt_words(
		report,
		"No failed cma_alloc is on record, but the log reports a busy contiguous range"
		"%s%s %s, %sat PFN 0x%" PRIx64 ": pages there could not be moved. %s",
		report->snap->areas.nr ? " in " : "", report->snap->areas.nr ? areas : "",
		count_times(report, nr), nr == 1 ? "" : "first ", first_pfn,
		in_doubt ? "Whether the request failed for that is not known: the record "
			   "is not complete."
			 : "The request got another range, or its failure was not logged.");
}

/* Whether the kernel's counters were read after that line of the same boot: the clock was, before. */
static bool is_counted_since(const struct lt_snapshot *snap)
{
	const struct lt_num said_ns = snap->log.complaint_ns, read_ns = snap->clock.log_ns;

	return said_ns.known && read_ns.known && said_ns.val <= read_ns.val &&
	       snap->log.boot.val == snap->log.nr_boots.val;
}

/*
 * The kernel counts also those that it logs nothing of, but 6.12 returns before it counts if the
 * request is larger than the area.
 */
static const char *what_of_complaint(struct lt_report *report)
{
	const struct lt_snapshot *snap = report->snap;
	const char *from = snap->log.complaint_is_cma
				   ? "It names CMA; why that failed is not on record."
				   : "Whether that was to come from CMA is not proven.";

	if (!snap->memory.cma_alloc_fail.known || snap->memory.cma_alloc_fail.val)
		return from;
	if (!is_counted_since(snap))
		return lt_words(report,
				"%s The kernel counts no failed cma_alloc since boot, but whether "
				"it was counted after this line is not known.",
				from);
	return "The kernel counts no failed cma_alloc since boot: CMA did not refuse this, unless "
	       "the request was larger than the area, which 6.12 does not count.";
}

/*
 * A driver got no memory, and the kernel says nothing of it: it asked with __GFP_NOWARN, for too much,
 * or not CMA at all. NULL if none says so; without its first letter, which may be a capital.
 */
static const char *complained(struct lt_report *report)
{
	const struct lt_log *log = &report->snap->log;
	const uint64_t nr_others = log->nr_complaints.val - 1;

	if (!log->complaint)
		return NULL;
	return lt_words(report,
			"n line %" PRIu64
			" of the log a driver says that it got no memory: \"%s\"%s. %s",
			log->complaint_line.val, log->complaint,
			nr_others ? lt_words(report, " (and %" PRIu64 " more such line%s)",
					     nr_others, nr_others == 1 ? "" : "s")
				  : "",
			what_of_complaint(report));
}

static const char *no_area_located(struct lt_report *report)
{
	const uint64_t nr = report->snap->log.nr_unplaced.val;

	if (!nr)
		return "No CMA area could be located, and no failed cma_alloc is on record.";
	return lt_words(report,
			"No failed cma_alloc is on record. The log names %" PRIu64
			" CMA area%s, which could not be located: the page size is not known.",
			nr, nr == 1 ? "" : "s");
}

/* Of the whole system; a CPU may be a second late with what it counted. */
static bool has_no_pins(const struct lt_snapshot *snap)
{
	const struct lt_num held =
		lt_num_sub(snap->memory.nr_foll_pin_acquired, snap->memory.nr_foll_pin_released);

	return held.known && !held.val;
}

/* How to see the next failure, where some may not be on record; else whether pins would stay. */
static const char *next_without_failure(const struct lt_report *report, bool is_in_doubt)
{
	const struct lt_snapshot *snap = report->snap;
	bool has_record = is_read(snap, "klog") || is_read(snap, "trace");

	if (!snap->areas.nr || (is_in_doubt && !has_record))
		return "ltpin doctor";
	if (is_in_doubt)
		return LT_NEXT_WATCH;
	return lt_snapshot_has_page_states(snap) || has_no_pins(snap)
		       ? "ltpin selftest"
		       : "ltpin module load && ltpin pages";
}

/* The user asked for later ones alone. */
static const char *left_out_before(struct lt_report *report)
{
	const struct lt_snapshot *snap = report->snap;
	const uint64_t nr = snap->nr_failed_before.val;

	return lt_words(report,
			"No failed cma_alloc is on record from %.1f s after boot on. Of earlier "
			"ones, %" PRIu64 " %s on record and left out.",
			(double)snap->options.since_ns.val / 1e9, nr, nr == 1 ? "is" : "are");
}

static const char *nothing_failed(struct lt_report *report)
{
	const struct lt_snapshot *snap = report->snap;
	/*
	 * That no failure is on record does not say that there was none: the log is cleared or
	 * overwritten, a caller asks for no message (__GFP_NOWARN), or nobody could read it.
	 */
	const bool in_doubt = !lt_completeness_of(snap, LT_NO_AREA).is_complete;
	const char *counted = in_doubt ? doubt_by_counts(report) : NULL;
	const char *left = left_in_log(report);
	const char *areas = snap->areas.nr == 1
				    ? "the CMA area"
				    : lt_words(report, "the %zu CMA areas", snap->areas.nr);
	const char *busy = busy_but_not_failed(report, areas, in_doubt);
	const char *complaint = complained(report);

	if (!report->next || snap->nr_failed_before.val)
		report->next = next_without_failure(report, in_doubt || left || busy || complaint);
	if (snap->nr_failed_before.val)
		return left_out_before(report);
	if (left)
		return left;
	if (counted)
		return complaint ? lt_words(report, "%s I%s", counted, complaint) : counted;
	if (busy)
		return complaint ? lt_words(report, "%s I%s", busy, complaint) : busy;
	if (complaint)
		return lt_words(report, "No failed cma_alloc is on record, but i%s", complaint);
	if (in_doubt)
		return doubt_by_record(report);
	if (!snap->areas.nr)
		return no_area_located(report);
	if (lt_snapshot_has_page_states(snap))
		return lt_words(report,
				"No failed cma_alloc is on record and no page in %s is pinned.",
				areas);
	return lt_words(report,
			"No failed cma_alloc is on record for %s%s cannot be seen without "
			"/proc/kcore or the helper module.",
			areas,
			has_no_pins(snap)
				? ", and the kernel counts no pinned page; other references"
				: "; pins");
}

/* The latest failure that nothing explains, or NULL. */
static const struct lt_failure *find_unexplained(const struct lt_report *report)
{
	lt_vec_each(failure, &report->failures) {
		bool is_explained = false;

		lt_vec_each(finding, &report->findings)
			is_explained = is_explained || finding->explains == failure;
		if (!is_explained)
			return failure;
	}
	return NULL;
}

/* Whether sources that may say more are closed to this user, and nothing is established without. */
static bool is_for_root(const struct lt_report *report)
{
	const struct lt_finding *answered = report->answered;

	if (answered && answered->confidence >= LT_LIKELY && !answered->is_of_now)
		return false;
	lt_vec_each(state, &report->snap->sources)
		if (lt_snapshot_is_for_root(report->snap, state))
			return true;
	return false;
}

/* "Next: `ltpin explain reserved 8192`."; NULL if there is nothing to do. */
static const char *describe_next(struct lt_report *report)
{
	if (is_for_root(report)) {
		report->next = NULL;
		return report->snap->options.place ? "Next, on the device: run as root."
						   : "Next: run as root.";
	}
	if (!report->next)
		return NULL;
	/* What a finding suggests has its place already. */
	if (!report->answered)
		report->next = lt_words_command(report, report->next);
	return lt_words(report, "Next%s: `%s`.",
			lt_words_is_for_device(report, report->next) ? ", on the device" : "",
			report->next);
}

int lt_headline_make(struct lt_report *report)
{
	const struct lt_finding *finding = cause(report);
	const struct lt_failure *unexplained = find_unexplained(report);
	const char *left = left_in_log(report);

	/* A harmless failure does not hide one that may be serious. */
	if (finding && !(finding->explains && finding->severity == LT_INFO && unexplained))
		report->headline = with_cause(report, finding);
	else if (unexplained)
		report->headline = failed_without_cause(report, unexplained);
	else
		report->headline = nothing_failed(report);
	if (finding && !report->failures.nr && left)
		report->headline = lt_words(report, "%s %s", report->headline, left);
	report->verdict = lt_words_placed(report, report->headline);
	report->next_words = describe_next(report);
	report->headline = report->next_words
				   ? lt_words(report, "%s %s", report->verdict, report->next_words)
				   : report->verdict;
	return report->out_of_memory ? -ENOMEM : 0;
}
