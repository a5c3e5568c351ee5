// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes allocation attempts as JSON. */
#include "render/json/json.h"

#include "analyse/window_count.h"
#include "base/errno_name.h"
#include "uapi/ltpin_netlink.h"

/* What is no fact where it is not true. */
static void put_flag(struct lt_json *json, const char *key, bool is_true)
{
	if (is_true)
		lt_json_bool(json, key, true);
}

static void put_tries(struct lt_json *json, const struct lt_tries *tries)
{
	lt_json_array(json, "tries");
	lt_vec_each(tried, tries) {
		lt_json_object(json, NULL);
		lt_json_num(json, "ts_ns", tried->ts_ns);
		lt_json_u64(json, "start_pfn", tried->pfns.start_pfn);
		lt_json_u64(json, "end_pfn", tried->pfns.end_pfn);
		lt_json_bool(json, "ok", tried->ok);
		lt_json_string(json, "stage", lt_try_stage_name(tried->stage));
		put_flag(json, "emptied", tried->is_emptied);
		lt_json_num(json, "blocker_pfn", tried->blocker_pfn);
		lt_json_num(json, "blocker_refcount", tried->blocker_refcount);
		lt_json_num(json, "blocker_mapcount", tried->blocker_mapcount);
		lt_json_close(json);
	}
	lt_json_close(json);
}

static void put_windows(struct lt_json *json, const struct lt_attempt *attempt,
			const struct lt_snapshot *snap)
{
	struct lt_window_count windows;

	lt_window_count_make(snap, attempt, &windows);
	if (!windows.blocked.known)
		return;
	lt_json_object(json, "windows");
	lt_json_num(json, "given_out", windows.given_out);
	lt_json_num(json, "passed", windows.passed);
	lt_json_num(json, "blocked", windows.blocked);
	lt_json_num(json, "not_tried", windows.not_tried);
	lt_json_close(json);
}

static struct lt_num to_ms(struct lt_num ns)
{
	ns.val /= 1000000;
	return ns;
}

static void put_sample(struct lt_json *json, const struct lt_blocker_sample *sample)
{
	struct lt_pin state = { 0 };

	lt_pin_set_folio(&state, &sample->folio);
	lt_json_object(json, NULL);
	put_flag(json, "is_instant", sample->is_instant);
	lt_json_num(json, "sampled_after_ms", to_ms(sample->after_ns));
	lt_json_bool(json, "is_free", sample->folio.flags & LTPIN_PAGE_BUDDY);
	if (!(sample->folio.flags & LTPIN_PAGE_BUDDY)) {
		lt_json_string(json, "kind", lt_pin_kind_name(state.kind));
		lt_json_num(json, "pins", state.pins);
		lt_json_num(json, "refcount", state.refcount);
		lt_json_num(json, "mapcount", state.mapcount);
		lt_json_bool(json, "is_writeback", sample->folio.flags & LTPIN_PAGE_WRITEBACK);
	}
	lt_json_close(json);
}

/* What was seen of the page after it had blocked. */
static void put_seen(struct lt_json *json, const struct lt_blocker *blocker,
		     const struct lt_snapshot *snap)
{
	if (blocker->fate != LT_BLOCKER_UNKNOWN)
		lt_json_bool(json, "transient", blocker->fate == LT_BLOCKER_PASSED);
	lt_json_array(json, "samples");
	lt_vec_each(sample, &blocker->samples)
		put_sample(json, sample);
	lt_json_close(json);
	lt_json_num(json, "asked_after_ms", to_ms(blocker->asked_after_ns));
	json_pin(json, "page", &blocker->page, NULL, snap);
}

static void put_holder(struct lt_json *json, const struct lt_cause_page *page)
{
	if (page->by == LT_BY_NOBODY)
		return;
	lt_json_object(json, "by");
	lt_json_u64(json, "pid", (uint64_t)page->pid);
	lt_json_string(json, "comm", page->comm);
	lt_json_string(json, "basis", lt_holder_basis_name(page->by));
	lt_json_string(json, "confidence", lt_confidence_name(page->by_confidence));
	lt_json_string(json, "began", lt_order_name(page->began));
	lt_json_close(json);
}

/* What is known of the page at the time when it blocked. */
static void put_cause_page(struct lt_json *json, const struct lt_cause_page *page)
{
	lt_json_bool(json, "block_only", page->is_block);
	lt_json_u64(json, "nr_windows", page->nr_windows);
	lt_json_string(json, "state", lt_hold_state_name(page->state));
	lt_json_num(json, "since_ns", page->since_ns);
	if (page->hold != LT_PIN_UNKNOWN) {
		lt_json_string(json, "hold", lt_pin_kind_name(page->hold));
		lt_json_string(json, "confidence", lt_confidence_name(page->confidence));
	}
	if (page->nr_found.known) {
		lt_json_object(json, "explains");
		lt_json_num(json, "found", page->nr_found);
		lt_json_num(json, "total", page->nr_pins);
		lt_json_close(json);
	}
	put_holder(json, page);
}

static const struct lt_cause_page *find_cause_page(const struct lt_cause *cause, uint64_t pfn)
{
	if (cause)
		lt_vec_each(page, &cause->pages)
			if (page->pfn == pfn)
				return page;
	return NULL;
}

