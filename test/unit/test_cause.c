// SPDX-License-Identifier: GPL-2.0-or-later
/* Each failure at its own time: what is said of a page that the kernel named, and what is not. */
#include "judge.h"

#include <errno.h>

#include "base/array_size.h"
#include "uapi/ltpin_netlink.h"

#define SECOND 1000000000ull
#define PFN 0x10042

static struct lt_snapshot *scanned_world(void)
{
	struct lt_snapshot *snap = world();

	*(struct lt_source_state *)lt_vec_push(&snap->sources) = (struct lt_source_state){
		.name = "kcore", .status = LT_STATUS_OK, .proves = "references"
	};
	return snap;
}

static struct lt_attempt *add_traced(struct lt_snapshot *snap, uint64_t nr_pages, double at,
				     int err)
{
	struct lt_attempt *attempt = add_failure(snap, nr_pages, err);

	attempt->source = LT_ATTEMPT_TRACE;
	attempt->area_name = "reserved";
	attempt->ts_ns = lt_num((uint64_t)(at * SECOND));
	attempt->failed = err;
	return attempt;
}

static void add_range(struct lt_attempt *attempt, uint64_t start_pfn, struct lt_num blocker)
{
	struct lt_try *tried = lt_vec_push(&attempt->tries);

	tried->pfns = (struct lt_range){ start_pfn, start_pfn + attempt->nr_pages.val };
	tried->ok = !attempt->failed;
	tried->stage = tried->ok ? LT_TRY_UNKNOWN : LT_TRY_TEST;
	tried->blocker_pfn = blocker;
	tried->ts_ns = attempt->ts_ns;
}

static void blocked(struct lt_snapshot *snap, double at, uint64_t pfn)
{
	add_range(add_traced(snap, 0x4000, at, EBUSY), 0x10000, lt_num(pfn));
}

static void given(struct lt_snapshot *snap, double at)
{
	add_range(add_traced(snap, 0x4000, at, 0), 0x10000, (struct lt_num){ 0 });
}

static struct lt_pin *add_page(struct lt_snapshot *snap, uint64_t pfn, enum lt_pin_kind kind)
{
	struct lt_pin *pin = lt_vec_push(&snap->pins);

	*pin = (struct lt_pin){
		.pfn = pfn, .nr_pages = 1, .kind = kind, .mapped_by_total = lt_num(0)
	};
	return pin;
}

static void map(struct lt_pin *pin, int pid, const char *comm, double start)
{
	*(struct lt_mapper *)lt_vec_push(&pin->mapped_by) =
		(struct lt_mapper){ .pid = pid,
				    .comm = comm,
				    .vma = "anonymous",
				    .addr = 0x7000,
				    .start = lt_when_at(lt_num((uint64_t)(start * SECOND))) };
	pin->mapped_by_total.val++;
}

static void allocate(struct lt_pin *pin, uint64_t tgid, double at)
{
	pin->has_owner = true;
	pin->allocated_by = (struct lt_owner){ .pfn = pin->pfn,
					       .pid = lt_num(tgid),
					       .tgid = lt_num(tgid),
					       .comm = "camera",
					       .ts_ns = lt_num((uint64_t)(at * SECOND)) };
}

/* What is said of the first attempt's page. */
static struct lt_cause_page said(const struct lt_report *report)
{
	const struct lt_cause_page *page = lt_cause_best(&report->causes.v[0]);

	assert_non_null(page);
	return *page;
}

/* The page was given to a request after the failure: who has it now had nothing to do with it. */
static void a_new_user_of_the_page_is_innocent(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_pin *pin = add_page(snap, PFN, LT_PIN_PINNED);
	struct lt_report *report;

	(void)state;
	map(pin, 900, "newcomer", 5);
	blocked(snap, 2, PFN);
	given(snap, 4);
	report = judge(snap);
	assert_int_equal(said(report).state, LT_STATE_REUSED);
	assert_int_equal(said(report).hold, LT_PIN_UNKNOWN);
	assert_int_equal(said(report).by, LT_BY_NOBODY);
	assert_null(strstr(report->headline, "newcomer"));
	assert_words(report->headline,
		     "page 0x10042 blocked it (proven) and has been released since");
	assert_int_equal(get(report, "busy-transient")->confidence, LT_PROVEN);
	assert_null(get(report, "pin-in-cma")->explains);
	lt_report_free(report);
	snap->attempts.v[1].ts_ns = lt_num(1 * SECOND); /* the control: it was given out before */
	snap->attempts.v[1].tries.v[0].ts_ns = lt_num(1 * SECOND);
	pin->mapped_by.v[0].start = lt_when_at(lt_num(1));
	report = judge(snap);
	assert_int_equal(said(report).state, LT_STATE_HELD_NOW);
	assert_int_equal(said(report).confidence, LT_HINT);
	done(snap, report);
}

/* Input or output that ends leaves the page to whom it belonged all the time. */
static void who_uses_the_page_all_along_is_no_later_user(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_pin *pin = add_page(snap, PFN, LT_PIN_UNKNOWN);
	struct lt_report *report;

	(void)state;
	pin->has_passed = true;
	pin->refcount = pin->mapcount = lt_num(1);
	map(pin, 60, "camera", 1);
	allocate(pin, 60, 1.5);
	blocked(snap, 2, PFN);
	report = judge(snap);
	assert_int_equal(said(report).state, LT_STATE_RELEASED);
	assert_words(report->headline, "page 0x10042 blocked it (proven) and nothing holds it in "
				       "place now; who held it is not known.");
	assert_true(has_evidence(get(report, "busy-transient"), "mapped by camera[60]"));
	lt_report_free(report);
	pin->has_owner = false; /* nobody says since when */
	report = judge(snap);
	assert_int_equal(said(report).state, LT_STATE_RELEASED);
	assert_null(strstr(report->headline, "came later"));
	lt_report_free(report);
	allocate(pin, 60, 2.5);
	report = judge(snap);
	assert_int_equal(said(report).state, LT_STATE_REUSED);
	done(snap, report);
}

/* A range whose test stopped at a later page shows that the pages before it were free. */
static void a_test_that_passed_over_the_page_clears_it(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_report *report;

	(void)state;
	map(add_page(snap, PFN, LT_PIN_PINNED), 900, "newcomer", 1);
	blocked(snap, 2, PFN);
	blocked(snap, 4, PFN + 3);
	report = judge(snap);
	assert_int_equal(said(report).state, LT_STATE_REUSED);
	lt_report_free(report);
	/* a whole block was isolated no more: no page before it was tested */
	snap->attempts.v[1].tries.v[0].blocker_pfn = lt_num(0x10200);
	report = judge(snap);
	assert_int_equal(said(report).state, LT_STATE_HELD_NOW);
	done(snap, report);
}

