// SPDX-License-Identifier: LGPL-2.1-or-later
/* Follows attempts, and reads the blocking pages of each failure. */
#include "act/watch/watch.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "act/pin/kprobe_group.h"
#include "act/watch/watch_case.h"
#include "act/watch/watch_instants.h"
#include "act/watch/watch_ledger.h"
#include "act/watch/watch_pins.h"
#include "base/array_size.h"
#include "base/now.h"
#include "source/read/read.h"

/* Failures looked into at a time. Each takes half a second. */
#define CASES_MAX 64

/* The share of the time that searching processes may take, and how long one search at most. */
#define SEARCH_SHARE 5
#define SEARCH_MS 2000

#define CLOCK_EVERY_NS 10000000000

/* What no event wakes for: a signal that comes right before the wait is not seen before. */
#define IDLE_MS 1000

/* How long after a failure it still makes sense to see what is pinned around it. */
#define PINS_LATE_NS 200000000

/* Kept for the closing report, so that days of watching take no more than some MB. */
#define KEPT_ATTEMPTS_MAX 20000
#define KEPT_RANGES_MAX 200000

struct lt_watch {
	struct lt_snapshot *snap;
	struct lt_watch_options options;
	struct lt_watch_sink sink;
	struct lt_follow *follow;
	struct lt_attempts fresh; /* ended since the last look, in their order */
	struct lt_watch_cases cases;
	struct lt_watch_pins pins;
	struct lt_page_state state;
	bool has_state;
	struct lt_diag no_state;
	struct lt_watch_instants instants;
	struct lt_watch_ledger ledger;
	struct lt_diag no_instants; /* why a loaded module is not heard */
	struct lt_watch_counts counts;
	size_t nr_kept_ranges;
	bool is_busy; /* events came at the last look */
	bool knows_all_areas, knows_clock;
	int64_t ahead_ns;
	uint64_t clock_read_ns;
	uint64_t next_search_ns;
	int err; /* of what happened while processes were searched */
};

static int on_attempt(struct lt_attempt *attempt, void *arg)
{
	struct lt_watch *watch = arg;
	struct lt_attempt *slot = lt_vec_push(&watch->fresh);
	int err = lt_watch_ledger_attempt(&watch->ledger, attempt);

	if (!slot) {
		lt_attempt_fini(attempt);
		return -ENOMEM;
	}
	*slot = *attempt;
	return err;
}

static int on_event(const struct lt_trace_event *event, void *arg)
{
	struct lt_watch *watch = arg;
	int ret = lt_watch_ledger_event(&watch->ledger, event);

	return ret || !watch->sink.on_event ? ret < 0 ? ret : 0
					    : watch->sink.on_event(event, watch->sink.arg);
}

static void on_lost(uint64_t nr, void *arg)
{
	struct lt_watch *watch = arg;

	lt_watch_ledger_lost(&watch->ledger, nr);
}

/* Messages of the module; some are of attempts that were seen to end before. */
static int read_instants(struct lt_watch *watch)
{
	int ret = lt_watch_instants_read(&watch->instants);

	lt_vec_each(c, &watch->cases)
		if (ret > 0)
			ret = lt_watch_instants_give(&watch->instants, &c->attempt,
						     &c->next_instant)
				      ? -ENOMEM
				      : ret;
	return ret < 0 ? ret : 0;
}

/* Whether there is room for it in the closing report. */
static bool has_room(const struct lt_watch *watch, const struct lt_attempt *attempt)
{
	return watch->snap->attempts.nr < KEPT_ATTEMPTS_MAX &&
	       watch->nr_kept_ranges + attempt->tries.nr + attempt->pinned.nr <= KEPT_RANGES_MAX;
}

/* Tell of an attempt of which all is known, and keep it. */
static int report_attempt(struct lt_watch *watch, struct lt_attempt *attempt)
{
	int err = watch->sink.on_attempt(attempt, watch->sink.arg);
	struct lt_attempt *kept =
		has_room(watch, attempt) ? lt_vec_push(&watch->snap->attempts) : NULL;

	if (!kept) {
		watch->counts.nr_not_kept++;
		lt_attempt_fini(attempt);
		return err;
	}
	*kept = *attempt;
	watch->nr_kept_ranges += kept->tries.nr + kept->pinned.nr;
	return err;
}

