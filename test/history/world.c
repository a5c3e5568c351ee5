// SPDX-License-Identifier: GPL-2.0-or-later
/* Plays a script by the rules of one kernel; each rule is shown on real kernels by test/lab. */
#include "world.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

/* Memory that is no CMA. */
#define OUTSIDE_PFN 0x80000

struct play {
	struct w_world *world;
	const struct w_script *script;
	bool done[W_EVENTS];
	bool is_unisolated;	  /* one block of the next range */
	bool is_refused;	  /* the next range */
	struct lt_range isolated; /* nothing is allocated there meanwhile */
	uint64_t free_ns;	  /* when the last attempt was over: there is one at a time */
};

struct lt_range w_area(int area)
{
	static const struct lt_range areas[] = { { 0x10000, 0x10800 }, { 0x20000, 0x20400 } };

	return areas[area];
}

const char *w_area_name(int area)
{
	return area ? "camera" : "reserved";
}

size_t w_alloc_at(const struct w_world *world, uint64_t pfn, uint64_t ns)
{
	for (size_t i = 0; i < world->nr_allocs; i++)
		if (lt_range_has(world->allocs[i].pfns, pfn) && w_is_at(world->allocs[i].span, ns))
			return i;
	return W_NOBODY;
}

static unsigned int count_holds(const struct w_world *world, size_t alloc, uint64_t ns,
				unsigned int kinds)
{
	unsigned int nr = 0;

	for (size_t i = 0; i < world->nr_holdings; i++)
		nr += world->holdings[i].alloc == alloc && w_is_at(world->holdings[i].span, ns) &&
		      (kinds & (1u << world->holdings[i].kind));
	return nr;
}

unsigned int w_nr_holds(const struct w_world *world, size_t alloc, uint64_t ns)
{
	return count_holds(world, alloc, ns, ~0u);
}

static unsigned int pin_kinds(const struct w_world *world)
{
	return 1u << W_PIN | (world->script->kernel == W_5_10 ? 0 : 1u << W_DIRECT);
}

unsigned int w_nr_pins(const struct w_world *world, size_t alloc, uint64_t ns)
{
	return count_holds(world, alloc, ns, pin_kinds(world));
}

unsigned int w_nr_refs(const struct w_world *world, size_t alloc, uint64_t ns)
{
	return count_holds(world, alloc, ns, 1u << W_PIPE | (1u << W_DIRECT & ~pin_kinds(world)));
}

unsigned int w_nr_mappings(const struct w_world *world, size_t alloc, uint64_t ns)
{
	unsigned int nr = 0;

	for (size_t i = 0; i < world->nr_mappings; i++)
		nr += world->mappings[i].alloc == alloc && w_is_at(world->mappings[i].span, ns);
	return nr;
}

bool w_is_given(const struct w_world *world, uint64_t pfn, uint64_t ns)
{
	for (size_t i = 0; i < world->nr_given; i++)
		if (lt_range_has(world->given[i].pfns, pfn) && w_is_at(world->given[i].span, ns))
			return true;
	return false;
}

static bool is_alive(const struct play *play, enum w_who who, uint64_t ns)
{
	return w_is_at(play->world->procs[who].span, ns);
}

static bool is_mapped_by(const struct w_world *world, size_t alloc, enum w_who who, uint64_t ns)
{
	for (size_t i = 0; i < world->nr_mappings; i++)
		if (world->mappings[i].alloc == alloc && world->mappings[i].who == who &&
		    w_is_at(world->mappings[i].span, ns))
			return true;
	return false;
}

static void map(struct play *play, size_t alloc, enum w_who who, uint64_t ns)
{
	struct w_world *world = play->world;

	assert(world->nr_mappings < W_SPANS);
	world->mappings[world->nr_mappings++] =
		(struct w_mapping){ .span = { ns, W_END }, .alloc = alloc, .who = who };
}

/* A page that is neither mapped nor held is freed; one of the page cache stays. */
static void free_unused(struct play *play, uint64_t ns)
{
	struct w_world *world = play->world;

	for (size_t i = 0; i < world->nr_allocs; i++)
		if (w_is_at(world->allocs[i].span, ns) && !world->allocs[i].is_file &&
		    !w_nr_mappings(world, i, ns) && !w_nr_holds(world, i, ns))
			world->allocs[i].span.to_ns = ns;
}

