// SPDX-License-Identifier: LGPL-2.1-or-later
/* Keeps each string once, made printable. */
#include "base/strings.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/escape.h"
#include "base/hash.h"

struct slot {
	const char *text; /* NULL if empty */
	uint64_t hash;
	size_t len;
};

struct lt_strings {
	struct lt_arena arena;
	struct slot *slots; /* open addressing, nr_slots is a power of two */
	size_t nr_slots, nr;
};

struct lt_strings *lt_strings_new(void)
{
	return calloc(1, sizeof(struct lt_strings));
}

void lt_strings_free(struct lt_strings *pool)
{
	if (!pool)
		return;
	lt_arena_free(&pool->arena);
	free(pool->slots);
	free(pool);
}

/* Where @text is, or has its place. */
static struct slot *find_slot(const struct lt_strings *pool, const char *text, size_t len,
			      uint64_t hash)
{
	size_t i = hash & (pool->nr_slots - 1);

	for (;; i = (i + 1) & (pool->nr_slots - 1)) {
		const struct slot *slot = &pool->slots[i];

		if (!slot->text || (slot->hash == hash && slot->len == len &&
				    (!len || !memcmp(slot->text, text, len))))
			return &pool->slots[i];
	}
}

static int grow_slots(struct lt_strings *pool)
{
	struct lt_strings grown = { .nr_slots = pool->nr_slots ? pool->nr_slots * 2 : 256 };

	grown.slots = calloc(grown.nr_slots, sizeof(*grown.slots));
	if (!grown.slots)
		return -1;
	for (size_t i = 0; i < pool->nr_slots; i++) {
		const struct slot *old = &pool->slots[i];

		if (old->text)
			*find_slot(&grown, old->text, old->len, old->hash) = *old;
	}
	free(pool->slots);
	pool->slots = grown.slots;
	pool->nr_slots = grown.nr_slots;
	return 0;
}

/*
 * Intern @len bytes that need no escape. They are copied if they are new, unless the caller wrote
 * them, and a NUL, to reserved memory.
 */
static const char *intern(struct lt_strings *pool, const char *bytes, size_t len)
{
	const uint64_t hash = lt_hash_bytes(bytes, len);
	struct slot *slot;
	char *text;

	if (pool->nr * 4 >= pool->nr_slots * 3 && grow_slots(pool))
		return NULL;
	slot = find_slot(pool, bytes, len, hash);
	if (slot->text)
		return slot->text;
	text = lt_arena_reserve(&pool->arena, len + 1);
	if (!text)
		return NULL;
	if (len && text != bytes)
		memcpy(text, bytes, len);
	text[len] = '\0';
	*slot = (struct slot){ .text = text, .hash = hash, .len = len };
	pool->nr++;
	lt_arena_keep(&pool->arena, len + 1);
	return text;
}

const char *lt_strings_add(struct lt_strings *pool, const char *bytes, size_t len)
{
	size_t size;
	char *text;

	if (lt_escape_is_plain(bytes, len))
		return intern(pool, bytes, len);
	size = lt_escape(bytes, len, NULL, 0) + 1;
	text = lt_arena_reserve(&pool->arena, size);
	if (!text)
		return NULL;
	lt_escape(bytes, len, text, size);
	return intern(pool, text, size - 1);
}

const char *lt_strings_restore(struct lt_strings *pool, const char *text)
{
	char *bytes = text ? malloc(strlen(text) + 1) : NULL;
	const char *interned;

	if (!bytes)
		return NULL;
	interned = lt_strings_add(pool, bytes, lt_unescape(text, bytes));
	free(bytes);
	return interned;
}

const char *lt_strings_format(struct lt_strings *pool, const char *fmt, ...)
{
	va_list args, again;
	const char *interned = NULL;
	char *text;
	int len;

	va_start(args, fmt);
	va_copy(again, args);
	len = vsnprintf(NULL, 0, fmt, args);
	text = len < 0 ? NULL : lt_arena_reserve(&pool->arena, (size_t)len + 1);
	if (text) {
		vsnprintf(text, (size_t)len + 1, fmt, again);
		interned = intern(pool, text, (size_t)len);
	}
	va_end(again);
	va_end(args);
	return interned;
}
