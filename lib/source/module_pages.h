/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_MODULE_PAGES_H
#define LT_SOURCE_MODULE_PAGES_H

#include "model/folio.h"
#include "model/snapshot.h"
#include "source/module.h"

/* What the pages of one area amount to, while they are being scanned. */
struct lt_module_tally {
	uint64_t nr_free, nr_lent, nr_pinned;
};

/**
 * lt_module_tally_folio() - account one folio or free block of an area
 * @area:  the area, @i its index
 * @range: of @area; only the part of @folio inside counts
 * @folio: as scanned
 * @tally: added to
 * @pins:  a folio that is pinned or held is appended, unless it is there
 *
 * Return: 0 or -ENOMEM.
 */
int lt_module_tally_folio(const struct lt_area *area, size_t i, const struct lt_area_range *range,
			  const struct lt_folio *folio, struct lt_module_tally *tally,
			  struct lt_pins *pins);

/* Say of the folios that @hold pins who pins them. 0 or -ENOMEM. */
int lt_module_name_pinner(const struct lt_module_hold *hold, struct lt_pins *pins,
			  struct lt_strings *strings);

#endif
