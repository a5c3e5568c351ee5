// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Pages inside an area that cannot move. What they made fail comes first (rule_blocker.c); the rest
 * is held now, and no failure is known to come from it: the second row of the same id.
 */
#include <inttypes.h>
#include <string.h>

#include "analyse/cause_suspect.h"
#include "analyse/rule_blocker.h"
#include "analyse/words_page.h"
#include "analyse/words_hold.h"

/* Pages described one by one in a finding; pins[] has all. */
#define DESCRIBED_MAX 5

/* Which pages a finding is about: of one kind and not of the sorted @explained, or @suspects. */
struct wanted {
	enum lt_pin_kind kind;
	const struct lt_pfns *explained;
	const struct lt_suspects *suspects; /* NULL for none */
};

struct pages {
	size_t nr_folios;
	uint64_t nr_pages, first_pfn;
	bool is_all_ours; /* every one was pinned through ltpin's own module */
	bool is_all_seen; /* of every one it is known who pinned it */
};

static bool is_wanted(const struct lt_pin *pin, const void *arg)
{
	const struct wanted *wanted = arg;

	if (wanted->suspects)
		return lt_suspects_have(wanted->suspects, pin);
	return pin->kind == wanted->kind &&
	       !lt_pfns_has_any(wanted->explained, (struct lt_range){ pin->pfn, pin->pfn + 1 });
}

static bool may_name(const struct lt_pin *pin, const struct lt_mapper *mapper, const void *arg)
{
	const struct wanted *wanted = arg;

	return !wanted->suspects || lt_suspects_may_name(wanted->suspects, pin, mapper);
}

static struct pages count_pages(const struct lt_snapshot *snap, const struct wanted *wanted)
{
	struct pages pages = { .is_all_ours = true, .is_all_seen = true };

	lt_vec_each(pin, &snap->pins) {
		if (!is_wanted(pin, wanted))
			continue;
		if (!pages.nr_folios++)
			pages.first_pfn = pin->pfn;
		pages.nr_pages += pin->nr_pages;
		pages.is_all_ours = pages.is_all_ours && pin->has_pinner && pin->pinned_by.is_ours;
		pages.is_all_seen = pages.is_all_seen && pin->has_pinner;
	}
	return pages;
}

/* What the finding rests on. */
static void add_pages(struct lt_report *report, struct lt_finding *finding,
		      const struct wanted *wanted)
{
	size_t nr = 0;

	lt_vec_each(pin, &report->snap->pins) {
		if (!is_wanted(pin, wanted) || nr++ >= DESCRIBED_MAX)
			continue;
		lt_finding_add_evidence(report, finding, lt_words_page(report, pin));
		lt_finding_add_holds(report, finding, pin);
	}
	if (nr > DESCRIBED_MAX)
		lt_finding_add_evidence(report, finding,
					lt_words(report, "and %zu more", nr - DESCRIBED_MAX));
}

/* "page 0x1c2f7 is" or "12 pages (48 KiB), the first 0x1c2f7, are" */
static const char *name_pages(struct lt_report *report, const struct pages *pages)
{
	if (pages->nr_pages == 1)
		return lt_words(report, "page 0x%" PRIx64 " is", pages->first_pfn);
	return lt_words(report, "%s, the first 0x%" PRIx64 ", are",
			lt_words_size(report, pages->nr_pages), pages->first_pfn);
}

/* "page 0x1c2f7 is pinned by camera-hal[812]", or "pinned, mapped by" where nobody saw the pin */
static const char *clause_of(struct lt_report *report, const struct pages *pages,
			     const struct wanted *wanted, const char *what)
{
	const struct lt_pin_choice choice = { is_wanted, may_name, wanted };
	const char *who = lt_words_pinners(report, &choice), *by = " by ";

	if (!who) {
		who = lt_words_mappers(report, &choice);
		by = ", mapped by ";
	}
	return lt_words(report, "%s %s%s%s", name_pages(report, pages), what, who ? by : "",
			who ? who : "");
}

static struct lt_finding *new_pin_finding(struct lt_report *report, const struct lt_rule *rule,
					  enum lt_confidence confidence, const struct pages *pages)
{
	struct lt_finding *finding = lt_finding_new(report, rule, confidence);

	finding->confirm = report->snap->options.last_stage < LT_STAGE_PROCESSES
				   ? "ltpin pages"
				   : "ltpin watch --pins";
	if (pages->is_all_ours)
		finding->advice = "These pins were made through ltpin's own module: end that "
				  "`ltpin pin`.";
	else
		finding->advice =
			"Find out whether they are meant to stay: `ltpin watch --pins` shows who pins. "
			"A driver that pins for long must use FOLL_LONGTERM, which moves pages out of "
			"CMA first. Test whether this kernel keeps that promise: `ltpin selftest`.";
	return finding;
}

/* A failure for which the kernel named no page, and pins in its area now: cause_suspect.c. */
static void add_suspects(struct lt_report *report, const struct lt_rule *rule,
			 const struct lt_failure *failure, const struct lt_suspects *suspects)
{
	const struct wanted wanted = { .kind = LT_PIN_PINNED, .suspects = suspects };
	const struct pages pages = count_pages(report->snap, &wanted);
	const bool is_everywhere = suspects->is_everywhere;
	struct lt_finding *finding =
		new_pin_finding(report, rule, is_everywhere ? LT_LIKELY : LT_HINT, &pages);

	if (is_everywhere)
		lt_finding_raise(finding, lt_failure_severity(report, failure));
	finding->explains = failure;
	finding->confirm = lt_words_explain(report, failure);
	finding->clause =
		lt_words(report, "%s%s", clause_of(report, &pages, &wanted, "pinned"),
			 is_everywhere ? ", and one was in each range that the request could try"
				       : " now; whether that was so then is not known");
	finding->text = lt_words(
		report, "%s. The kernel named no page. %s, %s.", lt_words_failure(report, failure),
		is_everywhere ? "In each range that this request could try there is a "
				"page that is pinned now"
			      : "Pages of the area are pinned now",
		is_everywhere ? "and was allocated before" : "which may be the reason");
	add_pages(report, finding, &wanted);
}

