// SPDX-License-Identifier: LGPL-2.1-or-later
/* Reads what single pages are now, by whichever reader there is. */
#include "source/page/page_state.h"

#include <errno.h>

#include "model/attempt.h"
#include "source/module/module.h"
#include "uapi/ltpin_netlink.h"

int lt_page_state_open(const struct lt_root *root, const struct lt_kernel *kernel,
		       struct lt_page_state *out, struct lt_diag *diag)
{
	struct lt_module_info info;

	*out = (struct lt_page_state){ 0 };
	return lt_module_info(&info, NULL) ? lt_kcore_open(root, kernel, &out->kcore, diag) : 0;
}

void lt_page_state_close(struct lt_page_state *state)
{
	lt_kcore_close(state->kcore);
	state->kcore = NULL;
}

const char *lt_page_state_source(const struct lt_page_state *state)
{
	return state->kcore ? "kcore" : "module";
}

static int ask(const struct lt_page_state *state, struct lt_range pfns, uint32_t filter,
	       int (*each)(const struct lt_folio *folio, void *arg), void *arg,
	       struct lt_diag *diag)
{
	return state->kcore ? lt_kcore_ask(state->kcore, pfns, each, arg, diag)
			    : lt_module_scan(pfns, filter, each, arg, diag);
}

int lt_page_state_ask(const struct lt_page_state *state, struct lt_range pfns,
		      int (*each)(const struct lt_folio *folio, void *arg), void *arg,
		      struct lt_diag *diag)
{
	return ask(state, pfns, 0, each, arg, diag);
}

static int add_pinned(const struct lt_folio *folio, void *arg)
{
	return lt_folio_pins(folio) > 0 ? lt_pinned_add(arg, folio) : 0;
}

int lt_page_state_pinned(const struct lt_page_state *state, const struct lt_area *area,
			 struct lt_ranges *out)
{
	struct lt_ranges pinned = { 0 };
	int err = 0;

	lt_vec_each(range, &area->ranges)
		if (!err)
			err = ask(state, range->pfns, LTPIN_FILTER_PINNED, add_pinned, &pinned,
				  NULL);
	if (err) {
		lt_vec_free(&pinned);
		return err;
	}
	*out = pinned;
	return 0;
}
