// SPDX-License-Identifier: LGPL-2.1-or-later
/* Pages inside an area that cannot, or did not, move. */
#include <inttypes.h>
#include <string.h>

#include "analyse/rule.h"

/* Pages described one by one in a finding; pins[] has all. */
#define DESCRIBED_MAX 5

struct pages {
	size_t nr_folios, nr_blockers;
	uint64_t nr_pages, first_pfn;
	bool is_all_ours; /* every one was pinned through ltpin's own module */
};

/* In @area, or LT_NO_AREA for all. */
static struct pages count_pages(const struct lt_snapshot *snap,
				bool (*is_wanted)(const struct lt_pin *pin), size_t area)
{
	struct pages pages = { .is_all_ours = true };

	lt_vec_each(pin, &snap->pins) {
		if (!is_wanted(pin) || (area != LT_NO_AREA && pin->area != area))
			continue;
		if (!pages.nr_folios++)
			pages.first_pfn = pin->pfn;
		pages.nr_pages += pin->nr_pages;
		pages.nr_blockers += pin->is_blocker;
		pages.is_all_ours = pages.is_all_ours && pin->has_pinner &&
				    pin->pinned_by.is_ours;
	}
	return pages;
}

static bool is_blocked_by(const struct lt_snapshot *snap, const struct lt_attempt *attempt,
			  bool (*is_wanted)(const struct lt_pin *pin))
{
	lt_vec_each(tried, &attempt->tries) {
		const struct lt_num pfn = lt_try_blocker(tried);
		const struct lt_pin *pin = pfn.known ? lt_pins_find(&snap->pins, pfn.val) : NULL;

		if (pin && is_wanted(pin))
			return true;
	}
	return false;
}

/* The latest failure that met one of the pages; NULL if none did. */
static const struct lt_failure *find_failure(const struct lt_report *report,
					     bool (*is_wanted)(const struct lt_pin *pin))
{
	lt_vec_each(failure, &report->failures)
		lt_vec_each(attempt, &report->snap->attempts)
			if (attempt->failed && lt_failure_is_like(failure, attempt) &&
			    is_blocked_by(report->snap, attempt, is_wanted))
				return failure;
	return NULL;
}

/*
 * Whether @pin was seen to have a pin count when it blocked an attempt, so that
 * the past is known even where nothing tells of the present.
 */
static bool was_pinned(const struct lt_snapshot *snap, const struct lt_pin *pin)
{
	lt_vec_each(attempt, &snap->attempts)
		lt_vec_each(range, &attempt->pinned)
			if (attempt->failed && lt_range_has(*range, pin->pfn))
				return true;
	return false;
}

static const char *describe_blocking(const struct lt_snapshot *snap, const struct lt_pin *pin)
{
	if (!pin->is_blocker)
		return "";
	if (pin->class == LT_PAGE_BUDDY)
		return "; it blocked an allocation, and is free now";
	if (pin->has_passed)
		return "; it blocked an allocation, and nothing held it after that";
	return pin->kind == LT_PIN_UNKNOWN && was_pinned(snap, pin)
		       ? "; it blocked an allocation, and was pinned then"
		       : "; it blocked an allocation";
}

static const char *describe_mappers(struct lt_report *report, const struct lt_pin *pin)
{
	const struct lt_mapper *mapper = pin->mapped_by.v;

	if (!pin->mapped_by.nr && !pin->mapped_by_total.known)
		return "";
	if (!pin->mapped_by.nr)
		return pin->kind == LT_PIN_UNMOVABLE || pin->class == LT_PAGE_BUDDY
			       ? ", mapped by no process"
			       : ", mapped by no process: what holds it is a reference of the kernel's";
	return lt_words(report, ", mapped by %s at 0x%" PRIx64 "%s%s%s%s",
			lt_words_process(report, mapper->comm, mapper->pid), mapper->addr,
			mapper->vma ? " (" : "", mapper->vma ? mapper->vma : "",
			mapper->vma ? ")" : "",
			pin->mapped_by_total.known && pin->mapped_by_total.val > 1
				? lt_words(report, " and %" PRIu64 " more mappings",
					   pin->mapped_by_total.val - 1)
				: "");
}

