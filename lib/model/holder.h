/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_HOLDER_H
#define LT_MODEL_HOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"
#include "base/num.h"
#include "base/vec.h"
#include "model/stack.h"

/* What tells of a holder; the two do not add up, one memory may be told of by both. */
enum lt_holder_kind {
	LT_HOLDER_DMA_BUF, /* buffers of one exporter; where their memory is nothing tells */
	LT_HOLDER_DRIVER,  /* pages of an area that one driver allocated (page_owner) */
};

/* "dma-buf", "driver". */
const char *lt_holder_kind_name(enum lt_holder_kind kind);

LT_VEC_OF(lt_names, const char *);

/* Names of devices kept per buffer and per exporter. */
#define LT_DEVICES_MAX 64

/**
 * struct lt_holder - who holds device memory
 * @name:	exporter, or driver; NULL if no frame of the allocation names one
 * @nr_pages:	a dma-buf's as its size tells. With @pid, buffers that the process has open: one
 *		that several processes share counts for each of them
 * @nr_buffers:	dma-bufs; unknown for a driver
 * @pid:	process that has the buffers open, or allocated the pages; unknown: all of them
 * @comm:	its name now (dma-buf), or then (driver)
 * @area:	index into the snapshot's areas; LT_NO_AREA where nothing proves one
 * @stack:	of the first of the allocations; NULL for a dma-buf
 * @devices:	attached to the buffers, the first LT_DEVICES_MAX; of a dma-buf without @pid
 *
 * Allocated by is not in use by. Strings are interned.
 */
struct lt_holder {
	enum lt_holder_kind kind;
	const char *name;
	struct lt_num nr_pages, nr_buffers, pid;
	const char *comm;
	size_t area;
	const struct lt_stack *stack;
	struct lt_names devices;
};

LT_VEC_OF(lt_holders, struct lt_holder);

void lt_holders_free(struct lt_holders *holders);

/* Names that are told apart; whatever comes then is held by one without a name. */
#define LT_HOLDERS_MAX 1024

/*
 * The holder of @like's kind, name, process and area, appended without pages if
 * there is none; NULL when out of memory. Strings are interned.
 */
struct lt_holder *lt_holders_get(struct lt_holders *holders, const struct lt_holder *like);

/* Drivers first, then exporters, then who has their buffers open; each the largest first. */
void lt_holders_sort(struct lt_holders *holders);

/**
 * lt_holder_name_of() - the driver that a stack names
 * @stack:   of an allocation, innermost frame first
 * @strings: for the name
 * @out:     a module, or the function of a driver that is built in; NULL if every frame
 *	     belongs to the page, CMA or DMA allocators, or has no symbol
 *
 * Return: 0 or -ENOMEM.
 */
int lt_holder_name_of(const struct lt_stack *stack, struct lt_strings *strings, const char **out)
	__must_check;

#endif
