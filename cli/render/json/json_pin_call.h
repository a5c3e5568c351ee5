/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_RENDER_JSON_JSON_PIN_CALL_H
#define CLI_RENDER_JSON_JSON_PIN_CALL_H

#include "model/pin_call.h"
#include "model/pin_tally.h"
#include "render/json/json.h"

void json_pin_call(struct lt_json *json, const char *key, const struct lt_snapshot *snap,
		   const struct lt_pin_call *call);
void json_pin_call_end(struct lt_json *json, const char *key, const struct lt_pin_call *call);
void json_pin_tally(struct lt_json *json, const char *key, const struct lt_pin_tally *tally);

#endif
