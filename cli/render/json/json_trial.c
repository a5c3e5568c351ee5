// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes what was tried to free pages of an area as JSON. */
#include "base/errno_name.h"
#include "render/json/json_explain.h"

static void put_room(struct lt_json *json, const char *key, const struct lt_room *room)
{
	if (!room->nr_windows.known)
		return;
	lt_json_object(json, key);
	lt_json_num(json, "nr_windows", room->nr_windows);
	lt_json_num(json, "nr_free", room->nr_free);
	lt_json_num(json, "nr_blocking", room->nr_blocking);
	lt_json_string(json, "prediction", room->prediction);
	lt_json_close(json);
}

static void put_trial(struct lt_json *json, const struct lt_trial *trial)
{
	lt_json_object(json, NULL);
	lt_json_string(json, "name", lt_remedy_name(trial->remedy));
	lt_json_string(json, "touches", lt_remedy_touches(trial->remedy));
	lt_json_string(json, "status", lt_trial_status_name(trial->status));
	if (trial->diag.why[0])
		lt_json_string(json, "why", trial->diag.why);
	lt_json_num(json, "errno", trial->err);
	if (trial->err.known)
		lt_json_string(json, "errno_name", lt_errno_name((int)trial->err.val));
	lt_json_num(json, "elapsed_ns", trial->elapsed_ns);
	put_room(json, "before", &trial->before);
	put_room(json, "after", &trial->after);
	if (trial->after.nr_blocking.known)
		lt_json_u64(json, "nr_released", trial->released.nr);
	lt_json_num(json, "nr_back", trial->nr_back);
	lt_json_close(json);
}

void json_trials(struct lt_json *json, const struct lt_trials *trials)
{
	if (!trials->nr)
		return;
	lt_json_array(json, "trials");
	lt_vec_each(trial, trials)
		put_trial(json, trial);
	lt_json_close(json);
}
