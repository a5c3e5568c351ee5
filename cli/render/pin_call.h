/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_RENDER_PIN_CALL_H
#define CLI_RENDER_PIN_CALL_H

#include "model/pin_call.h"
#include "model/pin_tally.h"
#include "model/snapshot.h"
#include "render/text.h"

/* What `ltpin watch --pins` tells: a call that pinned, its end, and how many there were. */

void pin_call_print(struct text *text, const struct lt_snapshot *snap,
		    const struct lt_pin_call *call, bool is_verbose);
void pin_call_print_end(struct text *text, const struct lt_pin_call *call);
void pin_call_print_tally(struct text *text, const struct lt_pin_tally *tally);

#endif