static void unmap(struct play *play, size_t alloc, uint64_t ns)
{
	struct w_world *world = play->world;

	for (size_t i = 0; i < world->nr_mappings; i++)
		if (world->mappings[i].alloc == alloc && w_is_at(world->mappings[i].span, ns))
			world->mappings[i].span.to_ns = ns;
}

static bool is_place_taken(const struct play *play, struct lt_range pfns, uint64_t ns)
{
	for (uint64_t pfn = pfns.start_pfn; pfn < pfns.end_pfn; pfn++)
		if (w_is_given(play->world, pfn, ns) ||
		    w_alloc_at(play->world, pfn, ns) != W_NOBODY)
			return true;
	return lt_range_is_overlapping(pfns, play->isolated);
}

static struct lt_range slot_pfns(const struct w_script *script, int slot)
{
	uint64_t pfn = script->slots[slot].pfn;

	return (struct lt_range){ pfn, pfn + (1ull << script->slots[slot].order) };
}

static size_t add_alloc(struct play *play, const struct w_alloc *alloc)
{
	assert(play->world->nr_allocs < W_SPANS);
	play->world->allocs[play->world->nr_allocs] = *alloc;
	return play->world->nr_allocs++;
}

static void on_alloc(struct play *play, const struct w_event *event)
{
	const struct lt_range pfns = slot_pfns(play->script, event->slot);
	const bool is_cache = event->type == W_CACHE;
	size_t alloc;

	/* khugepaged makes pages for others */
	if (!is_alive(play, event->who == W_KHUGEPAGED ? W_CAMERA : event->who, event->at_ns) ||
	    is_place_taken(play, pfns, event->at_ns))
		return;
	alloc = add_alloc(play, &(struct w_alloc){
					.span = { event->at_ns, W_END },
					.pfns = pfns,
					.order = play->script->slots[event->slot].order,
					.ts_ns = event->at_ns,
					.who = event->who,
					.is_file = is_cache,
					.is_private = is_cache,
				});
	if (!is_cache)
		map(play, alloc, event->who == W_KHUGEPAGED ? W_CAMERA : event->who, event->at_ns);
}

/* Nothing maps it, and nothing can move it. */
static void on_unmovable(struct play *play, const struct w_event *event)
{
	struct w_world *world = play->world;
	const struct lt_range pfns = slot_pfns(play->script, event->slot);

	if (!is_alive(play, event->who, event->at_ns) || is_place_taken(play, pfns, event->at_ns))
		return;
	assert(world->nr_holdings < W_SPANS);
	world->holdings[world->nr_holdings++] = (struct w_holding){
		.span = { event->at_ns, W_END },
		.alloc = add_alloc(play,
				   &(struct w_alloc){
					   .span = { event->at_ns, W_END },
					   .pfns = pfns,
					   .order = play->script->slots[event->slot].order,
					   .ts_ns = event->at_ns,
					   .who = event->who,
					   .is_unmovable = true,
				   }),
		.kind = W_OWN,
		.maker = event->who,
	};
}

static void drop(struct play *play, size_t alloc, enum w_hold kind, uint64_t ns)
{
	struct w_world *world = play->world;

	for (size_t i = 0; i < world->nr_holdings; i++)
		if (world->holdings[i].alloc == alloc && world->holdings[i].kind == kind &&
		    w_is_at(world->holdings[i].span, ns))
			world->holdings[i].span.to_ns = ns;
}

static void on_free(struct play *play, const struct w_event *event)
{
	size_t alloc = w_alloc_at(play->world, play->script->slots[event->slot].pfn, event->at_ns);

	if (alloc == W_NOBODY)
		return;
	unmap(play, alloc, event->at_ns);
	drop(play, alloc, W_OWN, event->at_ns);
	if (!w_nr_holds(play->world, alloc, event->at_ns))
		play->world->allocs[alloc].span.to_ns = event->at_ns;
}

