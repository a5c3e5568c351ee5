// SPDX-License-Identifier: GPL-2.0-or-later
/* Tried (SECURITY.md): links, FIFOs and devices in a captured directory */
/* Tests lib/base/root.c. */
#include "tree.h"

#include <fcntl.h>
#include <sys/inotify.h>

#include "base/errno_name.h"
#include "base/root.h"

static struct lt_root *open_tree(void)
{
	struct lt_root *root;

	assert_int_equal(lt_root_open(tree_dir, &root), 0);
	assert_false(lt_root_is_live(root));
	return root;
}

static void check_read(const char *path, int want_err, const char *want)
{
	struct lt_root *root = open_tree();
	struct lt_buf buf = { NULL, 0 };
	int err = lt_root_read(root, path, &buf);

	if (err != want_err)
		fail_msg("%s: %d, not %d", path, err, want_err);
	if (!err) {
		assert_int_equal(buf.len, strlen(want));
		assert_string_equal(buf.data, want);
	} else {
		assert_null(buf.data);
	}
	free(buf.data);
	lt_root_close(root);
}

static void link_to(const char *target, const char *path)
{
	tree_mkdirs(path);
	assert_int_equal(symlink(target, tree_path(path)), 0);
}

static void symlinks_stay_below_the_tree(void **state)
{
	(void)state;
	tree_write("etc/passwd", "ours\n", 5);
	link_to("/etc/passwd", "proc/absolute");
	link_to("../../../../../../etc/passwd", "proc/upwards");
	link_to("/etc", "dir");
	link_to("/etc/shadow-of-nobody", "proc/nowhere");
	link_to("loop", "loop");
	check_read("/proc/absolute", 0, "ours\n");
	check_read("/proc/upwards", 0, "ours\n");
	check_read("/dir/passwd", 0, "ours\n");
	check_read("/proc/nowhere", -ENOENT, NULL);
	check_read("/loop", -ELOOP, NULL);
}

static void dotdot_stays_below_the_tree(void **state)
{
	(void)state;
	tree_write("etc/passwd", "ours\n", 5);
	tree_write("proc/x", "x\n", 2);
	check_read("/proc/../../../../../../../../etc/passwd", 0, "ours\n");
	check_read("../../../../../../../etc/passwd", 0, "ours\n");
	check_read("/proc/../proc/x", 0, "x\n");
}

static void only_regular_files_are_opened(void **state)
{
	(void)state;
	tree_mkdirs("proc/x");
	assert_int_equal(mkfifo(tree_path("proc/fifo"), 0644), 0);
	link_to("/proc/fifo", "proc/to-fifo");
	alarm(10); /* opening a FIFO must not wait for a writer */
	check_read("/proc/fifo", -EINVAL, NULL);
	check_read("/proc/to-fifo", -EINVAL, NULL);
	check_read("/proc", -EINVAL, NULL);
	check_read("/", -EINVAL, NULL);
	alarm(0);
}

/* Whether anybody opened it since; a descriptor for looking alone does not count. */
static bool was_opened(int watch)
{
	char events[4096];

	return read(watch, events, sizeof(events)) > 0;
}