/* What page_owner says of the time decides, unless the page was moved here. */
static void the_time_of_the_allocation_decides(void **state)
{
	static const struct {
		double at;
		const char *migrated;
		enum lt_hold_state state;
		enum lt_pin_kind hold;
		enum lt_confidence confidence;
	} rows[] = {
		{ 1, NULL, LT_STATE_HELD_SINCE, LT_PIN_PINNED, LT_LIKELY },
		{ 1, "contig_range", LT_STATE_HELD_NOW, LT_PIN_PINNED, LT_HINT },
		{ 3, NULL, LT_STATE_REUSED, LT_PIN_UNKNOWN, LT_PROVEN },
		{ 3, "compaction", LT_STATE_REUSED, LT_PIN_UNKNOWN, LT_PROVEN },
		{ 2.000001, NULL, LT_STATE_HELD_NOW, LT_PIN_PINNED, LT_HINT }, /* within a tick */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct lt_snapshot *snap = scanned_world();
		struct lt_pin *pin = add_page(snap, PFN, LT_PIN_PINNED);
		struct lt_report *report;

		allocate(pin, 812, rows[i].at);
		pin->allocated_by.migrate_reason = rows[i].migrated;
		map(pin, 812, "camera", 0.5);
		blocked(snap, 2, PFN);
		report = judge(snap);
		if (said(report).state != rows[i].state || said(report).hold != rows[i].hold)
			fail_msg("row %zu: state %d, hold %d", i, said(report).state,
				 said(report).hold);
		if (rows[i].hold != LT_PIN_UNKNOWN)
			assert_int_equal(said(report).confidence, rows[i].confidence);
		done(snap, report);
	}
}

/* Pages that the kernel did not name are no part of the cause, however many are pinned. */
static void a_latecomer_is_no_part_of_the_cause(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_pin *pin = add_page(snap, PFN, LT_PIN_PINNED);
	const struct lt_finding *finding;
	struct lt_report *report;

	(void)state;
	allocate(pin, 812, 1);
	map(pin, 812, "camera", 0.5);
	for (uint64_t i = 1; i <= 5; i++)
		map(add_page(snap, PFN + i, LT_PIN_PINNED), 950, "latecomer", 3);
	blocked(snap, 2, PFN);
	report = judge(snap);
	assert_words(report->headline,
		     "page 0x10042 blocked it (proven) and was pinned then (likely); "
		     "camera[812] maps it and probably holds it (likely)");
	assert_null(strstr(report->headline, "latecomer"));
	finding = report->findings.v;
	assert_string_equal(finding->rule->id, "pin-in-cma");
	assert_int_equal(finding->evidence.nr, 1);
	done(snap, report);
}

/* Beside each page: how many of the ranges it blocked. */
static void pages_say_in_how_many_ranges(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_attempt *attempt = add_traced(snap, 0x2000, 2, EBUSY);
	const struct lt_finding *finding;
	struct lt_report *report;

	(void)state;
	add_range(attempt, 0x10000, lt_num(PFN));
	add_range(attempt, 0x10001, lt_num(PFN));
	add_range(attempt, 0x11000, lt_num(0x11001));
	report = judge(snap);
	finding = get(report, "page-in-the-way");
	assert_true(has_evidence(finding, "page 0x10042 blocked 2 of 3 ranges"));
	assert_true(has_evidence(finding, "page 0x11001 blocked 1 of 3 ranges"));
	lt_report_free(report);
	snap->attempts.v[0].source = LT_ATTEMPT_LOG; /* which may not have all of them */
	report = judge(snap);
	assert_false(has_evidence(get(report, "page-in-the-way"), "ranges"));
	done(snap, report);
}

/* Six failures of two causes are two groups; what is established is not laid on all of them. */
static void causes_are_counted_apart(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_pin *second = add_page(snap, PFN + 8, LT_PIN_PINNED);
	struct lt_report *report;

	(void)state;
	allocate(second, 900, 1);
	map(second, 900, "second", 0.5);
	for (int i = 0; i < 5; i++)
		blocked(snap, 2 + i, PFN);
	add_page(snap, PFN, LT_PIN_UNKNOWN)->has_passed = true;
	lt_pins_sort(&snap->pins);
	blocked(snap, 8, PFN + 8);
	report = judge(snap);
	assert_int_equal(report->failures.nr, 2);
	assert_words(report->headline,
		     "failed with -EBUSY: page 0x1004a blocked it (proven) and was "
		     "pinned then (likely); second[900] maps it");
	assert_words(report->headline, "1 other group of failures is on record");
	assert_int_equal(get(report, "busy-transient")->explains->count, 5);
	done(snap, report);
}

/* -ENOMEM is not laid on a page, whatever pages the search met before. */
static void another_error_is_another_cause(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_pin *pin = add_page(snap, PFN, LT_PIN_PINNED);
	struct lt_report *report;

	(void)state;
	allocate(pin, 812, 1);
	map(pin, 812, "camera", 0.5);
	for (int i = 0; i < 4; i++)
		add_traced(snap, 0x4000, 2 + i, ENOMEM);
	blocked(snap, 7, PFN);
	report = judge(snap);
	assert_int_equal(report->failures.nr, 2);
	assert_words(report->headline, "failed with -EBUSY: page 0x10042 blocked it (proven)");
	assert_int_equal(report->causes.v[0].group, 1);
	assert_null(report->causes.v[0].id);
	done(snap, report);
}

