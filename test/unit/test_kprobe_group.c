// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/act/pin/kprobe_group.c. */
#include "test.h"

#include "act/pin/kprobe_group.h"

static const struct lt_pin_function *function(const char *name)
{
	const struct lt_pin_function *f = lt_pin_functions;

	while (f->name && strcmp(f->name, name))
		f++;
	assert_non_null(f->name);
	return f;
}

static const struct lt_kprobe_args numbered = { .names = { "$arg1", "$arg2", "$arg3", "$arg4" } };

static void assert_probe(const char *name, const struct lt_kprobe_args *args, const char *want)
{
	char text[256];

	lt_kprobe_group_format("ltpin_7", function(name), args, text, sizeof(text));
	assert_string_equal(text, want);
}

static void arguments_are_where_the_kernel_has_them(void **state)
{
	(void)state;
	assert_probe("pin_user_pages", &numbered,
		     "p:ltpin_7/lt_pin_user_pages pin_user_pages "
		     "addr=$arg1 nr=$arg2:u32 flags=$arg3:x32\n");
	assert_probe("pin_user_pages_unlocked", &numbered,
		     "p:ltpin_7/lt_pin_user_pages_unlocked pin_user_pages_unlocked "
		     "addr=$arg1 nr=$arg2:u32 flags=$arg4:x32\n");
	assert_probe("pin_user_pages_remote", &numbered,
		     "p:ltpin_7/lt_pin_user_pages_remote pin_user_pages_remote "
		     "addr=$arg2 nr=$arg3:u32 flags=$arg4:x32\n");
	assert_probe("memfd_pin_folios", &numbered,
		     "p:ltpin_7/lt_memfd_pin_folios memfd_pin_folios\n");
}

static void returns_tell_how_many(void **state)
{
	(void)state;
	assert_probe("pin_user_pages_fast", NULL,
		     "r64:ltpin_7/lt_pin_user_pages_fast_ret pin_user_pages_fast "
		     "ret=$retval:s32\n");
}

static void machines_without_numbered_arguments_have_registers(void **state)
{
	const struct lt_kprobe_args *args = lt_kprobe_group_registers("armv7l");

	(void)state;
	assert_non_null(args);
	assert_probe("pin_user_pages_remote", args,
		     "p:ltpin_7/lt_pin_user_pages_remote pin_user_pages_remote "
		     "addr=%r1 nr=%r2:u32 flags=%r3:x32\n");
	assert_ptr_equal(lt_kprobe_group_registers("armv6l"), args);
	assert_string_equal(lt_kprobe_group_registers("riscv64")->names[0], "%a0");
	assert_null(lt_kprobe_group_registers("aarch64"));
	assert_null(lt_kprobe_group_registers("x86_64"));
}

/* Whatever is probed, is understood when it comes back. */
static void every_probe_has_an_event_that_is_understood(void **state)
{
	(void)state;
	for (const struct lt_pin_function *f = lt_pin_functions; f->name; f++) {
		for (int is_return = 0; is_return < 2; is_return++) {
			char text[256];
			struct lt_text line;
			struct lt_span probe;
			struct lt_trace_event event = { 0 };
			struct lt_pin_event pin;

			lt_kprobe_group_format("ltpin_7", f, is_return ? NULL : &numbered, text,
					       sizeof(text));
			lt_text_init(&line, text, strlen(text));
			assert_int_equal(lt_kprobe_group_owner(line, &probe), 7);
			event.name = (struct lt_span){ probe.p + 8, probe.len - 8 };
			lt_text_init(&event.fields, "(f) addr=0x1 nr=1 flags=0x1 ret=1", 33);
			assert_int_equal(lt_pin_event_parse(&event, &pin, NULL), 1);
			assert_ptr_equal(pin.function, f);
			assert_int_equal(pin.is_return, is_return);
		}
	}
}

static pid_t owner(const char *text)
{
	struct lt_span probe;
	struct lt_text line;

	lt_text_init(&line, text, strlen(text));
	return lt_kprobe_group_owner(line, &probe);
}

static void only_our_own_probes_are_ours(void **state)
{
	static const char *const others[] = {
		"p:kprobes/mine pin_user_pages",
		"p:ltpin/x f",
		"p:ltpin_/x f",
		"p:ltpin_12 f",
		"p:ltpin_12x/x f",
		"p:ltpin_99999999999/x f",
		"p:xltpin_12/x f",
		"",
		"p",
		"ltpin_12/x",
		"p:ltpin_-1/x f",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_int_equal(owner(others[i]), 0);
	assert_int_equal(owner("p:ltpin_12/lt_pin_user_pages pin_user_pages addr=$arg1"), 12);
	assert_int_equal(owner("r64:ltpin_12/lt_pin_user_pages_ret pin_user_pages"), 12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arguments_are_where_the_kernel_has_them),
		cmocka_unit_test(returns_tell_how_many),
		cmocka_unit_test(machines_without_numbered_arguments_have_registers),
		cmocka_unit_test(every_probe_has_an_event_that_is_understood),
		cmocka_unit_test(only_our_own_probes_are_ours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
