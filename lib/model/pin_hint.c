// SPDX-License-Identifier: LGPL-2.1-or-later
/* Holds processes that may pin memory. */
#include "model/pin_hint.h"

#include <stdlib.h>
#include <string.h>

static const char *const names[] = {
	[LT_HINT_VM_PIN] = "vmpin",	 [LT_HINT_IO_URING] = "io_uring",
	[LT_HINT_PIN_CALL] = "pin-call", [LT_HINT_PIPE] = "pipe",
	[LT_HINT_SOCKET] = "socket",	 [LT_HINT_DEVICE] = "device",
};

const char *lt_pin_hint_kind_name(enum lt_pin_hint_kind kind)
{
	return names[kind];
}

enum lt_pin_hint_kind lt_pin_hint_kind_find(const char *name)
{
	enum lt_pin_hint_kind kind = 0;

	while (kind < LT_NR_PIN_HINTS && (!name || strcmp(name, names[kind])))
		kind++;
	return kind;
}

static int by_size(const void *a, const void *b)
{
	const struct lt_pin_hint *x = a, *y = b;
	uint64_t left = x->nr_pages.known ? x->nr_pages.val : 0;
	uint64_t right = y->nr_pages.known ? y->nr_pages.val : 0;

	if (left != right)
		return left > right ? -1 : 1;
	if (x->pid != y->pid)
		return x->pid < y->pid ? -1 : 1;
	return (x->kind > y->kind) - (x->kind < y->kind);
}

void lt_pin_hints_sort(struct lt_pin_hints *hints)
{
	if (hints->nr)
		qsort(hints->v, hints->nr, sizeof(*hints->v), by_size);
}
