// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/analyse/report.c. */
#include "judge.h"

#include <errno.h>

#include "base/array_size.h"
#include "analyse/rule.h"
#define SECOND 1000000000ull

/* The world as the module looked at it. */
static struct lt_snapshot *scanned_world(void)
{
	struct lt_snapshot *snap = world();

	*(struct lt_source_state *)lt_vec_push(&snap->sources) =
		(struct lt_source_state){ .name = "module",
					  .status = LT_STATUS_OK,
					  .has_page_states = true,
					  .proves = "pin counts" };
	return snap;
}

static void add_blocker(struct lt_attempt *attempt, uint64_t pfn)
{
	struct lt_try *tried = lt_vec_push(&attempt->tries);

	tried->pfns = (struct lt_range){ 0x10000, 0x14000 };
	tried->blocker_pfn = lt_num(pfn);
}

static struct lt_pin *add_pin(struct lt_snapshot *snap, uint64_t pfn, enum lt_pin_kind kind)
{
	struct lt_pin *pin = lt_vec_push(&snap->pins);

	*pin = (struct lt_pin){
		.pfn = pfn, .nr_pages = 1, .kind = kind, .mapped_by_total = lt_num(0)
	};
	return pin;
}

static void add_blocker_at(struct lt_attempt *attempt, uint64_t pfn, uint64_t ts_ns)
{
	add_blocker(attempt, pfn);
	attempt->ts_ns = lt_num(ts_ns);
	attempt->source = LT_ATTEMPT_TRACE;
	attempt->tries.v[attempt->tries.nr - 1].ts_ns = lt_num(ts_ns);
}

static void allocate(struct lt_pin *pin, uint64_t tgid, uint64_t ts_ns)
{
	pin->has_owner = true;
	pin->allocated_by = (struct lt_owner){ .pfn = pin->pfn,
					       .pid = lt_num(tgid),
					       .tgid = lt_num(tgid),
					       .comm = "camera-hal",
					       .ts_ns = lt_num(ts_ns) };
}

static void add_mapper(struct lt_pin *pin, int pid, const char *comm)
{
	*(struct lt_mapper *)lt_vec_push(&pin->mapped_by) =
		(struct lt_mapper){ .pid = pid, .comm = comm, .vma = "anonymous", .addr = 0x7000 };
	pin->mapped_by_total.val++;
}

static void a_severity_stays_within_its_row(void **state)
{
	struct lt_snapshot *snap = world();
	struct lt_report *report = judge(snap);

	(void)state;
	for (const struct lt_rule *rule = lt_rules; rule->id; rule++) {
		struct lt_finding *finding = lt_finding_new(report, rule, LT_PROVEN);

		assert_non_null(rule->title);
		assert_true(rule->run || (rule > lt_rules && rule[-1].run));
		assert_true(rule->least <= rule->most);
		assert_int_equal(finding->severity, rule->least);
		lt_finding_raise(finding, LT_CRITICAL);
		assert_int_equal(finding->severity, rule->most);
		lt_finding_raise(finding, LT_INFO);
		assert_int_equal(finding->severity, rule->most);
	}
	done(snap, report);
}

static void a_pin_that_blocks_is_the_headline(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_pin *pin = add_pin(snap, 0x10042, LT_PIN_PINNED);
	struct lt_report *report;

	(void)state;
	pin->is_blocker = true;
	add_mapper(pin, 812, "camera-hal");
	allocate(pin, 812, 1 * SECOND);
	for (int i = 0; i < 3; i++)
		add_blocker_at(add_failure(snap, 8192, EBUSY), 0x10042, 2 * SECOND);
	report = judge(snap);
	assert_int_equal(get(report, "pin-in-cma")->severity, LT_CRITICAL);
	assert_non_null(
		strstr(report->headline,
		       "cma_alloc of 8192 pages (32 MiB) in \"reserved\" failed 3 times with "
		       "-EBUSY: page 0x10042 blocked all 3 (proven) and was pinned then "
		       "(likely); camera-hal[812] maps it and probably holds it (likely). "
		       "Next: `ltpin explain reserved 8192`."));
	assert_words(report->answered->advice, "Restart camera-hal[812], ");
	assert_null(find(report, "area-exhausted"));
	done(snap, report);
}

