// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/analyse/correlation.c. */
#include "test.h"

#include <errno.h>
#include <math.h>

#include "analyse/correlation.h"
#include "uapi/ltpin_netlink.h"

static void assert_near(double got, double want)
{
	if (fabs(got - want) > 1e-4 * fabs(want))
		fail_msg("%.9g is not %.9g", got, want);
}

#define SECOND 1000000000ull

/* A snapshot of one area, [1000, 2000), of which the state of every page was read at 9 s. */
struct world {
	struct lt_snapshot snap;
	struct lt_causes causes;
	struct lt_correlations made;
};

static void world_init(struct world *w)
{
	struct lt_area *area;

	memset(w, 0, sizeof(*w));
	*(struct lt_source_state *)lt_vec_push(&w->snap.sources) = (struct lt_source_state){
		.name = "module", .status = LT_STATUS_OK, .has_page_states = true
	};
	area = lt_vec_push(&w->snap.areas);
	area->nr_pages = lt_num(1000);
	((struct lt_area_range *)lt_vec_push(&area->ranges))->pfns =
		(struct lt_range){ 1000, 2000 };
	w->snap.taken_ns = lt_num(9 * SECOND);
}

static struct lt_attempt *add_attempt(struct world *w, uint64_t ts_ns, bool failed)
{
	struct lt_attempt *attempt = lt_vec_push(&w->snap.attempts);

	attempt->source = LT_ATTEMPT_TRACE;
	attempt->ts_ns = lt_num(ts_ns);
	attempt->nr_pages = lt_num(100);
	attempt->failed = failed;
	attempt->count = 1;
	return attempt;
}

static void add_try(struct lt_attempt *attempt, uint64_t start, uint64_t blocker)
{
	struct lt_try *tried = lt_vec_push(&attempt->tries);

	tried->pfns = (struct lt_range){ start, start + 100 };
	tried->ok = !blocker;
	if (blocker)
		tried->blocker_pfn = lt_num(blocker);
}

/* As `ltpin alloc` does, before and after. */
static void sample(struct lt_attempt *attempt, uint64_t pinned_pfn)
{
	attempt->source = LT_ATTEMPT_ALLOC;
	attempt->sampled = true;
	attempt->sampled_after_ns = lt_num(3000000);
	if (pinned_pfn)
		*(struct lt_range *)lt_vec_push(&attempt->pinned) =
			(struct lt_range){ pinned_pfn, pinned_pfn + 1 };
}

/* Pinned now, in one allocation since @since_ns. */
static struct lt_pin *add_pin(struct world *w, uint64_t pfn, uint64_t since_ns)
{
	struct lt_pin *pin = lt_vec_push(&w->snap.pins);

	pin->pfn = pfn;
	pin->nr_pages = 1;
	pin->kind = LT_PIN_PINNED;
	pin->has_owner = true;
	pin->allocated_by.ts_ns = lt_num(since_ns);
	pin->mapped_by_total = lt_num(0);
	return pin;
}

/* By the process that allocated it. */
static void map(struct lt_pin *pin, int pid, const char *comm)
{
	*(struct lt_mapper *)lt_vec_push(&pin->mapped_by) =
		(struct lt_mapper){ .pid = pid, .comm = comm };
	pin->mapped_by_total.val++;
	pin->allocated_by.tgid = lt_num((uint64_t)pid);
}

static const struct lt_correlations *correlate_all(struct world *w)
{
	assert_int_equal(lt_causes_make(&w->snap, &w->causes), 0);
	assert_int_equal(lt_correlations_make(&w->snap, &w->causes, &w->made), 0);
	return &w->made;
}

/* The only class there is. */
static const struct lt_correlation *correlate(struct world *w)
{
	assert_int_equal(correlate_all(w)->nr, 1);
	return w->made.v;
}

static void forget(struct world *w)
{
	lt_correlations_free(&w->made);
	lt_causes_free(&w->causes);
}

static void world_fini(struct world *w)
{
	forget(w);
	lt_attempts_free(&w->snap.attempts);
	lt_pins_free(&w->snap.pins);
	lt_areas_free(&w->snap.areas);
	lt_vec_free(&w->snap.sources);
}

static void assert_table(const struct lt_correlation *c, unsigned int pinned_failed,
			 unsigned int pinned_ok, unsigned int clean_failed, unsigned int clean_ok)
{
	const struct lt_contingency want = { pinned_failed, pinned_ok, clean_failed, clean_ok };

	if (memcmp(&c->table, &want, sizeof(want)))
		fail_msg("the table is %u %u %u %u", c->table.pinned_failed, c->table.pinned_ok,
			 c->table.clean_failed, c->table.clean_ok);
}

