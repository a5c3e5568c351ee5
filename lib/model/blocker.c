// SPDX-License-Identifier: LGPL-2.1-or-later
/* Keeps what was seen of a blocking page. */
#include "model/blocker.h"

#include <errno.h>
#include <string.h>

#include "uapi/ltpin_netlink.h"

void lt_blockers_free(struct lt_blockers *blockers)
{
	lt_vec_each(blocker, blockers) {
		lt_vec_free(&blocker->samples);
		lt_vec_free(&blocker->page.mapped_by);
	}
	lt_vec_free(blockers);
}

struct lt_blocker *lt_blockers_find(const struct lt_blockers *blockers, uint64_t pfn)
{
	lt_vec_each(blocker, blockers)
		if (blocker->pfn == pfn)
			return blocker;
	return NULL;
}

/* A free block is not a folio: of it the page alone is of interest. */
static void set_first(struct lt_blocker *blocker, const struct lt_folio *folio)
{
	if (folio->flags & LTPIN_PAGE_BUDDY)
		blocker->page.class = LT_PAGE_BUDDY;
	else
		lt_pin_set_folio(&blocker->page, folio);
}

int lt_blocker_add_sample(struct lt_blocker *blocker, const struct lt_blocker_sample *sample)
{
	struct lt_blocker_sample *added = lt_vec_push(&blocker->samples);

	if (!added)
		return -ENOMEM;
	*added = *sample;
	if (blocker->samples.nr == 1)
		set_first(blocker, &sample->folio);
	return 0;
}

int lt_blocker_set_instant(struct lt_blocker *blocker, const struct lt_folio *folio)
{
	struct lt_blocker_samples *samples = &blocker->samples;

	if (!samples->nr || !samples->v[0].is_instant) {
		if (!lt_vec_push(samples))
			return -ENOMEM;
		memmove(samples->v + 1, samples->v, (samples->nr - 1) * sizeof(*samples->v));
	}
	samples->v[0] = (struct lt_blocker_sample){ .is_instant = true, .folio = *folio };
	set_first(blocker, folio);
	return 0;
}

/*
 * Whether nothing keeps the folio in place. Pages in the swap cache stay where they are although
 * every reference is explained, and so do those whose buffers somebody holds (buffer_head.b_count:
 * a mounted ext2 holds its superblock's); a locked one, or one under writeback, will move when that
 * ends.
 */
static bool is_clear(const struct lt_folio *folio)
{
	if (folio->flags & LTPIN_PAGE_UNSTABLE)
		return false;
	if (folio->flags & LTPIN_PAGE_BUDDY || folio->refcount <= 0)
		return true;
	if (folio->flags &
	    (LTPIN_PAGE_LOCKED | LTPIN_PAGE_WRITEBACK | LTPIN_PAGE_SWAPCACHE | LTPIN_PAGE_PRIVATE))
		return false;
	return lt_folio_other_refs(folio) <= lt_folio_is_in_lru_batch(folio);
}

static bool is_held(const struct lt_folio *folio)
{
	return lt_pin_kind_of(folio) != LT_PIN_UNKNOWN;
}

/* What is free for a moment belongs to another afterwards: one clear sample settles it. */
void lt_blocker_evaluate(struct lt_blocker *blocker)
{
	const struct lt_blocker_samples *samples = &blocker->samples;

	blocker->fate = LT_BLOCKER_UNKNOWN;
	lt_vec_each(sample, samples)
		if (!sample->is_instant && is_clear(&sample->folio))
			blocker->fate = LT_BLOCKER_PASSED;
	if (blocker->fate == LT_BLOCKER_UNKNOWN && samples->nr > 1 &&
	    is_held(&samples->v[samples->nr - 1].folio))
		blocker->fate = LT_BLOCKER_HELD;
}

void lt_blocker_correct_class(struct lt_blocker *blocker)
{
	if (blocker->page.class != LT_PAGE_OTHER)
		return;
	lt_vec_each(sample, &blocker->samples)
		if (sample->folio.flags & LTPIN_PAGE_FILE)
			blocker->page.class = LT_PAGE_FILE;
}
