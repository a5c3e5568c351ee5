// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The clock of a trace buffer:
 *
 *	per_cpu/cpu0/stats	{line} "now ts:" blanks SECONDS "." MICROSECONDS {line}
 *	trace_clock		{NAME " "} "[" NAME "]" {" " NAME}
 *
 * the same from 5.10 to 7.2. A trace clock that does not count time prints no dot.
 * Fixtures: test/saved/trace_stats, trace_clock of the trees.
 */
#include "source/trace/trace_now.h"

#include <errno.h>

#include "base/text.h"

int lt_trace_now_parse(const char *buf, size_t len, uint64_t *now_ns)
{
	struct lt_text text, line;
	uint64_t s, us;

	lt_text_init(&text, buf, len);
	while (lt_text_line(&text, &line)) {
		if (!lt_text_literal(&line, "now ts:"))
			continue;
		lt_text_blanks(&line);
		if (!lt_text_u64(&line, &s) || !lt_text_literal(&line, ".") ||
		    !lt_text_u64(&line, &us) || s > UINT64_MAX / 2000000000 || us >= 1000000)
			return -EBADMSG;
		*now_ns = s * 1000000000 + us * 1000;
		return 0;
	}
	return -EBADMSG;
}

int lt_trace_clock_name(const char *buf, size_t len, struct lt_strings *strings, const char **out)
{
	struct lt_text text;
	struct lt_span before, name;

	*out = NULL;
	lt_text_init(&text, buf, len);
	if (!lt_text_until(&text, "[", &before) || !lt_text_until(&text, "]", &name) || !name.len)
		return 0;
	*out = lt_strings_span(strings, name);
	return *out ? 0 : -ENOMEM;
}
