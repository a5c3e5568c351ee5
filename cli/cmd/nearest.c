// SPDX-License-Identifier: GPL-2.0-or-later
/* Finds the name that a mistyped word was probably meant to be. */
#include "cmd/nearest.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/array_size.h"

#define EDITS_MAX 2 /* more of them make another word */

static unsigned int min3(unsigned int a, unsigned int b, unsigned int c)
{
	unsigned int least = a < b ? a : b;

	return least < c ? least : c;
}

/* Edits (insert, delete, replace) that turn one name into the other. */
static unsigned int distance(const char *a, const char *b)
{
	unsigned int row[32];
	size_t len = strlen(b);

	if (len >= ARRAY_SIZE(row))
		return UINT32_MAX;
	for (size_t j = 0; j <= len; j++)
		row[j] = (unsigned int)j;
	for (; *a; a++) {
		unsigned int diagonal = row[0]++;

		for (size_t j = 1; j <= len; j++) {
			unsigned int above = row[j];

			row[j] = min3(above + 1, row[j - 1] + 1, diagonal + (*a != b[j - 1]));
			diagonal = above;
		}
	}
	return row[len];
}

void nearest_offer(struct nearest *nearest, const char *name)
{
	unsigned int edits = distance(nearest->word, name);

	if (edits > EDITS_MAX || edits >= strlen(name))
		return;
	if (nearest->best && edits >= nearest->edits)
		return;
	nearest->best = name;
	nearest->edits = edits;
}
