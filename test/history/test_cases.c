// SPDX-License-Identifier: GPL-2.0-or-later
/* Histories that were worked by hand: each once led, or may lead, to a wrong sentence. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../unit/test.h"
#include "history.h"

#define BASE 0x10000u
#define PFN 0x10228u /* slot 0; slot 1 is another, slot 2 lies below it */

static struct {
	struct w_script script;
	struct w_world world;
	struct e_mask mask;
	struct evidence evidence;
	struct lt_snapshot *snap;
	struct lt_report *report;
} now;

static struct reading reading;

/* A script on @kernel that everything is shown of; pages are read at 100 s. */
static void begin(enum w_kernel kernel)
{
	const uint64_t ns = 100 * W_SECOND;

	memset(&now, 0, sizeof(now));
	now.script = (struct w_script){
		.kernel = kernel,
		.nr_areas = 1,
		.slots = W_SLOTS_AT(PFN),
		.seen_ns = { ns, ns, ns, ns },
	};
	now.mask = (struct e_mask)E_EVERYTHING;
}

static struct w_event *at(double seconds, enum w_type type, enum w_who who, int slot)
{
	struct w_event *event = &now.script.events[now.script.nr++];

	*event = (struct w_event){ .at_ns = (uint64_t)(seconds * 1e9),
				   .type = type,
				   .who = who,
				   .to_who = W_CHILD,
				   .slot = slot };
	return event;
}

static void hold(double seconds, enum w_type type, enum w_who who, int slot, enum w_hold kind)
{
	at(seconds, type, who, slot)->hold = kind;
}

static struct w_event *request(double seconds, uint64_t nr_pages)
{
	struct w_event *event = at(seconds, W_ATTEMPT, W_VIDEO, 0);

	event->nr_pages = nr_pages;
	event->align = 9;
	return event;
}

/* camera gets the page of slot 0 at 2 s, and pins it. */
static void pin_by_camera(void)
{
	at(1, W_START, W_CAMERA, 0);
	at(2, W_ALLOC, W_CAMERA, 0);
	hold(3, W_HOLD, W_CAMERA, 0, W_PIN);
}

static void print_case(const struct verdict *verdict)
{
	print_message("%s\n", now.report->headline);
	for (size_t i = 0; i < verdict->nr; i++)
		if (!verdict->v[i].is_true)
			print_message("not true: %s\n", verdict->v[i].text);
}

/* Reads what is left of it; what is called proven must be true, whatever the case expects. */
static void play(void)
{
	struct verdict verdict;

	w_world_run(&now.script, &now.world);
	evidence_make(&now.world, &now.mask, &now.evidence);
	now.snap = reading_make(&reading, &now.evidence);
	assert_int_equal(lt_report_make(now.snap, &now.report), 0);
	verdict_make(&now.world, &now.mask, now.report, &verdict);
	for (size_t i = 0; i < verdict.nr; i++) {
		if (verdict.v[i].confidence == LT_PROVEN && !verdict.v[i].is_true) {
			print_case(&verdict);
			fail_msg("proven, and not true: %s", verdict.v[i].text);
		}
	}
}

static void end(void)
{
	lt_report_free(now.report);
	reading_free(now.snap);
	evidence_free(&now.evidence);
}

/* What is said of @pfn, in the attempt @i. */
static const struct lt_cause_page *said(size_t i, uint64_t pfn)
{
	assert_true(i < now.report->causes.nr);
	lt_vec_each(page, &now.report->causes.v[i].pages)
		if (page->pfn == pfn)
			return page;
	fail_msg("attempt %zu: nothing is said of 0x%" PRIx64, i, pfn);
	return NULL;
}

static void assert_said(size_t i, uint64_t pfn, enum lt_hold_state state, enum lt_pin_kind kind,
			enum lt_confidence confidence, enum lt_holder_basis by)
{
	const struct lt_cause_page *page = said(i, pfn);

	if (page->state != state || page->hold != kind || page->by != by ||
	    (kind != LT_PIN_UNKNOWN && page->confidence != confidence))
		fail_msg("0x%" PRIx64 ": state %d, hold %d, confidence %d, by %d: %s", pfn,
			 (int)page->state, (int)page->hold, (int)page->confidence, (int)page->by,
			 now.report->headline);
}

static void assert_headline(const char *words, bool has)
{
	if (!strstr(now.report->headline, words) == has)
		fail_msg("\"%s\" is %sin: %s", words, has ? "not " : "", now.report->headline);
}

