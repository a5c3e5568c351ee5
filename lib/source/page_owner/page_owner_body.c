// SPDX-License-Identifier: LGPL-2.1-or-later
/* Parses what follows the first line of a page_owner record, each text once. */
#include "source/page_owner/page_owner_body.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"

/* The kernel builds a record in one page. */
#define BODY_SIZE_MAX ((size_t)4096)
#define POOL_SIZE_MAX ((size_t)64 << 20)
/* Past so many others a body is not looked for: forged ones may all have one hash. */
#define NR_PROBES 8
#define CACHE_LINE 64

struct entry {
	struct lt_page_owner_body body;
	size_t len;
	char bytes[];
};

struct slot {
	uint64_t hash;
	struct entry *entry; /* NULL if empty */
};

struct lt_page_owner_bodies {
	struct slot *slots; /* open addressing, nr_slots is a power of two */
	size_t nr_slots, nr;
	struct lt_arena entries;
	size_t size; /* of entries, in bytes */
};

struct lt_page_owner_bodies *lt_page_owner_bodies_new(void)
{
	return calloc(1, sizeof(struct lt_page_owner_bodies));
}

void lt_page_owner_bodies_free(struct lt_page_owner_bodies *bodies)
{
	if (!bodies)
		return;
	lt_arena_free(&bodies->entries);
	free(bodies->slots);
	free(bodies);
}

static uint64_t load(const char *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof(word));
	return word;
}

typedef char lt_bytes __attribute__((vector_size(16)));

/* Adds to @all where one of the 16 bytes from @p on and the one before it are newlines. */
static inline void add_blank_lines(const char *p, lt_bytes *all)
{
	lt_bytes before, here;

	memcpy(&before, p - 1, sizeof(before));
	memcpy(&here, p, sizeof(here));
	*all |= (before == '\n') & (here == '\n');
}

/* Whether there is one in 64 bytes. */
static inline bool has_blank_line(const char *p)
{
	lt_bytes all = { 0 };
	uint64_t any[2];

	add_blank_lines(p, &all);
	add_blank_lines(p + 16, &all);
	add_blank_lines(p + 32, &all);
	add_blank_lines(p + 48, &all);
	memcpy(any, &all, sizeof(any));
	return any[0] | any[1];
}

/* Length up to and with the first blank line; 0 if there is none. A newline stands before @buf. */
static size_t length_of(const char *buf, size_t len)
{
	const char *end = buf + (len < BODY_SIZE_MAX ? len : BODY_SIZE_MAX), *p = buf;

	while (end - p >= 64 && !has_blank_line(p))
		p += 64;
	for (; (p = memchr(p, '\n', (size_t)(end - p))); p++)
		if (p[-1] == '\n')
			return (size_t)(p - buf) + 1;
	return 0;
}

/* Some words of a long one: where two stacks differ they mostly do in what follows, too. */
static uint64_t hash_of(const char *bytes, size_t len)
{
	uint64_t hash = len;

	if (len < 128)
		return lt_hash_bytes(bytes, len);
	for (size_t i = 0; i < 8; i++)
		hash = lt_hash_word(hash, load(bytes + len - 8 - i * (len / 8 - 1)));
	return lt_hash_end(hash);
}

bool lt_page_owner_body_locate(const char *buf, size_t len, struct lt_page_owner_body_text *out)
{
	len = length_of(buf, len);
	*out = (struct lt_page_owner_body_text){ buf, len, len ? hash_of(buf, len) : 0 };
	return len;
}

void lt_page_owner_bodies_fetch_slot(const struct lt_page_owner_bodies *bodies,
				     const struct lt_page_owner_body_text *text)
{
	if (bodies->nr_slots)
		__builtin_prefetch(&bodies->slots[text->hash & (bodies->nr_slots - 1)]);
}

void lt_page_owner_bodies_fetch_body(const struct lt_page_owner_bodies *bodies,
				     const struct lt_page_owner_body_text *text)
{
	const struct slot *slot;
	const char *entry;

	if (!bodies->nr_slots)
		return;
	slot = &bodies->slots[text->hash & (bodies->nr_slots - 1)];
	if (!slot->entry || slot->hash != text->hash)
		return;
	entry = (const char *)slot->entry;
	for (size_t at = 0; at < sizeof(*slot->entry) + text->len; at += CACHE_LINE)
		__builtin_prefetch(entry + at);
}

/* Where it is, or could be put; NULL if neither. */
static struct slot *find_slot(const struct lt_page_owner_bodies *bodies, const char *buf,
			      size_t len, uint64_t hash)
{
	for (size_t i = 0; i < NR_PROBES; i++) {
		struct slot *slot = &bodies->slots[(hash + i) & (bodies->nr_slots - 1)];

		if (!slot->entry || (slot->hash == hash && slot->entry->len == len &&
				     !memcmp(slot->entry->bytes, buf, len)))
			return slot;
	}
	return NULL;
}

const struct lt_page_owner_body *lt_page_owner_bodies_find(
	const struct lt_page_owner_bodies *bodies, const struct lt_page_owner_body_text *text)
{
	const struct slot *slot =
		bodies->nr_slots ? find_slot(bodies, text->p, text->len, text->hash) : NULL;

	return slot && slot->entry ? &slot->entry->body : NULL;
}

static int grow_slots(struct lt_page_owner_bodies *bodies)
{
	struct lt_page_owner_bodies grown = *bodies;

	grown.nr_slots = bodies->nr_slots ? bodies->nr_slots * 2 : 64;
	grown.slots = calloc(grown.nr_slots, sizeof(*grown.slots));
	if (!grown.slots)
		return -ENOMEM;
	for (size_t i = 0; i < bodies->nr_slots; i++) {
		const struct slot *old = &bodies->slots[i];
		struct slot *slot = old->entry ? find_slot(&grown, old->entry->bytes,
							   old->entry->len, old->hash)
					       : NULL;

		if (slot)
			*slot = *old;
	}
	free(bodies->slots);
	*bodies = grown;
	return 0;
}

int lt_page_owner_bodies_add(struct lt_page_owner_bodies *bodies,
			     const struct lt_page_owner_body_text *text,
			     const struct lt_page_owner_body *body)
{
	const size_t size = sizeof(struct entry) + text->len;
	struct entry *entry;
	struct slot *slot;
	int err = 0;

	if (size > POOL_SIZE_MAX - bodies->size)
		return 0;
	if (bodies->nr * 2 >= bodies->nr_slots)
		err = grow_slots(bodies);
	if (err)
		return err;
	slot = find_slot(bodies, text->p, text->len, text->hash);
	if (!slot || slot->entry)
		return 0;
	entry = lt_arena_new(&bodies->entries, size);
	if (!entry)
		return -ENOMEM;
	*entry = (struct entry){ .body = *body, .len = text->len };
	memcpy(entry->bytes, text->p, text->len);
	*slot = (struct slot){ .hash = text->hash, .entry = entry };
	bodies->size += size;
	bodies->nr++;
	return 0;
}
