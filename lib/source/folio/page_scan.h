/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_FOLIO_PAGE_SCAN_H
#define LT_SOURCE_FOLIO_PAGE_SCAN_H

#include "base/compiler.h"
#include "base/json.h"
#include "model/folio.h"
#include "model/pfns.h"
#include "model/snapshot.h"

/*
 * The state of every page in the CMA areas, and of ZONE_MOVABLE if it is not large, by a
 * source that can tell it: the helper module, or /proc/kcore.
 */

/* What the pages of one area amount to, while they are being scanned. */
struct lt_page_tally {
	bool is_scanned;
	uint64_t nr_free, nr_lent, nr_pinned;
};

/* What is pinned of one zone. */
struct lt_zone_tally {
	bool is_scanned;
	uint64_t nr_pinned, first_pfn;
};

/**
 * struct lt_scanned_range - what is scanned
 * @area:  the area, @i its index
 * @pfns:  range of @area
 * @named: pages that the kernel named as what made an allocation fail, sorted; NULL for none
 */
struct lt_scanned_range {
	const struct lt_area *area;
	size_t i;
	const struct lt_area_range *pfns;
	const struct lt_pfns *named;
};

/**
 * lt_page_tally_folio() - account one folio or free block of an area
 * @in:    only the part of @folio inside counts
 * @folio: as scanned
 * @tally: added to
 * @pins:  a folio that is pinned or held, or that has a named page, is appended, unless it is
 *	   there
 *
 * Return: 0 or -ENOMEM.
 */
int lt_page_tally_folio(const struct lt_scanned_range *in, const struct lt_folio *folio,
			struct lt_page_tally *tally, struct lt_pins *pins)
	__must_check __nonnull_all;

/**
 * struct lt_page_reader - who tells the state of pages
 * @ask:    calls @each per folio or free block of a range, in ascending order; returns 0, what
 *	    @each stopped with, or negative errno
 * @arg:    passed to @ask
 * @answer: where the folios are kept for a capture, NULL for nowhere
 */
struct lt_page_reader {
	int (*ask)(void *arg, struct lt_range pfns,
		   int (*each)(const struct lt_folio *folio, void *arg), void *each_arg,
		   struct lt_diag *diag);
	void *arg;
	struct lt_json *answer;
};

/*
 * A scan of all areas: tallies by the index of the area and of the zone, what cannot move in the
 * areas, and all their folios if the snapshot is to keep them.
 */
struct lt_page_scan {
	struct lt_page_tally *tallies;
	struct lt_zone_tally *zones;
	struct lt_pins pins;
	struct lt_folios folios;
};

/**
 * lt_page_scan_run() - ask for every range of every area
 * @out:  freed with lt_page_scan_fini(), also on failure
 * @diag: names what could not be looked at, since nobody knows where it is
 *
 * Return: 0, -ENOMEM, or what @reader said.
 */
int lt_page_scan_run(const struct lt_snapshot *snap, const struct lt_page_reader *reader,
		     struct lt_page_scan *out, struct lt_diag *diag)
	__must_check __nonnull_at(1, 2, 3);

/* Move what was found into @snap. */
void lt_page_scan_store(struct lt_page_scan *scan, struct lt_snapshot *snap);

void lt_page_scan_fini(struct lt_page_scan *scan);

#endif
