// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * All small histories of one page, in groups of the same evidence. A statement that is true in each
 * history of a group is decidable from that evidence: most of these must be reported as proven. One
 * that is called proven must be true in each of them.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "history.h"

/* Who has the page, and since when, compared with the point before. */
enum having {
	A_SAME,
	A_BRIDGED,  /* and at no time nothing held it */
	A_CAMERA,   /* it was freed, and camera got it again */
	A_NEWCOMER, /* or newcomer did */
	A_SHARED,   /* it is still the same, and newcomer maps it now, not camera */
	A_MIGRATED, /* or newcomer's page, which is older than all this, was moved there */
	A_FREE,
	A_NR,
};

/* What holds it. */
enum holds {
	H_NONE,
	H_PIN,
	H_PIPE,
	H_BOTH,
	H_TWO_PINS,
	H_PIN_PASSED_ON, /* the descriptor is another's now, who never mapped the page */
	H_PIN_OF_CHILD,
	H_NR,
};

#define NR_BEFORE (2 * H_NR)
#define NR_AFTER (A_NR * H_NR)
#define NR_SCRIPTS (NR_BEFORE * NR_AFTER * 2 + NR_BEFORE * NR_AFTER * NR_AFTER)
#define PFN 0x10228

static void add(struct w_script *script, double at, enum w_type type, enum w_who who,
		enum w_hold hold)
{
	struct w_event *event = &script->events[script->nr++];

	*event = (struct w_event){ .at_ns = (uint64_t)(at * 1e9),
				   .type = type,
				   .who = who,
				   .to_who = W_CHILD,
				   .hold = hold,
				   .nr_pages = 2048,
				   .align = 8 };
	if (type == W_MIGRATE)
		event->slot = 1;
}

static void add_holds(struct w_script *script, double at, enum having having, enum holds holds)
{
	static const struct {
		enum w_who who;
		enum w_hold hold;
		bool is_passed;
	} kinds[H_NR][2] = {
		[H_PIN] = { { W_CAMERA, W_PIN, false } },
		[H_PIPE] = { { W_CAMERA, W_PIPE, false } },
		[H_BOTH] = { { W_CAMERA, W_PIN, false }, { W_CAMERA, W_PIPE, false } },
		[H_TWO_PINS] = { { W_CAMERA, W_PIN, false }, { W_CAMERA, W_PIN, false } },
		[H_PIN_PASSED_ON] = { { W_VIDEO, W_PIN, true } },
		[H_PIN_OF_CHILD] = { { W_CHILD, W_PIN, true } },
	};
	const bool is_newcomers = having >= A_NEWCOMER;

	for (size_t i = 0; i < 2; i++) {
		enum w_who who = kinds[holds][i].who;

		if (holds == H_NONE || (i && holds != H_BOTH && holds != H_TWO_PINS))
			break;
		add(script, at + (double)i / 1000, W_HOLD,
		    is_newcomers && !kinds[holds][i].is_passed ? W_NEWCOMER : who,
		    kinds[holds][i].hold);
	}
}

/* From one point to the next: all holds end, perhaps the page goes to somebody, and holds begin. */
static void add_point(struct w_script *script, double at, enum having having, enum holds holds)
{
	const bool is_same = having == A_BRIDGED || having == A_SHARED;

	if (is_same)
		add(script, at - 0.001, W_HOLD, W_VIDEO, W_DIRECT);
	add(script, at, W_DROP, W_CAMERA, W_PIN);
	add(script, at + 0.001, W_DROP, W_CAMERA, W_PIPE);
	if (is_same)
		add(script, at + 0.006, W_DROP, W_VIDEO, W_DIRECT);
	else if (having != A_SAME)
		add(script, at + 0.002, W_FREE, W_CAMERA, 0);
	if (having == A_CAMERA || having == A_NEWCOMER)
		add(script, at + 0.003, W_ALLOC, having == A_CAMERA ? W_CAMERA : W_NEWCOMER, 0);
	if (having == A_MIGRATED)
		add(script, at + 0.003, W_MIGRATE, W_NEWCOMER, 0);
	if (having == A_SHARED) {
		add(script, at + 0.002, W_SHARE, W_NEWCOMER, 0);
		add(script, at + 0.003, W_UNMAP, W_CAMERA, 0);
		add(script, at + 0.003, W_UNMAP, W_CHILD, 0);
	}
	add_holds(script, at + 0.004, having, holds);
}

