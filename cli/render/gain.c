// SPDX-License-Identifier: GPL-2.0-or-later
/* Of all that is missing, the one or two things that would gain most. */
#include "render/gain.h"

#include <stdlib.h>
#include <string.h>

#include "base/array_size.h"
#include "model/no_cma.h"

#define GAINS_MAX 2
#define LINES_MAX 3

#define EVENTS "/sys/kernel/tracing/events"

/**
 * struct gain - what a source gives, and how to have it
 * @source:  its name
 * @what:    what is known with it
 * @lines:   to be pasted, where the kernel has it
 * @at_boot: what the kernel command line needs for it; NULL
 */
struct gain {
	const char *source, *what;
	const char *lines[LINES_MAX];
	const char *at_boot;
};

/* The most first. */
static const struct gain gains[] = {
	{ "trace",
	  "Record each failure from now on, with the page that blocked it.",
	  { "echo 1 >" EVENTS "/cma/enable", "echo 1 >" EVENTS "/page_isolation/enable" },
	  "trace_event=cma,page_isolation" },
	{ "module", "See every page that is pinned or held.", { "ltpin module load" }, NULL },
	{ "page-owner", "See who allocated each page, and when.", { NULL }, "page_owner=on" },
	{ "cma-debugfs", "See where areas are, and what devices have allocated.", { NULL }, NULL },
	{ "klog", "Read the kernel log: it has failures and places of areas.", { NULL }, NULL },
};

static bool has_trace(const struct lt_snapshot *snap)
{
	lt_vec_each(record, &snap->records)
		if (record->source == LT_ATTEMPT_TRACE)
			return true;
	return false;
}

static bool is_wanted(const struct lt_snapshot *snap, const struct gain *gain)
{
	const struct lt_source_state *state = lt_snapshot_source(snap, gain->source);

	if (!strcmp(gain->source, "trace"))
		return !has_trace(snap);
	if (!strcmp(gain->source, "module") && lt_snapshot_has_page_states(snap))
		return false;
	return state && state->status != LT_STATUS_OK && state->status != LT_STATUS_PARTIAL &&
	       state->status != LT_STATUS_DENIED;
}

/* One part of what the source needs: an option of the kernel, or a line to paste. */
static void print_need(struct text *text, const char *need, size_t len)
{
	if (!strncmp(need, "CONFIG_", strlen("CONFIG_")))
		text_wrapf(text, "     ", 7, "The kernel needs %.*s.", (int)len, need);
	else if (!strncmp(need, "mount ", strlen("mount ")))
		fprintf(text->out, "       %.*s\n", (int)len, need);
}

/* What is not there yet, of "CONFIG_A=y, mount -t debugfs none /sys/kernel/debug, ..." */
static void print_needs(struct text *text, const char *needs)
{
	static const char between[] = ", ";

	for (const char *end; needs; needs = end ? end + strlen(between) : NULL) {
		end = strstr(needs, between);
		print_need(text, needs, end ? (size_t)(end - needs) : strlen(needs));
	}
}

static void print_gain(struct text *text, const struct lt_snapshot *snap, const struct gain *gain,
		       size_t nr)
{
	const struct lt_source_state *state = lt_snapshot_source(snap, gain->source);
	const char *needs = state && state->status == LT_STATUS_ABSENT ? state->enable : NULL;
	char first[16];

	snprintf(first, sizeof(first), "  %zu. ", nr);
	text_wrap(text, first, 5, gain->what);
	print_needs(text, needs);
	for (size_t i = 0; i < LINES_MAX && gain->lines[i]; i++)
		fprintf(text->out, "       %s\n", gain->lines[i]);
}

/* How many were denied, to a user who was not root, or to root. */
static size_t count_closed(const struct lt_snapshot *snap, bool is_for_root)
{
	size_t nr = 0;

	lt_vec_each(state, &snap->sources)
		nr += state->status == LT_STATUS_DENIED &&
		      lt_snapshot_is_for_root(snap, state) == is_for_root;
	return nr;
}

static size_t print_closed(struct text *text, const struct lt_snapshot *snap)
{
	const size_t nr = count_closed(snap, true), nr_refused = count_closed(snap, false);

	if (nr)
		text_wrapf(text, "  1. ", 5, "Run as root: %zu source%s closed to this user.", nr,
			   nr == 1 ? " is" : "s are");
	else if (nr_refused)
		text_wrapf(text, "  1. ", 5,
			   "%zu source%s closed to root too: a capability is missing, or kernel "
			   "lockdown or a security module refuses it; see below.",
			   nr_refused, nr_refused == 1 ? " is" : "s are");
	return nr || nr_refused;
}

static void print_at_boot(struct text *text, const struct lt_snapshot *snap)
{
	const char *lead =
		"  From boot on, also over a reboot: add to the kernel command line\n      ";

	for (size_t i = 0; i < ARRAY_SIZE(gains); i++) {
		if (!gains[i].at_boot || !is_wanted(snap, &gains[i]))
			continue;
		fprintf(text->out, "%s %s", lead, gains[i].at_boot);
		lead = "";
	}
	if (!*lead)
		putc('\n', text->out);
}

/* What nothing else makes up for. */
static bool print_no_cma(struct text *text, const struct lt_snapshot *snap)
{
	const struct lt_no_cma none = lt_no_cma_of(snap);

	if (none.kind == LT_NO_CMA_UNKNOWN || !none.is_proven)
		return false;
	text_wrap(
		text, "  1. ", 5,
		none.kind == LT_NO_CMA_BUILT
			? "Build the kernel with CONFIG_CMA=y and CONFIG_DMA_CMA=y. This one is built "
			  "without CMA, so that no source has an area to show."
			: "Reserve a CMA area: cma=64M on the kernel command line, or a "
			  "reserved-memory node in the device tree. None is reserved now.");
	return true;
}

void gain_print(struct text *text, const struct lt_snapshot *snap)
{
	size_t nr;

	fprintf(text->out, "%sMost useful to add%s%s\n", text_role(text, TEXT_HEADING),
		lt_root_is_live(snap->root) ? "" : ", on the device", text_role(text, TEXT_PLAIN));
	if (print_no_cma(text, snap)) {
		putc('\n', text->out);
		return;
	}
	nr = print_closed(text, snap);
	for (size_t i = 0; i < ARRAY_SIZE(gains) && nr < GAINS_MAX; i++)
		if (is_wanted(snap, &gains[i]))
			print_gain(text, snap, &gains[i], ++nr);
	if (!nr)
		fputs("  Nothing: no important source is missing.\n", text->out);
	print_at_boot(text, snap);
	putc('\n', text->out);
}
