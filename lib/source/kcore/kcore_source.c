// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Source "kcore": the reference count of every CMA page without the helper
 * module, see kcore.c. A capture keeps the array "folios" (folio_answer.h),
 * never memory.
 */
#include <errno.h>
#include <string.h>

#include "source/answer.h"
#include "source/folio/folio_answer.h"
#include "source/kcore/kcore.h"
#include "source/folio/page_scan.h"
#include "source/source.h"

#define SOURCE "kcore"

static int ask(void *arg, struct lt_range pfns,
	       int (*each)(const struct lt_folio *folio, void *arg), void *each_arg,
	       struct lt_diag *diag)
{
	return lt_kcore_ask(arg, pfns, each, each_arg, diag);
}

static int scan_live(const struct lt_snapshot *snap, struct lt_page_scan *scan,
		     struct lt_json *answer, struct lt_diag *diag)
{
	struct lt_page_reader reader = { .ask = ask, .answer = answer };
	struct lt_kcore *kcore;
	int err = lt_kcore_open(snap->root, &snap->kernel, &kcore, diag);

	if (err)
		return err;
	reader.arg = kcore;
	err = lt_page_scan_run(snap, &reader, scan, diag);
	if (!err)
		lt_kcore_report(kcore, diag);
	lt_kcore_close(kcore);
	return err;
}

static int parse_record(const char *key, const struct lt_json_value *record, void *arg)
{
	return strcmp(key, "folios") ? 0 : lt_folio_answer_parse(arg, record);
}

static int ask_answer(void *arg, struct lt_range pfns,
		      int (*each)(const struct lt_folio *folio, void *arg), void *each_arg,
		      struct lt_diag *diag)
{
	(void)diag;
	return lt_folio_answer_ask(arg, pfns, each, each_arg);
}

static int scan_captured(struct lt_snapshot *snap, struct lt_page_scan *scan, struct lt_diag *diag)
{
	struct lt_folios folios = { 0 };
	struct lt_page_reader reader = { .ask = ask_answer, .arg = &folios };
	struct lt_answer_sink sink = {
		.strings = snap->strings,
		.each = parse_record,
		.arg = &folios,
		.none = "a captured tree has no memory to look at",
	};
	int err = lt_answer_read(snap->root, SOURCE, &sink, diag);

	lt_folio_answer_sort(&folios);
	if (!err)
		err = lt_page_scan_run(snap, &reader, scan, diag);
	lt_vec_free(&folios);
	return err;
}

/* The module, which is asked before, counts the pins of large folios too. */
static bool is_needed(const struct lt_snapshot *snap, struct lt_diag *diag)
{
	lt_vec_each(state, &snap->sources) {
		if (!state->has_page_states || !lt_source_state_is_answer(state))
			continue;
		lt_diag_set(diag, "not read: the helper module reports more");
		return false;
	}
	lt_vec_each(area, &snap->areas)
		if (area->ranges.nr)
			return true;
	lt_diag_set(diag, "not read: no CMA area is located");
	return false;
}

static int read_kcore(struct lt_snapshot *snap, struct lt_diag *diag)
{
	struct lt_page_scan scan = { 0 };
	struct lt_json *answer;
	int err;

	if (!is_needed(snap, diag))
		return -ENODATA;
	if (lt_root_is_live(snap->root)) {
		answer = lt_answer_begin(snap->root, SOURCE);
		if (answer)
			lt_json_array(answer, "folios");
		err = scan_live(snap, &scan, answer, diag);
		if (answer)
			lt_json_close(answer);
		lt_answer_end(snap->root, answer, err, diag);
	} else {
		err = scan_captured(snap, &scan, diag);
	}
	if (!err)
		lt_page_scan_store(&scan, snap);
	lt_page_scan_fini(&scan);
	return err;
}

const struct lt_source lt_source_kcore = {
	.name = SOURCE,
	.where = "/proc/kcore",
	.proves = "the reference count of every CMA page, without the helper module",
	.options = { "PROC_KCORE", "PROC_PAGE_MONITOR" },
	.access = "run as root (CAP_SYS_RAWIO) without kernel lockdown at \"confidentiality\"",
	.also = "on a 64-bit kernel",
	.stage = LT_STAGE_PAGES,
	.pace = LT_PACE_SLOW,
	.has_page_states = true,
	.read = read_kcore,
};
