// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Parts of a mail that are base64: behind the empty line that ends a head which says so, up to a line
 * that is none (RFC 2045). klog_text.c reads them; here it is enough to see what they are.
 */
#include "source/given/mail.h"

#include <string.h>
#include <strings.h>

#include "base/base64.h"
#include "base/text.h"

static bool is_head(struct lt_span line)
{
	static const char key[] = "Content-Transfer-Encoding:";

	return line.len > sizeof(key) && !strncasecmp(line.p, key, sizeof(key) - 1) &&
	       memmem(line.p, line.len, "base64", 6);
}

size_t lt_mail_decode(const char *buf, size_t len, char *out)
{
	struct lt_base64 state = { 0 };
	struct lt_text text, at;
	bool has_head = false, has_body = false;
	size_t nr = 0;

	lt_text_init(&text, buf, len);
	while (lt_text_line(&text, &at)) {
		const struct lt_span line = lt_text_rest(&at);

		if (is_head(line)) {
			has_head = true;
			has_body = false;
			state = (struct lt_base64){ 0 };
		} else if (has_head && !has_body) {
			has_body = !line.len;
		} else if (has_body && lt_base64_is(line.p, line.len)) {
			nr += lt_base64_decode(&state, line.p, line.len, out + nr);
		} else if (line.len) {
			has_head = has_body = false;
		}
	}
	return nr;
}
