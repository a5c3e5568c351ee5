// SPDX-License-Identifier: LGPL-2.1-or-later
/* Grows vectors. */
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

void *lt_vec_grow(void **v, size_t *nr, size_t *cap, size_t size)
{
	void *slot;

	if (*nr == *cap) {
		size_t want = *cap ? *cap * 2 : 1; /* thousands of pins have one mapper each */
		void *grown = reallocarray(*v, want, size);

		if (!grown)
			return NULL;
		*v = grown;
		*cap = want;
	}
	slot = (char *)*v + (*nr)++ * size;
	return memset(slot, 0, size);
}

void lt_vec_release(void **v, size_t *nr, size_t *cap)
{
	free(*v);
	*v = NULL;
	*nr = 0;
	*cap = 0;
}
