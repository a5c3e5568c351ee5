// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Source "module": the state of every page in the CMA areas, as the helper
 * module sees it, and the pins that ltpin itself made. Uses the module if it
 * is loaded; never loads it.
 */
#include "source/module/module.h"

#include <errno.h>

#include "source/module/module_answer.h"
#include "source/module/module_pages.h"
#include "source/folio/page_scan.h"
#include "source/source.h"

static int ask(void *arg, struct lt_range pfns,
	       int (*each)(const struct lt_folio *folio, void *arg), void *each_arg,
	       struct lt_diag *diag)
{
	return lt_module_ask_scan(arg, pfns, each, each_arg, diag);
}

static int list_holds(struct lt_module_ask *module, struct lt_module_holds *holds,
		      struct lt_diag *diag)
{
	int err = lt_module_ask_list(module, holds, diag);

	if (err && err != -ENOMEM) {
		lt_diag_set(diag, "the list of ltpin's own pins could not be read");
		lt_diag_mark_unread(diag);
	}
	return err == -ENOMEM ? err : 0;
}

static int name_pinners(struct lt_snapshot *snap, const struct lt_module_holds *holds,
			struct lt_pins *pins)
{
	int err = 0;

	lt_vec_each(hold, holds)
		if (!err)
			err = lt_module_name_pinner(hold, pins, snap->strings);
	return err;
}

static int read_module(struct lt_snapshot *snap, struct lt_diag *diag)
{
	struct lt_module_ask module = { 0 };
	struct lt_page_reader reader = {
		.ask = ask,
		.arg = &module,
		.answer = lt_module_answer_begin(snap->root),
	};
	struct lt_module_holds holds = { 0 };
	struct lt_page_scan scan = { 0 };
	int err = lt_module_ask_open(snap->root, &module, diag);

	if (!err)
		err = lt_page_scan_run(snap, &reader, &scan, diag);
	if (!err)
		err = list_holds(&module, &holds, diag);
	if (!err)
		err = name_pinners(snap, &holds, &scan.pins);
	lt_module_answer_end(snap->root, reader.answer, &holds, err, diag);
	if (!err)
		lt_page_scan_store(&scan, snap);
	lt_page_scan_fini(&scan);
	lt_module_holds_free(&holds);
	lt_module_ask_close(&module);
	return err;
}

const struct lt_source lt_source_module = {
	.name = "module",
	.where = "generic netlink family ltpin",
	.proves = "exact state of every CMA page: pins, references, mappings",
	.options = { "MODULES" },
	.also = "ltpin module load",
	.stage = LT_STAGE_PAGES,
	.pace = LT_PACE_SLOW,
	.has_page_states = true,
	.read = read_module,
};
