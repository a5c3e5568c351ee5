// SPDX-License-Identifier: GPL-2.0-or-later
/* Says what was done with the evidence when it was captured. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/memstream.h"
#include "render/evidence.h"

static void put(FILE *out, const struct lt_redaction *redaction)
{
	bool is_one = redaction->nr_places.known && redaction->nr_places.val == 1;

	fprintf(out, "%s%s (%s, in %s place%s)", ftell(out) ? ", " : "",
		redaction->kind ? redaction->kind : "?", text_num(redaction->nr_names).s,
		text_num(redaction->nr_places).s, is_one ? "" : "s");
}

char *origin_redacted(const struct text *text, const struct lt_origin *origin)
{
	char *words = NULL;
	size_t len;
	FILE *out = origin->redacted.nr ? open_memstream(&words, &len) : NULL;

	if (!out) {
		if (origin->redacted.nr)
			text_lose(text);
		return NULL;
	}
	lt_vec_each(redaction, &origin->redacted)
		put(out, redaction);
	if (lt_memstream_close(out, &words))
		text_lose(text);
	return words;
}
