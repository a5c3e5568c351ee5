// SPDX-License-Identifier: LGPL-2.1-or-later
/* Runs the table of sources, stage by stage, into one snapshot. */
#include "source/read/read.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array_size.h"
#include "base/errno_name.h"
#include "base/now.h"
#include "model/attempt_unite.h"
#include "model/pfns.h"
#include "model/pin_call.h"
#include "source/enable.h"
#include "source/module/module.h"
#include "source/module/module_pages.h"
#include "source/read/clocks.h"
#include "source/read/places.h"
#include "source/source.h"

static enum lt_status status_of(int err, const struct lt_diag *diag)
{
	switch (err) {
	case 0:
		return diag->why[0] || diag->nr_skipped ? LT_STATUS_PARTIAL : LT_STATUS_OK;
	case -ENOENT:
		return LT_STATUS_ABSENT;
	case -EACCES:
	case -EPERM:
		return LT_STATUS_DENIED;
	case -ENODATA:
		return LT_STATUS_UNUSED;
	default:
		return LT_STATUS_ERROR;
	}
}

/* What there is to say of a source, in one string; NULL if nothing. 0 or -ENOMEM. */
static int describe(struct lt_snapshot *snap, int err, struct lt_diag *diag, const char **out)
{
	char what[400];
	const char *skipped = "", *note = diag->note;

	if (err && !diag->why[0] && err != -ENOENT && err != -ENODATA)
		lt_diag_set(diag, "%s", lt_errno_text(-err));
	lt_root_name_in_diag(snap->root, diag);
	lt_diag_format(diag, what, sizeof(what));
	if (!diag->why[0])
		what[0] = '\0';
	if (diag->nr_skipped) {
		skipped = lt_strings_format(snap->strings, "%s%u lines not understood",
					    what[0] ? "; " : "", diag->nr_skipped);
		if (!skipped)
			return -ENOMEM;
	}
	if (!what[0] && !skipped[0] && !note[0])
		return 0;
	*out = lt_strings_format(snap->strings, "%s%s%s%s", what, skipped,
				 note[0] && (what[0] || skipped[0]) ? "; " : "", note);
	return *out ? 0 : -ENOMEM;
}

/* What is there and was not read. Where nothing was, the detail says why. */
static int keep_unread(struct lt_snapshot *snap, const struct lt_diag *diag,
		       struct lt_source_state *state)
{
	state->unread = NULL;
	if (!diag->unread[0] ||
	    (state->status != LT_STATUS_PARTIAL && state->status != LT_STATUS_ABSENT))
		return 0;
	state->unread = lt_strings_format(snap->strings, "%s", diag->unread);
	return state->unread ? 0 : -ENOMEM;
}

/* A part that a source handed out, until the others of its stage were read too. */
struct join {
	const struct lt_source *source;
	size_t i; /* of its state */
	void *part;
	struct lt_diag diag;
};

LT_VEC_OF(joins, struct join);

static int report_state(struct lt_snapshot *snap, struct lt_source_state *state,
			const struct lt_source *source, int err, struct lt_diag *diag)
{
	state->status = status_of(err, diag);
	state->detail = NULL;
	state->enable = NULL;
	if (state->status == LT_STATUS_ERROR || state->status == LT_STATUS_DENIED)
		lt_diag_path(diag, source->where);
	if (state->status != LT_STATUS_OK)
		state->enable = lt_source_enable(snap, source, state->status, diag);
	if (state->status != LT_STATUS_OK && !state->enable)
		return -ENOMEM;
	if (describe(snap, err, diag, &state->detail) || keep_unread(snap, diag, state))
		return -ENOMEM;
	return 0;
}

static bool is_wanted(const struct lt_snapshot_options *options, const struct lt_source *source)
{
	return source->stage <= options->last_stage &&
	       (!options->pace || source->pace <= options->pace);
}

static int keep_part(struct joins *joins, const struct join *part)
{
	struct join *join = lt_vec_push(joins);

	if (!join) {
		part->source->drop(part->part);
		return -ENOMEM;
	}
	*join = *part;
	return 0;
}

static int run_source(struct lt_snapshot *snap, const struct lt_source *source, struct joins *joins)
{
	struct lt_source_state *state = lt_vec_push(&snap->sources);
	struct join join = { .source = source, .i = snap->sources.nr - 1 };
	int err;

	if (!state)
		return -ENOMEM;
	state->name = source->name;
	state->proves = source->proves;
	state->pace = source->pace;
	state->locates_areas = source->locates_areas;
	state->has_page_states = source->has_page_states;
	state->status = LT_STATUS_UNUSED;
	if (!is_wanted(&snap->options, source))
		return 0;
	err = source->collect ? source->collect(snap, &join.part, &join.diag)
			      : source->read(snap, &join.diag);
	if (!err && join.part)
		return keep_part(joins, &join);
	if (join.part)
		source->drop(join.part);
	return err == -ENOMEM ? err : report_state(snap, state, source, err, &join.diag);
}

