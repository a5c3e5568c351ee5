// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Which kernel it is. The running one tells through uname(2) and sysconf(3),
 * which a capture keeps in META; any other captured tree tells through
 *
 *	/proc/version			"Linux version" RELEASE ...
 *	/proc/sys/kernel/osrelease	RELEASE
 *	dmesg.txt			"Linux version" RELEASE ..., at the begin of each boot
 *
 * and its architecture and page size must be got elsewhere (kconfig.c,
 * lt_kernel_infer_page_size()). /proc/cmdline is one line, in both.
 * Fixtures: v5.10-arm64, v6.1-armhf, v6.12-x86-custom; v5.10-x86-custom-cmaheavy
 * lacks /proc/version, the *-cma-failure ones all of it.
 */
#include "source/tables/kernel.h"

#include <errno.h>

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

int lt_version_find(const char *buf, size_t len, struct lt_strings *strings, const char **release)
{
	struct lt_span word, last = { 0 };
	struct lt_text text;

	lt_text_init(&text, buf, len);
	while (lt_text_find(&text, "Linux version "))
		if (lt_text_word(&text, &word) && word.p[0] >= '1' && word.p[0] <= '9')
			last = word;
	if (!last.len)
		return 0;
	*release = lt_strings_span(strings, last);
	return *release ? 0 : -ENOMEM;
}
