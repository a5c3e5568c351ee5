// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/source/tables/zoneinfo.c. */
#include "damage.h"

#include <errno.h>

#include "source/tables/zoneinfo.h"

#define PARSED_MEMBERS struct lt_zones zones
#define PARSED_BY(p, buf, len) lt_zoneinfo_parse(buf, len, (p)->strings, &(p)->zones, &(p)->diag)
#define PARSED_NOTHING(p) assert_int_equal((p)->zones.nr, 0)
#define PARSED_FREE(p) lt_zones_free(&(p)->zones)
#define PARSED_FOLDER "zoneinfo"
#include "parsed.h"

#define ZONE "Node 0, zone   DMA\n  pages free 5\n        present 9\n        managed 8\n"

static void broken_text_is_refused(void **state)
{
	(void)state;
	refuse("", 1, "no zone");
	refuse("MemTotal: 5 kB\n", 1, "expected \"Node N, zone NAME\"");
	refuse("Node x, zone DMA\n", 1, "expected \"Node N, zone NAME\"");
	refuse("Node 4294967296, zone DMA\n", 1, "expected \"Node N, zone NAME\"");
	refuse("Node 0, zone \n", 1, "expected the zone's name");
	refuse(ZONE "  start_pfn: 1\n" ZONE, 6, "there already");
	refuse(ZONE "        managed 8\n", 5, "given twice");
	refuse(ZONE "        low many\n", 5, "expected a number");
	refuse(ZONE "        low 18446744073709551616\n", 5, "expected a number");
	refuse(ZONE "        low 1 2\n", 5, "expected the end");
	refuse(ZONE "              count: 1\n", 5, "no CPU");
	refuse(ZONE "    cpu: 1\n    cpu: 1\n", 6, "ascending");
	refuse(ZONE "    cpu: 99999999999\n", 5, "number of a CPU");
}

static void malformed_files_are_refused(void **state)
{
	(void)state;
	refuse_file("head-missing", 1, "expected \"Node N, zone NAME\"");
	refuse_file("header-of-second-zone-missing", 81, "given twice");
	refuse_file("cut-before-managed", 9, "node 0, zone DMA ends without \"managed\"");
	refuse_file("huge-number", 4, "expected a number");
	refuse_file("binary", 1, "expected \"Node N, zone NAME\"");
}

static void a_lost_end_is_told(void **state)
{
	static const char cut[] = ZONE "  pagesets\n    cpu: 0\n              count: 12";
	struct parsed parsed = parse(ZONE, strlen(ZONE));

	(void)state;
	assert_int_equal(parsed.err, 0);
	assert_num(parsed.zones.v[0].nr_managed, 8);
	assert_string_equal(parsed.diag.why, "node 0, zone DMA is cut off: no \"start_pfn\"");
	done(&parsed);

	parsed = parse(cut, strlen(cut));
	assert_int_equal(parsed.err, 0);
	assert_int_equal(parsed.zones.v[0].pcp.nr, 1);
	assert_unknown(parsed.zones.v[0].pcp.v[0].count);
	assert_true(parsed.diag.why[0]);
	done(&parsed);
}

static void a_protection_is_a_list_of_numbers(void **state)
{
	static const char *const broken[] = { "()", "(1, )", "(1, x)", "(1, 2", "(1, 2) 3", "1, 2" };

	(void)state;
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		struct parsed parsed;
		char text[200];

		snprintf(text, sizeof(text), ZONE "        protection: %s\n  start_pfn: 1\n",
			 broken[i]);
		parsed = parse(text, strlen(text));
		assert_int_equal(parsed.err, 0);
		assert_unknown(parsed.zones.v[0].nr_protected);
		assert_int_equal(parsed.diag.nr_skipped, 1);
		done(&parsed);
	}
}

static void unknown_rows_are_skipped(void **state)
{
	static const char text[] = ZONE "        novel    7\n        strange, new row\n\n"
					"  start_pfn:   4096\n";
	struct parsed parsed = parse(text, strlen(text));

	(void)state;
	assert_int_equal(parsed.err, 0);
	assert_num(parsed.zones.v[0].start_pfn, 4096);
	assert_int_equal(parsed.diag.nr_skipped, 1);
	assert_string_equal(parsed.diag.why, "");
	done(&parsed);
}

static void names_are_made_harmless(void **state)
{
	static const char text[] = "Node 3, zone \x1b[31m\n managed 1\n start_pfn: 0\n";
	struct parsed parsed = parse(text, strlen(text));

	(void)state;
	assert_int_equal(parsed.err, 0);
	assert_int_equal(parsed.zones.v[0].node, 3);
	assert_string_equal(parsed.zones.v[0].name, "\\x1b[31m");
	done(&parsed);
}

/* 7.2 pads the names of the per-CPU rows and adds some; no capture of it yet. */
static void rows_of_7_2_are_understood(void **state)
{
	static const char text[] = ZONE
		"  pagesets\n    cpu: 0\n              count:    1178\n"
		"              high:     1792\n              batch:    15\n"
		"              high_min: 99\n              high_max: 1800\n"
		"  vm stats threshold: 8\n  node_unreclaimable:  0\n"
		"  start_pfn:           4096\n  reserved_highatomic: 0\n  free_highatomic:     0\n";
	struct parsed parsed = parse(text, strlen(text));
	struct lt_pcp *pcp = parsed.zones.v[0].pcp.v;

	(void)state;
	assert_int_equal(parsed.err, 0);
	assert_num(pcp->count, 1178);
	assert_num(pcp->high, 1792);
	assert_num(pcp->batch, 15);
	assert_int_equal(parsed.diag.nr_skipped, 0);
	assert_string_equal(parsed.diag.why, "");
	done(&parsed);
}

