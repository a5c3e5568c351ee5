// SPDX-License-Identifier: LGPL-2.1-or-later
/* Samples the blocking pages of one failure until they are known to be held or transient. */
#include "act/watch/watch_case.h"

#include <errno.h>
#include <string.h>

#include "base/array_size.h"
#include "base/now.h"

/*
 * When pages are looked at, since the attempt ended. A fork, an exit or a batch is over within
 * some ms, writeback of a slow medium within some hundred: what is still there then is held.
 */
static const unsigned int delays_ms[] = { 0, 20, 100, 500 };

#define NR_ROUNDS ARRAY_SIZE(delays_ms)

static int add_blocker(struct lt_attempt *attempt, const struct lt_areas *areas, uint64_t pfn)
{
	struct lt_blocker *blocker = lt_vec_push(&attempt->blockers);

	if (!blocker)
		return -ENOMEM;
	blocker->pfn = pfn;
	blocker->page = (struct lt_pin){
		.pfn = pfn,
		.nr_pages = 1,
		.area = lt_areas_find_pfn(areas, pfn),
		.is_blocker = true,
	};
	return 0;
}

int lt_watch_blockers(struct lt_attempt *attempt, const struct lt_areas *areas)
{
	struct lt_pfns pfns = { 0 };
	int err = lt_attempt_blockers(attempt, &pfns);

	for (size_t i = 0; i < pfns.nr && i < LT_WATCH_BLOCKERS_MAX && !err; i++)
		err = add_blocker(attempt, areas, pfns.v[i]);
	if (!err)
		attempt->nr_blockers_left = (unsigned int)(pfns.nr - attempt->blockers.nr);
	lt_vec_free(&pfns);
	return err;
}

bool lt_watch_case_is_sampled(const struct lt_watch_case *c)
{
	return c->nr_rounds == NR_ROUNDS;
}

uint64_t lt_watch_case_due_ns(const struct lt_watch_case *c)
{
	return lt_watch_case_is_sampled(c)
		       ? UINT64_MAX
		       : c->ended_ns + (uint64_t)delays_ms[c->nr_rounds] * 1000000;
}

bool lt_watch_case_is_due(const struct lt_watch_case *c, uint64_t now_ns)
{
	return now_ns >= lt_watch_case_due_ns(c);
}

void lt_watch_case_end(struct lt_watch_case *c)
{
	c->nr_rounds = NR_ROUNDS;
}

struct found {
	uint64_t pfn;
	struct lt_folio folio;
	bool is_there;
};

static int add_folio(const struct lt_folio *folio, void *arg)
{
	struct found *found = arg;

	if (found->pfn >= folio->pfn && found->pfn - folio->pfn < folio->nr_pages) {
		found->folio = *folio;
		found->is_there = true;
	}
	return 0;
}

static int sample_page(struct lt_watch_case *c, struct lt_blocker *blocker,
		       const struct lt_page_state *state)
{
	struct lt_range page = { blocker->pfn, blocker->pfn + 1 };
	struct found found = { .pfn = blocker->pfn };
	struct lt_blocker_sample sample = { 0 };
	uint64_t now_ns;

	if (lt_page_state_ask(state, page, add_folio, &found, NULL) || !found.is_there)
		return 0;
	now_ns = lt_now_ns();
	sample.after_ns = lt_num(now_ns > c->ended_ns ? now_ns - c->ended_ns : 0);
	sample.folio = found.folio;
	return lt_blocker_add_sample(blocker, &sample);
}

/* However late it is: a round that was missed is not made up for. */
int lt_watch_case_sample(struct lt_watch_case *c, const struct lt_page_state *state)
{
	uint64_t now_ns = lt_now_ns();
	int err = 0;

	while (lt_watch_case_is_due(c, now_ns))
		c->nr_rounds++;
	lt_vec_each(blocker, &c->attempt.blockers) {
		if (!err && state)
			err = sample_page(c, blocker, state);
		if (blocker->fate != LT_BLOCKER_PASSED)
			lt_blocker_evaluate(blocker);
	}
	return err;
}

