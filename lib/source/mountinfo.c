// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Which file system is mounted from a device: /proc/self/mountinfo, a line a mount, the same on
 * 5.10 to 7.2 (show_mountinfo() in fs/proc_namespace.c; it writes blanks in names as \040):
 *
 *	ID PARENT MAJOR ":" MINOR ROOT TARGET OPTIONS {TAG} "-" TYPE SOURCE OPTIONS
 *
 * A file system that is on one device has the number of that device. Of a mount in another mount
 * namespace nothing is seen.
 */
#include "source/mountinfo.h"

#define MINOR_BITS 20

bool lt_mountinfo_dev(struct lt_text *text, uint32_t *out)
{
	struct lt_text at = *text;
	uint64_t major, minor;

	if (!lt_text_u64(&at, &major) || !lt_text_literal(&at, ":") || !lt_text_u64(&at, &minor) ||
	    minor >> MINOR_BITS || major >> (32 - MINOR_BITS))
		return false;
	*text = at;
	*out = (uint32_t)(major << MINOR_BITS | minor);
	return true;
}

static bool parse_dev(struct lt_text *line, uint32_t *out)
{
	struct lt_span word;

	for (int i = 0; i < 2; i++) {
		lt_text_blanks(line);
		if (!lt_text_word(line, &word))
			return false;
	}
	lt_text_blanks(line);
	return lt_mountinfo_dev(line, out);
}

static bool parse_type(struct lt_text *line, struct lt_span *out)
{
	struct lt_span word;

	do {
		lt_text_blanks(line);
		if (!lt_text_word(line, &word))
			return false;
	} while (word.len != 1 || *word.p != '-');
	lt_text_blanks(line);
	return lt_text_word(line, out);
}

bool lt_mountinfo_find(const char *buf, size_t len, uint32_t dev, struct lt_span *out)
{
	struct lt_text text, line;
	struct lt_span type;
	uint32_t found;

	lt_text_init(&text, buf, len);
	while (lt_text_line(&text, &line)) {
		if (lt_text_is_cut(&text) || !parse_dev(&line, &found) || found != dev ||
		    !parse_type(&line, &type))
			continue;
		*out = type;
		return true;
	}
	return false;
}