/* Its writer would go on, and a device would start. */
static void a_fifo_is_not_even_opened(void **state)
{
	int watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	int fd;

	(void)state;
	assert_true(watch >= 0);
	tree_mkdirs("proc/x");
	assert_int_equal(mkfifo(tree_path("proc/fifo"), 0644), 0);
	assert_true(inotify_add_watch(watch, tree_path("proc/fifo"), IN_OPEN) >= 0);
	check_read("/proc/fifo", -EINVAL, NULL);
	assert_false(was_opened(watch));
	fd = open(tree_path("proc/fifo"), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	assert_true(fd >= 0 && was_opened(watch));
	close(fd);
	close(watch);
}

static void absent_and_denied_differ(void **state)
{
	(void)state;
	tree_write("proc/secret", "x", 1);
	assert_int_equal(chmod(tree_path("proc/secret"), 0), 0);
	check_read("/proc/absent", -ENOENT, NULL);
	check_read("/absent/too", -ENOENT, NULL);
	check_read("/proc/secret/below", -ENOTDIR, NULL);
	if (geteuid())
		check_read("/proc/secret", -EACCES, NULL);
}

static void files_are_read_to_their_end(void **state)
{
	enum { LEN = 300 * 1000 };
	char *data = malloc(LEN + 1);

	(void)state;
	memset(data, 'x', LEN);
	data[LEN] = '\0';
	tree_write("empty", "", 0);
	check_read("/empty", 0, "");
	for (size_t len = 16380; len < 16390; len++) {
		tree_write("some", data + LEN - len, len);
		check_read("/some", 0, data + LEN - len);
	}
	tree_write("large", data, LEN);
	check_read("/large", 0, data);
	free(data);
}

static void a_file_without_end_is_refused(void **state)
{
	(void)state;
	tree_write("huge", "", 0);
	assert_int_equal(truncate(tree_path("huge"), (off_t)LT_ROOT_READ_MAX + 1), 0);
	check_read("/huge", -EFBIG, NULL);
}

static int join_names(const char *name, void *arg)
{
	strcat(arg, name);
	strcat(arg, " ");
	return strcmp(name, "stop") ? 0 : 5;
}

static void entries_come_in_order(void **state)
{
	struct lt_root *root;
	char names[256] = "";

	(void)state;
	tree_write("cma/b", "", 0);
	tree_write("cma/a10", "", 0);
	tree_write("cma/B", "", 0);
	tree_write("cma/a9", "", 0);
	tree_write("cma/.hidden", "", 0);
	root = open_tree();
	assert_int_equal(lt_root_list(root, "/cma", join_names, names), 0);
	assert_string_equal(names, ".hidden B a10 a9 b ");
	tree_write("cma/stop", "", 0);
	tree_write("cma/to", "", 0);
	names[0] = '\0';
	assert_int_equal(lt_root_list(root, "/cma", join_names, names), 5);
	assert_string_equal(names, ".hidden B a10 a9 b stop ");
	assert_int_equal(lt_root_list(root, "/none", join_names, names), -ENOENT);
	assert_int_equal(lt_root_list(root, "/cma/to", join_names, names), -ENOTDIR);
	lt_root_close(root);
}

static void a_root_must_be_there(void **state)
{
	struct lt_root *root = NULL;
	struct lt_diag diag = { 0 };

	(void)state;
	tree_write("file", "not a bundle", 12);
	assert_int_equal(lt_root_open(tree_path("none"), &root), -ENOENT);
	assert_true(lt_root_open_any(tree_path("file"), &root, &diag) < 0);
	assert_true(diag.why[0]);
	assert_null(root);
}

static void meta_tells_why_a_file_is_missing(void **state)
{
	static const char meta[] =
		"{\"schema\": \"ltpin.meta/1\", \"files\": ["
		"{\"path\": \"/proc/secret\", \"errno\": 13}, {\"path\": \"/here\", \"errno\": 13},"
		"{\"path\": \"/large\", \"nr_bytes\": 9, \"is_dropped\": true}]}";

	(void)state;
	tree_write("META", meta, strlen(meta));
	tree_write("here", "x", 1);
	check_read("/proc/secret", -EACCES, NULL);
	check_read("/large", -LT_ELEFTOUT, NULL);
	check_read("/here", 0, "x");
	check_read("/nowhere", -ENOENT, NULL);
}

static void the_running_system_is_live(void **state)
{
	struct lt_root *root;
	struct lt_buf buf;

	(void)state;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(lt_root_open(i ? "/" : NULL, &root), 0);
		assert_true(lt_root_is_live(root));
		/* st_size is 0 in procfs */
		assert_int_equal(lt_root_read(root, "/proc/self/stat", &buf), 0);
		assert_int_equal(strtol(buf.data, NULL, 10), getpid());
		free(buf.data);
		lt_root_close(root);
	}
}

#define IN_TREE(test) cmocka_unit_test_setup_teardown(test, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_TREE(symlinks_stay_below_the_tree),
		IN_TREE(dotdot_stays_below_the_tree),
		IN_TREE(only_regular_files_are_opened),
		IN_TREE(a_fifo_is_not_even_opened),
		IN_TREE(absent_and_denied_differ),
		IN_TREE(files_are_read_to_their_end),
		IN_TREE(a_file_without_end_is_refused),
		IN_TREE(entries_come_in_order),
		IN_TREE(a_root_must_be_there),
		IN_TREE(meta_tells_why_a_file_is_missing),
		cmocka_unit_test(the_running_system_is_live),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