/* The clock of the events is compared with ours now and then: one file to read. */
static void read_clock(struct lt_watch *watch, uint64_t now_ns)
{
	if (watch->clock_read_ns && now_ns - watch->clock_read_ns < CLOCK_EVERY_NS)
		return;
	watch->clock_read_ns = now_ns;
	watch->knows_clock = !lt_follow_clock(watch->follow, &watch->ahead_ns);
}

bool lt_watch_clock(struct lt_watch *watch, int64_t *ahead_ns)
{
	read_clock(watch, lt_now_ns());
	if (watch->knows_clock)
		*ahead_ns = watch->ahead_ns;
	return watch->knows_clock;
}

/* When @attempt ended by lt_now_ns(), if that can be told, else when it was seen. */
static uint64_t ended_ns(const struct lt_watch *watch, const struct lt_attempt *attempt,
			 uint64_t now_ns)
{
	uint64_t end_ns = attempt->ts_ns.val;

	if (!attempt->ts_ns.known || !watch->knows_clock)
		return now_ns;
	if (attempt->latency_ns.known)
		end_ns += attempt->latency_ns.val;
	end_ns -= (uint64_t)watch->ahead_ns;
	return end_ns < now_ns ? end_ns : now_ns;
}

static void pass_cases(struct lt_watch *watch, const struct lt_attempt *attempt)
{
	uint64_t pfn = attempt->pfn.val;

	lt_vec_each(tried, &attempt->tries)
		if (tried->ok)
			lt_vec_each(c, &watch->cases)
				lt_watch_case_pass(c, tried->pfns);
	if (attempt->pfn.known)
		lt_vec_each(c, &watch->cases)
			lt_watch_case_pass(c,
					   (struct lt_range){ pfn, pfn + attempt->nr_pages.val });
}

/* Whether the pages that blocked @attempt are to be looked into; it is the case's then. */
static bool open_case(struct lt_watch *watch, const struct lt_watch_case *c)
{
	struct lt_watch_case *slot;

	if (!c->attempt.blockers.nr)
		return false;
	slot = watch->cases.nr < CASES_MAX ? lt_vec_push(&watch->cases) : NULL;
	if (slot)
		*slot = *c;
	else
		watch->counts.nr_unsampled++;
	return slot;
}

static int end_attempt(struct lt_watch *watch, struct lt_attempt *attempt, uint64_t now_ns,
		       bool *is_case)
{
	struct lt_watch_case c = { .ended_ns = ended_ns(watch, attempt, now_ns) };
	int err = 0;

	watch->counts.nr_attempts += !attempt->is_open;
	watch->counts.nr_failed += attempt->failed;
	if (attempt->failed)
		err = lt_watch_blockers(attempt, &watch->snap->areas);
	else
		pass_cases(watch, attempt);
	if (!err)
		err = lt_watch_instants_give(&watch->instants, attempt, &c.next_instant);
	c.attempt = *attempt;
	*is_case = !err && open_case(watch, &c);
	if (!*is_case) {
		attempt->nr_blockers_left += (unsigned int)attempt->blockers.nr;
		lt_blockers_free(&attempt->blockers);
	}
	return err;
}

/* Cases out of @fresh; what remains is to be told at once. */
static int end_attempts(struct lt_watch *watch, struct lt_attempts *fresh, uint64_t now_ns)
{
	size_t nr = 0;
	int err = 0;

	lt_vec_each(attempt, fresh) {
		bool is_case = false;

		if (!err)
			err = end_attempt(watch, attempt, now_ns, &is_case);
		if (!is_case)
			fresh->v[nr++] = *attempt;
	}
	fresh->nr = nr;
	return err;
}

static int add_ref(struct lt_attempt_refs *refs, struct lt_attempt *attempt)
{
	struct lt_attempt **ref = lt_vec_push(refs);

	if (!ref)
		return -ENOMEM;
	*ref = attempt;
	return 0;
}

