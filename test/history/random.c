// SPDX-License-Identifier: GPL-2.0-or-later
/* Makes the random truth of a history, by stratum of what its evidence lacks. */
#include "random.h"

#include <errno.h>
#include <stdlib.h>

const char *const r_stratum_names[R_NR] = {
	[R_FULL] = "everything",	   [R_NO_TRACE] = "no trace",
	[R_NO_STATES] = "no page states",  [R_NO_OWNERS] = "no page_owner",
	[R_LOST] = "events lost",	   [R_WRAPPED] = "wrapped log and trace",
	[R_LATE] = "pages read later",	   [R_LOG_ALONE] = "log alone",
	[R_PINS_SEEN] = "pins seen",	   [R_BOOTS] = "two boots",
	[R_SAMPLED] = "ltpin alloc",	   [R_INSTANT] = "module's messages",
	[R_UNMOVABLE] = "unmovable pages", [R_REFUSED] = "isolation refused",
};

uint64_t r_below(struct r_state *state, uint64_t n)
{
	/* xorshift64* */
	state->x ^= state->x >> 12;
	state->x ^= state->x << 25;
	state->x ^= state->x >> 27;
	return n ? (state->x * 0x2545f4914f6cdd1dull >> 16) % n : 0;
}

static bool r_one_in(struct r_state *state, uint64_t n)
{
	return !r_below(state, n);
}

static uint64_t random_gap(struct r_state *state)
{
	static const uint64_t gaps[] = { 300 * W_US, 4 * W_MS,	   30 * W_MS,
					 500 * W_MS, 3 * W_SECOND, 40 * W_SECOND };

	return gaps[r_below(state, 6)] + r_below(state, W_MS);
}

/* Few pages, so that what happens meets: three of one page, two folios, one in the second area. */
static void random_slots(struct r_state *state, struct w_script *script)
{
	const uint64_t base = w_area(0).start_pfn;

	for (unsigned int i = 0; i < 3; i++)
		script->slots[i].pfn = base + 4 * r_below(state, 512) + i;
	if (r_one_in(state, 6))
		script->slots[0].pfn = base + W_BLOCK * r_below(state, 4);
	if (r_one_in(state, 6))
		script->slots[1].pfn = base + 256 * r_below(state, 8);
	if (script->slots[1].pfn == script->slots[0].pfn)
		script->slots[1].pfn++;
	script->slots[3] = (struct w_slot){ base + 16 * r_below(state, 128), 4 };
	script->slots[4] = (struct w_slot){ base + W_BLOCK * r_below(state, 4), 9 };
	script->slots[5].pfn = w_area(1).start_pfn + r_below(state, 1024);
}

static enum w_who random_who(struct r_state *state)
{
	static const enum w_who who[] = { W_CAMERA,   W_CAMERA, W_NEWCOMER,
					  W_NEWCOMER, W_CHILD,	W_REBORN };

	return who[r_below(state, 6)];
}

static int random_slot(struct r_state *state, const struct w_script *script)
{
	static const int slots[] = { 0, 0, 0, 1, 1, 2, 3, 4 };

	if (script->nr_areas > 1 && r_one_in(state, 5))
		return 5;
	return slots[r_below(state, 8)];
}

static void random_attempt(struct r_state *state, const struct w_script *script,
			   struct w_event *event)
{
	static const uint64_t sizes[] = { 2048, 2048, 2048, 1024, 1024, 512, 300, 4096 };

	event->area = (int)r_below(state, (uint64_t)script->nr_areas);
	event->nr_pages = sizes[r_below(state, 8)];
	if (event->area && event->nr_pages < 4096)
		event->nr_pages /= 2;
	event->align = r_one_in(state, 3) ? 9 : 8;
	event->wait_ns = r_one_in(state, 4) ? 2 * W_SECOND : 0;
	event->is_quiet = r_one_in(state, 6);
	if (r_one_in(state, 8)) {
		event->err = r_one_in(state, 2) ? ENOMEM : EINTR;
		event->err_at = (unsigned int)r_below(state, 3);
	}
}

static enum w_hold random_hold(struct r_state *state)
{
	static const enum w_hold holds[] = { W_PIN, W_PIN, W_PIN, W_PIPE, W_DIRECT, W_BUFFER };

