/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_MODULE_MODULE_PAGES_H
#define LT_SOURCE_MODULE_MODULE_PAGES_H

#include "base/compiler.h"
#include "base/strings.h"
#include "model/pin.h"
#include "source/module/module.h"

/* Say of the folios that @hold pins who pins them. 0 or -ENOMEM. */
int lt_module_name_pinner(const struct lt_module_hold *hold, struct lt_pins *pins,
			  struct lt_strings *strings) __must_check __nonnull_all;

#endif
