// SPDX-License-Identifier: LGPL-2.1-or-later
/* Looks whether there is memory before a library needs it that does not look. */
#include "base/room.h"

#include <errno.h>
#include <stdlib.h>

#define HEAP_ROOM ((size_t)96 << 10) /* glibc keeps so much when it is freed */

int lt_room_check(size_t size)
{
	void *small = malloc(HEAP_ROOM), *large = malloc(size);
	int err = small && large ? 0 : -ENOMEM;

	free(small);
	free(large);
	return err;
}