/* What is pinned around @fresh, and around failures for which it was too early to look. */
static int sample_pins(struct lt_watch *watch, const struct lt_attempts *fresh)
{
	struct lt_attempt_refs refs = { 0 };
	uint64_t now_ns = lt_now_ns();
	int err = 0;

	lt_vec_each(attempt, fresh)
		err = err ? err : add_ref(&refs, attempt);
	lt_vec_each(c, &watch->cases)
		if (!err && !c->attempt.sampled && now_ns - c->ended_ns < PINS_LATE_NS)
			err = add_ref(&refs, &c->attempt);
	if (!err)
		err = lt_watch_pins_sample(&watch->pins, &watch->state, &watch->snap->areas, &refs);
	for (size_t i = 0; i < refs.nr; i++)
		if (refs.v[i]->sampled)
			refs.v[i]->sampled_after_ns =
				lt_num(lt_now_ns() - ended_ns(watch, refs.v[i], now_ns));
	lt_vec_free(&refs);
	return err;
}

static void locate(struct lt_watch *watch, struct lt_attempts *fresh)
{
	lt_attempts_locate(fresh, &watch->snap->areas);
	if (watch->knows_all_areas)
		lt_attempts_eliminate(fresh, &watch->snap->areas);
}

bool lt_watch_is_wanted(const char *area_name, size_t area, const struct lt_attempt *attempt)
{
	if (!area_name)
		return true;
	if (area != LT_NO_AREA && attempt->area != LT_NO_AREA)
		return attempt->area == area;
	return attempt->area_name && !strcmp(attempt->area_name, area_name);
}

/* What the module said of attempts elsewhere is theirs. */
static int drop_others(struct lt_watch *watch, struct lt_attempts *fresh)
{
	size_t nr = 0;
	int err = 0;

	lt_vec_each(attempt, fresh) {
		size_t next = 0;

		if (lt_watch_is_wanted(watch->options.area_name, watch->options.area, attempt)) {
			fresh->v[nr++] = *attempt;
			continue;
		}
		err = err ? err : lt_watch_instants_give(&watch->instants, attempt, &next);
		lt_attempt_fini(attempt);
	}
	fresh->nr = nr;
	return err;
}

static int sample_cases(struct lt_watch *watch, bool is_last)
{
	const struct lt_page_state *state = watch->has_state ? &watch->state : NULL;
	int err = 0;

	lt_vec_each(c, &watch->cases) {
		bool is_due = lt_watch_case_is_due(c, lt_now_ns());

		if (!err && (is_due || (is_last && !lt_watch_case_is_sampled(c))))
			err = lt_watch_case_sample(c, state);
	}
	return err;
}

/* Attempts that ended since the last look. The pages in the way come first: they may go soon. */
static int read_fresh(struct lt_watch *watch)
{
	struct lt_attempts fresh = watch->fresh;
	uint64_t seen_ns = lt_now_ns();
	int err;

	watch->fresh = (struct lt_attempts){ 0 };
	if (fresh.nr)
		read_clock(watch, seen_ns);
	locate(watch, &fresh);
	err = drop_others(watch, &fresh);
	if (!err)
		err = end_attempts(watch, &fresh, seen_ns);
	if (!err)
		err = sample_cases(watch, false);
	if (!err && watch->has_state)
		err = sample_pins(watch, &fresh);
	lt_vec_each(attempt, &fresh) {
		if (err)
			lt_attempt_fini(attempt);
		else
			err = report_attempt(watch, attempt);
	}
	lt_vec_free(&fresh);
	return err;
}

/* Take in what is there, and look at the pages of what failed: the part that must not wait. */
static int follow(struct lt_watch *watch, struct lt_diag *diag)
{
	const struct lt_follow_sink sink = {
		.on_attempt = on_attempt,
		.on_event = on_event,
		.on_lost = on_lost,
		.arg = watch,
	};
	int err = lt_follow_read(watch->follow, &sink, diag);

	watch->is_busy = err > 0;
	if (err >= 0)
		err = read_instants(watch);
	return err ? err : read_fresh(watch);
}