/* A pin that was seen to be made is proven then only if it was made before, and never released. */
static void a_traced_pin_is_proven_if_it_was_first(void **state)
{
	static const struct {
		double pinned, given;
		enum lt_pin_kind hold;
		enum lt_holder_basis by;
	} rows[] = {
		{ 1, 0, LT_PIN_PINNED, LT_BY_PINNING },
		{ 3, 0, LT_PIN_UNKNOWN, LT_BY_NOBODY },
		{ 1, 2.5, LT_PIN_UNKNOWN, LT_BY_NOBODY },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct lt_snapshot *snap = scanned_world();
		struct lt_pin *pin = add_page(snap, PFN, LT_PIN_PINNED);
		struct lt_report *report;

		pin->has_pinner = true;
		pin->pinned_by =
			(struct lt_pinner){ .pid = lt_num(812),
					    .comm = "camera",
					    .ts_ns = lt_num((uint64_t)(rows[i].pinned * SECOND)) };
		blocked(snap, 2, PFN);
		if (rows[i].given)
			given(snap, rows[i].given);
		report = judge(snap);
		if (said(report).hold != rows[i].hold || said(report).by != rows[i].by)
			fail_msg("row %zu: hold %d, by %d", i, said(report).hold, said(report).by);
		if (rows[i].hold)
			assert_int_equal(said(report).confidence, LT_PROVEN);
		done(snap, report);
	}
}

/* Who was seen to pin it is not all of it where the page has more pins. */
static void one_holder_of_two_is_said_to_be_one_of_two(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_pin *pin = add_page(snap, PFN, LT_PIN_PINNED);
	struct lt_report *report;

	(void)state;
	pin->pins = lt_num(2);
	pin->has_pinner = true;
	pin->pinned_by = (struct lt_pinner){ .pid = lt_num(812),
					     .comm = "camera",
					     .ts_ns = lt_num(1 * SECOND) };
	pin->nr_pins_seen = lt_num(1);
	blocked(snap, 2, PFN);
	report = judge(snap);
	assert_words(report->headline, "camera[812] pinned it and probably holds it (likely), "
				       "which explains 1 of 2 pins");
	assert_null(strstr(report->answered->advice, "Restart"));
	assert_int_equal(said(report).nr_found.val, 1);
	lt_report_free(report);
	pin->nr_pins_seen = lt_num(3); /* one was released meanwhile */
	report = judge(snap);
	assert_words(report->headline, "camera[812] pinned it and probably holds it (likely).");
	assert_words(report->answered->advice, "Restart camera[812]");
	assert_int_equal(said(report).nr_found.val, 2);
	lt_report_free(report);
	pin->nr_pins_seen.known = false; /* nobody looked */
	report = judge(snap);
	assert_false(said(report).nr_found.known);
	assert_null(strstr(report->headline, "explains"));
	done(snap, report);
}

/* The kernel may mean the block; that its first page is free clears nothing then. */
static void the_first_page_of_a_block_may_stand_for_it(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_report *report;

	(void)state;
	add_page(snap, 0x10200, LT_PIN_UNKNOWN)->has_passed = true;
	blocked(snap, 2, 0x10200);
	report = judge(snap);
	assert_true(said(report).is_block);
	assert_int_equal(said(report).state, LT_STATE_UNKNOWN);
	assert_words(report->headline,
		     "a page of the block at 0x10200 blocked it (proven); what held "
		     "it is not known");
	lt_report_free(report);
	snap->attempts.v[0].area_name = NULL; /* 5.10, which means the page */
	report = judge(snap);
	assert_int_equal(said(report).state, LT_STATE_RELEASED);
	done(snap, report);
}

/* A process that came later, or that shares the page with others, is not said to hold it. */
static void who_only_maps_is_not_the_holder(void **state)
{
	static const struct {
		double start, latest; /* 0: the same */
		uint64_t tgid;
		bool is_shared;
		enum lt_holder_basis by;
	} rows[] = {
		{ 0.5, 0, 812, false, LT_BY_ALLOCATION },
		{ 0.5, 0, 700, false, LT_BY_MAPPING }, /* it got the page from its parent */
		{ 1.5, 0, 812, false, LT_BY_MAPPING }, /* an earlier process had its number */
		{ 1.5, 3, 812, false, LT_BY_MAPPING }, /* and whether it was there is not known */
		{ 3, 0, 700, false,
		  LT_BY_MAPPING }, /* it was not there yet: it has it from its parent */
		{ 0.5, 0, 812, true, LT_BY_NOBODY },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct lt_snapshot *snap = scanned_world();
		struct lt_pin *pin = add_page(snap, PFN, LT_PIN_EXTRA_REF);
		struct lt_report *report;

		allocate(pin, rows[i].tgid, 1);
		map(pin, 812, "camera", rows[i].start);
		if (rows[i].latest)
			pin->mapped_by.v[0].start.latest_ns =
				lt_num((uint64_t)(rows[i].latest * SECOND));
		if (rows[i].is_shared)
			map(pin, 813, "child", 0.6);
		blocked(snap, 2, PFN);
		report = judge(snap);
		if (said(report).by != rows[i].by)
			fail_msg("row %zu: by %d", i, said(report).by);
		if (rows[i].by != LT_BY_ALLOCATION)
			assert_null(strstr(report->headline, "stop camera"));
		done(snap, report);
	}
}

/* A process that began later is not named where the page may have come with it. */
static void who_came_later_is_named_only_with_an_older_page(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_pin *pin = add_page(snap, PFN, LT_PIN_PINNED);
	struct lt_report *report;

	(void)state;
	map(pin, 812, "child", 3);
	blocked(snap, 2, PFN);
	report = judge(snap);
	assert_int_equal(said(report).by, LT_BY_NOBODY);
	lt_report_free(report);
	allocate(pin, 812, 1); /* by another process, which had its number */
	report = judge(snap);
	assert_int_equal(said(report).state, LT_STATE_HELD_SINCE);
	assert_int_equal(said(report).by, LT_BY_MAPPING);
	assert_words(report->headline, "child[812] maps it now, and began later");
	assert_null(strstr(report->answered->advice, "Restart"));
	assert_true(has_evidence(get(report, "pin-in-cma"),
				 "allocated by an earlier process camera[812]"));
	done(snap, report);
}

