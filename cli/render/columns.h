/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_RENDER_COLUMNS_H
#define CLI_RENDER_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The columns that --columns asked for. Which there are depends on what is
 * printed (orders, keys, a class that only some source tells), so a name is
 * known to be wrong only after every table had a look at it.
 */
#define COLUMNS_MAX 32

struct columns {
	char *words;
	const char *names[COLUMNS_MAX];
	bool is_found[COLUMNS_MAX];
	size_t nr;
	char offered[512]; /* "NAME, PAGES": what the tables had, for a message */
};

/* From "NAME,PAGES"; case does not matter. 0, -EINVAL (empty, too many) or -ENOMEM. */
int columns_parse(const char *words, struct columns *out);
void columns_fini(struct columns *columns);

/* Which of the wanted columns is called @name, marking it found; -1 if none is. */
int columns_find(struct columns *columns, const char *name);

/* The first that no table has, or NULL: also if there was no table at all. */
const char *columns_missing(const struct columns *columns);

#endif
