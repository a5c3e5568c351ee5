/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_RENDER_JSON_JSON_WATCH_H
#define CLI_RENDER_JSON_JSON_WATCH_H

#include "render/json/json_pin_call.h"
#include "render/watch.h"

/* An ltpin.watch/1 document each, on a line of its own. 0 or negative errno. */
int json_watch_attempt(FILE *out, const struct lt_snapshot *snap, const struct lt_attempt *attempt,
		       const struct lt_cause *cause);
int json_watch_pin(FILE *out, const struct lt_snapshot *snap, const struct lt_pin_call *call);
int json_watch_unpin(FILE *out, const struct lt_snapshot *snap, const struct lt_pin_call *call);
int json_watch_summary(FILE *out, const struct watch_summary *summary);

#endif
