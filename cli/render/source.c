// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints the sources: what was read, and what is missing. */
#include <stdlib.h>
#include <string.h>

#include "analyse/missing.h"
#include "base/memstream.h"
#include "render/evidence.h"

static enum text_role role_of(enum lt_status status)
{
	switch (status) {
	case LT_STATUS_OK:
		return TEXT_GOOD;
	case LT_STATUS_PARTIAL:
	case LT_STATUS_ABSENT:
		return TEXT_WARNING;
	case LT_STATUS_DENIED:
	case LT_STATUS_ERROR:
		return TEXT_BAD;
	default:
		return TEXT_FAINT;
	}
}

static void print_name(struct text *text, const struct lt_source_state *source)
{
	fprintf(text->out, "  %s: %s%s%s\n", source->name, text_role(text, role_of(source->status)),
		lt_status_name(source->status), text_role(text, TEXT_PLAIN));
}

/* Why there is nothing, or not all. A file that was not captured may be on the device. */
static const char *reason_of(const struct lt_snapshot *snap, const struct lt_source_state *source)
{
	if (source->detail || source->status != LT_STATUS_ABSENT || lt_root_is_live(snap->root))
		return source->detail;
	return "not in this capture";
}

static void print_rest(struct text *text, const struct lt_snapshot *snap,
		       const struct lt_source_state *source)
{
	bool is_silent = source->status != LT_STATUS_OK && source->status != LT_STATUS_PARTIAL;
	const char *why = reason_of(snap, source);

	if (why)
		text_wrap(text, "    ", 4, why);
	if (source->proves)
		text_wrap(text, is_silent ? "    would prove: " : "    proves: ", 6,
			  source->proves);
	if (source->enable)
		text_wrap(text,
			  lt_root_is_live(snap->root) ? "    enable with: "
						      : "    on the device, enable with: ",
			  6, source->enable);
}

static bool is_plain(const struct lt_source_state *source)
{
	return source->status == LT_STATUS_OK && !source->detail;
}

static bool is_unused(const struct lt_source_state *source)
{
	return source->status == LT_STATUS_UNUSED;
}

static bool is_for_root(const struct lt_source_state *source)
{
	return source->status == LT_STATUS_DENIED && source->enable &&
	       !strcmp(source->enable, "run as root");
}

/* The names of those that @is_wanted picks, in as many lines as they need. */
static void print_names(struct text *text, const struct lt_snapshot *snap, const char *lead,
			bool (*is_wanted)(const struct lt_source_state *source))
{
	char *names = NULL;
	size_t len;
	FILE *out = open_memstream(&names, &len);

	if (!out) {
		text_lose(text);
		return;
	}
	lt_vec_each(source, &snap->sources)
		if (is_wanted(source))
			fprintf(out, "%s%s", ftell(out) ? ", " : "", source->name);
	if (lt_memstream_close(out, &names))
		text_lose(text);
	else if (len)
		text_wrap(text, lead, 4, names);
	free(names);
}

/* A line for one that is there in part, or not at all; @proves is NULL where that is of no interest. */
static void print_lack(struct text *text, const struct lt_snapshot *snap,
		       const struct lt_source_state *source, const char *proves)
{
	const char *why = proves ? source->detail : reason_of(snap, source);
	const char *enable = source->detail ? NULL : source->enable;

	text_wrapf(text, "  ", 4, "%s%s%s %s%s%s%s%s%s%s", text_role(text, role_of(source->status)),
		   source->name, text_role(text, TEXT_PLAIN), lt_status_name(source->status),
		   proves ? ", would prove " : "", proves ? proves : "",
		   !why && !enable ? ""
		   : proves	   ? "; "
				   : ": ",
		   why ? why : "", why && enable ? "; needs " : "", enable ? enable : "");
}

void source_print_brief(struct text *text, const struct lt_snapshot *snap)
{
	print_names(text, snap, "  Read in full: ", is_plain);
	print_names(text, snap, "  Not used: ", is_unused);
	lt_vec_each(source, &snap->sources)
		if (!is_plain(source) && !is_unused(source))
			print_lack(text, snap, source, NULL);
}

void source_print_of_report(struct text *text, const struct lt_report *report)
{
	const struct lt_snapshot *snap = report->snap;
	size_t nr_others = 0;

	print_names(text, snap, "  Read in full: ", is_plain);
	lt_vec_each(source, &snap->sources) {
		bool is_missing = lt_source_state_is_missing(source);

		if (lt_source_may_change(report, source))
			print_lack(text, snap, source, is_missing ? source->proves : NULL);
		else if (is_missing)
			nr_others++;
		else if (!is_plain(source) && !is_unused(source))
			print_lack(text, snap, source, NULL);
	}
	if (nr_others)
		text_wrapf(text, "  ", 4, "%zu more %s missing, and would not change this verdict.",
			   nr_others, nr_others == 1 ? "is" : "are");
}

/* Those that were read in full are named; each of the others has a block. */
void source_print_all(struct text *text, const struct lt_snapshot *snap)
{
	print_names(text, snap, "  Read in full: ", is_plain);
	print_names(text, snap, "  Closed to this user (run as root): ", is_for_root);
	lt_vec_each(source, &snap->sources) {
		if (is_plain(source) || is_for_root(source))
			continue;
		print_name(text, source);
		print_rest(text, snap, source);
	}
}
