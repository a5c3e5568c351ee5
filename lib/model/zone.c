// SPDX-License-Identifier: LGPL-2.1-or-later
/* Answers questions about zones. */
#include "model/zone.h"

#include <string.h>

#include "base/hash.h"

struct wanted {
	const struct lt_zones *zones;
	unsigned int node;
	const char *name;
};

/* The index may know of zones that were taken back. */
static bool is_wanted(const void *arg, size_t place)
{
	const struct wanted *wanted = arg;
	const struct lt_zone *zone = place < wanted->zones->nr ? &wanted->zones->v[place] : NULL;

	return zone && zone->node == wanted->node && !strcmp(zone->name, wanted->name);
}

struct lt_zone *lt_zones_get(struct lt_zones *zones, unsigned int node, const char *name)
{
	const struct wanted wanted = { zones, node, name };
	const uint64_t hash = lt_hash_end(lt_hash_word(lt_hash_bytes(name, strlen(name)), node));
	const size_t place = lt_index_find(&zones->by_name, hash, is_wanted, &wanted);
	struct lt_zone *zone;

	if (place != LT_INDEX_NONE)
		return &zones->v[place];
	if (lt_index_add(&zones->by_name, hash, zones->nr))
		return NULL;
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
	lt_index_free(&zones->by_name);
}