static const char *describe_owner(struct lt_report *report, const struct lt_pin *pin)
{
	const struct lt_owner *owner = &pin->allocated_by;

	if (!pin->has_owner)
		return "";
	if (owner->comm && owner->pid.known)
		return lt_words(report, ", allocated by %s",
				lt_words_process(report, owner->comm,
						 (int)(owner->tgid.known ? owner->tgid.val
									 : owner->pid.val)));
	return owner->gfp ? lt_words(report, ", allocated with %s", owner->gfp) : "";
}

/* What says that it was pinned once, and nothing of now. */
static const char *describe_past(const struct lt_pin *pin)
{
	const char *reason = pin->has_owner ? pin->allocated_by.migrate_reason : NULL;

	return reason && !strcmp(reason, "longterm_pin")
		       ? ", moved for a long-term pin once (a hint)" : "";
}

static const char *describe_pinner(struct lt_report *report, const struct lt_pin *pin)
{
	const struct lt_pinner *pinner = &pin->pinned_by;

	if (!pin->has_pinner)
		return "";
	return lt_words(report, ", pinned by %s%s%s%s",
			lt_words_process(report, pinner->comm, (int)pinner->pid.val),
			pinner->function ? " through " : "",
			pinner->function ? pinner->function : "",
			pinner->longterm == LT_LONGTERM_YES  ? " with FOLL_LONGTERM"
			: pinner->longterm == LT_LONGTERM_NO ? " without FOLL_LONGTERM"
							     : "");
}

static const char *describe_counts(struct lt_report *report, const struct lt_pin *pin)
{
	const char *counts = "";

	if (pin->pins.known && pin->kind == LT_PIN_PINNED)
		counts = lt_words(report, ": %s%" PRIu64 " pin%s",
				  pin->pins_at_least ? "at least " : "", pin->pins.val,
				  pin->pins.val == 1 ? "" : "s");
	if (pin->refcount.known && pin->mapcount.known)
		counts = lt_words(report, "%s%s %" PRIu64 " reference%s", counts,
				  counts[0] ? "," : ":", pin->refcount.val,
				  pin->refcount.val == 1 ? "" : "s");
	if (pin->mapcount.known)
		counts = lt_words(report, "%s%s %" PRIu64 " mapping%s", counts,
				  counts[0] ? "," : ":", pin->mapcount.val,
				  pin->mapcount.val == 1 ? "" : "s");
	return counts;
}

static const char *describe_class(struct lt_report *report, const struct lt_pin *pin)
{
	const char *class = lt_page_class_name(pin->class);

	return class ? lt_words(report, " (%s)", class) : "";
}

/* What the finding rests on. */
static void add_pages(struct lt_report *report, struct lt_finding *finding,
		      bool (*is_wanted)(const struct lt_pin *pin))
{
	size_t nr = 0;

	lt_vec_each(pin, &report->snap->pins) {
		if (!is_wanted(pin) || nr++ >= DESCRIBED_MAX)
			continue;
		lt_finding_add_evidence(
			report, finding,
			lt_words(report, "page 0x%" PRIx64 " in %s%s%s%s%s%s%s%s", pin->pfn,
				 lt_words_area(report, pin->area, NULL), describe_class(report, pin),
				 describe_counts(report, pin), describe_mappers(report, pin),
				 describe_owner(report, pin),
				 describe_past(pin), describe_pinner(report, pin),
				 describe_blocking(report->snap, pin)));
	}
	if (nr > DESCRIBED_MAX)
		lt_finding_add_evidence(report, finding,
					lt_words(report, "and %zu more", nr - DESCRIBED_MAX));
}

/* "page 0x1c2f7 is" or "12 pages (48 KiB), the first 0x1c2f7, are", if these are the verbs */
static const char *name_with_verb(struct lt_report *report, const struct pages *pages,
				  const char *one, const char *many)
{
	if (pages->nr_pages == 1)
		return lt_words(report, "page 0x%" PRIx64 " %s", pages->first_pfn, one);
	return lt_words(report, "%s, the first 0x%" PRIx64 ", %s",
			lt_words_size(report, pages->nr_pages), pages->first_pfn, many);
}