	return holds[r_below(state, 6)];
}

static void random_event(struct r_state *state, const struct w_script *script,
			 struct w_event *event)
{
	static const enum w_type types[] = {
		W_START,     W_EXIT,	W_FORK,	   W_ALLOC,   W_ALLOC,	 W_ALLOC,   W_CACHE,
		W_FREE,	     W_HOLD,	W_HOLD,	   W_HOLD,    W_HOLD,	 W_DROP,    W_DROP,
		W_MIGRATE,   W_ATTEMPT, W_ATTEMPT, W_ATTEMPT, W_ATTEMPT, W_RELEASE, W_RELEASE,
		W_UNISOLATE, W_SUSPEND, W_SHARE,   W_UNMAP,
	};

	event->type = types[r_below(state, sizeof(types) / sizeof(*types))];
	if (event->type == W_UNISOLATE && !r_one_in(state, 3))
		event->type = W_ATTEMPT;
	event->slot = random_slot(state, script);
	event->to_slot = random_slot(state, script);
	event->who = event->type == W_ALLOC && event->slot == 4 && r_one_in(state, 2)
			     ? W_KHUGEPAGED
			     : random_who(state);
	event->to_who = W_CHILD;
	event->hold = random_hold(state);
	if (event->type == W_HOLD && event->hold == W_BUFFER && !r_one_in(state, 4))
		event->hold = W_PIN;
	if (event->type == W_ATTEMPT)
		random_attempt(state, script, event);
	else
		event->area = (int)r_below(state, (uint64_t)script->nr_areas);
}

static struct w_event *add(struct w_script *script, uint64_t *ns, uint64_t gap, enum w_type type)
{
	struct w_event *event = &script->events[script->nr++];

	*ns += gap;
	*event = (struct w_event){ .at_ns = *ns, .type = type };
	return event;
}

/* A step of what often happens to a page that blocked; 0 slot is the page, 1 another like it. */
struct step {
	enum w_type type;
	int slot;
	enum w_who who;
	enum w_hold hold;
};

#define STEPS_MAX 7

/* What comes after a page blocked, so that evidence of now and truth of then differ. */
static const struct step motifs[][STEPS_MAX] = {
	/* it is released, and another gets and holds it */
	{ { W_DROP, 0, W_CAMERA, W_PIN },
	  { W_FREE, 0, W_CAMERA, 0 },
	  { W_ALLOC, 0, W_NEWCOMER, 0 },
	  { W_HOLD, 0, W_NEWCOMER, W_PIN } },
	/* a page that is older than the failure is moved there, and held */
	{ { W_DROP, 0, W_CAMERA, W_PIN },
	  { W_FREE, 0, W_CAMERA, 0 },
	  { W_MIGRATE, 1, 0, 0 },
	  { W_HOLD, 0, W_NEWCOMER, W_PIN } },
	/* it is given to a device in between */
	{ { W_DROP, 0, W_CAMERA, W_PIN },
	  { W_FREE, 0, W_CAMERA, 0 },
	  { W_ATTEMPT, 0, 0, 0 },
	  { W_RELEASE, 0, 0, 0 },
	  { W_ALLOC, 0, W_NEWCOMER, 0 },
	  { W_HOLD, 0, W_NEWCOMER, W_PIN } },
	/* one hold goes, and another comes */
	{ { W_DROP, 0, W_CAMERA, W_PIN }, { W_HOLD, 0, W_CAMERA, W_PIPE } },
	{ { W_DROP, 0, W_CAMERA, W_PIN }, { W_HOLD, 0, W_CAMERA, W_PIN } },
	/* a child has what its parent held */
	{ { W_FORK, 0, W_CAMERA, 0 }, { W_EXIT, 0, W_CAMERA, 0 }, { W_ATTEMPT, 0, 0, 0 } },
	{ { W_FORK, 0, W_CAMERA, 0 },
	  { W_DROP, 0, W_CAMERA, W_PIN },
	  { W_HOLD, 0, W_CHILD, W_PIN } },
	/* the number of its process is given again */
	{ { W_EXIT, 0, W_CAMERA, 0 },
	  { W_START, 0, W_REBORN, 0 },
	  { W_ALLOC, 0, W_REBORN, 0 },
	  { W_HOLD, 0, W_REBORN, W_PIN } },
	/* two hold it, and one lets go */
	{ { W_FORK, 0, W_CAMERA, 0 },
	  { W_HOLD, 0, W_CHILD, W_PIPE },
	  { W_ATTEMPT, 0, 0, 0 },
	  { W_DROP, 0, W_CAMERA, W_PIN } },
	/* latecomers */
	{ { W_ALLOC, 1, W_NEWCOMER, 0 }, { W_HOLD, 1, W_NEWCOMER, W_PIN }, { W_ATTEMPT, 0, 0, 0 } },
};

