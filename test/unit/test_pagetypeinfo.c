// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/source/tables/pagetypeinfo.c. */
#include "damage.h"

#include <errno.h>

#include "source/tables/pagetypeinfo.h"

#define PARSED_MEMBERS         \
	struct lt_zones zones; \
	struct lt_num order
#define PARSED_BY(p, buf, len) \
	lt_pagetypeinfo_parse(buf, len, (p)->strings, &(p)->zones, &(p)->order, &(p)->diag)
#define PARSED_NOTHING(p) assert_true(!(p)->zones.nr && !(p)->order.known)
#define PARSED_FREE(p) lt_zones_free(&(p)->zones)
#define PARSED_FOLDER "pagetypeinfo"
#include "parsed.h"

/* The type @name of the zone at @zone; the test fails if there is none. */
static const struct lt_migratetype *type_of(const struct parsed *parsed, size_t zone,
					    const char *name)
{
	assert_true(zone < parsed->zones.nr);
	lt_vec_each(type, &parsed->zones.v[zone].types)
		if (!strcmp(type->name, name))
			return type;
	fail_msg("no type %s", name);
	return NULL;
}

#define HEAD "Page block order: 9\nPages per block:  512\n\n"
#define FREE HEAD "Free pages count per migrate type at order 0 1 2\n"
#define BLOCKS HEAD "Number of blocks type Unmovable CMA\n"

static void broken_text_is_refused(void **state)
{
	(void)state;
	refuse("", 1, "no zone");
	refuse(HEAD, 4, "no zone");
	refuse("Page block order: nine\n", 1, "expected an order");
	refuse("Page block order: 32\n", 1, "expected an order");
	refuse(HEAD "Page block order: 10\n", 4, "another node");
	refuse("Node 0, zone DMA 1 2\n", 1, "heading");
	refuse(HEAD "Free pages count per migrate type at order 0 2\n", 4, "ascend");
	refuse(HEAD "Free pages count per migrate type at order\n", 4, "expected orders");
	refuse(FREE "Node 0, zone DMA, type Movable 1 2\n", 5, "every order");
	refuse(FREE "Node 0, zone DMA, type Movable 1 2 3 4\n", 5, "more numbers");
	refuse(FREE "Node 0, zone DMA, type Movable 1 2 < 3\n", 5, "every order");
	refuse(FREE "Node 0, zone D, type A 1 2 3\nNode 0, zone D, type A 1 2 3\n", 6, "already");
	refuse(FREE "Node 0, zone DMA 1 2 3\n", 5, "expected the migrate type");
	refuse(FREE "Node 0\n", 5, "expected \"Node N, zone NAME\"");
	refuse(BLOCKS "Node 0, zone DMA 1\n", 5, "every migrate type");
	refuse(BLOCKS "Node 0, zone DMA 1 2\nNode 0, zone DMA 1 2\n", 6, "already");
}

static void malformed_files_are_refused(void **state)
{
	(void)state;
	refuse_file("head-missing", 1, "heading");
	refuse_file("block-heading-missing", 18, "heading");
	refuse_file("column-missing", 9, "every order");
	refuse_file("size-contradicts-order", 2, "does not fit");
	refuse_file("huge-number", 12, "every order");
	refuse_file("binary", 3, "no zone");
}

static void a_lost_end_is_told(void **state)
{
	struct parsed parsed = parse_file(MALFORMED "pagetypeinfo/cut-inside-row");

	(void)state;
	assert_int_equal(parsed.err, 0);
	assert_string_equal(parsed.diag.why, "the last line is cut off");
	assert_int_equal(parsed.zones.v[1].types.nr, 4);
	assert_unknown(parsed.zones.v[1].types.v[0].nr_pageblocks);
	done(&parsed);
}

static void a_row_without_its_other_half_is_told(void **state)
{
	static const char text[] = BLOCKS "Node 0, zone DMA 1 2\n";
	struct parsed parsed = parse(text, strlen(text));

	(void)state;
	assert_int_equal(parsed.err, 0);
	assert_int_equal(type_of(&parsed, 0, "CMA")->nr_orders, 0);
	assert_num(type_of(&parsed, 0, "CMA")->nr_pageblocks, 2);
	assert_string_equal(parsed.diag.why,
			    "node 0, zone DMA has no free counts of type Unmovable");
	done(&parsed);
}

static void a_capped_count_is_a_lower_bound(void **state)
{
	static const char text[] =
		FREE "Node    1, zone   Normal, type  Reserve >100000      7 >100000 \n"
		     "odd line\n";
	struct parsed parsed = parse(text, strlen(text));
	const struct lt_migratetype *type = type_of(&parsed, 0, "Reserve");

	(void)state;
	assert_int_equal(parsed.err, 0);
	assert_int_equal(parsed.zones.v[0].node, 1);
	assert_int_equal(type->nr_orders, 3);
	assert_int_equal(type->nr_free[0], 100000);
	assert_int_equal(type->nr_free[1], 7);
	assert_int_equal(type->at_least, 5);
	assert_int_equal(parsed.diag.nr_skipped, 1);
	done(&parsed);
}