static const char *name_pages(struct lt_report *report, const struct pages *pages)
{
	return name_with_verb(report, pages, "is", "are");
}

/* The area of the failure that @finding explains, LT_NO_AREA if it explains none. */
static size_t area_of(const struct lt_finding *finding)
{
	return finding->explains ? finding->explains->area : LT_NO_AREA;
}

/*
 * The failure that met one of the pages, if any did, is what the finding explains;
 * the pages of its area alone, else of every area, are what it says of it.
 */
static struct pages find_culprits(const struct lt_report *report, struct lt_finding *finding,
				  bool (*is_wanted)(const struct lt_pin *pin))
{
	finding->explains = find_failure(report, is_wanted);
	return count_pages(report->snap, is_wanted, area_of(finding));
}

/* "page 0x1c2f7 is pinned by camera-hal[812]", or "pinned, mapped by" where nobody saw the pin */
static void accuse(struct lt_report *report, struct lt_finding *finding,
		   bool (*is_wanted)(const struct lt_pin *pin), const char *one, const char *many,
		   const char *what)
{
	struct pages pages = find_culprits(report, finding, is_wanted);
	const char *who = lt_words_pinners(report, is_wanted, area_of(finding)), *by = " by ";

	if (!who) {
		who = lt_words_mappers(report, is_wanted, area_of(finding));
		by = ", mapped by ";
	}
	finding->clause = lt_words(report, "%s %s%s%s", name_with_verb(report, &pages, one, many),
				   what, who ? by : "", who ? who : "");
}

static bool is_pinned(const struct lt_pin *pin)
{
	return pin->kind == LT_PIN_PINNED;
}

void lt_rule_pin_in_cma(struct lt_report *report, const struct lt_rule *rule)
{
	struct pages pages = count_pages(report->snap, is_pinned, LT_NO_AREA);
	struct lt_finding *finding;
	bool is_seen;

	if (!pages.nr_folios)
		return;
	finding = lt_finding_new(report, rule, LT_PROVEN);
	if (pages.nr_blockers)
		lt_finding_raise(finding, LT_CRITICAL);
	accuse(report, finding, is_pinned, "is", "are", "pinned");
	is_seen = lt_words_pinners(report, is_pinned, LT_NO_AREA);
	finding->text = lt_words(report,
				 "%s pinned (FOLL_PIN) inside a CMA area. The kernel cannot move "
				 "pinned pages, so cma_alloc() fails for every range that holds one.%s",
				 name_pages(report, &pages),
				 is_seen ? "" : " A pin count does not say whether the pin is "
						"long-term, nor who made it.");
	if (pages.is_all_ours)
		finding->advice = "These pins were made through ltpin's own module: end that "
				  "`ltpin pin`.";
	else
		finding->advice = lt_words(report,
					   "Restart the process that %s the pages, or make the driver "
					   "it uses pin them with FOLL_LONGTERM, which moves them out "
					   "of CMA first. If it does already, `ltpin selftest` tells "
					   "whether this kernel keeps that promise.",
					   is_seen ? "pinned" : "maps");
	finding->confirm = "ltpin pages";
	add_pages(report, finding, is_pinned);
}

static bool is_unmovable(const struct lt_pin *pin)
{
	return pin->kind == LT_PIN_UNMOVABLE;
}

void lt_rule_unmovable_in_cma(struct lt_report *report, const struct lt_rule *rule)
{
	struct pages pages = count_pages(report->snap, is_unmovable, LT_NO_AREA), culprits;
	struct lt_finding *finding;

	if (!pages.nr_folios)
		return;
	finding = lt_finding_new(report, rule, LT_LIKELY);
	culprits = find_culprits(report, finding, is_unmovable);
	finding->clause = lt_words(report, "%s an unmovable allocation",
				   name_pages(report, &culprits));
	finding->text = lt_words(report,
				 "%s an allocation that the kernel made as unmovable, inside CMA. Only "
				 "movable allocations may be placed there: this is a kernel bug.",
				 name_pages(report, &pages));
	finding->advice = "Report it to the kernel's memory management with the allocation stacks.";
	finding->confirm = "ltpin owners --cma --by stack,migratetype";
	add_pages(report, finding, is_unmovable);
}

