// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes holders of device memory as JSON. */
#include "render/json/json.h"

void json_holder(struct lt_json *json, const char *key, const struct lt_holder *holder,
		 const struct lt_snapshot *snap)
{
	lt_json_object(json, key);
	lt_json_string(json, "kind", lt_holder_kind_name(holder->kind));
	lt_json_string(json, "name", holder->name);
	lt_json_num(json, "nr_pages", holder->nr_pages);
	lt_json_num(json, "nr_buffers", holder->nr_buffers);
	lt_json_num(json, "pid", holder->pid);
	lt_json_string(json, "comm", holder->comm);
	lt_json_string(json, "area", json_area_name(snap, holder->area));
	json_stack(json, "stack", holder->stack);
	if (holder->devices.nr) {
		lt_json_array(json, "devices");
		lt_vec_each(device, &holder->devices)
			lt_json_string(json, NULL, *device);
		lt_json_close(json);
	}
	lt_json_close(json);
}
