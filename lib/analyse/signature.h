/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ANALYSE_SIGNATURE_H
#define LT_ANALYSE_SIGNATURE_H

#include "analyse/report.h"

/*
 * A name for what failed, by which the same failure is known again on another device, boot or
 * architecture: "pin-in-cma:EBUSY:ef98e8d8". The first two parts are the cause and the error, so that
 * different causes never share one. The third stands for how the search ended, where no cause says
 * it, for what held the page, and for the innermost functions of who asked for the memory and of who
 * allocated the page: names alone, without the allocators' own, and up to where each architecture
 * enters the kernel. Nothing in it differs from boot to boot, or names a device or a person: no page,
 * process, area or size.
 */

/* Give each of @report's failures its signature, and the report that of its headline's. */
int lt_signatures_make(struct lt_report *report) __must_check __nonnull_all;

#endif