static void drop_parts(struct joins *joins)
{
	lt_vec_each(join, joins)
		join->source->drop(join->part);
	lt_vec_free(joins);
}

static int join_sources(struct lt_snapshot *snap, struct joins *joins)
{
	int err = 0;

	lt_vec_each(join, joins) {
		err = join->source->join(snap, join->part, &join->diag);
		if (!err)
			err = report_state(snap, &snap->sources.v[join->i], join->source, 0,
					   &join->diag);
		if (err)
			break;
	}
	drop_parts(joins);
	return err;
}

static int add_blocker(struct lt_snapshot *snap, uint64_t pfn)
{
	struct lt_pin *pin = lt_vec_push(&snap->pins);

	if (!pin)
		return -ENOMEM;
	pin->pfn = pfn;
	pin->nr_pages = 1;
	pin->area = lt_areas_find_pfn(&snap->areas, pfn);
	return 0;
}

/* What the kernel named is never dropped, whatever else is known of it, or is not. */
static int add_blockers(struct lt_snapshot *snap)
{
	struct lt_pfns pfns = { 0 };
	const size_t nr_sorted = snap->pins.nr;
	int err = lt_attempts_blockers(&snap->attempts, &pfns);

	lt_vec_each(pfn, &pfns) {
		const struct lt_pins known = { .v = snap->pins.v, .nr = nr_sorted };

		if (!err && !lt_pins_find(&known, *pfn))
			err = add_blocker(snap, *pfn);
	}
	lt_vec_free(&pfns);
	lt_pins_sort(&snap->pins);
	return err;
}

static void mark_blocker(struct lt_pin *pin, const struct lt_attempt *attempt,
			 const struct lt_try *tried)
{
	const struct lt_blocker *blocker =
		lt_blockers_find(&attempt->blockers, tried->blocker_pfn.val);

	pin->is_blocker = true;
	if (pin->area == LT_NO_AREA) /* where it lies is not known, but the page is in it */
		pin->area = attempt->area;
	if (blocker && pin->kind == LT_PIN_UNKNOWN && blocker->fate == LT_BLOCKER_PASSED)
		pin->has_passed = true;
	if (!pin->refcount.known)
		pin->refcount = tried->blocker_refcount;
	if (!pin->mapcount.known)
		pin->mapcount = tried->blocker_mapcount;
}

/*
 * Pages that trace or log name as what made an attempt fail; one that blocked a range only, and the
 * next range succeeded, made none fail.
 */
static int mark_blockers(struct lt_snapshot *snap)
{
	int err = add_blockers(snap);

	lt_vec_each(attempt, &snap->attempts) {
		lt_vec_each(tried, &attempt->tries) {
			struct lt_num pfn = lt_try_blocker(tried);
			struct lt_pin *pin;

			if (err || !attempt->failed || !pfn.known)
				continue;
			pin = lt_pins_find(&snap->pins, pfn.val);
			if (pin)
				mark_blocker(pin, attempt, tried);
		}
	}
	return err;
}

static void name_zones(struct lt_snapshot *snap)
{
	lt_vec_each(pin, &snap->pins) {
		lt_vec_each(zone, &snap->zones) {
			struct lt_range span = { zone->start_pfn.val,
						 zone->start_pfn.val + zone->nr_spanned.val };

			if (zone->start_pfn.known && zone->nr_spanned.known &&
			    lt_range_has(span, pin->pfn))
				pin->zone = zone->name;
		}
	}
}

/*
 * The free CMA pages of the zones belong to the only area there is, if its
 * size is all of CmaTotal.
 */
static void give_free_to_only_area(struct lt_snapshot *snap)
{
	struct lt_area *area = snap->areas.v;
	const struct lt_num total_kib = snap->memory.cma_total_kib;
	const struct lt_num page_size = snap->kernel.page_size;

	if (snap->areas.nr == 1 && !area->nr_free.known && area->nr_pages.known &&
	    page_size.known && total_kib.known &&
	    area->nr_pages.val * (page_size.val / 1024) == total_kib.val)
		area->nr_free = snap->memory.nr_free_cma;
}

