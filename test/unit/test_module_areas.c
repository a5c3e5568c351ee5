// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/source/module/module_areas.c. */
#include "tree.h"

#include "source/module/module_areas.h"
#include "source/source.h"

static struct lt_areas known;
static struct lt_module_areas told;
static struct lt_strings *strings;
static struct lt_diag diag;

static int setup(void **state)
{
	strings = lt_strings_new();
	diag = (struct lt_diag){ 0 };
	return strings ? tree_setup(state) : -1;
}

static int teardown(void **state)
{
	lt_areas_free(&known);
	lt_module_areas_free(&told);
	lt_strings_free(strings);
	return tree_teardown(state);
}

static struct lt_area *know(const char *name, uint64_t start_pfn, uint64_t end_pfn)
{
	struct lt_area *area = lt_vec_push(&known);

	area->name = name;
	area->source = "cma-debugfs";
	if (end_pfn) {
		struct lt_area_range *range = lt_vec_push(&area->ranges);

		range->pfns = (struct lt_range){ start_pfn, end_pfn };
		area->nr_pages = lt_num(end_pfn - start_pfn);
	}
	return area;
}

static struct lt_module_area *tell(const char *name, uint64_t nr_pages)
{
	struct lt_module_area *area = lt_vec_push(&told);

	strcpy(area->name, name);
	area->nr_pages = nr_pages;
	return area;
}

static void tell_range(uint64_t start_pfn, uint64_t end_pfn)
{
	struct lt_range *range = lt_vec_push(&told.v[told.nr - 1].ranges);

	*range = (struct lt_range){ start_pfn, end_pfn };
}

static void join(void)
{
	assert_int_equal(lt_module_areas_join(&told, &known, strings, &diag), 0);
}

static void an_unknown_area_is_added(void **state)
{
	(void)state;
	tell("camera\n\x1b", 3072);
	tell_range(0x1000, 0x1400);
	tell_range(0x2000, 0x2800);
	join();
	assert_int_equal(known.nr, 1);
	assert_string_equal(known.v[0].name, "camera\\x0a\\x1b");
	assert_string_equal(known.v[0].source, "module-areas");
	assert_num(known.v[0].nr_pages, 3072);
	assert_int_equal(known.v[0].ranges.nr, 2);
	assert_int_equal(known.v[0].ranges.v[1].pfns.end_pfn, 0x2800);
	assert_false(lt_area_has(&known.v[0], 0x1400));
	assert_string_equal(diag.why, "");
}

static void a_cut_name_is_completed(void **state)
{
	(void)state;
	know("linux,cma-d", 0x1000, 0x1400);
	tell("linux,cma-default", 0x400);
	tell_range(0x1000, 0x1400);
	join();
	assert_int_equal(known.nr, 1);
	assert_string_equal(known.v[0].name, "linux,cma-default");
	assert_string_equal(known.v[0].source, "cma-debugfs");
	assert_int_equal(known.v[0].ranges.nr, 1);
}

static void an_area_without_a_place_gets_one(void **state)
{
	(void)state;
	know("other", 0x8000, 0x8400);
	know("camera", 0, 0);
	tell("camera", 0x400);
	tell_range(0x1000, 0x1400);
	join();
	assert_int_equal(known.nr, 2);
	assert_int_equal(known.v[1].ranges.v[0].pfns.start_pfn, 0x1000);
	assert_num(known.v[1].nr_pages, 0x400);
	assert_string_equal(known.v[1].source, "module-areas");
}

static void a_contradiction_is_told(void **state)
{
	(void)state;
	know("camera", 0x1000, 0x1400);
	tell("camera", 0x800);
	tell_range(0x1000, 0x1800);
	join();
	assert_int_equal(known.nr, 1);
	assert_int_equal(known.v[0].ranges.v[0].pfns.end_pfn, 0x1400);
	assert_num(known.v[0].nr_pages, 0x400);
	assert_string_equal(diag.why, "area \"camera\": the module sees it in another place than "
				      "cma-debugfs");
}

/* What the source makes of an answer that was kept; its status in *err. */
static void replay(const char *arrays, int *err)
{
	struct lt_snapshot snap;
	char text[1024];

	snprintf(text, sizeof(text),
		 "{\"schema\": \"ltpin.answer/1\", \"ltpin_version\": \"1\", "
		 "\"source\": \"module-areas\", %s}",
		 arrays);
	tree_write("ltpin/module-areas.json", text, strlen(text));
	snap = tree_snapshot(tree_dir);
	*err = lt_source_module_areas.read(&snap, &diag);
	lt_areas_free(&known);
	known = snap.areas;
	lt_vec_each(area, &known)
		area->name = NULL;
	tree_done(&snap);
}

#define GOOD "\"result\": {\"errno\": 0}"

static void a_capture_tells_the_same(void **state)
{
	int err;

	(void)state;
	replay("\"areas\": [{\"name\": \"a\\\\x0a\", \"nr_pages\": 16}, {\"name\": \"b\", \"nr_pages\": 8}],"
	       "\"ranges\": [{\"area\": 1, \"base_pfn\": 64, \"nr_pages\": 8},"
	       "{\"area\": 0, \"base_pfn\": 0, \"nr_pages\": 16}]," GOOD,
	       &err);
	assert_int_equal(err, 0);
	assert_int_equal(known.nr, 2);
	assert_int_equal(known.v[1].ranges.v[0].pfns.start_pfn, 64);
	assert_int_equal(known.v[0].ranges.v[0].pfns.end_pfn, 16);
}

static void a_damaged_capture_is_refused(void **state)
{
	static const char *const bad[] = {
		"\"areas\": [{\"name\": \"a\"}]," GOOD,
		"\"areas\": [{\"nr_pages\": 8}]," GOOD,
		"\"areas\": [], \"ranges\": [{\"area\": 0, \"base_pfn\": 0, \"nr_pages\": 16}]," GOOD,
		"\"areas\": [{\"name\": \"a\", \"nr_pages\": 8}],"
		"\"ranges\": [{\"area\": 0, \"base_pfn\": 0, \"nr_pages\": 0}]," GOOD,
		"\"areas\": [{\"name\": \"a\", \"nr_pages\": 8}], \"ranges\": ["
		"{\"area\": 0, \"base_pfn\": 18446744073709551615, \"nr_pages\": 16}]," GOOD,
		"\"areas\": []",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		int err;

		replay(bad[i], &err);
		assert_int_equal(err, -EBADMSG);
		assert_int_equal(known.nr, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(an_unknown_area_is_added, setup, teardown),
		cmocka_unit_test_setup_teardown(a_cut_name_is_completed, setup, teardown),
		cmocka_unit_test_setup_teardown(an_area_without_a_place_gets_one, setup, teardown),
		cmocka_unit_test_setup_teardown(a_contradiction_is_told, setup, teardown),
		cmocka_unit_test_setup_teardown(a_capture_tells_the_same, setup, teardown),
		cmocka_unit_test_setup_teardown(a_damaged_capture_is_refused, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
