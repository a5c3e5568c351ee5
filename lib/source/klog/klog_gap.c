// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Lines that say that messages are missing from a log:
 *
 *	"** " N " printk messages dropped **" ...	the kernel, on a console that is too slow
 *	"printk: " N " messages dropped"		the same
 *	"Missed " N " kernel messages"			journald
 *	N " messages lost due to rate-limiting"		rsyslog's imklog
 *	"expire " N " line" ["s"]			logd of Android, by the tag "chatty"
 *	"...", "[...]", "<snip>", "--- cut ---"		somebody who passed the log on
 */
#include "source/klog/klog_gap.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/array_size.h"

/* Nobody's mark is longer. */
#define MARK_MAX 40

static bool has(struct lt_text text, const char *words)
{
	return lt_text_find(&text, words);
}

/* Of most lines a character that @words has and few other words do says that it is not there. */
static bool has_rare(struct lt_text text, char rare, const char *words)
{
	return memchr(text.pos, rare, (size_t)(text.end - text.pos)) && has(text, words);
}

/* "3 printk messages dropped" */
static bool is_dropped(struct lt_text at)
{
	uint64_t nr;

	return lt_text_u64(&at, &nr) && (lt_text_literal(&at, " printk messages dropped") ||
					 lt_text_literal(&at, " messages dropped"));
}

static bool says_kernel(struct lt_text at)
{
	return (lt_text_literal(&at, "** ") || lt_text_literal(&at, "printk: ")) && is_dropped(at);
}

/* What is left of a line without its marks, in small letters. */
static bool says_cut(struct lt_text raw)
{
	static const char *const words[] = { "snip",	"snipped", "cut",    "trimmed",
					     "skipped", "omitted", "removed" };
	char word[MARK_MAX];
	size_t nr = 0, nr_dots = 0;

	for (; raw.pos < raw.end; raw.pos++) {
		nr_dots += *raw.pos == '.';
		if (raw.end - raw.pos > 2 && !memcmp(raw.pos, "\xe2\x80\xa6", 3))
			nr_dots += 3;
		if (isalnum((unsigned char)*raw.pos))
			word[nr++] = (char)tolower((unsigned char)*raw.pos);
	}
	if (!nr)
		return nr_dots >= 3;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (nr == strlen(words[i]) && !memcmp(word, words[i], nr))
			return true;
	return false;
}

bool lt_klog_is_gap(const struct lt_klog_line *line, struct lt_text raw)
{
	if (raw.pos == raw.end)
		return false;
	if (raw.end - raw.pos < MARK_MAX && says_cut(raw))
		return true;
	if (lt_span_is(line->tag, "chatty"))
		return has(line->text, "expire ");
	return says_kernel(line->text) || says_kernel(raw) ||
	       (has_rare(line->text, 'M', "Missed ") && has(line->text, " kernel messages")) ||
	       has_rare(line->text, '(', " messages lost due to rate-limiting");
}
