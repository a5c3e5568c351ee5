// SPDX-License-Identifier: LGPL-2.1-or-later
/* A time that is known to lie between two others. */
#include "model/when.h"

#include <errno.h>

struct lt_when lt_when_at(struct lt_num ns)
{
	return (struct lt_when){ ns, ns };
}

struct lt_when lt_when_between(uint64_t earliest_ns, uint64_t latest_ns)
{
	return (struct lt_when){ lt_num(earliest_ns), lt_num(latest_ns) };
}

bool lt_when_is_before(struct lt_when a, struct lt_when b)
{
	return a.latest_ns.known && b.earliest_ns.known && a.latest_ns.val < b.earliest_ns.val;
}

bool lt_when_is_ordered(struct lt_when a, struct lt_when b)
{
	return lt_when_is_before(a, b) || lt_when_is_before(b, a);
}

struct lt_when lt_when_widen(struct lt_when when, uint64_t before_ns, uint64_t after_ns)
{
	uint64_t *earliest = &when.earliest_ns.val, *latest = &when.latest_ns.val;

	*earliest = *earliest > before_ns ? *earliest - before_ns : 0;
	if (__builtin_add_overflow(*latest, after_ns, latest))
		when.latest_ns = (struct lt_num){ 0 };
	return when;
}

static struct lt_num later_of(struct lt_num a, struct lt_num b)
{
	return !b.known || (a.known && a.val > b.val) ? a : b;
}

static struct lt_num earlier_of(struct lt_num a, struct lt_num b)
{
	return !b.known || (a.known && a.val < b.val) ? a : b;
}

int lt_when_meet(struct lt_when a, struct lt_when b, struct lt_when *out)
{
	if (lt_when_is_ordered(a, b))
		return -ERANGE;
	out->earliest_ns = later_of(a.earliest_ns, b.earliest_ns);
	out->latest_ns = earlier_of(a.latest_ns, b.latest_ns);
	return 0;
}