static int finish_stage(struct lt_snapshot *snap, enum lt_stage stage, struct joins *joins)
{
	int err = stage == LT_STAGE_TABLES ? lt_places_match(snap) : 0;

	if (!err)
		err = join_sources(snap, joins);

	if (!err && stage == LT_STAGE_ATTEMPTS)
		err = lt_attempts_unite(&snap->attempts, &snap->clock);
	if (!err && stage == LT_STAGE_ATTEMPTS && snap->options.since_ns.known)
		snap->nr_failed_before = lt_num(
			lt_attempts_drop_before(&snap->attempts, snap->options.since_ns.val));
	if (!err && stage == LT_STAGE_PAGES)
		err = mark_blockers(snap);
	if (stage == LT_STAGE_PAGES || stage == LT_STAGE_OWNERS)
		name_zones(snap); /* both add pins */
	if (stage == LT_STAGE_PAGES)
		give_free_to_only_area(snap);
	return err;
}

static int run_sources(struct lt_snapshot *snap)
{
	enum lt_stage stage = LT_STAGE_TABLES;
	struct joins joins = { 0 };
	int err = 0;

	for (const struct lt_source *const *source = lt_sources; *source && !err; source++) {
		for (; stage < (*source)->stage && !err; stage++)
			err = finish_stage(snap, stage, &joins);
		if (!err)
			err = run_source(snap, *source, &joins);
	}
	lt_holders_sort(&snap->holders);
	if (!err)
		err = finish_stage(snap, stage, &joins);
	drop_parts(&joins);
	return err;
}

static struct lt_source_state *state_of(struct lt_snapshot *snap, const struct lt_source *source)
{
	lt_vec_each(state, &snap->sources)
		if (!strcmp(state->name, source->name))
			return state;
	return NULL;
}

static int name_from(struct lt_snapshot *snap, const struct lt_source *source,
		     struct lt_snapshot *part)
{
	struct lt_source_state *state = state_of(snap, source);
	struct lt_diag diag = { 0 };
	int err = source->read(part, &diag);

	if (err == -ENOMEM)
		return err;
	return state ? report_state(snap, state, source, err, &diag) : 0;
}

/* What ltpin itself pinned, the module knows. */
static int name_own(const struct lt_snapshot *snap, struct lt_pins *pins)
{
	struct lt_module_holds holds = { 0 };
	int err = 0;

	if (lt_module_list(&holds, NULL))
		return 0;
	lt_vec_each(hold, &holds)
		err = err ? err : lt_module_name_pinner(hold, pins, snap->strings);
	lt_module_holds_free(&holds);
	return err;
}

/* Who was seen to pin. */
static void name_seen(const struct lt_snapshot *snap, struct lt_pins *pins)
{
	if (snap->options.pin_calls)
		lt_pin_calls_name(snap->options.pin_calls, pins);
}

int lt_read_pins(struct lt_snapshot *snap, struct lt_pins *pins)
{
	static const struct lt_source *const sources[] = {
		&lt_source_page_owner,
		&lt_source_kpageflags,
		&lt_source_module_files,
		&lt_source_pagemap,
	};
	struct lt_snapshot part = *snap;
	struct lt_ranges within = { 0 };
	int err = 0;

	lt_vec_each(pin, pins) {
		struct lt_range *range = lt_vec_push(&within);

		if (!range) {
			lt_vec_free(&within);
			return -ENOMEM;
		}
		*range = (struct lt_range){ pin->pfn, pin->pfn + 1 };
	}
	part.options.within = &within;
	part.taken_ns = lt_num(lt_now_ns());
	part.pins = *pins;
	part.holders = (struct lt_holders){ 0 };
	for (size_t i = 0; i < ARRAY_SIZE(sources) && !err; i++)
		err = name_from(snap, sources[i], &part);
	if (!err)
		err = name_own(snap, &part.pins);
	if (!err)
		name_seen(snap, &part.pins);
	name_zones(&part);
	*pins = part.pins;
	lt_holders_free(&part.holders);
	lt_vec_free(&within);
	return err;
}

int lt_read_snapshot(const struct lt_snapshot_options *options, struct lt_snapshot **out)
{
	static const struct lt_snapshot_options everything = { .last_stage = LT_STAGE_PROCESSES };
	struct lt_snapshot *snap = calloc(1, sizeof(*snap));
	int err;

	if (!snap)
		return -ENOMEM;
	snap->options = options ? *options : everything;
	snap->strings = lt_strings_new();
	snap->stacks = lt_stacks_new();
	snap->page_files = lt_page_files_new();
	snap->root = snap->options.root;
	err = snap->strings && snap->stacks && snap->page_files ? 0 : -ENOMEM;
	if (!err && !snap->root)
		err = lt_root_open(NULL, &snap->root);
	if (!err)
		err = lt_clocks_read(snap);
	if (!err)
		err = run_sources(snap);
	if (err) {
		lt_snapshot_free(snap);
		return err;
	}
	*out = snap;
	return 0;
}
