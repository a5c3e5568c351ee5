// SPDX-License-Identifier: LGPL-2.1-or-later
/* Checks whether the processes that page_owner names are still the same. */
#include "source/process/allocators.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "base/compiler.h"
#include "source/process/process_start.h"
#include "source/process/process_table.h"

LT_VEC_OF(allocators, struct lt_owner *);

static int collect(const struct lt_pins *pins, struct allocators *out)
{
	lt_vec_each(pin, pins) {
		struct lt_owner **slot;

		if (!pin->has_owner || !pin->allocated_by.tgid.known ||
		    pin->allocated_by.tgid.val > INT_MAX)
			continue;
		slot = lt_vec_push(out);
		if (!slot)
			return -ENOMEM;
		*slot = &pin->allocated_by;
	}
	return 0;
}

static int by_process(const void *left, const void *right)
{
	const struct lt_owner *a = *(const struct lt_owner *const *)left;
	const struct lt_owner *b = *(const struct lt_owner *const *)right;

	return (a->tgid.val > b->tgid.val) - (a->tgid.val < b->tgid.val);
}

int lt_allocators_time(struct lt_snapshot *snap)
{
	struct allocators allocators = { 0 };
	struct lt_when start = { 0 };
	uint64_t tgid = UINT64_MAX;
	int err = 0;

	/* page_owner numbers processes as the first PID namespace does. */
	if (!lt_process_table_is_limited(snap->root))
		err = collect(&snap->pins, &allocators);
	if (allocators.nr)
		qsort(allocators.v, allocators.nr, sizeof(*allocators.v), by_process);
	lt_vec_each(owner, &allocators) {
		if ((*owner)->tgid.val != tgid) {
			tgid = (*owner)->tgid.val;
			start = (struct lt_when){ 0 };
			/* Of one that has ended, it stays unknown. */
			lt_ignore(lt_process_start(snap->root, (int)tgid, &start));
		}
		if (lt_when_is_before(start, lt_when_at((*owner)->ts_ns)))
			(*owner)->start = start;
	}
	lt_vec_free(&allocators);
	return err;
}
