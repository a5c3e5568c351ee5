// SPDX-License-Identifier: GPL-2.0-or-later
/* Has the sections of a report, in their order, for text and Markdown. */
#include <inttypes.h>

#include "analyse/explain.h"
#include "render/evidence.h"
#include "render/report.h"

#define ROWS_SHOWN 20

static bool always(const struct lt_report *report)
{
	(void)report;
	return true;
}

static int print_kernel(struct text *text, const struct lt_report *report)
{
	kernel_print(text, report->snap);
	return 0;
}

static bool has_areas(const struct lt_report *report)
{
	return report->snap->areas.nr;
}

static int print_areas(struct text *text, const struct lt_report *report)
{
	const struct lt_snapshot *snap = report->snap;
	unsigned int seen = 0;
	int err = area_print_table(text, snap);

	for (size_t i = 0; i < snap->areas.nr; i++)
		seen |= area_print_map(text, snap, i);
	area_print_map_legend(text, seen);
	return err;
}

static bool has_explain(const struct lt_report *report)
{
	return report->explain;
}

static int print_explain(struct text *text, const struct lt_report *report)
{
	text_wrap(text, "  ", 2, report->explain->headline);
	return 0;
}

static bool has_pins(const struct lt_report *report)
{
	return report->snap->pins.nr;
}

static int print_pins(struct text *text, const struct lt_report *report)
{
	const struct lt_snapshot *snap = report->snap;
	int err = pin_print_groups(text, snap, &report->blocking, LT_NO_AREA, ROWS_SHOWN);

	pin_print_legend(text, snap, &report->blocking, LT_NO_AREA);
	pin_print_files(text, snap, LT_NO_AREA);
	pin_print_stacks(text, snap, LT_NO_AREA);
	return err;
}

static bool has_pin_hints(const struct lt_report *report)
{
	return report->snap->pin_hints.nr;
}

static int print_pin_hints(struct text *text, const struct lt_report *report)
{
	return pin_hint_print_table(text, report->snap);
}

static bool has_holders(const struct lt_report *report)
{
	return report->snap->holders.nr;
}

static int print_holders(struct text *text, const struct lt_report *report)
{
	return holder_print_table(text, report->snap);
}

static bool has_ledger(const struct lt_report *report)
{
	return ledger_has_any(&report->snap->ledger);
}

static int print_ledger(struct text *text, const struct lt_report *report)
{
	return ledger_print(text, report->snap);
}

static bool has_attempts(const struct lt_report *report)
{
	return report->snap->attempts.nr;
}

static int print_attempts(struct text *text, const struct lt_report *report)
{
	return attempt_print_table(text, report->snap);
}

static bool has_correlation(const struct lt_report *report)
{
	return report->correlations.nr;
}

static int print_correlation(struct text *text, const struct lt_report *report)
{
	return correlations_print(text, report);
}

static bool has_selftests(const struct lt_report *report)
{
	return report->snap->selftests.nr;
}

static int print_selftests(struct text *text, const struct lt_report *report)
{
	int err = 0;

	lt_vec_each(selftest, &report->snap->selftests)
		err = err ? err : selftest_print(text, selftest);
	return err;
}

static bool has_zones(const struct lt_report *report)
{
	return report->snap->zones.nr;
}

static int print_zones(struct text *text, const struct lt_report *report)
{
	return zone_print_table(text, report->snap);
}

static int print_sources(struct text *text, const struct lt_report *report)
{
	source_print_of_report(text, report);
	return 0;
}

const struct report_section report_sections[] = {
	{ "Kernel", always, print_kernel, 12, true },
	{ "The same request now", has_explain, print_explain, 11, true },
	{ "Areas", has_areas, print_areas, 10, false },
	{ "Pages that are held, or that blocked", has_pins, print_pins, 9, false },
	{ "Who may pin or hold memory (hints)", has_pin_hints, print_pin_hints, 4, false },
	{ "Who holds device memory", has_holders, print_holders, 6, false },
	{ "Device allocations since the trace began", has_ledger, print_ledger, 3, true },
	{ "Attempts to allocate", has_attempts, print_attempts, 7, false },
	{ "Do failures occur together with pins?", has_correlation, print_correlation, 5, true },
	{ "Self-test", has_selftests, print_selftests, 8, true },
	{ "Zones", has_zones, print_zones, 1, false },
	{ "Sources", always, print_sources, 2, false },
	{ NULL, NULL, NULL, 0, false },
};
