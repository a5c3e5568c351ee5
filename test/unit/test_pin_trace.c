// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/source/trace/pin_trace.c. */
#include "test.h"

#include <errno.h>

#include "source/trace/page_ref.h"
#include "source/trace/pin_trace.h"

struct fixture {
	struct lt_pin_trace trace;
	struct lt_pin_calls calls; /* that returned */
	uint64_t unpinned_pfn, unpinned_by;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	if (!f)
		return -1;
	f->trace.strings = lt_strings_new();
	f->trace.stacks = lt_stacks_new();
	f->trace.longterm = 0x100;
	*state = f;
	return f->trace.strings && f->trace.stacks ? 0 : -1;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	lt_pin_calls_free(&f->calls);
	lt_pin_trace_fini(&f->trace);
	lt_stacks_free(f->trace.stacks);
	lt_strings_free(f->trace.strings);
	free(f);
	return 0;
}

static int on_call(struct lt_pin_call *call, void *arg)
{
	struct fixture *f = arg;

	*lt_vec_push(&f->calls) = *call;
	return 0;
}

static int on_unpin(uint64_t pfn, uint64_t tid, void *arg)
{
	struct fixture *f = arg;

	f->unpinned_pfn = pfn;
	f->unpinned_by = tid;
	return 0;
}

static void push_with_stack(struct fixture *f, uint64_t tid, uint64_t ts_ns, const char *name,
			    const char *fields, const struct lt_stack *stack)
{
	const struct lt_pin_trace_sink sink = { on_call, on_unpin, f };
	struct lt_trace_event event = {
		.ts_ns = lt_num(ts_ns),
		.pid = tid,
		.comm = { "camera", 6 },
		.name = { name, strlen(name) },
		.stack = stack,
	};

	lt_text_init(&event.fields, fields, strlen(fields));
	assert_int_equal(lt_pin_trace_event(&f->trace, &event, &sink), 0);
}

static void push(struct fixture *f, uint64_t tid, uint64_t ts_ns, const char *name,
		 const char *fields)
{
	push_with_stack(f, tid, ts_ns, name, fields, NULL);
}

/* As include/trace/events/page_ref.h prints it; not captured, for no kernel at hand has it. */
static void push_ref(struct fixture *f, uint64_t tid, const char *pfn, const char *val)
{
	char fields[160];

	snprintf(fields, sizeof(fields),
		 "pfn=%s flags=locked|lru|swapbacked count=1025 mapcount=1 "
		 "mapping=00000000c0ffee00 mt=3 val=%s",
		 pfn, val);
	push(f, tid, 0, "page_ref_mod", fields);
}

#define CALL "lt_pin_user_pages_fast"
#define RETURN "lt_pin_user_pages_fast_ret"
#define LONGTERM "(pin_user_pages_fast+0x0/0x50) addr=0x7f0000001000 nr=3 flags=0x101"
#define PLAIN "(pin_user_pages_fast+0x0/0x50) addr=0x7f0000001000 nr=3 flags=0x1"
#define PINNED_3 "(io_pin_pages+0x78/0xe0 <- pin_user_pages_fast) ret=3"

static void a_call_is_told_when_it_returns(void **state)
{
	struct fixture *f = *state;
	const struct lt_pin_call *call;

	push(f, 7, 1000, CALL, LONGTERM);
	assert_int_equal(f->calls.nr, 0);
	push(f, 7, 2000, RETURN, PINNED_3);
	assert_int_equal(f->calls.nr, 1);
	call = f->calls.v;
	assert_int_equal(call->tid, 7);
	assert_string_equal(call->comm, "camera");
	assert_string_equal(call->function, "pin_user_pages_fast");
	assert_num(call->ts_ns, 2000);
	assert_num(call->addr, 0x7f0000001000);
	assert_num(call->nr_asked, 3);
	assert_num(call->nr_pinned, 3);
	assert_unknown(call->err);
	assert_int_equal(call->longterm, LT_LONGTERM_YES);
	assert_false(call->is_remote);
	assert_false(call->is_exact);
}

