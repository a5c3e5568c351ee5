/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_RENDER_JSON_JSON_EXPLAIN_H
#define CLI_RENDER_JSON_JSON_EXPLAIN_H

#include "analyse/explain.h"
#include "base/json.h"

/* The members of an ltpin.explain/1 document but its sources, into the object that is open. */
void json_explain(struct lt_json *json, const struct lt_explain *explain);

/* What was tried; nothing if there is none. */
void json_trials(struct lt_json *json, const struct lt_trials *trials);

#endif
