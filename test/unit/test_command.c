// SPDX-License-Identifier: LGPL-2.1-or-later
/* Tests lib/base/command.c. */
#include "base/command.h"

#include <stdlib.h>

#include "test.h"

#define PLACE "--root dev.tar.gz"

static void assert_placed(const char *words, const char *place, const char *want)
{
	char *got = lt_command_in_words(words, place);

	assert_non_null(got);
	assert_string_equal(got, want);
	free(got);
}

static void a_command_names_the_capture_again(void **state)
{
	char *command = lt_command_at("ltpin explain reserved 8192", PLACE);

	(void)state;
	assert_string_equal(command, "ltpin explain reserved 8192 " PLACE);
	free(command);
	assert_placed("See `ltpin zones` and `ltpin pages`.", PLACE,
		      "See `ltpin zones " PLACE "` and `ltpin pages " PLACE "`.");
}

static void what_acts_is_for_the_device(void **state)
{
	(void)state;
	assert_true(lt_command_is_for_device("ltpin selftest"));
	assert_true(lt_command_is_for_device("ltpin watch --count 1"));
	assert_true(lt_command_is_for_device("ltpin reports")); /* no command of that name */
	assert_true(lt_command_is_for_device("grep Cma /proc/meminfo"));
	assert_false(lt_command_is_for_device("ltpin report"));
	assert_placed("If so, test: `ltpin selftest`. `ltpin watch --pins` shows who.", PLACE,
		      "If so, test: on the device, `ltpin selftest`. "
		      "On the device, `ltpin watch --pins` shows who.");
}

static void the_running_system_is_not_named(void **state)
{
	const char *words = "Load it (`ltpin module load`), then `ltpin pages`.";

	(void)state;
	assert_placed(words, NULL, words);
}

static void a_lone_backtick_is_no_command(void **state)
{
	(void)state;
	assert_placed("a ` in a name", PLACE, "a ` in a name");
	assert_placed("", PLACE, "");
	assert_placed("a `quoted` word", PLACE, "a `quoted` word");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_command_names_the_capture_again),
		cmocka_unit_test(what_acts_is_for_the_device),
		cmocka_unit_test(the_running_system_is_not_named),
		cmocka_unit_test(a_lone_backtick_is_no_command),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
