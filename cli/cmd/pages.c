// SPDX-License-Identifier: GPL-2.0-or-later
/* `ltpin pages`: shows pages that cannot move, and who has them. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "analyse/blocking_page.h"
#include "cmd/area_arg.h"
#include "render/evidence.h"
#include "render/folio.h"
#include "render/json/json.h"
#include "source/module/module_answer.h"

#define ROWS_PER_TABLE 1000 /* a table is laid out in memory */

struct pages {
	const char *area_name;
	bool all, every;
};

/* The area that --area names; LT_NO_AREA for all. 0, or CMD_FAILED after a message. */
static int find_area(struct cmd *cmd, const struct lt_snapshot *snap, size_t *out)
{
	const struct pages *pages = cmd->arg;

	*out = LT_NO_AREA;
	if (!pages->area_name)
		return 0;
	return area_arg_find(snap, pages->area_name, out);
}

/* What attempts say of the pages that made them fail. */
struct evaluated {
	struct lt_causes causes;
	struct lt_blocking_pages blocking;
};

static int evaluate(const struct lt_snapshot *snap, struct evaluated *out)
{
	int err = lt_causes_make(snap, &out->causes);

	return err ? err : lt_blocking_pages_make(snap, &out->causes, &out->blocking);
}

static void evaluated_fini(struct evaluated *evaluated)
{
	lt_vec_free(&evaluated->blocking);
	lt_causes_free(&evaluated->causes);
}

/* A row for each page; else one for all that are alike. */
static int put_tables(struct text *text, const struct lt_snapshot *snap, size_t area,
		      const struct lt_blocking_pages *blocking, bool is_each)
{
	size_t next = 0;
	int err = 0;

	if (!is_each)
		return pin_print_groups(text, snap, blocking, area, SIZE_MAX);
	while (!err && next < snap->pins.nr)
		err = pin_print_table(text, snap, blocking, area, &next, ROWS_PER_TABLE);
	return err;
}

static int put_pins(struct text *text, const struct lt_snapshot *snap, size_t area,
		    const struct lt_blocking_pages *blocking, bool is_each)
{
	int err;

	if (!lt_snapshot_has_page_states(snap) && !text->columns)
		text_wrap(text, "", 0,
			  "Only pages that blocked an allocation are known: neither the helper "
			  "module nor /proc/kcore showed every page.");
	if (!snap->pins.nr)
		fputs("No page is known to be held.\n", text->out);
	err = put_tables(text, snap, area, blocking, is_each || text->columns);
	if (text->is_brief)
		return err;
	if (snap->pins.nr)
		pin_print_legend(text, snap, blocking, area);
	pin_print_files(text, snap, area);
	pin_print_stacks(text, snap, area);
	return err;
}

static int print_pins(struct cmd *cmd, const struct lt_snapshot *snap)
{
	const struct pages *pages = cmd->arg;
	struct evaluated evaluated = { 0 };
	struct text text;
	size_t area;
	int err = find_area(cmd, snap, &area);

	if (err)
		return err;
	cmd_text(cmd, snap, &text);
	err = evaluate(snap, &evaluated);
	if (!err)
		err = put_pins(&text, snap, area, &evaluated.blocking, pages->all);
	evaluated_fini(&evaluated);
	return err;
}

static void put_pins_of(struct lt_json *json, const struct lt_snapshot *snap, size_t area,
			const struct lt_blocking_pages *blocking)
{
	lt_json_array(json, "pins");
	lt_vec_each(pin, &snap->pins)
		if (pin->area == area)
			json_pin(json, NULL, pin, lt_blocking_pages_find(blocking, snap, pin),
				 snap);
	lt_json_close(json);
}

static int print_pins_json(struct cmd *cmd, const struct lt_snapshot *snap)
{
	struct evaluated evaluated = { 0 };
	struct lt_json *json = NULL;
	size_t area;
	int err = find_area(cmd, snap, &area);

	if (err)
		return err;
	err = evaluate(snap, &evaluated);
	if (!err)
		json = json_document(cmd_output(cmd), "ltpin.pages/1", snap);
	if (json && area == LT_NO_AREA)
		json_pins(json, snap, &evaluated.blocking);
	else if (json)
		put_pins_of(json, snap, area, &evaluated.blocking);
	evaluated_fini(&evaluated);
	if (!json)
		return -ENOMEM;
	json_sources(json, snap);
	return lt_json_end(json);
}

/* Where the folios of a scan go: one of the two. */
struct sink {
	struct text *text;
	struct lt_json *json;
};

static int put_folio(const struct lt_folio *folio, void *arg)
{
	struct sink *sink = arg;

	if (sink->json)
		json_folio(sink->json, NULL, folio);
	else
		folio_print(sink->text, folio);
	return 0;
}