/* The time that counts is that of the range, not of the request's begin. */
static void a_request_waits_while_its_blocker_is_allocated(void **state)
{
	(void)state;
	begin(W_6_12);
	at(1, W_START, W_CAMERA, 0);
	at(2, W_ALLOC, W_CAMERA, 2);
	hold(3, W_HOLD, W_CAMERA, 2, W_PIN);
	request(10, 1024)->wait_ns = 2 * W_SECOND;
	at(11, W_ALLOC, W_CAMERA, 1);
	hold(11.5, W_HOLD, W_CAMERA, 1, W_PIN);
	play();
	assert_said(0, 0x10500, LT_STATE_HELD_SINCE, LT_PIN_PINNED, LT_LIKELY, LT_BY_ALLOCATION);
	assert_int_equal(said(0, 0x10500)->nr_windows, 2);
	end();
}

/* The parent made the pin, and is gone; the child maps the page and may hold what it did not make. */
static void a_fork_inherits_a_hold(void **state)
{
	(void)state;
	begin(W_6_12);
	pin_by_camera();
	at(4, W_FORK, W_CAMERA, 0);
	request(10, 2048);
	at(11, W_EXIT, W_CAMERA, 0);
	play();
	assert_said(0, PFN, LT_STATE_HELD_SINCE, LT_PIN_PINNED, LT_LIKELY, LT_BY_MAPPING);
	assert_headline("probably holds", false);
	assert_headline("Restart", false);
	end();
}

/* What is pinned now was a passing write then: likely to be a pin is all that may be said. */
static void an_o_direct_write_blocked_and_a_pin_came_later(void **state)
{
	(void)state;
	for (enum w_kernel kernel = W_6_1; kernel < W_NR_KERNELS; kernel++) {
		begin(kernel);
		at(1, W_START, W_CAMERA, 0);
		at(2, W_ALLOC, W_CAMERA, 0);
		hold(9, W_HOLD, W_CAMERA, 0, W_DIRECT);
		request(10, 2048);
		hold(11, W_DROP, W_CAMERA, 0, W_DIRECT);
		hold(12, W_HOLD, W_CAMERA, 0, W_PIN);
		play();
		assert_said(0, PFN, LT_STATE_HELD_SINCE, LT_PIN_PINNED, LT_LIKELY,
			    LT_BY_ALLOCATION);
		assert_headline("blocked it (proven)", true);
		end();
	}
}

static void without_times_of_owners_nothing_is_continuous(void **state)
{
	(void)state;
	begin(W_5_10);
	pin_by_camera();
	request(10, 2048);
	play();
	assert_said(0, PFN, LT_STATE_HELD_NOW, LT_PIN_PINNED, LT_HINT, LT_BY_MAPPING);
	assert_headline("whether it was so then is not known", true);
	end();
}

/* Each range has its blocker: one is gone, the other is still there. */
static void of_two_blockers_one_is_gone(void **state)
{
	(void)state;
	begin(W_6_12);
	pin_by_camera();
	at(2.1, W_ALLOC, W_CAMERA, 1);
	hold(2.2, W_HOLD, W_CAMERA, 1, W_PIN);
	request(10, 1024);
	hold(20, W_DROP, W_CAMERA, 0, W_PIN);
	at(21, W_FREE, W_CAMERA, 0);
	play();
	assert_said(0, PFN, LT_STATE_RELEASED, LT_PIN_UNKNOWN, LT_HINT, LT_BY_NOBODY);
	assert_said(0, 0x10500, LT_STATE_HELD_SINCE, LT_PIN_PINNED, LT_LIKELY, LT_BY_ALLOCATION);
	assert_string_equal(now.report->causes.v[0].id, "pin-in-cma");
	end();
}

/* It is below the page that was named, so it was not there. */
static void a_latecomer_is_below_the_page(void **state)
{
	(void)state;
	begin(W_6_12);
	pin_by_camera();
	at(5, W_START, W_NEWCOMER, 0);
	request(10, 2048);
	at(11, W_ALLOC, W_NEWCOMER, 2);
	hold(12, W_HOLD, W_NEWCOMER, 2, W_PIN);
	play();
	assert_int_equal(now.report->causes.v[0].pages.nr, 1);
	assert_said(0, PFN, LT_STATE_HELD_SINCE, LT_PIN_PINNED, LT_LIKELY, LT_BY_ALLOCATION);
	assert_headline("newcomer", false);
	end();
}

