// SPDX-License-Identifier: GPL-2.0-or-later
/* Plays random histories and their twins, and prints those that a report is wrong about. */
#include "history.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Changes to a history that are tried; about one in five cannot be seen, and makes a twin. */
#define NR_MUTANTS 24

#define SHOWN_MAX 12

static double seconds(uint64_t ns)
{
	return (double)ns / 1e9;
}

static void print_event(const struct w_script *script, const struct w_event *event)
{
	static const char *const types[] = {
		"start",   "exit",    "fork",	   "alloc",  "cache",	"unmovable",
		"free",	   "share",   "unmap",	   "hold",   "drop",	"migrate",
		"attempt", "release", "unisolate", "refuse", "suspend", "nothing",
	};
	static const char *const who[] = { "camera", "newcomer", "child",
					   "reborn", "video",	 "khugepaged" };
	static const char *const holds[] = { "pin", "pipe", "O_DIRECT", "buffer", "own" };

	printf("# %12.6f %-9s", seconds(event->at_ns), types[event->type]);
	switch (event->type) {
	case W_ATTEMPT:
		printf("%" PRIu64 " pages of %s, align %u", event->nr_pages,
		       w_area_name(event->area), event->align);
		if (event->err)
			printf(", errno %d in range %u", event->err, event->err_at);
		printf("%s%s%s\n", event->wait_ns ? ", waits" : "",
		       event->is_quiet ? ", quiet" : "", event->is_ours ? ", ltpin alloc" : "");
		return;
	case W_FORK:
		printf("%s %s", who[event->who], who[event->to_who]);
		break;
	case W_START:
	case W_EXIT:
		printf("%s", who[event->who]);
		break;
	case W_RELEASE:
		printf("%s", w_area_name(event->area));
		break;
	default:
		printf("0x%" PRIx64 " %s %s", script->slots[event->slot].pfn, who[event->who],
		       event->type == W_HOLD || event->type == W_DROP ? holds[event->hold] : "");
	}
	if (event->type == W_MIGRATE)
		printf(" to 0x%" PRIx64, script->slots[event->to_slot].pfn);
	printf("\n");
}

void h_print_script(const struct w_script *script)
{
	static const char *const kernels[] = { "5.10", "6.1", "6.12", "7.2" };

	printf("# kernel %s\n", kernels[script->kernel]);
	for (size_t i = 0; i < script->nr; i++)
		print_event(script, &script->events[i]);
	printf("# %12.6f log read, %.6f states, %.6f owners, %.6f mappers\n",
	       seconds(script->seen_ns.log), seconds(script->seen_ns.states),
	       seconds(script->seen_ns.owners), seconds(script->seen_ns.mappers));
}

static void print_windows(const struct w_world *world)
{
	static const char *const results[] = { "got", "blocked", "not isolated", "ended",
					       "refused" };

	for (size_t i = 0; i < world->nr_attempts; i++)
		for (size_t j = 0; j < world->attempts[i].nr_windows; j++) {
			const struct w_window *window = &world->attempts[i].windows[j];

			printf("#   request %zu, %.6f: 0x%" PRIx64 "-0x%" PRIx64 " %s 0x%" PRIx64
			       "\n",
			       i, seconds(window->ts_ns), window->pfns.start_pfn,
			       window->pfns.end_pfn, results[window->result], window->fin_pfn);
		}
}

static const struct v_statement *find_wrong(const struct verdict *verdict)
{
	for (size_t i = 0; i < verdict->nr; i++)
		if (verdict->v[i].confidence == LT_PROVEN && !verdict->v[i].is_true)
			return &verdict->v[i];
	return NULL;
}

/* One history, and what is needed to hold truths against its report. */
struct play {
	struct h_run *run;
	uint64_t seed;
	enum r_stratum stratum;
	struct w_script script, before; /* of the boot before */
	struct w_world earlier;
	struct e_mask mask;
	struct evidence evidence;
	struct lt_report *report;
	bool is_shown;
};

