// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/source/tables/cma_use.c. */
#include "tree.h"

#include "source/tables/cma_use.h"

#define VMSTAT "proc/vmstat"
#define SYSFS "sys/kernel/mm/cma/"
#define DEBUGFS "sys/kernel/debug/cma/"

static void write_text(const char *path, const char *text)
{
	tree_write(path, text, strlen(text));
}

static struct lt_cma_use read_use(const struct lt_snapshot *snap)
{
	struct lt_cma_use use = { .source = "unset" };

	assert_int_equal(lt_cma_use_read(snap->root, &use), 0);
	return use;
}

static void nobody_tells(void **state)
{
	struct lt_snapshot snap = tree_snapshot(tree_dir);
	struct lt_cma_use use;

	(void)state;
	write_text(VMSTAT, "nr_free_pages 5\n"); /* as 5.10 has it */
	use = read_use(&snap);
	assert_null(use.source);
	assert_false(lt_cma_use_differs(&use, &use));
	tree_done(&snap);
}

static void debugfs_tells_what_is_there(void **state)
{
	struct lt_snapshot snap = tree_snapshot(tree_dir);
	struct lt_cma_use before, after;

	(void)state;
	write_text(DEBUGFS "reserved/used", "12\n");
	write_text(DEBUGFS "camera/used", "30\n");
	before = read_use(&snap);
	assert_string_equal(before.source, "CMA debugfs");
	assert_false(before.is_sum);
	assert_int_equal(before.number, 42);
	after = read_use(&snap);
	assert_false(lt_cma_use_differs(&before, &after));
	write_text(DEBUGFS "camera/used", "0\n");
	after = read_use(&snap);
	assert_true(lt_cma_use_differs(&before, &after));
	tree_done(&snap);
}

static void sysfs_counts_pages_of_all_areas(void **state)
{
	struct lt_snapshot snap = tree_snapshot(tree_dir);
	struct lt_cma_use before, after;

	(void)state;
	write_text(DEBUGFS "reserved/used", "12\n");
	write_text(SYSFS "reserved/alloc_pages_success", "300\n");
	write_text(SYSFS "reserved/alloc_pages_fail", "20\n");
	write_text(SYSFS "camera/alloc_pages_success", "5\n");
	write_text(SYSFS "camera/alloc_pages_fail", "0\n");
	before = read_use(&snap);
	assert_string_equal(before.source, "CMA sysfs");
	assert_true(before.is_sum);
	assert_int_equal(before.number, 325);
	write_text(SYSFS "camera/alloc_pages_fail", "1\n");
	after = read_use(&snap);
	assert_true(lt_cma_use_differs(&before, &after));
	tree_done(&snap);
}

static void vmstat_counts_calls(void **state)
{
	struct lt_snapshot snap = tree_snapshot(tree_dir);
	struct lt_cma_use before, after;

	(void)state;
	write_text(SYSFS "reserved/alloc_pages_success", "300\n");
	write_text(SYSFS "reserved/alloc_pages_fail", "20\n");
	before = read_use(&snap);
	write_text(VMSTAT, "nr_free_pages 5\ncma_alloc_success 7\ncma_alloc_fail 2\n");
	after = read_use(&snap);
	assert_string_equal(after.source, "/proc/vmstat");
	assert_true(after.is_sum);
	assert_int_equal(after.number, 9);
	/* Of two sources nothing follows. */
	assert_false(lt_cma_use_differs(&before, &after));
	before = after;
	write_text(VMSTAT, "nr_free_pages 4\ncma_alloc_success 7\ncma_alloc_fail 3\n");
	after = read_use(&snap);
	assert_true(lt_cma_use_differs(&before, &after));
	tree_done(&snap);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nobody_tells, tree_setup, tree_teardown),
		cmocka_unit_test_setup_teardown(debugfs_tells_what_is_there, tree_setup,
						tree_teardown),
		cmocka_unit_test_setup_teardown(sysfs_counts_pages_of_all_areas, tree_setup,
						tree_teardown),
		cmocka_unit_test_setup_teardown(vmstat_counts_calls, tree_setup, tree_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
