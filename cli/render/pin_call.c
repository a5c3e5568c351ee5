// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints calls that pin pages, for `ltpin watch --pins`. */
#include "render/pin_call.h"

#include <inttypes.h>

#include "render/evidence.h"

/* Places of pages that are listed. */
#define RUNS_SHOWN 4

static const char *describe_longterm(enum lt_longterm longterm)
{
	switch (longterm) {
	case LT_LONGTERM_YES:
		return " with FOLL_LONGTERM";
	case LT_LONGTERM_NO:
		return " without FOLL_LONGTERM";
	case LT_LONGTERM_UNKNOWN:
		break;
	}
	return "";
}

static struct text_chunk name_caller(const struct lt_pin_call *call)
{
	uint64_t pid = call->pid.known ? call->pid.val : call->tid;
	struct text_chunk chunk;

	snprintf(chunk.s, sizeof(chunk.s), "%s[%" PRIu64 "]", call->comm ? call->comm : "?", pid);
	return chunk;
}

static void print_run(struct text *text, const struct lt_snapshot *snap, struct lt_range run)
{
	size_t area = lt_areas_find_pfn(&snap->areas, run.start_pfn);
	struct lt_num nr_pages = lt_num(lt_range_nr_pages(run));

	text_wrapf(text, "  ", 4, "%s from %s on%s%s%s", text_pages(text, nr_pages).s,
		   text_pfn_at(text, run.start_pfn).s, area == LT_NO_AREA ? "" : ", in \"",
		   area == LT_NO_AREA ? "" : area_label(snap, area),
		   area == LT_NO_AREA ? "" : "\"");
}

/* Those in areas are of interest; of a call without any, where its pages went. */
static void print_runs(struct text *text, const struct lt_snapshot *snap,
		       const struct lt_pin_call *call)
{
	const struct lt_ranges *runs = call->in_cma.nr ? &call->in_cma : &call->runs;

	for (size_t i = 0; i < runs->nr && i < RUNS_SHOWN; i++)
		print_run(text, snap, runs->v[i]);
	if (runs->nr > RUNS_SHOWN)
		text_wrapf(text, "  ", 4, "and %zu more places", runs->nr - RUNS_SHOWN);
}

static void print_certainty(struct text *text, const struct lt_pin_call *call)
{
	const char *later = call->read_after_ns.known ? text_duration(call->read_after_ns).s : "";

	if (!call->runs.nr)
		text_wrapf(text, "  ", 4, "Where the pages lie could not be read.");
	else if (call->is_exact)
		text_wrapf(text, "  ", 4, "The kernel named the pages itself.");
	else if (call->is_proven)
		text_wrapf(text, "  ", 4, "Proven: found in its page table and pinned%s%s%s.",
			   later[0] ? ", " : "", later, later[0] ? " later" : "");
	else
		text_wrapf(text, "  ", 4,
			   "A hint: found in its page table%s%s%s, but not seen to be "
			   "pinned.",
			   later[0] ? " " : "", later, later[0] ? " later" : "");
}

void pin_call_print(struct text *text, const struct lt_snapshot *snap,
		    const struct lt_pin_call *call, bool is_verbose)
{
	uint64_t nr_in_cma = lt_ranges_nr_pages(&call->in_cma);
	char where[64] = "";

	if (nr_in_cma)
		snprintf(where, sizeof(where), ", %" PRIu64 " of them in CMA", nr_in_cma);
	fputs(text_role(text, nr_in_cma ? TEXT_WARNING : TEXT_PLAIN), text->out);
	text_wrapf(text, "", 2, "%s %s pinned %s%s%s", text_time(call->ts_ns).s,
		   name_caller(call).s, text_pages(text, call->nr_pinned).s,
		   describe_longterm(call->longterm), where);
	fputs(text_role(text, TEXT_PLAIN), text->out);
	print_runs(text, snap, call);
	print_certainty(text, call);
	if (!is_verbose)
		return;
	if (call->function && call->addr.known)
		text_wrapf(text, "  ", 4, "%s at 0x%" PRIx64, call->function, call->addr.val);
	for (size_t i = 0; call->stack && i < call->stack->nr; i++)
		fprintf(text->out, "      %s\n", call->stack->frames[i]);
}

void pin_call_print_end(struct text *text, const struct lt_pin_call *call)
{
	struct lt_num held_ns = lt_num_sub(call->ended_ns, call->ts_ns);

	text_wrapf(text, "", 2, "%s %s released what it pinned at %s%s%s",
		   text_time(call->ended_ns).s, name_caller(call).s, text_time(call->ts_ns).s,
		   held_ns.known ? ", after " : "", held_ns.known ? text_duration(held_ns).s : "");
}

void pin_call_print_tally(struct text *text, const struct lt_pin_tally *tally)
{
	text_wrapf(text, "", 2,
		   "%" PRIu64 " call%s pinned pages, %" PRIu64
		   " of them with FOLL_LONGTERM; %" PRIu64 " still have pages pinned in CMA.",
		   tally->nr_calls, tally->nr_calls == 1 ? "" : "s", tally->nr_longterm,
		   tally->nr_held);
	if (tally->nr_failed)
		text_wrapf(text, "  ", 2, "%" PRIu64 " calls with FOLL_LONGTERM failed.",
			   tally->nr_failed);
	if (tally->nr_unresolved)
		text_wrapf(text, "  ", 2, "The pages of %" PRIu64 " calls are not known.",
			   tally->nr_unresolved);
	if (tally->nr_forgotten)
		text_wrapf(text, "  ", 2, "%" PRIu64 " were forgotten: too many to keep.",
			   tally->nr_forgotten);
}
