// SPDX-License-Identifier: LGPL-2.1-or-later
/* Requests that no pin made fail: the area is too small, full or in pieces. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "analyse/rule.h"
#include "model/no_cma.h"

static const struct lt_area *area_of(const struct lt_report *report,
				     const struct lt_failure *failure)
{
	return failure->area == LT_NO_AREA ? NULL : &report->snap->areas.v[failure->area];
}

static bool has_blocker(const struct lt_attempt *attempt)
{
	return lt_attempt_blocker(attempt).known;
}

bool lt_failure_has_blocker(const struct lt_report *report, const struct lt_failure *failure)
{
	return lt_failure_find(report, failure, has_blocker);
}

/* The log can tell of the very moment, and the trace of a page. */
static bool is_told_better(const struct lt_report *report, const struct lt_failure *failure)
{
	return lt_failure_has_blocker(report, failure) ||
	       lt_failure_has_space_then(report, failure);
}

/* No architecture that Linux runs on has smaller pages. */
#define PAGE_KIB_MIN 4

/*
 * Pages that all areas have together, by the kernel's total; as many as it can be at most where the
 * size of a page is not known.
 */
static struct lt_num total_pages(const struct lt_snapshot *snap)
{
	const struct lt_num page_size = snap->kernel.page_size;
	struct lt_num total = snap->memory.cma_total_kib;
	uint64_t nr_known = 0;

	if (total.known)
		total.val /= page_size.known ? page_size.val / 1024 : PAGE_KIB_MIN;
	lt_vec_each(area, &snap->areas)
		nr_known += area->nr_pages.val;
	/* The areas that are on record have more: it is of another boot, or another machine. */
	return nr_known > total.val ? (struct lt_num){ 0 } : total;
}

static bool has_area_size(const struct lt_attempt *attempt)
{
	return attempt->nr_area.known;
}

/* What a request for all there is could get: @is_area says whether that is of its own area. */
static struct lt_num room_of(const struct lt_report *report, const struct lt_failure *failure,
			     bool *is_area)
{
	const struct lt_area *area = area_of(report, failure);
	const struct lt_attempt *told = lt_failure_find(report, failure, has_area_size);

	*is_area = area || told;
	if (area && area->nr_pages.known)
		return area->nr_pages;
	if (told)
		return told->nr_area;
	return area ? area->nr_pages : total_pages(report->snap);
}

static bool is_refused(const struct lt_attempt *attempt)
{
	return attempt->is_refused;
}

bool lt_failure_has_no_size(const struct lt_report *report, const struct lt_failure *failure)
{
	bool is_area;

	return !room_of(report, failure, &is_area).known;
}

bool lt_failure_is_too_large(const struct lt_report *report, const struct lt_failure *failure)
{
	bool is_area;
	struct lt_num room = room_of(report, failure, &is_area);

	return room.known && failure->nr_pages.known && failure->nr_pages.val > room.val;
}

static const char *describe_room(struct lt_report *report, uint64_t nr_pages, bool is_area)
{
	if (!is_area && !report->snap->kernel.page_size.known)
		return lt_words(report,
				"all areas together have only %" PRIu64
				" KiB, which is no more than %" PRIu64 " pages",
				report->snap->memory.cma_total_kib.val, nr_pages);
	return lt_words(report, "%s only %s", is_area ? "the area has" : "all areas together have",
			lt_words_size(report, nr_pages));
}

void lt_rule_request_too_large(struct lt_report *report, const struct lt_rule *rule)
{
	lt_vec_each(failure, &report->failures) {
		bool is_area;
		struct lt_num room = room_of(report, failure, &is_area);
		bool is_told = lt_failure_is_too_large(report, failure);
		struct lt_finding *finding;

		if (!is_told && (room.known || !lt_failure_find(report, failure, is_refused)))
			continue;
		finding = lt_finding_new(report, rule, is_told ? LT_PROVEN : LT_LIKELY);
		lt_finding_raise(finding, lt_failure_severity(report, failure));
		finding->explains = failure;
		finding->clears_pins = true;
		finding->clause = is_told ? describe_room(report, room.val, is_area)
					  : "the kernel refused it without a search, as it "
					    "does if the area has fewer pages";
		finding->text = lt_words(report, "%s%s %s. No pin is involved.",
					 lt_words_failure(report, failure), is_told ? ", but" : ":",
					 finding->clause);
		finding->advice = "Enlarge the area (cma= on the kernel command line, the "
				  "reserved-memory node, or CONFIG_CMA_SIZE_MBYTES), or ask for "
				  "less.";
		finding->confirm = "ltpin areas";
		lt_finding_add_evidence(report, finding, lt_words_failure(report, failure));
	}
}