/* The name that page_owner has is the thread's, and so is the number beside it. */
static void a_thread_has_its_own_number(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_pin *pin = add_pin(snap, 0x10042, LT_PIN_PINNED);
	struct lt_report *report;

	(void)state;
	allocate(pin, 812, 1 * SECOND);
	pin->allocated_by.pid = lt_num(815);
	report = judge(snap);
	assert_true(has_evidence(get(report, "pin-in-cma"),
				 "allocated by camera-hal[815], a thread of process 812"));
	done(snap, report);
}

static bool is_ruled_out(const struct lt_report *report, const char *cause)
{
	lt_vec_each(ruled_out, &report->ruled_out)
		if (!strcmp(ruled_out->cause, cause))
			return true;
	return false;
}

/* What was tried was free and long enough; what nobody saw tried rules nothing out. */
static void only_what_was_tried_rules_out_want_of_room(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_report *report;

	(void)state;
	add_blocker_at(add_failure(snap, 8192, EBUSY), 0x10042, 2 * SECOND);
	report = judge(snap);
	assert_true(is_ruled_out(report, "area-exhausted"));
	assert_true(is_ruled_out(report, "area-fragmented"));
	assert_false(is_ruled_out(report, "pin-in-cma"));
	assert_words(report->ruled_out.v[0].text,
		     "the kernel tried 1 range of 8192 pages (32 MiB)");
	lt_report_free(report);
	lt_vec_free(&snap->attempts.v[0].tries);
	snap->attempts.v[0].source = LT_ATTEMPT_LOG;
	report = judge(snap);
	assert_int_equal(report->ruled_out.nr, 0);
	done(snap, report);
}

/* A proven want of room is no pin's. */
static void a_request_that_is_too_large_rules_out_pins(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_report *report;

	(void)state;
	add_failure(snap, 1u << 20, ENOMEM);
	report = judge(snap);
	get(report, "request-too-large");
	assert_true(is_ruled_out(report, "pin-in-cma"));
	assert_false(is_ruled_out(report, "area-exhausted"));
	done(snap, report);
}

static void a_pin_that_blocks_nothing_is_a_warning(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_report *report;

	(void)state;
	add_pin(snap, 0x10042, LT_PIN_PINNED);
	report = judge(snap);
	assert_int_equal(get(report, "pin-in-cma")->severity, LT_WARNING);
	assert_non_null(strstr(report->headline, "Page 0x10042 is pinned, mapped by no process"));
	done(snap, report);
}

/* A pin is there, but it is not what -ENOMEM comes from. */
static void no_memory_is_no_pin(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_report *report;

	(void)state;
	add_pin(snap, 0x10042, LT_PIN_PINNED);
	add_failure(snap, 8192, ENOMEM);
	report = judge(snap);
	assert_words(report->headline, "A blocking page gives -EBUSY instead");
	assert_null(strstr(report->headline, "0x10042"));
	assert_null(get(report, "pin-in-cma")->explains);
	assert_int_equal(get(report, "pin-in-cma")->severity, LT_WARNING);
	done(snap, report);
}

static void a_pin_elsewhere_is_not_the_cause(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_report *report;

	(void)state;
	add_pin(snap, 0x10042, LT_PIN_PINNED);
	add_failure(snap, 8192, EBUSY);
	report = judge(snap);
	assert_words(report->headline, "-EBUSY: page 0x10042 is pinned, mapped by no process now; "
				       "whether that was so then is not known (hint)");
	assert_int_equal(get(report, "pin-in-cma")->confidence, LT_HINT);
	lt_report_free(report);
	snap->attempts.v[0].area = LT_NO_AREA; /* of another area, for all that is known */
	snap->attempts.v[0].area_name = "video";
	report = judge(snap);
	assert_null(strstr(report->headline, "0x10042"));
	assert_null(get(report, "pin-in-cma")->explains);
	done(snap, report);
}

