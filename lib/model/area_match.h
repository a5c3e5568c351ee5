/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_AREA_MATCH_H
#define LT_MODEL_AREA_MATCH_H

#include "model/area.h"
#include "model/memory.h"
#include "model/zone.h"

/**
 * struct lt_area_facts - what else is known of CMA as a whole
 * @page_size:	     in bytes
 * @total_kib:	     all CMA memory
 * @pageblock_pages: areas begin and end with a pageblock; 0 if not known
 * @memory:	     where memory is reserved
 * @zones:	     which of them has CMA memory
 */
struct lt_area_facts {
	struct lt_num page_size, total_kib;
	uint64_t pageblock_pages;
	const struct lt_memory *memory;
	const struct lt_zones *zones;
};

/**
 * lt_areas_match() - put together what different sources left open
 * @areas: with entries that have a name or a size and no place, and others that have a place and no
 *	   name, as the sources told of them
 *
 * Two entries become one where nothing else is possible: by name, by size, or because every other
 * way would leave a place without an area. A place that iomem alone shows is taken if it is the
 * only one of an area's size. A place in the log whose area does not exist, since its activation
 * failed, is dropped once all areas are complete. What may be of one as well as of another stays.
 *
 * Return: 0 or -ENOMEM.
 */
int lt_areas_match(struct lt_areas *areas, const struct lt_area_facts *facts);

#endif
