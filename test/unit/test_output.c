// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests -o where only close() reports a full disk, and on file systems without O_TMPFILE. */
#include "tree.h"

#include <fcntl.h>

static bool is_close_failing, is_nameless_unknown;

static int close_stream(FILE *stream)
{
	int ret = fclose(stream);

	errno = ENOSPC;
	return is_close_failing ? EOF : ret;
}

static int open_file(const char *path, int flags, mode_t mode)
{
	errno = EOPNOTSUPP;
	return is_nameless_unknown ? -1 : open(path, flags, mode);
}

#define fclose close_stream
#define open open_file
#include "cmd/output.c"
#undef open
#undef fclose
#include "cmd/place.c"

void cmd_error(const char *fmt, ...)
{
	(void)fmt;
}

void columns_fini(struct columns *columns)
{
	(void)columns;
}

/* A file has no pager. */
void text_init(struct text *text, FILE *out, struct lt_num page_size)
{
	(void)text;
	(void)out;
	(void)page_size;
}

pid_t pager_start(void)
{
	return 0;
}

void pager_finish(pid_t pager)
{
	(void)pager;
}

static int begin(void **state)
{
	is_close_failing = false;
	is_nameless_unknown = *state;
	return tree_setup(state);
}

/* Write "new" into @name of the tree. */
static int write_new(const struct cmd_info *info, const char *name)
{
	struct cmd cmd = { .info = info, .output = tree_path(name) };

	assert_non_null(cmd_output(&cmd));
	fputs("new", cmd_output(&cmd));
	return cmd_finish(&cmd, CMD_OK);
}

static const struct cmd_info plain = { .name = "report" };
static const struct cmd_info secret = { .name = "capture", .is_private = true };

static void assert_content(const char *name, const char *want)
{
	struct lt_buf buf;

	assert_int_equal(lt_file_read(tree_path(name), &buf), 0);
	assert_string_equal(buf.data, want);
	free(buf.data);
}

static unsigned int mode_of(const char *name)
{
	struct stat st;

	assert_int_equal(stat(tree_path(name), &st), 0);
	return st.st_mode & 07777;
}

/* Nothing but what the test made: removing that empties the directory. */
static void assert_alone(const char *name)
{
	if (name)
		assert_int_equal(unlink(tree_path(name)), 0);
	assert_int_equal(rmdir(tree_dir), 0);
	assert_int_equal(mkdir(tree_dir, 0700), 0);
}

static void a_failing_close_leaves_no_new_file(void **state)
{
	(void)state;
	is_close_failing = true;
	assert_int_equal(write_new(&plain, "/out"), CMD_FAILED);
	assert_alone(NULL);
}

static void a_failing_close_leaves_the_old_file(void **state)
{
	(void)state;
	tree_write("/out", "old", 3);
	is_close_failing = true;
	assert_int_equal(write_new(&plain, "/out"), CMD_FAILED);
	assert_content("/out", "old");
	assert_alone("/out");
}

static void modes_are_kept_and_captures_private(void **state)
{
	mode_t mask = umask(022);

	(void)state;
	assert_int_equal(write_new(&plain, "/plain"), CMD_OK);
	assert_int_equal(mode_of("/plain"), 0644);
	assert_int_equal(write_new(&secret, "/secret"), CMD_OK);
	assert_int_equal(mode_of("/secret"), 0600);
	chmod(tree_path("/plain"), 0660);
	assert_int_equal(write_new(&plain, "/plain"), CMD_OK);
	assert_int_equal(mode_of("/plain"), 0660);
	assert_int_equal(write_new(&secret, "/plain"), CMD_OK);
	assert_int_equal(mode_of("/plain"), 0600);
	assert_content("/plain", "new");
	unlink(tree_path("/secret"));
	assert_alone("/plain");
	umask(mask);
}

#define TEST_BOTH(test)                                                                          \
	cmocka_unit_test_prestate_setup_teardown(test, begin, tree_teardown, NULL),              \
	{                                                                                        \
#test " without files that have no name", test, begin, tree_teardown, (void *)"" \
	}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_BOTH(a_failing_close_leaves_no_new_file),
		TEST_BOTH(a_failing_close_leaves_the_old_file),
		TEST_BOTH(modes_are_kept_and_captures_private),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