static bool is_extra_ref(const struct lt_pin *pin)
{
	return pin->kind == LT_PIN_EXTRA_REF;
}

void lt_rule_extra_ref_in_cma(struct lt_report *report, const struct lt_rule *rule)
{
	struct pages pages = count_pages(report->snap, is_extra_ref, LT_NO_AREA);
	struct lt_finding *finding;

	if (!pages.nr_folios)
		return;
	finding = lt_finding_new(report, rule, pages.nr_blockers ? LT_PROVEN : LT_LIKELY);
	if (pages.nr_blockers)
		lt_finding_raise(finding, LT_CRITICAL);
	accuse(report, finding, is_extra_ref, "is", "are",
	       "held by a reference that no mapping explains");
	finding->text = lt_words(report,
				 "%s held by references that neither a mapping nor a cache explains: a "
				 "pipe, a buffer head, a driver that called get_user_pages(). The "
				 "kernel cannot move such pages. They are not pins, and a passing "
				 "reference looks the same in a single sample.",
				 name_pages(report, &pages));
	finding->advice = "Look again: what is still there is held. Then stop the process that maps "
			  "the pages, or close its pipes and the device that it reads or writes.";
	finding->confirm = "ltpin pages";
	add_pages(report, finding, is_extra_ref);
}

/* A page in the page allocator's hands, or that nothing holds any more, is in nobody's way. */
static bool is_gone(const struct lt_pin *pin)
{
	return pin->kind == LT_PIN_UNKNOWN && pin->is_blocker &&
	       (pin->class == LT_PAGE_BUDDY || pin->has_passed);
}

static bool is_unexplained(const struct lt_pin *pin)
{
	return pin->kind == LT_PIN_UNKNOWN && pin->is_blocker && !is_gone(pin);
}

/* Without the module nothing tells what kept the page in place. */
void lt_rule_page_in_the_way(struct lt_report *report, const struct lt_rule *rule)
{
	struct pages pages = count_pages(report->snap, is_unexplained, LT_NO_AREA);
	struct lt_finding *finding;
	const char *were;

	if (!pages.nr_folios)
		return;
	were = name_with_verb(report, &pages, "was", "were"); /* a trace tells of the past */
	finding = lt_finding_new(report, rule, LT_PROVEN);
	accuse(report, finding, is_unexplained, "was", "were", "in the way");
	finding->text = lt_words(report,
				 "The kernel names the pages that made allocations fail: %s in the way. "
				 "Nothing here can tell whether they are pinned, held by another "
				 "reference, or were only passing.",
				 were);
	finding->advice = "Load the helper module on the device, while it fails, for exact pin counts.";
	finding->confirm = "ltpin module load && ltpin pages";
	add_pages(report, finding, is_unexplained);
}

void lt_rule_busy_transient(struct lt_report *report, const struct lt_rule *rule)
{
	struct pages pages = count_pages(report->snap, is_gone, LT_NO_AREA), culprits;
	struct lt_finding *finding;

	if (!pages.nr_folios)
		return;
	finding = lt_finding_new(report, rule, LT_PROVEN);
	culprits = find_culprits(report, finding, is_gone);
	finding->clause = lt_words(report, "%s in the way then, and not any more",
				   name_with_verb(report, &culprits, "was", "were"));
	finding->text = lt_words(report,
				 "The kernel names the pages that made allocations fail. Of these, %s in "
				 "nobody's way any more: whatever held them has let go, and an "
				 "allocation that is tried again will not meet it.",
				 name_pages(report, &pages));
	finding->advice = "Try again. If it happens often, trace while it happens: a holder that comes "
			  "and goes is seen only then.";
	finding->confirm = "ltpin pages";
	add_pages(report, finding, is_gone);
}
