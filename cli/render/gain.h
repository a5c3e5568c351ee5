/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_RENDER_GAIN_H
#define CLI_RENDER_GAIN_H

#include "model/snapshot.h"
#include "render/text.h"

/*
 * The one or two things that would gain most where @snap was taken, each with lines to paste, and
 * how to have them from boot on.
 */
void gain_print(struct text *text, const struct lt_snapshot *snap);

#endif
