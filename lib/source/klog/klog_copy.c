// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A line of the kernel behind anything at all. Whoever copied it left as proof, right before one of
 * its messages,
 *
 *	the stamp of printk			"NOTE: [   50.000001] cma: ..."
 *	the tag of the kernel			"1 ECU1 SYS JOUR 0 [... /  kernel: cma: ..." (DLT)
 *	the begin of a cell of a table		"12","kern","err","cma: ..."; another cell says "kern"
 *
 * A facility, or the tag of a program, says that the words are somebody else's.
 */
#include "source/klog/klog_envelope.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/array_size.h"

/* Nobody's prefix is longer. */
#define PREFIX_MAX 512

/* Behind "[...]", of which printk and vendors write some. */
static bool is_message_behind(struct lt_text at)
{
	struct lt_span group;

	while (lt_text_literal(&at, "["))
		if (!lt_text_until(&at, "]", &group))
			return false;
		else
			lt_text_blanks(&at);
	return lt_klog_is_message_at(at.pos, at.end);
}

/* "user  :err   : ", as dmesg -x writes it. */
static bool has_other_facility(struct lt_text prefix)
{
	static const char *const names[] = {
		"user", "mail", "daemon", "auth",     "syslog", "lpr",
		"news", "uucp", "cron",	  "authpriv", "ftp",	"local"
	};
	struct lt_span name;

	lt_text_blanks(&prefix);
	if (!lt_text_until(&prefix, ":", &name))
		return false;
	while (name.len &&
	       (name.p[name.len - 1] == ' ' || isdigit((unsigned char)name.p[name.len - 1])))
		name.len--;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (lt_span_is(name, names[i]))
			return true;
	return false;
}

static bool is_tag_of_kernel(struct lt_span word)
{
	return lt_span_is(word, "kernel:");
}

/* The last word is the kernel's tag, and no other is one. */
static bool ends_in_tag(struct lt_text prefix)
{
	struct lt_span word, last = { 0 };

	for (lt_text_blanks(&prefix); lt_text_word(&prefix, &word); lt_text_blanks(&prefix)) {
		if (last.len && is_tag_of_kernel(last))
			return false;
		if (lt_klog_is_other_facility(word) ||
		    (word.p[word.len - 1] == ':' && !is_tag_of_kernel(word) &&
		     !lt_klog_is_decoration(word)))
			return false;
		last = word;
	}
	return last.len && is_tag_of_kernel(last);
}

/* A cell begins where @prefix ends, and one of those before is of the kernel. */
static bool ends_in_cell(struct lt_text prefix)
{
	static const char *const kernels[] = { "kern", "kernel" };
	const char *end = prefix.end;

	end -= end > prefix.pos && (end[-1] == '"' || end[-1] == '\'');
	if (end == prefix.pos || !strchr(",;\t|", end[-1]))
		return false;
	for (const char *p = prefix.pos, *stop; p < end; p = stop + 1) {
		for (stop = p; stop < end && isalnum((unsigned char)*stop); stop++)
			;
		for (size_t i = 0; i < ARRAY_SIZE(kernels); i++)
			if ((size_t)(stop - p) == strlen(kernels[i]) &&
			    !strncasecmp(p, kernels[i], strlen(kernels[i])))
				return true;
	}
	return false;
}

static bool begins_here(const struct lt_klog_line *line, const char *p)
{
	struct lt_text at = line->text, prefix = line->text;

	at.pos = p;
	prefix.end = p;
	if (*p == '[')
		return lt_klog_is_stamp_at(p, line->text.end) && is_message_behind(at);
	return strchr("ca_n", *p) && lt_klog_is_message_at(p, line->text.end) &&
	       (ends_in_tag(prefix) || ends_in_cell(prefix));
}

bool lt_klog_parse_copy(struct lt_klog_line *line, struct lt_klog_scratch *scratch)
{
	const char *end = line->text.end;

	(void)scratch;
	if (line->ts_ns.known || line->is_others || line->is_tagged || line->key.len ||
	    has_other_facility(line->text))
		return false;
	if (end - line->text.pos > PREFIX_MAX)
		end = line->text.pos + PREFIX_MAX;
	for (const char *p = line->text.pos + 1; p < end; p++) {
		if (!*p || !begins_here(line, p))
			continue;
		line->is_tagged = true;
		line->text.pos = p;
		return true;
	}
	return false;
}
