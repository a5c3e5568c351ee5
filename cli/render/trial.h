/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_RENDER_TRIAL_H
#define CLI_RENDER_TRIAL_H

#include "model/trial.h"
#include "render/text.h"

/* @is_dry: what would be done. Nothing if there are none. 0 or -ENOMEM. */
int trials_print(struct text *text, const struct lt_trials *trials, bool is_dry);

#endif
