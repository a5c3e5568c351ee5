// SPDX-License-Identifier: GPL-2.0-or-later
/* What a kernel that tracks pages tells of them, as JSON. */
#include "render/json/json.h"

void json_page_tracks(struct lt_json *json, const struct lt_snapshot *snap)
{
	if (!snap->tracks.nr)
		return;
	lt_json_array(json, "tracked");
	lt_vec_each(track, &snap->tracks) {
		lt_json_object(json, NULL);
		lt_json_string(json, "event", lt_track_event_name(track->event));
		lt_json_string(json, "source", track->source);
		lt_json_u64(json, "pfn", track->pfn);
		lt_json_num(json, "ts_ns", track->ts_ns);
		lt_json_num(json, "held_ns", track->held_ns);
		lt_json_num(json, "pid", track->pid);
		lt_json_string(json, "comm", track->comm);
		if (track->stack)
			json_stack(json, "stack", track->stack);
		lt_json_close(json);
	}
	lt_json_close(json);
}