static void windows_of_one_page_count_once(void **state)
{
	const struct lt_correlation *c;
	struct lt_attempt *attempt;
	struct world w;

	(void)state;
	world_init(&w);
	map(add_pin(&w, 1050, SECOND / 2), 812, "camera-hal");
	attempt = add_attempt(&w, SECOND, true);
	for (uint64_t start = 1000; start < 1050; start++)
		add_try(attempt, start, 1050);
	add_try(add_attempt(&w, 2 * SECOND, false), 1200, 0);
	c = correlate(&w);
	assert_int_equal(c->nr_attempts, 2);
	assert_int_equal(c->nr_blockers, 1);
	assert_table(c, 1, 0, 0, 1); /* the pin was not where the second one looked */
	assert_num(c->sampled_after_ms, 8000);
	assert_int_equal(c->owners.nr, 1);
	assert_int_equal(c->owners.v[0].pid, 812);
	assert_int_equal(c->owners.v[0].confidence, LT_LIKELY);
	assert_near(c->owners.v[0].share, 1);
	world_fini(&w);
}

/* Each of two holders blocked half of the failures, and not more. */
static void each_holder_has_its_own_share(void **state)
{
	const struct lt_correlation *c;
	struct world w;

	(void)state;
	world_init(&w);
	map(add_pin(&w, 1050, SECOND / 2), 60, "camera-hal");
	map(add_pin(&w, 1070, SECOND / 2), 81, "camera-hal2");
	for (uint64_t i = 1; i <= 4; i++)
		add_try(add_attempt(&w, i * SECOND, true), 1000, i <= 2 ? 1050 : 1070);
	c = correlate(&w);
	assert_table(c, 4, 0, 0, 0);
	assert_int_equal(c->owners.nr, 2);
	lt_vec_each(owner, &c->owners) {
		assert_int_equal(owner->nr_failed, 2);
		assert_near(owner->share, 0.5);
	}
	world_fini(&w);
}

/*
 * The page was held by one that has gone, given to a request, and is pinned by another now: who has
 * it now has a share in what failed since, and in nothing before.
 */
static void the_next_user_of_a_page_has_no_share_in_the_past(void **state)
{
	const struct lt_correlation *c;
	struct world w;

	(void)state;
	world_init(&w);
	map(add_pin(&w, 1050, 4 * SECOND), 81, "camera-hal2");
	for (uint64_t i = 1; i <= 2; i++) {
		struct lt_attempt *attempt = add_attempt(&w, i * SECOND, true);

		add_try(attempt, 1000, 1050);
		sample(attempt, 1050);
	}
	add_try(add_attempt(&w, 3 * SECOND, false), 1000, 0);
	add_try(add_attempt(&w, 5 * SECOND, true), 1000, 1050);
	add_try(add_attempt(&w, 6 * SECOND, true), 1000, 1050);
	c = correlate(&w);
	assert_table(c, 4, 0, 0, 1);
	assert_int_equal(c->owners.nr, 1);
	assert_int_equal(c->owners.v[0].nr_failed, 2);
	assert_near(c->owners.v[0].share, 0.5);
	world_fini(&w);
}

/* Who maps the page that blocked an attempt of 1 s to 1.5 s, by the bounds of its start. */
static size_t nr_credited(struct lt_when start)
{
	struct lt_attempt *attempt;
	struct lt_pin *pin;
	struct world w;
	size_t nr;

	world_init(&w);
	pin = add_pin(&w, 1050, SECOND / 2);
	map(pin, 9, "later");
	pin->mapped_by.v[0].start = start;
	attempt = add_attempt(&w, SECOND, true);
	attempt->latency_ns = lt_num(SECOND / 2);
	add_try(attempt, 1000, 1050);
	nr = correlate(&w)->owners.nr;
	world_fini(&w);
	return nr;
}

static void only_a_process_that_certainly_began_later_is_cleared(void **state)
{
	/* The clocks were not read: they may be a tick apart. */
	const struct lt_num later = lt_num(SECOND * 3 / 2 + LT_CLOCK_TICK_NS + 1);
	const struct lt_num second = lt_num(SECOND);

	(void)state;
	assert_int_equal(nr_credited((struct lt_when){ later, lt_num(2 * SECOND) }), 0);
	assert_int_equal(nr_credited((struct lt_when){ .earliest_ns = later }), 0);
	/* While the attempt lasted; within bounds that overlap it; not known. */
	assert_int_equal(nr_credited((struct lt_when){ lt_num(1200000000), later }), 1);
	assert_int_equal(nr_credited((struct lt_when){ second, lt_num(9 * SECOND) }), 1);
	assert_int_equal(nr_credited((struct lt_when){ 0 }), 1);
}

