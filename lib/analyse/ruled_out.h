/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ANALYSE_RULED_OUT_H
#define LT_ANALYSE_RULED_OUT_H

#include "base/compiler.h"
#include "base/vec.h"

struct lt_report;

/**
 * struct lt_ruled_out - a cause that the failure of the headline certainly did not have
 * @cause: id of the finding that there would be
 * @text:  why not, with figures; a string of the report
 */
struct lt_ruled_out {
	const char *cause, *text;
};

LT_VEC_OF(lt_ruled_outs, struct lt_ruled_out);

/* Fill in report->ruled_out: only what every attempt of the group excludes. 0 or -ENOMEM. */
int lt_ruled_out_make(struct lt_report *report) __must_check __nonnull_all;

#endif