/* Each page once: those that were evaluated, then those that were only looked at. */
static void put_blockers(struct lt_json *json, const struct lt_attempt *attempt,
			 const struct lt_snapshot *snap, const struct lt_cause *cause)
{
	lt_json_array(json, "blockers");
	for (size_t i = 0; cause && i < cause->pages.nr; i++) {
		const struct lt_cause_page *page = &cause->pages.v[i];
		const struct lt_blocker *seen = lt_blockers_find(&attempt->blockers, page->pfn);

		lt_json_object(json, NULL);
		lt_json_u64(json, "pfn", page->pfn);
		put_cause_page(json, page);
		if (seen)
			put_seen(json, seen, snap);
		lt_json_close(json);
	}
	lt_vec_each(blocker, &attempt->blockers) {
		if (find_cause_page(cause, blocker->pfn))
			continue;
		lt_json_object(json, NULL);
		lt_json_u64(json, "pfn", blocker->pfn);
		put_seen(json, blocker, snap);
		lt_json_close(json);
	}
	lt_json_close(json);
	if (attempt->nr_blockers_left)
		lt_json_u64(json, "nr_blockers_unsampled", attempt->nr_blockers_left);
}

/* What it is put down to, and its group, as far as there are such. */
static void put_cause(struct lt_json *json, struct lt_explanation explanation,
		      const struct lt_cause *cause)
{
	if (!explanation.id && cause->group == LT_NO_GROUP)
		return;
	lt_json_object(json, "cause");
	lt_json_string(json, "id", explanation.id);
	if (explanation.id)
		lt_json_string(json, "confidence", lt_confidence_name(explanation.confidence));
	if (cause->group != LT_NO_GROUP)
		lt_json_u64(json, "group", cause->group);
	lt_json_close(json);
}

static void put_counts(struct lt_json *json, const struct lt_attempt_counts *counts)
{
	if (!counts->nr_isolate_failed.known && !counts->nr_migrated.known)
		return;
	lt_json_object(json, "counts");
	lt_json_num(json, "isolate_failed", counts->nr_isolate_failed);
	lt_json_num(json, "migrate_failed", counts->nr_migrate_failed);
	lt_json_num(json, "test_failed", counts->nr_test_failed);
	lt_json_num(json, "migrated", counts->nr_migrated);
	lt_json_num(json, "reclaimed", counts->nr_reclaimed);
	lt_json_num(json, "mapped", counts->nr_mapped);
	lt_json_close(json);
}

static void put_sources(struct lt_json *json, const struct lt_attempt *attempt)
{
	lt_json_array(json, "sources");
	for (enum lt_attempt_source s = LT_ATTEMPT_LOG; s <= LT_ATTEMPT_ALLOC; s++)
		if (s == attempt->source || attempt->also & (1u << s))
			lt_json_string(json, NULL, lt_attempt_source_name(s));
	lt_json_close(json);
}

void json_attempt(struct lt_json *json, const char *key, const struct lt_attempt *attempt,
		  const struct lt_snapshot *snap, const struct lt_cause *cause,
		  const struct lt_report *report)
{
	const char *name =
		attempt->area_name ? attempt->area_name : json_area_name(snap, attempt->area);

	lt_json_object(json, key);
	lt_json_num(json, "ts_ns", attempt->ts_ns);
	lt_json_num(json, "last_ts_ns", attempt->last_ts_ns);
	lt_json_string(json, "source", lt_attempt_source_name(attempt->source));
	put_sources(json, attempt);
	lt_json_string(json, "area", name);
	lt_json_num(json, "nr_pages", attempt->nr_pages);
	lt_json_num(json, "nr_pages_max", attempt->nr_pages_max);
	lt_json_num(json, "align", attempt->align);
	if (!attempt->is_open)
		lt_json_bool(json, "failed", attempt->failed);
	put_flag(json, "under_way", attempt->is_under_way);
	put_flag(json, "refused", attempt->is_refused);
	put_flag(json, "paired", attempt->is_paired);
	put_flag(json, "busy_if_full", attempt->is_busy_if_full);
	lt_json_num(json, "age_ns", attempt->age_ns);
	lt_json_num(json, "errno", attempt->err);
	if (attempt->err.known && attempt->err.val)
		lt_json_string(json, "errno_name", lt_errno_name((int)attempt->err.val));
	lt_json_num(json, "latency_ns", attempt->latency_ns);
	lt_json_num(json, "pfn", attempt->pfn);
	lt_json_num(json, "nr_free", attempt->nr_free);
	lt_json_num(json, "nr_area", attempt->nr_area);
	lt_json_num(json, "largest_free_run", attempt->largest_free_run);
	lt_json_num(json, "largest_aligned_run", attempt->largest_aligned_run);
	lt_json_num(json, "free_elsewhere_kib", attempt->free_elsewhere_kib);
	lt_json_num(json, "min_elsewhere_kib", attempt->min_elsewhere_kib);
	lt_json_string(json, "caller", attempt->caller);
	json_stack(json, "stack", attempt->stack);
	lt_json_string(json, "fallback", attempt->fallback);
	lt_json_u64(json, "count", attempt->count);
	put_counts(json, &attempt->counts);
	put_windows(json, attempt, snap);
	/* The log has no ranges, unless it names pages. */
	if (attempt->tries.nr || attempt->source != LT_ATTEMPT_LOG)
		put_tries(json, &attempt->tries);
	if (attempt->blockers.nr || attempt->nr_blockers_left || (cause && cause->pages.nr))
		put_blockers(json, attempt, snap, cause);
	if (report)
		put_cause(json, lt_report_explain(report, cause), cause);
	else if (cause)
		put_cause(json, (struct lt_explanation){ cause->id, cause->confidence }, cause);
	if (attempt->sampled) {
		json_ranges(json, "pinned", &attempt->pinned);
		lt_json_num(json, "sampled_after_ns", attempt->sampled_after_ns);
	}
	lt_json_close(json);
}