static void on_share(struct play *play, const struct w_event *event)
{
	size_t alloc = w_alloc_at(play->world, play->script->slots[event->slot].pfn, event->at_ns);

	if (alloc != W_NOBODY && !play->world->allocs[alloc].is_file &&
	    !play->world->allocs[alloc].is_unmovable && is_alive(play, event->who, event->at_ns) &&
	    !is_mapped_by(play->world, alloc, event->who, event->at_ns))
		map(play, alloc, event->who, event->at_ns);
}

static void on_unmap(struct play *play, const struct w_event *event)
{
	struct w_world *world = play->world;
	size_t alloc = w_alloc_at(world, play->script->slots[event->slot].pfn, event->at_ns);

	for (size_t i = 0; i < world->nr_mappings; i++)
		if (world->mappings[i].alloc == alloc && world->mappings[i].who == event->who &&
		    w_is_at(world->mappings[i].span, event->at_ns))
			world->mappings[i].span.to_ns = event->at_ns;
	free_unused(play, event->at_ns);
}

static void on_hold(struct play *play, const struct w_event *event)
{
	struct w_world *world = play->world;
	size_t alloc = w_alloc_at(world, play->script->slots[event->slot].pfn, event->at_ns);
	bool is_kernels = event->hold == W_BUFFER;

	if (alloc == W_NOBODY || world->allocs[alloc].is_unmovable ||
	    world->allocs[alloc].is_private != is_kernels ||
	    (!is_kernels && event->who != W_VIDEO &&
	     !is_mapped_by(world, alloc, event->who, event->at_ns)))
		return;
	assert(world->nr_holdings < W_SPANS);
	world->holdings[world->nr_holdings++] =
		(struct w_holding){ .span = { event->at_ns, W_END },
				    .alloc = alloc,
				    .kind = event->hold,
				    .maker = event->who,
				    .who = is_kernels ? 0 : 1u << event->who };
}

static void on_drop(struct play *play, const struct w_event *event)
{
	struct w_world *world = play->world;
	size_t alloc = w_alloc_at(world, play->script->slots[event->slot].pfn, event->at_ns);

	drop(play, alloc, event->hold, event->at_ns);
	free_unused(play, event->at_ns);
}

/* A process's descriptors are closed: what it alone held ends; O_DIRECT has ended too. */
static void on_exit_of(struct play *play, const struct w_event *event)
{
	struct w_world *world = play->world;

	if (!is_alive(play, event->who, event->at_ns) || world->procs[event->who].is_kernel)
		return;
	world->procs[event->who].span.to_ns = event->at_ns;
	for (size_t i = 0; i < world->nr_mappings; i++)
		if (world->mappings[i].who == event->who &&
		    w_is_at(world->mappings[i].span, event->at_ns))
			world->mappings[i].span.to_ns = event->at_ns;
	for (size_t i = 0; i < world->nr_holdings; i++) {
		struct w_holding *holding = &world->holdings[i];

		if (!w_is_at(holding->span, event->at_ns) || !(holding->who & 1u << event->who))
			continue;
		holding->who &= ~(1u << event->who);
		if (!holding->who)
			holding->span.to_ns = event->at_ns;
	}
	free_unused(play, event->at_ns);
}

static void begin(struct play *play, enum w_who who, uint64_t ns)
{
	for (size_t i = 0; i < W_PROCS; i++)
		if (play->world->procs[i].pid == play->world->procs[who].pid &&
		    w_is_at(play->world->procs[i].span, ns))
			return;
	if (!play->world->procs[who].span.to_ns)
		play->world->procs[who].span = (struct w_span){ ns, W_END };
}

static void on_fork(struct play *play, const struct w_event *event)
{
	struct w_world *world = play->world;
	const size_t nr_mappings = world->nr_mappings;

	if (!is_alive(play, event->who, event->at_ns) || world->procs[event->to_who].span.to_ns)
		return;
	begin(play, event->to_who, event->at_ns);
	if (!is_alive(play, event->to_who, event->at_ns))
		return;
	for (size_t i = 0; i < nr_mappings; i++)
		if (world->mappings[i].who == event->who &&
		    w_is_at(world->mappings[i].span, event->at_ns))
			map(play, world->mappings[i].alloc, event->to_who, event->at_ns);
	for (size_t i = 0; i < world->nr_holdings; i++)
		if (world->holdings[i].who & 1u << event->who &&
		    w_is_at(world->holdings[i].span, event->at_ns) &&
		    world->holdings[i].kind != W_DIRECT)
			world->holdings[i].who |= 1u << event->to_who;
}

