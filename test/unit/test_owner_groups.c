// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/model/owner_groups.c. */
#include "test.h"

#include "model/area.h"
#include "model/owner_groups.h"

static const char movable[] = "Movable", unmovable[] = "Unmovable";
static const char sh[] = "sh", cat[] = "cat";

static void add(struct lt_owner_groups *groups, int pid, const char *comm, const char *type,
		unsigned int order)
{
	struct lt_owner owner = { .comm = comm, .migratetype = type, .order = order };

	if (pid >= 0)
		owner.pid = lt_num((uint64_t)pid);
	assert_int_equal(lt_owner_groups_add(groups, &owner, (size_t)order), 0);
}

static void records_and_pages_are_summed(void **state)
{
	struct lt_owner_groups groups = { .keys = LT_OWNER_BY_MIGRATETYPE };

	(void)state;
	add(&groups, 1, sh, unmovable, 0);
	add(&groups, 1, sh, movable, 0);
	add(&groups, 2, cat, unmovable, 3);
	add(&groups, 2, cat, movable, 31);
	add(&groups, 2, cat, movable, 31);
	lt_owner_groups_sort(&groups, LT_OWNER_RANK_PAGES);
	assert_int_equal(groups.list.nr, 2);
	assert_ptr_equal(groups.list.v[0].key.migratetype, movable);
	assert_int_equal(groups.list.v[0].nr_records, 3);
	assert_int_equal(groups.list.v[0].nr_pages, (1ull << 32) + 1);
	assert_null(groups.list.v[0].key.comm); /* not a key */
	assert_int_equal(groups.list.v[0].area, LT_NO_AREA);
	assert_int_equal(groups.list.v[1].nr_records, 2);
	assert_int_equal(groups.list.v[1].nr_pages, 9);
	lt_owner_groups_fini(&groups);
}

static void without_keys_all_is_one_group(void **state)
{
	struct lt_owner_groups groups = { 0 };

	(void)state;
	add(&groups, 1, sh, unmovable, 0);
	add(&groups, -1, NULL, movable, 2);
	assert_int_equal(groups.list.nr, 1);
	assert_int_equal(groups.list.v[0].nr_pages, 5);
	lt_owner_groups_fini(&groups);
}

static void a_task_that_is_not_known_is_no_task_0(void **state)
{
	struct lt_owner_groups groups = { .keys = LT_OWNER_BY_TASK };

	(void)state;
	add(&groups, 0, NULL, movable, 0);
	add(&groups, -1, NULL, movable, 0);
	add(&groups, 0, sh, movable, 0);
	add(&groups, 1, sh, movable, 0);
	add(&groups, 1, sh, unmovable, 0);
	assert_int_equal(groups.list.nr, 4);
	assert_num(groups.list.v[0].key.pid, 0);
	assert_unknown(groups.list.v[1].key.pid);
	assert_int_equal(groups.list.v[3].nr_records, 2);
	lt_owner_groups_fini(&groups);
}

static void areas_are_told_apart(void **state)
{
	struct lt_owner_groups groups = { .keys = LT_OWNER_BY_AREA };

	(void)state;
	add(&groups, 1, sh, movable, 0);
	add(&groups, 1, sh, movable, 1);
	add(&groups, 2, cat, movable, 1);
	assert_int_equal(groups.list.nr, 2);
	assert_int_equal(groups.list.v[1].area, 1);
	assert_int_equal(groups.list.v[1].nr_records, 2);
	lt_owner_groups_fini(&groups);
}

static void equal_groups_keep_their_order(void **state)
{
	static const char comms[1000];
	struct lt_owner_groups groups = { .keys = LT_OWNER_BY_TASK };

	(void)state;
	for (size_t i = 0; i < 1000; i++)
		add(&groups, 1, &comms[i], movable, 0);
	add(&groups, 1, &comms[999], movable, 0);
	add(&groups, 1, &comms[500], movable, 1);
	lt_owner_groups_sort(&groups, LT_OWNER_RANK_PAGES);
	assert_int_equal(groups.list.nr, 1000);
	assert_ptr_equal(groups.list.v[0].key.comm, &comms[500]);
	assert_ptr_equal(groups.list.v[1].key.comm, &comms[999]);
	for (size_t i = 2; i < 1000; i++)
		assert_ptr_equal(groups.list.v[i].key.comm, &comms[i - 2 + (i - 2 >= 500)]);
	lt_owner_groups_sort(&groups, LT_OWNER_RANK_RECORDS);
	assert_ptr_equal(groups.list.v[0].key.comm, &comms[500]);
	assert_ptr_equal(groups.list.v[1].key.comm, &comms[999]);
	lt_owner_groups_fini(&groups);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_and_pages_are_summed),
		cmocka_unit_test(without_keys_all_is_one_group),
		cmocka_unit_test(a_task_that_is_not_known_is_no_task_0),
		cmocka_unit_test(areas_are_told_apart),
		cmocka_unit_test(equal_groups_keep_their_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