static void v5_10_has_no_cma_row(void **state)
{
	struct parsed parsed = parse_file(FIXTURES "v5.10-arm64/proc/zoneinfo");
	struct lt_zone *zone = parsed.zones.v;

	(void)state;
	assert_int_equal(parsed.err, 0);
	assert_int_equal(parsed.zones.nr, 4);
	assert_string_equal(zone->name, "DMA");
	assert_num(zone->nr_free, 116210);
	assert_num(zone->watermark.min, 689);
	assert_num(zone->watermark.low, 861);
	assert_num(zone->watermark.high, 1033);
	assert_num(zone->nr_spanned, 131072);
	assert_num(zone->nr_present, 131072);
	assert_num(zone->nr_managed, 120687);
	assert_unknown(zone->nr_cma);
	assert_num(zone->nr_free_cma, 32672);
	assert_num(zone->start_pfn, 262144);
	assert_int_equal(zone->pcp.nr, 2);
	assert_int_equal(zone->pcp.v[1].cpu, 1);
	assert_num(zone->pcp.v[1].count, 72);
	assert_num(zone->pcp.v[1].high, 90);
	assert_num(zone->pcp.v[1].batch, 15);
	assert_string_equal(parsed.zones.v[3].name, "Movable");
	assert_num(parsed.zones.v[3].nr_spanned, 0);
	assert_unknown(parsed.zones.v[3].start_pfn);
	assert_int_equal(parsed.diag.nr_skipped, 0);
	assert_string_equal(parsed.diag.why, "");
	done(&parsed);
}

static void v6_12_has_boost_promo_and_cma(void **state)
{
	struct parsed parsed = parse_file(FIXTURES "v6.12-x86-custom/proc/zoneinfo");
	struct lt_zone *zone = &parsed.zones.v[1];

	(void)state;
	assert_int_equal(parsed.err, 0);
	assert_int_equal(parsed.zones.nr, 4);
	assert_string_equal(zone->name, "DMA32");
	assert_num(zone->nr_free, 51113);
	assert_num(zone->watermark.min, 455);
	assert_num(zone->watermark.low, 568);
	assert_num(zone->watermark.high, 681);
	assert_num(zone->nr_managed, 56784);
	assert_num(zone->nr_cma, 16384);
	assert_num(zone->nr_free_cma, 16384);
	assert_num(zone->start_pfn, 4096);
	assert_num(zone->nr_protected, 0);
	assert_num(zone->pcp.v[0].high, 1792);
	assert_num(parsed.zones.v[0].nr_protected, 216);
	assert_num(parsed.zones.v[0].nr_cma, 0);
	assert_num(parsed.zones.v[3].watermark.min, 32);
	assert_int_equal(parsed.diag.nr_skipped, 0);
	assert_string_equal(parsed.diag.why, "");
	done(&parsed);
}

static const char *const captures[] = {
	FIXTURES "v5.10-arm64/proc/zoneinfo",
	FIXTURES "v5.10-arm64-cma-failure/proc/zoneinfo",
	FIXTURES "v5.10-x86-custom-cmaheavy/proc/zoneinfo",
	FIXTURES "v6.1-arm64/proc/zoneinfo",
	FIXTURES "v6.1-arm64-cma-failure/proc/zoneinfo",
	FIXTURES "v6.1-armhf/proc/zoneinfo",
	FIXTURES "v6.12-x86-custom/proc/zoneinfo",
};

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
		assert_kept(zone->nr_free, was->nr_free);
		assert_kept(zone->watermark.min, was->watermark.min);
		assert_kept(zone->watermark.low, was->watermark.low);
		assert_kept(zone->watermark.high, was->watermark.high);
		assert_kept(zone->nr_spanned, was->nr_spanned);
		assert_kept(zone->nr_present, was->nr_present);
		assert_kept(zone->nr_managed, was->nr_managed);
		assert_kept(zone->nr_cma, was->nr_cma);
		assert_kept(zone->nr_free_cma, was->nr_free_cma);
		assert_kept(zone->start_pfn, was->start_pfn);
		assert_kept(zone->nr_protected, was->nr_protected);
		assert_true(zone->pcp.nr == was->pcp.nr || parsed.diag.why[0]);
		for (size_t i = 0; i < zone->pcp.nr; i++) {
			assert_int_equal(zone->pcp.v[i].cpu, was->pcp.v[i].cpu);
			assert_kept(zone->pcp.v[i].count, was->pcp.v[i].count);
			assert_kept(zone->pcp.v[i].high, was->pcp.v[i].high);
			assert_kept(zone->pcp.v[i].batch, was->pcp.v[i].batch);
		}
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
		damage_all(captures[i], check_damaged, &whole.zones);
		done(&whole);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(broken_text_is_refused),
		cmocka_unit_test(malformed_files_are_refused),
		cmocka_unit_test(a_lost_end_is_told),
		cmocka_unit_test(a_protection_is_a_list_of_numbers),
		cmocka_unit_test(unknown_rows_are_skipped),
		cmocka_unit_test(names_are_made_harmless),
		cmocka_unit_test(rows_of_7_2_are_understood),
		cmocka_unit_test(v5_10_has_no_cma_row),
		cmocka_unit_test(v6_12_has_boost_promo_and_cma),
		cmocka_unit_test(damage_makes_no_other_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
