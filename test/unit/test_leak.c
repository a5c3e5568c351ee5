// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests lib/analyse/leak.c on generated histories: drivers allocate and release by a policy, the
 * kernel traces it, and some of that is lost. Leaks are named by their stack; fragmentation of any
 * kind is never called a leak, whatever is missing. LEAK_SEEDS runs more of each.
 */
#include "judge.h"

#include <inttypes.h>

#include "analyse/leak.h"
#include "source/trace/trace.h"

#define FIRST_PFN 0x10000u
#define AREA_PAGES 16384u
#define LENGTH_US UINT64_C(120000000)
#define ACTORS_MAX 4
#define HELD_MAX 256

static uint64_t next_random(uint64_t *x)
{
	*x += UINT64_C(0x9e3779b97f4a7c15);
	uint64_t z = (*x ^ (*x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);

	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static uint64_t below(uint64_t *x, uint64_t n)
{
	return next_random(x) % n;
}

enum policy {
	FIFO,	/* the oldest goes when there are @cap */
	LIFO,	/* the newest goes */
	RANDOM, /* any */
	ALL,	/* all go when there are @cap */
	HOLD,	/* @cap are kept for ever */
	EXPIRE, /* each lives as long as it happens to */
};

/**
 * struct driver - how a driver uses device memory
 * @cap:	 buffers that it keeps
 * @least, @most: pages of one
 * @period_us:	 between two requests
 * @grows_until: percent of the time in which @cap is reached step by step; 0: at once
 * @doubles_at:	 percent of the time after which it keeps twice as many; 0: never
 * @steps:	 it keeps so many more each time one of @steps equal times has gone
 * @falls:	 the number of buffers rises up to the middle, and falls then
 * @has_parts:	 each buffer is released in two parts
 * @is_stackless: the trace has no stack of it
 * @leak_of:	 one of so many is never released; 0: none
 * @leak_from:	 percent of the time after which that begins
 * @rest:	 pages of each that are never released
 */
struct driver {
	const char *name;
	enum policy policy;
	unsigned int cap, least, most, period_us;
	unsigned int grows_until, doubles_at, steps;
	bool falls, has_parts, is_stackless;
	unsigned int leak_of, leak_from, rest;
};

#define DRIVER(n, p, c, l, m, us) \
	.name = (n), .policy = (p), .cap = (c), .least = (l), .most = (m), .period_us = (us)

/* clang-format off */
static const struct driver fragmenting[] = {
	{ DRIVER("two buffers", FIFO, 2, 64, 64, 300000) },
	{ DRIVER("three buffers of any size", FIFO, 3, 1, 256, 300000) },
	{ DRIVER("a deep queue", FIFO, 32, 16, 64, 300000) },
	{ DRIVER("a stack", LIFO, 12, 8, 128, 300000) },
	{ DRIVER("a cache", RANDOM, 24, 8, 64, 200000) },
	{ DRIVER("a small cache", RANDOM, 4, 1, 512, 200000) },
	{ DRIVER("bursts", ALL, 16, 8, 64, 100000) },
	{ DRIVER("large bursts", ALL, 40, 16, 64, 250000) },
	{ DRIVER("sessions", ALL, 6, 64, 256, 800000) },
	{ DRIVER("a pool for ever", HOLD, 16, 64, 64, 1000) },
	{ DRIVER("a pool filled slowly", HOLD, 24, 32, 32, 300000), .grows_until = 50 },
	{ DRIVER("a queue that grows to its size", FIFO, 24, 16, 64, 300000), .grows_until = 50 },
	{ DRIVER("a stack that grows to its size", LIFO, 24, 16, 64, 300000), .grows_until = 50 },
	{ DRIVER("two resolutions", FIFO, 8, 32, 256, 300000), .doubles_at = 40 },
	{ DRIVER("a second stream", RANDOM, 8, 32, 64, 200000), .doubles_at = 30 },
	{ DRIVER("load that comes and goes", FIFO, 32, 8, 64, 250000), .falls = true },
	{ DRIVER("load that grows", FIFO, 48, 8, 32, 250000), .grows_until = 100 },
	{ DRIVER("long lives, load that grows", EXPIRE, 250, 1, 16, 400000), .grows_until = 100 },
	{ DRIVER("a queue that holds for long", FIFO, 100, 8, 32, 600000) },
	{ DRIVER("a pool in four steps", LIFO, 8, 8, 32, 200000), .steps = 4 },
	{ DRIVER("any life", EXPIRE, 64, 1, 128, 200000) },
	{ DRIVER("any life, large", EXPIRE, 24, 128, 512, 500000) },
	{ DRIVER("released in parts", FIFO, 8, 64, 128, 300000), .has_parts = true },
	{ DRIVER("a stack in parts", LIFO, 8, 32, 128, 300000), .has_parts = true },
	{ DRIVER("single pages", RANDOM, 64, 1, 1, 100000) },
	{ DRIVER("without a stack", FIFO, 12, 8, 64, 300000), .is_stackless = true },
};

static const struct driver leaking[] = {
	{ DRIVER("nothing is released", HOLD, HELD_MAX, 16, 64, 1500000), .leak_of = 1 },
	{ DRIVER("one of five", FIFO, 4, 16, 64, 300000), .leak_of = 5 },
	{ DRIVER("one of twelve, of any life", EXPIRE, 16, 8, 32, 200000), .leak_of = 12 },
	{ DRIVER("one of six of a stack", LIFO, 6, 8, 64, 300000), .leak_of = 6 },
	{ DRIVER("a page of each", FIFO, 4, 16, 64, 300000), .rest = 1 },
	{ DRIVER("one of four bursts", ALL, 8, 8, 32, 150000), .leak_of = 9 },
	{ DRIVER("from the middle on", FIFO, 4, 8, 32, 200000), .leak_of = 6, .leak_from = 50 },
	{ DRIVER("growing buffers", FIFO, 3, 1, 48, 300000), .leak_of = 7, .grows_until = 100 },
	{ DRIVER("without a stack", FIFO, 4, 16, 64, 300000), .leak_of = 5, .is_stackless = true },
};
/* clang-format on */

struct held {
	unsigned int pfn, nr_pages;
	uint64_t due_us;
};

struct actor {
	const struct driver *driver;
	unsigned int index, nr_requests;
	struct held held[HELD_MAX];
	size_t nr_held;
};

struct line {
	uint64_t us;
	size_t nr; /* in the order of making */
	unsigned int cpu;
	bool is_mark;
	char text[400];
};

LT_VEC_OF(lines, struct line);

struct history {
	uint64_t x;
	unsigned char owner[AREA_PAGES]; /* of each page: actor + 1 */
	struct actor actors[ACTORS_MAX];
	size_t nr_actors;
	struct lines lines;
	bool is_late; /* releases are traced late */
	bool is_5_10; /* areas have no names */
	bool has_end; /* whoever reads the trace knows how far it goes */
};

static void emit(struct history *h, uint64_t us, const struct actor *actor, const char *what)
{
	struct line *line = lt_vec_push(&h->lines);

	assert_non_null(line);
	line->us = us;
	line->nr = h->lines.nr;
	line->cpu = actor->index % 2;
	snprintf(line->text, sizeof(line->text), "%12s%u-%u [%03u] ..... %" PRIu64 ".%06u: %s",
		 "drv", actor->index, 100 + actor->index, line->cpu, us / 1000000,
		 (unsigned int)(us % 1000000), what);
}

static void emit_request(struct history *h, uint64_t us, const struct actor *actor,
			 const struct held *got)
{
	const char *name = h->is_5_10 ? "" : "name=reserved ";
	char text[256], stack[256] = "";

	if (!actor->driver->is_stackless)
		snprintf(stack, sizeof(stack),
			 "%12s%u-%u [%03u] ..... %" PRIu64 ".%06u: <stack trace>\n => cma_alloc\n"
			 " => dma_alloc_contiguous\n => driver%u_get\n => kthread\n",
			 "drv", actor->index, 100 + actor->index, actor->index % 2, us / 1000000,
			 (unsigned int)(us % 1000000), actor->index);
	if (!h->is_5_10) {
		snprintf(text, sizeof(text), "cma_alloc_start: %scount=%u align=0\n", name,
			 got->nr_pages);
		emit(h, us, actor, text);
		strncat(h->lines.v[h->lines.nr - 1].text, stack,
			sizeof(h->lines.v->text) - strlen(h->lines.v[h->lines.nr - 1].text) - 1);
	}
	snprintf(text, sizeof(text),
		 "cma_alloc%s: %spfn=0x%x page=00000000abcd count=%u align=0%s\n",
		 h->is_5_10 ? "" : "_finish", name, got->pfn, got->nr_pages,
		 h->is_5_10 ? "" : " errorno=0");
	emit(h, us + 1, actor, text);
	if (h->is_5_10)
		strncat(h->lines.v[h->lines.nr - 1].text, stack,
			sizeof(h->lines.v->text) - strlen(h->lines.v[h->lines.nr - 1].text) - 1);
}

static void emit_release(struct history *h, uint64_t us, const struct actor *actor,
			 unsigned int pfn, unsigned int nr_pages)
{
	char text[160];

	memset(h->owner + pfn - FIRST_PFN, 0, nr_pages);
	snprintf(text, sizeof(text), "cma_release: %spfn=0x%x page=00000000abcd count=%u\n",
		 h->is_5_10 ? "" : "name=reserved ", pfn, nr_pages);
	emit(h, h->is_late ? us + 40 : us, actor, text);
}

static void release(struct history *h, uint64_t us, struct actor *actor, size_t i)
{
	const struct held held = actor->held[i];
	const unsigned int half = actor->driver->has_parts ? held.nr_pages / 2 : 0;

	memmove(actor->held + i, actor->held + i + 1,
		(--actor->nr_held - i) * sizeof(*actor->held));
	if (half)
		emit_release(h, us - 50000, actor, held.pfn, half);
	emit_release(h, us, actor, held.pfn + half, held.nr_pages - half - actor->driver->rest);
}

/* First fit, as cma_alloc() does. */
static bool find_room(const struct history *h, unsigned int nr_pages, unsigned int *pfn)
{
	unsigned int run = 0;

	for (unsigned int i = 0; i < AREA_PAGES; i++) {
		run = h->owner[i] ? 0 : run + 1;
		if (run == nr_pages) {
			*pfn = FIRST_PFN + i + 1 - nr_pages;
			return true;
		}
	}
	return false;
}

static unsigned int cap_at(const struct driver *driver, uint64_t us)
{
	unsigned int percent = (unsigned int)(us * 100 / LENGTH_US);

	if (driver->falls)
		return 1 + driver->cap * (percent < 50 ? percent : 100 - percent) / 50;
	if (driver->grows_until && !driver->leak_of && percent < driver->grows_until)
		return 1 + driver->cap * percent / driver->grows_until;
	if (driver->steps)
		return driver->cap * (1 + percent * driver->steps / 100);
	return driver->doubles_at && percent >= driver->doubles_at ? driver->cap * 2 : driver->cap;
}

static void make_room(struct history *h, uint64_t us, struct actor *actor, unsigned int cap)
{
	const bool is_full = actor->nr_held >= cap;

	for (size_t i = 0; actor->driver->policy == EXPIRE && i < actor->nr_held;) {
		if (actor->held[i].due_us <= us)
			release(h, us, actor, i);
		else
			i++;
	}
	if (!is_full || actor->driver->policy == HOLD)
		return;
	while (actor->nr_held && (actor->driver->policy == ALL || actor->nr_held >= cap))
		release(h, us, actor,
			actor->driver->policy == LIFO	  ? actor->nr_held - 1
			: actor->driver->policy == RANDOM ? below(&h->x, actor->nr_held)
							  : 0);
}

static void step(struct history *h, uint64_t us, struct actor *actor)
{
	const struct driver *driver = actor->driver;
	const unsigned int cap = cap_at(driver, us);
	struct held *held;
	unsigned int pfn, most = driver->most, nr_pages;

	make_room(h, us, actor, cap);
	if (actor->nr_held >= cap || actor->nr_held == HELD_MAX)
		return;
	if (driver->leak_of && driver->grows_until)
		most = driver->least + (unsigned int)(us * (most - driver->least) / LENGTH_US);
	nr_pages = driver->least + (unsigned int)below(&h->x, most - driver->least + 1);
	if (!find_room(h, nr_pages, &pfn))
		return;
	memset(h->owner + pfn - FIRST_PFN, (int)actor->index + 1, nr_pages);
	held = &actor->held[actor->nr_held++];
	*held = (struct held){ pfn, nr_pages,
			       us + 1 + below(&h->x, driver->cap) * driver->period_us };
	emit_request(h, us + 10, actor, held);
	actor->nr_requests++;
	if (driver->leak_of && us * 100 / LENGTH_US >= driver->leak_from &&
	    actor->nr_requests % driver->leak_of == 0)
		actor->nr_held--;
}

/* All drivers, each at its own pace. */
static void play(struct history *h)
{
	uint64_t at_us[ACTORS_MAX];

	for (size_t i = 0; i < h->nr_actors; i++)
		at_us[i] = 1000000 + below(&h->x, 100000);
	for (;;) {
		size_t next = 0;

		for (size_t i = 1; i < h->nr_actors; i++)
			if (at_us[i] < at_us[next])
				next = i;
		if (at_us[next] >= LENGTH_US)
			return;
		step(h, at_us[next], &h->actors[next]);
		at_us[next] += h->actors[next].driver->period_us / 2 +
			       below(&h->x, h->actors[next].driver->period_us) + 100;
	}
}

static int by_time(const void *a, const void *b)
{
	const struct line *left = a, *right = b;

	if (left->us != right->us)
		return left->us < right->us ? -1 : 1;
	return (left->nr > right->nr) - (left->nr < right->nr);
}

/* What is missing of the trace. */
enum loss {
	LOSS_NONE,
	LOSS_BEGIN,  /* what was before a time */
	LOSS_BEGINS, /* of each processor, before a time of its own */
	LOSS_MIDDLE, /* some, in the middle */
	LOSS_NR,
};

static bool is_lost(enum loss loss, const struct line *line, const uint64_t us[2])
{
	return loss == LOSS_BEGIN    ? line->us < us[0]
	       : loss == LOSS_BEGINS ? line->us < us[line->cpu]
	       : loss == LOSS_MIDDLE ? line->us >= us[0] && line->us < us[1]
				     : false;
}

/* The trace as text; the caller frees it. */
static char *print(struct history *h, enum loss loss, size_t *len)
{
	uint64_t us[2] = { LENGTH_US / 8 + below(&h->x, LENGTH_US / 4), 0 };
	size_t nr_lost = 0;
	bool is_marked = false;
	char *text = NULL;
	FILE *out = open_memstream(&text, len);

	us[1] = us[0] + LENGTH_US / 16 + below(&h->x, LENGTH_US / 8);
	qsort(h->lines.v, h->lines.nr, sizeof(*h->lines.v), by_time);
	lt_vec_each(line, &h->lines)
		nr_lost += is_lost(loss, line, us);
	fprintf(out, "# tracer: nop\n#\n# entries-in-buffer/entries-written: %zu/%zu   #P:2\n#\n",
		h->lines.nr - (loss == LOSS_MIDDLE ? 0 : nr_lost), h->lines.nr);
	lt_vec_each(line, &h->lines) {
		if (is_lost(loss, line, us))
			continue;
		if (loss == LOSS_MIDDLE && !is_marked && line->us >= us[1]) {
			fprintf(out, "CPU:%u [LOST %zu EVENTS]\n", line->cpu, nr_lost);
			is_marked = true;
		}
		fputs(line->text, out);
	}
	fclose(out);
	return text;
}

struct judged {
	struct lt_snapshot *snap;
	struct lt_report *report;
	struct lt_strings *strings;
	struct lt_stacks *stacks;
};

static struct judged judge_history(struct history *h, enum loss loss)
{
	struct judged judged = { .snap = world(),
				 .strings = lt_strings_new(),
				 .stacks = lt_stacks_new() };
	struct lt_diag diag = { 0 };
	size_t len;
	char *text = print(h, loss, &len);

	assert_int_equal(lt_trace_parse(text, len, judged.strings, judged.stacks,
					&judged.snap->attempts, NULL, NULL, &judged.snap->ledger,
					&diag),
			 0);
	free(text);
	/* as who recorded it himself knows */
	judged.snap->ledger.has_releases = true;
	judged.snap->ledger.has_end = !loss || h->has_end;
	if (judged.snap->ledger.has_end)
		lt_ledger_reach(&judged.snap->ledger, lt_num(LENGTH_US * 1000));
	lt_attempts_locate(&judged.snap->attempts, &judged.snap->areas);
	assert_int_equal(
		lt_ledger_identify(&judged.snap->ledger, &judged.snap->areas, judged.strings), 0);
	judged.report = judge(judged.snap);
	return judged;
}

static void end(struct judged *judged, struct history *h)
{
	done(judged->snap, judged->report);
	lt_stacks_free(judged->stacks);
	lt_strings_free(judged->strings);
	lt_vec_free(&h->lines);
	free(h);
}

static struct history *start(uint64_t seed, const struct driver *first)
{
	struct history *h = calloc(1, sizeof(*h));

	assert_non_null(h);
	h->x = seed;
	h->nr_actors = 1 + below(&h->x, ACTORS_MAX);
	h->is_5_10 = below(&h->x, 3) == 0;
	h->has_end = below(&h->x, 2);
	for (size_t i = 0; i < h->nr_actors; i++) {
		h->actors[i].driver =
			i ? &fragmenting[below(&h->x, sizeof(fragmenting) / sizeof(*fragmenting))]
			  : first;
		h->actors[i].index = (unsigned int)i;
	}
	return h;
}

/* Which driver a requester is: by its stack, else by its task. */
static unsigned int actor_of(const struct lt_requester *requester)
{
	const char *name = requester->stack ? requester->stack->frames[requester->stack->nr - 2]
					    : requester->caller;
	const char *digits = name + strcspn(name, "0123456789");

	assert_true(*digits);
	return (unsigned int)atoi(digits);
}

/* What is outstanding for certain is so, and nothing was released twice; all of it, if @is_whole. */
static void check_ledger(const struct history *h, const struct lt_ledger *ledger, bool is_whole,
			 const char *what)
{
	uint64_t nr_held = 0;

	lt_vec_each(allocation, &ledger->allocations) {
		if (allocation->is_released || allocation->is_doubtful)
			continue;
		for (uint64_t pfn = allocation->pfns.start_pfn; pfn < allocation->pfns.end_pfn;
		     pfn++)
			if (h->owner[pfn - FIRST_PFN] !=
			    actor_of(&ledger->requesters.v[allocation->requester]) + 1)
				fail_msg("%s: page 0x%" PRIx64 " is not held", what, pfn);
		nr_held += lt_range_nr_pages(allocation->pfns);
	}
	if (ledger->nr_again)
		fail_msg("%s: page 0x%" PRIx64 " was not released twice", what,
			 ledger->again.v[0].pfns.start_pfn);
	for (size_t i = 0; i < AREA_PAGES && is_whole; i++)
		nr_held -= h->owner[i] != 0;
	if (is_whole && nr_held)
		fail_msg("%s: %" PRId64 " pages too many are held", what, (int64_t)nr_held);
}

static unsigned int nr_seeds(void)
{
	const char *text = getenv("LEAK_SEEDS");

	return text ? (unsigned int)atoi(text) : 6;
}

static void check_fragmenting(const struct driver *driver, uint64_t seed, enum loss loss,
			      bool is_late)
{
	struct history *h = start(seed, driver);
	struct judged judged;
	char what[120];

	h->is_late = is_late;
	play(h);
	snprintf(what, sizeof(what), "%s, seed %" PRIu64 ", loss %d%s", driver->name, seed, loss,
		 is_late ? ", late" : "");
	judged = judge_history(h, loss);
	check_ledger(h, &judged.snap->ledger, !loss && !is_late, what);
	if (find(judged.report, "leak-suspected"))
		fail_msg("%s: %s", what, find(judged.report, "leak-suspected")->text);
	end(&judged, h);
}

static void fragmentation_is_no_leak(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(fragmenting) / sizeof(*fragmenting); i++)
		for (unsigned int seed = 0; seed < nr_seeds(); seed++)
			for (enum loss loss = 0; loss < LOSS_NR; loss++)
				check_fragmenting(&fragmenting[i], seed * 1000 + i, loss, seed % 2);
}

/* Whether the leaking driver, which is the first, is named; nobody else ever is. */
static bool check_leaking(const struct driver *driver, uint64_t seed, enum loss loss, bool is_late)
{
	struct history *h = start(seed, driver);
	struct judged judged;
	bool is_named = false;
	char what[120];

	h->is_late = is_late;
	play(h);
	snprintf(what, sizeof(what), "%s, seed %" PRIu64 ", loss %d%s", driver->name, seed, loss,
		 is_late ? ", late" : "");
	judged = judge_history(h, loss);
	check_ledger(h, &judged.snap->ledger, !loss && !is_late, what);
	for (size_t i = 0; i < judged.snap->ledger.requesters.nr; i++) {
		if (!lt_leak_of(&judged.snap->ledger, i).is_suspected)
			continue;
		if (actor_of(&judged.snap->ledger.requesters.v[i]))
			fail_msg("%s: the wrong one is named", what);
		is_named = true;
	}
	assert_int_equal(is_named, find(judged.report, "leak-suspected") != NULL);
	if (is_named && !driver->is_stackless)
		assert_true(has_evidence(get(judged.report, "leak-suspected"), "driver0_get"));
	end(&judged, h);
	return is_named;
}

static void leaks_are_named(void **state)
{
	unsigned int nr_weak = 0, nr_lossy = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(leaking) / sizeof(*leaking); i++) {
		for (unsigned int seed = 0; seed < nr_seeds(); seed++) {
			if (!check_leaking(&leaking[i], seed * 1000 + i, LOSS_NONE, false))
				fail_msg("%s, seed %" PRIu64 ": not named", leaking[i].name,
					 (uint64_t)(seed * 1000 + i));
			for (enum loss loss = LOSS_BEGIN; loss < LOSS_NR; loss++) {
				nr_weak +=
					check_leaking(&leaking[i], seed * 1000 + i, loss, seed % 2);
				nr_lossy++;
			}
		}
	}
	print_message("of %u leaks with lost events %u were named\n", nr_lossy, nr_weak);
	assert_true(nr_weak * 6 > nr_lossy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fragmentation_is_no_leak),
		cmocka_unit_test(leaks_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
