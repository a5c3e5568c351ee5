// SPDX-License-Identifier: LGPL-2.1-or-later
/* The replay in sentences. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "analyse/explain_part.h"
#include "analyse/words.h"
#include "base/array_size.h"
#include "base/errno_name.h"
#include "uapi/ltpin_netlink.h"

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
		return "whose owner is not known";
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

	return lt_words(&wording->words, "the longest run that is not allocated has %s%s%s%s",
			run ? run : "fewer pages",
			run && area->largest_free_run.val >= explain->search.nr_pages
				? ", which the alignment does not let it use"
				: "",
			drivers ? "; the rest was allocated by " : "", drivers ? drivers : "");
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
		"%s must be moved away first, and all memory that is free, or could be freed, "
		"outside the blocks around is %s",
		lt_words_size(&wording->words, last->nr[LT_FATE_MOVED]),
		lt_words_size(&wording->words,
			      explain->search.memory.most.val > last->nr_free_around
				      ? explain->search.memory.most.val - last->nr_free_around
				      : 0));
}

/* Whether the reader that every 64-bit kernel has is closed to this user. */
static bool is_for_root(const struct lt_snapshot *snap)
{
	const struct lt_source_state *kcore = lt_snapshot_source(snap, "kcore");

	return kcore && lt_snapshot_is_for_root(snap, kcore);
}

static const char *why_unknown(struct wording *wording)
{
	const struct lt_explain *explain = wording->explain;
	const struct lt_window *last = &explain->result.last;

	switch (explain->reason) {
	case LT_REASON_NO_PAGE_STATES:
		return is_for_root(explain->snap)
			       ? "the state of the pages is not known: run as root"
			       : "the state of the pages is not known. Load the helper module: "
				 "`ltpin module load`";
	case LT_REASON_UNSURE_PAGES:
		return lt_words(&wording->words,
				"whether %s in the range from PFN 0x%" PRIx64
				" can be moved is not known",
				lt_words_size(&wording->words, last->nr[LT_FATE_UNKNOWN]),
				last->pfns.start_pfn);
	default:
		return "whether there is memory to move pages to is not known";
	}
}

static const char *why_success(struct wording *wording)
{
	const struct lt_explain *explain = wording->explain;
	const struct lt_window *last = &explain->result.last;
	uint64_t nr = explain->result.nr_windows - 1;
	const char *moved = "", *first = "";

	if (last->nr[LT_FATE_MOVED])
		moved = lt_words(&wording->words, ", after moving %s away",
				 lt_words_size(&wording->words, last->nr[LT_FATE_MOVED]));
	if (nr)
		first = lt_words(&wording->words, "; %" PRIu64 " earlier window%s would fail", nr,
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
	else if (explain->may_be_given_out)
		verdict = "would fail with -ENOMEM if devices have the pages that stay, else with "
			  "-EBUSY";
	else
		verdict = err ? lt_words(words, "would fail with -%s", err) : "would fail";
	explain->headline = lt_words_placed(
		words,
		lt_words(words, "cma_alloc of %s in %s, aligned to %s, %s%s%s.",
			 lt_words_size(words, explain->search.nr_pages),
			 lt_words_area(words, explain->area, NULL),
			 lt_words_size(words, UINT64_C(1) << explain->search.align), verdict,
			 explain->prediction == LT_PREDICT_SUCCESS ? " at " : ": ", why(wording)));
}

static void add(struct wording *wording, const char *sentence)
{
	const char **slot = lt_vec_push(&wording->explain->basis);

	if (slot)
		*slot = sentence;
	else
		wording->words.out_of_memory = true;
}

/* Pages whose counts do not tell whether they can be moved. */
static const struct {
	uint64_t flags; /* that they all have */
	bool is_large;	/* of more than one page */
	const char *what;
} doubts[] = {
	{ LTPIN_PAGE_FILE | LTPIN_PAGE_PRIVATE, false,
	  "of files have no held buffers (buffer heads), which would keep them" },
	{ LTPIN_PAGE_HUGETLB, false, "of hugetlb can be replaced, and so moved" },
	{ LTPIN_PAGE_WRITEBACK, false, "under writeback are written in time" },
	{ LTPIN_PAGE_MOVABLE_OPS, false, "that drivers move will be moved by them" },
	{ LTPIN_PAGE_FILE, true, "in large folios of a file system can be moved" },
};

static bool is_in_area(const struct lt_area *area, uint64_t pfn)
{
	lt_vec_each(range, &area->ranges)
		if (lt_range_has(range->pfns, pfn))
			return true;
	return false;
}

static void report_doubts(struct wording *wording)
{
	const struct lt_snapshot *snap = wording->explain->snap;
	const struct lt_area *area = &snap->areas.v[wording->explain->area];

	for (size_t i = 0; i < ARRAY_SIZE(doubts); i++) {
		uint64_t nr = 0;

		lt_vec_each(folio, &snap->folios)
			if ((folio->flags & doubts[i].flags) == doubts[i].flags &&
			    (!doubts[i].is_large || folio->nr_pages > 1) &&
			    is_in_area(area, folio->pfn))
				nr += folio->nr_pages;
		if (nr)
			add(wording, lt_words(&wording->words, "Not known: whether %s %s.",
					      lt_words_size(&wording->words, nr), doubts[i].what));
	}
}

static void report_pages(struct wording *wording)
{
	const struct lt_explain *explain = wording->explain;
	const struct lt_area *area = &explain->snap->areas.v[explain->area];

	if (lt_snapshot_has_page_states(explain->snap))
		add(wording, "The state of each page, as it was when it was read; it changes.");
	else
		add(wording, "Not known: the state of the pages, so which of them can move.");
	if (lt_area_has_bitmaps(area))
		add(wording, "What cma_alloc() allocated: the bitmap in CMA debugfs.");
	else
		add(wording, "Not known: the bitmap of what cma_alloc() allocated "
			     "(CONFIG_CMA_DEBUGFS=y). Pages in use that nothing maps or caches "
			     "count as pages that stay: a device's or the kernel's.");
	if (!area->order_per_bit.known)
		add(wording, "Not known: the area's order_per_bit; 0 is assumed.");
	report_doubts(wording);
}

static void report_kernel(struct wording *wording)
{
	const struct lt_explain *explain = wording->explain;

	if (!explain->is_align_given && !lt_kernel_option(&explain->snap->kernel, "CMA_ALIGNMENT"))
		add(wording,
		    "Not known: CONFIG_CMA_ALIGNMENT; 8 is assumed (--align sets the alignment).");
	if (explain->kernel == LT_SEARCH_UNKNOWN)
		add(wording, "Not known: which search this kernel has. Kernels differ in the error "
			     "of a request that finds no window.");
}

static void report_owners(struct wording *wording)
{
	bool is_unnamed = false;

	lt_vec_each(owner, &wording->explain->owners)
		is_unnamed = is_unnamed || owner->by == LT_OWNED_UNKNOWN;
	if (is_unnamed)
		add(wording, "Not known: who owns some of the blocking pages.");
	add(wording, "Not seen: other allocations at the same moment, which isolate blocks; "
		     "signals; a cpuset that keeps the caller to some nodes.");
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
