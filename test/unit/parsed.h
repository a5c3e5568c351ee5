/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TEST_UNIT_PARSED_H
#define TEST_UNIT_PARSED_H

#include "test.h"

#include <errno.h>

#include "base/diag.h"
#include "base/strings.h"

/*
 * What a parser makes of a text. Before it includes this, a test of a parser defines
 *	PARSED_MEMBERS		what is parsed, as members of struct parsed
 *	PARSED_BY(p, buf, len)	the call of the parser
 *	PARSED_NOTHING(p)	asserts that a parser that failed left all untouched
 *	PARSED_FREE(p)
 *	PARSED_FOLDER		where its damaged files are, below test/malformed
 */
struct parsed {
	struct lt_strings *strings;
	PARSED_MEMBERS;
	struct lt_diag diag;
	int err;
};

static inline struct parsed parse(const char *buf, size_t len)
{
	struct parsed parsed = { .strings = lt_strings_new() };

	parsed.err = PARSED_BY(&parsed, buf, len);
	if (parsed.err)
		PARSED_NOTHING(&parsed);
	return parsed;
}

static inline struct parsed parse_text(const char *text)
{
	return parse(text, strlen(text));
}

static inline struct parsed parse_file(const char *path)
{
	struct lt_buf buf = test_file(path);
	struct parsed parsed = parse(buf.data, buf.len);

	free(buf.data);
	return parsed;
}

static inline void done(struct parsed *parsed)
{
	PARSED_FREE(parsed);
	lt_strings_free(parsed->strings);
}

static inline void check_refused(struct parsed parsed, unsigned int line, const char *why)
{
	assert_int_equal(parsed.err, -EBADMSG);
	assert_int_equal(parsed.diag.line, line);
	if (!strstr(parsed.diag.why, why))
		fail_msg("\"%s\" is not in \"%s\"", why, parsed.diag.why);
	done(&parsed);
}

/* The text is refused at a line, with these words in the reason. */
static inline void refuse(const char *text, unsigned int line, const char *why)
{
	check_refused(parse_text(text), line, why);
}

/* The same for a damaged file. */
static inline void refuse_file(const char *name, unsigned int line, const char *why)
{
	char path[256];

	snprintf(path, sizeof(path), MALFORMED PARSED_FOLDER "/%s", name);
	check_refused(parse_file(path), line, why);
}

#endif
