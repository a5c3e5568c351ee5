// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes processes that may pin memory as JSON. */
#include "render/json/json.h"

void json_pin_hint(struct lt_json *json, const char *key, const struct lt_pin_hint *hint)
{
	lt_json_object(json, key);
	lt_json_string(json, "kind", lt_pin_hint_kind_name(hint->kind));
	lt_json_string(json, "confidence", lt_confidence_name(LT_HINT));
	lt_json_u64(json, "pid", (uint64_t)hint->pid);
	lt_json_string(json, "comm", hint->comm);
	lt_json_num(json, "nr_pages", hint->nr_pages);
	lt_json_num(json, "nr_buffers", hint->nr_buffers);
	lt_json_num(json, "inode", hint->inode);
	lt_json_num(json, "nr_bytes", hint->nr_bytes);
	lt_json_num(json, "peer_pid", hint->peer_pid);
	lt_json_string(json, "peer_comm", hint->peer_comm);
	lt_json_string(json, "device", hint->device);
	lt_json_string(json, "driver", hint->driver);
	lt_json_close(json);
}
