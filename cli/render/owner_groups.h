/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_RENDER_OWNER_GROUPS_H
#define CLI_RENDER_OWNER_GROUPS_H

#include "model/area.h"
#include "model/owner_groups.h"
#include "render/text.h"

/**
 * struct owner_key - what records can be grouped by
 * @name:  as in --by and in JSON
 * @title: of its column
 */
struct owner_key {
	const char *name, *title;
	enum lt_owner_key key;
};

/* In the order of their columns, ended by an empty one. */
extern const struct owner_key owner_keys[];

/* The key called by these @len bytes, 0 if there is none. */
enum lt_owner_key owner_key_find(const char *name, size_t len);

/* The first @nr groups; @areas names theirs. -ENOMEM if anything was lost. */
int owner_groups_print(struct text *text, const struct lt_owner_groups *groups,
		       const struct lt_areas *areas, size_t nr);

#endif
