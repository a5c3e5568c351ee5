// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/escape.h"

void lt_diag_set(struct lt_diag *diag, const char *fmt, ...)
{
	char text[sizeof(diag->why)];
	va_list args;

	if (!diag || diag->why[0])
		return;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	lt_escape(text, strlen(text), diag->why, sizeof(diag->why));
}

void lt_diag_path(struct lt_diag *diag, const char *path)
{
	if (diag && !diag->path[0])
		lt_escape(path, strlen(path), diag->path, sizeof(diag->path));
}

void lt_diag_format(const struct lt_diag *diag, char *out, size_t size)
{
	char where[32] = "";

	if (diag->line && diag->column)
		snprintf(where, sizeof(where), ":%u:%u", diag->line, diag->column);
	else if (diag->line)
		snprintf(where, sizeof(where), ":%u", diag->line);
	snprintf(out, size, "%s%s%s%s", diag->path, where, diag->path[0] && diag->why[0] ? ": " : "",
		 diag->why);
}