static void hold(struct play *play, const struct w_world *world, bool is_twin)
{
	const struct v_statement *wrong;
	struct verdict verdict;

	verdict_make(world, &play->mask, play->report, &verdict);
	calibration_add(&play->run->calibration, play->stratum, &verdict, is_twin);
	wrong = find_wrong(&verdict);
	if (!wrong || play->is_shown || play->run->nr_shown >= SHOWN_MAX)
		return;
	play->run->nr_shown++;
	play->is_shown = true;
	printf("# seed %" PRIu64 ", %s%s: not true, and proven: %s\n# %s\n", play->seed,
	       r_stratum_names[play->stratum], is_twin ? ", of a twin" : "", wrong->text,
	       play->report->headline);
	h_print_script(world->script);
	print_windows(world);
}

static void try_twins(struct play *play, struct r_state *state)
{
	for (int i = 0; i < NR_MUTANTS; i++) {
		struct w_script other = play->script;
		struct evidence same;
		struct w_world world;

		for (int j = 0; j <= i % 3; j++)
			r_mutate(state, &other);
		w_world_run(&other, &world);
		evidence_make(&world, &play->mask, &same);
		if (evidence_is_same(&play->evidence, &same))
			hold(play, &world, true);
		evidence_free(&same);
	}
}

/* Half of what was saved is of the boot before; the kernel is the same. */
static void play_earlier(struct play *play, struct r_state *state)
{
	if (play->stratum != R_BOOTS)
		return;
	r_script(state, &play->before);
	r_season(state, R_SAMPLED, &play->before);
	play->before.kernel = play->script.kernel;
	play->before.nr_areas = play->script.nr_areas;
	w_world_run(&play->before, &play->earlier);
	play->mask.earlier = &play->earlier;
	play->mask.is_earlier_saved = r_below(state, 2);
}

static void play_seed(struct h_run *run, uint64_t seed)
{
	struct r_state state = { (seed + 1) * 0x9e3779b97f4a7c15ull };
	struct play play = { .run = run, .seed = seed, .stratum = (enum r_stratum)(seed % R_NR) };
	struct lt_snapshot *snap;
	struct w_world world;

	r_script(&state, &play.script);
	r_season(&state, play.stratum, &play.script);
	r_mask(&state, play.stratum, &play.script, &play.mask);
	play_earlier(&play, &state);
	w_world_run(&play.script, &world);
	evidence_make(&world, &play.mask, &play.evidence);
	snap = reading_make(&run->reading, &play.evidence);
	if (run->spoil)
		run->spoil(snap);
	if (lt_report_make(snap, &play.report))
		abort();
	hold(&play, &world, false);
	try_twins(&play, &state);
	lt_report_free(play.report);
	reading_free(snap);
	evidence_free(&play.evidence);
}

void h_run(struct h_run *run, uint64_t seed, unsigned int nr)
{
	reading_init(&run->reading);
	for (unsigned int i = 0; i < nr; i++)
		play_seed(run, seed + i);
	reading_fini(&run->reading);
}

int h_test(uint64_t seed, unsigned int nr)
{
	const char *runs = getenv("HISTORY_RUNS"), *first = getenv("HISTORY_SEED");
	struct h_run run = { 0 };
	bool is_proven, is_likely;

	seed = first ? strtoull(first, NULL, 0) : seed;
	nr = runs ? (unsigned int)strtoul(runs, NULL, 0) : nr;
	printf("1..2\n# %u histories from seed %" PRIu64 " on (HISTORY_RUNS, HISTORY_SEED)\n", nr,
	       seed);
	h_run(&run, seed, nr);
	calibration_print(&run.calibration);
	is_proven = calibration_is_proven(&run.calibration);
	is_likely = calibration_is_likely(&run.calibration);
	printf("%sok 1 - what is called proven is true, in every twin too\n",
	       is_proven ? "" : "not ");
	printf("%sok 2 - what is called likely is right in four of five\n",
	       is_likely ? "" : "not ");
	return !is_proven || !is_likely;
}
