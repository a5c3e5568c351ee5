// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints the attempts and the summary of `ltpin watch`. */
#include "render/watch.h"

#include <inttypes.h>
#include <string.h>

#include "base/array_size.h"
#include "base/errno_name.h"
#include "render/evidence.h"
#include "render/pin_call.h"
#include "render/report.h"
#include "uapi/ltpin_netlink.h"

static struct text_chunk name_errno(const struct lt_attempt *attempt)
{
	const char *name = attempt->err.known ? lt_errno_name((int)attempt->err.val) : NULL;
	struct text_chunk chunk = { "" };

	if (name)
		snprintf(chunk.s, sizeof(chunk.s), " with -%s", name);
	else if (attempt->err.known)
		snprintf(chunk.s, sizeof(chunk.s), " with -%" PRIu64, attempt->err.val);
	return chunk;
}

/* "12.345678 s cma_alloc of 64 pages (256 KiB) in "reserved" failed with -EBUSY" */
static void print_head(struct text *text, const struct lt_snapshot *snap,
		       const struct lt_attempt *attempt)
{
	const struct lt_area *area =
		attempt->area == LT_NO_AREA ? NULL : &snap->areas.v[attempt->area];
	const char *name = attempt->area_name ? attempt->area_name : area ? area->name : NULL;
	const char *ended = attempt->is_open  ? "has not ended"
			    : attempt->failed ? "failed"
					      : "succeeded";
	char base[128] = "an unknown area";

	if (area && area->ranges.nr)
		snprintf(base, sizeof(base), "the area at PFN %s",
			 text_pfn(lt_area_hull(area).start_pfn).s);
	fputs(text_role(text, attempt->failed ? TEXT_BAD : TEXT_PLAIN), text->out);
	text_wrapf(text, "", 2, "%s cma_alloc of %s in %s%s%s %s%s", text_time(attempt->ts_ns).s,
		   text_pages(text, attempt->nr_pages).s, name ? "\"" : "", name ? name : base,
		   name ? "\"" : "", ended, attempt->failed ? name_errno(attempt).s : "");
	fputs(text_role(text, TEXT_PLAIN), text->out);
}

/* "Asked by ltpin-123, aligned to 256 pages, after 1.2 ms; 76 ranges tried." */
static void print_request(struct text *text, const struct lt_attempt *attempt)
{
	const uint64_t nr_ranges = lt_attempt_nr_ranges(attempt).val;
	char align[48] = "", latency[96] = "", got[96] = "", tries[48] = "";

	if (attempt->align.known && attempt->align.val && attempt->align.val < 64)
		snprintf(align, sizeof(align), ", aligned to %" PRIu64 " pages",
			 UINT64_C(1) << attempt->align.val);
	if (attempt->latency_ns.known)
		snprintf(latency, sizeof(latency), ", took %s",
			 text_duration(attempt->latency_ns).s);
	if (attempt->pfn.known)
		snprintf(got, sizeof(got), ", got %s", text_pfn(attempt->pfn.val).s);
	if (attempt->tries.nr)
		snprintf(tries, sizeof(tries), ", %" PRIu64 " range%s tried", nr_ranges,
			 nr_ranges == 1 ? "" : "s");
	text_wrapf(text, "  ", 4, "Asked by %s%s%s%s%s.", attempt->caller ? attempt->caller : "?",
		   align, latency, got, tries);
}

static void print_stack(struct text *text, const struct lt_stack *stack)
{
	for (size_t i = 0; stack && i < stack->nr; i++)
		fprintf(text->out, "      %s\n", stack->frames[i]);
}

static void print_try(struct text *text, const struct lt_try *tried)
{
	const char *stage = lt_try_stage_name(tried->stage);
	const struct lt_num pfn = lt_try_blocker(tried);

	text_wrapf(text, "    ", 6, "%s-%s: %s%s%s%s%s", text_pfn(tried->pfns.start_pfn).s,
		   text_pfn(tried->pfns.end_pfn - 1).s, tried->ok ? "obtained" : "failed",
		   stage ? " at stage " : "", stage ? stage : "", pfn.known ? ", blocked by " : "",
		   pfn.known ? text_pfn(pfn.val).s : "");
}

/* How many ranges failed at @stage for which the kernel named no page. */
static size_t count_nameless(const struct lt_attempt *attempt, enum lt_stage_of_try stage)
{
	size_t nr = 0;

	lt_vec_each(tried, &attempt->tries)
		nr += !tried->ok && !lt_try_blocker(tried).known && tried->stage == stage;
	return nr;
}

