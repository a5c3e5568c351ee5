// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests the sources cma-debugfs and its ranges. */
#include "tree.h"

#include "source/tables/cma_bitmap.h"
#include "source/source.h"

#define CMA "sys/kernel/debug/cma/"

static const char *const files[] = { "base_pfn", "bitmap",	  "count",
				     "maxchunk", "order_per_bit", "used" };

static int read_source(struct lt_snapshot *snap, struct lt_diag *diag)
{
	return lt_source_cma_debugfs.read(snap, diag);
}

static void done(struct lt_snapshot *snap)
{
	lt_areas_free(&snap->areas);
	tree_done(snap);
}

static void write_text(const char *path, const char *text)
{
	tree_write(path, text, strlen(text));
}

static void write_file(const char *dir, const char *name, const char *text)
{
	char path[256];

	snprintf(path, sizeof(path), CMA "%s/%s", dir, name);
	write_text(path, text);
}

/* An area of two words; every file but what the caller overwrites after. */
static void write_area(const char *dir, const char *base_pfn)
{
	write_file(dir, "base_pfn", base_pfn);
	write_file(dir, "bitmap", "255 0\n");
	write_file(dir, "count", "64\n");
	write_file(dir, "maxchunk", "56\n");
	write_file(dir, "order_per_bit", "0\n");
	write_file(dir, "used", "8\n");
}

static void assert_why(const struct lt_diag *diag, const char *why)
{
	char text[400];

	lt_diag_format(diag, text, sizeof(text));
	if (!strstr(text, why))
		fail_msg("\"%s\" is not in \"%s\"", why, text);
}

static void refuse_bitmap(const char *text, size_t nr_bits, const char *why)
{
	struct lt_bitmap bitmap = { 0 };
	struct lt_diag diag = { 0 };

	assert_int_equal(lt_cma_bitmap_parse(text, strlen(text), nr_bits, &bitmap, &diag),
			 -EBADMSG);
	assert_null(bitmap.words);
	assert_why(&diag, why);
}

static void broken_bitmaps_are_refused(void **state)
{
	(void)state;
	refuse_bitmap("", 1, "cut off");
	refuse_bitmap("1 2", 64, "cut off");
	refuse_bitmap("4294967295 4294967295 429496729", 96, "cut off");
	refuse_bitmap("4294967295 4294967295 ", 64, "cut off");
	refuse_bitmap("1 2 \n", 65, "2 words, but 65 bits need 3");
	refuse_bitmap("\n", 1, "0 words");
	refuse_bitmap("4294967296\n", 32, "32-bit word");
	refuse_bitmap("-1\n", 32, "32-bit word");
	refuse_bitmap("0x1\n", 32, "32-bit word");
	refuse_bitmap("1\n2\n", 32, "one line");
}

/* As 6.12 shows it: the buffer has no room for the line feed. */
static void a_full_area_lacks_its_line_feed(void **state)
{
	struct lt_bitmap bitmap;
	struct lt_diag diag = { 0 };

	(void)state;
	assert_int_equal(lt_cma_bitmap_parse("4294967295 4294967295", 21, 64, &bitmap, &diag), 0);
	assert_int_equal(bitmap.nr_bits, 64);
	assert_int_equal(bitmap.words[0], UINT32_MAX);
	assert_int_equal(bitmap.words[1], UINT32_MAX);
	assert_string_equal(diag.why, "");
	free(bitmap.words);
}

static void bits_past_the_end_are_cleared(void **state)
{
	struct lt_bitmap bitmap;
	struct lt_diag diag = { 0 };

	(void)state;
	assert_int_equal(lt_cma_bitmap_parse("4294967295 4294967295\n", 22, 40, &bitmap, &diag), 0);
	assert_int_equal(bitmap.nr_bits, 40);
	assert_int_equal(bitmap.words[0], UINT32_MAX);
	assert_int_equal(bitmap.words[1], 0xff);
	assert_int_equal(diag.nr_skipped, 0);
	free(bitmap.words);
	assert_int_equal(lt_cma_bitmap_parse("7 7\n", 4, 8, &bitmap, &diag), 0);
	assert_int_equal(bitmap.words[0], 7);
	assert_int_equal(diag.nr_skipped, 1);
	free(bitmap.words);
}