/* A pin that was seen is none of the page's if the page was free, or allocated, after it. */
static void a_pin_of_an_earlier_use_is_none_of_this_one(void **state)
{
	static const struct {
		double given, allocated, process;
		enum lt_confidence confidence;
		enum lt_holder_basis by;
	} rows[] = {
		{ 0, 0, 0.5, LT_PROVEN, LT_BY_PINNING },
		{ 0.5, 0, 0.5, LT_PROVEN, LT_BY_PINNING }, /* before it was pinned */
		{ 1.5, 0, 0.5, LT_HINT, LT_BY_NOBODY },
		{ 0, 1.5, 0.5, LT_LIKELY, LT_BY_NOBODY },
		{ 0, 0, 1.5, LT_PROVEN, LT_BY_NOBODY }, /* another process has its number */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct lt_snapshot *snap = scanned_world();
		struct lt_pin *pin = add_page(snap, PFN, LT_PIN_PINNED);
		struct lt_report *report;

		pin->has_pinner = true;
		pin->pinned_by = (struct lt_pinner){ .pid = lt_num(812),
						     .comm = "camera",
						     .ts_ns = lt_num(1 * SECOND) };
		map(pin, 812, "camera", rows[i].process);
		if (rows[i].allocated)
			allocate(pin, 812, rows[i].allocated);
		blocked(snap, 2, PFN);
		if (rows[i].given)
			given(snap, rows[i].given);
		report = judge(snap);
		if (said(report).confidence != rows[i].confidence || said(report).by != rows[i].by)
			fail_msg("row %zu: confidence %d, by %d", i, said(report).confidence,
				 said(report).by);
		done(snap, report);
	}
}

/* The clocks as they were read decide what was first, and where they were not, how sure that is. */
static void times_are_compared_on_one_clock(void **state)
{
	static const struct {
		const char *what, *trace_clock;
		double log, trace; /* 0: not read */
		double allocated;
		enum lt_hold_state state;
	} rows[] = {
		{ "not read: within a tick", NULL, 0, 0, 2.000005, LT_STATE_HELD_NOW },
		{ "read: after it", "local", 10, 10, 2.000005, LT_STATE_REUSED },
		{ "read: before it", "local", 10, 10, 1.999995, LT_STATE_HELD_SINCE },
		{ "read: within the error", "local", 10, 10, 2.0000005, LT_STATE_HELD_NOW },
		{ "the trace is 1.5 s ahead", "local", 10, 11.5, 1, LT_STATE_REUSED },
		{ "the trace is 1.5 s ahead, and it was before", "local", 10, 11.5, 0.4,
		  LT_STATE_HELD_SINCE },
		{ "the trace is 1.5 s behind", "local", 10, 8.5, 3, LT_STATE_HELD_SINCE },
		{ "another clock, not read", "mono", 0, 0, 1, LT_STATE_HELD_NOW },
		{ "another clock, read", "mono", 10, 10, 1, LT_STATE_HELD_SINCE },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct lt_snapshot *snap = scanned_world();
		struct lt_report *report;

		allocate(add_page(snap, PFN, LT_PIN_PINNED), 812, rows[i].allocated);
		blocked(snap, 2, PFN);
		snap->clock.trace_clock = rows[i].trace_clock;
		if (rows[i].log)
			snap->clock = (struct lt_clock_set){
				.log_ns = lt_num((uint64_t)(rows[i].log * SECOND)),
				.trace_ns = lt_num((uint64_t)(rows[i].trace * SECOND)),
				.monotonic_ns = lt_num(10 * SECOND),
				.error_ns = lt_num(2000),
				.suspended_ns = lt_num(0),
				.trace_clock = rows[i].trace_clock
			};
		report = judge(snap);
		if (said(report).state != rows[i].state)
			fail_msg("%s: state %d", rows[i].what, said(report).state);
		done(snap, report);
	}
}

/* Of a failure without a named page: likely only where no range was without an older pin. */
static void pins_everywhere_are_likely(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_report *report;

	(void)state;
	for (uint64_t pfn = 0x10100; pfn < 0x14000; pfn += 0x800)
		allocate(add_page(snap, pfn, LT_PIN_PINNED), 812, 1);
	add_failure(snap, 0x800, EBUSY)->ts_ns = lt_num(2 * SECOND);
	report = judge(snap);
	assert_int_equal(get(report, "pin-in-cma")->confidence, LT_LIKELY);
	assert_non_null(get(report, "pin-in-cma")->explains);
	lt_report_free(report);
	snap->pins.v[3].allocated_by.migrate_reason = "compaction";
	report = judge(snap);
	assert_int_equal(get(report, "pin-in-cma")->confidence, LT_HINT);
	done(snap, report);
}

/* 7.2 says -EBUSY for want of room too: where no range was tried, no page was met. */
static void no_range_no_page(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_report *report;

	(void)state;
	map(add_page(snap, PFN, LT_PIN_PINNED), 900, "bystander", 0.5);
	add_traced(snap, 0x4000, 2, EBUSY);
	report = judge(snap);
	assert_null(strstr(report->headline, "bystander"));
	assert_null(get(report, "pin-in-cma")->explains);
	done(snap, report);
}

/* That nothing is on record denies no failure that the kernel counts, or that nobody could read of. */
static void what_is_not_on_record_is_not_denied(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_source_state *klog = &snap->sources.v[0];
	struct lt_report *report;

	(void)state;
	assert_string_equal(klog->name, "klog");
	report = judge(snap);
	assert_words(report->headline, "No failed cma_alloc is on record");
	lt_report_free(report);
	klog->status = LT_STATUS_DENIED;
	snap->records.nr = 0;
	report = judge(snap);
	assert_words(report->headline, "Whether a cma_alloc failed is not known");
	lt_report_free(report);
	klog->status = LT_STATUS_OK;
	snap->records.nr = 1;
	snap->areas.v[0].counters.alloc_fail = lt_num(512);
	report = judge(snap);
	assert_words(report->headline, "CMA areas refused 512 pages (2 MiB) since boot");
	lt_report_free(report);
	snap->memory.cma_alloc_fail = lt_num(1);
	report = judge(snap);
	assert_words(report->headline,
		     "The kernel counts 1 failed cma_alloc call since boot, of which "
		     "none is on record");
	lt_report_free(report);
	map(add_page(snap, PFN, LT_PIN_PINNED), 812, "camera",
	    1); /* nor where there is a pin to tell of */
	report = judge(snap);
	assert_words(report->headline, "camera[812] (proven)");
	assert_words(report->headline,
		     "The kernel counts 1 failed cma_alloc call since boot, of which "
		     "none is on record");
	lt_report_free(report);
	lt_pins_free(&snap->pins);
	snap->memory.cma_alloc_fail = lt_num(3);
	snap->areas.v[0].counters.alloc_fail = lt_num(3 * 0x4000);
	blocked(snap, 2, PFN);
	report = judge(snap);
	assert_words(report->headline, "failed at least once with -EBUSY");
	assert_words(report->headline, "The kernel counts 3 failures since boot.");
	assert_true(has_evidence(find(report, "evidence-missing"),
				 "counts 3 failed cma_alloc calls since boot, and 1 is on record"));
	lt_report_free(report);
	snap->areas.v[0].counters.alloc_fail = lt_num(0x4000); /* the others were in another area */
	report = judge(snap);
	assert_null(strstr(report->headline, "at least"));
	lt_report_free(report);
	snap->areas.v[0].counters.alloc_fail.known = false;
	snap->memory.cma_alloc_fail = lt_num(1);
	report = judge(snap);
	assert_null(strstr(report->headline, "at least"));
	done(snap, report);
}

