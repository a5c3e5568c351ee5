// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/base/escape.c. */
#include "test.h"

#include "base/array_size.h"
#include "base/escape.h"
#include "base/strings.h"

static void check(const char *in, size_t len, const char *want)
{
	char out[256];

	assert_int_equal(lt_escape(in, len, out, sizeof(out)), strlen(want));
	assert_string_equal(out, want);
}

static void plain_text_passes(void **state)
{
	(void)state;
	check("camera-hal", 10, "camera-hal");
	check("caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x93\xb7", 14,
	      "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x93\xb7");
}

static void control_and_broken_bytes_are_named(void **state)
{
	(void)state;
	check("a\x1b[2J\n\0b", 8, "a\\x1b[2J\\x0a\\x00b");
	check("back\\slash", 10, "back\\x5cslash");
	check("\xc2\x9b", 2, "\\xc2\\x9b");		      /* C1 CSI */
	check("\xe2\x80\xae", 3, "\\xe2\\x80\\xae");	      /* right-to-left override */
	check("\xc0\xaf", 2, "\\xc0\\xaf");		      /* overlong */
	check("\xed\xa0\x80", 3, "\\xed\\xa0\\x80");	      /* surrogate */
	check("\xf4\x90\x80\x80", 4, "\\xf4\\x90\\x80\\x80"); /* past U+10FFFF */
	check("\xe2\x82", 2, "\\xe2\\x82");		      /* cut short */
}

/* Without them two names would look alike, or be nothing to see. */
static void what_nobody_sees_is_named(void **state)
{
	static const char *const unseen[] = {
		"\xc2\xa0",	    "\xcd\x8f",		"\xd8\x80",	    "\xe1\x85\x9f",
		"\xe1\x85\xa0",	    "\xe1\x9a\x80",	"\xe1\x9e\xb4",	    "\xe1\xa0\x8b",
		"\xe2\x80\x80",	    "\xe2\x80\x87",	"\xe2\x80\xaf",	    "\xe2\x81\x9f",
		"\xe2\xa0\x80",	    "\xe3\x80\x80",	"\xe3\x85\xa4",	    "\xef\xbe\xa0",
		"\xf0\x93\x90\xb0", "\xf0\x9b\xb2\xa0", "\xf0\x9d\x85\x99", "\xf0\x9d\x85\xb3",
	};
	char out[64];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(unseen); i++) {
		size_t len = strlen(unseen[i]);

		assert_int_equal(lt_escape(unseen[i], len, out, sizeof(out)), 4 * len);
	}
	check("\xe2\xa0\x81", 3, "\xe2\xa0\x81"); /* its neighbours are seen */
	check("\xe3\x80\x81", 3, "\xe3\x80\x81");
}

static void a_message_keeps_what_was_escaped(void **state)
{
	static const char in[] = "no \\x1b: \x1b[31m\n\xff";
	char out[64];

	(void)state;
	lt_escape_message(in, strlen(in), out, sizeof(out));
	assert_string_equal(out, "no \\x1b: \\x1b[31m\\x0a\\xff");
}

static void every_byte_comes_out_printable(void **state)
{
	char in[256], out[4 * 256 + 1];

	(void)state;
	for (int i = 0; i < 256; i++)
		in[i] = (char)i;
	lt_escape(in, sizeof(in), out, sizeof(out));
	for (const char *p = out; *p; p++)
		assert_true(*p >= ' ' && *p <= '~');
}

/* The quick look agrees with the sanitiser, byte by byte; what is not ASCII it may leave to it. */
static void plain_is_what_passes_unchanged(void **state)
{
	char out[16];

	(void)state;
	for (int i = 0; i < 256; i++) {
		const char in[] = { 'a', 'b', 'c', 'd', (char)i, 'e' };
		bool passes = lt_escape(in, sizeof(in), out, sizeof(out)) == sizeof(in);

		if (lt_escape_is_plain(in, sizeof(in)) != passes)
			fail_msg("byte 0x%02x", i);
	}
	assert_true(lt_escape_is_plain("", 0));
}

static void a_small_buffer_is_cut_between_characters(void **state)
{
	char out[6];

	(void)state;
	assert_int_equal(lt_escape("ab\x01z", 4, out, sizeof(out)), 7);
	assert_string_equal(out, "ab");
	assert_int_equal(lt_escape("abc", 3, NULL, 0), 3);
}

static void equal_strings_are_one_pointer(void **state)
{
	struct lt_strings *pool = lt_strings_new();
	const char *first = lt_strings_add(pool, "comm\n", 5);
	char text[16];

	(void)state;
	assert_string_equal(first, "comm\\x0a");
	for (int i = 0; i < 5000; i++) {
		int len = snprintf(text, sizeof(text), "name %d", i);

		assert_string_equal(lt_strings_add(pool, text, (size_t)len), text);
	}
	assert_ptr_equal(lt_strings_add(pool, "comm\n", 5), first);
	lt_strings_free(pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_text_passes),
		cmocka_unit_test(control_and_broken_bytes_are_named),
		cmocka_unit_test(what_nobody_sees_is_named),
		cmocka_unit_test(a_message_keeps_what_was_escaped),
		cmocka_unit_test(every_byte_comes_out_printable),
		cmocka_unit_test(plain_is_what_passes_unchanged),
		cmocka_unit_test(a_small_buffer_is_cut_between_characters),
		cmocka_unit_test(equal_strings_are_one_pointer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