static void check_fixture(const char *name, uint64_t base_pfn, uint64_t nr_pages)
{
	struct lt_snapshot snap = tree_fixture(name);
	struct lt_diag diag = { 0 };
	const struct lt_area *area;

	assert_int_equal(read_source(&snap, &diag), 0);
	assert_string_equal(diag.why, "");
	assert_int_equal(snap.areas.nr, 1);
	area = &snap.areas.v[0];
	assert_string_equal(area->name, "reserved");
	assert_string_equal(area->source, "cma-debugfs");
	assert_int_equal(area->ranges.nr, 1);
	assert_int_equal(area->ranges.v[0].pfns.start_pfn, base_pfn);
	assert_int_equal(area->ranges.v[0].pfns.end_pfn, base_pfn + nr_pages);
	assert_int_equal(area->ranges.v[0].bitmap.nr_bits, nr_pages);
	assert_num(area->nr_pages, nr_pages);
	assert_num(area->nr_allocated, 0);
	assert_num(area->order_per_bit, 0);
	assert_num(area->largest_free_run, nr_pages);
	assert_unknown(area->nr_free);
	done(&snap);
}

static void captured_areas(void **state)
{
	(void)state;
	check_fixture("v5.10-x86-custom-cmaheavy", 28672, 35840);
	check_fixture("v6.12-x86-custom", 48640, 16384);
}

/* The area of a capture in the test's tree, moved by @shift and called @dir, without @lacking. */
static void copy_fixture(const char *dir, uint64_t shift, const char *lacking)
{
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		char path[256], text[32];
		struct lt_buf buf;

		if (lacking && !strcmp(files[i], lacking))
			continue;
		snprintf(path, sizeof(path), FIXTURES "v6.12-x86-custom/" CMA "reserved/%s",
			 files[i]);
		buf = test_file(path);
		if (!strcmp(files[i], "base_pfn"))
			snprintf(text, sizeof(text), "%llu\n",
				 strtoull(buf.data, NULL, 10) + (unsigned long long)shift);
		snprintf(path, sizeof(path), CMA "%s/%s", dir, files[i]);
		if (strcmp(files[i], "base_pfn"))
			tree_write(path, buf.data, buf.len);
		else
			write_text(path, text);
		free(buf.data);
	}
}

static void a_moved_and_renamed_area_is_reported_there(void **state)
{
	struct lt_snapshot snap;
	struct lt_diag diag = { 0 };

	(void)state;
	copy_fixture("camera", 0x100000, NULL);
	snap = tree_snapshot(tree_dir);
	assert_int_equal(read_source(&snap, &diag), 0);
	assert_string_equal(snap.areas.v[0].name, "camera");
	assert_int_equal(snap.areas.v[0].ranges.v[0].pfns.start_pfn, 48640 + 0x100000);
	assert_num(snap.areas.v[0].nr_pages, 16384);
	done(&snap);
}

/* A number is what it was, or not known; never another. */
static void assert_num_or_lost(struct lt_num num, uint64_t was, bool is_lost)
{
	assert_int_equal(num.known, !is_lost);
	if (num.known)
		assert_int_equal(num.val, was);
}

static void a_missing_file_costs_its_number_only(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		const char *lacking = files[i];
		struct lt_snapshot snap;
		struct lt_diag diag = { 0 };
		const struct lt_area *area;
		char dir[16];

		snprintf(dir, sizeof(dir), "area%zu", i);
		copy_fixture(dir, 0, lacking);
		snap = tree_snapshot(tree_dir);
		assert_int_equal(read_source(&snap, &diag), 0);
		assert_why(&diag, files[0]); /* the first area lacks base_pfn */
		assert_int_equal(snap.areas.nr, i + 1);
		area = &snap.areas.v[i];
		assert_num_or_lost(area->nr_pages, 16384, !strcmp(lacking, "count"));
		assert_num_or_lost(area->order_per_bit, 0, !strcmp(lacking, "order_per_bit"));
		assert_num_or_lost(area->nr_allocated, 0, !strcmp(lacking, "used"));
		assert_num(area->largest_free_run, 16384);
		assert_int_equal(area->ranges.nr,
				 strcmp(lacking, "base_pfn") && strcmp(lacking, "count"));
		done(&snap);
	}
}

static void a_broken_file_is_named_with_its_line(void **state)
{
	struct lt_snapshot snap;
	struct lt_diag diag = { 0 };

	(void)state;
	write_area("a", "4096\n");
	write_file("a", "used", "8 pages\n");
	snap = tree_snapshot(tree_dir);
	assert_int_equal(read_source(&snap, &diag), 0);
	assert_why(&diag, "/sys/kernel/debug/cma/a/used:1:2: expected the end");
	assert_unknown(snap.areas.v[0].nr_allocated);
	assert_num(snap.areas.v[0].largest_free_run, 56);
	done(&snap);
}

