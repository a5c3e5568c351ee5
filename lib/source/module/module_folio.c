// SPDX-License-Identifier: LGPL-2.1-or-later
/* Asks the helper module for the state of folios. */
#include "source/module/module_folio.h"

#include <string.h>

struct lt_folio lt_module_folio(const void *record)
{
	struct ltpin_page_state state;

	memcpy(&state, record, sizeof(state)); /* netlink aligns to 4 only */
	return (struct lt_folio){
		.pfn = state.pfn,
		.nr_pages = state.nr_pages,
		.refcount = state.refcount,
		.mapcount = state.mapcount,
		.pins = state.pins,
		.flags = state.flags,
	};
}
