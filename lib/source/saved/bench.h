/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_SAVED_BENCH_H
#define LT_SOURCE_SAVED_BENCH_H

#include <stddef.h>

#include "base/compiler.h"
#include "base/diag.h"
#include "base/strings.h"
#include "model/bench.h"

/**
 * lt_bench_parse() - measurements saved by `ltpin bench -f json`
 * @out: what a report makes something of: release, scope and reserve; freed with
 *	 lt_bench_fini(), untouched on failure
 *
 * Return: 0; -EBADMSG not such a document; -ENOMEM.
 */
int lt_bench_parse(const char *buf, size_t len, struct lt_strings *strings, struct lt_bench *out,
		   struct lt_diag *diag) __must_check __nonnull_at(3, 4);

#endif