static void threads_do_not_mix(void **state)
{
	struct fixture *f = *state;

	push(f, 7, 1000, CALL, LONGTERM);
	push(f, 8, 1100, CALL, PLAIN);
	push(f, 7, 1200, RETURN, PINNED_3);
	push(f, 8, 1300, RETURN, PINNED_3);
	assert_int_equal(f->calls.nr, 2);
	assert_int_equal(f->calls.v[0].tid, 7);
	assert_int_equal(f->calls.v[0].longterm, LT_LONGTERM_YES);
	assert_int_equal(f->calls.v[1].tid, 8);
	assert_int_equal(f->calls.v[1].longterm, LT_LONGTERM_NO);
}

static void what_was_lost_is_not_made_up(void **state)
{
	struct fixture *f = *state;

	push(f, 7, 1000, RETURN, PINNED_3); /* its begin is missing */
	assert_int_equal(f->calls.nr, 0);
	push(f, 7, 2000, CALL, LONGTERM); /* its return is missing */
	push(f, 7, 3000, CALL, PLAIN);
	push(f, 7, 4000, RETURN, PINNED_3);
	assert_int_equal(f->calls.nr, 1);
	assert_int_equal(f->calls.v[0].longterm, LT_LONGTERM_NO);
}

static void lost_returns_do_not_pile_up(void **state)
{
	struct fixture *f = *state;

	for (uint64_t tid = 1; tid <= 3000; tid++)
		push(f, tid, tid, CALL, LONGTERM);
	assert_true(f->trace.pending.nr <= 1024);
	push(f, 3000, 4000, RETURN, PINNED_3);
	assert_int_equal(f->calls.nr, 1);
	assert_int_equal(f->calls.v[0].tid, 3000);
}

static void a_call_that_fails_has_an_errno(void **state)
{
	struct fixture *f = *state;

	push(f, 7, 1000, CALL, LONGTERM);
	push(f, 7, 2000, RETURN, "(io_pin_pages+0x78/0xe0 <- pin_user_pages_fast) ret=-12");
	assert_int_equal(f->calls.nr, 1);
	assert_num(f->calls.v[0].nr_pinned, 0);
	assert_num(f->calls.v[0].err, ENOMEM);
}

static void without_the_flag_it_is_not_known(void **state)
{
	struct fixture *f = *state;

	f->trace.longterm = 0;
	push(f, 7, 1000, CALL, LONGTERM);
	push(f, 7, 2000, RETURN, PINNED_3);
	assert_int_equal(f->calls.v[0].longterm, LT_LONGTERM_UNKNOWN);
	/* but this function pins for long and nothing else */
	push(f, 7, 1000, "lt_memfd_pin_folios", "(memfd_pin_folios+0x0/0x3b0)");
	push(f, 7, 2000, "lt_memfd_pin_folios_ret", "(udmabuf_create <- memfd_pin_folios) ret=8");
	assert_int_equal(f->calls.v[1].longterm, LT_LONGTERM_YES);
	assert_unknown(f->calls.v[1].addr);
	assert_unknown(f->calls.v[1].nr_asked);
	assert_num(f->calls.v[1].nr_pinned, 8);
}

static const struct lt_stack *stack_of(struct fixture *f, const char *const *frames, size_t nr)
{
	const char *interned[8];

	for (size_t i = 0; i < nr; i++)
		interned[i] = lt_strings_add(f->trace.strings, frames[i], strlen(frames[i]));
	return lt_stacks_add(f->trace.stacks, interned, nr);
}

static void a_stack_begins_with_the_function(void **state)
{
	static const char *const frames[] = {
		"aggr_pre_handler", "pin_user_pages_fast_only", "pin_user_pages_fast+0x0/0x50",
		"io_pin_pages",	    "io_sqe_buffer_register",
	};
	struct fixture *f = *state;
	const struct lt_stack *stack;

	push_with_stack(f, 7, 1000, CALL, LONGTERM, stack_of(f, frames, 5));
	push(f, 7, 2000, RETURN, PINNED_3);
	stack = f->calls.v[0].stack;
	assert_non_null(stack);
	assert_int_equal(stack->nr, 3);
	assert_string_equal(stack->frames[0], "pin_user_pages_fast+0x0/0x50");
	/* one that does not show it stays whole */
	push_with_stack(f, 7, 3000, CALL, LONGTERM, stack_of(f, frames + 3, 2));
	push(f, 7, 4000, RETURN, PINNED_3);
	assert_int_equal(f->calls.v[1].stack->nr, 2);
}

