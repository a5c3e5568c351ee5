// SPDX-License-Identifier: GPL-2.0-or-later
/* What a report says of pinned pages when somebody saw the pins being made. */
#include "judge.h"

static struct lt_pin *add_pin(struct lt_snapshot *snap, uint64_t pfn)
{
	struct lt_pin *pin = lt_vec_push(&snap->pins);

	*pin = (struct lt_pin){
		.pfn = pfn, .nr_pages = 1, .kind = LT_PIN_PINNED, .mapped_by_total = lt_num(1)
	};
	*(struct lt_mapper *)lt_vec_push(&pin->mapped_by) = (struct lt_mapper){
		.pid = 301, .comm = "viewer", .vma = "anonymous", .addr = 0x7000
	};
	return pin;
}

static struct lt_pin *add_seen(struct lt_snapshot *snap, uint64_t pfn, uint64_t pid)
{
	struct lt_pin *pin = add_pin(snap, pfn);

	pin->has_pinner = true;
	pin->pinned_by = (struct lt_pinner){
		.pid = lt_num(pid),
		.comm = "camera-hal",
		.function = "pin_user_pages_fast",
		.longterm = LT_LONGTERM_NO,
	};
	return pin;
}

static void who_was_seen_to_pin_is_accused(void **state)
{
	struct lt_snapshot *snap = world();
	const struct lt_finding *finding;
	struct lt_report *report;

	(void)state;
	add_seen(snap, 0x10042, 812);
	report = judge(snap);
	finding = get(report, "pin-in-cma");
	assert_string_equal(finding->clause, "page 0x10042 is pinned by camera-hal[812]");
	assert_non_null(strstr(finding->evidence.v[0],
			       "pinned by camera-hal[812] through pin_user_pages_fast without "
			       "FOLL_LONGTERM"));
	assert_non_null(strstr(finding->evidence.v[0], "mapped by viewer[301]"));
	assert_null(strstr(finding->advice, "Restart")); /* nothing has failed for it */
	assert_null(strstr(finding->text, "nor who made it"));
	done(snap, report);
}

static void one_that_nobody_saw_leaves_it_open(void **state)
{
	struct lt_snapshot *snap = world();
	const struct lt_finding *finding;
	struct lt_report *report;

	(void)state;
	add_seen(snap, 0x10042, 812);
	add_pin(snap, 0x10043);
	report = judge(snap);
	finding = get(report, "pin-in-cma");
	assert_non_null(strstr(finding->clause, "are pinned, mapped by viewer[301]"));
	assert_null(strstr(finding->advice, "Restart"));
	assert_non_null(strstr(finding->text, "nor who made it"));
	assert_null(strstr(finding->evidence.v[1], "pinned by"));
	done(snap, report);
}

static void several_are_named_by_how_much_they_pinned(void **state)
{
	struct lt_snapshot *snap = world();
	struct lt_report *report;

	(void)state;
	add_seen(snap, 0x10042, 812);
	add_seen(snap, 0x10043, 900);
	add_seen(snap, 0x10044, 900);
	report = judge(snap);
	assert_non_null(strstr(get(report, "pin-in-cma")->clause,
			       "pinned by camera-hal[900] (2 pages) and camera-hal[812] (1 page)"));
	done(snap, report);
}

static void only_our_own_pins_are_ours(void **state)
{
	struct lt_snapshot *snap = world();
	struct lt_report *report;

	(void)state;
	add_seen(snap, 0x10042, 812)->pinned_by.is_ours = true;
	report = judge(snap);
	assert_non_null(strstr(get(report, "pin-in-cma")->advice, "end that `ltpin pin`"));
	done(snap, report);
	snap = world();
	add_seen(snap, 0x10042, 812);
	report = judge(snap);
	assert_null(strstr(get(report, "pin-in-cma")->advice, "ltpin pin"));
	done(snap, report);
}

static void what_was_moved_for_a_pin_once_is_a_hint(void **state)
{
	struct lt_snapshot *snap = world();
	struct lt_pin *pin = add_pin(snap, 0x10042);
	struct lt_report *report;

	(void)state;
	pin->has_owner = true;
	pin->allocated_by = (struct lt_owner){ .migrate_reason = "longterm_pin" };
	report = judge(snap);
	assert_non_null(strstr(get(report, "pin-in-cma")->evidence.v[0],
			       "moved for a long-term pin once (a hint)"));
	done(snap, report);
	snap = world();
	pin = add_pin(snap, 0x10042);
	pin->has_owner = true;
	pin->allocated_by = (struct lt_owner){ .migrate_reason = "contig_range" };
	report = judge(snap);
	assert_null(strstr(get(report, "pin-in-cma")->evidence.v[0], "a hint"));
	done(snap, report);
}

