// SPDX-License-Identifier: LGPL-2.1-or-later
/* Decodes base64 that comes in lines, as mails have it. */
#include "base/base64.h"

static int value_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool lt_base64_is(const char *p, size_t len)
{
	const char *end = p + len;

	while (end > p && end - p > (ptrdiff_t)len - 2 && end[-1] == '=')
		end--;
	if (p == end)
		return false;
	for (; p < end; p++)
		if (value_of(*p) < 0)
			return false;
	return true;
}

size_t lt_base64_decode(struct lt_base64 *state, const char *p, size_t len, char *out)
{
	size_t nr = 0;

	for (size_t i = 0; i < len && p[i] != '='; i++) {
		state->bits = state->bits << 6 | (uint32_t)value_of(p[i]);
		state->nr_bits += 6;
		if (state->nr_bits < 8)
			continue;
		state->nr_bits -= 8;
		out[nr++] = (char)(state->bits >> state->nr_bits & 0xff);
	}
	return nr;
}