static void nonsense_is_counted(void **state)
{
	struct fixture *f = *state;

	push(f, 7, 1000, CALL, "(pin_user_pages_fast+0x0/0x50) addr=0x1");
	push(f, 7, 1000, "page_ref_mod", "pfn=0x1 val=");
	push(f, 7, 1000, "cma_alloc", "pfn=0x1");
	assert_int_equal(f->trace.nr_not_understood, 2);
	push(f, 7, 2000, RETURN, PINNED_3);
	assert_int_equal(f->calls.nr, 0);
}

static void page_ref_names_the_pages_of_a_call(void **state)
{
	struct fixture *f = *state;

	push(f, 7, 1000, CALL, LONGTERM);
	push_ref(f, 7, "0x1c2f7", "1024");
	push_ref(f, 8, "0x1", "-1"); /* somebody else's ordinary reference */
	push_ref(f, 7, "0x1c2f8", "1023");
	push_ref(f, 7, "0x1c2f9", "1");
	push(f, 7, 2000, RETURN, PINNED_3);
	assert_int_equal(f->calls.nr, 1);
	assert_true(f->calls.v[0].is_exact);
	assert_int_equal(f->calls.v[0].runs.nr, 2);
	assert_int_equal(f->calls.v[0].runs.v[0].start_pfn, 0x1c2f7);
	assert_int_equal(f->calls.v[0].runs.v[1].start_pfn, 0x1c2f8);
	assert_int_equal(f->unpinned_pfn, 0);
}

/* A long-term pin of a CMA page: pinned, found to be in CMA, unpinned, moved, pinned again. */
static void a_page_that_was_moved_away_is_not_pinned(void **state)
{
	struct fixture *f = *state;

	push(f, 7, 1000, CALL, LONGTERM);
	push_ref(f, 7, "0x1c2f7", "1024");
	push_ref(f, 7, "0x1c2f7", "-1024");
	push_ref(f, 7, "0x100", "1024");
	push(f, 7, 2000, RETURN, PINNED_3);
	assert_int_equal(f->calls.v[0].runs.nr, 1);
	assert_int_equal(f->calls.v[0].runs.v[0].start_pfn, 0x100);
	assert_int_equal(f->unpinned_pfn, 0);
}

static void without_probes_each_page_is_a_call(void **state)
{
	struct fixture *f = *state;

	push_ref(f, 7, "0x1c2f7", "1024");
	assert_int_equal(f->calls.nr, 1);
	assert_null(f->calls.v[0].function);
	assert_true(f->calls.v[0].is_exact);
	assert_int_equal(f->calls.v[0].longterm, LT_LONGTERM_UNKNOWN);
	assert_num(f->calls.v[0].nr_pinned, 1);
	assert_int_equal(f->calls.v[0].runs.v[0].start_pfn, 0x1c2f7);
	push_ref(f, 9, "0x1c2f7", "-1024");
	assert_int_equal(f->calls.nr, 1);
	assert_int_equal(f->unpinned_pfn, 0x1c2f7);
	assert_int_equal(f->unpinned_by, 9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(a_call_is_told_when_it_returns),
		TEST(threads_do_not_mix),
		TEST(what_was_lost_is_not_made_up),
		TEST(lost_returns_do_not_pile_up),
		TEST(a_call_that_fails_has_an_errno),
		TEST(without_the_flag_it_is_not_known),
		TEST(a_stack_begins_with_the_function),
		TEST(nonsense_is_counted),
		TEST(page_ref_names_the_pages_of_a_call),
		TEST(a_page_that_was_moved_away_is_not_pinned),
		TEST(without_probes_each_page_is_a_call),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
