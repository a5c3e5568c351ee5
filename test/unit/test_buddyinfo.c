// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/source/tables/buddyinfo.c. */
#include "damage.h"
#include "tree.h"

#include "source/tables/buddyinfo.h"
#include "source/source.h"

#define PARSED_MEMBERS struct lt_zones zones
#define PARSED_BY(p, buf, len) lt_buddyinfo_parse(buf, len, (p)->strings, &(p)->zones, &(p)->diag)
#define PARSED_NOTHING(p) assert_int_equal((p)->zones.nr, 0)
#define PARSED_FREE(p) lt_zones_free(&(p)->zones)
#define PARSED_FOLDER "buddyinfo"
#include "parsed.h"

static void broken_text_is_refused(void **state)
{
	(void)state;
	refuse("", 1, "no zone");
	refuse("MemTotal: 5 kB\n", 2, "no zone");
	refuse("Node x, zone DMA 1\n", 1, "expected \"Node N, zone NAME\"");
	refuse("Node 4294967296, zone DMA 1\n", 1, "expected \"Node N, zone NAME\"");
	refuse("Node 0, zone \n", 1, "expected the zone's name");
	refuse("Node 0, zone DMA \n", 1, "expected a number");
	refuse("Node 0, zone DMA 1 -2\n", 1, "expected a number");
	refuse("Node 0, zone DMA 18446744073709551616\n", 1, "expected a number");
	refuse("Node 0, zone A 1 2\nNode 0, zone B 1 2 3\n", 2, "not as many orders");
	refuse("Node 0, zone A 1 2\nNode 0, zone A 1 2\n", 2, "there already");
	refuse("Node 0, zone A 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n",
	       1, "more orders");
	refuse("\1\2\3\xff", 1, "no zone");
}

static void a_lost_end_and_odd_lines_are_told(void **state)
{
	static const char text[] = "odd\nNode 0, zone DMA 1 2 \nNode 0, zone Normal 3 4";
	struct parsed parsed = parse(text, strlen(text));

	(void)state;
	assert_int_equal(parsed.err, 0);
	assert_int_equal(parsed.zones.nr, 1);
	assert_int_equal(parsed.diag.nr_skipped, 1);
	assert_string_equal(parsed.diag.why, "the last line is cut off");
	assert_int_equal(parsed.diag.line, 3);
	done(&parsed);
}

static void check_fixture(const char *path, size_t nr_zones, size_t zone, unsigned int nr_orders,
			  uint64_t first, uint64_t last)
{
	struct lt_buf buf = test_file(path);
	struct parsed parsed = parse(buf.data, buf.len);
	const struct lt_free_blocks *free_blocks;

	assert_int_equal(parsed.err, 0);
	assert_string_equal(parsed.diag.why, "");
	assert_int_equal(parsed.diag.nr_skipped, 0);
	assert_int_equal(parsed.zones.nr, nr_zones);
	free_blocks = &parsed.zones.v[zone].free_blocks;
	assert_int_equal(free_blocks->nr_orders, nr_orders);
	assert_int_equal(free_blocks->nr[0], first);
	assert_int_equal(free_blocks->nr[nr_orders - 1], last);
	free(buf.data);
	done(&parsed);
}

static void captured_tables(void **state)
{
	(void)state;
	check_fixture(FIXTURES "v5.10-arm64/proc/buddyinfo", 1, 0, 11, 3, 109);
	check_fixture(FIXTURES "v6.1-armhf/proc/buddyinfo", 1, 0, 12, 2, 32);
	check_fixture(FIXTURES "v6.12-x86-custom/proc/buddyinfo", 2, 1, 11, 2, 46);
}

/* The zones of zoneinfo stay, and get their free blocks. */
static void blocks_join_the_zones_that_are_there(void **state)
{
	struct lt_snapshot snap = tree_fixture("v6.12-x86-custom");
	struct lt_diag diag = { 0 };
	size_t nr;

	(void)state;
	assert_int_equal(lt_source_zoneinfo.read(&snap, &diag), 0);
	nr = snap.zones.nr;
	assert_int_equal(lt_source_buddyinfo.read(&snap, &diag), 0);
	assert_int_equal(snap.zones.nr, nr);
	assert_num(snap.zones.v[1].nr_managed, 56784);
	assert_int_equal(snap.zones.v[1].free_blocks.nr[10], 46);
	tree_done(&snap);
}

static void it_may_be_absent(void **state)
{
	struct lt_snapshot snap = tree_snapshot(tree_dir);
	struct lt_diag diag = { 0 };

	(void)state;
	assert_int_equal(lt_source_buddyinfo.read(&snap, &diag), -ENOENT);
	tree_done(&snap);
}

static void check_damaged(const struct lt_buf *damaged, const void *arg)
{
	const struct lt_zones *whole = arg;
	struct parsed parsed = parse(damaged->data, damaged->len);

	lt_vec_each(zone, &parsed.zones) {
		const struct lt_zone *was = NULL;

		lt_vec_each(old, whole)
			if (old->node == zone->node && !strcmp(old->name, zone->name))
				was = old;
		assert_non_null(was);
		assert_memory_equal(&zone->free_blocks, &was->free_blocks,
				    sizeof(was->free_blocks));
	}
	done(&parsed);
}

static void damage_makes_no_other_number(void **state)
{
	static const char path[] = FIXTURES "v6.12-x86-custom/proc/buddyinfo";
	struct lt_buf buf = test_file(path);
	struct parsed whole = parse(buf.data, buf.len);

	(void)state;
	damage_all(path, check_damaged, &whole.zones);
	free(buf.data);
	done(&whole);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(broken_text_is_refused),
		cmocka_unit_test(a_lost_end_and_odd_lines_are_told),
		cmocka_unit_test(captured_tables),
		cmocka_unit_test(blocks_join_the_zones_that_are_there),
		cmocka_unit_test_setup_teardown(it_may_be_absent, tree_setup, tree_teardown),
		cmocka_unit_test(damage_makes_no_other_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