/* An attempt under way is told with its age, and is no failure. */
static void what_has_not_ended_is_no_failure(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_attempt *open = add_traced(snap, 0x2000, 2, 0);
	struct lt_report *report;

	(void)state;
	open->is_open = open->is_under_way = true;
	open->caller = "camera-812";
	open->err.known = false;
	report = judge(snap);
	assert_int_equal(report->failures.nr, 0);
	assert_int_equal(get(report, "attempt-hangs")->confidence, LT_HINT);
	assert_words(get(report, "attempt-hangs")->text,
		     "in \"reserved\" by camera-812 had not ended when the trace ended");
	lt_report_free(report);
	open->age_ns = lt_num(812 * SECOND);
	report = judge(snap);
	assert_int_equal(get(report, "attempt-hangs")->confidence, LT_PROVEN);
	assert_int_equal(get(report, "attempt-hangs")->severity, LT_WARNING);
	assert_words(report->headline, "by camera-812 has been under way for 812 s (proven)");
	lt_report_free(report);
	add_failure(snap, 0x2000, EBUSY)->ts_ns =
		lt_num(3 * SECOND); /* so the log says how it ended */
	report = judge(snap);
	assert_null(find(report, "attempt-hangs"));
	lt_report_free(report);
	snap->attempts.v[1].ts_ns = lt_num(SECOND / 2); /* that was another one */
	report = judge(snap);
	assert_non_null(find(report, "attempt-hangs"));
	lt_report_free(report);
	snap->attempts.v[0].nr_pages =
		lt_num(0x4001); /* more than the area has is refused at once */
	report = judge(snap);
	assert_null(find(report, "attempt-hangs"));
	done(snap, report);
}

/* A record that begins after boot, or lost something, denies nothing of what was outside it. */
static void a_record_denies_nothing_outside_it(void **state)
{
	static const struct {
		const char *what, *words;
		struct lt_record record, second;
	} rows[] = {
		{ "it begins late",
		  "The kernel log begins 812.0 s after boot",
		  { .from_ns = { 812 * SECOND, true }, .to_ns = { 900 * SECOND, true } },
		  { 0 } },
		{ "it lost lines",
		  "Whether a cma_alloc failed is not known",
		  { .from_ns = { 0, true },
		    .to_ns = { 900 * SECOND, true },
		    .nr_lost = { 3, true } },
		  { 0 } },
		{ "a trace without a gap goes on",
		  "No failed cma_alloc is on record",
		  { .from_ns = { 0, true }, .to_ns = { 5 * SECOND, true } },
		  { .source = LT_ATTEMPT_TRACE,
		    .from_ns = { 4 * SECOND, true },
		    .to_ns = { 9 * SECOND, true },
		    .nr_lost = { 0, true } } },
		{ "between them is a gap",
		  "Whether a cma_alloc failed is not known",
		  { .from_ns = { 0, true }, .to_ns = { 5 * SECOND, true } },
		  { .source = LT_ATTEMPT_TRACE,
		    .from_ns = { 6 * SECOND, true },
		    .to_ns = { 9 * SECOND, true },
		    .nr_lost = { 0, true } } },
		{ "the trace lost events",
		  "Whether a cma_alloc failed is not known",
		  { .from_ns = { 0, true }, .to_ns = { 5 * SECOND, true } },
		  { .source = LT_ATTEMPT_TRACE,
		    .from_ns = { 4 * SECOND, true },
		    .to_ns = { 9 * SECOND, true },
		    .nr_lost = { 1, true } } },
		{ "nothing counts what it lost",
		  "Whether a cma_alloc failed is not known",
		  { .from_ns = { 0, true }, .to_ns = { 5 * SECOND, true } },
		  { .source = LT_ATTEMPT_TRACE,
		    .from_ns = { 4 * SECOND, true },
		    .to_ns = { 9 * SECOND, true } } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct lt_snapshot *snap = scanned_world();
		struct lt_report *report;

		snap->records.v[0] = rows[i].record;
		snap->records.v[0].failures = true;
		if (rows[i].second.source) {
			struct lt_record *second = lt_vec_push(&snap->records);

			*second = rows[i].second;
			second->failures = true;
		}
		report = judge(snap);
		if (!strstr(report->headline, rows[i].words))
			fail_msg("%s: %s", rows[i].what, report->headline);
		if (!find(report, "evidence-missing") != !strcmp(rows[i].words, rows[2].words))
			fail_msg("%s: the finding", rows[i].what);
		lt_report_free(report);
		snap->memory.cma_alloc_fail = lt_num(0); /* the kernel's own count has no gap */
		report = judge(snap);
		assert_words(report->headline, "No failed cma_alloc is on record");
		done(snap, report);
	}
}

/* The kernel looks at a page a block's length apart, from the first one of the range on. */
static void the_first_page_of_a_range_may_stand_for_a_block(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_report *report;

	(void)state;
	add_page(snap, 0x10300, LT_PIN_UNKNOWN)->has_passed = true;
	add_range(add_traced(snap, 0x800, 2, EBUSY), 0x10100, lt_num(0x10300));
	report = judge(snap);
	assert_true(said(report).is_block);
	assert_int_equal(said(report).state, LT_STATE_UNKNOWN);
	lt_report_free(report);
	snap->attempts.v[0].tries.v[0].blocker_pfn = lt_num(0x10301);
	snap->pins.v[0].pfn = 0x10301;
	report = judge(snap);
	assert_false(said(report).is_block);
	assert_int_equal(said(report).state, LT_STATE_RELEASED);
	done(snap, report);
}

/* Up to 6.1 the trace tells no errno: what the last range says decides. */
static void an_errno_that_is_not_told_is_read_from_the_last_range(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_attempt *attempt = add_traced(snap, 0x400, 2, EBUSY);
	struct lt_report *report;

	(void)state;
	attempt->err = (struct lt_num){ 0 };
	add_range(attempt, 0x10000, lt_num(PFN));
	add_range(attempt, 0x10100, (struct lt_num){ 0 });
	report = judge(snap);
	assert_null(report->causes.v[0].id);
	assert_int_equal(report->causes.v[0].pages.nr, 1);
	lt_report_free(report);
	attempt->tries.nr--;
	report = judge(snap);
	assert_string_equal(report->causes.v[0].id, "page-in-the-way");
	done(snap, report);
}

/* On 7.2 -EBUSY is a page or no room: two failures that differ in that are no group. */
static void searches_that_ended_otherwise_are_counted_apart(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_report *report;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct lt_attempt *attempt = add_failure(snap, 0x1000, EBUSY);

		attempt->ts_ns = lt_num((2 + i) * SECOND);
		attempt->nr_free = attempt->largest_free_run = lt_num(i == 2 ? 0x800 : 0x4000);
		attempt->is_busy_if_full = true;
	}
	report = judge(snap);
	assert_int_equal(report->failures.nr, 2);
	assert_int_equal(report->failures.v[0].ending, LT_ENDING_TOO_FEW);
	assert_int_equal(report->failures.v[1].ending, LT_ENDING_ROOM);
	assert_int_equal(get(report, "area-exhausted")->explains->count, 1);
	done(snap, report);
}

