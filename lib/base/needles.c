// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Each byte of the text is looked up once for each place that it can have in the begin of a word; the
 * bits that are left are words to compare. Nothing waits for what was before but a few bits, so that a
 * processor works on several bytes at a time.
 */
#include "base/needles.h"

#include <string.h>
#include <strings.h>

/* More words than bits share them; one is for NUL. */
#define NR_BITS 31
#define BIT_OF_NUL (1u << NR_BITS)

static uint32_t bit_of(size_t i)
{
	return 1u << i % NR_BITS;
}

static void allow(uint32_t *may, char c, uint32_t bit)
{
	may[(unsigned char)c] |= bit;
	/* The cases of a letter differ in that bit. */
	if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
		may[(unsigned char)(c ^ 0x20)] |= bit;
}

static void allow_any(uint32_t *may, uint32_t bit)
{
	for (size_t c = 0; c <= UCHAR_MAX; c++)
		may[c] |= bit;
}

static size_t begin_of(const char *word)
{
	return strnlen(word, LT_NEEDLES_BEGIN);
}

/* The begin of a word ends in the last place: before one that is shorter anything may stand. */
static void add(struct lt_needles *needles, const char *word, size_t len, uint32_t bit)
{
	const size_t skipped = LT_NEEDLES_BEGIN - len;

	for (size_t place = 0; place < skipped; place++) {
		allow_any(needles->may[place], bit);
		needles->begun[place] |= bit;
	}
	for (size_t place = skipped; place < LT_NEEDLES_BEGIN; place++)
		allow(needles->may[place], word[place - skipped], bit);
}

void lt_needles_init(struct lt_needles *needles, const char *const *list, size_t nr)
{
	*needles = (struct lt_needles){ .list = list, .nr = nr };
	for (size_t i = 0; i < nr; i++)
		add(needles, list[i], begin_of(list[i]), bit_of(i));
	add(needles, "", 1, BIT_OF_NUL);
}

/* Whether one of the words whose bits are in @found has its begin in front of @p. */
static bool is_at(const struct lt_needles *needles, const char *p, const char *end, uint32_t found)
{
	if (found & BIT_OF_NUL)
		return true;
	for (size_t i = 0; i < needles->nr; i++) {
		const char *word = needles->list[i], *at = p - begin_of(word);

		if (found & bit_of(i) && strlen(word) <= (size_t)(end - at) &&
		    !strncasecmp(at, word, strlen(word)))
			return true;
	}
	return false;
}

bool lt_needles_are_in(const struct lt_needles *needles, const char *p, size_t len)
{
	const uint32_t(*may)[UCHAR_MAX + 1] = needles->may;
	uint32_t first = needles->begun[0], second = needles->begun[1];
	const char *end = p + len;

	while (p < end) {
		const unsigned char c = (unsigned char)*p++;
		const uint32_t found = second & may[2][c];

		if (found && is_at(needles, p, end, found))
			return true;
		second = first & may[1][c];
		first = may[0][c];
	}
	return false;
}