/* Pages of @area that cma_alloc() could still give out if nothing were in the way. */
static struct lt_num available_pages(const struct lt_area *area)
{
	return lt_num_sub(area->nr_pages, area->nr_allocated);
}

/* Holders described one by one in a finding; holders[] has all. */
#define DESCRIBED_MAX 5

static const char *describe_holder(struct lt_report *report, const struct lt_holder *holder)
{
	const char *who = lt_words_holder(report, holder);
	const char *size = holder->nr_pages.known ? lt_words_size(report, holder->nr_pages.val)
						  : "of unknown size";

	if (holder->kind == LT_HOLDER_DRIVER)
		return lt_words(report, "%s allocated by %s (page_owner)", size, who);
	if (holder->pid.known)
		return lt_words(report, "%s has %" PRIu64 " dma-buf%s of %s open, %s",
				lt_words_process(report, holder->comm, (int)holder->pid.val),
				holder->nr_buffers.val, holder->nr_buffers.val == 1 ? "" : "s", who,
				size);
	return lt_words(report,
			"%" PRIu64
			" dma-buf%s of exporter %s, %s; whether they are in this area is not known",
			holder->nr_buffers.val, holder->nr_buffers.val == 1 ? "" : "s", who, size);
}

/* What a driver allocated is of an area; a dma-buf may be of any, also of one that is not known. */
static bool can_hold(const struct lt_holder *holder, size_t area)
{
	return holder->kind != LT_HOLDER_DRIVER || (area != LT_NO_AREA && holder->area == area);
}

bool lt_report_has_holders(const struct lt_report *report, size_t area)
{
	lt_vec_each(holder, &report->snap->holders)
		if (can_hold(holder, area))
			return true;
	return false;
}

/* Holders come sorted: drivers, exporters, processes. */
void lt_finding_add_holders(struct lt_report *report, struct lt_finding *finding, size_t area)
{
	const struct lt_area *of = area == LT_NO_AREA ? NULL : &report->snap->areas.v[area];
	size_t nr = 0, nr_of_kind = 0;
	const struct lt_holder *last = NULL;
	uint64_t nr_told = 0;

	lt_vec_each(holder, &report->snap->holders) {
		bool is_driver = holder->kind == LT_HOLDER_DRIVER;

		if (!can_hold(holder, area))
			continue;
		nr_told += is_driver ? holder->nr_pages.val : 0;
		nr_of_kind =
			last && last->kind == holder->kind && last->pid.known == holder->pid.known
				? nr_of_kind + 1
				: 0;
		last = holder;
		if (nr_of_kind >= DESCRIBED_MAX)
			nr++;
		else
			lt_finding_add_evidence(report, finding, describe_holder(report, holder));
	}
	if (nr)
		lt_finding_add_evidence(report, finding,
					lt_words(report, "and %zu more holders", nr));
	if (of && nr_told && of->nr_allocated.known && nr_told < of->nr_allocated.val)
		lt_finding_add_evidence(
			report, finding,
			lt_words(report, "page_owner has no record of the other %s",
				 lt_words_size(report, of->nr_allocated.val - nr_told)));
}

/* How sure it is that @failure failed for want of room, if there is none by now: see its errno. */
static enum lt_confidence space_confidence(const struct lt_failure *failure,
					   const struct lt_area *area)
{
	return failure->err.known && failure->err.val == EBUSY &&
			       lt_area_full_errno(area) == LT_FULL_UNKNOWN
		       ? LT_HINT
		       : LT_LIKELY;
}

/* Whether the errno of @failure can mean that no run was long enough. */
static bool is_full_errno(const struct lt_failure *failure, const struct lt_area *area)
{
	enum lt_full_errno full = lt_area_full_errno(area);

	return !failure->err.known || (failure->err.val == ENOMEM && full != LT_FULL_EBUSY) ||
	       (failure->err.val == EBUSY && full != LT_FULL_ENOMEM);
}

static struct lt_finding *new_space_finding(struct lt_report *report, const struct lt_rule *rule,
					    const struct lt_failure *failure,
					    const struct lt_area *area)
{
	enum lt_confidence confidence = space_confidence(failure, area);
	bool is_cause = confidence > LT_HINT;
	struct lt_finding *finding = lt_finding_new(report, rule, confidence);

	if (is_cause)
		lt_finding_raise(finding, LT_CRITICAL);
	finding->clears_pins = is_cause;
	finding->explains = is_cause ? failure : NULL;
	lt_finding_add_evidence(report, finding, lt_words_failure(report, failure));
	lt_finding_add_evidence(report, finding,
				lt_words(report, "%s: %s, of which %" PRIu64 " allocated (%s)",
					 lt_words_area(report, failure->area, NULL),
					 lt_words_size(report, area->nr_pages.val),
					 area->nr_allocated.val, area->source));
	if (area->largest_free_run.known)
		lt_finding_add_evidence(
			report, finding,
			lt_words(report, "largest run not allocated: %s",
				 lt_words_size(report, area->largest_free_run.val)));
	lt_finding_add_holders(report, finding, failure->area);
	lt_finding_add_evidence(report, finding, "the area was read after the failure");
	finding->confirm = "ltpin areas";
	return finding;
}

