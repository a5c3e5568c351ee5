/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ANALYSE_KNOWN_H
#define LT_ANALYSE_KNOWN_H

struct lt_finding;
struct lt_report;

/*
 * Append to @finding's evidence what is known to have made the same in other kernels, with
 * the commits to look for: "known of other kernels: ...". Running out of memory sets report->out_of_memory.
 */
void lt_known_quote(struct lt_report *report, struct lt_finding *finding);

#endif
