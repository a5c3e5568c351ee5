// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/source/klog/klog_bitmap.c. */
#include "test.h"

#include "source/klog/klog_bitmap.h"

static const struct lt_num not_known, order_0 = { 0, true }, order_1 = { 1, true };

static void take(struct lt_klog_bitmap *bitmap, const char *part)
{
	struct lt_text text;

	lt_text_init(&text, part, strlen(part));
	lt_klog_bitmap_parse(bitmap, text);
}

static struct lt_klog_bitmap parse(const char *line)
{
	struct lt_klog_bitmap bitmap;

	lt_klog_bitmap_begin(&bitmap);
	take(&bitmap, line);
	return bitmap;
}

static void check(const char *line, uint64_t nr_free, uint64_t largest)
{
	struct lt_klog_bitmap bitmap = parse(line);

	assert_num(lt_klog_bitmap_nr_free(&bitmap, not_known, false), nr_free);
	assert_num(lt_klog_bitmap_largest(&bitmap, not_known, false), largest);
}

static void check_unknown(const char *line)
{
	struct lt_klog_bitmap bitmap = parse(line);

	assert_unknown(lt_klog_bitmap_nr_free(&bitmap, not_known, true));
	assert_unknown(lt_klog_bitmap_largest(&bitmap, not_known, true));
}

static void wordings(void **state)
{
	(void)state;
	check("4@572+7@585=> 11 free of 2048 total pages", 11, 7);
	check("=> 0 free of 2048 total pages", 0, 0);
	check("+6384@10000=> 6384 free of 16384 total pages", 6384, 6384);
	check("4+7+166=>177 pages, total: 2048 pages", 177, 166);
}

static void check_aligned(const char *line, struct lt_num order_per_bit, uint64_t align,
			  struct lt_num expected)
{
	struct lt_klog_bitmap bitmap = parse(line);
	struct lt_num got = lt_klog_bitmap_aligned(&bitmap, order_per_bit, true, align);

	assert_int_equal(got.known, expected.known);
	assert_int_equal(got.val, expected.val);
}

/* A request begins at a multiple of its alignment, counted from the begin of the area or range. */
static void a_run_counts_from_where_a_request_may_begin(void **state)
{
	const struct lt_num none = { 0 }, zero = lt_num(0);

	(void)state;
	check_aligned("256@77=> 256 free of 2048 total pages", zero, 0, lt_num(256));
	check_aligned("256@77=> 256 free of 2048 total pages", zero, 8, lt_num(77));
	check_aligned("256@512=> 256 free of 2048 total pages", zero, 8, lt_num(256));
	check_aligned("100@0+300@200=> 400 free of 2048 total pages", none, 8, lt_num(244));
	check_aligned("255@1=> 255 free of 2048 total pages", zero, 8, zero);
	/* Not known: a larger alignment, bits of several pages, no positions, a run that was lost. */
	check_aligned("256@512=> 256 free of 2048 total pages", zero, 9, none);
	check_aligned("256@512=> 256 free of 2048 total pages", lt_num(1), 8, none);
	check_aligned("256@77+256@100=> 512 free of 2048 total pages", none, 8, none);
	check_aligned("256=> 256 free of 2048 total pages", zero, 8, none);
	check_aligned("100@0=> 256 free of 2048 total pages", zero, 8, none);
	check_aligned("=> 0 free of 2048 total pages", zero, 8, none);
}

static void pieces_make_one_line(void **state)
{
	struct lt_klog_bitmap bitmap = parse("4@572+7@585");

	(void)state;
	assert_true(bitmap.is_open);
	take(&bitmap, "+12@601");
	assert_unknown(lt_klog_bitmap_nr_free(&bitmap, not_known, true));
	take(&bitmap, "=> 23 free of 2048 total pages");
	assert_false(bitmap.is_open);
	assert_num(lt_klog_bitmap_largest(&bitmap, not_known, true), 12);
}