static void types_join_the_zones_that_are_there(void **state)
{
	static const char text[] = FREE "Node 0, zone DMA, type Movable 1 2 3\n";
	struct lt_strings *strings = lt_strings_new();
	struct lt_zones zones = { 0 };
	struct lt_num order = { 0 };
	struct lt_zone *zone = lt_zones_get(&zones, 0, lt_strings_add(strings, "DMA", 3));

	(void)state;
	zone->nr_managed = lt_num(8);
	for (int i = 0; i < 2; i++)
		assert_int_equal(
			lt_pagetypeinfo_parse(text, strlen(text), strings, &zones, &order, NULL),
			0);
	assert_int_equal(lt_pagetypeinfo_parse(text, 10, strings, &zones, &order, NULL), -EBADMSG);
	assert_int_equal(zones.nr, 1);
	assert_num(zones.v[0].nr_managed, 8);
	assert_int_equal(zones.v[0].types.nr, 1);
	assert_num(order, 9);
	lt_zones_free(&zones);
	lt_strings_free(strings);
}

static void v6_1_armhf_has_12_orders(void **state)
{
	struct parsed parsed = parse_file(FIXTURES "v6.1-armhf/proc/pagetypeinfo");
	const struct lt_migratetype *cma = type_of(&parsed, 0, "CMA");

	(void)state;
	assert_int_equal(parsed.err, 0);
	assert_num(parsed.order, 11);
	assert_int_equal(parsed.zones.nr, 1);
	assert_string_equal(parsed.zones.v[0].name, "DMA");
	assert_int_equal(cma->nr_orders, 12);
	assert_int_equal(cma->nr_free[6], 1);
	assert_int_equal(cma->nr_free[11], 15);
	assert_int_equal(cma->at_least, 0);
	assert_num(cma->nr_pageblocks, 16);
	assert_num(type_of(&parsed, 0, "HighAtomic")->nr_pageblocks, 0);
	assert_int_equal(parsed.diag.nr_skipped, 0);
	assert_string_equal(parsed.diag.why, "");
	done(&parsed);
}

static void v6_12_has_mixed_blocks_too(void **state)
{
	struct parsed parsed = parse_file(FIXTURES "v6.12-x86-custom/proc/pagetypeinfo");

	(void)state;
	assert_int_equal(parsed.err, 0);
	assert_num(parsed.order, 9);
	assert_int_equal(parsed.zones.nr, 2);
	assert_int_equal(type_of(&parsed, 1, "CMA")->nr_free[10], 15);
	assert_int_equal(type_of(&parsed, 1, "Movable")->nr_free[10], 31);
	assert_num(type_of(&parsed, 1, "Movable")->nr_pageblocks, 80);
	assert_num(type_of(&parsed, 1, "CMA")->nr_pageblocks, 32);
	assert_int_equal(parsed.diag.nr_skipped, 0);
	assert_string_equal(parsed.diag.why, "");
	done(&parsed);
}

static const char *const captures[] = {
	FIXTURES "v5.10-arm64/proc/pagetypeinfo",
	FIXTURES "v5.10-arm64-cma-failure/proc/pagetypeinfo",
	FIXTURES "v5.10-x86-custom-cmaheavy/proc/pagetypeinfo",
	FIXTURES "v6.1-arm64/proc/pagetypeinfo",
	FIXTURES "v6.1-arm64-cma-failure/proc/pagetypeinfo",
	FIXTURES "v6.1-armhf/proc/pagetypeinfo",
	FIXTURES "v6.12-x86-custom/proc/pagetypeinfo",
};

static void check_type(const struct lt_migratetype *type, const struct lt_zone *was_zone)
{
	const struct lt_migratetype *was = NULL;

	lt_vec_each(old, &was_zone->types)
		if (!strcmp(old->name, type->name))
			was = old;
	assert_non_null(was);
	assert_kept(type->nr_pageblocks, was->nr_pageblocks);
	if (!type->nr_orders)
		return;
	assert_int_equal(type->nr_orders, was->nr_orders);
	assert_int_equal(type->at_least, was->at_least);
	assert_memory_equal(type->nr_free, was->nr_free, sizeof(was->nr_free));
}

static void check_damaged(const struct lt_buf *damaged, const void *arg)
{
	const struct parsed *whole = arg;
	struct parsed parsed = parse(damaged->data, damaged->len);

	assert_kept(parsed.order, whole->order);
	lt_vec_each(zone, &parsed.zones) {
		const struct lt_zone *was = NULL;

		lt_vec_each(old, &whole->zones)
			if (old->node == zone->node && !strcmp(old->name, zone->name))
				was = old;
		assert_non_null(was);
		assert_true(zone->types.nr == was->types.nr || parsed.diag.why[0]);
		lt_vec_each(type, &zone->types)
			check_type(type, was);
	}
	done(&parsed);
}

static void damage_makes_no_other_number(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(captures) / sizeof(captures[0]); i++) {
		struct parsed whole = parse_file(captures[i]);

		assert_int_equal(whole.err, 0);
		assert_string_equal(whole.diag.why, "");
		damage_all(captures[i], check_damaged, &whole);
		done(&whole);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(broken_text_is_refused),
		cmocka_unit_test(malformed_files_are_refused),
		cmocka_unit_test(a_lost_end_is_told),
		cmocka_unit_test(a_row_without_its_other_half_is_told),
		cmocka_unit_test(a_capped_count_is_a_lower_bound),
		cmocka_unit_test(types_join_the_zones_that_are_there),
		cmocka_unit_test(v6_1_armhf_has_12_orders),
		cmocka_unit_test(v6_12_has_mixed_blocks_too),
		cmocka_unit_test(damage_makes_no_other_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
