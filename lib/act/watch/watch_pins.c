// SPDX-License-Identifier: LGPL-2.1-or-later
/* Samples the pins of areas beside attempts, within a share of the time. */
#include "act/watch/watch_pins.h"

#include <errno.h>

#include "base/now.h"

/* Looking takes no more than one of so many parts of the time, and has pauses at least so long. */
#define SHARE 20
#define SHARE_FAILED 10
#define PAUSE_NS 100000000
#define PAUSE_FAILED_NS 20000000

static int copy_ranges(const struct lt_ranges *from, struct lt_ranges *to)
{
	lt_vec_each(range, from) {
		struct lt_range *copy = lt_vec_push(to);

		if (!copy)
			return -ENOMEM;
		*copy = *range;
	}
	return 0;
}

static int give(const struct lt_ranges *pinned, size_t area, const struct lt_attempt_refs *fresh)
{
	int err = 0;

	for (size_t i = 0; i < fresh->nr && !err; i++) {
		if (fresh->v[i]->area != area || fresh->v[i]->sampled)
			continue;
		fresh->v[i]->sampled = true;
		err = copy_ranges(pinned, &fresh->v[i]->pinned);
	}
	return err;
}

static bool has_attempt(const struct lt_attempt_refs *fresh, size_t area)
{
	for (size_t i = 0; i < fresh->nr; i++)
		if (fresh->v[i]->area == area && !fresh->v[i]->is_open)
			return true;
	return false;
}

static bool has_failure(const struct lt_attempt_refs *fresh)
{
	for (size_t i = 0; i < fresh->nr; i++)
		if (fresh->v[i]->failed)
			return true;
	return false;
}

int lt_watch_pins_sample(struct lt_watch_pins *pins, const struct lt_page_state *state,
			 const struct lt_areas *areas, const struct lt_attempt_refs *fresh)
{
	uint64_t start_ns = lt_now_ns(), took_ns;
	bool has_scanned = false;
	int err = 0;

	if (start_ns < (has_failure(fresh) ? pins->next_failed_ns : pins->next_ns))
		return 0;
	for (size_t i = 0; i < areas->nr && !err; i++) {
		struct lt_ranges pinned = { 0 };

		if (!areas->v[i].ranges.nr || !has_attempt(fresh, i))
			continue;
		has_scanned = true;
		pins->nr_scans++;
		if (!lt_page_state_pinned(state, &areas->v[i], &pinned))
			err = give(&pinned, i, fresh);
		lt_vec_free(&pinned);
	}
	if (!has_scanned)
		return err;
	took_ns = lt_now_ns() - start_ns;
	pins->scan_ns += took_ns;
	pins->next_ns = start_ns + SHARE * took_ns + PAUSE_NS;
	pins->next_failed_ns = start_ns + SHARE_FAILED * took_ns + PAUSE_FAILED_NS;
	return err;
}
