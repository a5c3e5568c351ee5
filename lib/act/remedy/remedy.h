/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ACT_REMEDY_REMEDY_H
#define LT_ACT_REMEDY_REMEDY_H

#include "base/compiler.h"
#include "base/root.h"
#include "model/trial.h"

/**
 * lt_remedy_apply() - do what may free pages; it stops and kills nothing
 * @root: whose kernel files are written to
 * @remedy: all but LT_REMEDY_RETRY, which lib/act/alloc does
 * @diag: says why it could not be done
 *
 * Return: 0; -EOPNOTSUPP where this kernel has no such thing; another negative errno.
 */
int lt_remedy_apply(const struct lt_root *root, enum lt_remedy remedy, struct lt_diag *diag)
	__must_check __nonnull_all;

#endif
