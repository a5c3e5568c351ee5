// SPDX-License-Identifier: GPL-2.0-or-later
/* Finds output formats by name, and lists them. */
#include "cmd/format.h"

#include <string.h>

#include "base/array_size.h"
#include "cmd/cmd.h"

static const struct {
	enum cmd_format bit;
	const char *name;
} formats[] = {
	{ FORMAT_TEXT, "text" }, { FORMAT_MARKDOWN, "markdown" }, { FORMAT_JSON, "json" },
	{ FORMAT_HTML, "html" }, { FORMAT_KTAP, "ktap" },	  { FORMAT_NDJSON, "ndjson" },
};

#define NR_FORMATS ARRAY_SIZE(formats)

unsigned int format_find(const char *name)
{
	for (size_t i = 0; i < NR_FORMATS; i++)
		if (!strcmp(formats[i].name, name))
			return formats[i].bit;
	return 0;
}

struct format_list format_list(unsigned int bits)
{
	struct format_list list = { "" };

	for (size_t i = 0; i < NR_FORMATS; i++) {
		if (!(bits & formats[i].bit))
			continue;
		if (list.s[0])
			strcat(list.s, ", ");
		strcat(list.s, formats[i].name);
	}
	return list;
}
