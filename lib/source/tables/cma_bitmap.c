// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The file "bitmap" of a CMA area in debugfs: WORD {" " WORD} LF. See cma_debugfs_source.c.
 * The kernel has 11 bytes for each word, and ends its text with a NUL (u32_format_array() of
 * fs/debugfs/file.c): if every word has ten digits, as in an area that is given out completely,
 * the line feed has no room.
 */
#include "source/tables/cma_bitmap.h"

#include <errno.h>
#include <stdlib.h>

#include "base/text.h"

#define WORD_SIZE 11

static size_t words_for(size_t nr_bits)
{
	return nr_bits / 32 + (nr_bits % 32 ? 1 : 0);
}

int lt_cma_words_parse(const char *buf, size_t len, struct lt_cma_words *out, struct lt_diag *diag)
{
	struct lt_text text;

	lt_text_init(&text, buf, len);
	for (;;) {
		uint64_t val;
		uint32_t *word;

		lt_text_blanks(&text);
		if (lt_text_literal(&text, "\n"))
			break;
		if (lt_text_at_end(&text) && out->nr && len + 1 == out->nr * WORD_SIZE)
			break;
		if (lt_text_at_end(&text))
			return lt_text_fail(&text, diag, "the bitmap is cut off");
		if (!lt_text_u64(&text, &val) || val > UINT32_MAX)
			return lt_text_fail(&text, diag, "expected a decimal 32-bit word");
		word = lt_vec_push(out);
		if (!word)
			return -ENOMEM;
		*word = (uint32_t)val;
	}
	if (!lt_text_at_end(&text))
		return lt_text_fail(&text, diag, "expected the end after one line of words");
	return 0;
}

int lt_cma_words_clip(struct lt_cma_words *words, size_t nr_bits, struct lt_bitmap *out,
		      struct lt_diag *diag)
{
	size_t nr = words_for(nr_bits);

	if (words->nr < nr) {
		lt_diag_set(diag, "%zu words, but %zu bits need %zu", words->nr, nr_bits, nr);
		return -EBADMSG;
	}
	if (!words->nr && !lt_vec_push(words))
		return -ENOMEM;
	if (words->nr > nr && nr && diag)
		diag->nr_skipped++;
	if (nr_bits % 32)
		words->v[nr - 1] &= (UINT32_C(1) << nr_bits % 32) - 1;
	*out = (struct lt_bitmap){ .words = words->v, .nr_bits = nr_bits };
	*words = (struct lt_cma_words){ 0 };
	return 0;
}

int lt_cma_bitmap_parse(const char *buf, size_t len, size_t nr_bits, struct lt_bitmap *out,
			struct lt_diag *diag)
{
	struct lt_cma_words words = { 0 };
	int err = lt_cma_words_parse(buf, len, &words, diag);

	if (!err)
		err = lt_cma_words_clip(&words, nr_bits, out, diag);
	lt_vec_free(&words);
	return err;
}
