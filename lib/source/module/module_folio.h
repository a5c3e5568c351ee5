/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_MODULE_MODULE_FOLIO_H
#define LT_SOURCE_MODULE_MODULE_FOLIO_H

#include "model/folio.h"
#include "uapi/ltpin_netlink.h"

#define LT_MODULE_FOLIO_SIZE sizeof(struct ltpin_page_state)

/* A struct ltpin_page_state, LT_MODULE_FOLIO_SIZE bytes at any address. */
struct lt_folio lt_module_folio(const void *record);

#endif