static void several_ranges(void **state)
{
	struct lt_snapshot snap;
	struct lt_diag diag = { 0 };
	const struct lt_area *area;

	(void)state;
	write_area("multi", "4096\n");
	write_file("multi", "ranges/0/base_pfn", "4096\n");
	write_file("multi", "ranges/0/bitmap", "255 0\n");
	write_file("multi", "ranges/1/base_pfn", "65536\n");
	write_file("multi", "ranges/1/bitmap", "4294967295\n");
	write_file("multi", "count", "192\n");
	write_file("multi", "order_per_bit", "1\n");
	write_file("multi", "used", "80\n");
	write_file("multi", "maxchunk", "112\n");
	snap = tree_snapshot(tree_dir);
	assert_int_equal(read_source(&snap, &diag), 0);
	assert_string_equal(diag.why, "");
	area = &snap.areas.v[0];
	assert_int_equal(area->ranges.nr, 2);
	assert_int_equal(area->ranges.v[0].pfns.end_pfn, 4096 + 128);
	assert_int_equal(area->ranges.v[1].pfns.start_pfn, 65536);
	assert_int_equal(area->ranges.v[1].pfns.end_pfn, 65536 + 64);
	assert_int_equal(area->ranges.v[1].bitmap.nr_bits, 32);
	assert_num(area->largest_free_run, 112);
	done(&snap);
}

/* Rounded words do not say where the ranges end: claim no page that may not be CMA. */
static void ranges_of_unsure_length_are_not_overdrawn(void **state)
{
	struct lt_snapshot snap;
	struct lt_diag diag = { 0 };
	const struct lt_area *area;

	(void)state;
	write_file("huge", "ranges/0/base_pfn", "4096\n");
	write_file("huge", "ranges/0/bitmap", "0 3\n");
	write_file("huge", "ranges/1/base_pfn", "65536\n");
	write_file("huge", "ranges/1/bitmap", "0\n");
	write_file("huge", "count", "70\n");
	write_file("huge", "order_per_bit", "0\n");
	write_file("huge", "used", "2\n");
	write_file("huge", "maxchunk", "34\n");
	snap = tree_snapshot(tree_dir);
	assert_int_equal(read_source(&snap, &diag), 0);
	assert_why(&diag, "may be longer");
	area = &snap.areas.v[0];
	assert_num(area->nr_pages, 70);
	assert_int_equal(area->ranges.v[0].pfns.end_pfn, 4096 + 34);
	assert_int_equal(area->ranges.v[1].pfns.end_pfn, 65536 + 1);
	assert_num(area->largest_free_run, 34);
	done(&snap);
}

static void names(void **state)
{
	struct lt_snapshot snap;
	struct lt_diag diag = { 0 };

	(void)state;
	write_area("cma-linux,cma", "4096\n");
	write_area("cma-cma1\n", "8192\n");
	snap = tree_snapshot(tree_dir);
	assert_int_equal(read_source(&snap, &diag), 0);
	assert_int_equal(lt_areas_find_name(&snap.areas, "linux,cma"), 1);
	assert_int_equal(lt_areas_find_name(&snap.areas, "cma1\\x0a"), 0);
	done(&snap);

	/* One name without the prefix: then it belongs to the names. */
	write_area("reserved", "12288\n");
	snap = tree_snapshot(tree_dir);
	assert_int_equal(read_source(&snap, &diag), 0);
	assert_int_equal(lt_areas_find_name(&snap.areas, "cma-linux,cma"), 1);
	assert_int_equal(lt_areas_find_name(&snap.areas, "linux,cma"), LT_NO_AREA);
	done(&snap);
}

static void a_long_name_keeps_its_prefix(void **state)
{
	struct lt_snapshot snap;
	struct lt_diag diag = { 0 };

	(void)state;
	write_area("cma-camera-front", "4096\n");
	snap = tree_snapshot(tree_dir);
	assert_int_equal(read_source(&snap, &diag), 0);
	assert_string_equal(snap.areas.v[0].name, "cma-camera-front");
	done(&snap);
}

