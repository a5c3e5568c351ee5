/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ANALYSE_WORDS_TRACK_H
#define LT_ANALYSE_WORDS_TRACK_H

#include "analyse/report.h"

/* What a kernel that tracks such pages tells of page @pfn, as evidence: a few lines, or none. */
void lt_finding_add_tracks(struct lt_report *report, struct lt_finding *finding, uint64_t pfn);

#endif
