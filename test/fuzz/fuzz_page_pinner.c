// SPDX-License-Identifier: GPL-2.0-or-later
/* Feeds any bytes to the parser of page pinner. */
#include "fuzz.h"

#include <errno.h>
#include <stdlib.h>

#include "source/page/page_pinner.h"

const char fuzz_seeds[] = "page_pinner";

struct text {
	const char *start, *end;
};

static int check(const struct lt_page_pinner_record *record, void *arg)
{
	const struct text *text = arg;

	if (record->ts_us.known == record->held_us.known || record->stack.p < text->start ||
	    record->stack.len > (size_t)(text->end - record->stack.p))
		abort();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text text = { (const char *)data, (const char *)data + size };
	struct lt_diag diag = { 0 };
	int err = lt_page_pinner_parse(text.start, size, check, &text, &diag);

	if (err && (err != -EBADMSG || !diag.why[0]))
		abort();
	return 0;
}