static void an_area_that_failed_has_no_range(void **state)
{
	struct lt_snapshot snap;
	struct lt_diag diag = { 0 };

	(void)state;
	write_area("dead", "4096\n");
	write_file("dead", "count", "0\n");
	write_file("dead", "bitmap", "");
	write_file("dead", "maxchunk", "0\n");
	snap = tree_snapshot(tree_dir);
	assert_int_equal(read_source(&snap, &diag), 0);
	assert_string_equal(diag.why, "");
	assert_num(snap.areas.v[0].nr_pages, 0);
	assert_int_equal(snap.areas.v[0].ranges.nr, 0);
	done(&snap);
}

static void odd_numbers(void **state)
{
	struct lt_snapshot snap;
	struct lt_diag diag = { 0 };

	(void)state;
	write_area("wide", "4096\n");
	write_file("wide", "order_per_bit", "4294967298\n"); /* 1 << 32 | 2 */
	write_file("wide", "bitmap", "1\n");
	write_file("wide", "maxchunk", "60\n");
	write_area("zfar", "18446744073709551600\n");
	snap = tree_snapshot(tree_dir);
	assert_int_equal(read_source(&snap, &diag), 0);
	assert_why(&diag, "past the last page");
	assert_num(snap.areas.v[0].order_per_bit, 2);
	assert_int_equal(snap.areas.v[0].ranges.v[0].bitmap.nr_bits, 16);
	assert_num(snap.areas.v[0].largest_free_run, 60);
	assert_int_equal(snap.areas.v[1].ranges.nr, 0);
	done(&snap);
}

static void maxchunk_checks_the_bitmap(void **state)
{
	struct lt_snapshot snap;
	struct lt_diag diag = { 0 };

	(void)state;
	write_area("busy", "4096\n");
	write_file("busy", "maxchunk", "40\n");
	snap = tree_snapshot(tree_dir);
	assert_int_equal(read_source(&snap, &diag), 0);
	assert_why(&diag, "maxchunk says 40 pages, the bitmap 56");
	assert_num(snap.areas.v[0].largest_free_run, 56);
	done(&snap);
}

static void swapped_words_are_not_used(void **state)
{
	struct lt_snapshot snap;
	struct lt_diag diag = { 0 };

	(void)state;
	write_area("reserved", "4096\n");
	snap = tree_snapshot(tree_dir);
	snap.kernel.arch = "s390x";
	assert_int_equal(read_source(&snap, &diag), 0);
	assert_why(&diag, "swaps");
	assert_null(snap.areas.v[0].ranges.v[0].bitmap.words);
	assert_num(snap.areas.v[0].largest_free_run, 56);
	done(&snap);
}

static void an_empty_directory_has_no_areas(void **state)
{
	struct lt_snapshot snap = tree_snapshot(tree_dir);
	struct lt_diag diag = { 0 };

	(void)state;
	assert_int_equal(read_source(&snap, &diag), -ENOENT);
	tree_mkdirs("sys/kernel/debug/");
	assert_int_equal(read_source(&snap, &diag), -ENOENT);
	assert_string_equal(diag.why, ""); /* lt_source_enable() tells what to mount */
	tree_mkdirs(CMA);
	assert_int_equal(read_source(&snap, &diag), 0);
	assert_int_equal(snap.areas.nr, 0);
	write_text(CMA "stray", "1\n");
	assert_int_equal(read_source(&snap, &diag), 0);
	assert_int_equal(snap.areas.nr, 0);
	assert_int_equal(diag.nr_skipped, 1);
	done(&snap);
}

#define tree_test(f) cmocka_unit_test_setup_teardown(f, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(broken_bitmaps_are_refused),
		cmocka_unit_test(a_full_area_lacks_its_line_feed),
		cmocka_unit_test(bits_past_the_end_are_cleared),
		cmocka_unit_test(captured_areas),
		tree_test(a_moved_and_renamed_area_is_reported_there),
		tree_test(a_missing_file_costs_its_number_only),
		tree_test(a_broken_file_is_named_with_its_line),
		tree_test(several_ranges),
		tree_test(ranges_of_unsure_length_are_not_overdrawn),
		tree_test(names),
		tree_test(a_long_name_keeps_its_prefix),
		tree_test(an_area_that_failed_has_no_range),
		tree_test(odd_numbers),
		tree_test(maxchunk_checks_the_bitmap),
		tree_test(swapped_words_are_not_used),
		tree_test(an_empty_directory_has_no_areas),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