/* The page's contents, and its record in page_owner with the old time, come to @pfns. */
static void move(struct play *play, size_t from, struct lt_range pfns, const char *reason,
		 uint64_t ns)
{
	struct w_world *world = play->world;
	struct w_alloc moved = world->allocs[from];
	const size_t nr_mappings = world->nr_mappings;
	size_t to;

	moved.span = (struct w_span){ ns, W_END };
	moved.pfns = pfns;
	moved.migrated = reason;
	world->allocs[from].span.to_ns = ns;
	to = add_alloc(play, &moved);
	for (size_t i = 0; i < nr_mappings; i++)
		if (world->mappings[i].alloc == from && w_is_at(world->mappings[i].span, ns)) {
			world->mappings[i].span.to_ns = ns;
			map(play, to, world->mappings[i].who, ns);
		}
}

/* A page that requests have moved out of the areas may be moved in again. */
static size_t find_outside(const struct play *play, unsigned int order, uint64_t ns)
{
	for (size_t i = 0; i < play->world->nr_allocs; i++)
		if (play->world->allocs[i].pfns.start_pfn >= OUTSIDE_PFN &&
		    play->world->allocs[i].order == order &&
		    w_is_at(play->world->allocs[i].span, ns))
			return i;
	return W_NOBODY;
}

static void on_migrate(struct play *play, const struct w_event *event)
{
	const struct w_script *script = play->script;
	size_t alloc = w_alloc_at(play->world, script->slots[event->slot].pfn, event->at_ns);
	struct lt_range pfns = slot_pfns(script, event->to_slot);

	if (alloc == W_NOBODY)
		alloc = find_outside(play, script->slots[event->slot].order, event->at_ns);
	if (alloc == W_NOBODY || event->slot == event->to_slot ||
	    play->world->allocs[alloc].is_file || w_nr_holds(play->world, alloc, event->at_ns) ||
	    script->slots[event->slot].order != script->slots[event->to_slot].order ||
	    is_place_taken(play, pfns, event->at_ns))
		return;
	move(play, alloc, pfns, "compaction", event->at_ns);
}

static void on_release(struct play *play, const struct w_event *event)
{
	struct w_world *world = play->world;

	for (size_t i = 0; i < world->nr_given; i++)
		if (world->given[i].area == event->area && world->given[i].span.to_ns == W_END &&
		    w_is_at(world->given[i].span, event->at_ns)) {
			world->given[i].span.to_ns = event->at_ns;
			return;
		}
}

static void apply(struct play *play, const struct w_event *event)
{
	switch (event->type) {
	case W_START:
		begin(play, event->who, event->at_ns);
		break;
	case W_EXIT:
		on_exit_of(play, event);
		break;
	case W_FORK:
		on_fork(play, event);
		break;
	case W_ALLOC:
	case W_CACHE:
		on_alloc(play, event);
		break;
	case W_UNMOVABLE:
		on_unmovable(play, event);
		break;
	case W_FREE:
		on_free(play, event);
		break;
	case W_SHARE:
		on_share(play, event);
		break;
	case W_UNMAP:
		on_unmap(play, event);
		break;
	case W_HOLD:
		on_hold(play, event);
		break;
	case W_DROP:
		on_drop(play, event);
		break;
	case W_MIGRATE:
		on_migrate(play, event);
		break;
	case W_RELEASE:
		on_release(play, event);
		break;
	case W_UNISOLATE:
		play->is_unisolated = play->script->kernel != W_5_10;
		break;
	case W_REFUSE:
		play->is_refused = true;
		break;
	case W_SUSPEND:
		play->world->suspended_ns += 60 * W_SECOND;
		break;
	case W_ATTEMPT:
	case W_NR_TYPES:
		break;
	}
}