/* A page that is pinned now says nothing of an attempt before, in either direction. */
static void what_nobody_saw_is_in_no_cell(void **state)
{
	const struct lt_correlation *c;
	struct world w;

	(void)state;
	world_init(&w);
	add_pin(&w, 1050, 5 * SECOND);
	add_try(add_attempt(&w, SECOND, true), 1000, 1050);	/* its page was released since */
	add_try(add_attempt(&w, 2 * SECOND, true), 1100, 1170); /* nothing is known of its page */
	add_attempt(&w, 2 * SECOND, true)->err = lt_num(EBUSY); /* nor of its ranges */
	add_attempt(&w, 2 * SECOND, false);
	add_try(add_attempt(&w, 3 * SECOND, false), 1000,
		0); /* it was given pages without a user */
	add_try(add_attempt(&w, 6 * SECOND, true), 1000, 1050);
	c = correlate(&w);
	assert_table(c, 1, 0, 0, 1);
	assert_int_equal(c->nr_attempts, 2);
	assert_int_equal(c->nr_unknown_failed, 3);
	assert_int_equal(c->nr_unknown_ok, 1);
	assert_int_equal(c->nr_failed, 4);
	world_fini(&w);
}

/* A request that was given a later range met the pinned page all the same. */
static void a_pinned_page_need_not_make_it_fail(void **state)
{
	struct lt_attempt *attempt;
	struct world w;

	(void)state;
	world_init(&w);
	add_pin(&w, 1050, SECOND / 2);
	add_try(add_attempt(&w, SECOND, true), 1000, 1050);
	attempt = add_attempt(&w, SECOND, false);
	add_try(attempt, 1000, 1050);
	add_try(attempt, 1100, 0);
	attempt = add_attempt(&w, 2 * SECOND, false);
	add_try(attempt, 1000, 1060); /* of which nothing is known */
	add_try(attempt, 1100, 0);
	assert_table(correlate(&w), 1, 1, 0, 0);
	assert_int_equal(w.made.v->nr_unknown_ok, 1);
	world_fini(&w);
}

/* Where the trace's clock is ahead of the others, a reading is not earlier than the attempt. */
static void how_late_is_by_the_clock_of_the_attempt(void **state)
{
	const struct lt_correlation *c;
	struct world w;

	(void)state;
	world_init(&w);
	w.snap.clock.log_ns = lt_num(10 * SECOND);
	w.snap.clock.trace_ns = lt_num(31 * SECOND);
	add_pin(&w, 1050, SECOND / 2);
	add_try(add_attempt(&w, 30 * SECOND, true), 1000, 1050);
	c = correlate(&w);
	assert_num(c->sampled_after_ms, 1000);
	world_fini(&w);
}

static void the_sample_taken_at_the_time_is_believed(void **state)
{
	struct lt_attempt *attempt;
	const struct lt_correlation *c;
	struct world w;

	(void)state;
	world_init(&w);
	add_pin(&w, 1050, SECOND / 2);
	attempt = add_attempt(&w, SECOND, true);
	sample(attempt, 1070);
	add_try(attempt, 1000, 1070);
	attempt = add_attempt(&w, 2 * SECOND, false);
	sample(attempt, 0);
	add_try(attempt, 1000, 0);
	attempt =
		add_attempt(&w, 3 * SECOND, true); /* a pin in reach is enough: the kernel named */
	sample(attempt, 1090);			   /* the first page that it met */
	add_try(attempt, 1000, 1070);
	c = correlate(&w);
	assert_table(c, 2, 0, 0, 1);
	assert_num(c->sampled_after_ms, 3);
	assert_int_equal(c->owners.nr, 0);
	world_fini(&w);
}

/* A page that the kernel named and that was pinned then is met, though a later sample has none. */
static void a_named_page_counts_whatever_is_seen_later(void **state)
{
	struct lt_attempt *attempt;
	struct lt_blocker *blocker;
	struct world w;

	(void)state;
	world_init(&w);
	attempt = add_attempt(&w, SECOND, true);
	sample(attempt, 0);
	attempt->source = LT_ATTEMPT_TRACE;
	add_try(attempt, 1000, 1050);
	blocker = lt_vec_push(&attempt->blockers);
	blocker->pfn = 1050;
	assert_int_equal(lt_blocker_set_instant(
				 blocker, &(struct lt_folio){ .pfn = 1050,
							      .nr_pages = 1,
							      .refcount = 2,
							      .pins = 1,
							      .flags = LTPIN_PAGE_PINS_EXACT }),
			 0);
	assert_table(correlate(&w), 1, 0, 0, 0);
	world_fini(&w);
}

