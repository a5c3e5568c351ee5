/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_MODULE_MODULE_ANSWER_H
#define LT_SOURCE_MODULE_MODULE_ANSWER_H

#include "base/json.h"
#include "base/root.h"
#include "source/module/module.h"

/*
 * The questions of module.h to the system that @root is of: the running one
 * answers itself, for another its capture does.
 */
int lt_module_ask_info(const struct lt_root *root, struct lt_diag *diag);
int lt_module_ask_scan(const struct lt_root *root, struct lt_range pfns,
		       int (*each)(const struct lt_folio *folio, void *arg), void *arg,
		       struct lt_diag *diag);
int lt_module_ask_list(const struct lt_root *root, struct lt_module_holds *out,
		       struct lt_diag *diag);

/*
 * Keep the answers while they are got, first the folios (folio_answer.h): NULL if
 * nobody captures, and then all of it does nothing.
 */
struct lt_json *lt_module_answer_begin(const struct lt_root *root);
void lt_module_answer_end(const struct lt_root *root, struct lt_json *json,
			  const struct lt_module_holds *holds, int err,
			  const struct lt_diag *diag);

#endif