/* Between two processes that are searched. */
static void follow_meanwhile(void *arg, const char *what, size_t nr_done, size_t nr_all)
{
	struct lt_watch *watch = arg;

	(void)what;
	(void)nr_done;
	(void)nr_all;
	if (!watch->err)
		watch->err = follow(watch, NULL);
}

/* Who allocated and who maps the pages of all cases of which that is not known: one search. */
static int name_cases(struct lt_watch *watch)
{
	uint64_t start_ns = lt_now_ns(), took_ns;
	struct lt_pins pins = { 0 };
	size_t nr_asked = watch->cases.nr; /* more may come while we search; none goes */
	int err = 0;

	for (size_t i = 0; i < nr_asked && !err; i++)
		if (!watch->cases.v[i].is_named)
			err = lt_watch_case_ask(&watch->cases.v[i], &pins);
	lt_pins_sort(&pins);
	if (!err)
		err = lt_read_pins(watch->snap, &pins);
	took_ns = lt_now_ns() - start_ns;
	watch->next_search_ns = start_ns + SEARCH_SHARE * took_ns;
	watch->counts.nr_searches++;
	watch->counts.search_ns += took_ns;
	for (size_t i = 0; i < nr_asked && !err; i++)
		if (!watch->cases.v[i].is_named)
			err = lt_watch_case_name(&watch->cases.v[i], &pins, lt_now_ns());
	lt_pins_free(&pins);
	return err ? err : watch->err;
}

static bool has_nameless(const struct lt_watch *watch)
{
	lt_vec_each(c, &watch->cases)
		if (!c->is_named)
			return true;
	return false;
}

static int close_cases(struct lt_watch *watch)
{
	size_t nr = 0;
	int err = 0;

	for (size_t i = 0; i < watch->cases.nr; i++) {
		struct lt_watch_case c = watch->cases.v[i];

		if (err || !c.is_named || !lt_watch_case_is_sampled(&c)) {
			watch->cases.v[nr++] = c;
			continue;
		}
		err = lt_watch_case_join(&c, &watch->snap->pins);
		if (err)
			watch->cases.v[nr++] = c;
		else
			err = report_attempt(watch, &c.attempt);
	}
	watch->cases.nr = nr;
	return err;
}

int lt_watch_step(struct lt_watch *watch, struct lt_diag *diag)
{
	int err = follow(watch, diag);

	if (!err && has_nameless(watch) && lt_now_ns() >= watch->next_search_ns)
		err = name_cases(watch);
	return err ? err : close_cases(watch);
}

/* The next moment with something to do that no event wakes us for. */
static uint64_t due_ns(const struct lt_watch *watch)
{
	uint64_t due_ns = UINT64_MAX;

	lt_vec_each(c, &watch->cases) {
		uint64_t case_ns = lt_watch_case_due_ns(c);

		if (!c->is_named && watch->next_search_ns < case_ns)
			case_ns = watch->next_search_ns;
		if (case_ns < due_ns)
			due_ns = case_ns;
	}
	return due_ns;
}

static uint64_t ms_until(uint64_t due_ns)
{
	uint64_t now_ns = lt_now_ns();

	return due_ns > now_ns ? (due_ns - now_ns - 1) / 1000000 + 1 : 0;
}

void lt_watch_wait(const struct lt_watch *watch, uint64_t timeout_ms)
{
	struct pollfd fds[] = {
		{ .fd = lt_follow_fd(watch->follow), .events = POLLIN },
		{ .fd = lt_watch_instants_fd(&watch->instants), .events = POLLIN },
	};
	uint64_t due_ms = ms_until(due_ns(watch));
	uint64_t rest_ms = watch->is_busy ? LT_FOLLOW_PERIOD_MS : IDLE_MS;

	if (due_ms < timeout_ms)
		timeout_ms = due_ms;
	if (rest_ms < timeout_ms)
		timeout_ms = rest_ms;
	/* More are to be expected then, and each would wake us. */
	poll(fds, watch->is_busy ? 0 : ARRAY_SIZE(fds), (int)timeout_ms);
}