/* What failed before any range was tried met no page, whatever is pinned. */
static void no_memory_is_nothing_that_a_pin_does(void **state)
{
	struct lt_attempt *attempt;
	struct world w;

	(void)state;
	world_init(&w);
	add_pin(&w, 1050, SECOND / 2);
	add_attempt(&w, SECOND, true)->err = lt_num(ENOMEM);
	/* Ranges before the last may be missing: of the log all are, and some where events were lost. */
	attempt = add_attempt(&w, 2 * SECOND, true);
	attempt->err = lt_num(ENOMEM);
	attempt->source = LT_ATTEMPT_LOG;
	attempt = add_attempt(&w, 3 * SECOND, true);
	attempt->err = lt_num(ENOMEM);
	attempt->has_lost = true;
	assert_table(correlate(&w), 0, 0, 1, 0);
	world_fini(&w);
}

static void add_sized(struct world *w, uint64_t nr_pages, bool failed, uint64_t pinned_pfn)
{
	struct lt_attempt *attempt = add_attempt(w, w->snap.attempts.nr * SECOND, failed);

	attempt->nr_pages = lt_num(nr_pages);
	sample(attempt, pinned_pfn);
	add_try(attempt, 1000, failed ? 1050 : 0);
}

/* No pin makes a request for one page fail: beside large ones they would prove an association. */
static void sizes_that_differ_are_in_tables_of_their_own(void **state)
{
	const struct lt_correlations *all;
	struct world w;

	(void)state;
	world_init(&w);
	for (int i = 0; i < 129; i++)
		add_sized(&w, 1, i == 0, 0);
	for (int i = 0; i < 6; i++)
		add_sized(&w, 1000, true, 1050);
	add_sized(&w, 600, false, 0); /* not twice as large: in one table with the latter */
	all = correlate_all(&w);
	assert_int_equal(all->nr, 2);
	assert_table(&all->v[0], 6, 0, 0, 1);
	assert_num(all->v[0].min_pages, 600);
	assert_num(all->v[0].max_pages, 1000);
	assert_table(&all->v[1], 0, 0, 1, 128);
	assert_false(all->v[1].has_odds);
	forget(&w);
	add_sized(&w, 501, true, 0); /* the class is of 501 to 1000 now */
	all = correlate_all(&w);
	assert_num(all->v[0].min_pages, 501);
	forget(&w);
	add_sized(&w, 500, true, 0); /* and of 500 to 600 */
	all = correlate_all(&w);
	assert_int_equal(all->nr, 3);
	assert_num(all->v[0].min_pages, 1000);
	assert_num(all->v[1].max_pages, 600);
	world_fini(&w);
}

static void areas_are_in_tables_of_their_own(void **state)
{
	const struct lt_correlations *all;
	struct world w;

	(void)state;
	world_init(&w);
	*(struct lt_area *)lt_vec_push(&w.snap.areas) =
		(struct lt_area){ .nr_pages = lt_num(1000) };
	add_sized(&w, 100, true, 1050);
	for (int i = 0; i < 3; i++)
		add_sized(&w, 100, true, 0);
	w.snap.attempts.v[1].area = 1;
	w.snap.attempts.v[2].area = w.snap.attempts.v[3].area = LT_NO_AREA;
	w.snap.attempts.v[2].area_name = "a";
	w.snap.attempts.v[3].area_name = "b";
	all = correlate_all(&w);
	assert_int_equal(all->nr, 4);
	assert_table(&all->v[0], 1, 0, 0, 0);
	assert_table(&all->v[1], 0, 0, 1, 0);
	world_fini(&w);
}

/* Statistics are given only if the attempts that are not counted cannot turn them. */
static void what_is_left_out_may_turn_the_result(void **state)
{
	const struct lt_correlation *c;
	struct world w;

	(void)state;
	world_init(&w);
	for (int i = 0; i < 40; i++)
		add_sized(&w, 100, i % 2, i % 2 ? 1050 : 0);
	add_attempt(&w, 50 * SECOND, true);
	c = correlate(&w);
	assert_int_equal(c->nr_unknown_failed, 1);
	assert_true(c->has_odds && c->has_p); /* 20 0 1 20 would say the same */
	forget(&w);
	for (int i = 0; i < 40; i++) /* those that succeeded may have met a pin, the others none */
		add_attempt(&w, 50 * SECOND, i % 2);
	c = correlate(&w);
	assert_int_equal(c->nr_attempts, 40);
	assert_int_equal(c->nr_unknown_ok, 20);
	assert_false(c->has_odds || c->has_p);
	world_fini(&w);
}

