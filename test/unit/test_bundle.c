// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/base/bundle.c. */
#include "tree.h"

#include <fcntl.h>

#include "base/bundle.h"

static struct lt_bundle *new_bundle(void)
{
	struct lt_bundle *bundle;

	assert_int_equal(lt_bundle_new(NULL, &bundle), 0);
	return bundle;
}

static void add(struct lt_bundle *bundle, const char *path, const char *text)
{
	FILE *out;

	assert_int_equal(lt_bundle_begin(bundle, path, &out), 0);
	fputs(text, out);
	assert_int_equal(lt_bundle_end(bundle, true), 0);
}

static void seal(struct lt_bundle *bundle)
{
	assert_int_equal(lt_bundle_seal(bundle, NULL), 0);
}

static void check_read(const struct lt_bundle *bundle, const char *path, int want_err,
		       const char *want)
{
	struct lt_buf buf = { 0 };
	int err = lt_bundle_read(bundle, path, &buf);

	if (err != want_err || (!err && strcmp(buf.data, want)))
		fail_msg("%s: %d \"%s\"", path, err, err ? "" : buf.data);
	free(buf.data);
}

static int join_names(const char *name, void *arg)
{
	strcat(arg, name);
	strcat(arg, " ");
	return strcmp(name, "stop") ? 0 : 5;
}

static void check_list(const struct lt_bundle *bundle, const char *path, int want_ret,
		       const char *want)
{
	char names[512] = "";
	int ret = lt_bundle_list(bundle, path, join_names, names);

	if (ret != want_ret || strcmp(names, want))
		fail_msg("%s: %d \"%s\"", path, ret, names);
}

static void files_are_read_back(void **state)
{
	struct lt_bundle *bundle = new_bundle();
	char text[8] = "";
	int fd;

	(void)state;
	add(bundle, "/proc/b", "two\n");
	add(bundle, "proc/a", "");
	add(bundle, "./sys//x/./y", "three\n");
	seal(bundle);
	check_read(bundle, "/proc/b", 0, "two\n");
	check_read(bundle, "proc/a", 0, "");
	check_read(bundle, "/sys/x/y", 0, "three\n");
	check_read(bundle, "/proc/c", -ENOENT, NULL);
	check_read(bundle, "/proc", -EINVAL, NULL);
	check_read(bundle, "/proc/b/x", -ENOENT, NULL);
	fd = lt_bundle_open(bundle, "/proc/b");
	assert_true(fd >= 0);
	assert_int_equal(read(fd, text, sizeof(text)), 4);
	assert_string_equal(text, "two\n");
	close(fd);
	assert_int_equal(lt_bundle_open(bundle, "/none"), -ENOENT);
	lt_bundle_free(bundle);
}

static void a_file_may_be_forgotten(void **state)
{
	struct lt_bundle *bundle = new_bundle();
	FILE *out;

	(void)state;
	add(bundle, "a", "first");
	assert_int_equal(lt_bundle_begin(bundle, "b", &out), 0);
	fputs("never mind, this is long", out);
	assert_int_equal(lt_bundle_end(bundle, false), 0);
	add(bundle, "c", "third");
	seal(bundle);
	check_read(bundle, "/a", 0, "first");
	check_read(bundle, "/b", -ENOENT, NULL);
	check_read(bundle, "/c", 0, "third");
	lt_bundle_free(bundle);
}

static void directories_are_listed_in_order(void **state)
{
	struct lt_bundle *bundle = new_bundle();

	(void)state;
	add(bundle, "cma/x/1", "");
	add(bundle, "cma/x-y", "");
	assert_int_equal(lt_bundle_add_dir(bundle, "cma/x"), 0);
	assert_int_equal(lt_bundle_add_dir(bundle, "cma/x"), 0);
	assert_int_equal(lt_bundle_add_dir(bundle, "cma/empty"), 0);
	add(bundle, "cma/stop", "");
	add(bundle, "cma/x/2/3", "");
	add(bundle, "cmb", "");
	seal(bundle);
	check_list(bundle, "/", 0, "cma cmb ");
	check_list(bundle, "/cma", 5, "empty stop ");
	check_list(bundle, "/cma/x", 0, "1 2 ");
	check_list(bundle, "/cma/empty", 0, "");
	check_list(bundle, "/cm", -ENOENT, "");
	check_list(bundle, "/cmb", -ENOTDIR, "");
	assert_true(lt_bundle_has_dir(bundle, "/cma/x/2"));
	assert_false(lt_bundle_has_dir(bundle, "/cma/x-y"));
	assert_false(lt_bundle_has_dir(bundle, "/cma/none"));
	lt_bundle_free(bundle);
}

