// SPDX-License-Identifier: LGPL-2.1-or-later
/* The replay in sentences. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "analyse/explain_part.h"
#include "analyse/words.h"
#include "base/errno_name.h"

/* The words of a report, without its judgement. */
struct wording {
	struct lt_explain *explain;
	struct lt_report words;
};

static const char *owner_of(struct wording *wording, const struct lt_obstacle_owner *owner)
{
	static const char *const how[] = {
		[LT_OWNED_PINNED] = "pinned by",
		[LT_OWNED_MAPPED] = "mapped by",
		[LT_OWNED_ALLOCATED] = "allocated by",
	};

	if (owner->by == LT_OWNED_UNKNOWN)
		return "of nobody that a source names";
	return lt_words(&wording->words, "%s %s", how[owner->by],
			owner->pid.known ? lt_words_process(&wording->words, owner->comm,
							    (int)owner->pid.val)
					 : owner->comm);
}

static const char *what_releasing_gains(struct wording *wording)
{
	const struct lt_explain *explain = wording->explain;
	const struct lt_obstacle_owner *best = explain->owners.v;

	if (!explain->owners.nr || !explain->largest.known || best->largest <= explain->largest.val)
		return "";
	return lt_words(&wording->words,
			"; releasing the %" PRIu64 " page%s %s raises the largest allocation from "
			"%s to %s%s",
			best->nr_pages, best->nr_pages == 1 ? "" : "s", owner_of(wording, best),
			lt_words_size(&wording->words, explain->largest.val),
			lt_words_size(&wording->words, best->largest),
			best->would_succeed ? ", and this one would succeed" : "");
}

static const char *why_no_free_run(struct wording *wording)
{
	const struct lt_explain *explain = wording->explain;
	const struct lt_area *area = &explain->snap->areas.v[explain->area];
	const char *drivers = lt_words_drivers(&wording->words, explain->area);
	const char *run = area->largest_free_run.known
				  ? lt_words_size(&wording->words, area->largest_free_run.val)
				  : NULL;

	return lt_words(&wording->words, "the longest run that is not given out has %s%s%s%s",
			run ? run : "fewer pages",
			run && area->largest_free_run.val >= explain->search.nr_pages
				? ", which the alignment does not let it use"
				: "",
			drivers ? "; given out are those of " : "", drivers ? drivers : "");
}

static const char *why_blocked(struct wording *wording)
{
	uint64_t nr = wording->explain->result.nr_windows;

	if (nr == 1)
		return lt_words(&wording->words, "the only window for it has a page that stays%s",
				what_releasing_gains(wording));
	return lt_words(&wording->words,
			"each of the %" PRIu64 " windows for it has a page that "
			"stays%s",
			nr, what_releasing_gains(wording));
}

static const char *why_no_memory(struct wording *wording)
{
	const struct lt_explain *explain = wording->explain;
	const struct lt_window *last = &explain->result.last;

	return lt_words(
		&wording->words,
		"%s must be moved out of its way, and all memory that is free, or could be "
		"made so, outside the blocks around is %s",
		lt_words_size(&wording->words, last->nr[LT_FATE_MOVED]),
		lt_words_size(&wording->words,
			      explain->search.memory.most.val > last->nr_free_around
				      ? explain->search.memory.most.val - last->nr_free_around
				      : 0));
}

static const char *why_unknown(struct wording *wording)
{
	const struct lt_explain *explain = wording->explain;
	const struct lt_window *last = &explain->result.last;

	switch (explain->reason) {
	case LT_REASON_NO_PAGE_STATES:
		return "no source told the state of the pages; with the helper module it would "
		       "(`ltpin module load`)";
	case LT_REASON_UNSURE_PAGES:
		return lt_words(&wording->words,
				"%s in the range from PFN 0x%" PRIx64 " on may move or not",
				lt_words_size(&wording->words, last->nr[LT_FATE_UNKNOWN]),
				last->pfns.start_pfn);
	default:
		return "whether there is memory to move pages to is not certain";
	}
}

