// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/base/needles.c. */
#include "test.h"

#include "base/needles.h"

/* Few letters, so that begins, ends and middles of words are often alike. */
static size_t draw_word(char *out, size_t max, const char *letters)
{
	size_t len = 1 + (size_t)rand() % max;

	for (size_t i = 0; i < len; i++)
		out[i] = letters[(size_t)rand() % strlen(letters)];
	out[len] = '\0';
	return len;
}

static bool has_any(const char *text, const char *const *list, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		if (strcasestr(text, list[i]))
			return true;
	return false;
}

#define NR_WORDS 5

/* Draw up to NR_WORDS of them and 20 texts; those that have a word are counted. */
static void check_some(size_t *nr_found)
{
	const size_t nr = (size_t)rand() % (NR_WORDS + 1);
	char words[NR_WORDS][8], text[24];
	const char *list[NR_WORDS];
	struct lt_needles needles;

	for (size_t i = 0; i < NR_WORDS; i++) {
		draw_word(words[i], sizeof(words[i]) - 1, "aAb:");
		list[i] = words[i];
	}
	lt_needles_init(&needles, list, nr);
	for (int i = 0; i < 20; i++) {
		size_t len = draw_word(text, sizeof(text) - 1, "aabBx:\xc2");
		bool has = has_any(text, list, nr);

		assert_int_equal(lt_needles_are_in(&needles, text, len), has);
		*nr_found += has;
	}
}

static void any_of_them_is_found_and_nothing_else(void **state)
{
	size_t nr_found = 0;

	(void)state;
	srand(18);
	for (int round = 0; round < 2000; round++)
		check_some(&nr_found);
	assert_true(nr_found > 10000 && nr_found < 39000);
}

static void a_nul_byte_is_found(void **state)
{
	static const char *const list[] = { "ab" };
	struct lt_needles needles;

	(void)state;
	lt_needles_init(&needles, list, 1);
	assert_true(lt_needles_are_in(&needles, "x\0y", 3));
	assert_true(lt_needles_are_in(&needles, "a\0b", 3));
	assert_false(lt_needles_are_in(&needles, "a", 1));
	assert_false(lt_needles_are_in(&needles, "ab", 1)); /* no further than it is told */
	assert_false(lt_needles_are_in(&needles, "", 0));
}

/* More words than an integer has bits. */
static void many_words_are_found(void **state)
{
	static char words[100][8];
	const char *list[100];
	struct lt_needles needles;

	(void)state;
	for (size_t i = 0; i < 100; i++) {
		snprintf(words[i], sizeof(words[i]), "word%02zu", i);
		list[i] = words[i];
	}
	lt_needles_init(&needles, list, 99);
	for (size_t i = 0; i < 100; i++)
		assert_int_equal(lt_needles_are_in(&needles, words[i], strlen(words[i])), i < 99);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_of_them_is_found_and_nothing_else),
		cmocka_unit_test(a_nul_byte_is_found),
		cmocka_unit_test(many_words_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