/* 6.1 and later may mean the block; 5.10 means the page. */
static void the_page_is_at_the_start_of_a_block(void **state)
{
	(void)state;
	for (enum w_kernel kernel = W_5_10; kernel < W_NR_KERNELS; kernel++) {
		begin(kernel);
		now.script.slots[0].pfn = 0x10200;
		at(1, W_START, W_CAMERA, 0);
		at(9.9, W_UNISOLATE, W_CAMERA, 0);
		if (kernel == W_5_10) {
			at(2, W_ALLOC, W_CAMERA, 0);
			hold(3, W_HOLD, W_CAMERA, 0, W_PIN);
		}
		request(10, 2048);
		play();
		if (kernel == W_5_10)
			assert_false(said(0, 0x10200)->is_block);
		else
			lt_vec_each(page, &now.report->causes.v[0].pages)
				assert_true(page->is_block);
		end();
	}
}

/* A driver's buffer goes in and out of its queue: pinned whenever somebody looks. */
static void a_queue_pins_its_buffers_again(void **state)
{
	(void)state;
	begin(W_6_12);
	pin_by_camera();
	for (int i = 0; i < 3; i++) {
		request(10 + 10 * i, 2048);
		hold(12 + 10 * i, W_DROP, W_CAMERA, 0, W_PIN);
		hold(12.1 + 10 * i, W_HOLD, W_CAMERA, 0, W_PIN);
	}
	play();
	for (size_t i = 0; i < 3; i++)
		assert_said(i, PFN, LT_STATE_HELD_SINCE, LT_PIN_PINNED, LT_LIKELY,
			    LT_BY_ALLOCATION);
	assert_int_equal(now.report->failures.nr, 1);
	assert_int_equal(now.report->failures.v[0].count, 3);
	end();
}

/* A device has half of the area: that there is a pin as well explains nothing. */
static void an_area_is_half_given_out(void **state)
{
	(void)state;
	for (enum w_kernel kernel = W_6_12; kernel < W_NR_KERNELS; kernel++) {
		begin(kernel);
		request(1.5, 1024);
		at(1, W_START, W_CAMERA, 0);
		at(2, W_ALLOC, W_CAMERA, 1);
		hold(3, W_HOLD, W_CAMERA, 1, W_PIN);
		request(10, 2048);
		play();
		assert_headline("only 1024 pages (4 MiB) of the area's 2048 were left (proven)",
				true);
		assert_headline("camera", false);
		end();
	}
}

static void two_hold_one_page(void **state)
{
	(void)state;
	begin(W_6_12);
	pin_by_camera();
	at(4, W_FORK, W_CAMERA, 0);
	hold(5, W_HOLD, W_CHILD, 0, W_PIN);
	request(10, 2048);
	play();
	assert_said(0, PFN, LT_STATE_HELD_SINCE, LT_PIN_PINNED, LT_LIKELY, LT_BY_NOBODY);
	assert_headline("Restart", false);
	end();
}

/* Another process has the number, and the page, now. */
static void the_number_of_a_process_is_given_again(void **state)
{
	(void)state;
	begin(W_6_12);
	pin_by_camera();
	request(10, 2048);
	at(20, W_EXIT, W_CAMERA, 0);
	at(21, W_START, W_REBORN, 0);
	at(22, W_ALLOC, W_REBORN, 0);
	hold(23, W_HOLD, W_REBORN, 0, W_PIN);
	play();
	assert_said(0, PFN, LT_STATE_REUSED, LT_PIN_UNKNOWN, LT_HINT, LT_BY_NOBODY);
	assert_headline("reborn", false);
	end();
}

/* khugepaged allocates for others, and holds nothing. */
static void khugepaged_made_the_page(void **state)
{
	(void)state;
	begin(W_6_12);
	at(1, W_START, W_CAMERA, 0);
	at(2, W_ALLOC, W_KHUGEPAGED, 4);
	hold(3, W_HOLD, W_CAMERA, 4, W_PIN);
	request(10, 2048);
	play();
	assert_said(0, 0x10400, LT_STATE_HELD_SINCE, LT_PIN_PINNED, LT_LIKELY, LT_BY_MAPPING);
	assert_headline("khugepaged", false);
	end();
}

/* The lines are gone, and the kernel's counters are not. */
static void a_log_has_wrapped(void **state)
{
	(void)state;
	for (enum w_kernel kernel = W_6_1; kernel < W_NR_KERNELS; kernel++) {
		begin(kernel);
		pin_by_camera();
		request(10, 2048);
		now.mask.nr_log_lost = 100;
		now.mask.trace = false;
		play();
		assert_headline("No failed cma_alloc is on record", false);
		assert_headline("counts 1 failed cma_alloc call since boot", true);
		end();
	}
}

