// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests the source cma-sysfs. */
#include "tree.h"

#include "source/source.h"

#define CMA "sys/kernel/mm/cma/"

static void done(struct lt_snapshot *snap)
{
	lt_areas_free(&snap->areas);
	tree_done(snap);
}

static void write_file(const char *dir, const char *name, const char *text)
{
	char path[256];

	snprintf(path, sizeof(path), CMA "%s/%s", dir, name);
	tree_write(path, text, strlen(text));
}

static void write_area(const char *dir)
{
	write_file(dir, "alloc_pages_success", "300\n");
	write_file(dir, "alloc_pages_fail", "20\n");
}

/* What debugfs would have told. */
static struct lt_area *add_area(struct lt_snapshot *snap, const char *name)
{
	struct lt_area *area = lt_vec_push(&snap->areas);

	assert_non_null(area);
	area->name = lt_strings_add(snap->strings, name, strlen(name));
	area->source = "cma-debugfs";
	return area;
}

static void read_all(struct lt_snapshot *snap, struct lt_diag *diag)
{
	assert_int_equal(lt_source_cma_sysfs.read(snap, diag), 0);
}

static void absent(void **state)
{
	struct lt_snapshot snap = tree_fixture("v5.10-arm64");
	struct lt_diag diag = { 0 };

	(void)state;
	assert_int_equal(lt_source_cma_sysfs.read(&snap, &diag), -ENOENT);
	assert_int_equal(snap.areas.nr, 0);
	done(&snap);
}

static void captured_counters(void **state)
{
	struct lt_snapshot snap = tree_fixture("v6.12-x86-custom");
	struct lt_diag diag = { 0 };

	(void)state;
	read_all(&snap, &diag);
	assert_string_equal(diag.why, "");
	assert_int_equal(snap.areas.nr, 1);
	assert_string_equal(snap.areas.v[0].name, "reserved");
	assert_string_equal(snap.areas.v[0].source, "cma-sysfs");
	assert_num(snap.areas.v[0].counters.alloc_success, 0);
	assert_num(snap.areas.v[0].counters.alloc_fail, 0);
	assert_num(snap.areas.v[0].counters.release_success, 0);
	assert_unknown(snap.areas.v[0].nr_pages);
	assert_unknown(snap.areas.v[0].nr_allocated);
	done(&snap);
}

static void an_area_of_debugfs_is_completed(void **state)
{
	struct lt_snapshot snap;
	struct lt_diag diag = { 0 };

	(void)state;
	write_area("camera");
	snap = tree_snapshot(tree_dir);
	add_area(&snap, "modem");
	add_area(&snap, "camera")->nr_pages = lt_num(4096);
	read_all(&snap, &diag);
	assert_int_equal(snap.areas.nr, 2);
	assert_num(snap.areas.v[1].counters.alloc_success, 300);
	assert_num(snap.areas.v[1].counters.alloc_fail, 20);
	assert_unknown(snap.areas.v[1].counters.release_success);
	assert_num(snap.areas.v[1].nr_pages, 4096);
	assert_string_equal(snap.areas.v[1].source, "cma-debugfs");
	assert_unknown(snap.areas.v[0].counters.alloc_success);
	done(&snap);
}

static void v7_2_tells_sizes(void **state)
{
	struct lt_snapshot snap;
	struct lt_diag diag = { 0 };

	(void)state;
	write_area("camera");
	write_file("camera", "total_pages", "16384\n");
	write_file("camera", "available_pages", "16000\n");
	snap = tree_snapshot(tree_dir);
	read_all(&snap, &diag);
	assert_num(snap.areas.v[0].nr_pages, 16384);
	assert_num(snap.areas.v[0].nr_allocated, 384);
	done(&snap);
}

static void cut_names_get_whole(void **state)
{
	struct lt_snapshot snap;
	struct lt_diag diag = { 0 };

	(void)state;
	write_area("camera-front-pool");
	write_area("cma-heap");
	snap = tree_snapshot(tree_dir);
	add_area(&snap, "camera-fron");
	add_area(&snap, "heap"); /* "cma-heap", taken for a name of 5.10 */
	read_all(&snap, &diag);
	assert_int_equal(snap.areas.nr, 2);
	assert_string_equal(snap.areas.v[0].name, "camera-front-pool");
	assert_string_equal(snap.areas.v[1].name, "cma-heap");
	done(&snap);
}

static void an_ambiguous_cut_name_joins_nothing(void **state)
{
	struct lt_snapshot snap;
	struct lt_diag diag = { 0 };

	(void)state;
	write_area("camera-front-a");
	write_area("camera-front-b");
	write_area("gpu-pool");
	snap = tree_snapshot(tree_dir);
	add_area(&snap, "camera-fron");
	add_area(&snap, "gpu"); /* too short to have been cut */
	read_all(&snap, &diag);
	assert_int_equal(snap.areas.nr, 5);
	assert_string_equal(snap.areas.v[1].name, "gpu");
	assert_string_equal(snap.areas.v[0].name, "camera-fron");
	assert_unknown(snap.areas.v[0].counters.alloc_success);
	done(&snap);
}

static void missing_and_broken_files_are_named(void **state)
{
	struct lt_snapshot snap;
	struct lt_diag diag = { 0 };

	(void)state;
	write_file("a\n", "alloc_pages_success", "300\n");
	write_file("a\n", "available_pages", "x\n");
	tree_write(CMA "stray", "1\n", 2);
	snap = tree_snapshot(tree_dir);
	read_all(&snap, &diag);
	assert_int_equal(snap.areas.nr, 1);
	assert_string_equal(snap.areas.v[0].name, "a\\x0a");
	assert_num(snap.areas.v[0].counters.alloc_success, 300);
	assert_unknown(snap.areas.v[0].counters.alloc_fail);
	assert_string_equal(diag.path, "/sys/kernel/mm/cma/a\\x0a/alloc_pages_fail");
	assert_int_equal(diag.nr_skipped, 1);
	done(&snap);
}

#define tree_test(f) cmocka_unit_test_setup_teardown(f, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(absent),
		cmocka_unit_test(captured_counters),
		tree_test(an_area_of_debugfs_is_completed),
		tree_test(v7_2_tells_sizes),
		tree_test(cut_names_get_whole),
		tree_test(an_ambiguous_cut_name_joins_nothing),
		tree_test(missing_and_broken_files_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