/* A request for more than the area has is no case of devices that hold it. */
static void more_than_the_area_is_not_exhaustion(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_attempt *attempt = add_failure(snap, 0x8000, EBUSY);
	struct lt_report *report;

	(void)state;
	attempt->nr_free = attempt->largest_free_run = attempt->nr_area = lt_num(0x4000);
	report = judge(snap);
	assert_null(find(report, "area-exhausted"));
	assert_words(get(report, "request-too-large")->text, "the area has only 16384 pages");
	lt_report_free(report);
	attempt->area = LT_NO_AREA; /* what the log says of it does as well */
	report = judge(snap);
	assert_null(find(report, "area-exhausted"));
	assert_words(get(report, "request-too-large")->text, "the area has only 16384 pages");
	done(snap, report);
}

static struct lt_blocker *watch_page(struct lt_attempt *attempt, uint64_t pfn, uint64_t after_ms)
{
	struct lt_blocker *seen = lt_vec_push(&attempt->blockers);
	const struct lt_folio folio = { .pfn = pfn,
					.nr_pages = 1,
					.refcount = 1025,
					.mapcount = 1,
					.pins = 1,
					.flags = LTPIN_PAGE_ANON | LTPIN_PAGE_LRU };

	*seen = (struct lt_blocker){ .pfn = pfn };
	for (uint64_t ms = 0; ms <= after_ms; ms += after_ms)
		assert_int_equal(lt_blocker_add_sample(
					 seen, &(struct lt_blocker_sample){ lt_num(ms * 1000000),
									    false, folio }),
				 0);
	lt_blocker_evaluate(seen);
	return seen;
}

/*
 * A watch saw the page held, for half a second, in one allocation since before. That a later request
 * was given it does not undo that; nor does it show more than that it is likely.
 */
static void what_was_seen_then_stays_when_it_is_released(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_blocker *seen;
	struct lt_report *report;

	(void)state;
	blocked(snap, 2, PFN);
	given(snap, 4);
	seen = watch_page(&snap->attempts.v[0], PFN, 519);
	allocate(&seen->page, 812, 1);
	report = judge(snap);
	assert_true(lt_cause_page_is_released(lt_cause_best(&report->causes.v[0])));
	assert_int_equal(said(report).hold, LT_PIN_PINNED);
	assert_int_equal(said(report).confidence, LT_LIKELY);
	assert_words(report->headline, "was pinned then (likely); it has been released since");
	lt_report_free(report);
	allocate(&seen->page, 812, 3); /* the control: another allocation */
	report = judge(snap);
	assert_int_equal(said(report).hold, LT_PIN_UNKNOWN);
	done(snap, report);
}

/* A watch may end long after it looked: what it saw is not called now. */
static void what_a_watch_saw_is_of_its_time(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_report *report;

	(void)state;
	blocked(snap, 2, PFN);
	watch_page(&snap->attempts.v[0], PFN, 519);
	report = judge(snap);
	assert_words(report->headline,
		     "page 0x10042 blocked it (proven); it was pinned 519 ms later, and whether it "
		     "was so then is not known");
	assert_null(strstr(report->headline, " now"));
	done(snap, report);
}

/* A sample after the attempt alone, as a watch takes it, is not proof of the time before. */
static void a_sample_after_is_not_one_before(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_attempt *attempt;
	struct lt_report *report;

	(void)state;
	blocked(snap, 2, PFN);
	attempt = snap->attempts.v;
	attempt->sampled = true;
	*(struct lt_range *)lt_vec_push(&attempt->pinned) = (struct lt_range){ PFN, PFN + 1 };
	report = judge(snap);
	assert_int_equal(said(report).hold, LT_PIN_UNKNOWN);
	lt_report_free(report);
	attempt->source = LT_ATTEMPT_ALLOC; /* the control: before and after */
	report = judge(snap);
	assert_int_equal(said(report).hold, LT_PIN_PINNED);
	assert_int_equal(said(report).confidence, LT_PROVEN);
	done(snap, report);
}

/* A search of a large area may meet thousands of pages: none is left out. */
static void no_page_is_left_out(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_attempt *attempt = add_traced(snap, 0x1000, 2, EBUSY);
	const struct lt_cause_pages *pages;
	struct lt_report *report;

	(void)state;
	for (uint64_t i = 0; i < 3000; i++)
		add_range(attempt, 0x10000 + i, lt_num(0x13fff - i / 3));
	report = judge(snap);
	pages = &report->causes.v[0].pages;
	assert_int_equal(pages->nr, 1000);
	for (size_t i = 0; i < pages->nr; i++) {
		assert_int_equal(pages->v[i].pfn, 0x13fff - i); /* in the order of the ranges */
		assert_int_equal(pages->v[i].nr_windows, 3);
	}
	assert_words(report->headline, "page 0x13fff and 999 more blocked it (proven)");
	assert_true(has_evidence(get(report, "page-in-the-way"), "and 995 more"));
	done(snap, report);
}

