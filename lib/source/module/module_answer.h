/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_MODULE_MODULE_ANSWER_H
#define LT_SOURCE_MODULE_MODULE_ANSWER_H

#include "base/compiler.h"
#include "base/json.h"
#include "base/root.h"
#include "source/module/module.h"

/**
 * struct lt_module_ask - the questions of module.h to the system that a root is of
 * @is_live: the running system, which answers itself; another's capture was read already
 * @folios:  of the capture
 * @holds:   of the capture
 */
struct lt_module_ask {
	bool is_live;
	struct lt_folios folios;
	struct lt_module_holds holds;
};

/**
 * lt_module_ask_open() - find out whether there is somebody to ask
 * @diag: of a capture also what was said then
 *
 * Return: as lt_module_info().
 */
int lt_module_ask_open(const struct lt_root *root, struct lt_module_ask *out, struct lt_diag *diag)
	__must_check __nonnull_at(1, 2);
void lt_module_ask_close(struct lt_module_ask *ask);

/* As lt_module_scan() without a filter. */
int lt_module_ask_scan(const struct lt_module_ask *ask, struct lt_range pfns,
		       int (*each)(const struct lt_folio *folio, void *arg), void *arg,
		       struct lt_diag *diag) __must_check __nonnull_at(1);

/* As lt_module_list(); once. */
int lt_module_ask_list(struct lt_module_ask *ask, struct lt_module_holds *out, struct lt_diag *diag)
	__must_check __nonnull_at(1, 2);

/*
 * Keep the answers while they are got, first the folios (folio_answer.h): NULL if
 * nobody captures, and then all of it does nothing.
 */
struct lt_json *lt_module_answer_begin(const struct lt_root *root);
void lt_module_answer_end(const struct lt_root *root, struct lt_json *json,
			  const struct lt_module_holds *holds, int err, const struct lt_diag *diag);

#endif
