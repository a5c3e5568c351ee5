// SPDX-License-Identifier: GPL-2.0-or-later
#include "test.h"

#include <errno.h>
#include <math.h>

#include "analyse/correlation.h"

static void assert_near(double got, double want)
{
	if (fabs(got - want) > 1e-4 * fabs(want))
		fail_msg("%.9g is not %.9g", got, want);
}

/* A snapshot of one area, [1000, 2000), whose module source answered. */
struct world {
	struct lt_snapshot snap;
};

static void world_init(struct world *w, enum lt_status module)
{
	struct lt_source_state *state;
	struct lt_area *area;

	memset(w, 0, sizeof(*w));
	state = lt_vec_push(&w->snap.sources);
	*state = (struct lt_source_state){ .name = "module", .status = module, .has_page_states = true };
	area = lt_vec_push(&w->snap.areas);
	area->nr_pages = lt_num(1000);
	((struct lt_area_range *)lt_vec_push(&area->ranges))->pfns =
		(struct lt_range){ 1000, 2000 };
	w->snap.taken_ns = lt_num(9000000000);
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

static struct lt_pin *add_pin(struct world *w, uint64_t pfn)
{
	struct lt_pin *pin = lt_vec_push(&w->snap.pins);

	pin->pfn = pfn;
	pin->nr_pages = 1;
	pin->kind = LT_PIN_PINNED;
	return pin;
}

static struct lt_correlation correlate(struct world *w)
{
	struct lt_correlation out;

	assert_int_equal(lt_correlation_make(&w->snap, &out), 0);
	return out;
}

static void world_fini(struct world *w, struct lt_correlation *c)
{
	lt_correlation_fini(c);
	lt_attempts_free(&w->snap.attempts);
	lt_pins_free(&w->snap.pins);
	lt_areas_free(&w->snap.areas);
	lt_vec_free(&w->snap.sources);
}

static void windows_of_one_page_count_once(void **state)
{
	struct lt_correlation c;
	struct lt_attempt *attempt;
	struct lt_mapper *mapper;
	struct lt_pin *pin;
	struct world w;

	(void)state;
	world_init(&w, LT_STATUS_OK);
	pin = add_pin(&w, 1050);
	mapper = lt_vec_push(&pin->mapped_by);
	*mapper = (struct lt_mapper){ .pid = 812, .comm = "camera-hal" };
	attempt = add_attempt(&w, 1000000000, true);
	for (uint64_t start = 1000; start < 1050; start++)
		add_try(attempt, start, 1050);
	add_try(add_attempt(&w, 2000000000, false), 1200, 0);
	c = correlate(&w);
	assert_true(c.is_known);
	assert_int_equal(c.nr_attempts, 2);
	assert_int_equal(c.nr_blockers, 1);
	assert_int_equal(c.table.pinned_failed, 1);
	assert_int_equal(c.table.clean_ok, 1); /* the pin was not where it looked */
	assert_num(c.sampled_after_ms, 8000);
	assert_int_equal(c.owners.nr, 1);
	assert_int_equal(c.owners.v[0].pid, 812);
	assert_near(c.owners.v[0].share, 1);
	world_fini(&w, &c);
}

/* Who maps the page in the way of an attempt of 1 s to 1.5 s, by the bounds of its start. */
static size_t nr_credited(struct lt_when start)
{
	struct lt_correlation c;
	struct lt_attempt *attempt;
	struct lt_mapper *mapper;
	struct lt_pin *pin;
	struct world w;
	size_t nr;

	world_init(&w, LT_STATUS_OK);
	pin = add_pin(&w, 1050);
	mapper = lt_vec_push(&pin->mapped_by);
	*mapper = (struct lt_mapper){ .pid = 9, .comm = "later", .start = start };
	attempt = add_attempt(&w, 1000000000, true);
	attempt->latency_ns = lt_num(500000000);
	add_try(attempt, 1000, 1050);
	c = correlate(&w);
	nr = c.owners.nr;
	world_fini(&w, &c);
	return nr;
}

static void only_a_process_that_certainly_began_later_is_cleared(void **state)
{
	const struct lt_num second = lt_num(1000000000), later = lt_num(1500000001);

	(void)state;
	assert_int_equal(nr_credited((struct lt_when){ later, lt_num(2000000000) }), 0);
	assert_int_equal(nr_credited((struct lt_when){ .earliest_ns = later }), 0);
	/* While the attempt lasted; within bounds that overlap it; not known. */
	assert_int_equal(nr_credited((struct lt_when){ lt_num(1200000000), later }), 1);
	assert_int_equal(nr_credited((struct lt_when){ second, lt_num(9000000000) }), 1);
	assert_int_equal(nr_credited((struct lt_when){ 0 }), 1);
}

static void a_process_begun_later_is_not_credited(void **state)
{
	struct lt_correlation c;
	struct lt_mapper *mapper;
	struct lt_pin *pin;
	struct world w;

	(void)state;
	world_init(&w, LT_STATUS_OK);
	pin = add_pin(&w, 1050);
	mapper = lt_vec_push(&pin->mapped_by);
	*mapper = (struct lt_mapper){ .pid = 9, .comm = "later",
				      .start = lt_when_at(lt_num(4000000000)) };
	add_try(add_attempt(&w, 1000000000, true), 1000, 1050);
	add_try(add_attempt(&w, 6000000000, true), 1000, 1050);
	c = correlate(&w);
	assert_int_equal(c.owners.nr, 1);
	assert_near(c.owners.v[0].share, 0.5);
	world_fini(&w, &c);
}

static void a_page_allocated_later_was_not_pinned_then(void **state)
{
	struct lt_correlation c;
	struct lt_pin *pin;
	struct world w;

	(void)state;
	world_init(&w, LT_STATUS_OK);
	pin = add_pin(&w, 1050);
	pin->has_owner = true;
	pin->allocated_by.ts_ns = lt_num(5000000000);
	add_try(add_attempt(&w, 1000000000, false), 1000, 0);
	add_try(add_attempt(&w, 6000000000, true), 1000, 1050);
	c = correlate(&w);
	assert_int_equal(c.table.clean_ok, 1);
	assert_int_equal(c.table.pinned_failed, 1);
	world_fini(&w, &c);
}

static void the_sample_taken_at_the_time_is_believed(void **state)
{
	struct lt_attempt *attempt;
	struct lt_correlation c;
	struct world w;

	(void)state;
	world_init(&w, LT_STATUS_ABSENT);
	add_pin(&w, 1050);
	attempt = add_attempt(&w, 1000000000, true);
	attempt->source = LT_ATTEMPT_ALLOC;
	attempt->sampled = true;
	attempt->sampled_after_ns = lt_num(3000000);
	add_try(attempt, 1000, 1070);
	*(struct lt_range *)lt_vec_push(&attempt->pinned) = (struct lt_range){ 1070, 1071 };
	attempt = add_attempt(&w, 2000000000, false);
	attempt->source = LT_ATTEMPT_ALLOC;
	attempt->sampled = true;
	add_try(attempt, 1000, 0);
	/* one whose pins nobody knows */
	add_try(add_attempt(&w, 3000000000, true), 1000, 1070);
	c = correlate(&w);
	assert_int_equal(c.nr_attempts, 2);
	assert_int_equal(c.table.pinned_failed, 1);
	assert_int_equal(c.table.clean_ok, 1);
	assert_num(c.sampled_after_ms, 3);
	assert_int_equal(c.owners.nr, 0);
	world_fini(&w, &c);
}

/* Two trace buffers give one event times that differ by microseconds. */
static void the_same_call_in_the_trace_counts_once(void **state)
{
	struct lt_attempt *attempt;
	struct lt_correlation c;
	struct world w;

	(void)state;
	world_init(&w, LT_STATUS_OK);
	attempt = add_attempt(&w, 1000000000, true);
	attempt->source = LT_ATTEMPT_ALLOC;
	attempt->sampled = true;
	attempt->caller = "ltpin-63";
	add_attempt(&w, 1000004000, true)->caller = "ltpin-63";
	add_attempt(&w, 1000004000, true)->caller = "camera-hal-812";
	add_attempt(&w, 5000000000, true)->caller = "ltpin-63";
	c = correlate(&w);
	assert_int_equal(c.nr_attempts, 3);
	world_fini(&w, &c);
}

/* What failed before any range was tried met no page, whatever is pinned. */
static void no_memory_is_nothing_that_a_pin_does(void **state)
{
	struct lt_correlation c;
	struct world w;

	(void)state;
	world_init(&w, LT_STATUS_OK);
	add_pin(&w, 1050);
	add_attempt(&w, 1000000000, true)->err = lt_num(ENOMEM);
	add_attempt(&w, 2000000000, true)->err = lt_num(EBUSY);
	c = correlate(&w);
	assert_int_equal(c.table.clean_failed, 1);
	assert_int_equal(c.table.pinned_failed, 1);
	world_fini(&w, &c);
}

static void every_attempt_is_on_the_timeline_once(void **state)
{
	struct lt_contingency sum = { 0 };
	struct lt_correlation c;
	struct world w;

	(void)state;
	world_init(&w, LT_STATUS_OK);
	add_pin(&w, 1050);
	for (uint64_t i = 0; i < 1000; i++)
		add_try(add_attempt(&w, 1000000000 + i * 7777777, i % 3), i % 2 ? 1000 : 1200,
			i % 3 ? 1050 : 0);
	add_attempt(&w, 0, true)->ts_ns.known = false;
	c = correlate(&w);
	assert_int_equal(c.timeline.nr, LT_TIMELINE_SPANS);
	assert_int_equal(c.timeline.v[0].start_ns, 1000000000);
	assert_true(c.timeline.v[LT_TIMELINE_SPANS - 1].end_ns > 1000000000 + 999 * 7777777ull);
	lt_vec_each(span, &c.timeline) {
		assert_true(span == c.timeline.v || span->start_ns == span[-1].end_ns);
		sum.pinned_failed += span->table.pinned_failed;
		sum.pinned_ok += span->table.pinned_ok;
		sum.clean_failed += span->table.clean_failed;
		sum.clean_ok += span->table.clean_ok;
	}
	sum.pinned_failed++; /* the one without a time, which nobody knows where to put */
	assert_memory_equal(&sum, &c.table, sizeof(sum));
	world_fini(&w, &c);
}

static void one_moment_is_no_timeline(void **state)
{
	struct lt_correlation c;
	struct world w;

	(void)state;
	world_init(&w, LT_STATUS_OK);
	add_attempt(&w, 1000000000, true);
	add_attempt(&w, 1000000000, false);
	c = correlate(&w);
	assert_int_equal(c.nr_attempts, 2);
	assert_int_equal(c.timeline.nr, 0);
	world_fini(&w, &c);
}

static void below_five_attempts_there_is_no_p(void **state)
{
	struct lt_correlation c;
	struct world w;

	(void)state;
	world_init(&w, LT_STATUS_OK);
	for (uint64_t i = 0; i < LT_CORRELATION_MIN_ATTEMPTS; i++) {
		c = correlate(&w);
		assert_false(c.has_p);
		lt_correlation_fini(&c);
		add_attempt(&w, 1000000000 * i, i % 2);
	}
	c = correlate(&w);
	assert_true(c.has_p);
	world_fini(&w, &c);
}

static void no_attempts_no_correlation(void **state)
{
	struct lt_correlation c;
	struct world w;

	(void)state;
	world_init(&w, LT_STATUS_OK);
	c = correlate(&w);
	assert_false(c.is_known);
	world_fini(&w, &c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(windows_of_one_page_count_once),
		cmocka_unit_test(only_a_process_that_certainly_began_later_is_cleared),
		cmocka_unit_test(a_process_begun_later_is_not_credited),
		cmocka_unit_test(a_page_allocated_later_was_not_pinned_then),
		cmocka_unit_test(the_sample_taken_at_the_time_is_believed),
		cmocka_unit_test(the_same_call_in_the_trace_counts_once),
		cmocka_unit_test(no_memory_is_nothing_that_a_pin_does),
		cmocka_unit_test(every_attempt_is_on_the_timeline_once),
		cmocka_unit_test(one_moment_is_no_timeline),
		cmocka_unit_test(below_five_attempts_there_is_no_p),
		cmocka_unit_test(no_attempts_no_correlation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
