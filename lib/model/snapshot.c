// SPDX-License-Identifier: LGPL-2.1-or-later
#include "model/snapshot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/meta.h"
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

/* What there is to say of a source, in one string; NULL if nothing. */
static const char *describe(struct lt_snapshot *snap, int err, struct lt_diag *diag)
{
	char what[400];
	const char *skipped = "", *note = diag->note;

	if (err && !diag->why[0] && err != -ENOENT && err != -ENODATA)
		lt_diag_set(diag, "%s", strerror(-err));
	lt_diag_format(diag, what, sizeof(what));
	if (!diag->why[0])
		what[0] = '\0';
	if (diag->nr_skipped) {
		skipped = lt_strings_format(snap->strings, "%s%u lines not understood",
					    what[0] ? "; " : "", diag->nr_skipped);
		if (!skipped)
			return NULL;
	}
	if (!what[0] && !skipped[0] && !note[0])
		return NULL;
	return lt_strings_format(snap->strings, "%s%s%s%s", what, skipped,
				 note[0] && (what[0] || skipped[0]) ? "; " : "", note);
}

static int run_source(struct lt_snapshot *snap, const struct lt_source *source)
{
	struct lt_source_state *state = lt_vec_push(&snap->sources);
	struct lt_diag diag = { 0 };
	int err;

	if (!state)
		return -ENOMEM;
	state->name = source->name;
	state->proves = source->proves;
	state->status = LT_STATUS_UNUSED;
	if (source->stage > snap->options.last_stage)
		return 0;
	err = source->read(snap, &diag);
	if (err == -ENOMEM)
		return err;
	state->status = status_of(err, &diag);
	if (state->status == LT_STATUS_ERROR || state->status == LT_STATUS_DENIED)
		lt_diag_path(&diag, source->where);
	state->detail = describe(snap, err, &diag);
	if (state->status != LT_STATUS_OK)
		state->enable = source->enable;
	return 0;
}

/* The folio at @pfn as a pin, in PFN order; NULL when out of memory. */
static struct lt_pin *insert_pin(struct lt_pins *pins, uint64_t pfn)
{
	struct lt_pin *pin = lt_vec_push(pins);
	size_t i;

	if (!pin)
		return NULL;
	for (i = pins->nr - 1; i && pins->v[i - 1].pfn > pfn; i--)
		pins->v[i] = pins->v[i - 1];
	pins->v[i] = (struct lt_pin){ .pfn = pfn, .nr_pages = 1, .area = LT_NO_AREA };
	return &pins->v[i];
}

static void mark_blocker(struct lt_pin *pin, const struct lt_try *tried)
{
	pin->is_blocker = true;
	if (!pin->refcount.known)
		pin->refcount = tried->blocker_refcount;
	if (!pin->mapcount.known)
		pin->mapcount = tried->blocker_mapcount;
}

/*
 * Pages that trace or log name as what made an attempt fail; one that was in the
 * way of a range only, and the next range did, made none fail. Where the module
 * told the state of every page, one that has neither pins nor references any
 * more is no pin now; without it the page stays listed, its kind not known.
 */
