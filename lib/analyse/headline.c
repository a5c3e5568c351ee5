// SPDX-License-Identifier: LGPL-2.1-or-later
#include "analyse/headline.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "analyse/words.h"

/* The most severe and certain finding that explains a failure, else that might. */
static const struct lt_finding *cause(const struct lt_report *report)
{
	const struct lt_finding *first = NULL;

	lt_vec_each(finding, &report->findings) {
		if (finding->explains)
			return finding;
		if (finding->clause && !first)
			first = finding;
	}
	return first;
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
	return lt_words(report, "%s (%s)", finding->clause,
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

/* The sentence is about one request; others have their findings. */
static const char *other_failures(struct lt_report *report)
{
	size_t nr = report->failures.nr;

	if (nr < 2)
		return "";
	return lt_words(report, " %zu other request%s failed too.", nr - 1, nr == 2 ? "" : "s");
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
	const char *cleared = finding->explains && finding->clears_pins ? "; no pin is involved" : "";
	const char *blame = kernel && kernel != finding
				    ? lt_words(report, ", and %s", with_confidence(report, kernel))
				    : "";
	const struct lt_finding *adviser = kernel ? kernel : finding;
	const char *confirm = adviser->confirm ? lt_words(report, " Confirm with `%s`.",
							  adviser->confirm)
					       : "";

	return capitalise(report, lt_words(report, "%s%s%s%s%s. %s%s%s", what, join,
					   with_confidence(report, finding), cleared, blame,
					   adviser->advice, confirm, other_failures(report)));
}

/* The first page that blocked @attempt and had a pin count at the time; unknown if none did. */
static struct lt_num find_pinned_blocker(const struct lt_attempt *attempt)
{
	lt_vec_each(tried, &attempt->tries) {
		struct lt_num pfn = lt_try_blocker(tried);

		if (!pfn.known)
			continue;
		lt_vec_each(range, &attempt->pinned)
			if (lt_range_has(*range, pfn.val))
				return pfn;
	}
	return (struct lt_num){ 0 };
}

/* Up to 6.12 -ENOMEM says both; where it says the latter alone there is a finding. */
static const char *out_of_room(struct lt_report *report, const struct lt_failure *failure)
{
	const char *explain = lt_words_explain(report, failure->area, failure->nr_pages);

	return lt_words(report,
			"%s: either no run of the area was long enough, or there was no memory to move "
			"its pages to; a page in the way gives -EBUSY instead. See which it would be "
			"now with `%s`.",
			lt_words_failure(report, failure), explain ? explain : "ltpin areas");
}

static const char *failed_without_cause(struct lt_report *report, const struct lt_failure *failure)
{
	struct lt_num blocker = find_pinned_blocker(failure->last);
	const char *what = lt_words_failure(report, failure);

	if (blocker.known)
		what = lt_words(report, "%s: page 0x%" PRIx64 " was in the way, pinned at the time",
				what, blocker.val);
	if (lt_snapshot_has_page_states(report->snap) && (failure->nr_ok_since || blocker.known))
		return lt_words(report, "%s; no page in CMA is pinned now, so it is gone.", what);
	if (blocker.known)
		return lt_words(report, "%s; see whether it still is with `ltpin module load && "
				"ltpin pages`.", what);
	if (failure->err.known && failure->err.val == ENOMEM)
		return out_of_room(report, failure);
	return lt_words(report,
			"%s; no source that could be read says why. See what is missing with "
			"`ltpin doctor`.",
			what);
}

static const char *nothing_failed(struct lt_report *report)
{
	const struct lt_snapshot *snap = report->snap;
	const char *areas = snap->areas.nr == 1 ? "the CMA area"
						: lt_words(report, "the %zu CMA areas",
							   snap->areas.nr);

	if (!snap->areas.nr)
		return "No CMA area could be located, and no failed cma_alloc is on record. See what "
		       "is missing with `ltpin doctor`.";
	if (lt_snapshot_has_page_states(snap))
		return lt_words(report, "No failed cma_alloc is on record and no page in %s is pinned.",
				areas);
	return lt_words(report,
			"No failed cma_alloc is on record for %s; pins cannot be seen without "
			"/proc/kcore or the helper module (`ltpin module load`).",
			areas);
}

int lt_headline_make(struct lt_report *report)
{
	const struct lt_finding *finding = cause(report);

	if (finding)
		report->headline = with_cause(report, finding);
	else if (report->failures.nr)
		report->headline = failed_without_cause(report, report->failures.v);
	else
		report->headline = nothing_failed(report);
	return report->out_of_memory ? -ENOMEM : 0;
}
