/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_RENDER_JSON_JSON_OWNER_GROUPS_H
#define CLI_RENDER_JSON_JSON_OWNER_GROUPS_H

#include "base/json.h"
#include "model/area.h"
#include "model/owner_groups.h"

/* The first @nr groups, into the object that is open; @areas names theirs. */
void json_owner_groups(struct lt_json *json, const struct lt_owner_groups *groups,
		       const struct lt_areas *areas, size_t nr);

#endif