static int report_reason(const struct lt_root *root, int err, const struct lt_diag *diag)
{
	if (err == -ENOENT && !lt_root_is_live(root))
		cmd_error("the helper module was not loaded when this was captured");
	else if (err == -ENOENT)
		cmd_error("the helper module is not loaded; `ltpin module load` loads it");
	else
		cmd_error("the helper module did not answer: %s",
			  diag->why[0] ? diag->why : strerror(-err));
	return CMD_FAILED;
}

/* What can be said before anything is printed: 0, or CMD_FAILED after a message. */
static int prepare_scan(struct cmd *cmd, const struct lt_snapshot *snap, size_t *area,
			struct lt_module_ask *module)
{
	struct lt_diag diag = { 0 };
	int err = find_area(cmd, snap, area);

	if (err)
		return err;
	if (!snap->areas.nr) {
		cmd_error("%s", area_none(snap));
		return CMD_FAILED;
	}
	err = lt_module_ask_open(snap->root, module, &diag);
	return err && err != -ENOMEM ? report_reason(snap->root, err, &diag) : err;
}

static int scan(const struct lt_snapshot *snap, size_t area, const struct lt_module_ask *module,
		struct sink *sink)
{
	struct lt_diag diag = { 0 };
	int err = 0;

	for (size_t i = 0; i < snap->areas.nr; i++) {
		if (area != LT_NO_AREA && area != i)
			continue;
		lt_vec_each(range, &snap->areas.v[i].ranges)
			if (!err && lt_range_nr_pages(range->pfns))
				err = lt_module_ask_scan(module, range->pfns, put_folio, sink,
							 &diag);
	}
	return err < 0 && err != -ENOMEM ? report_reason(snap->root, err, &diag) : err;
}

static int print_every(struct cmd *cmd, const struct lt_snapshot *snap)
{
	struct text text;
	struct sink sink = { .text = &text };
	struct lt_module_ask module;
	size_t area;
	int err = prepare_scan(cmd, snap, &area, &module);

	if (err)
		return err;
	cmd_text(cmd, snap, &text);
	folio_print_heading(&text);
	err = scan(snap, area, &module, &sink);
	lt_module_ask_close(&module);
	return err;
}

static int print_every_json(struct cmd *cmd, const struct lt_snapshot *snap)
{
	struct sink sink = { 0 };
	struct lt_module_ask module;
	size_t area;
	int err = prepare_scan(cmd, snap, &area, &module), end_err;

	if (err)
		return err;
	sink.json = json_document(cmd_output(cmd), "ltpin.pages/1", snap);
	if (sink.json) {
		lt_json_array(sink.json, "folios");
		err = scan(snap, area, &module, &sink);
		lt_json_close(sink.json);
		json_sources(sink.json, snap);
		end_err = lt_json_end(sink.json);
		err = err ? err : end_err;
	} else {
		err = -ENOMEM;
	}
	lt_module_ask_close(&module);
	return err;
}

static int run_pages(struct cmd *cmd)
{
	struct lt_snapshot_options options = { .last_stage = LT_STAGE_PROCESSES };
	bool json;
	struct pages pages = { 0 };
	const char *value;
	int c;

	while ((c = cmd_getopt(cmd, &value)) != CMD_END) {
		switch (c) {
		case 'a':
			pages.all = true;
			break;
		case 'e':
			pages.every = true;
			break;
		case 'A':
			pages.area_name = value;
			break;
		default:
			return cmd->status;
		}
	}
	if (pages.every && cmd->columns.nr)
		return cmd_usage(cmd, "pages: --columns does not go with --every");
	if (pages.every)
		options.last_stage = LT_STAGE_TABLES;
	cmd->arg = &pages;
	json = cmd->format == FORMAT_JSON;
	if (pages.every)
		return cmd_show(cmd, &options, json ? print_every_json : print_every);
	return cmd_show(cmd, &options, json ? print_pins_json : print_pins);
}

static const struct cmd_option options_of_pages[] = {
	{ 'a', "all", NULL, "a row for each folio, not for all that are alike" },
	{ 'e', "every", NULL, "every folio and free block, from the helper module" },
	{ 'A', "area", "NAME", "only this area" },
	{ 0, NULL, NULL, NULL },
};

const struct cmd_info cmd_pages = {
	.name = "pages",
	.group = CMD_DIAGNOSE,
	.args = "[FILE|CAPTURE...]",
	.has_files = true,
	.can_redact = true,
	.summary = "Show pages that cannot move: who allocated, maps and pinned them",
	.formats = FORMAT_TEXT | FORMAT_JSON,
	.columns = "pfn,mapped-by",
	.has_bytes = true,
	.has_brief = true,
	.has_pager = true,
	.options = options_of_pages,
	.is_reader = true,
	.run = run_pages,
};
