// SPDX-License-Identifier: GPL-2.0-or-later
/* Bare `ltpin`: one screen, in less than a second, that ends with what to run next. */
#include <inttypes.h>
#include <string.h>

#include "analyse/report.h"
#include "cmd/cmd.h"
#include "model/completeness.h"
#include "render/evidence.h"

#define BAR_CELLS 74

static void print_areas(struct text *text, const struct lt_snapshot *snap)
{
	for (size_t i = 0; i < snap->areas.nr; i++) {
		const struct lt_area *area = &snap->areas.v[i];

		fprintf(text->out, "  %s: %s", area_label(snap, i),
			text_pages(text, area->nr_pages).s);
		if (area->counters.alloc_fail.known)
			fprintf(text->out, ", %" PRIu64 " pages refused since boot",
				area->counters.alloc_fail.val);
		fputs("\n  ", text->out);
		area_print_bar(text, area, BAR_CELLS);
		fputs("\n ", text->out);
		if (area->nr_allocated.known)
			fprintf(text->out, " %s allocated", text_size(text, area->nr_allocated).s);
		else if (area->nr_free.known)
			fprintf(text->out, " %s free", text_size(text, area->nr_free).s);
		if (area->nr_lent.known)
			fprintf(text->out, ", %s lent", text_size(text, area->nr_lent).s);
		if (area->nr_pinned.known && area->nr_pinned.val)
			fprintf(text->out, ", %s%s pinned%s", text_role(text, TEXT_BAD),
				text_size(text, area->nr_pinned).s, text_role(text, TEXT_PLAIN));
		putc('\n', text->out);
	}
	if (snap->areas.nr)
		fputs("  # allocated to a device, + lent until a device asks, . free, ? not "
		      "known\n",
		      text->out);
}

static void print_failures(struct text *text, const struct lt_report *report)
{
	const struct lt_memory *memory = &report->snap->memory;
	unsigned int nr = 0;
	bool is_at_least = false;

	lt_vec_each(failure, &report->failures) {
		nr += failure->count;
		is_at_least = is_at_least || failure->is_at_least;
	}
	fprintf(text->out, "  Failed cma_alloc calls: %s%u on record",
		is_at_least ? "at least " : "", nr);
	if (memory->cma_alloc_fail.known)
		fprintf(text->out, ", %" PRIu64 " since boot by the kernel's count",
			memory->cma_alloc_fail.val);
	putc('\n', text->out);
}

static bool is_read(const struct lt_snapshot *snap, const char *source)
{
	const struct lt_source_state *state = lt_snapshot_source(snap, source);

	return state && lt_source_state_is_answer(state);
}

static const char *next_command(const struct lt_report *report)
{
	const struct lt_snapshot *snap = report->snap;

	if (report->failures.nr ||
	    (report->findings.nr && report->findings.v[0].severity != LT_INFO))
		return "ltpin report";
	if (!snap->areas.nr)
		return "ltpin doctor";
	/* Failures that are not on record may come again. */
	if (!lt_completeness_of(snap, LT_NO_AREA).is_complete)
		return is_read(snap, "klog") || is_read(snap, "trace") ? "ltpin watch --count 1"
								       : "ltpin doctor";
	return "ltpin selftest";
}

static void print_screen(struct cmd *cmd, const struct lt_report *report)
{
	const struct lt_snapshot *snap = report->snap;
	struct text text;

	cmd_text(cmd, snap, &text);
	fprintf(text.out, "  Linux %s%s%s\n", snap->kernel.release ? snap->kernel.release : "?",
		snap->kernel.arch ? " " : "", snap->kernel.arch ? snap->kernel.arch : "");
	print_areas(&text, snap);
	print_failures(&text, report);
	fputs(text_role(&text, TEXT_HEADING), text.out);
	text_wrap(&text, "  ", 2, report->headline);
	fprintf(text.out, "%s  Next: `%s`\n", text_role(&text, TEXT_PLAIN), next_command(report));
}

static int run_home(struct cmd *cmd)
{
	struct lt_snapshot_options options = { .last_stage = LT_STAGE_PAGES };
	struct lt_snapshot *snap;
	struct lt_report *report;
	int status;

	if (cmd_no_options(cmd))
		return cmd->status;
	status = cmd_snapshot(cmd, &options, &snap);
	if (status)
		return status;
	status = cmd_printed(cmd, lt_report_make(snap, &report));
	if (!status) {
		print_screen(cmd, report);
		lt_report_free(report);
		status = cmd_snapshot_status(snap);
	}
	lt_snapshot_free(snap);
	return status;
}

const struct cmd_info cmd_home = {
	.name = "",
	.group = CMD_UNLISTED,
	.summary = "Show the state of this system on one screen",
	.run = run_home,
};
