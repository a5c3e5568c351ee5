// SPDX-License-Identifier: LGPL-2.1-or-later
/* Says why a file that was named is not read. */
#include "source/given/refusal.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/escape.h"

struct lt_given_name lt_given_name_of(const char *name)
{
	struct lt_given_name safe;

	lt_escape(name, strlen(name), safe.text, sizeof(safe.text));
	return safe;
}

void lt_given_say(struct lt_given_why *why, const char *fmt, ...)
{
	size_t len = strlen(why->text);
	va_list args;

	va_start(args, fmt);
	vsnprintf(why->text + len, sizeof(why->text) - len, fmt, args);
	va_end(args);
}

int lt_given_refuse_unknown(struct lt_given_why *why, const char *name, int fd)
{
	struct stat st;

	if (!fstat(fd, &st) && !st.st_size)
		lt_given_say(why, "cannot read %s: it is empty", name);
	else
		lt_given_say(why,
			     "cannot read %s: it is nothing that ltpin knows, and has no "
			     "message of a kernel in it; ltpin-report(1) lists what is read",
			     name);
	return -EBADMSG;
}

int lt_given_refuse_kind(struct lt_given_why *why, const char *name, const struct lt_kind *kind)
{
	if (kind->use == LT_KIND_REPORT) {
		lt_given_say(
			why,
			"cannot read %s: it is %s, no evidence: it was judged when it was made. "
			"`ltpin report` shows it if nothing else is given; evidence is the capture that "
			"it was made from",
			name, kind->name);
		return -EBADMSG;
	}
	lt_given_say(why, "cannot read %s: it is %s%s%s", name, kind->name,
		     kind->hint ? "; give what this makes of it: " : "",
		     kind->hint ? kind->hint : "");
	return -EBADMSG;
}