/* Pipe 4711 of pid @pid holds a page of bytes that logger did not read. */
static void add_pipe(struct lt_snapshot *snap, int pid)
{
	*(struct lt_pin_hint *)lt_vec_push(&snap->pin_hints) = (struct lt_pin_hint){
		.kind = LT_HINT_PIPE,
		.pid = pid,
		.comm = "viewer",
		.inode = lt_num(4711),
		.nr_bytes = lt_num(4096),
		.peer_pid = lt_num(77),
		.peer_comm = "logger",
	};
}

/* Only of a page that is held, and not pinned, and that the writer maps. */
static void a_pipe_that_may_hold_the_page_is_a_hint(void **state)
{
	static const struct {
		enum lt_pin_kind kind;
		int pid;
		const char *id;
		bool is_told;
	} cases[] = {
		{ LT_PIN_EXTRA_REF, 301, "extra-ref-in-cma", true },
		{ LT_PIN_EXTRA_REF, 302, "extra-ref-in-cma", false },
		{ LT_PIN_PINNED, 301, "pin-in-cma", false },
		{ LT_PIN_UNMOVABLE, 301, "unmovable-in-cma", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct lt_snapshot *snap = world();
		struct lt_report *report;

		add_pin(snap, 0x10042)->kind = cases[i].kind;
		add_pipe(snap, cases[i].pid);
		report = judge(snap);
		assert_int_equal(
			has_evidence(get(report, cases[i].id),
				     "page 0x10042 may be in pipe 4711 (hint): viewer[301], "
				     "which maps it, writes to the pipe, and logger[77] has "
				     "not read 4096 bytes of it"),
			cases[i].is_told);
		assert_null(strstr(report->headline, "logger"));
		lt_vec_free(&snap->pin_hints);
		done(snap, report);
	}
}

/* Hints about viewer, which maps the page: in the order of what they tell. */
static void sockets_and_devices_that_may_hold_the_page_are_hints(void **state)
{
	static const struct {
		enum lt_pin_kind kind;
		const char *id;
		bool is_socket_told, is_device_told;
	} cases[] = {
		{ LT_PIN_EXTRA_REF, "extra-ref-in-cma", true, true },
		{ LT_PIN_PINNED, "pin-in-cma", false, true },
		{ LT_PIN_UNMOVABLE, "unmovable-in-cma", false, false },
	};
	const struct lt_pin_hint device = { .kind = LT_HINT_DEVICE,
					    .pid = 301,
					    .comm = "viewer",
					    .device = "/dev/video0",
					    .driver = "vivid" },
				 socket = { .kind = LT_HINT_SOCKET,
					    .pid = 301,
					    .comm = "viewer",
					    .inode = lt_num(4711),
					    .nr_bytes = lt_num(4096) };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct lt_snapshot *snap = world();
		struct lt_report *report;
		const struct lt_finding *finding;

		add_pin(snap, 0x10042)->kind = cases[i].kind;
		*(struct lt_pin_hint *)lt_vec_push(&snap->pin_hints) = device;
		*(struct lt_pin_hint *)lt_vec_push(&snap->pin_hints) = socket;
		report = judge(snap);
		finding = get(report, cases[i].id);
		assert_int_equal(has_evidence(finding,
					      "a driver may hold page 0x10042 (hint): viewer[301], "
					      "which maps it, has /dev/video0 open (driver vivid)"),
				 cases[i].is_device_told);
		assert_int_equal(has_evidence(finding,
					      "page 0x10042 may be in socket 4711 (hint): "
					      "viewer[301], which maps it, may send from there "
					      "without a copy (SO_ZEROCOPY), and its peer has not "
					      "acknowledged 4096 bytes"),
				 cases[i].is_socket_told);
		if (cases[i].is_socket_told)
			assert_non_null(strstr(finding->evidence.v[1], "socket 4711"));
		lt_vec_free(&snap->pin_hints);
		done(snap, report);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_was_seen_to_pin_is_accused),
		cmocka_unit_test(one_that_nobody_saw_leaves_it_open),
		cmocka_unit_test(several_are_named_by_how_much_they_pinned),
		cmocka_unit_test(only_our_own_pins_are_ours),
		cmocka_unit_test(what_was_moved_for_a_pin_once_is_a_hint),
		cmocka_unit_test(a_pipe_that_may_hold_the_page_is_a_hint),
		cmocka_unit_test(sockets_and_devices_that_may_hold_the_page_are_hints),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