int lt_watch_finish(struct lt_watch *watch, struct lt_diag *diag)
{
	const struct lt_follow_sink sink = {
		.on_attempt = on_attempt,
		.on_event = on_event,
		.on_lost = on_lost,
		.arg = watch,
	};
	uint64_t nr_lost;
	int64_t ahead_ns;
	struct lt_num now_ns = { 0 };
	int err;

	if (lt_watch_clock(watch, &ahead_ns))
		now_ns = lt_num(lt_now_ns() + (uint64_t)ahead_ns);
	err = lt_follow_stop(watch->follow);

	if (!err)
		err = lt_follow_finish(watch->follow, &sink, diag);
	if (err >= 0)
		err = read_instants(watch);
	if (!err)
		err = read_fresh(watch);
	if (!err)
		err = sample_cases(watch, true);
	if (!err && has_nameless(watch))
		err = name_cases(watch);
	lt_vec_each(c, &watch->cases)
		lt_watch_case_end(c);
	if (!err)
		err = close_cases(watch);
	if (!lt_follow_lost(watch->follow, &nr_lost))
		watch->counts.nr_lost = lt_num(nr_lost);
	return err ? err : lt_watch_ledger_finish(&watch->ledger, watch->counts.nr_lost, now_ns);
}

const char *lt_watch_page_states(const struct lt_watch *watch, const char **why)
{
	*why = watch->no_state.why;
	return watch->has_state ? lt_page_state_source(&watch->state) : NULL;
}

const char *lt_watch_no_instants(const struct lt_watch *watch)
{
	return watch->no_instants.why[0] ? watch->no_instants.why : NULL;
}

struct lt_watch_counts lt_watch_counts(const struct lt_watch *watch)
{
	struct lt_watch_counts counts = watch->counts;
	uint64_t nr_lost;

	if (!counts.nr_lost.known && !lt_follow_lost(watch->follow, &nr_lost))
		counts.nr_lost = lt_num(nr_lost);
	counts.nr_scans = watch->pins.nr_scans;
	counts.scan_ns = watch->pins.scan_ns;
	return counts;
}

static void prepare(struct lt_watch *watch)
{
	struct lt_snapshot *snap = watch->snap;

	snap->options.progress = follow_meanwhile;
	snap->options.progress_arg = watch;
	snap->options.search_ms = SEARCH_MS;
	watch->knows_all_areas =
		lt_areas_are_all(&snap->areas, snap->memory.cma_total_kib, snap->kernel.page_size);
	watch->has_state =
		!lt_page_state_open(snap->root, &snap->kernel, &watch->state, &watch->no_state);
	if (lt_watch_instants_open(&watch->instants, snap->root, &watch->no_instants) == -ENOENT)
		watch->no_instants = (struct lt_diag){ 0 };
}

int lt_watch_open(struct lt_snapshot *snap, const struct lt_watch_options *options,
		  const struct lt_watch_sink *sink, struct lt_watch **out, struct lt_diag *diag)
{
	struct lt_watch *watch = calloc(1, sizeof(*watch));
	int err;

	if (!watch)
		return -ENOMEM;
	watch->snap = snap;
	watch->options = *options;
	watch->sink = *sink;
	prepare(watch);
	watch->options.follow.areas = &snap->areas;
	err = lt_follow_open(&watch->options.follow, snap->strings, snap->stacks, &watch->follow,
			     diag);
	if (err) {
		lt_watch_close(watch);
		return err;
	}
	lt_watch_ledger_init(&watch->ledger, snap, watch->options.area_name, watch->options.area,
			     lt_follow_has_releases(watch->follow));
	lt_kprobe_group_clean(); /* nothing of a killed run records them any more */
	*out = watch;
	return 0;
}

void lt_watch_close(struct lt_watch *watch)
{
	if (!watch)
		return;
	lt_follow_close(watch->follow);
	lt_watch_instants_close(&watch->instants);
	lt_page_state_close(&watch->state);
	lt_attempts_free(&watch->fresh);
	lt_vec_each(c, &watch->cases)
		lt_attempt_fini(&c->attempt);
	lt_vec_free(&watch->cases);
	watch->snap->options.progress = NULL;
	free(watch);
}
