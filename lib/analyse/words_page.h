/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ANALYSE_WORDS_PAGE_H
#define LT_ANALYSE_WORDS_PAGE_H

#include "analyse/report.h"

/* "page 0x1c2f7 in "reserved" (anon): about 1 pin, ..., mapped by ...": what is known of @pin. */
const char *lt_words_page(struct lt_report *report, const struct lt_pin *pin);

/*
 * The same of one that the kernel named, with what it @blocked: "2 of 3 ranges". @said is of the
 * attempts that are spoken of, those of @failure: if another use of the page came after them, nobody
 * is named with it, nor if a page of its block is meant.
 */
const char *lt_words_blocker(struct lt_report *report, const struct lt_pin *pin,
			     const struct lt_cause_page *said, const struct lt_failure *failure,
			     const char *blocked);

/* "has been released since"; of a page that is in use, and that nothing keeps from being moved, that. */
const char *lt_words_released(const struct lt_cause_page *said);

/*
 * Why the process @said->by is named: "maps it and probably holds it". Where its time is not known
 * to be before the failure, that is said.
 */
const char *lt_words_basis(const struct lt_cause_page *said);

#endif
