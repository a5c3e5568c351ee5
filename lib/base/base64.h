/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_BASE_BASE64_H
#define LT_BASE_BASE64_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Base64 (RFC 4648) that comes in lines. Zero-initialised is at its begin. */
struct lt_base64 {
	uint32_t bits;
	unsigned int nr_bits;
};

/* Whether @len bytes of @p are base64 and nothing else. */
bool lt_base64_is(const char *p, size_t len);

/* Decode @len bytes, which lt_base64_is(), into @out, which has room for as many. Returns how many. */
size_t lt_base64_decode(struct lt_base64 *state, const char *p, size_t len, char *out);

#endif
