/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_RENDER_JSON_JSON_DIFF_H
#define CLI_RENDER_JSON_JSON_DIFF_H

#include "render/diff.h"

/* 0 or negative errno. */
int json_diff(FILE *out, const struct diff *diff);

#endif
