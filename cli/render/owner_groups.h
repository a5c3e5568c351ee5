/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_RENDER_OWNER_GROUPS_H
#define CLI_RENDER_OWNER_GROUPS_H

#include "base/json.h"
#include "model/area.h"
#include "model/owner_groups.h"
#include "render/text.h"

/* The key called by these @len bytes, 0 if there is none. */
enum lt_owner_key owner_key_find(const char *name, size_t len);

/* The first @nr groups; @areas names theirs. -ENOMEM if anything was lost. */
int owner_groups_print(struct text *text, const struct lt_owner_groups *groups,
		       const struct lt_areas *areas, size_t nr);
void json_owner_groups(struct lt_json *json, const struct lt_owner_groups *groups,
		       const struct lt_areas *areas, size_t nr);

#endif