static void ranges_begin_anew(void **state)
{
	struct lt_klog_bitmap bitmap = parse("100@0+400@600");

	(void)state;
	lt_klog_bitmap_range(&bitmap);
	take(&bitmap, "+50@10");
	take(&bitmap, "=> 550 free of 2048 total pages");
	assert_num(lt_klog_bitmap_largest(&bitmap, not_known, true), 400);
}

/* Without every run the total still counts, and the longest is not known. */
static void a_lost_run_leaves_the_total(void **state)
{
	static const char *const lines[] = {
		"4@572=> 11 free of 2048 total pages",
		"=> 11 free of 2048 total pages",
		"11@572 oops => 11 free of 2048 total pages",
		"7@572+4@10=> 11 free of 2048 total pages",
	};
	static const bool has_total[] = { true, true, false, true };

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct lt_klog_bitmap bitmap = parse(lines[i]);

		assert_int_equal(lt_klog_bitmap_nr_free(&bitmap, not_known, true).known,
				 has_total[i]);
		assert_unknown(lt_klog_bitmap_largest(&bitmap, not_known, true));
	}
}

static void nonsense_is_not_believed(void **state)
{
	(void)state;
	check_unknown("4@572=> 4 free of 2 total pages");
	check_unknown("12@572=> 11 free of 2048 total pages");
	check_unknown("4@572=> 4 free of 20");
	check_unknown("18446744073709551615@1+2@3=> 1 free of 2048 total pages");
	check_unknown("x");
	check_unknown("");
}

static bool is_believed(const char *line, struct lt_num order_per_bit, bool is_scaled)
{
	struct lt_klog_bitmap bitmap = parse(line);
	bool is_known = lt_klog_bitmap_nr_free(&bitmap, order_per_bit, is_scaled).known;

	assert_int_equal(lt_klog_bitmap_largest(&bitmap, order_per_bit, is_scaled).known, is_known);
	return is_known;
}

/* An area of 1024 pages, 2 a bit. */
static void bits_are_told_from_pages(void **state)
{
	static const char in_bits[] = "1@93+4@108+20@333+512@512=> 537 free of 1024 total pages";
	static const char in_pages[] = "2@93+8@108+40@333+200@360=> 250 free of 1024 total pages";
	static const char either[] = "2@93+8@108=> 10 free of 1024 total pages";

	(void)state;
	assert_false(is_believed(in_bits, order_1, false));
	assert_false(is_believed(in_bits, not_known, false)); /* the half that is not there */
	assert_true(is_believed(in_pages, order_1, false));   /* would overlap in bits */
	assert_false(is_believed(in_pages, order_0, false));
	assert_false(is_believed(either, order_1, false));
	assert_true(is_believed(either, order_1, true));
	assert_true(is_believed(either, order_0, false));
	assert_true(is_believed(either, not_known, false));
}

static bool is_rest(const char *line)
{
	struct lt_text text;

	lt_text_init(&text, line, strlen(line));
	return lt_klog_bitmap_is_rest(text);
}

static void a_rest_has_its_shape(void **state)
{
	(void)state;
	assert_true(is_rest("+7@585+3@600"));
	assert_true(is_rest("7@585=> 11 free of 2048 total pages"));
	assert_true(is_rest("=> 11 free of 2048 total pages"));
	assert_false(is_rest("=> 11 free of"));
	assert_false(is_rest("7@585 people"));
	assert_false(is_rest("16384 pages cma reserved"));
	assert_false(is_rest("4"));
	assert_false(is_rest(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wordings),
		cmocka_unit_test(a_run_counts_from_where_a_request_may_begin),
		cmocka_unit_test(pieces_make_one_line),
		cmocka_unit_test(ranges_begin_anew),
		cmocka_unit_test(a_lost_run_leaves_the_total),
		cmocka_unit_test(nonsense_is_not_believed),
		cmocka_unit_test(bits_are_told_from_pages),
		cmocka_unit_test(a_rest_has_its_shape),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
