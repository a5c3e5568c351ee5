// SPDX-License-Identifier: GPL-2.0-or-later
/* Bare `ltpin`: one screen, in less than a second, that ends with what to run next. */
#include <inttypes.h>
#include <string.h>

#include "analyse/words.h"
#include "base/array_size.h"
#include "cmd/cmd.h"
#include "render/evidence.h"
#include "render/report.h"

/* "12 KiB", or "3 pages" without a page size. */
static struct text_chunk size_in_words(const struct text *text, struct lt_num nr_pages)
{
	return text->page_size.known ? text_size(text, nr_pages) : text_pages(text, nr_pages);
}

/* "0 KiB allocated, 12 KiB lent, 12 KiB pinned", in colour if any is pinned. */
static void print_use(struct text *text, size_t index, const struct lt_area *area,
		      const struct lt_snapshot *snap)
{
	const bool is_pinned = area->nr_pinned.known && area->nr_pinned.val;
	const struct {
		bool is_known;
		struct lt_num nr;
		const char *what;
	} uses[] = {
		{ area->nr_allocated.known, area->nr_allocated, "allocated" },
		{ area->nr_free.known && !area->nr_allocated.known, area->nr_free, "free" },
		{ area->nr_lent.known, area->nr_lent, "lent" },
		{ is_pinned, area->nr_pinned, "pinned" },
	};
	char list[160] = "";
	size_t len = 0;

	for (size_t i = 0; i < ARRAY_SIZE(uses); i++)
		if (uses[i].is_known)
			len += (size_t)snprintf(list + len, sizeof(list) - len, "%s%s %s",
						len ? ", " : ": ",
						size_in_words(text, uses[i].nr).s, uses[i].what);
	text_wrapf(text, "  ", 4, "%s%s, %s%s%s", is_pinned ? text_role(text, TEXT_BAD) : "",
		   area_label(snap, index), text_pages(text, area->nr_pages).s, list,
		   is_pinned ? text_role(text, TEXT_PLAIN) : "");
}

static void print_areas(struct text *text, const struct lt_snapshot *snap)
{
	unsigned int seen = 0;

	for (size_t i = 0; i < snap->areas.nr; i++) {
		print_use(text, i, &snap->areas.v[i], snap);
		seen |= area_print_maps(text, snap, i);
	}
	area_print_map_legend(text, seen);
}

/* Pages that all areas refused since boot; unknown if one does not count. */
static struct lt_num count_refused(const struct lt_snapshot *snap)
{
	struct lt_num nr = lt_num(0);

	lt_vec_each(area, &snap->areas)
		nr = lt_num_add(nr, area->counters.alloc_fail);
	return nr;
}

static void print_failures(struct text *text, const struct lt_report *report)
{
	const struct lt_memory *memory = &report->snap->memory;
	const struct lt_num refused = count_refused(report->snap);
	bool is_refused = refused.known && refused.val, is_at_least = false;
	unsigned int nr = 0;
	char counted[80] = "";

	lt_vec_each(failure, &report->failures) {
		nr += failure->count;
		is_at_least = is_at_least || failure->is_at_least;
	}
	if (memory->cma_alloc_fail.known)
		snprintf(counted, sizeof(counted), ", %" PRIu64 " since boot by the kernel's count",
			 memory->cma_alloc_fail.val);
	text_wrapf(text, "  ", 4, "Failed cma_alloc calls: %s%u on record%s%s%s%s.",
		   is_at_least ? "at least " : "", nr, counted, is_refused ? ", for " : "",
		   is_refused ? size_in_words(text, refused).s : "", is_refused ? " together" : "");
}

static void print_screen(struct cmd *cmd, struct lt_report *report)
{
	const struct lt_snapshot *snap = report->snap;
	struct text text;

	cmd_text(cmd, snap, &text);
	fprintf(text.out, "  Linux %s%s%s\n", snap->kernel.release ? snap->kernel.release : "?",
		snap->kernel.arch ? " " : "", snap->kernel.arch ? snap->kernel.arch : "");
	print_areas(&text, snap);
	print_failures(&text, report);
	report_print_headline(&text, "  ", report);
	text_wrap(&text, "  ", 2, lt_words_placed(report, "Full report: `ltpin report`."));
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
		status = cmd_printed(cmd, report->out_of_memory ? -ENOMEM : 0);
		lt_report_free(report);
		if (!status)
			status = cmd_snapshot_status(snap);
	}
	lt_snapshot_free(snap);
	return status;
}

const struct cmd_info cmd_home = {
	.name = "",
	.group = CMD_UNLISTED,
	.summary = "Show the state of this system on one screen",
	.is_reader = true,
	.run = run_home,
};