static void make_script(unsigned int number, enum w_kernel kernel, struct w_script *out)
{
	const uint64_t read_ns = 100 * W_SECOND;
	unsigned int before = number % NR_BEFORE, after = number / NR_BEFORE % NR_AFTER;
	unsigned int end = number / NR_BEFORE / NR_AFTER;

	*out = (struct w_script){
		.kernel = kernel,
		.nr_areas = 1,
		.slots = W_SLOTS_AT(PFN),
		.seen_ns = { read_ns, read_ns, read_ns, read_ns },
	};
	add(out, 1, W_START, W_CAMERA, 0);
	add(out, 1, W_START, W_NEWCOMER, 0);
	add(out, 1.1, W_ALLOC, W_NEWCOMER, 0);
	out->events[2].slot = 1;
	add(out, 2, W_ALLOC, W_CAMERA, 0);
	if (before % 2)
		add(out, 2.5, W_FORK, W_CAMERA, 0);
	add_holds(out, 3, A_SAME, (enum holds)(before / 2));
	add(out, 10, W_ATTEMPT, W_VIDEO, 0);
	add_point(out, 20, (enum having)(after / H_NR), (enum holds)(after % H_NR));
	if (end == 1)
		add(out, 30, W_EXIT, W_CAMERA, 0);
	if (end < 2)
		return;
	add(out, 40, W_ATTEMPT, W_VIDEO, 0);
	add(out, 41, W_RELEASE, W_VIDEO, 0);
	end -= 2;
	add_point(out, 50, (enum having)(end / H_NR), (enum holds)(end % H_NR));
}

struct entry {
	uint64_t hash;
	unsigned int number;
};

static struct entry entries[NR_SCRIPTS];

struct tally {
	unsigned int nr_groups, nr_decidable[V_NR_KINDS], nr_reported[V_NR_KINDS], nr_wrong;
};

static uint64_t hash_of(const struct evidence *evidence)
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (unsigned int i = 0; i < E_NR; i++)
		for (size_t j = 0; j < evidence->files[i].len; j++)
			hash = (hash ^ (unsigned char)evidence->files[i].text[j]) * 0x100000001b3u;
	return hash;
}

static int by_hash(const void *a, const void *b)
{
	const struct entry *left = a, *right = b;

	if (left->hash != right->hash)
		return left->hash < right->hash ? -1 : 1;
	return (left->number > right->number) - (left->number < right->number);
}

static void make(unsigned int number, enum w_kernel kernel, const struct e_mask *mask,
		 struct w_script *script, struct w_world *world, struct evidence *evidence)
{
	make_script(number, kernel, script);
	w_world_run(script, world);
	evidence_make(world, mask, evidence);
}

/* A group: histories that leave the same evidence. */
struct group {
	enum w_kernel kernel;
	const struct e_mask *mask;
	const struct entry *first;
	size_t nr;
	struct evidence evidence;
	struct lt_report *report;
	struct verdict verdict; /* of the first of them */
};

static const struct {
	enum v_kind kind;
	int value;
} candidates[] = {
	{ V_BLOCKED, 0 },
	{ V_STATE, LT_STATE_HELD_SINCE },
	{ V_STATE, LT_STATE_RELEASED },
	{ V_HOLD, LT_PIN_PINNED },
	{ V_HOLD, LT_PIN_EXTRA_REF },
	{ V_HOLDER, 812 },
	{ V_HOLDER, 813 },
	{ V_HOLDER, 900 },
};

#define NR_CANDIDATES (sizeof(candidates) / sizeof(*candidates))

/* What is reused was released. */
static int value_of(const struct v_statement *statement)
{
	return statement->kind == V_STATE && statement->value == LT_STATE_REUSED ? LT_STATE_RELEASED
										 : statement->value;
}

static bool is_reported(const struct group *group, size_t candidate, size_t request)
{
	for (size_t i = 0; i < group->verdict.nr; i++) {
		const struct v_statement *statement = &group->verdict.v[i];

		if (statement->kind == candidates[candidate].kind &&
		    statement->request == request && statement->confidence == LT_PROVEN &&
		    value_of(statement) == candidates[candidate].value)
			return true;
	}
	return false;
}