static void a_pin_in_zone_movable_is_not_one_in_cma(void **state)
{
	static const struct {
		uint64_t is_promised;
		enum lt_severity severity;
		const char *words;
	} kernels[] = {
		{ 1, LT_WARNING, "This kernel promises to move them out first" },
		{ 0, LT_INFO, "v5.13 is the first that does" },
	};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct lt_snapshot *snap = scanned_world();
		struct lt_selftest *test = lt_vec_push(&snap->selftests);
		const struct lt_finding *finding;
		struct lt_report *report;

		*(struct lt_case_result *)lt_vec_push(&test->cases) =
			(struct lt_case_result){ .name = "movable-thp",
						 .outcome = LT_OUTCOME_LANDED,
						 .nr_pinned = lt_num(512),
						 .nr_landed = lt_num(512),
						 .is_promised = lt_num(kernels[i].is_promised) };
		report = judge(snap);
		finding = get(report, "pin-in-zone-movable");
		assert_int_equal(finding->severity, kernels[i].severity);
		assert_words(finding->text, kernels[i].words);
		assert_true(has_evidence(finding, "512 of 512 pinned pages in ZONE_MOVABLE"));
		assert_null(find(report, "longterm-pin-in-cma"));
		done(snap, report);
	}
}

static void a_pinned_page_of_zone_movable_blocks_no_allocation(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_zone *zone = lt_zones_get(&snap->zones, 0, "Movable");
	const struct lt_finding *finding;
	struct lt_report *report;

	(void)state;
	zone->nr_pinned = lt_num(0);
	report = judge(snap);
	assert_null(find(report, "pin-in-zone-movable"));
	lt_report_free(report);
	zone->nr_pinned = lt_num(3);
	zone->first_pinned_pfn = lt_num(0x30002);
	report = judge(snap);
	finding = get(report, "pin-in-zone-movable");
	assert_true(
		has_evidence(finding, "node 0: 3 pages (12 KiB) pinned, the first at PFN 0x30002"));
	assert_words(report->headline, "no page in the CMA area is pinned");
	lt_zones_free(&snap->zones);
	done(snap, report);
}

static void a_broken_kernel_is_named_beside_the_page(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_selftest *test = lt_vec_push(&snap->selftests);
	struct lt_case_result *result = lt_vec_push(&test->cases);
	struct lt_report *report;

	(void)state;
	*result = (struct lt_case_result){ .name = "race", .outcome = LT_OUTCOME_LANDED };
	add_pin(snap, 0x10042, LT_PIN_PINNED);
	add_blocker(add_failure(snap, 8192, EBUSY), 0x10042);
	report = judge(snap);
	assert_non_null(
		strstr(report->headline,
		       "page 0x10042 blocked it (proven); it is pinned now, and whether it "
		       "was so then is not known, and this kernel lets long-term pins stay in CMA "
		       "(proven). Next: `ltpin selftest`."));
	done(snap, report);
}

static void references_are_not_called_pins(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_report *report;

	(void)state;
	add_pin(snap, 0x10042, LT_PIN_EXTRA_REF);
	report = judge(snap);
	assert_int_equal(get(report, "extra-ref-in-cma")->confidence, LT_LIKELY);
	assert_null(find(report, "pin-in-cma"));
	assert_null(strstr(report->headline, "is pinned"));
	done(snap, report);
}

static void space_is_blamed_only_without_a_blocker(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_report *report;

	(void)state;
	add_failure(snap, 8192, ENOMEM);
	snap->areas.v[0].nr_allocated = lt_num(10000);
	snap->areas.v[0].largest_free_run = lt_num(6384);
	report = judge(snap);
	assert_non_null(strstr(get(report, "area-exhausted")->text, "devices hold 10000 pages"));
	assert_null(find(report, "area-fragmented"));
	lt_report_free(report);
	add_blocker(&snap->attempts.v[0], 0x10042);
	report = judge(snap);
	assert_null(find(report, "area-exhausted"));
	done(snap, report);
}

static void add_holder(struct lt_snapshot *snap, enum lt_holder_kind kind, const char *name,
		       uint64_t nr_pages, int pid, const char *comm)
{
	*(struct lt_holder *)lt_vec_push(&snap->holders) = (struct lt_holder){
		.kind = kind,
		.name = name,
		.nr_pages = lt_num(nr_pages),
		.nr_buffers = { 2, kind == LT_HOLDER_DMA_BUF },
		.pid = { (uint64_t)pid, pid > 0 },
		.comm = comm,
		.area = kind == LT_HOLDER_DRIVER ? 0 : LT_NO_AREA,
	};
}

