// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/source/process/process_wait.c. */
#include "test.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source/process/process_wait.h"

static void the_state_follows_the_name(void **state)
{
	static const char plain[] = "812 (camera) D 1 812";
	static const char hostile[] = "812 (a) S b) D 1 812";

	(void)state;
	assert_int_equal(lt_process_state_parse(plain, strlen(plain)), 'D');
	assert_int_equal(lt_process_state_parse(hostile, strlen(hostile)), 'D');
	assert_int_equal(lt_process_state_parse("812 (camera)", 12), 0);
	assert_int_equal(lt_process_state_parse("812 (camera) ", 13), 0);
	assert_int_equal(lt_process_state_parse("", 0), 0);
}

static void put(const char *dir, const char *path, const char *text)
{
	char name[256];
	FILE *out;

	snprintf(name, sizeof(name), "%s%s", dir, path);
	out = fopen(name, "w");
	assert_non_null(out);
	fputs(text, out);
	assert_int_equal(fclose(out), 0);
}

static void make_dirs(const char *dir)
{
	static const char *const below[] = { "/proc", "/proc/812", "/proc/812/task",
					     "/proc/812/task/812", "/proc/812/task/815" };
	char name[256];

	for (size_t i = 0; i < sizeof(below) / sizeof(*below); i++) {
		snprintf(name, sizeof(name), "%s%s", dir, below[i]);
		assert_int_equal(mkdir(name, 0755), 0);
	}
}

/* Any thread may be the one that does input or output. */
static void a_thread_that_waits_is_found(void **state)
{
	char dir[] = "/tmp/ltpin-wait-XXXXXX", command[64];
	struct lt_strings *strings = lt_strings_new();
	struct lt_root *root;
	const char *in = "left alone";

	(void)state;
	assert_non_null(mkdtemp(dir));
	make_dirs(dir);
	put(dir, "/proc/812/task/812/stat", "812 (camera) S 1 812");
	put(dir, "/proc/812/task/815/stat", "815 (io) S 1 812");
	assert_int_equal(lt_root_open(dir, &root), 0);
	assert_int_equal(lt_process_wait(root, 812, strings, &in), 0);
	assert_null(in);
	put(dir, "/proc/812/task/815/stat", "815 (io) D 1 812");
	assert_int_equal(lt_process_wait(root, 812, strings, &in), 0);
	assert_string_equal(in, "?");
	put(dir, "/proc/812/task/815/wchan", "0");
	assert_int_equal(lt_process_wait(root, 812, strings, &in), 0);
	assert_string_equal(in, "?");
	put(dir, "/proc/812/task/815/wchan", "folio_wait_bit_common");
	assert_int_equal(lt_process_wait(root, 812, strings, &in), 0);
	assert_string_equal(in, "folio_wait_bit_common");
	assert_int_equal(lt_process_wait(root, 813, strings, &in), 0);
	assert_null(in);
	lt_root_close(root);
	lt_strings_free(strings);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	assert_int_equal(system(command), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_state_follows_the_name),
		cmocka_unit_test(a_thread_that_waits_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
