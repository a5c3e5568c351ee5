/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_PIN_H
#define LT_MODEL_PIN_H

#include <stdbool.h>

#include "base/compiler.h"
#include "base/num.h"
#include "base/vec.h"
#include "model/folio.h"
#include "model/owner.h"
#include "model/page_class.h"
#include "model/page_file.h"
#include "model/vma_kind.h"
#include "model/when.h"

/* What keeps a folio in its area. */
enum lt_pin_kind {
	LT_PIN_UNKNOWN,	  /* it blocked an allocation; nothing tells why */
	LT_PIN_PINNED,	  /* has a pin count */
	LT_PIN_EXTRA_REF, /* has references that no mapping or cache explains; not called a pin */
	LT_PIN_UNMOVABLE, /* an unmovable allocation */
};

/* "pin", "extra-ref", "unmovable", or NULL for LT_PIN_UNKNOWN. */
const char *lt_pin_kind_name(enum lt_pin_kind kind);

/* What keeps @folio in place; LT_PIN_UNKNOWN if nothing does, as far as its counts tell. */
enum lt_pin_kind lt_pin_kind_of(const struct lt_folio *folio);

/* A process that has the page in its page tables now (pagemap). */
struct lt_mapper {
	int pid;
	enum lt_vma_kind kind; /* what memory that is */
	const char *comm;
	const char *vma;      /* "[heap]", a path, "anonymous" */
	uint64_t addr;	      /* virtual address of the page */
	struct lt_when start; /* of the process */
	const char *
		waits_in; /* function in which a thread sleeps in state D, "?"; NULL if none does */
};

LT_VEC_OF(lt_mappers, struct lt_mapper);

/* Mappers kept per page; lt_pin.mapped_by_total counts all of them. */
#define LT_MAPPERS_MAX 8

/* More processes that map a page: their numbers alone. */
LT_VEC_OF(lt_mapper_pids, int);
#define LT_MAPPER_PIDS_MAX 1024

/* Append @pid, once in a row, as long as there is room; @pids is made when it is needed. 0 or -ENOMEM. */
int lt_mapper_pids_add(struct lt_mapper_pids **pids, int pid) __must_check __nonnull_all;
void lt_mapper_pids_free(struct lt_mapper_pids *pids);

/* Whether a pin was asked for with FOLL_LONGTERM. */
enum lt_longterm {
	LT_LONGTERM_UNKNOWN,
	LT_LONGTERM_NO,
	LT_LONGTERM_YES,
};

/**
 * struct lt_pinner - who pinned the page, from a source that saw the pin being made
 * @pid:	   process
 * @comm:	   its name then
 * @ts_ns:	   when
 * @stack:	   of the call, innermost first; NULL if not recorded
 * @function:	   of the kernel that was called; NULL if not told
 * @longterm:	   whether the kernel promised to keep it out of CMA
 * @nr_pages:	   that the call pinned
 * @is_ours:	   made through ltpin's own module
 * @read_after_ns: how long after the call its pages were looked up in the page table; unknown if
 *		   the source named the pages itself
 */
struct lt_pinner {
	struct lt_num pid;
	const char *comm;
	struct lt_num ts_ns;
	const struct lt_stack *stack;
	const char *function;
	enum lt_longterm longterm;
	bool is_ours;
	struct lt_num nr_pages, read_after_ns;
};

/**
 * struct lt_pin - a folio inside a CMA area that cannot, or did not, move; there may be thousands, so
 * its members leave no holes
 * @pfn:	     head page
 * @nr_pages:	     of the folio
 * @pins:	     pin count, estimated from the references when @pins_estimated
 * @mapcount:	     page table entries that map it
 * @class:	     what it is, as kpageflags says now, after everything else was read
 * @area:	     index into the snapshot's areas
 * @zone:	     name, NULL if not known
 * @is_blocker:	     trace or log name it as the page that made an attempt fail
 * @has_passed:	     when it was looked at, nothing held it
 * @allocated_by:    page_owner record; valid if @has_owner
 * @mapped_by:	     first LT_MAPPERS_MAX mappers
 * @mapped_by_more:  processes that map it beyond those; NULL if there are none, as of most
 * @mapped_by_total: all mappings found, a folio counted once per VMA; unknown when the search was
 *		     not made or could not look everywhere and found none
 * @pinned_by:	     valid if @has_pinner
 * @file:	     the file or device that it is of, if it is in the page cache and that is known; NULL
 * @nr_pins_seen:    of @pins, those that somebody was seen to make; only of blockers, if somebody looked
 */
struct lt_pin {
	uint64_t pfn;
	uint64_t nr_pages;
	enum lt_pin_kind kind;
	enum lt_page_class class;
	bool pins_estimated;
	bool is_blocker, has_passed;
	bool has_owner, has_pinner;
	struct lt_num pins, refcount, mapcount;
	size_t area;
	const char *zone;
	struct lt_owner allocated_by;
	struct lt_mappers mapped_by;
	struct lt_mapper_pids *mapped_by_more;
	struct lt_num mapped_by_total;
	struct lt_pinner pinned_by;
	const struct lt_page_file *file;
	struct lt_num nr_pins_seen;
};

/* Sorted by PFN, one per folio. */
LT_VEC_OF(lt_pins, struct lt_pin);

/* Whether process @pid is known to map it. */
bool lt_pin_is_mapped_by(const struct lt_pin *pin, int pid) __nonnull_all;

void lt_pins_free(struct lt_pins *pins);

/* Fill in what the state of its folio tells: place, kind and counts. */
void lt_pin_set_folio(struct lt_pin *pin, const struct lt_folio *folio);

/* The folio that covers @pfn, or NULL. @pins must be sorted. */
struct lt_pin *lt_pins_find(const struct lt_pins *pins, uint64_t pfn);

/* The folio that covers @pfn, else the next one, or NULL. @pins must be sorted. */
struct lt_pin *lt_pins_from(const struct lt_pins *pins, uint64_t pfn);

/*
 * Whether page_owner shows that @pin has been in one allocation since before @when, on the clock of
 * the kernel log. The record of a page that was migrated has the time of the page that it was moved
 * from.
 */
bool lt_pin_is_older(const struct lt_pin *pin, struct lt_when when);

/* Put @pins in PFN order after appending to them. */
void lt_pins_sort(struct lt_pins *pins);

#endif