static int mark_blockers(struct lt_snapshot *snap)
{
	bool is_state_known = lt_snapshot_has_page_states(snap);

	lt_vec_each(attempt, &snap->attempts) {
		lt_vec_each(tried, &attempt->tries) {
			struct lt_pin *pin;
			size_t area;

			if (!attempt->failed || tried->ok || !tried->blocker_pfn.known)
				continue;
			pin = lt_pins_find(&snap->pins, tried->blocker_pfn.val);
			area = lt_areas_find_pfn(&snap->areas, tried->blocker_pfn.val);
			if (!pin && !is_state_known && area != LT_NO_AREA) {
				pin = insert_pin(&snap->pins, tried->blocker_pfn.val);
				if (!pin)
					return -ENOMEM;
				pin->area = area;
			}
			if (pin)
				mark_blocker(pin, tried);
		}
	}
	return 0;
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

static int finish_stage(struct lt_snapshot *snap, enum lt_stage stage)
{
	int err = stage == LT_STAGE_PAGES ? mark_blockers(snap) : 0;

	if (stage == LT_STAGE_PAGES || stage == LT_STAGE_OWNERS)
		name_zones(snap); /* both add pins */
	if (stage == LT_STAGE_PAGES)
		give_free_to_only_area(snap);
	return err;
}

static int run_sources(struct lt_snapshot *snap)
{
	enum lt_stage stage = LT_STAGE_TABLES;
	int err = 0;

	for (const struct lt_source *const *source = lt_sources; *source && !err; source++) {
		for (; stage < (*source)->stage && !err; stage++)
			err = finish_stage(snap, stage);
		if (!err)
			err = run_source(snap, *source);
	}
	lt_holders_sort(&snap->holders);
	return err ? err : finish_stage(snap, stage);
}

/* A captured tree was taken when META says. */
static int take_clocks(struct lt_snapshot *snap, const struct lt_meta *meta)
{
	if (!meta)
		return 0;
	snap->taken_ns = meta->taken_ns;
	snap->captured_at = lt_strings_restore(snap->strings, meta->captured_at);
	return meta->captured_at && !snap->captured_at ? -ENOMEM : 0;
}

static int read_clocks(struct lt_snapshot *snap)
{
	struct timespec now;
	struct tm utc;
	char text[32];

	if (!lt_root_is_live(snap->root))
		return take_clocks(snap, lt_root_meta(snap->root));
	/* CLOCK_MONOTONIC stops in suspend, as printk's and the trace's clock do. */
	if (!clock_gettime(CLOCK_MONOTONIC, &now))
		snap->taken_ns = lt_num((uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec);
	if (clock_gettime(CLOCK_REALTIME, &now) || !gmtime_r(&now.tv_sec, &utc))
		return 0;
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc);
	snap->captured_at = lt_strings_add(snap->strings, text, strlen(text));
	return snap->captured_at ? 0 : -ENOMEM;
}

int lt_snapshot_take(const struct lt_snapshot_options *options, struct lt_snapshot **out)
{
	static const struct lt_snapshot_options everything = { .last_stage = LT_STAGE_PROCESSES };
	struct lt_snapshot *snap = calloc(1, sizeof(*snap));
	int err;

	if (!snap)
		return -ENOMEM;
	snap->options = options ? *options : everything;
	snap->strings = lt_strings_new();
	snap->stacks = lt_stacks_new();
	snap->root = snap->options.root;
	err = snap->strings && snap->stacks ? 0 : -ENOMEM;
	if (!err && !snap->root)
		err = lt_root_open(NULL, &snap->root);
	if (!err)
		err = read_clocks(snap);
	if (!err)
		err = run_sources(snap);
	if (err) {
		lt_snapshot_free(snap);
		return err;
	}
	*out = snap;
	return 0;
}

void lt_snapshot_free(struct lt_snapshot *snap)
{
	if (!snap)
		return;
	if (snap->root != snap->options.root)
		lt_root_close(snap->root);
	lt_vec_free(&snap->kernel.options);
	lt_vec_free(&snap->memory.ram);
	lt_vec_free(&snap->memory.reserved);
	lt_zones_free(&snap->zones);
	lt_areas_free(&snap->areas);
	lt_pins_free(&snap->pins);
	lt_dma_bufs_free(&snap->dma_bufs);
	lt_holders_free(&snap->holders);
	lt_attempts_free(&snap->attempts);
	lt_vec_each(selftest, &snap->selftests)
		lt_selftest_fini(selftest);
	lt_vec_free(&snap->selftests);
	lt_vec_free(&snap->sources);
	lt_stacks_free(snap->stacks);
	lt_strings_free(snap->strings);
	free(snap);
}

const struct lt_source_state *lt_snapshot_source(const struct lt_snapshot *snap, const char *name)
{
	lt_vec_each(state, &snap->sources)
		if (!strcmp(state->name, name))
			return state;
	return NULL;
}

bool lt_snapshot_has_page_states(const struct lt_snapshot *snap)
{
	const struct lt_source_state *module = lt_snapshot_source(snap, "module");

	return module && module->status == LT_STATUS_OK;
}

bool lt_snapshot_is_incomplete(const struct lt_snapshot *snap)
{
	lt_vec_each(state, &snap->sources)
		if (state->status == LT_STATUS_DENIED || state->status == LT_STATUS_ERROR)
			return true;
	return false;
}