/* Since when it is held is told on one clock, or not at all. */
static void a_traced_pin_is_told_on_the_clock_of_the_log(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_pin *pin = add_page(snap, PFN, LT_PIN_PINNED);
	struct lt_report *report;

	(void)state;
	pin->has_pinner = true;
	pin->pinned_by = (struct lt_pinner){ .pid = lt_num(812),
					     .comm = "camera",
					     .ts_ns = lt_num(51 * SECOND) };
	blocked(snap, 52, PFN);
	snap->clock = (struct lt_clock_set){ .log_ns = lt_num(10 * SECOND),
					     .trace_ns = lt_num(60 * SECOND),
					     .error_ns = lt_num(500),
					     .trace_clock = "local" };
	report = judge(snap);
	assert_int_equal(said(report).state, LT_STATE_HELD_SINCE);
	assert_true(said(report).since_ns.known);
	assert_int_equal(said(report).since_ns.val, 1 * SECOND + 500); /* at the latest */
	lt_report_free(report);
	pin->pinned_by.is_ours = true; /* the module reads the clock of the log */
	pin->pinned_by.ts_ns = lt_num(1 * SECOND);
	report = judge(snap);
	assert_int_equal(said(report).since_ns.val, 1 * SECOND);
	lt_report_free(report);
	pin->pinned_by.is_ours = false; /* nobody compared the two */
	pin->pinned_by.ts_ns = lt_num(51 * SECOND);
	snap->clock = (struct lt_clock_set){ 0 };
	report = judge(snap);
	assert_int_equal(said(report).state, LT_STATE_HELD_SINCE);
	assert_false(said(report).since_ns.known);
	done(snap, report);
}

/* Who maps the page, or pinned it, at a time that nobody can order, is named with just that. */
static void an_order_that_is_not_known_is_said(void **state)
{
	static const struct {
		struct lt_when start;
		enum lt_order began;
		const char *words;
	} rows[] = {
		{ { { .val = 1 * SECOND, .known = true }, { .val = 3 * SECOND, .known = true } },
		  LT_ORDER_UNKNOWN,
		  "camera[812] maps it now; since when is not known. " },
		{ { { 0 }, { 0 } },
		  LT_ORDER_UNKNOWN,
		  "camera[812] maps it now; since when is not known. " },
		{ { { .val = 1 * SECOND, .known = true }, { .val = 1 * SECOND, .known = true } },
		  LT_ORDER_BEFORE,
		  "camera[812] maps it now. " },
	};
	struct lt_snapshot *snap;
	struct lt_report *report;
	struct lt_pin *pin;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		snap = scanned_world();
		pin = add_page(snap, PFN, LT_PIN_PINNED);
		map(pin, 812, "camera", 1);
		pin->mapped_by.v[0].start = rows[i].start;
		blocked(snap, 2, PFN);
		report = judge(snap);
		assert_int_equal(said(report).began, rows[i].began);
		assert_words(report->headline, rows[i].words);
		done(snap, report);
	}
	snap = scanned_world();
	pin = add_page(snap, PFN, LT_PIN_PINNED);
	pin->has_pinner = true;
	pin->pinned_by = (struct lt_pinner){ .pid = lt_num(812),
					     .comm = "camera",
					     .ts_ns = lt_num(2 * SECOND) };
	blocked(snap, 2, PFN);
	report = judge(snap);
	assert_words(report->headline,
		     "camera[812] pinned it; whether that was before is not known.");
	done(snap, report);
}

/* Pins of the area are named with a failure that has no page, unless they certainly came later. */
static void suspects_are_those_that_may_have_been_there(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_pin *old = add_page(snap, 0x10042, LT_PIN_PINNED);
	struct lt_pin *new;
	struct lt_report *report;

	(void)state;
	map(old, 812, "camera", 1);
	new = add_page(snap, 0x10043, LT_PIN_PINNED);
	old = new - 1; /* the vector has moved */
	map(new, 900, "newcomer", 5);
	add_failure(snap, 8192, EBUSY)->ts_ns = lt_num(2 * SECOND);
	add_failure(snap, 8192, EBUSY)->ts_ns = lt_num(4 * SECOND);
	report = judge(snap);
	assert_words(report->headline, /* it may have been pinned by somebody else then */
		     "2 pages (8 KiB), the first 0x10042, are pinned, mapped by camera[812] now; "
		     "whether that was so then is not known (hint)");
	lt_report_free(report);
	allocate(new, 900, 6);
	report = judge(snap);
	assert_words(report->headline, "page 0x10042 is pinned, mapped by camera[812] now");
	assert_null(strstr(report->headline, "newcomer"));
	lt_report_free(report);
	allocate(new, 900, 3); /* between the two */
	report = judge(snap);
	assert_words(report->headline, "2 pages (8 KiB), the first 0x10042, are pinned");
	lt_report_free(report);
	allocate(new, 900, 6); /* neither may be named: nor is anybody */
	allocate(old, 812, 6);
	report = judge(snap);
	assert_null(strstr(report->headline, "0x1004"));
	assert_null(get(report, "pin-in-cma")->explains);
	done(snap, report);
}

/* A pin of another area has no part in it, however old it is. */
static void nobody_in_another_area_is_suspected(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_area *other = lt_vec_push(&snap->areas);
	struct lt_pin *pin = add_page(snap, 0x20042, LT_PIN_PINNED);
	struct lt_report *report;

	(void)state;
	*other = (struct lt_area){ .name = "camera", .nr_pages = lt_num(0x400) };
	((struct lt_area_range *)lt_vec_push(&other->ranges))->pfns =
		(struct lt_range){ 0x20000, 0x20400 };
	pin->area = 1;
	map(pin, 900, "bystander", 0.1);
	allocate(pin, 900, 0.5);
	add_failure(snap, 8192, EBUSY)->ts_ns = lt_num(2 * SECOND);
	report = judge(snap);
	assert_null(strstr(report->headline, "bystander"));
	assert_null(get(report, "pin-in-cma")->explains);
	lt_report_free(report);
	snap->attempts.v[0].area = 1; /* the control: it was asked */
	snap->attempts.v[0].nr_pages = lt_num(0x400);
	report = judge(snap);
	assert_words(report->headline, "bystander[900], and one was in each range");
	done(snap, report);
}

