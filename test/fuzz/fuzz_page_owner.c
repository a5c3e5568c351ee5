// SPDX-License-Identifier: GPL-2.0-or-later
/* Feeds any bytes to the parser of page owner. */
#include "fuzz.h"

#include <stdlib.h>

#include "base/compiler.h"
#include "source/page_owner/page_owner.h"

const char fuzz_seeds[] = "page_owner page_owner.cma-records.txt";

/* A digest of the records, to compare two readings of one text. */
static int digest(const struct lt_owner *owner, void *arg)
{
	const uint64_t parts[] = {
		owner->pfn,
		owner->order,
		owner->pid.known,
		owner->ts_ns.val,
		(uintptr_t)owner->comm,
		(uintptr_t)owner->gfp,
		(uintptr_t)owner->stack,
	};
	uint64_t *sum = arg;

	if (!owner->gfp || !owner->migratetype || !owner->block_migratetype || owner->order > 31)
		abort();
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		*sum = (*sum ^ parts[i]) * 0x100000001b3u;
	return 0;
}

static uint64_t parse(const char *buf, size_t len, size_t step, struct lt_strings *strings,
		      struct lt_stacks *stacks)
{
	uint64_t sum = 0;
	struct lt_page_owner_sink sink = { strings, stacks, digest, &sum };
	struct lt_page_owner *parser = lt_page_owner_new(&sink);
	struct lt_diag diag = { 0 };
	struct lt_page_owner_stats stats;

	/* That it fails is as good as that it does not. */
	for (size_t at = 0; at < len; at += step)
		lt_ignore(lt_page_owner_feed(parser, buf + at, len - at < step ? len - at : step));
	lt_ignore(lt_page_owner_end(parser, &diag));
	stats = lt_page_owner_stats(parser);
	lt_page_owner_free(parser);
	return sum ^ stats.nr_records << 32 ^ stats.nr_unknown_lines;
}

/* Where the chunks are cut makes no difference. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lt_strings *strings = lt_strings_new();
	struct lt_stacks *stacks = lt_stacks_new();
	const char *buf = (const char *)data;

	if (parse(buf, size, size + 1, strings, stacks) != parse(buf, size, 37, strings, stacks))
		abort();
	lt_stacks_free(stacks);
	lt_strings_free(strings);
	return 0;
}
