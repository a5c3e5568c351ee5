// SPDX-License-Identifier: LGPL-2.1-or-later
/* Tests lib/base/command.c. */
#include "base/command.h"

#include <stdlib.h>

#include "test.h"

#define PLACE "--root dev.tar.gz"

static const struct lt_command_place capture = { .arg = PLACE };

static void assert_placed(const char *words, const char *arg, const char *want)
{
	char *got = lt_command_in_words(words, (struct lt_command_place){ .arg = arg });

	assert_non_null(got);
	assert_string_equal(got, want);
	free(got);
}

static void a_command_names_the_capture_again(void **state)
{
	char *command = lt_command_at("ltpin explain reserved 8192", capture);

	(void)state;
	assert_string_equal(command, "ltpin explain reserved 8192 " PLACE);
	free(command);
	assert_placed("See `ltpin zones` and `ltpin pages`.", PLACE,
		      "See `ltpin zones " PLACE "` and `ltpin pages " PLACE "`.");
}

static void what_acts_is_for_the_device(void **state)
{
	(void)state;
	assert_true(lt_command_is_for_device("ltpin selftest", capture));
	assert_true(lt_command_is_for_device("ltpin watch --count 1", capture));
	assert_true(
		lt_command_is_for_device("ltpin reports", capture)); /* no command of that name */
	assert_true(lt_command_is_for_device("grep Cma /proc/meminfo", capture));
	assert_false(lt_command_is_for_device("ltpin report", capture));
	assert_placed("If so, test: `ltpin selftest`. `ltpin watch --pins` shows who.", PLACE,
		      "If so, test: on the device, `ltpin selftest`. "
		      "On the device, `ltpin watch --pins` shows who.");
}

static void what_finds_nothing_there_is_for_the_device(void **state)
{
	const struct lt_command_place blind = { PLACE, 1 << LT_READER_AREAS };
	char *command = lt_command_at("ltpin areas", blind);

	(void)state;
	assert_string_equal(command, "ltpin areas");
	free(command);
	assert_true(lt_command_is_for_device("ltpin areas", blind));
	assert_false(lt_command_is_for_device("ltpin zones", blind));
	assert_false(lt_command_is_for_device(
		"ltpin areas", (struct lt_command_place){ NULL, 1 << LT_READER_AREAS }));
	command = lt_command_in_words("See `ltpin areas`, and `ltpin zones`.", blind);
	assert_string_equal(command,
			    "See on the device, `ltpin areas`, and `ltpin zones " PLACE "`.");
	free(command);
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
		cmocka_unit_test(what_finds_nothing_there_is_for_the_device),
		cmocka_unit_test(the_running_system_is_not_named),
		cmocka_unit_test(a_lone_backtick_is_no_command),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
