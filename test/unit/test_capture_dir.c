// SPDX-License-Identifier: GPL-2.0-or-later
/* `capture --dir` where a call on the new directory fails: nothing is left, the reason is true. */
#include "tree.h"

#include <fcntl.h>
#include <sys/file.h>

static int nr_opens; /* of which the second, of the directory just made, fails; 0: none does */
static int stat_err, lock_err;

static int open_dir(const char *path, int flags)
{
	errno = EMFILE;
	return nr_opens && ++nr_opens == 3 ? -1 : open(path, flags);
}

static int stat_dir(int fd, struct stat *st)
{
	errno = stat_err;
	return stat_err ? -1 : fstat(fd, st);
}

static int lock_dir(int fd, int operation)
{
	errno = lock_err;
	return lock_err ? -1 : flock(fd, operation);
}

#define open(path, flags) open_dir(path, flags)
#define fstat(fd, st) stat_dir(fd, st)
#define flock(fd, operation) lock_dir(fd, operation)
#include "cmd/capture_dir.c"
#undef open
#undef fstat
#undef flock

static int begin(void **state)
{
	nr_opens = stat_err = lock_err = 0;
	return tree_setup(state);
}

static void check_failure(int want)
{
	struct capture_dir dir;

	assert_int_equal(capture_dir_begin(tree_path("/out"), &dir), want);
	assert_int_equal(rmdir(tree_dir), 0); /* nothing is left in it */
	assert_int_equal(mkdir(tree_dir, 0700), 0);
}

static void a_failing_open_leaves_nothing(void **state)
{
	(void)state;
	nr_opens = 1;
	check_failure(-EMFILE);
}

static void a_failing_stat_leaves_nothing(void **state)
{
	(void)state;
	stat_err = EIO;
	check_failure(-EIO);
}

static void without_locks_it_is_made(void **state)
{
	struct capture_dir dir;
	struct stat st;

	(void)state;
	lock_err = ENOLCK;
	assert_int_equal(capture_dir_begin(tree_path("/out"), &dir), 0);
	assert_int_equal(fstat(dir.fd, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_int_equal(capture_dir_commit(&dir), 0);
	capture_dir_end(&dir);
	assert_int_equal(stat(tree_path("/out"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_failing_open_leaves_nothing, begin,
						tree_teardown),
		cmocka_unit_test_setup_teardown(a_failing_stat_leaves_nothing, begin,
						tree_teardown),
		cmocka_unit_test_setup_teardown(without_locks_it_is_made, begin, tree_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
