/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ANALYSE_WORDS_PAGE_H
#define LT_ANALYSE_WORDS_PAGE_H

#include "analyse/report.h"

/* "page 0x1c2f7 in "reserved" (anon): at least 1 pin, ..., mapped by ...": what is known of @pin. */
const char *lt_words_page(struct lt_report *report, const struct lt_pin *pin);

#endif