/* Which statements stay true in each history of the group; what is proven must. */
static void judge_group(struct group *group, struct tally *tally)
{
	bool is_decidable[NR_CANDIDATES][W_ATTEMPTS];
	struct w_script script;
	struct w_world world;
	size_t nr_requests = 0;

	memset(is_decidable, 1, sizeof(is_decidable));
	for (size_t i = 0; i < group->nr; i++) {
		struct evidence same;
		struct verdict verdict;

		make(group->first[i].number, group->kernel, group->mask, &script, &world, &same);
		if (!evidence_is_same(&group->evidence, &same))
			abort(); /* two of one hash: choose another */
		evidence_free(&same);
		nr_requests = world.nr_attempts;
		for (size_t c = 0; c < NR_CANDIDATES; c++)
			for (size_t r = 0; r < nr_requests; r++)
				is_decidable[c][r] &= world.attempts[r].err &&
						      verdict_is_true(&world, candidates[c].kind, r,
								      PFN, candidates[c].value);
		verdict_make(&world, group->mask, group->report, &verdict);
		for (size_t j = 0; j < verdict.nr; j++)
			if (verdict.v[j].confidence == LT_PROVEN && !verdict.v[j].is_true &&
			    tally->nr_wrong++ < 3) {
				printf("# proven, and not true: %s\n# %s\n", verdict.v[j].text,
				       group->report->headline);
				h_print_script(&script);
			}
		if (!i)
			group->verdict = verdict;
	}
	for (size_t c = 0; c < NR_CANDIDATES; c++)
		for (size_t r = 0; r < nr_requests; r++) {
			if (!is_decidable[c][r])
				continue;
			tally->nr_decidable[candidates[c].kind]++;
			tally->nr_reported[candidates[c].kind] += is_reported(group, c, r);
		}
	tally->nr_groups++;
}

static void play(enum w_kernel kernel, const struct e_mask *mask, struct tally *tally)
{
	struct reading reading;
	struct w_script script;
	struct w_world world;

	for (unsigned int i = 0; i < NR_SCRIPTS; i++) {
		struct evidence evidence;

		make(i, kernel, mask, &script, &world, &evidence);
		entries[i] = (struct entry){ hash_of(&evidence), i };
		evidence_free(&evidence);
	}
	qsort(entries, NR_SCRIPTS, sizeof(*entries), by_hash);
	reading_init(&reading);
	for (size_t i = 0, nr; i < NR_SCRIPTS; i += nr) {
		struct group group = { .kernel = kernel, .mask = mask, .first = &entries[i] };
		struct lt_snapshot *snap;

		for (nr = 1; i + nr < NR_SCRIPTS && entries[i + nr].hash == entries[i].hash; nr++)
			;
		group.nr = nr;
		make(entries[i].number, kernel, mask, &script, &world, &group.evidence);
		snap = reading_make(&reading, &group.evidence);
		if (lt_report_make(snap, &group.report))
			abort();
		judge_group(&group, tally);
		lt_report_free(group.report);
		reading_free(snap);
		evidence_free(&group.evidence);
	}
	reading_fini(&reading);
}

static const struct {
	const char *name;
	enum w_kernel kernel;
	struct e_mask mask;
} strata[] = {
	{ "6.12, everything", W_6_12, E_EVERYTHING },
	{ "6.12, no page_owner",
	  W_6_12,
	  { .log = true,
	    .trace = true,
	    .states = true,
	    .mappers = true,
	    .counters = true,
	    .debugfs = true } },
	{ "6.12, no page states",
	  W_6_12,
	  { .log = true,
	    .trace = true,
	    .owners = true,
	    .mappers = true,
	    .counters = true,
	    .debugfs = true } },
	{ "5.10, everything", W_5_10, E_EVERYTHING },
};

#define NR_STRATA (sizeof(strata) / sizeof(*strata))

int main(void)
{
	unsigned int nr_wrong = 0, nr_decidable = 0, nr_reported = 0;
	bool is_enough;

	printf("1..2\n# %d histories\n# %-22s %7s", NR_SCRIPTS, "evidence", "groups");
	for (int kind = V_BLOCKED; kind <= V_HOLDER; kind++)
		printf(" %16s", v_kind_names[kind]);
	printf("\n");
	for (size_t i = 0; i < NR_STRATA; i++) {
		struct tally tally = { 0 };

		play(strata[i].kernel, &strata[i].mask, &tally);
		printf("# %-22s %7u", strata[i].name, tally.nr_groups);
		for (int kind = V_BLOCKED; kind <= V_HOLDER; kind++) {
			printf("    %5u of %5u", tally.nr_reported[kind], tally.nr_decidable[kind]);
			nr_decidable += tally.nr_decidable[kind];
			nr_reported += tally.nr_reported[kind];
		}
		printf("\n");
		nr_wrong += tally.nr_wrong;
	}
	is_enough = nr_reported >= nr_decidable * 0.9;
	printf("%sok 1 - what is called proven is true in each history of that evidence\n",
	       nr_wrong ? "not " : "");
	printf("# of %u statements that the evidence decides %u are called proven\n", nr_decidable,
	       nr_reported);
	printf("%sok 2 - nine in ten of what the evidence decides is called proven\n",
	       is_enough ? "" : "not ");
	return nr_wrong || !is_enough;
}