static const char *describe_space(struct lt_report *report, const struct lt_finding *finding,
				  const struct lt_failure *failure)
{
	return lt_words(
		report, "%s: %s. %s", lt_words_failure(report, failure), finding->clause,
		finding->clears_pins
			? "No pin is involved."
			: "Up to 6.12 -EBUSY means a blocking page; from 6.15 on it may mean this "
			  "too. Which kernel this is, is not known.");
}

void lt_rule_area_exhausted(struct lt_report *report, const struct lt_rule *rule)
{
	static const char release[] =
		"Have the drivers that allocated it release what they do not need, give the device "
		"that failed an area of its own, or enlarge this one.";
	static const char find_out[] =
		"Find out which driver holds the memory (page_owner=on on the kernel command line "
		"names it), or enlarge the area.";

	lt_vec_each(failure, &report->failures) {
		const struct lt_area *area = area_of(report, failure);
		struct lt_num room = area ? available_pages(area) : (struct lt_num){ 0 };
		struct lt_finding *finding;
		const char *drivers;

		if (!room.known || !failure->nr_pages.known || is_told_better(report, failure) ||
		    !is_full_errno(failure, area) || failure->nr_pages.val > area->nr_pages.val ||
		    failure->nr_pages.val <= room.val)
			continue;
		drivers = lt_words_drivers(report, failure->area);
		finding = new_space_finding(report, rule, failure, area);
		finding->clause = lt_words(report, "devices hold %s of it%s%s, which leaves %s",
					   lt_words_size(report, area->nr_allocated.val),
					   drivers ? ", allocated by " : "", drivers ? drivers : "",
					   lt_words_size(report, room.val));
		finding->text = describe_space(report, finding, failure);
		finding->advice = drivers ? release : find_out;
		if (drivers)
			finding->confirm = "ltpin owners --cma --by stack,task";
	}
}

void lt_rule_area_fragmented(struct lt_report *report, const struct lt_rule *rule)
{
	lt_vec_each(failure, &report->failures) {
		const struct lt_area *area = area_of(report, failure);
		struct lt_num room = area ? available_pages(area) : (struct lt_num){ 0 };
		struct lt_finding *finding;

		if (!room.known || !area->largest_free_run.known || !failure->nr_pages.known ||
		    is_told_better(report, failure) || !is_full_errno(failure, area) ||
		    failure->nr_pages.val > room.val ||
		    failure->nr_pages.val <= area->largest_free_run.val)
			continue;
		finding = new_space_finding(report, rule, failure, area);
		finding->clause = lt_words(report, "%s of it are not allocated, the longest run %s",
					   lt_words_size(report, room.val),
					   lt_words_size(report, area->largest_free_run.val));
		finding->text = describe_space(report, finding, failure);
		finding->advice =
			"Allocate the large buffers first or keep them, give the driver an "
			"area of its own, or enlarge this one.";
	}
}

void lt_rule_no_cma(struct lt_report *report, const struct lt_rule *rule)
{
	const struct lt_no_cma why = lt_no_cma_of(report->snap);
	struct lt_finding *finding;

	if (why.kind == LT_NO_CMA_UNKNOWN)
		return;
	finding = lt_finding_new(report, rule, why.is_proven ? LT_PROVEN : LT_LIKELY);
	if (report->failures.nr)
		lt_finding_raise(finding, LT_CRITICAL);
	if (why.kind == LT_NO_CMA_RESERVED) {
		finding->clause = "no CMA area is reserved";
		finding->text = "The kernel supports CMA, but no area is reserved.";
		finding->advice = "Reserve one: cma=64M on the kernel command line, a "
				  "reserved-memory node, or CONFIG_CMA_SIZE_MBYTES.";
	} else {
		finding->clause = "the kernel is built without CMA";
		finding->text = "The kernel is built without CMA: contiguous memory comes from the "
				"page allocator alone.";
		finding->advice = "Build it with CONFIG_CMA=y and CONFIG_DMA_CMA=y.";
	}
	lt_finding_add_evidence(report, finding, why.source);
	if (!why.is_proven)
		finding->confirm = "grep Cma /proc/meminfo";
}
