// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Which kernel it is. The running one tells through uname(2) and sysconf(3),
 * which a capture keeps in META; any other captured tree tells through
 *
 *	/proc/version			"Linux version" RELEASE ...
 *	/proc/sys/kernel/osrelease	RELEASE
 *	dmesg.txt			"Linux version" RELEASE ..., at the begin of each boot; the last counts,
 *					and those that the kernel printed before those that somebody
 *					pasted
 *
 * and its architecture and page size must be got elsewhere (kconfig.c,
 * lt_kernel_infer_page_size()). /proc/cmdline is one line, in both.
 * Fixtures: v5.10-arm64, v6.1-armhf, v6.12-x86-custom; v5.10-x86-custom-cmaheavy
 * lacks /proc/version, the *-cma-failure ones all of it.
 */
#include "source/tables/kernel.h"

#include <errno.h>
#include <string.h>

#include "base/text.h"

int lt_version_parse(const char *buf, size_t len, struct lt_strings *strings, const char **release,
		     struct lt_diag *diag)
{
	struct lt_text text, line;
	struct lt_span word;
	const char *found;

	lt_text_init(&text, buf, len);
	line = text;
	if (!lt_text_line(&text, &line) || !lt_text_literal(&line, "Linux version ") ||
	    !lt_text_word(&line, &word) || lt_text_at_end(&line))
		return lt_text_fail(&line, diag, "expected \"Linux version RELEASE ...\"");
	found = lt_strings_span(strings, word);
	if (!found)
		return -ENOMEM;
	*release = found;
	return 0;
}

/* Behind a stamp, or the tag of a syslog line: nobody pasted it. */
static bool is_printed(const char *buf, const char *at)
{
	return at - buf >= 2 &&
	       (at[-1] == ';' || (at[-1] == ' ' && (at[-2] == ']' || at[-2] == ':')));
}

static void keep_word(struct lt_version_search *search, struct lt_span word, bool is_printed_line)
{
	if (word.len >= sizeof(search->release) || (search->is_printed && !is_printed_line))
		return;
	memcpy(search->release, word.p, word.len);
	search->release[word.len] = '\0';
	search->is_printed = is_printed_line;
}

void lt_version_search(struct lt_version_search *search, const char *buf, size_t len)
{
	static const char key[] = "Linux version ";
	struct lt_text text;
	struct lt_span word;

	lt_text_init(&text, buf, len);
	while (lt_text_find(&text, key)) {
		const char *at = text.pos - (sizeof(key) - 1);

		/* A word that the piece ends in is whole in the next one. */
		if (lt_text_word(&text, &word) && word.p[0] >= '1' && word.p[0] <= '9' &&
		    text.pos < text.end)
			keep_word(search, word, is_printed(buf, at));
	}
}