static void names_that_hold_each_other_stay_apart(void **state)
{
	struct lt_bundle *bundle = new_bundle();

	(void)state;
	add(bundle, "d/x/1", "");
	add(bundle, "d/x-y", "");
	add(bundle, "d/x!", "");
	add(bundle, "d/x/0", "");
	add(bundle, "e", "");
	seal(bundle);
	check_list(bundle, "/d", 0, "x x! x-y ");
	lt_bundle_free(bundle);
}

static void links_to_files_are_followed(void **state)
{
	struct lt_bundle *bundle = new_bundle();

	(void)state;
	add(bundle, "a/b/file", "x");
	assert_int_equal(lt_bundle_add_link(bundle, "a/near", "b/file", true), 0);
	assert_int_equal(lt_bundle_add_link(bundle, "a/b/up", "../../a/near", true), 0);
	assert_int_equal(lt_bundle_add_link(bundle, "c", "/a/b/file", true), 0);
	assert_int_equal(lt_bundle_add_link(bundle, "hard", "a/b/file", false), 0);
	assert_int_equal(lt_bundle_add_link(bundle, "dangling", "nowhere", true), 0);
	assert_int_equal(lt_bundle_add_link(bundle, "loop", "loop", true), 0);
	assert_int_equal(lt_bundle_add_link(bundle, "dir", "a", true), 0);
	assert_int_equal(lt_bundle_add_link(bundle, "a/out", "../../x", true), -EXDEV);
	assert_int_equal(lt_bundle_add_link(bundle, "out", "..", true), -EXDEV);
	assert_int_equal(lt_bundle_add_link(bundle, "out", "../x", false), -EINVAL);
	seal(bundle);
	check_read(bundle, "/a/near", 0, "x");
	check_read(bundle, "/a/b/up", 0, "x");
	check_read(bundle, "/c", 0, "x");
	check_read(bundle, "/hard", 0, "x");
	check_read(bundle, "/dangling", -ENOENT, NULL);
	check_read(bundle, "/loop", -ELOOP, NULL);
	check_read(bundle, "/dir", -EINVAL, NULL);
	check_read(bundle, "/dir/near", -ENOENT, NULL);
	check_read(bundle, "/out", -ENOENT, NULL);
	lt_bundle_free(bundle);
}

static void impossible_paths_are_refused(void **state)
{
	static const char *const bad[] = { "", "/", ".", "..", "../x", "a/../b", "a/.." };
	struct lt_bundle *bundle = new_bundle();
	char long_name[400], long_path[2000];
	FILE *out;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(lt_bundle_begin(bundle, bad[i], &out), -EINVAL);
	memset(long_name, 'x', sizeof(long_name));
	long_name[256] = '\0';
	assert_int_equal(lt_bundle_begin(bundle, long_name, &out), -EINVAL);
	long_name[255] = '\0';
	assert_int_equal(lt_bundle_begin(bundle, long_name, &out), 0);
	assert_int_equal(lt_bundle_end(bundle, true), 0);
	for (size_t i = 0; i < sizeof(long_path); i += 2)
		memcpy(long_path + i, "x/", 2);
	long_path[LT_BUNDLE_PATH_MAX + 2] = '\0';
	assert_int_equal(lt_bundle_begin(bundle, long_path, &out), -EINVAL);
	assert_int_equal(lt_bundle_members(bundle)->nr, 1);
	lt_bundle_free(bundle);
}

