// SPDX-License-Identifier: LGPL-2.1-or-later
/* Parses files of "name value" lines, as meminfo and vmstat are. */
#include "source/counters.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/text.h"

static size_t index_of(const struct lt_counters *counters, struct lt_span name)
{
	size_t i = 0;

	while (counters->wanted[i].name && !lt_span_is(name, counters->wanted[i].name))
		i++;
	return i;
}

static struct lt_num *number_at(void *out, const struct lt_counter *counter)
{
	return (struct lt_num *)((char *)out + counter->offset);
}

/* The value of a wanted row, which must be all that is left of @line. */
static bool parse_value(struct lt_text *line, const char *unit, struct lt_num *out)
{
	uint64_t val;

	if (!lt_text_u64(line, &val) || !lt_text_literal(line, unit))
		return false;
	lt_text_blanks(line);
	if (!lt_text_at_end(line))
		return false;
	*out = lt_num(val);
	return true;
}

int lt_counters_parse(const struct lt_counters *counters, const char *buf, size_t len, void *out,
		      struct lt_diag *diag)
{
	struct lt_num found[LT_COUNTERS_MAX] = { 0 };
	struct lt_diag remark = { 0 };
	struct lt_text text, line;
	unsigned int nr_rows = 0;

	lt_text_init(&text, buf, len);
	while (lt_text_line(&text, &line)) {
		struct lt_span name;
		uint64_t val;
		size_t i;

		if (lt_text_is_cut(&text)) {
			lt_text_remark(&line, &remark, "the last line is cut off");
			break;
		}
		if (lt_text_is_blank(&line))
			continue;
		if (!lt_text_until(&line, counters->after_name, &name)) {
			remark.nr_skipped++;
			continue;
		}
		lt_text_blanks(&line);
		i = index_of(counters, name);
		if (!counters->wanted[i].name) {
			*(lt_text_u64(&line, &val) ? &nr_rows : &remark.nr_skipped) += 1;
			continue;
		}
		nr_rows++;
		if (found[i].known)
			remark.nr_skipped++;
		else if (!parse_value(&line, counters->unit, &found[i]))
			return lt_text_fail(&line, diag, "expected a number and its unit");
	}
	if (!nr_rows)
		return lt_text_fail(&text, diag, "no counter in it");
	for (size_t i = 0; counters->wanted[i].name; i++)
		*number_at(out, &counters->wanted[i]) = found[i];
	lt_diag_merge(diag, &remark);
	return 0;
}