/* Allocated by is said of page_owner's drivers alone; a dma-buf proves no area. */
static void an_exhausted_area_has_names(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	const struct lt_finding *finding;
	struct lt_report *report;

	(void)state;
	snap->areas.v[0].nr_allocated = lt_num(15000);
	add_holder(snap, LT_HOLDER_DRIVER, "vb2_dc_alloc", 12000, 812, "camera-hal");
	add_holder(snap, LT_HOLDER_DRIVER, NULL, 2000, 0, NULL);
	add_holder(snap, LT_HOLDER_DMA_BUF, "system", 4096, 0, NULL);
	add_holder(snap, LT_HOLDER_DMA_BUF, "system", 1024, 301, "surfaceflinger");
	add_failure(snap, 4096, ENOMEM);
	report = judge(snap);
	finding = get(report, "area-exhausted");
	assert_non_null(
		strstr(report->headline,
		       "devices hold 15000 pages (58.6 MiB) of it, allocated by vb2_dc_alloc, "
		       "called by camera-hal[812] (12000 pages) and a driver that no stack names "
		       "(2000 pages), which leaves 1384 pages (5.4 MiB)"));
	assert_true(has_evidence(finding,
				 "12000 pages (46.9 MiB) allocated by vb2_dc_alloc, called by "
				 "camera-hal[812] (page_owner)"));
	assert_true(has_evidence(finding,
				 "2 dma-bufs of exporter system, 4096 pages (16 MiB); whether "
				 "they are in this area is not known"));
	assert_true(has_evidence(
		finding, "surfaceflinger[301] has 2 dma-bufs of system open, 1024 pages (4 MiB)"));
	assert_true(has_evidence(finding,
				 "page_owner has no record of the other 1000 pages (3.9 MiB)"));
	assert_string_equal(finding->confirm, "ltpin owners --cma --by stack,task");
	done(snap, report);
}

static void without_a_name_nobody_is_blamed(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_report *report;

	(void)state;
	snap->areas.v[0].nr_allocated = lt_num(15000);
	add_holder(snap, LT_HOLDER_DMA_BUF, "system", 15000, 0, NULL);
	add_failure(snap, 4096, ENOMEM);
	report = judge(snap);
	assert_null(strstr(get(report, "area-exhausted")->clause, "system"));
	assert_non_null(strstr(get(report, "area-exhausted")->advice, "page_owner=on"));
	done(snap, report);
}

