// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What stands before the message in a line of a kernel log:
 *
 *	line    = [keeper] {"<" N ">" | "[" group "]" | blank} message
 *	keeper  = "kern" blanks ":" level ":"		dmesg -x
 *		| {word} "kernel:"			syslog, journalctl
 *		| stamp					dmesg --time-format iso
 *	group   = blanks SECONDS "." FRACTION		printk.time; the stamp that is kept
 *		| caller			CONFIG_PRINTK_CALLER: "    T1", "   C0"
 *		| anything				a date, "+0.047311", a vendor's CPU and task
 *
 * A word that ends in a colon and is not "kernel:" is the tag of a program:
 * what follows is its message, not the kernel's.
 */
#include "source/klog_line.h"

#include <string.h>

/* Date, host and the like; a syslog line has no more before its tag. */
#define NR_WORDS_MAX 8

#define NSEC_PER_SEC 1000000000u

/* The cursor stands behind "[". */
static bool take_stamp(struct lt_text group, struct lt_num *ts_ns)
{
	uint64_t sec, frac, ns = 1;
	const char *from;

	lt_text_blanks(&group);
	if (!lt_text_u64(&group, &sec) || !lt_text_literal(&group, "."))
		return false;
	from = group.pos;
	if (!lt_text_u64(&group, &frac) || !lt_text_at_end(&group) || group.pos - from > 9)
		return false;
	for (ptrdiff_t digits = group.pos - from; digits < 9; digits++)
		ns *= 10;
	if (sec > UINT64_MAX / NSEC_PER_SEC - 1)
		return false;
	*ts_ns = lt_num(sec * NSEC_PER_SEC + frac * ns);
	return true;
}

static bool skip_level(struct lt_text *line)
{
	struct lt_text at = *line;
	uint64_t level;

	if (!lt_text_literal(&at, "<") || !lt_text_u64(&at, &level) || !lt_text_literal(&at, ">"))
		return false;
	*line = at;
	return true;
}

static bool skip_group(struct lt_text *line, struct lt_num *ts_ns)
{
	struct lt_text at = *line;
	struct lt_span group;

	if (!lt_text_literal(&at, "[") || !lt_text_until(&at, "]", &group))
		return false;
	if (!ts_ns->known)
		take_stamp((struct lt_text){ .pos = group.p, .end = group.p + group.len }, ts_ns);
	*line = at;
	return true;
}

static void skip_groups(struct lt_text *line, struct lt_num *ts_ns)
{
	do
		lt_text_blanks(line);
	while (skip_level(line) || skip_group(line, ts_ns));
}

static bool skip_facility(struct lt_text *line)
{
	struct lt_text at = *line;
	struct lt_span level;

	if (!lt_text_literal(&at, "kern"))
		return false;
	lt_text_blanks(&at);
	if (!lt_text_literal(&at, ":") || !lt_text_until(&at, ":", &level))
		return false;
	*line = at;
	return true;
}

static bool skip_syslog(struct lt_text *line)
{
	struct lt_text at = *line;

	for (int i = 0; i < NR_WORDS_MAX; i++) {
		struct lt_span word;

		lt_text_blanks(&at);
		if (!lt_text_word(&at, &word))
			return false;
		if (lt_span_is(word, "kernel:")) {
			*line = at;
			return true;
		}
		if (word.p[word.len - 1] == ':')
			return false;
	}
	return false;
}

/* A date or a time of day: a word that begins with a digit and has a colon inside. */
static bool skip_date(struct lt_text *line)
{
	struct lt_text at = *line;
	struct lt_span word;

	if (!lt_text_word(&at, &word) || *word.p < '0' || *word.p > '9' ||
	    !memchr(word.p, ':', word.len - 1))
		return false;
	*line = at;
	return true;
}

void lt_klog_line_split(struct lt_text *line, struct lt_num *ts_ns)
{
	*ts_ns = (struct lt_num){ 0 };
	skip_groups(line, ts_ns);
	if (skip_facility(line) || skip_syslog(line) || skip_date(line))
		skip_groups(line, ts_ns);
}
