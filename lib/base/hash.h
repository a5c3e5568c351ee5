/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_BASE_HASH_H
#define LT_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint64_t lt_hash_word(uint64_t hash, uint64_t word)
{
	return (hash ^ word) * 0x9e3779b97f4a7c15u;
}

/* The high half is the better one. */
static inline uint64_t lt_hash_end(uint64_t hash)
{
	return hash ^ hash >> 32;
}

/* Eight bytes at a time. Its values differ between processors: for tables in memory alone. */
static inline uint64_t lt_hash_bytes(const char *p, size_t len)
{
	uint64_t hash = len, word;

	for (; len >= sizeof(word); p += sizeof(word), len -= sizeof(word)) {
		memcpy(&word, p, sizeof(word));
		hash = lt_hash_end(lt_hash_word(hash, word));
	}
	word = 0;
	for (size_t i = 0; i < len; i++)
		word |= (uint64_t)(unsigned char)p[i] << 8 * i;
	return lt_hash_end(lt_hash_word(hash, word));
}

#endif