static void print_stages(struct text *text, const struct lt_attempt *attempt)
{
	static const struct {
		enum lt_stage_of_try stage;
		const char *what;
	} stages[] = {
		{ LT_TRY_ISOLATE, "could not be isolated" },
		{ LT_TRY_MIGRATE, "could not be emptied: its pages did not migrate" },
		{ LT_TRY_TEST, "was not empty after migration" },
		{ LT_TRY_UNKNOWN, "failed; the cause is not known" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(stages); i++) {
		size_t nr = count_nameless(attempt, stages[i].stage);

		if (nr)
			text_wrapf(text, "  ", 4, "Of %zu range%s each %s.", nr, nr == 1 ? "" : "s",
				   stages[i].what);
	}
}

void watch_print_attempt(struct text *text, const struct lt_snapshot *snap,
			 const struct lt_attempt *attempt, const struct lt_cause *cause,
			 bool is_verbose)
{
	print_head(text, snap, attempt);
	print_request(text, attempt);
	if (is_verbose)
		print_stack(text, attempt->stack);
	if (!attempt->failed)
		return;
	if (is_verbose)
		lt_vec_each(tried, &attempt->tries)
			print_try(text, tried);
	print_stages(text, attempt);
	lt_vec_each(page, &cause->pages)
		watch_print_page(text, page, lt_blockers_find(&attempt->blockers, page->pfn));
	if (attempt->nr_blockers_left)
		text_wrapf(text, "  ", 4, "%u blocking page%s not looked at: too many at once.",
			   attempt->nr_blockers_left,
			   attempt->nr_blockers_left == 1 ? " was" : "s were");
}

static void print_counts(struct text *text, const struct watch_summary *summary)
{
	const struct lt_watch_counts *counts = &summary->counts;
	char lost[64] = "";

	if (!summary->watched_ns.known) {
		text_wrapf(text, "", 2, "%" PRIu64 " attempt%s, %" PRIu64 " failed.",
			   counts->nr_attempts, counts->nr_attempts == 1 ? "" : "s",
			   counts->nr_failed);
		return;
	}
	if (counts->nr_lost.known)
		snprintf(lost, sizeof(lost), ", %" PRIu64 " event%s lost", counts->nr_lost.val,
			 counts->nr_lost.val == 1 ? "" : "s");
	text_wrapf(text, "", 2, "Watched for %s: %" PRIu64 " attempt%s, %" PRIu64 " failed%s.",
		   text_duration(summary->watched_ns).s, counts->nr_attempts,
		   counts->nr_attempts == 1 ? "" : "s", counts->nr_failed, lost);
	if (counts->nr_unsampled)
		text_wrapf(text, "  ", 2,
			   "The pages of %" PRIu64
			   " failures were not looked at: too many at once.",
			   counts->nr_unsampled);
	if (counts->nr_scans || counts->nr_searches)
		text_wrapf(text, "  ", 2,
			   "This took %s for %" PRIu64 " look%s through areas for pins, and %s for "
			   "%" PRIu64 " search%s of processes for pages.",
			   text_duration(lt_num(counts->scan_ns)).s, counts->nr_scans,
			   counts->nr_scans == 1 ? "" : "s",
			   text_duration(lt_num(counts->search_ns)).s, counts->nr_searches,
			   counts->nr_searches == 1 ? "" : "es");
}

/* Where nothing failed no finding was printed; these are of the ledger. */
static void print_leaks(struct text *text, const struct lt_report *report)
{
	lt_vec_each(finding, &report->findings)
		if (!strcmp(finding->rule->id, "leak-suspected"))
			report_print_finding(text, report, finding);
}

int watch_print_summary(struct text *text, const struct watch_summary *summary)
{
	const struct lt_report *report = summary->report;
	int err = 0;

	fputc('\n', text->out);
	print_counts(text, summary);
	if (summary->pins) {
		pin_call_print_tally(text, summary->pins);
	}
	if (summary->counts.nr_not_kept)
		text_wrapf(text, "  ", 2,
			   "The following leaves out the last %" PRIu64
			   " attempts: too many to keep.",
			   summary->counts.nr_not_kept);
	if (summary->counts.nr_failed) {
		fputc('\n', text->out);
		text->is_brief = true;
		err = report_print_text(text, report);
	}
	if (!err && ledger_has_any(&report->snap->ledger)) {
		text_heading(text, "Device allocations while watching");
		err = ledger_print(text, report->snap);
		if (!summary->counts.nr_failed)
			print_leaks(text, report);
	}
	if (!err && report->correlations.nr) {
		text_heading(text, "Do failures occur together with pins?");
		err = correlations_print(text, report);
	}
	return err;
}
