// SPDX-License-Identifier: GPL-2.0-or-later
/* Feeds any bytes to the parser of klog. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "model/area.h"
#include "source/klog/klog.h"
#include "source/klog/klog_envelope.h"

const char fuzz_seeds[] = "klog dmesg.txt .log";

/* The rows of envelopes make nothing of a line that is taken for bare. */
static void check_bare(struct lt_klog_line line, struct lt_klog_scratch *scratch)
{
	struct lt_klog_line asked;

	memcpy(&asked, &line, sizeof(asked));
	if (lt_klog_envelope_parse(&asked, scratch) || asked.text.pos != line.text.pos ||
	    asked.text.end != line.text.end || asked.is_others != line.is_others ||
	    asked.is_users != line.is_users || asked.is_tagged != line.is_tagged ||
	    asked.has_time != line.has_time || asked.ts_ns.known != line.ts_ns.known ||
	    asked.ts_ns.val != line.ts_ns.val || asked.host.p != line.host.p ||
	    asked.key.p != line.key.p || asked.tag.p != line.tag.p)
		abort();
}

/* Layer by layer, each line as it stands. */
static void check_lines(const uint8_t *data, size_t size)
{
	struct lt_klog_scratch scratch = { 0 };
	struct lt_text text, raw;

	lt_text_init(&text, (const char *)data, size);
	while (lt_text_line(&text, &raw)) {
		struct lt_klog_line line = { .text = raw };

		if (lt_klog_scratch_reset(&scratch, (size_t)(raw.end - raw.pos)))
			abort();
		for (int i = 0; i < 48; i++) {
			if (lt_klog_line_is_bare(&line))
				check_bare(line, &scratch);
			if (!lt_klog_envelope_parse(&line, &scratch))
				break;
		}
	}
	lt_klog_scratch_fini(&scratch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lt_strings *strings = lt_strings_new();
	struct lt_klog klog = { 0 };
	struct lt_areas areas = { 0 };
	struct lt_diag diag = { 0 };

	if (!lt_klog_parse((const char *)data, size, strings, &klog, &diag))
		lt_attempts_locate(&klog.attempts, &areas);
	lt_vec_each(attempt, &klog.attempts)
		if (attempt->failed == attempt->is_open || !attempt->count ||
		    (attempt->is_open && !attempt->tries.nr))
			abort();
	lt_vec_each(attempt, &klog.attempts)
		if ((attempt->largest_free_run.known && !attempt->nr_free.known) ||
		    (attempt->largest_free_run.known &&
		     attempt->largest_free_run.val > attempt->nr_free.val))
			abort();
	if (klog.bitmaps.nr != klog.attempts.nr)
		abort();
	lt_klog_fini(&klog);
	lt_strings_free(strings);
	check_lines(data, size);
	return 0;
}
