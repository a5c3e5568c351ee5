/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_RENDER_EXPLAIN_H
#define CLI_RENDER_EXPLAIN_H

#include "analyse/explain.h"
#include "render/text.h"

/* 0 or -ENOMEM. */
int explain_print_text(struct text *text, const struct lt_explain *explain);

#endif