/* All that happens up to @ns, but for attempts: they wait for each other. */
static void advance(struct play *play, uint64_t ns)
{
	for (size_t i = 0; i < play->script->nr; i++) {
		const struct w_event *event = &play->script->events[i];

		if (play->done[i] || event->type == W_ATTEMPT || event->at_ns > ns)
			continue;
		play->done[i] = true;
		apply(play, event);
	}
}

/* The next run of the bitmap from @from on that is long enough; UINT64_MAX if there is none. */
static uint64_t find_run(const struct w_world *world, const struct w_attempt *attempt,
			 uint64_t from, uint64_t ns)
{
	const struct lt_range area = w_area(attempt->area);
	const uint64_t mask = (1ull << attempt->align) - 1;
	uint64_t start = (from + mask) & ~mask;

	while (start + attempt->nr_pages <= area.end_pfn) {
		uint64_t pfn = start;

		while (pfn < start + attempt->nr_pages && !w_is_given(world, pfn, ns))
			pfn++;
		if (pfn == start + attempt->nr_pages)
			return start;
		start = (pfn + 1 + mask) & ~mask;
	}
	return UINT64_MAX;
}

static void count_free(const struct w_world *world, struct w_attempt *attempt, uint64_t ns)
{
	const struct lt_range area = w_area(attempt->area);
	uint64_t run = 0;

	for (uint64_t pfn = area.start_pfn; pfn < area.end_pfn; pfn++) {
		run = w_is_given(world, pfn, ns) ? 0 : run + 1;
		attempt->nr_free += run > 0;
		attempt->longest = run > attempt->longest ? run : attempt->longest;
	}
}

/*
 * test_pages_isolated(): whether each block is still isolated (6.1 and later name where that was
 * seen), then page after page in ascending order; the first that did not move away is named.
 */
static void test(struct play *play, struct w_window *window)
{
	const struct w_world *world = play->world;

	window->result = W_TEST;
	if (play->is_unisolated) {
		play->is_unisolated = false;
		window->result = W_NOT_ISOLATED;
		window->fin_pfn = window->pfns.start_pfn;
		if (window->fin_pfn + W_BLOCK < window->pfns.end_pfn && window->ts_ns / W_MS % 2)
			window->fin_pfn += W_BLOCK;
		return;
	}
	for (uint64_t pfn = window->pfns.start_pfn; pfn < window->pfns.end_pfn; pfn++) {
		size_t alloc = w_alloc_at(world, pfn, window->ts_ns);

		if (alloc == W_NOBODY || !w_nr_holds(world, alloc, window->ts_ns))
			continue;
		window->fin_pfn = pfn;
		window->alloc = alloc;
		return;
	}
	window->result = W_OK;
	window->fin_pfn = window->pfns.end_pfn;
}

/* What nothing holds moves away, into another place of the areas if there is one. */
static void empty(struct play *play, struct lt_range pfns, uint64_t ns)
{
	struct w_world *world = play->world;
	const size_t nr = world->nr_allocs;

	for (size_t i = 0; i < nr; i++) {
		struct lt_range to = { OUTSIDE_PFN + i * W_BLOCK, OUTSIDE_PFN + (i + 1) * W_BLOCK };

		if (!w_is_at(world->allocs[i].span, ns) || w_nr_holds(world, i, ns) ||
		    !lt_range_is_overlapping(world->allocs[i].pfns, pfns))
			continue;
		for (int slot = 0; slot < W_SLOTS; slot++)
			if (play->script->slots[slot].order == world->allocs[i].order &&
			    !is_place_taken(play, slot_pfns(play->script, slot), ns))
				to = slot_pfns(play->script, slot);
		to.end_pfn = to.start_pfn + (1ull << world->allocs[i].order);
		if (world->allocs[i].is_file)
			world->allocs[i].span.to_ns = ns;
		else
			move(play, i, to, play->script->kernel == W_5_10 ? "cma" : "contig_range",
			     ns);
	}
}

