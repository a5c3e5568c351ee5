// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/act/pin/pin_flag.c. */
#include "test.h"

#include "act/pin/pin_flag.h"

static void one_call_tells_if_nothing_else_was_asked_for(void **state)
{
	struct lt_pin_flag flag = LT_PIN_FLAG_INIT;

	(void)state;
	assert_int_equal(lt_pin_flag_bit(&flag), 0);
	lt_pin_flag_learn(&flag, 0x10001, true); /* io_uring, 5.10 */
	assert_int_equal(lt_pin_flag_bit(&flag), 0x10000);
	flag = LT_PIN_FLAG_INIT;
	lt_pin_flag_learn(&flag, 0x101, true); /* io_uring, 6.12 */
	assert_int_equal(lt_pin_flag_bit(&flag), 0x100);
}

static void what_asked_for_nothing_tells_nothing(void **state)
{
	struct lt_pin_flag flag = LT_PIN_FLAG_INIT;

	(void)state;
	lt_pin_flag_learn(&flag, 0x1, false);
	assert_int_equal(lt_pin_flag_bit(&flag), 0);
	/* all bits but one were seen without it: that is no proof that the kernel has it */
	lt_pin_flag_learn(&flag, ~UINT32_C(0x101), false);
	assert_int_equal(lt_pin_flag_bit(&flag), 0);
	lt_pin_flag_learn(&flag, 0x101, true);
	assert_int_equal(lt_pin_flag_bit(&flag), 0x100);
}

static void several_bits_need_a_second_call(void **state)
{
	struct lt_pin_flag flag = LT_PIN_FLAG_INIT, other;

	(void)state;
	lt_pin_flag_learn(&flag, 0x90001, true);
	assert_int_equal(lt_pin_flag_bit(&flag), 0);
	other = flag;
	lt_pin_flag_learn(&flag, 0x80001, false); /* the same call without it */
	assert_int_equal(lt_pin_flag_bit(&flag), 0x10000);
	lt_pin_flag_learn(&other, 0x10000, true); /* another one with it */
	assert_int_equal(lt_pin_flag_bit(&other), 0x10000);
}

static void contradictions_leave_it_unknown(void **state)
{
	struct lt_pin_flag flag = LT_PIN_FLAG_INIT;

	(void)state;
	lt_pin_flag_learn(&flag, 0x101, true);
	lt_pin_flag_learn(&flag, 0x100, false);
	assert_int_equal(lt_pin_flag_bit(&flag), 0);
	flag = LT_PIN_FLAG_INIT;
	lt_pin_flag_learn(&flag, 0x1, true); /* only FOLL_WRITE */
	assert_int_equal(lt_pin_flag_bit(&flag), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_call_tells_if_nothing_else_was_asked_for),
		cmocka_unit_test(what_asked_for_nothing_tells_nothing),
		cmocka_unit_test(several_bits_need_a_second_call),
		cmocka_unit_test(contradictions_leave_it_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
