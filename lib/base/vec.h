/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_BASE_VEC_H
#define LT_BASE_VEC_H

#include <stddef.h>

/**
 * LT_VEC_OF() - define struct @name, a growable array of @type
 *
 * Zero-initialised is empty. Elements move when it grows: keep indexes, not
 * pointers. Freed with lt_vec_free(), which frees the array alone.
 */
#define LT_VEC_OF(name, type) \
	struct name {         \
		type *v;      \
		size_t nr;    \
		size_t cap;   \
	}

/**
 * lt_vec_push() - append one zeroed element
 *
 * Return: pointer to the new element, NULL when out of memory (the array is
 * unchanged then).
 */
#define lt_vec_push(vec)                                                                   \
	((__typeof__(*(vec)->v) *)lt_vec_grow((void **)&(vec)->v, &(vec)->nr, &(vec)->cap, \
					      sizeof(*(vec)->v)))

#define lt_vec_free(vec) lt_vec_release((void **)&(vec)->v, &(vec)->nr, &(vec)->cap)

#define lt_vec_each(pos, vec) \
	for (__typeof__(*(vec)->v) *pos = (vec)->v; pos && pos < (vec)->v + (vec)->nr; pos++)

void *lt_vec_grow(void **v, size_t *nr, size_t *cap, size_t size);
void lt_vec_release(void **v, size_t *nr, size_t *cap);

#endif