static const char *why_success(struct wording *wording)
{
	const struct lt_explain *explain = wording->explain;
	const struct lt_window *last = &explain->result.last;
	uint64_t nr = explain->result.nr_windows - 1;
	const char *moved = "", *first = "";

	if (last->nr[LT_FATE_MOVED])
		moved = lt_words(&wording->words, ", after moving %s out of the way",
				 lt_words_size(&wording->words, last->nr[LT_FATE_MOVED]));
	if (nr)
		first = lt_words(&wording->words, "; %" PRIu64 " window%s before it would fail", nr,
				 nr == 1 ? "" : "s");
	return lt_words(&wording->words, "PFN 0x%" PRIx64 "%s%s", explain->pfn.val, moved, first);
}

static const char *why(struct wording *wording)
{
	const struct lt_explain *explain = wording->explain;

	switch (explain->reason) {
	case LT_REASON_FITS:
		return why_success(wording);
	case LT_REASON_TOO_LARGE:
		return "the area has fewer pages in one piece";
	case LT_REASON_NO_FREE_RUN:
		return why_no_free_run(wording);
	case LT_REASON_BLOCKED:
		return why_blocked(wording);
	case LT_REASON_NO_MEMORY:
		return why_no_memory(wording);
	default:
		return why_unknown(wording);
	}
}

static void report_headline(struct wording *wording)
{
	struct lt_explain *explain = wording->explain;
	struct lt_report *words = &wording->words;
	const char *err = explain->err.known ? lt_errno_name((int)explain->err.val) : NULL;
	const char *verdict;

	if (explain->prediction == LT_PREDICT_UNKNOWN)
		verdict = "may succeed or fail";
	else if (explain->prediction == LT_PREDICT_SUCCESS)
		verdict = "would succeed";
	else
		verdict = err ? lt_words(words, "would fail with -%s", err) : "would fail";
	explain->headline =
		lt_words(words, "cma_alloc of %s in %s, aligned to %s, %s%s%s.",
			 lt_words_size(words, explain->search.nr_pages),
			 lt_words_area(words, explain->area, NULL),
			 lt_words_size(words, UINT64_C(1) << explain->search.align), verdict,
			 explain->prediction == LT_PREDICT_SUCCESS ? " at " : ": ", why(wording));
}

static void add(struct wording *wording, const char *sentence)
{
	const char **slot = lt_vec_push(&wording->explain->basis);

	if (slot)
		*slot = sentence;
	else
		wording->words.out_of_memory = true;
}

static void report_pages(struct wording *wording)
{
	const struct lt_explain *explain = wording->explain;
	const struct lt_area *area = &explain->snap->areas.v[explain->area];

	if (lt_snapshot_has_page_states(explain->snap))
		add(wording, "The state of each page, as it was when it was read; it changes.");
	else
		add(wording, "Not known: the state of the pages, and so which of them can move.");
	if (lt_area_has_bitmaps(area))
		add(wording, "What cma_alloc() gave out: the bitmap in CMA debugfs.");
	else
		add(wording, "Not known: the bitmap of what cma_alloc() gave out "
			     "(CONFIG_CMA_DEBUGFS); pages in use that nothing maps or caches are "
			     "taken for it.");
	if (!area->order_per_bit.known)
		add(wording, "Not known: the area's order_per_bit, taken for 0.");
}

static void report_kernel(struct wording *wording)
{
	const struct lt_explain *explain = wording->explain;

	if (!explain->is_align_given && !lt_kernel_option(&explain->snap->kernel, "CMA_ALIGNMENT"))
		add(wording,
		    "Not known: CONFIG_CMA_ALIGNMENT, taken for 8; --align says otherwise.");
	if (explain->kernel == LT_SEARCH_UNKNOWN)
		add(wording, "Not known: which of the kernel's searches this one has; they differ "
			     "in the error of a request that finds no window.");
}

static void report_owners(struct wording *wording)
{
	bool is_unnamed = false;

	lt_vec_each(owner, &wording->explain->owners)
		is_unnamed = is_unnamed || owner->by == LT_OWNED_UNKNOWN;
	if (is_unnamed)
		add(wording, "Not known: whose some of the pages in the way are.");
	add(wording, "Not seen: other allocations at the same moment, whose blocks this one "
		     "cannot have, and signals.");
}

int lt_explain_report(struct lt_explain *explain)
{
	struct wording wording = {
		.explain = explain,
		.words = { .snap = explain->snap, .strings = explain->strings },
	};

	report_headline(&wording);
	report_pages(&wording);
	report_kernel(&wording);
	report_owners(&wording);
	return wording.words.out_of_memory ? -ENOMEM : 0;
}