static void nothing_may_be_there_twice(void **state)
{
	struct lt_diag diag = { 0 };
	struct lt_bundle *bundle = new_bundle();

	(void)state;
	add(bundle, "a/\x1b[2J", "1");
	add(bundle, "a//./\x1b[2J", "2");
	add(bundle, "b", "");
	assert_int_equal(lt_bundle_seal(bundle, &diag), -EBADMSG);
	assert_non_null(strstr(diag.why, "\"a/\\x1b[2J\" twice"));
	lt_bundle_free(bundle);
}

static void a_directory_around_everything_is_left_out(void **state)
{
	struct lt_bundle *bundle = new_bundle();

	(void)state;
	assert_int_equal(lt_bundle_add_dir(bundle, "dev"), 0);
	add(bundle, "dev/proc/a", "x");
	assert_int_equal(lt_bundle_add_link(bundle, "dev/b", "proc/a", true), 0);
	seal(bundle);
	check_read(bundle, "/proc/a", 0, "x");
	check_read(bundle, "/b", 0, "x");
	check_list(bundle, "/", 0, "b proc ");
	lt_bundle_free(bundle);

	bundle = new_bundle();
	add(bundle, "proc/a", "x");
	add(bundle, "proc/b", "x");
	seal(bundle);
	check_read(bundle, "/proc/a", 0, "x");
	lt_bundle_free(bundle);
}

/* "ltpin" is a name for a captured tree, and that of a directory which it has. */
static void a_tree_may_lie_in_a_directory_called_as_one_of_its_own(void **state)
{
	struct lt_bundle *bundle = new_bundle();

	(void)state;
	add(bundle, "ltpin/ltpin/module.json", "x");
	add(bundle, "ltpin/dmesg.txt", "y");
	seal(bundle);
	check_read(bundle, "/ltpin/module.json", 0, "x");
	check_read(bundle, "/dmesg.txt", 0, "y");
	lt_bundle_free(bundle);
	bundle = new_bundle();
	add(bundle, "ltpin/module.json", "x");
	seal(bundle);
	check_read(bundle, "/ltpin/module.json", 0, "x");
	lt_bundle_free(bundle);
}

static void it_can_be_written_to_a_directory(void **state)
{
	struct lt_bundle *bundle = new_bundle();
	struct lt_root *root;
	struct stat st;
	struct lt_buf buf;
	int fd;

	(void)state;
	add(bundle, "proc/a", "x");
	assert_int_equal(lt_bundle_add_dir(bundle, "sys/empty"), 0);
	fd = open(tree_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(lt_bundle_extract(bundle, fd), 0);
	assert_int_equal(lt_bundle_extract(bundle, fd), -EEXIST);
	assert_int_equal(fstatat(fd, "proc/a", &st, 0), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(fstatat(fd, "sys/empty", &st, 0), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	close(fd);
	assert_int_equal(lt_root_open(tree_dir, &root), 0);
	assert_int_equal(lt_root_find_dir(root, "/sys/empty"), 1);
	assert_int_equal(lt_root_read(root, "/proc/a", &buf), 0);
	assert_string_equal(buf.data, "x");
	free(buf.data);
	lt_root_close(root);
	lt_bundle_free(bundle);
}

static void without_a_place_memory_does(void **state)
{
	struct lt_bundle *bundle;

	(void)state;
	assert_int_equal(lt_bundle_new("/nonexistent", &bundle), 0);
	add(bundle, "a", "x");
	seal(bundle);
	check_read(bundle, "/a", 0, "x");
	lt_bundle_free(bundle);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_are_read_back),
		cmocka_unit_test(a_file_may_be_forgotten),
		cmocka_unit_test(directories_are_listed_in_order),
		cmocka_unit_test(names_that_hold_each_other_stay_apart),
		cmocka_unit_test(links_to_files_are_followed),
		cmocka_unit_test(impossible_paths_are_refused),
		cmocka_unit_test(nothing_may_be_there_twice),
		cmocka_unit_test(a_directory_around_everything_is_left_out),
		cmocka_unit_test(a_tree_may_lie_in_a_directory_called_as_one_of_its_own),
		cmocka_unit_test_setup_teardown(it_can_be_written_to_a_directory, tree_setup,
						tree_teardown),
		cmocka_unit_test(without_a_place_memory_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
