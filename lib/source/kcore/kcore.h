/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_KCORE_KCORE_H
#define LT_SOURCE_KCORE_KCORE_H

#include "base/compiler.h"
#include "base/diag.h"
#include "base/range.h"
#include "base/root.h"
#include "model/folio.h"
#include "model/kernel.h"

/* Struct pages of the running system, read through /proc/kcore. */
struct lt_kcore;

/**
 * lt_kcore_open() - get ready to read
 * @root:   the running system
 * @kernel: its configuration, as far as it is known
 *
 * Return: 0 or negative errno, the reason in @diag: -ENOENT not in this kernel,
 * -EPERM not for this user, or refused to everybody (lockdown).
 */
int lt_kcore_open(const struct lt_root *root, const struct lt_kernel *kernel, struct lt_kcore **out,
		  struct lt_diag *diag) __must_check __nonnull_at(1, 2, 3);

/* As lt_module_scan() without a filter; pins are -1 where they are not known. */
int lt_kcore_ask(struct lt_kcore *kcore, struct lt_range pfns,
		 int (*each)(const struct lt_folio *folio, void *arg), void *arg,
		 struct lt_diag *diag) __must_check __nonnull_at(1);

/* Say which pages of all that were asked for it could not tell. */
void lt_kcore_report(const struct lt_kcore *kcore, struct lt_diag *diag);

void lt_kcore_close(struct lt_kcore *kcore);

#endif