static void add_motif(struct r_state *state, struct w_script *script, uint64_t *ns, int slot)
{
	const struct step *steps = motifs[r_below(state, sizeof(motifs) / sizeof(*motifs))];
	const int other = slot == 0 ? 1 : slot == 1 ? 2 : 0;

	for (size_t i = 0; i < STEPS_MAX && (i == 0 || steps[i].type != W_START || steps[i].who);
	     i++) {
		struct w_event *event = add(script, ns, random_gap(state), steps[i].type);

		event->slot = steps[i].slot ? other : slot;
		event->to_slot = slot;
		event->who = steps[i].who;
		event->to_who = W_CHILD;
		event->hold = steps[i].hold;
		if (event->type == W_DROP && r_one_in(state, 8))
			event->hold = random_hold(state);
		if (event->type == W_ATTEMPT)
			random_attempt(state, script, event);
	}
}

/* Something blocks, is met, and goes its way. */
static void add_blocker(struct r_state *state, struct w_script *script, uint64_t *ns)
{
	const int slot = random_slot(state, script);
	struct w_event *event;

	if (r_one_in(state, 2)) {
		event = add(script, ns, random_gap(state), W_ALLOC);
		event->slot = slot == 0 ? 1 : slot == 1 ? 2 : 0;
		event->who = W_NEWCOMER;
	}
	add(script, ns, random_gap(state), W_ALLOC)->slot = slot;
	event = add(script, ns, random_gap(state), W_HOLD);
	event->slot = slot;
	event->hold = r_one_in(state, 5) ? random_hold(state) : W_PIN;
	event = add(script, ns, random_gap(state), W_ATTEMPT);
	random_attempt(state, script, event);
	event->area = slot == 5;
	if (!r_one_in(state, 3))
		add_motif(state, script, ns, slot);
}

void r_script(struct r_state *state, struct w_script *out)
{
	uint64_t ns = 2 * W_SECOND;
	size_t nr;

	*out = (struct w_script){ .kernel = (enum w_kernel)r_below(state, W_NR_KERNELS),
				  .nr_areas = r_one_in(state, 3) ? 2 : 1 };
	random_slots(state, out);
	add(out, &ns, random_gap(state), W_START)->who = W_CAMERA;
	if (!r_one_in(state, 5))
		add(out, &ns, random_gap(state), W_START)->who = W_NEWCOMER;
	if (!r_one_in(state, 5)) /* most begin with something that blocks */
		add_blocker(state, out, &ns);
	nr = 1 + r_below(state, 12);
	while (nr-- && out->nr < W_EVENTS - 4) {
		struct w_event *event = add(out, &ns, random_gap(state), W_START);

		random_event(state, out, event);
	}
	ns += 4 * W_SECOND + random_gap(state);
	out->seen_ns.log = out->seen_ns.states = out->seen_ns.owners = out->seen_ns.mappers = ns;
}

/* A page that somebody lets go, and the kernel gets; and is met, and may give it back. */
static void add_unmovable(struct r_state *state, struct w_script *script)
{
	const int slot = random_slot(state, script);
	uint64_t ns = script->events[r_below(state, script->nr)].at_ns;
	struct w_event *event = add(script, &ns, random_gap(state), W_UNMOVABLE);

	event->slot = slot;
	event->who = r_one_in(state, 2) ? W_CAMERA : W_VIDEO;
	event = add(script, &ns, random_gap(state), W_ATTEMPT);
	random_attempt(state, script, event);
	event->area = slot == 5;
	if (r_one_in(state, 2))
		add(script, &ns, random_gap(state), W_FREE)->slot = slot;
}

