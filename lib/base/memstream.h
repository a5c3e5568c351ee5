/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_BASE_MEMSTREAM_H
#define LT_BASE_MEMSTREAM_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/compiler.h"

/**
 * lt_memstream_close() - end what open_memstream() began
 * @text: as it was given to open_memstream(); freed and NULL on failure
 *
 * Where memory runs out in the end, glibc's fclose() says nothing, and leaves NULL.
 *
 * Return: 0, or -ENOMEM.
 */
static inline int __must_check lt_memstream_close(FILE *stream, char **text)
{
	int has_failed = ferror(stream);

	if (!fclose(stream) && !has_failed && *text)
		return 0;
	free(*text);
	*text = NULL;
	return -ENOMEM;
}

#endif
