// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/act/remedy and lib/model/trial. */
#include "tree.h"

#include "act/remedy/remedy.h"

static void a_list_of_remedies_has_each_once(void **state)
{
	struct lt_diag wrong = { 0 };
	unsigned int found = 0;

	(void)state;
	assert_int_equal(lt_remedies_parse("retry,sync,sync", &found, &wrong), 0);
	assert_int_equal(found, 1u << LT_REMEDY_SYNC | 1u << LT_REMEDY_RETRY);
	for (enum lt_remedy remedy = 0; remedy < LT_NR_REMEDIES; remedy++) {
		assert_int_equal(lt_remedies_parse(lt_remedy_name(remedy), &found, &wrong), 0);
		assert_int_equal(found, 1u << remedy);
		assert_true(strlen(lt_remedy_touches(remedy)) > 20);
	}
}

static void what_is_no_remedy_is_named(void **state)
{
	static const struct {
		const char *list, *wrong;
	} cases[] = { { "sync,reboot,retry", "reboot" },
		      { "syn", "syn" },
		      { "syncs", "syncs" },
		      { "sync,", "" },
		      { "", "" },
		      { ",sync", "" } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct lt_diag wrong = { 0 };
		unsigned int found = 42;

		assert_int_equal(lt_remedies_parse(cases[i].list, &found, &wrong), -EINVAL);
		assert_int_equal(found, 42);
		assert_string_equal(wrong.why, cases[i].wrong);
	}
}

static struct lt_root *open_tree(void)
{
	struct lt_root *root;

	assert_int_equal(lt_root_open(tree_dir, &root), 0);
	return root;
}

static void assert_contents(const char *path, const char *wanted)
{
	FILE *file = fopen(tree_path(path), "r");
	char text[32] = "";

	assert_non_null(file);
	assert_true(fread(text, 1, sizeof(text) - 1, file) > 0);
	fclose(file);
	assert_string_equal(text, wanted);
}

/* 1 is page cache alone; 2 would drop what file systems know of files. */
static void a_remedy_writes_to_its_own_file(void **state)
{
	static const struct {
		enum lt_remedy remedy;
		const char *file, *other;
	} cases[] = {
		{ LT_REMEDY_DROP_CACHES, "proc/sys/vm/drop_caches", "proc/sys/vm/compact_memory" },
		{ LT_REMEDY_COMPACT, "proc/sys/vm/compact_memory", "proc/sys/vm/drop_caches" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct lt_root *root;
		struct lt_diag diag = { 0 };

		tree_write(cases[i].file, "0\n", 2);
		tree_write(cases[i].other, "0\n", 2);
		root = open_tree();
		assert_int_equal(lt_remedy_apply(root, cases[i].remedy, &diag), 0);
		assert_contents(cases[i].file, "1\n");
		assert_contents(cases[i].other, "0\n");
		lt_root_close(root);
	}
}

static void what_the_kernel_lacks_is_said(void **state)
{
	static const struct {
		enum lt_remedy remedy;
		const char *why;
	} cases[] = {
		{ LT_REMEDY_DROP_CACHES, "/proc/sys/vm/drop_caches" },
		{ LT_REMEDY_COMPACT, "CONFIG_COMPACTION" },
		{ LT_REMEDY_DRAIN, "CONFIG_TRANSPARENT_HUGEPAGE" },
	};
	struct lt_root *root;

	(void)state;
	remove(tree_path("proc/sys/vm/drop_caches"));
	remove(tree_path("proc/sys/vm/compact_memory"));
	root = open_tree();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct lt_diag diag = { 0 };

		assert_int_equal(lt_remedy_apply(root, cases[i].remedy, &diag), -EOPNOTSUPP);
		assert_non_null(strstr(diag.why, cases[i].why));
	}
	lt_root_close(root);
}

/* A size that makes no sense is none. */
static void a_huge_page_has_a_size(void **state)
{
	static const char *const sizes[] = { "0\n", "3\n", "9223372036854775808\n", "x\n" };

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct lt_diag diag = { 0 };
		struct lt_root *root;

		tree_write("sys/kernel/mm/transparent_hugepage/hpage_pmd_size", sizes[i],
			   strlen(sizes[i]));
		root = open_tree();
		assert_int_equal(lt_remedy_apply(root, LT_REMEDY_DRAIN, &diag), -EOPNOTSUPP);
		lt_root_close(root);
	}
}

static void add(struct lt_pfns *pfns, uint64_t pfn)
{
	assert_int_equal(lt_pfns_add(pfns, pfn), 0);
}

static void what_comes_back_is_counted_where_it_was_released(void **state)
{
	struct lt_pfns before = { 0 }, after = { 0 }, now = { 0 };
	struct lt_trials trials = { 0 };

	(void)state;
	assert_non_null(lt_vec_push(&trials));
	assert_non_null(lt_vec_push(&trials)); /* one that was not measured */
	trials.v[0].after.nr_blocking = lt_num(2);
	for (uint64_t pfn = 10; pfn < 15; pfn++)
		add(&before, pfn);
	add(&after, 11);
	add(&after, 99);
	assert_int_equal(lt_trial_note_released(&trials.v[0], &before, &after), 0);
	assert_int_equal(trials.v[0].released.nr, 4);
	assert_int_equal(trials.v[0].released.v[1], 12);
	add(&now, 11);
	add(&now, 12);
	add(&now, 14);
	lt_trials_note_back(&trials, &now);
	assert_num(trials.v[0].nr_back, 2);
	assert_unknown(trials.v[1].nr_back);
	lt_vec_free(&before);
	lt_vec_free(&after);
	lt_vec_free(&now);
	lt_trials_free(&trials);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_of_remedies_has_each_once),
		cmocka_unit_test(what_is_no_remedy_is_named),
		cmocka_unit_test(a_remedy_writes_to_its_own_file),
		cmocka_unit_test(what_the_kernel_lacks_is_said),
		cmocka_unit_test(a_huge_page_has_a_size),
		cmocka_unit_test(what_comes_back_is_counted_where_it_was_released),
	};

	return cmocka_run_group_tests(tests, tree_setup, tree_teardown);
}
