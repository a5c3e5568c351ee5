// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/base/text.c. */
#include "test.h"

#include <errno.h>

#include "base/text.h"

static struct lt_text cursor(const char *text)
{
	struct lt_text cur;

	lt_text_init(&cur, text, strlen(text));
	return cur;
}

/* What is left after a reader; it must be all of the text when the reader failed. */
static void left(const struct lt_text *cur, const char *want)
{
	assert_true(lt_span_is(lt_text_rest(cur), want));
}

static void readers_that_fail_consume_nothing(void **state)
{
	static const char *const texts[] = {
		"", "x", "-", "-x", "18446744073709551616", "99999999999999999999999"
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct lt_text cur = cursor(texts[i]);
		struct lt_span span;
		uint64_t val = 7;
		int64_t sval = 7;

		assert_false(lt_text_u64(&cur, &val));
		assert_false(lt_text_s64(&cur, &sval));
		assert_false(lt_text_number(&cur, &val));
		assert_false(lt_text_literal(&cur, "lit"));
		assert_false(lt_text_until(&cur, "stop", &span));
		assert_false(lt_text_find(&cur, "stop"));
		left(&cur, texts[i]);
		assert_int_equal(val, 7);
		assert_int_equal(sval, 7);
	}
}

static void hex_needs_a_digit_and_64_bits(void **state)
{
	static const char *const texts[] = { "", "0x", "0xg", "x1", "0x10000000000000000" };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct lt_text cur = cursor(texts[i]);
		uint64_t val;

		assert_false(lt_text_hex(&cur, &val));
		left(&cur, texts[i]);
	}
}

static void numbers_are_read_to_their_limits(void **state)
{
	struct lt_text cur = cursor("18446744073709551615,0xffffffffffffffff,DEADbeef,0x10,010,"
				    "-9223372036854775807,9223372036854775808");
	uint64_t val;
	int64_t sval;

	(void)state;
	assert_true(lt_text_u64(&cur, &val) && val == UINT64_MAX);
	assert_true(lt_text_literal(&cur, ",") && lt_text_hex(&cur, &val) && val == UINT64_MAX);
	assert_true(lt_text_literal(&cur, ",") && lt_text_hex(&cur, &val) && val == 0xdeadbeef);
	assert_true(lt_text_literal(&cur, ",") && lt_text_number(&cur, &val) && val == 16);
	assert_true(lt_text_literal(&cur, ",") && lt_text_number(&cur, &val) && val == 10);
	assert_true(lt_text_literal(&cur, ",") && lt_text_s64(&cur, &sval) && sval == -INT64_MAX);
	assert_true(lt_text_literal(&cur, ","));
	assert_false(lt_text_s64(&cur, &sval));
}

static void lines_keep_their_numbers(void **state)
{
	struct lt_text cur = cursor("one\r\n\ntwo words\nlast"), line;
	struct lt_span word;

	(void)state;
	assert_true(lt_text_line(&cur, &line));
	left(&line, "one");
	assert_false(lt_text_is_cut(&cur));
	assert_true(lt_text_line(&cur, &line));
	assert_true(lt_text_at_end(&line));
	assert_int_equal(line.line, 2);
	assert_true(lt_text_line(&cur, &line));
	assert_true(lt_text_word(&line, &word) && lt_span_is(word, "two"));
	assert_false(lt_text_word(&line, &word));
	lt_text_blanks(&line);
	assert_true(lt_text_word(&line, &word) && lt_span_is(word, "words"));
	assert_true(lt_text_line(&cur, &line));
	left(&line, "last");
	assert_int_equal(line.line, 4);
	assert_true(lt_text_is_cut(&cur));
	assert_false(lt_text_line(&cur, &line));
}

static void only_a_missing_newline_is_a_cut(void **state)
{
	struct lt_text cur = cursor("a\n"), line;

	(void)state;
	assert_true(lt_text_line(&cur, &line));
	assert_false(lt_text_is_cut(&cur));
	assert_false(lt_text_line(&cur, &line));
}

