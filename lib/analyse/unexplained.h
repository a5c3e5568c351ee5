/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ANALYSE_UNEXPLAINED_H
#define LT_ANALYSE_UNEXPLAINED_H

#include "analyse/report.h"

/**
 * lt_unexplained_words() - what is known of @failure, which no finding explains
 *
 * Sets report->next: what may tell more the next time.
 *
 * Return: sentences; a string of the report.
 */
const char *lt_unexplained_words(struct lt_report *report, const struct lt_failure *failure);

#endif
