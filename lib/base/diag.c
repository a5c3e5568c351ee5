// SPDX-License-Identifier: LGPL-2.1-or-later
/* Says why parsing or reading failed: path, line, column, reason. */
#include "base/diag.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/errno_name.h"
#include "base/escape.h"

__attribute__((format(printf, 3, 0))) static void set_clause(char *clause, size_t size,
							     const char *fmt, va_list args)
{
	char text[256];

	if (clause[0])
		return;
	vsnprintf(text, sizeof(text), fmt, args);
	lt_escape(text, strlen(text), clause, size);
}

void lt_diag_set(struct lt_diag *diag, const char *fmt, ...)
{
	va_list args;

	if (!diag)
		return;
	va_start(args, fmt);
	set_clause(diag->why, sizeof(diag->why), fmt, args);
	va_end(args);
}

void lt_diag_note(struct lt_diag *diag, const char *fmt, ...)
{
	va_list args;

	if (!diag)
		return;
	va_start(args, fmt);
	set_clause(diag->note, sizeof(diag->note), fmt, args);
	va_end(args);
}

void lt_diag_path(struct lt_diag *diag, const char *path)
{
	if (diag && !diag->path[0])
		lt_escape(path, strlen(path), diag->path, sizeof(diag->path));
}

void lt_diag_merge(struct lt_diag *diag, const struct lt_diag *from)
{
	if (!diag)
		return;
	diag->nr_skipped += from->nr_skipped;
	if (!diag->unread[0])
		memcpy(diag->unread, from->unread, sizeof(diag->unread));
	if (diag->why[0] || !from->why[0])
		return;
	diag->line = from->line;
	diag->column = from->column;
	if (from->path[0])
		memcpy(diag->path, from->path, sizeof(diag->path));
	memcpy(diag->why, from->why, sizeof(diag->why));
}

void lt_diag_format(const struct lt_diag *diag, char *out, size_t size)
{
	char where[32] = "";

	if (diag->line && diag->column)
		snprintf(where, sizeof(where), ":%u:%u", diag->line, diag->column);
	else if (diag->line)
		snprintf(where, sizeof(where), ":%u", diag->line);
	snprintf(out, size, "%s%s%s%s", diag->path, where,
		 diag->path[0] && diag->why[0] ? ": " : "", diag->why);
}

void lt_diag_mark_unread(struct lt_diag *diag)
{
	if (diag && !diag->unread[0])
		lt_diag_format(diag, diag->unread, sizeof(diag->unread));
}

void lt_diag_unread_file(struct lt_diag *diag, const char *path, int err)
{
	struct lt_diag own = { 0 };

	lt_diag_path(&own, path);
	lt_diag_set(&own, "%s", lt_errno_text(-err));
	if (err != -ENOENT)
		lt_diag_mark_unread(&own);
	lt_diag_merge(diag, &own);
}
