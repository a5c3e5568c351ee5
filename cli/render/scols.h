/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_RENDER_SCOLS_H
#define CLI_RENDER_SCOLS_H

/*
 * libsmartcols, or what render/table.c needs of it in a build without: the same
 * calls, and the same tables but for wide characters, which count as one.
 */
#ifdef HAVE_SMARTCOLS
#include <libsmartcols/libsmartcols.h>
#else

#include <stddef.h>

enum { SCOLS_FL_RIGHT = 1, SCOLS_FL_WRAP = 2 };

struct libscols_table;
struct libscols_column;
struct libscols_line;

struct libscols_table *scols_new_table(void);
void scols_unref_table(struct libscols_table *table);
struct libscols_column *scols_table_new_column(struct libscols_table *table, const char *name,
					       double width_hint, int flags);
size_t scols_table_get_ncols(const struct libscols_table *table);
struct libscols_line *scols_table_new_line(struct libscols_table *table,
					   struct libscols_line *parent);

/* The line frees @data. */
int scols_line_refer_data(struct libscols_line *line, size_t column, char *data);

/* NULL without lines; the caller frees it. */
int scols_print_table_to_string(struct libscols_table *table, char **out);

/* Here cells may always have several lines, and nothing is escaped or cut to a terminal. */
#define scols_column_set_wrapfunc(column, size, next, arg) 0
#define scols_table_enable_noencoding(table, on) ((void)0)
#define scols_table_set_termforce(table, how) ((void)0)

#endif
#endif
