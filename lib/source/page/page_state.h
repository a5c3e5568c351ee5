/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_PAGE_PAGE_STATE_H
#define LT_SOURCE_PAGE_PAGE_STATE_H

#include "base/compiler.h"
#include "base/diag.h"
#include "base/range.h"
#include "model/area.h"
#include "model/folio.h"
#include "model/kernel.h"
#include "source/kcore/kcore.h"

/*
 * The state that some pages of the running system have now, by the better of
 * those who can tell: the helper module, else /proc/kcore. No reference is taken.
 */

/* Zero-initialised: the helper module. */
struct lt_page_state {
	struct lt_kcore *kcore;
};

/**
 * lt_page_state_open() - find out who can tell
 * @root:   the running system
 * @kernel: its configuration, as far as it is known
 *
 * Return: 0 or why neither can, the reason in @diag. Then only lt_page_state_close() is to follow,
 * or nothing.
 */
int lt_page_state_open(const struct lt_root *root, const struct lt_kernel *kernel,
		       struct lt_page_state *out, struct lt_diag *diag)
	__must_check __nonnull_at(1, 2, 3);
void lt_page_state_close(struct lt_page_state *state);

/* The name of the source that answers: "module" or "kcore". */
const char *lt_page_state_source(const struct lt_page_state *state);

/* The folios and free blocks of @pfns, see lt_module_scan(). */
int lt_page_state_ask(const struct lt_page_state *state, struct lt_range pfns,
		      int (*each)(const struct lt_folio *folio, void *arg), void *arg,
		      struct lt_diag *diag) __must_check __nonnull_at(1);

/* Pages of the folios in @area that have a pin count now, ascending. 0 or negative errno. */
int lt_page_state_pinned(const struct lt_page_state *state, const struct lt_area *area,
			 struct lt_ranges *out) __must_check __nonnull_all;

#endif
