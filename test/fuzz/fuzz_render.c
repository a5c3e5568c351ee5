// SPDX-License-Identifier: GPL-2.0-or-later
/* Tried (SECURITY.md): any evidence, any keys of `top`, whole commands on any capture */
/* A report on any evidence, in each format: what it says is printable, whole, and no markup. */
#include "fuzz.h"

#include <locale.h>
#include <stdlib.h>

#include "analyse/report.h"
#include "base/array_size.h"
#include "base/memstream.h"
#include "draw.h"
#include "render/html/html_report.h"
#include "render/json/json_report.h"
#include "render/json/json_row.h"
#include "render/report.h"
#include "shown.h"

const char fuzz_seeds[] = "render";
const unsigned int fuzz_cost = 4;

static int print_html(struct text *text, const struct lt_report *report)
{
	return html_report(text, report);
}

static int print_json(struct text *text, const struct lt_report *report)
{
	return json_report(text->out, report);
}

static int print_rows(struct text *text, const struct lt_report *report)
{
	return json_rows(text->out, report);
}

static const struct format {
	int (*print)(struct text *text, const struct lt_report *report);
	void (*check)(const char *text, size_t len);
} formats[] = {
	{ report_print_text, shown_check_text }, { report_print_markdown, shown_check_text },
	{ print_html, shown_check_html },	 { print_json, shown_check_json },
	{ print_rows, shown_check_ndjson },
};

static void show(const struct lt_report *report, const struct format *format, unsigned int how)
{
	struct text text;
	char *shown;
	size_t len;
	FILE *out = open_memstream(&shown, &len);

	if (!out)
		abort();
	text_init(&text, out, report->snap->kernel.page_size);
	text.bytes = how & 1;
	text.is_brief = how & 2;
	if (format->print(&text, report) || lt_memstream_close(out, &shown))
		abort();
	format->check(shown, len);
	free(shown);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lt_snapshot *snap = draw_snapshot(data + (size > 0), size - (size > 0));
	struct lt_report *report;

	setlocale(LC_CTYPE, "C.UTF-8");
	if (lt_report_make(snap, &report))
		abort();
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
		show(report, &formats[i], size ? data[0] : 0);
	lt_report_free(report);
	lt_snapshot_free(snap);
	return 0;
}