/* Released between the trace and the pages; or got by somebody else, whom no owner's time clears. */
static void pages_are_read_4_ms_later(void **state)
{
	(void)state;
	for (int is_got = 0; is_got < 2; is_got++) {
		begin(W_6_12);
		pin_by_camera();
		at(5, W_START, W_NEWCOMER, 0);
		request(10, 2048);
		now.script.seen_ns.log = 10 * W_SECOND + 500 * W_US;
		now.script.seen_ns.states = now.script.seen_ns.log + 4 * W_MS;
		now.mask.owners = false;
		hold(10.001, W_DROP, W_CAMERA, 0, W_PIN);
		at(10.002, W_FREE, W_CAMERA, 0);
		if (is_got) {
			at(10.003, W_ALLOC, W_NEWCOMER, 0);
			hold(10.0035, W_HOLD, W_NEWCOMER, 0, W_PIN);
		}
		play();
		if (is_got)
			assert_said(0, PFN, LT_STATE_HELD_NOW, LT_PIN_PINNED, LT_HINT,
				    LT_BY_MAPPING);
		else
			assert_said(0, PFN, LT_STATE_RELEASED, LT_PIN_UNKNOWN, LT_HINT,
				    LT_BY_NOBODY);
		assert_headline("Restart", false);
		end();
	}
}

/* A search goes on after a range that could not be isolated: what ended it was something else. */
static void a_range_is_refused_and_another_ends_the_search(void **state)
{
	(void)state;
	for (int is_killed = 0; is_killed < 2; is_killed++) {
		begin(W_7_2);
		request(1, 512); /* shows that such tests are traced */
		at(2, W_RELEASE, W_VIDEO, 0);
		at(9.9, W_REFUSE, W_VIDEO, 0);
		if (is_killed) {
			struct w_event *event = request(10, 1024);

			event->err = EINTR;
			event->err_at = 1;
		} else {
			request(10, 2048);
		}
		play();
		assert_headline("the kernel could not isolate the range (proven)", !is_killed);
		end();
	}
}

/* The module's message is of that instant, and of no other time. */
static void the_instant_says_nothing_of_now(void **state)
{
	(void)state;
	begin(W_6_12);
	now.mask.instants = true;
	now.mask.states = now.mask.owners = now.mask.mappers = false;
	pin_by_camera();
	request(10, 2048);
	hold(20, W_DROP, W_CAMERA, 0, W_PIN);
	at(21, W_FREE, W_CAMERA, 0);
	play();
	assert_said(0, PFN, LT_STATE_UNKNOWN, LT_PIN_PINNED, LT_PROVEN, LT_BY_NOBODY);
	assert_headline("blocked it (proven) and was pinned then (proven)", true);
	assert_headline("now", false);
	end();
}

/* The kernel itself has a page there that it cannot move: a bug of it, and nobody's pin. */
static void an_unmovable_page_is_in_the_area(void **state)
{
	(void)state;
	begin(W_6_12);
	at(1, W_START, W_CAMERA, 0);
	at(2, W_UNMOVABLE, W_CAMERA, 0);
	request(10, 2048);
	play();
	assert_said(0, PFN, LT_STATE_HELD_SINCE, LT_PIN_UNMOVABLE, LT_LIKELY, LT_BY_NOBODY);
	assert_headline("was an unmovable allocation (likely)", true);
	assert_headline("Restart", false);
	end();
}

static int setup(void **state)
{
	(void)state;
	reading_init(&reading);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	reading_fini(&reading);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_waits_while_its_blocker_is_allocated),
		cmocka_unit_test(a_fork_inherits_a_hold),
		cmocka_unit_test(an_o_direct_write_blocked_and_a_pin_came_later),
		cmocka_unit_test(without_times_of_owners_nothing_is_continuous),
		cmocka_unit_test(of_two_blockers_one_is_gone),
		cmocka_unit_test(a_latecomer_is_below_the_page),
		cmocka_unit_test(the_page_is_at_the_start_of_a_block),
		cmocka_unit_test(a_queue_pins_its_buffers_again),
		cmocka_unit_test(an_area_is_half_given_out),
		cmocka_unit_test(two_hold_one_page),
		cmocka_unit_test(the_number_of_a_process_is_given_again),
		cmocka_unit_test(khugepaged_made_the_page),
		cmocka_unit_test(a_log_has_wrapped),
		cmocka_unit_test(pages_are_read_4_ms_later),
		cmocka_unit_test(a_range_is_refused_and_another_ends_the_search),
		cmocka_unit_test(the_instant_says_nothing_of_now),
		cmocka_unit_test(an_unmovable_page_is_in_the_area),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