static void explain_untold(struct lt_report *report, const struct lt_rule *rule,
			   const struct lt_failure *failure, const struct lt_pfns *explained,
			   struct lt_pfns *named)
{
	struct lt_suspects suspects;

	if (lt_suspects_find(report, failure, explained, &suspects)) {
		report->out_of_memory = true;
		return;
	}
	if (suspects.pages.nr)
		add_suspects(report, rule, failure, &suspects);
	lt_vec_each(pfn, &suspects.pages)
		if (lt_pfns_add(named, *pfn))
			report->out_of_memory = true;
	lt_suspects_free(&suspects);
}

/* Pins that no failure is known to come from. */
static void add_rest(struct lt_report *report, const struct lt_rule *rule,
		     const struct lt_pfns *explained)
{
	const struct wanted wanted = { .kind = LT_PIN_PINNED, .explained = explained };
	struct pages pages = count_pages(report->snap, &wanted);
	struct lt_finding *finding;

	if (!pages.nr_folios)
		return;
	finding = new_pin_finding(report, rule, LT_PROVEN, &pages);
	finding->is_of_now = true;
	finding->clause = clause_of(report, &pages, &wanted, "pinned");
	finding->text =
		lt_words(report,
			 "%s pinned (FOLL_PIN) inside a CMA area. The kernel cannot move "
			 "pinned pages, so cma_alloc() fails for every range that holds one.%s",
			 name_pages(report, &pages),
			 pages.is_all_seen ? ""
					   : " A pin count does not say whether the pin "
					     "is long-term, nor who made it.");
	add_pages(report, finding, &wanted);
}

void lt_rule_pin_in_cma(struct lt_report *report, const struct lt_rule *rule)
{
	struct lt_pfns explained = { 0 }, named = { 0 };

	lt_rule_blocked_groups(report, rule, &explained);
	lt_vec_each(failure, &report->failures)
		explain_untold(report, rule + 1, failure, &explained, &named);
	lt_vec_each(pfn, &explained)
		if (lt_pfns_add(&named, *pfn))
			report->out_of_memory = true;
	lt_pfns_sort(&named);
	add_rest(report, rule + 1, &named);
	lt_vec_free(&named);
	lt_vec_free(&explained);
}

void lt_rule_unmovable_in_cma(struct lt_report *report, const struct lt_rule *rule)
{
	struct lt_pfns explained = { 0 };
	const struct wanted wanted = { .kind = LT_PIN_UNMOVABLE, .explained = &explained };
	struct lt_finding *finding;
	struct pages pages;

	lt_rule_blocked_groups(report, rule, &explained);
	pages = count_pages(report->snap, &wanted);
	if (pages.nr_folios) {
		finding = lt_finding_new(report, rule + 1, LT_LIKELY);
		finding->is_of_now = true;
		finding->clause =
			lt_words(report, "%s an unmovable allocation", name_pages(report, &pages));
		finding->text = lt_words(
			report,
			"%s an allocation that the kernel made as unmovable, inside CMA. Only movable "
			"allocations may be placed there: this is a kernel bug.",
			name_pages(report, &pages));
		finding->advice = "Report it to linux-mm@kvack.org with the allocation stacks.";
		finding->confirm = "ltpin owners --cma --by stack,migratetype";
		add_pages(report, finding, &wanted);
	}
	lt_vec_free(&explained);
}

void lt_rule_extra_ref_in_cma(struct lt_report *report, const struct lt_rule *rule)
{
	struct lt_pfns explained = { 0 };
	const struct wanted wanted = { .kind = LT_PIN_EXTRA_REF, .explained = &explained };
	struct lt_finding *finding;
	struct pages pages;

	lt_rule_blocked_groups(report, rule, &explained);
	pages = count_pages(report->snap, &wanted);
	if (pages.nr_folios) {
		finding = lt_finding_new(report, rule + 1, LT_LIKELY);
		finding->is_of_now = true;
		finding->clause = clause_of(report, &pages, &wanted,
					    "held by a reference that no mapping explains");
		finding->text = lt_words(
			report,
			"%s held by references that neither a mapping nor a cache explains: a pipe, a "
			"buffer head, a driver that called get_user_pages(). The kernel cannot move "
			"such pages. They are not pins. In a single sample a transient reference looks "
			"the same.",
			name_pages(report, &pages));
		finding->advice =
			"Look again: what is still there is held, by a pipe, a buffer head, "
			"input or output in flight, or a driver.";
		finding->confirm = "ltpin pages";
		add_pages(report, finding, &wanted);
	}
	lt_vec_free(&explained);
}

/* A page of which nothing says what held it. */
void lt_rule_page_in_the_way(struct lt_report *report, const struct lt_rule *rule)
{
	struct lt_pfns explained = { 0 };

	lt_rule_blocked_groups(report, rule, &explained);
	lt_vec_free(&explained);
}

/* A page that was released, before anybody could see what held it. */
void lt_rule_busy_transient(struct lt_report *report, const struct lt_rule *rule)
{
	struct lt_pfns explained = { 0 };

	lt_rule_blocked_groups(report, rule, &explained);
	lt_vec_free(&explained);
}
