/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_READ_PLACES_H
#define LT_SOURCE_READ_PLACES_H

#include "model/snapshot.h"

/*
 * Every table was read: what one of them left open of an area, another may tell. What stays open is
 * named in the detail of the source that named the area. 0 or -ENOMEM.
 */
int lt_places_match(struct lt_snapshot *snap);

#endif
