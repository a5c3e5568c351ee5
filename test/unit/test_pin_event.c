// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/source/trace/pin_event.c. */
#include "test.h"

#include <errno.h>

#include "source/trace/pin_event.h"

static int parse(const char *name, const char *fields, struct lt_pin_event *out,
		 struct lt_diag *diag)
{
	struct lt_trace_event event = { .name = { name, strlen(name) } };

	lt_text_init(&event.fields, fields, strlen(fields));
	return lt_pin_event_parse(&event, out, diag);
}

static struct lt_pin_event parsed(const char *name, const char *fields)
{
	struct lt_pin_event event = { 0 };
	struct lt_diag diag = { 0 };

	assert_int_equal(parse(name, fields, &event, &diag), 1);
	return event;
}

/* The lines as these kernels printed them, but for the names of the probes. */
static void a_call_of_io_uring_on_5_10(void **state)
{
	struct lt_pin_event event =
		parsed("lt_pin_user_pages",
		       "(pin_user_pages+0x0/0x40) addr=0x7fd387826000 nr=64 flags=0x10001");

	(void)state;
	assert_string_equal(event.function->name, "pin_user_pages");
	assert_false(event.is_return);
	assert_num(event.addr, 0x7fd387826000);
	assert_num(event.nr_pages, 64);
	assert_num(event.flags, 0x10001);
	event = parsed("lt_pin_user_pages_ret",
		       "(io_sqe_buffer_register+0x11e/0x580 <- pin_user_pages) ret=64");
	assert_string_equal(event.function->name, "pin_user_pages");
	assert_true(event.is_return);
	assert_int_equal(event.ret, 64);
	assert_unknown(event.addr);
}

static void a_call_of_io_uring_on_6_12(void **state)
{
	struct lt_pin_event event =
		parsed("lt_pin_user_pages_fast",
		       "(pin_user_pages_fast+0x0/0x50) addr=0x7fd66492c000 nr=64 flags=0x101");

	(void)state;
	assert_string_equal(event.function->name, "pin_user_pages_fast");
	assert_num(event.flags, 0x101);
	event = parsed("lt_pin_user_pages_fast_ret",
		       "(io_pin_pages+0x78/0xe0 <- pin_user_pages_fast) ret=-14");
	assert_true(event.is_return);
	assert_int_equal(event.ret, -14);
}

static void a_function_without_arguments_to_tell(void **state)
{
	struct lt_pin_event event = parsed("lt_memfd_pin_folios", "(memfd_pin_folios+0x0/0x3b0)");

	(void)state;
	assert_string_equal(event.function->name, "memfd_pin_folios");
	assert_unknown(event.addr);
	assert_unknown(event.nr_pages);
	assert_unknown(event.flags);
}

static void memory_of_others_is_told_apart(void **state)
{
	const char *fields = "(f+0x0/0x1) addr=0x1000 nr=1 flags=0x1";

	(void)state;
	assert_true(parsed("lt_pin_user_pages_remote", fields).function->is_remote);
	assert_false(parsed("lt_pin_user_pages_unlocked", fields).function->is_remote);
}

static void new_fields_pass(void **state)
{
	(void)state;
	assert_num(parsed("lt_pin_user_pages",
			  "(f) addr=0x1000 mm=0xffff888 nr=2 flags=0x1 comm=\"a b\"")
			   .nr_pages,
		   2);
}

static void events_of_others_pass(void **state)
{
	static const char *const names[] = {
		"cma_alloc",
		"pin_user_pages",
		"lt_",
		"lt_pin_user",
		"lt_pin_user_pages_slow",
		"lt_pin_user_pages_ret_ret",
		"",
		"lt_memfd_pin_folios_retx",
	};
	struct lt_pin_event event;
	struct lt_diag diag = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_int_equal(
			parse(names[i], "(f) addr=0x1 nr=1 flags=0x1 ret=1", &event, &diag), 0);
	assert_string_equal(diag.why, "");
}

static void damage_is_refused(void **state)
{
	static const char *const calls[] = {
		"",
		"(",
		"(pin_user_pages+0x0/0x40",
		"addr=0x1 nr=1 flags=0x1",
		"(f) nr=1 flags=0x1",
		"(f) addr=0x1 flags=0x1",
		"(f) addr=0x1 nr=1",
		"(f) addr= nr=1 flags=0x1",
		"(f) addr=0x1 nr=-1 flags=0x1",
		"(f) addr=0x1 nr=1x flags=0x1",
		"(f) addr=0x1 nr=99999999999999999999 flags=0x1",
		"(f) addr=(fault) nr=1 flags=0x1",
	};
	static const char *const returns[] = { "(f <- g)", "(f <- g) ret=", "(f <- g) ret=1x" };
	struct lt_pin_event event;

	(void)state;
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		struct lt_diag diag = { 0 };

		assert_int_equal(parse("lt_pin_user_pages", calls[i], &event, &diag), -EBADMSG);
		assert_true(diag.why[0]);
	}
	for (size_t i = 0; i < sizeof(returns) / sizeof(returns[0]); i++)
		assert_int_equal(parse("lt_pin_user_pages_ret", returns[i], &event, NULL),
				 -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_call_of_io_uring_on_5_10),
		cmocka_unit_test(a_call_of_io_uring_on_6_12),
		cmocka_unit_test(a_function_without_arguments_to_tell),
		cmocka_unit_test(memory_of_others_is_told_apart),
		cmocka_unit_test(new_fields_pass),
		cmocka_unit_test(events_of_others_pass),
		cmocka_unit_test(damage_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