static struct lt_pin *find_pin(const struct lt_pins *pins, uint64_t pfn)
{
	lt_vec_each(pin, pins)
		if (pin->pfn == pfn)
			return pin;
	return NULL;
}

int lt_watch_case_ask(const struct lt_watch_case *c, struct lt_pins *pins)
{
	lt_vec_each(blocker, &c->attempt.blockers) {
		struct lt_pin *pin;

		if (find_pin(pins, blocker->page.pfn))
			continue;
		pin = lt_vec_push(pins);
		if (!pin)
			return -ENOMEM;
		*pin = blocker->page;
		pin->mapped_by = (struct lt_mappers){ 0 };
		pin->mapped_by_more = NULL;
	}
	return 0;
}

static int copy_mappers(const struct lt_mappers *from, struct lt_mappers *to)
{
	to->nr = 0;
	lt_vec_each(mapper, from) {
		struct lt_mapper *copy = lt_vec_push(to);

		if (!copy)
			return -ENOMEM;
		*copy = *mapper;
	}
	return 0;
}

/* What naming tells of a page, leaving alone what the samples told. */
static int copy_names(const struct lt_pin *from, struct lt_pin *to)
{
	to->class = from->class;
	to->zone = from->zone;
	if (!to->mapcount.known)
		to->mapcount = from->mapcount;
	to->has_owner = from->has_owner;
	to->allocated_by = from->allocated_by;
	to->has_pinner = from->has_pinner;
	to->pinned_by = from->pinned_by;
	to->file = from->file;
	to->mapped_by_total = from->mapped_by_total;
	return copy_mappers(&from->mapped_by, &to->mapped_by);
}

int lt_watch_case_name(struct lt_watch_case *c, const struct lt_pins *pins, uint64_t now_ns)
{
	int err = 0;

	lt_vec_each(blocker, &c->attempt.blockers) {
		const struct lt_pin *pin = find_pin(pins, blocker->page.pfn);

		if (!pin || err)
			continue;
		err = copy_names(pin, &blocker->page);
		lt_blocker_correct_class(blocker);
		blocker->asked_after_ns = lt_num(now_ns > c->ended_ns ? now_ns - c->ended_ns : 0);
		/* Where nobody tells counts, kpageflags may still say that the page is free. */
		if (pin->class == LT_PAGE_BUDDY)
			blocker->fate = LT_BLOCKER_PASSED;
	}
	c->is_named = true;
	return err;
}

void lt_watch_case_pass(struct lt_watch_case *c, struct lt_range pfns)
{
	lt_vec_each(blocker, &c->attempt.blockers)
		if (lt_range_has(pfns, blocker->pfn))
			blocker->fate = LT_BLOCKER_PASSED;
}

static int join_blocker(const struct lt_blocker *blocker, struct lt_pins *pins)
{
	const struct lt_pin *page = &blocker->page;
	struct lt_pin *pin = find_pin(pins, page->pfn);
	struct lt_mapper_pids *more;
	struct lt_mappers mappers;
	int err;

	if (!pin) {
		pin = lt_vec_push(pins);
		if (!pin)
			return -ENOMEM;
	}
	mappers = pin->mapped_by;
	more = pin->mapped_by_more;
	*pin = *page;
	pin->mapped_by = mappers;
	pin->mapped_by_more = more; /* the blocker has none */
	err = copy_mappers(&page->mapped_by, &pin->mapped_by);
	pin->has_passed = blocker->fate == LT_BLOCKER_PASSED;
	if (pin->has_passed)
		pin->kind = LT_PIN_UNKNOWN;
	return err;
}

int lt_watch_case_join(const struct lt_watch_case *c, struct lt_pins *pins)
{
	int err = 0;

	lt_vec_each(blocker, &c->attempt.blockers)
		err = err ? err : join_blocker(blocker, pins);
	lt_pins_sort(pins);
	return err;
}