static void try_windows(struct play *play, const struct w_event *event, struct w_attempt *attempt)
{
	uint64_t ns = attempt->span.from_ns, start = w_area(attempt->area).start_pfn;

	attempt->err = play->script->kernel == W_7_2 ? EBUSY : ENOMEM;
	while (attempt->nr_windows < W_WINDOWS) {
		struct w_window *window = &attempt->windows[attempt->nr_windows];

		start = find_run(play->world, attempt, start, ns);
		if (start == UINT64_MAX)
			break;
		*window = (struct w_window){ .pfns = { start, start + attempt->nr_pages } };
		play->isolated = (struct lt_range){ start & ~(W_BLOCK - 1ull),
						    (window->pfns.end_pfn + W_BLOCK - 1) &
							    ~(W_BLOCK - 1ull) };
		ns += 200 * W_US + (attempt->nr_windows ? 0 : event->wait_ns);
		advance(play, ns);
		window->ts_ns = ns;
		attempt->nr_windows++;
		if (event->err && event->err_at < attempt->nr_windows) {
			window->result = W_ENDED;
			attempt->err = event->err;
			break;
		}
		if (play->is_refused) {
			play->is_refused = false;
			window->result = W_REFUSED;
		} else {
			empty(play, window->pfns, ns);
			test(play, window);
		}
		if (window->result == W_OK) {
			attempt->err = 0;
			attempt->got_pfn = start;
			break;
		}
		attempt->err = EBUSY;
		start += 1ull << attempt->align;
	}
	play->isolated = (struct lt_range){ 0 };
	attempt->span.to_ns = ns + 50 * W_US;
}

/* Whether no run was long enough once the last range had been tried is what ends a search. */
static void on_attempt(struct play *play, const struct w_event *event)
{
	struct w_world *world = play->world;
	struct w_attempt *attempt = &world->attempts[world->nr_attempts];

	if (world->nr_attempts == W_ATTEMPTS || world->nr_given == W_SPANS)
		return;
	world->nr_attempts++;
	*attempt = (struct w_attempt){
		.span.from_ns = event->at_ns > play->free_ns ? event->at_ns : play->free_ns,
		.area = event->area,
		.nr_pages = event->nr_pages,
		.align = event->align,
		.is_quiet = event->is_quiet || event->is_ours,
		.is_ours = event->is_ours,
	};
	attempt->span.to_ns = attempt->span.from_ns + 20 * W_US;
	if (attempt->nr_pages > lt_range_nr_pages(w_area(attempt->area))) {
		attempt->is_too_large = true;
		attempt->err = play->script->kernel == W_7_2 ? EBUSY : EINVAL;
	} else {
		try_windows(play, event, attempt);
	}
	if (!attempt->err)
		world->given[world->nr_given++] = (struct w_given){
			.span = { attempt->span.to_ns - 50 * W_US, W_END },
			.area = attempt->area,
			.pfns = { attempt->got_pfn, attempt->got_pfn + attempt->nr_pages },
		};
	advance(play, attempt->span.to_ns);
	count_free(world, attempt, attempt->span.to_ns);
	play->free_ns = attempt->span.to_ns + W_MS;
}

static const struct w_event *next_event(struct play *play)
{
	const struct w_event *next = NULL;
	size_t at = 0;

	for (size_t i = 0; i < play->script->nr; i++)
		if (!play->done[i] && (!next || play->script->events[i].at_ns < next->at_ns)) {
			next = &play->script->events[i];
			at = i;
		}
	if (next)
		play->done[at] = true;
	return next;
}

void w_world_run(const struct w_script *script, struct w_world *world)
{
	static const struct w_proc procs[W_PROCS] = {
		[W_CAMERA] = { 812, "camera", { 0 }, false },
		[W_NEWCOMER] = { 900, "newcomer", { 0 }, false },
		[W_CHILD] = { 813, "child", { 0 }, false },
		[W_REBORN] = { 812, "reborn", { 0 }, false },
		[W_VIDEO] = { 300, "video", { W_SECOND, W_END }, true },
		[W_KHUGEPAGED] = { 40, "khugepaged", { W_SECOND, W_END }, true },
	};
	struct play play = { .world = world, .script = script };
	const struct w_event *event;

	memset(world, 0, sizeof(*world));
	world->script = script;
	memcpy(world->procs, procs, sizeof(procs));
	while ((event = next_event(&play))) {
		if (event->type == W_ATTEMPT)
			on_attempt(&play, event);
		else
			apply(&play, event);
	}
}
