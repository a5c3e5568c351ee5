// SPDX-License-Identifier: LGPL-2.1-or-later
/* Answers questions about zones. */
#include "model/zone.h"

#include <string.h>

struct lt_zone *lt_zones_get(struct lt_zones *zones, unsigned int node, const char *name)
{
	struct lt_zone *zone;

	lt_vec_each(old, zones)
		if (old->node == node && !strcmp(old->name, name))
			return old;
	zone = lt_vec_push(zones);
	if (zone) {
		zone->node = node;
		zone->name = name;
	}
	return zone;
}

struct lt_migratetype *lt_zone_type(struct lt_zone *zone, const char *name)
{
	struct lt_migratetype *type;

	lt_vec_each(old, &zone->types)
		if (!strcmp(old->name, name))
			return old;
	type = lt_vec_push(&zone->types);
	if (type)
		type->name = name;
	return type;
}

void lt_zones_free(struct lt_zones *zones)
{
	lt_vec_each(zone, zones) {
		lt_vec_free(&zone->pcp);
		lt_vec_free(&zone->types);
	}
	lt_vec_free(zones);
}