static void every_attempt_is_on_the_timeline_once(void **state)
{
	struct lt_contingency sum = { 0 };
	const struct lt_correlation *c;
	const struct lt_timeline *timeline;
	struct world w;

	(void)state;
	world_init(&w);
	for (uint64_t i = 0; i < 1000; i++) {
		add_sized(&w, 100, i % 3, i % 2 ? 1050 : 0);
		w.snap.attempts.v[i].ts_ns = lt_num(SECOND + i * 7777777);
	}
	add_sized(&w, 100, true, 1050);
	w.snap.attempts.v[1000].ts_ns.known = false;
	c = correlate(&w);
	timeline = &c->timeline;
	assert_int_equal(timeline->nr, LT_TIMELINE_SPANS);
	assert_int_equal(timeline->v[0].start_ns, SECOND);
	assert_true(timeline->v[LT_TIMELINE_SPANS - 1].end_ns > SECOND + 999 * 7777777ull);
	lt_vec_each(span, timeline) {
		assert_true(span == timeline->v || span->start_ns == span[-1].end_ns);
		sum.pinned_failed += span->table.pinned_failed;
		sum.pinned_ok += span->table.pinned_ok;
		sum.clean_failed += span->table.clean_failed;
		sum.clean_ok += span->table.clean_ok;
	}
	sum.pinned_failed++; /* the one without a time, which nobody knows where to put */
	assert_memory_equal(&sum, &c->table, sizeof(sum));
	world_fini(&w);
}

static void one_moment_is_no_timeline(void **state)
{
	struct world w;

	(void)state;
	world_init(&w);
	add_sized(&w, 100, true, 1050);
	add_sized(&w, 100, false, 0);
	w.snap.attempts.v[1].ts_ns = w.snap.attempts.v[0].ts_ns;
	assert_int_equal(correlate(&w)->nr_attempts, 2);
	assert_int_equal(w.made.v->timeline.nr, 0);
	world_fini(&w);
}

static void below_five_attempts_there_is_no_p(void **state)
{
	struct world w;

	(void)state;
	world_init(&w);
	for (uint64_t i = 1; i <= LT_CORRELATION_MIN_ATTEMPTS; i++) {
		add_sized(&w, 100, i % 2, i % 2 ? 1050 : 0);
		assert_int_equal(correlate(&w)->has_p, i == LT_CORRELATION_MIN_ATTEMPTS);
		forget(&w);
	}
	world_fini(&w);
}

static void no_attempts_no_correlation(void **state)
{
	struct world w;

	(void)state;
	world_init(&w);
	assert_int_equal(correlate_all(&w)->nr, 0);
	forget(&w);
	add_attempt(&w, SECOND, true)->err = lt_num(ENOMEM);
	w.snap.attempts.v[0].source = LT_ATTEMPT_LOG; /* which has failures only */
	add_sized(&w, 100, false, 0);		      /* and this is none */
	assert_int_equal(correlate_all(&w)->nr, 0);
	world_fini(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(windows_of_one_page_count_once),
		cmocka_unit_test(each_holder_has_its_own_share),
		cmocka_unit_test(the_next_user_of_a_page_has_no_share_in_the_past),
		cmocka_unit_test(only_a_process_that_certainly_began_later_is_cleared),
		cmocka_unit_test(what_nobody_saw_is_in_no_cell),
		cmocka_unit_test(a_pinned_page_need_not_make_it_fail),
		cmocka_unit_test(how_late_is_by_the_clock_of_the_attempt),
		cmocka_unit_test(the_sample_taken_at_the_time_is_believed),
		cmocka_unit_test(a_named_page_counts_whatever_is_seen_later),
		cmocka_unit_test(no_memory_is_nothing_that_a_pin_does),
		cmocka_unit_test(sizes_that_differ_are_in_tables_of_their_own),
		cmocka_unit_test(areas_are_in_tables_of_their_own),
		cmocka_unit_test(what_is_left_out_may_turn_the_result),
		cmocka_unit_test(every_attempt_is_on_the_timeline_once),
		cmocka_unit_test(one_moment_is_no_timeline),
		cmocka_unit_test(below_five_attempts_there_is_no_p),
		cmocka_unit_test(no_attempts_no_correlation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
