/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_RENDER_FOLIO_H
#define CLI_RENDER_FOLIO_H

#include "base/json.h"
#include "model/folio.h"
#include "render/text.h"

/* A line a folio in columns of fixed width, as there may be millions. */
void folio_print_heading(struct text *text);
void folio_print(struct text *text, const struct lt_folio *folio);

void json_folio(struct lt_json *json, const char *key, const struct lt_folio *folio);

#endif