static void empty_text_has_no_line(void **state)
{
	struct lt_text cur, line;

	(void)state;
	lt_text_init(&cur, NULL, 0);
	assert_false(lt_text_line(&cur, &line));
	assert_true(lt_text_at_end(&cur));
	lt_text_blanks(&cur);
}

static void nul_is_a_byte_like_any_other(void **state)
{
	struct lt_text cur, line;
	struct lt_span word;

	(void)state;
	lt_text_init(&cur, "a\0b c\n", 6);
	assert_true(lt_text_line(&cur, &line));
	assert_true(lt_text_word(&line, &word));
	assert_int_equal(word.len, 3);
	assert_memory_equal(word.p, "a\0b", 3);
	assert_false(lt_span_is(word, "a"));
}

static void until_and_find_stop_behind_the_first(void **state)
{
	struct lt_text cur = cursor("name: value: rest");
	struct lt_span name;

	(void)state;
	assert_true(lt_text_until(&cur, ": ", &name) && lt_span_is(name, "name"));
	assert_true(lt_text_find(&cur, "value"));
	left(&cur, ": rest");
	assert_true(lt_text_until(&cur, ":", &name) && lt_span_is(name, ""));
}

static void until_last_stops_behind_the_last(void **state)
{
	struct lt_text text;
	struct lt_span span;

	(void)state;
	lt_text_init(&text, "a: b: c:", 8);
	assert_false(lt_text_until_last(&text, "; ", &span));
	assert_false(lt_text_until_last(&text, "a: b: c: ", &span));
	assert_int_equal(*text.pos, 'a');
	assert_true(lt_text_until_last(&text, ": ", &span));
	assert_true(lt_span_is(span, "a: b"));
	assert_true(lt_text_until_last(&text, "c:", &span));
	assert_int_equal(span.len, 0);
	assert_true(lt_text_at_end(&text));
	assert_false(lt_text_until_last(&text, ":", &span));
}

static void a_failure_names_its_place_once(void **state)
{
	struct lt_text cur = cursor("first\nsecond\n"), line;
	struct lt_diag diag = { 0 };
	char text[64];

	(void)state;
	lt_text_line(&cur, &line);
	lt_text_line(&cur, &line);
	assert_true(lt_text_literal(&line, "sec"));
	assert_int_equal(lt_text_fail(&line, NULL, "why"), -EBADMSG);
	assert_int_equal(lt_text_fail(&line, &diag, "expected a third"), -EBADMSG);
	assert_int_equal(lt_text_fail(&cur, &diag, "another"), -EBADMSG);
	lt_diag_path(&diag, "/proc/x");
	lt_diag_format(&diag, text, sizeof(text));
	assert_string_equal(text, "/proc/x:2:4: expected a third");
}

static void a_part_hands_on_what_it_told(void **state)
{
	struct lt_diag part = { .line = 3, .nr_skipped = 2 }, diag = { .nr_skipped = 1 };

	(void)state;
	lt_diag_merge(NULL, &part);
	lt_diag_merge(&diag, &part);
	assert_int_equal(diag.nr_skipped, 3);
	assert_int_equal(diag.line, 0);
	lt_diag_set(&part, "first");
	lt_diag_merge(&diag, &part);
	assert_int_equal(diag.line, 3);
	lt_diag_merge(&diag, &(struct lt_diag){ .line = 9, .why = "second" });
	assert_int_equal(diag.line, 3);
	assert_string_equal(diag.why, "first");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(readers_that_fail_consume_nothing),
		cmocka_unit_test(hex_needs_a_digit_and_64_bits),
		cmocka_unit_test(numbers_are_read_to_their_limits),
		cmocka_unit_test(lines_keep_their_numbers),
		cmocka_unit_test(only_a_missing_newline_is_a_cut),
		cmocka_unit_test(empty_text_has_no_line),
		cmocka_unit_test(nul_is_a_byte_like_any_other),
		cmocka_unit_test(until_and_find_stop_behind_the_first),
		cmocka_unit_test(until_last_stops_behind_the_last),
		cmocka_unit_test(a_failure_names_its_place_once),
		cmocka_unit_test(a_part_hands_on_what_it_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