/* A blocker that kpageflags shows in the page allocator's hands is in nobody's way. */
static void a_blocker_that_is_free_now_is_gone(void **state)
{
	static const struct {
		enum lt_page_class class;
		const char *id, *other, *evidence;
	} cases[] = {
		{ LT_PAGE_BUDDY, "busy-transient", "page-in-the-way",
		  "page 0x10042 in \"reserved\" (buddy), mapped by no process; it blocked an "
		  "allocation" },
		{ LT_PAGE_ANON, "page-in-the-way", "busy-transient",
		  "page 0x10042 in \"reserved\" (anon): 1 mapping, mapped by no process; it blocked an "
		  "allocation" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct lt_snapshot *snap = scanned_world();
		struct lt_pin *pin = add_pin(snap, 0x10042, LT_PIN_UNKNOWN);
		const struct lt_finding *finding;
		struct lt_report *report;

		pin->is_blocker = true;
		pin->class = cases[i].class;
		pin->mapcount = (struct lt_num){ 1, pin->class == LT_PAGE_ANON };
		add_blocker(add_failure(snap, 8192, EBUSY), 0x10042);
		report = judge(snap);
		finding = get(report, cases[i].id);
		assert_null(find(report, cases[i].other));
		assert_non_null(finding->explains);
		if (!has_evidence(finding, cases[i].evidence))
			fail_msg("%s", finding->evidence.v[0]);
		done(snap, report);
	}
}

static void fragments_are_told_from_exhaustion(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_report *report;

	(void)state;
	add_failure(snap, 8192, ENOMEM);
	snap->areas.v[0].nr_allocated = lt_num(100);
	snap->areas.v[0].largest_free_run = lt_num(8191);
	report = judge(snap);
	get(report, "area-fragmented");
	assert_null(find(report, "area-exhausted"));
	lt_report_free(report);
	snap->areas.v[0].largest_free_run = lt_num(8192);
	report = judge(snap);
	assert_null(find(report, "area-fragmented"));
	assert_non_null(strstr(report->headline,
			       "either no run of the area was long enough, or there was no memory "
			       "to move its pages to. A blocking page gives -EBUSY instead"));
	done(snap, report);
}

static void what_is_not_known_is_not_blamed(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_report *report;

	(void)state;
	add_failure(snap, 8192, ENOMEM);
	snap->areas.v[0].nr_allocated = (struct lt_num){ 0 };
	snap->areas.v[0].largest_free_run = (struct lt_num){ 0 };
	report = judge(snap);
	assert_null(find(report, "area-exhausted"));
	assert_null(find(report, "area-fragmented"));
	done(snap, report);
}

static void a_request_can_be_larger_than_the_area(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_report *report;

	(void)state;
	add_failure(snap, 16385, EINVAL);
	report = judge(snap);
	assert_non_null(strstr(get(report, "request-too-large")->text,
			       "the area has only 16384 pages (64 MiB)"));
	lt_report_free(report);
	/* the area is not known: all of CMA is the limit */
	snap->attempts.v[0].area = LT_NO_AREA;
	report = judge(snap);
	assert_non_null(strstr(get(report, "request-too-large")->text, "all areas together"));
	lt_report_free(report);
	snap->attempts.v[0].nr_pages = lt_num(16384);
	report = judge(snap);
	assert_null(find(report, "request-too-large"));
	done(snap, report);
}

static void a_lone_start_of_a_request_too_large_is_a_failure(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_report *report;

	(void)state;
	add_failure(snap, 16385, 0);
	snap->attempts.v[0].source = LT_ATTEMPT_TRACE;
	snap->attempts.v[0].failed = false;
	snap->attempts.v[0].is_open = true;
	snap->attempts.v[0].err = (struct lt_num){ 0 };
	report = judge(snap);
	get(report, "request-too-large");
	assert_int_equal(report->failures.v[0].count, 1);
	lt_report_free(report);
	snap->attempts.v[0].nr_pages = lt_num(8192); /* it may still be running */
	report = judge(snap);
	assert_int_equal(report->failures.nr, 0);
	done(snap, report);
}

static void add_case(struct lt_selftest *test, const char *name, enum lt_outcome outcome)
{
	struct lt_case_result *result = lt_vec_push(&test->cases);

	result->name = name;
	result->outcome = outcome;
	result->nr_pinned = lt_num(640);
	result->nr_landed = lt_num(outcome == LT_OUTCOME_LANDED ? 630 : 0);
}

static void only_a_selftest_of_this_kernel_convicts_it(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_selftest *test = lt_vec_push(&snap->selftests);
	struct lt_report *report;

	(void)state;
	test->verdict = LT_VERDICT_BROKEN;
	test->release = "6.12.1";
	add_case(test, "fresh", LT_OUTCOME_KEPT);
	add_case(test, "race", LT_OUTCOME_LANDED);
	report = judge(snap);
	assert_int_equal(get(report, "longterm-pin-in-cma")->confidence, LT_PROVEN);
	assert_null(find(report, "longterm-pin-livelock"));
	lt_report_free(report);
	test->release = "5.10.1";
	report = judge(snap);
	assert_int_equal(get(report, "longterm-pin-in-cma")->confidence, LT_HINT);
	lt_report_free(report);
	test->cases.v[1].outcome = LT_OUTCOME_NO_POWER;
	report = judge(snap);
	assert_null(find(report, "longterm-pin-in-cma"));
	done(snap, report);
}

static void no_cma_needs_proof(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_report *report;

	(void)state;
	lt_areas_free(&snap->areas);
	report = judge(snap); /* 64 MiB are there, only not located */
	assert_null(find(report, "no-cma"));
	lt_report_free(report);
	snap->memory.cma_total_kib = lt_num(0);
	report = judge(snap);
	get(report, "no-cma");
	lt_report_free(report);
	*(struct lt_option *)lt_vec_push(&snap->kernel.options) =
		(struct lt_option){ .name = "CMA", .value = "n" };
	report = judge(snap);
	assert_non_null(strstr(get(report, "no-cma")->text, "built without CMA"));
	lt_report_free(report);
	snap->kernel.options.nr = 0;
	snap->memory.cma_total_kib = (struct lt_num){ 0 };
	report = judge(snap); /* meminfo was not read */
	assert_null(find(report, "no-cma"));
	done(snap, report);
}

/* A meminfo without the row proves that there is no CMA only if it goes as far as that row. */
static void half_a_meminfo_proves_nothing(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_report *report;

	(void)state;
	lt_areas_free(&snap->areas);
	*(struct lt_source_state *)lt_vec_push(&snap->sources) =
		(struct lt_source_state){ .name = "meminfo", .status = LT_STATUS_OK };
	snap->memory = (struct lt_memory){ .mem_total_kib = lt_num(1000) };
	report = judge(snap);
	assert_null(find(report, "no-cma"));
	lt_report_free(report);
	snap->memory.percpu_kib = lt_num(100);
	report = judge(snap); /* it may be cut off before the next row */
	assert_int_equal(get(report, "no-cma")->confidence, LT_LIKELY);
	lt_report_free(report);
	snap->memory.huge_page_kib = lt_num(2048);
	report = judge(snap); /* or made up, in a container */
	assert_int_equal(get(report, "no-cma")->confidence, LT_LIKELY);
	lt_report_free(report);
	add_failure(snap, 64, EBUSY)->area = LT_NO_AREA;
	report = judge(snap); /* the kernel reports a cma_alloc() */
	assert_null(find(report, "no-cma"));
	done(snap, report);
}

static void what_is_missing_is_named(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_report *report;

	(void)state;
	snap->sources.v[1].status = LT_STATUS_ABSENT;
	snap->sources.v[1].enable = "CONFIG_MODULES=y";
	report = judge(snap);
	assert_non_null(strstr(get(report, "evidence-missing")->evidence.v[0],
			       "module (absent) would prove pin counts"));
	assert_non_null(strstr(report->headline, "pins cannot be seen"));
	assert_string_equal(report->next, "ltpin module load && ltpin pages");
	done(snap, report);
}

/* By the counters of the whole system; one of them alone says nothing. */
static void a_kernel_that_counts_no_pin_has_none(void **state)
{
	static const struct {
		struct lt_num acquired, released;
		const char *words, *next;
	} rows[] = {
		{ { 7, true }, { 7, true }, "counts no pinned page; other", "ltpin selftest" },
		{ { 8, true },
		  { 7, true },
		  "; pins cannot be seen",
		  "ltpin module load && ltpin pages" },
		{ { 7, true },
		  { 7, false },
		  "; pins cannot be seen",
		  "ltpin module load && ltpin pages" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct lt_snapshot *snap = scanned_world();
		struct lt_report *report;

		snap->sources.v[1].status = LT_STATUS_ABSENT;
		snap->memory.nr_foll_pin_acquired = rows[i].acquired;
		snap->memory.nr_foll_pin_released = rows[i].released;
		report = judge(snap);
		assert_non_null(strstr(report->headline, rows[i].words));
		assert_string_equal(report->next, rows[i].next);
		done(snap, report);
	}
}

static void a_clean_device_is_cleared(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_report *report = judge(snap);

	(void)state;
	assert_int_equal(report->findings.nr, 0);
	assert_string_equal(report->verdict, "No failed cma_alloc is on record and no page in the "
					     "CMA area is pinned.");
	done(snap, report);
}

static void a_pin_that_is_gone_is_remembered(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_attempt *attempt = add_failure(snap, 8192, EBUSY);
	struct lt_report *report;

	(void)state;
	add_blocker(attempt, 0x10042);
	attempt->source = LT_ATTEMPT_ALLOC;
	attempt->sampled = true;
	report = judge(snap);
	assert_words(report->headline, "what held it is not known");
	lt_report_free(report);
	*(struct lt_range *)lt_vec_push(&attempt->pinned) = (struct lt_range){ 0x10042, 0x10043 };
	report = judge(snap);
	assert_non_null(strstr(report->headline,
			       "-EBUSY: page 0x10042 blocked it (proven) and was pinned then "
			       "(proven)"));
	done(snap, report);
}

/* page_owner's pid is the thread's; processes are named everywhere else. */
static void success_since_is_told(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_attempt *ok;
	struct lt_report *report;

	(void)state;
	add_failure(snap, 8192, EBUSY);
	/* the same success, in the trace and in alloc's own record */
	ok = add_failure(snap, 8192, 0);
	ok->failed = false;
	ok->source = LT_ATTEMPT_TRACE;
	ok = add_failure(snap, 8192, 0);
	ok->failed = false;
	ok->source = LT_ATTEMPT_ALLOC;
	report = judge(snap);
	assert_words(report->headline,
		     "(1 later one succeeded); no source that could be read says why");
	done(snap, report);
}

static void what_was_not_promised_is_not_blamed(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_selftest *test = lt_vec_push(&snap->selftests);
	struct lt_report *report;

	(void)state;
	add_case(test, "isolated", LT_OUTCOME_LANDED);
	test->cases.v[0].is_promised = lt_num(0);
	report = judge(snap);
	assert_null(find(report, "longterm-pin-in-cma"));
	done(snap, report);
}

static void pins_that_fail_are_told_apart_from_pins_made_to_fail(void **state)
{
	struct lt_snapshot *snap = scanned_world();
	struct lt_selftest *test = lt_vec_push(&snap->selftests);
	struct lt_case_result *result;
	struct lt_report *report;

	(void)state;
	add_case(test, "held", LT_OUTCOME_KEPT);
	result = &test->cases.v[0];
	result->nr_calls = result->nr_calls_failed = lt_num(10);
	result->call_errno = lt_num(ENOMEM);
	report = judge(snap);
	assert_int_equal(get(report, "pin-migration-failed")->severity, LT_INFO);
	lt_report_free(report);
	result->outcome = LT_OUTCOME_FAILED;
	report = judge(snap);
	assert_int_equal(get(report, "pin-migration-failed")->severity, LT_WARNING);
	lt_report_free(report);
	result->call_errno = lt_num(EFAULT);
	report = judge(snap);
	assert_null(find(report, "pin-migration-failed"));
	lt_report_free(report);
	result->call_errno = lt_num(ENOMEM);
	result->nr_calls_failed = lt_num(9);
	report = judge(snap);
	assert_null(find(report, "pin-migration-failed"));
	done(snap, report);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_severity_stays_within_its_row),
		cmocka_unit_test(a_pin_that_blocks_is_the_headline),
		cmocka_unit_test(a_pin_that_blocks_nothing_is_a_warning),
		cmocka_unit_test(only_what_was_tried_rules_out_want_of_room),
		cmocka_unit_test(a_request_that_is_too_large_rules_out_pins),
		cmocka_unit_test(a_thread_has_its_own_number),
		cmocka_unit_test(no_memory_is_no_pin),
		cmocka_unit_test(a_pin_elsewhere_is_not_the_cause),
		cmocka_unit_test(a_pin_in_zone_movable_is_not_one_in_cma),
		cmocka_unit_test(a_pinned_page_of_zone_movable_blocks_no_allocation),
		cmocka_unit_test(a_broken_kernel_is_named_beside_the_page),
		cmocka_unit_test(references_are_not_called_pins),
		cmocka_unit_test(space_is_blamed_only_without_a_blocker),
		cmocka_unit_test(an_exhausted_area_has_names),
		cmocka_unit_test(without_a_name_nobody_is_blamed),
		cmocka_unit_test(a_blocker_that_is_free_now_is_gone),
		cmocka_unit_test(fragments_are_told_from_exhaustion),
		cmocka_unit_test(what_is_not_known_is_not_blamed),
		cmocka_unit_test(a_request_can_be_larger_than_the_area),
		cmocka_unit_test(a_lone_start_of_a_request_too_large_is_a_failure),
		cmocka_unit_test(only_a_selftest_of_this_kernel_convicts_it),
		cmocka_unit_test(what_was_not_promised_is_not_blamed),
		cmocka_unit_test(pins_that_fail_are_told_apart_from_pins_made_to_fail),
		cmocka_unit_test(no_cma_needs_proof),
		cmocka_unit_test(half_a_meminfo_proves_nothing),
		cmocka_unit_test(what_is_missing_is_named),
		cmocka_unit_test(a_kernel_that_counts_no_pin_has_none),
		cmocka_unit_test(a_clean_device_is_cleared),
		cmocka_unit_test(a_pin_that_is_gone_is_remembered),
		cmocka_unit_test(success_since_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
