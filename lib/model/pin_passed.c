// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A page that was in the way of one request, and that a later one was given, was not
 * held by anything in between: what cma_alloc() returns has no other user.
 */
#include <errno.h>
#include <stdlib.h>

#include "model/attempt.h"
#include "model/pin.h"

LT_VEC_OF(attempt_list, const struct lt_attempt *);

static int by_time(const void *a, const void *b)
{
	uint64_t ta = (*(const struct lt_attempt *const *)a)->ts_ns.val;
	uint64_t tb = (*(const struct lt_attempt *const *)b)->ts_ns.val;

	return (ta > tb) - (ta < tb);
}

static int list_by_time(const struct lt_attempts *attempts, struct attempt_list *out)
{
	lt_vec_each(attempt, attempts) {
		const struct lt_attempt **slot;

		if (!attempt->ts_ns.known || attempt->is_open)
			continue;
		slot = lt_vec_push(out);
		if (!slot)
			return -ENOMEM;
		*slot = attempt;
	}
	if (out->nr)
		qsort(out->v, out->nr, sizeof(*out->v), by_time);
	return 0;
}

/* What the latest that is told of a page says of it stands. */
struct marks {
	struct lt_pins *pins;
	bool *is_decided; /* by index */
	size_t nr_open;	  /* that may have passed, and are not decided */
};

static bool may_pass(const struct lt_pin *pin)
{
	return pin->is_blocker && pin->kind == LT_PIN_UNKNOWN;
}

static void decide(struct marks *marks, struct lt_pin *pin, bool has_passed)
{
	bool *is_decided = &marks->is_decided[pin - marks->pins->v];

	if (*is_decided || !may_pass(pin))
		return;
	*is_decided = true;
	marks->nr_open--;
	if (has_passed)
		pin->has_passed = true;
}

static void mark_given(struct marks *marks, struct lt_range pfns)
{
	const struct lt_pins *pins = marks->pins;
	struct lt_pin *pin = lt_pins_from(pins, pfns.start_pfn);

	for (; pin && pin < pins->v + pins->nr && pin->pfn < pfns.end_pfn; pin++)
		decide(marks, pin, true);
}

static void mark_tried(struct marks *marks, const struct lt_try *tried)
{
	struct lt_num pfn = lt_try_blocker(tried);
	struct lt_pin *pin = pfn.known ? lt_pins_find(marks->pins, pfn.val) : NULL;

	if (tried->ok)
		mark_given(marks, tried->pfns);
	else if (pin)
		decide(marks, pin, false);
}

int lt_pins_mark_passed(struct lt_pins *pins, const struct lt_attempts *attempts)
{
	struct marks marks = { .pins = pins };
	struct attempt_list list = { 0 };
	int err;

	lt_vec_each(pin, pins)
		marks.nr_open += may_pass(pin);
	if (!marks.nr_open)
		return 0;
	marks.is_decided = calloc(pins->nr, sizeof(*marks.is_decided));
	err = marks.is_decided ? list_by_time(attempts, &list) : -ENOMEM;
	for (size_t i = list.nr; i && marks.nr_open && !err; i--)
		lt_vec_each(tried, &list.v[i - 1]->tries)
			mark_tried(&marks, tried);
	lt_vec_free(&list);
	free(marks.is_decided);
	return err;
}
