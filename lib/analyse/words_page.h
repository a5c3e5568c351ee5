/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ANALYSE_WORDS_PAGE_H
#define LT_ANALYSE_WORDS_PAGE_H

#include "analyse/report.h"

/* "page 0x1c2f7 in "reserved" (anon): at least 1 pin, ..., mapped by ...": what is known of @pin. */
const char *lt_words_page(struct lt_report *report, const struct lt_pin *pin);

/* The same of one that the kernel named, with what it @blocked: "2 of 3 ranges". */
const char *lt_words_blocker(struct lt_report *report, const struct lt_pin *pin, const char *blocked);

#endif
