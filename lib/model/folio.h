/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_FOLIO_H
#define LT_MODEL_FOLIO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"

/* A small folio's pin adds this to its reference count (GUP_PIN_COUNTING_BIAS). */
#define LT_PIN_BIAS 1024

/**
 * struct lt_folio - a folio's state as the helper module, or /proc/kcore, sampled it
 * @pfn:      of the head page
 * @nr_pages: of the whole folio
 * @refcount: all references
 * @mapcount: page table mappings, summed over the folio
 * @pins:     pin count; exact with LTPIN_PAGE_PINS_EXACT, else refcount / LT_PIN_BIAS; -1 where it
 *	      is not known
 * @flags:    LTPIN_PAGE_* of uapi/ltpin_netlink.h
 *
 * Pins are a fact of the folio: one pinned subpage makes all of it immovable.
 */
struct lt_folio {
	uint64_t pfn;
	uint32_t nr_pages;
	int32_t refcount, mapcount, pins;
	uint64_t flags;
};

LT_VEC_OF(lt_folios, struct lt_folio);

/**
 * lt_folio_pins() - pins of the folio
 *
 * Exact where the kernel counts them. Else what is left in the reference count
 * after mappings and caches, in units of LT_PIN_BIAS: a page of libc that 1500
 * processes map is not pinned. As many ordinary references look the same.
 *
 * Return: 0 also for a record that is not to be trusted (LTPIN_PAGE_UNSTABLE).
 */
int32_t lt_folio_pins(const struct lt_folio *folio);

/*
 * References that nothing the kernel told explains: not a mapping, the page or swap cache, private
 * data, a pin, or work in progress. Never more than there are; often less, see folio.c.
 */
int32_t lt_folio_extra_refs(const struct lt_folio *folio);

/*
 * References beyond mappings, caches and private data: pins, batches, isolation, somebody's. Below 0
 * only while the folio changes.
 */
int64_t lt_folio_other_refs(const struct lt_folio *folio);

/*
 * Whether one extra reference is a passing one by construction: a page just
 * faulted in sits in a per-CPU LRU batch, which holds a reference and has not
 * set the LRU flag yet. Never a finding.
 */
bool lt_folio_is_in_lru_batch(const struct lt_folio *folio);

/*
 * Whether a folio whose pins are not known has references that may be pins, but may be passing as
 * well, so that lt_folio_extra_refs() does not tell them.
 */
bool lt_folio_may_be_pinned(const struct lt_folio *folio);

/*
 * Whether nothing held it when it was sampled: free, on a per-CPU list, or mapped and cached by
 * nothing but what its counts explain in full, at rest on an LRU list.
 */
bool lt_folio_is_unheld(const struct lt_folio *folio);

/* Whether the kernel keeps its own data in it, which it never moves: slab objects, page tables. */
bool lt_folio_is_unmovable(const struct lt_folio *folio);

#endif
