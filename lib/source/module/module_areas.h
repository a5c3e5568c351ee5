/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_MODULE_MODULE_AREAS_H
#define LT_SOURCE_MODULE_MODULE_AREAS_H

#include "base/compiler.h"
#include "base/strings.h"
#include "model/area.h"
#include "source/module/module.h"

/**
 * lt_module_areas_join() - what the module says of areas, to what is known
 * @told:    by the module
 * @areas:   known so far; completed, never contradicted: what differs is told in
 *	     @diag
 * @strings: for names
 *
 * Return: 0 or -ENOMEM.
 */
int lt_module_areas_join(const struct lt_module_areas *told, struct lt_areas *areas,
			 struct lt_strings *strings, struct lt_diag *diag)
	__must_check __nonnull_at(1, 2, 3);

#endif