/* Of steps that may help the advice names what was measured for such a page, and that it was not here. */
static void the_advice_says_what_was_measured_to_help(void **state)
{
	static const struct {
		enum lt_page_class class;
		const char *words;
	} rows[] = {
		{ LT_PAGE_FILE, "not tried here: `explain --try` frees pages of files that nothing "
				"holds, by sync and drop-caches" },
		{ LT_PAGE_ANON,
		  "not tried here: no step of `explain --try` releases a page in a pipe" },
		{ LT_PAGE_UNKNOWN, NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct lt_snapshot *snap = scanned_world();
		struct lt_pin *pin = add_page(snap, PFN, LT_PIN_EXTRA_REF);
		struct lt_report *report;

		pin->class = rows[i].class;
		blocked(snap, 2, PFN);
		report = judge(snap);
		if (rows[i].words)
			assert_words(report->answered->advice, rows[i].words);
		else
			assert_null(strstr(report->answered->advice, "Measured"));
		done(snap, report);
	}
}

/* A page of shared memory that nobody maps may be part of a udmabuf, if one process has one. */
static void a_udmabuf_may_hold_a_page(void **state)
{
	static const struct {
		const char *name, *second;
		enum lt_page_class class;
		uint64_t nr_mapped;
		bool is_named;
	} rows[] = {
		{ "udmabuf", NULL, LT_PAGE_SHMEM, 0, true },
		{ "udmabuf", "udmabuf", LT_PAGE_SHMEM, 0, false },
		{ "udmabuf", "system", LT_PAGE_SHMEM, 0, true },
		{ "system", NULL, LT_PAGE_SHMEM, 0, false },
		{ "udmabuf", NULL, LT_PAGE_ANON, 0, false },
		{ "udmabuf", NULL, LT_PAGE_SHMEM, 1, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct lt_snapshot *snap = scanned_world();
		struct lt_pin *pin = add_page(snap, PFN, LT_PIN_UNKNOWN);
		struct lt_report *report;

		pin->class = rows[i].class;
		pin->mapped_by_total = lt_num(rows[i].nr_mapped);
		*(struct lt_holder *)lt_vec_push(&snap->holders) =
			(struct lt_holder){ .kind = LT_HOLDER_DMA_BUF,
					    .name = rows[i].name,
					    .pid = lt_num(812),
					    .comm = "compositor",
					    .area = LT_NO_AREA };
		if (rows[i].second)
			*(struct lt_holder *)lt_vec_push(&snap->holders) =
				(struct lt_holder){ .kind = LT_HOLDER_DMA_BUF,
						    .name = rows[i].second,
						    .pid = lt_num(900),
						    .comm = "player",
						    .area = LT_NO_AREA };
		blocked(snap, 2, PFN);
		report = judge(snap);
		if ((said(report).by == LT_BY_BUFFER) != rows[i].is_named)
			fail_msg("row %zu: by %d", i, said(report).by);
		if (rows[i].is_named)
			assert_words(
				report->headline,
				"what held it is not known; compositor[812] has a udmabuf now, "
				"which may hold it");
		assert_null(strstr(report->headline, "Restart"));
		done(snap, report);
	}
}

/* Nobody is told to restart a process that no signal reaches. */
static void who_waits_for_a_device_is_not_to_be_restarted(void **state)
{
	static const struct {
		const char *waits_in, *advice;
	} rows[] = {
		{ NULL, "Restart camera[812]" },
		{ "folio_wait_bit",
		  "camera[812] waits in the kernel (state D, in folio_wait_bit)" },
		{ "?", "camera[812] waits in the kernel (state D), so that" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct lt_snapshot *snap = scanned_world();
		struct lt_pin *pin = add_page(snap, PFN, LT_PIN_PINNED);
		struct lt_report *report;

		allocate(pin, 812, 1);
		map(pin, 812, "camera", 0.5);
		pin->mapped_by.v[0].waits_in = rows[i].waits_in;
		blocked(snap, 2, PFN);
		report = judge(snap);
		assert_words(report->answered->advice, rows[i].advice);
		assert_int_equal(strstr(report->answered->advice, "Restart") != NULL, i == 0);
		done(snap, report);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_user_of_the_page_is_innocent),
		cmocka_unit_test(who_uses_the_page_all_along_is_no_later_user),
		cmocka_unit_test(a_test_that_passed_over_the_page_clears_it),
		cmocka_unit_test(the_time_of_the_allocation_decides),
		cmocka_unit_test(a_latecomer_is_no_part_of_the_cause),
		cmocka_unit_test(pages_say_in_how_many_ranges),
		cmocka_unit_test(causes_are_counted_apart),
		cmocka_unit_test(another_error_is_another_cause),
		cmocka_unit_test(a_traced_pin_is_proven_if_it_was_first),
		cmocka_unit_test(one_holder_of_two_is_said_to_be_one_of_two),
		cmocka_unit_test(the_first_page_of_a_block_may_stand_for_it),
		cmocka_unit_test(who_only_maps_is_not_the_holder),
		cmocka_unit_test(who_came_later_is_named_only_with_an_older_page),
		cmocka_unit_test(a_pin_of_an_earlier_use_is_none_of_this_one),
		cmocka_unit_test(times_are_compared_on_one_clock),
		cmocka_unit_test(pins_everywhere_are_likely),
		cmocka_unit_test(no_range_no_page),
		cmocka_unit_test(what_is_not_on_record_is_not_denied),
		cmocka_unit_test(a_record_denies_nothing_outside_it),
		cmocka_unit_test(the_first_page_of_a_range_may_stand_for_a_block),
		cmocka_unit_test(an_errno_that_is_not_told_is_read_from_the_last_range),
		cmocka_unit_test(searches_that_ended_otherwise_are_counted_apart),
		cmocka_unit_test(more_than_the_area_is_not_exhaustion),
		cmocka_unit_test(what_was_seen_then_stays_when_it_is_released),
		cmocka_unit_test(what_a_watch_saw_is_of_its_time),
		cmocka_unit_test(a_sample_after_is_not_one_before),
		cmocka_unit_test(what_has_not_ended_is_no_failure),
		cmocka_unit_test(no_page_is_left_out),
		cmocka_unit_test(a_traced_pin_is_told_on_the_clock_of_the_log),
		cmocka_unit_test(an_order_that_is_not_known_is_said),
		cmocka_unit_test(suspects_are_those_that_may_have_been_there),
		cmocka_unit_test(nobody_in_another_area_is_suspected),
		cmocka_unit_test(a_udmabuf_may_hold_a_page),
		cmocka_unit_test(the_advice_says_what_was_measured_to_help),
		cmocka_unit_test(who_waits_for_a_device_is_not_to_be_restarted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
