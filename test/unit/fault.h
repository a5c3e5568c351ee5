/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TEST_UNIT_FAULT_H
#define TEST_UNIT_FAULT_H

#include "test.h"

#include <errno.h>

#include "base/strings.h"

/*
 * Memory that runs out when a test says so. The linker gives the library's calls to the functions
 * here; the test's program names them in its LDFLAGS, $(MEMORY_FAULTS). A new slot of a vector and
 * a new string count too, although most of them need no memory of the system. What other libraries
 * take is not touched.
 */

static long fault_nr; /* calls since fault_begin() */
static long fault_at; /* the call that fails; 0 for none */

/* From now on the @nth call fails; none for 0. */
static inline void fault_begin(long nth)
{
	fault_nr = 0;
	fault_at = nth;
}

/* No call fails any more. Returns whether one did. */
static inline bool fault_end(void)
{
	bool has_failed = fault_at && fault_nr >= fault_at;

	fault_at = 0;
	return has_failed;
}

static inline bool fault_is_due(void)
{
	if (++fault_nr != fault_at)
		return false;
	errno = ENOMEM;
	return true;
}

#define FAULT_WRAP(type, name, params, args)                       \
	type __real_##name params;                                 \
	type __wrap_##name params;                                 \
	type __wrap_##name params                                  \
	{                                                          \
		return fault_is_due() ? NULL : __real_##name args; \
	}

FAULT_WRAP(void *, malloc, (size_t size), (size))
FAULT_WRAP(void *, calloc, (size_t nr, size_t size), (nr, size))
FAULT_WRAP(void *, realloc, (void *old, size_t size), (old, size))
FAULT_WRAP(char *, strdup, (const char *text), (text))
FAULT_WRAP(char *, strndup, (const char *text, size_t len), (text, len))
FAULT_WRAP(void *, lt_vec_grow, (void **v, size_t *nr, size_t *cap, size_t size),
	   (v, nr, cap, size))
FAULT_WRAP(const char *, lt_strings_add, (struct lt_strings * pool, const char *bytes, size_t len),
	   (pool, bytes, len))

#ifdef HAVE_JSON_C
/* json-c 0.16 without memory: no value, and no error. */
struct json_tokener;
struct json_object *__real_json_tokener_parse_ex(struct json_tokener *tok, const char *text,
						 int len);
struct json_object *__wrap_json_tokener_parse_ex(struct json_tokener *tok, const char *text,
						 int len);
struct json_object *__wrap_json_tokener_parse_ex(struct json_tokener *tok, const char *text,
						 int len)
{
	return __real_json_tokener_parse_ex(tok, fault_is_due() ? "null" : text, len);
}
#endif

/* Restoring no text takes no memory. */
const char *__real_lt_strings_restore(struct lt_strings *pool, const char *text);
const char *__wrap_lt_strings_restore(struct lt_strings *pool, const char *text);
const char *__wrap_lt_strings_restore(struct lt_strings *pool, const char *text)
{
	return text && fault_is_due() ? NULL : __real_lt_strings_restore(pool, text);
}

#endif
