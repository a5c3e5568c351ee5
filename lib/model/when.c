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

bool lt_when_is_known(struct lt_when when)
{
	return when.earliest_ns.known && when.latest_ns.known;
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

void lt_when_write(struct lt_json *json, const char *key, struct lt_when when)
{
	if (!lt_when_is_known(when))
		return;
	lt_json_array(json, key);
	lt_json_num(json, NULL, when.earliest_ns);
	lt_json_num(json, NULL, when.latest_ns);
	lt_json_close(json);
}

bool lt_when_read(const struct lt_json_value *object, const char *key, struct lt_when *out)
{
	const struct lt_json_value *ends = lt_json_get(object, key);
	struct lt_when when;

	if (lt_json_length(ends) != 2)
		return false;
	when.earliest_ns = lt_json_num_of(lt_json_at(ends, 0));
	when.latest_ns = lt_json_num_of(lt_json_at(ends, 1));
	if (!lt_when_is_known(when) || when.earliest_ns.val > when.latest_ns.val)
		return false;
	*out = when;
	return true;
}
