// SPDX-License-Identifier: GPL-2.0-or-later
/* Parses the list of --columns, and matches it with the columns of a table. */
#include "render/columns.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int columns_parse(const char *words, struct columns *out)
{
	struct columns columns = { .words = strdup(words) };
	char *rest = NULL;
	int err = columns.words ? 0 : -ENOMEM;

	for (char *name = err ? NULL : strtok_r(columns.words, ",", &rest); name;
	     name = strtok_r(NULL, ",", &rest)) {
		if (columns.nr == COLUMNS_MAX)
			err = -EINVAL;
		else
			columns.names[columns.nr++] = name;
	}
	if (!err && !columns.nr)
		err = -EINVAL;
	if (err)
		free(columns.words);
	else
		*out = columns;
	return err;
}

void columns_fini(struct columns *columns)
{
	free(columns->words);
	*columns = (struct columns){ 0 };
}

/* "MAPPED BY" may be written mapped-by. */
static bool is_same(const char *wanted, const char *name)
{
	for (; *wanted && *name; wanted++, name++) {
		bool is_gap = *name == ' ' && strchr(" -_", *wanted);

		if (!is_gap && toupper((unsigned char)*wanted) != toupper((unsigned char)*name))
			return false;
	}
	return *wanted == *name;
}

static void offer(struct columns *columns, const char *name)
{
	size_t len = strlen(columns->offered), space = sizeof(columns->offered) - len;

	if (!strstr(columns->offered, name)) /* long lists are printed as several tables */
		snprintf(columns->offered + len, space, "%s%s", len ? ", " : "", name);
}

int columns_find(struct columns *columns, const char *name)
{
	int found = -1;

	offer(columns, name);
	for (size_t i = 0; i < columns->nr; i++) {
		if (!is_same(columns->names[i], name))
			continue;
		columns->is_found[i] = true;
		found = (int)i;
	}
	return found;
}

const char *columns_missing(const struct columns *columns)
{
	for (size_t i = 0; i < columns->nr && columns->offered[0]; i++)
		if (!columns->is_found[i])
			return columns->names[i];
	return NULL;
}
