// SPDX-License-Identifier: LGPL-2.1-or-later
/* Finds who holds device memory, from page_owner stacks and dma-bufs. */
#include "model/holder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/frame.h"

const char *lt_holder_kind_name(enum lt_holder_kind kind)
{
	return kind == LT_HOLDER_DRIVER ? "driver" : "dma-buf";
}

void lt_holders_free(struct lt_holders *holders)
{
	lt_vec_each(holder, holders)
		lt_vec_free(&holder->devices);
	lt_vec_free(holders);
}

static bool is_same(const struct lt_holder *a, const struct lt_holder *b)
{
	return a->kind == b->kind && a->name == b->name && a->area == b->area &&
	       a->comm == b->comm && a->pid.known == b->pid.known &&
	       (!a->pid.known || a->pid.val == b->pid.val);
}

struct lt_holder *lt_holders_get(struct lt_holders *holders, const struct lt_holder *like)
{
	struct lt_holder want = {
		.kind = like->kind,
		.name = like->name,
		.pid = like->pid,
		.comm = like->comm,
		.area = like->area,
	};
	struct lt_holder *holder;

	for (int turn = 0; turn < 2; turn++) {
		lt_vec_each(old, holders)
			if (is_same(old, &want))
				return old;
		if (holders->nr < LT_HOLDERS_MAX)
			break;
		want = (struct lt_holder){ .kind = like->kind, .area = like->area };
	}
	holder = lt_vec_push(holders);
	if (holder)
		*holder = want;
	return holder;
}

static int compare_strings(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) : (a != NULL) - (b != NULL);
}

static int compare_nums(struct lt_num a, struct lt_num b)
{
	uint64_t left = a.known ? a.val : 0, right = b.known ? b.val : 0;

	return (left > right) - (left < right);
}

static int by_size(const void *a, const void *b)
{
	const struct lt_holder *left = a, *right = b;
	int order = (left->kind == LT_HOLDER_DMA_BUF) - (right->kind == LT_HOLDER_DMA_BUF);

	if (!order && left->kind == LT_HOLDER_DMA_BUF)
		order = left->pid.known - right->pid.known;
	if (!order)
		order = compare_nums(right->nr_pages, left->nr_pages);
	if (!order)
		order = compare_strings(left->name, right->name);
	return order ? order : compare_nums(left->pid, right->pid);
}

void lt_holders_sort(struct lt_holders *holders)
{
	if (holders->nr)
		qsort(holders->v, holders->nr, sizeof(*holders->v), by_size);
}

int lt_holder_name_of(const struct lt_stack *stack, struct lt_strings *strings, const char **out)
{
	struct lt_frame frame;

	*out = NULL;
	for (size_t i = 0; stack && i < stack->nr; i++) {
		struct lt_span name;

		if (!lt_frame_split(stack->frames[i], &frame) || lt_frame_is_allocator(&frame))
			continue;
		name = frame.module.len ? frame.module : frame.symbol;
		/* a part of an interned string: safe already */
		*out = lt_strings_format(strings, "%.*s", (int)name.len, name.p);
		return *out ? 0 : -ENOMEM;
	}
	return 0;
}
