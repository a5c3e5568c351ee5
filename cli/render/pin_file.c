// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints the files and block devices that held pages are of. */
#include <stdlib.h>

#include "analyse/words_file.h"
#include "render/evidence.h"

#define FILES_MAX 8

static void print_file(struct text *text, const struct lt_pin *pin)
{
	char *words = lt_words_file(pin->file);

	if (words)
		text_wrapf(text, "  ", 4, "Page %s: %s.", text_pfn(pin->pfn).s, words);
	else
		text_lose(text);
	free(words);
}

/* What blocked comes first. */
void pin_print_files(struct text *text, const struct lt_snapshot *snap, size_t area)
{
	size_t nr = 0;

	for (int i = 0; i < 2; i++) {
		lt_vec_each(pin, &snap->pins) {
			if (!pin->file || pin->is_blocker == !!i ||
			    (area != LT_NO_AREA && pin->area != area))
				continue;
			if (nr++ < FILES_MAX)
				print_file(text, pin);
		}
	}
	if (nr > FILES_MAX)
		fprintf(text->out, "  ... and %zu more pages of files\n", nr - FILES_MAX);
}
