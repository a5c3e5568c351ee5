// SPDX-License-Identifier: GPL-2.0-or-later
/* Groups of page_owner records, as in ltpin.owners/1. */
#include "render/json/json_owner_groups.h"

#include "render/json/json.h"
#include "render/owner_groups.h"

static void put_group(struct lt_json *json, const struct lt_areas *areas,
		      const struct lt_owner_group *group)
{
	lt_json_object(json, NULL);
	lt_json_u64(json, "nr_records", group->nr_records);
	lt_json_u64(json, "nr_pages", group->nr_pages);
	json_stack(json, "stack", group->key.stack);
	lt_json_num(json, "pid", group->key.pid);
	lt_json_num(json, "tgid", group->key.tgid);
	lt_json_string(json, "comm", group->key.comm);
	lt_json_string(json, "gfp", group->key.gfp);
	lt_json_string(json, "migratetype", group->key.migratetype);
	lt_json_string(json, "area", group->area == LT_NO_AREA ? NULL : areas->v[group->area].name);
	lt_json_close(json);
}

void json_owner_groups(struct lt_json *json, const struct lt_owner_groups *groups,
		       const struct lt_areas *areas, size_t nr)
{
	lt_json_array(json, "by");
	for (const struct owner_key *key = owner_keys; key->name; key++)
		if (groups->keys & key->key)
			lt_json_string(json, NULL, key->name);
	lt_json_close(json);
	lt_json_u64(json, "nr_groups", groups->list.nr);
	lt_json_array(json, "groups");
	for (size_t i = 0; i < nr; i++)
		put_group(json, areas, &groups->list.v[i]);
	lt_json_close(json);
}