static void add_refused(struct r_state *state, struct w_script *script)
{
	uint64_t ns = script->events[r_below(state, script->nr)].at_ns;

	add(script, &ns, random_gap(state), W_REFUSE);
	random_attempt(state, script, add(script, &ns, random_gap(state), W_ATTEMPT));
}

static void read_after(struct w_script *script)
{
	uint64_t last = 0;

	for (size_t i = 0; i < script->nr; i++)
		last = script->events[i].at_ns > last ? script->events[i].at_ns : last;
	if (last + 4 * W_SECOND > script->seen_ns.log)
		script->seen_ns.log = script->seen_ns.states = script->seen_ns.owners =
			script->seen_ns.mappers = last + 4 * W_SECOND;
}

void r_season(struct r_state *state, enum r_stratum stratum, struct w_script *script)
{
	for (int i = 0; i < 2 && script->nr + 3 < W_EVENTS; i++) {
		if (stratum == R_UNMOVABLE)
			add_unmovable(state, script);
		if (stratum == R_REFUSED)
			add_refused(state, script);
	}
	for (size_t i = 0; i < script->nr; i++)
		if (stratum == R_SAMPLED && script->events[i].type == W_ATTEMPT)
			script->events[i].is_ours = !r_one_in(state, 3);
	read_after(script);
}

void r_mutate(struct r_state *state, struct w_script *script)
{
	struct w_event *event = &script->events[r_below(state, script->nr)];
	uint64_t ns = event->at_ns + r_below(state, 5) * random_gap(state);

	switch (r_below(state, 6)) {
	case 0: /* it never happened */
		event->type = W_NR_TYPES;
		break;
	case 1:
		event->hold = random_hold(state);
		break;
	case 2:
		event->who = random_who(state);
		break;
	case 3:
		event->at_ns = ns;
		break;
	default: /* something else happened too */
		if (script->nr == W_EVENTS)
			break;
		event = &script->events[script->nr++];
		*event = (struct w_event){ 0 };
		random_event(state, script, event);
		event->at_ns = ns;
		if (event->type == W_ATTEMPT)
			event->type = W_DROP;
	}
}

/* The reading comes between two events, and what is read later, after some more. */
static void read_late(struct r_state *state, struct w_script *script)
{
	size_t at = script->nr - 1 - r_below(state, script->nr / 2);

	script->seen_ns.log = script->events[at].at_ns + 30 * W_MS;
	script->seen_ns.states = script->seen_ns.log + 4 * W_MS + r_below(state, 2 * W_SECOND);
	script->seen_ns.owners = script->seen_ns.states + 4 * W_MS + r_below(state, 2 * W_SECOND);
	script->seen_ns.mappers = script->seen_ns.owners + 4 * W_MS + r_below(state, 2 * W_SECOND);
}

void r_mask(struct r_state *state, enum r_stratum stratum, struct w_script *script,
	    struct e_mask *out)
{
	*out = (struct e_mask)E_EVERYTHING;
	switch (stratum) {
	case R_NO_TRACE:
		out->trace = false;
		break;
	case R_NO_STATES:
		out->states = false;
		break;
	case R_NO_OWNERS:
		out->owners = false;
		break;
	case R_LOST:
		out->lost_at = (unsigned int)r_below(state, 20);
		out->nr_lost = 1 + (unsigned int)r_below(state, 6);
		break;
	case R_WRAPPED:
		out->nr_log_lost = (unsigned int)r_below(state, 6);
		out->nr_trace_lost = (unsigned int)r_below(state, 20);
		break;
	case R_LATE:
		read_late(state, script);
		break;
	case R_LOG_ALONE:
		out->trace = out->states = out->owners = out->mappers = out->counters = false;
		out->debugfs = r_one_in(state, 2);
		break;
	case R_PINS_SEEN:
		out->calls = true;
		if (r_one_in(state, 2))
			out->calls_from_ns = script->events[r_below(state, script->nr)].at_ns;
		break;
	case R_SAMPLED:
	case R_BOOTS:
		out->attempts = true;
		break;
	case R_INSTANT:
		out->instants = true;
		break;
	case R_UNMOVABLE:
	case R_REFUSED:
	case R_FULL:
	case R_NR:
		break;
	}
}
