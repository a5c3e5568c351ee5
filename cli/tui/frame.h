/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_TUI_FRAME_H
#define CLI_TUI_FRAME_H

#include <stdio.h>
#include <wchar.h>

#include "tui/top.h"

/* One character; 0 is the right half of the one before. */
struct frame_glyph {
	wchar_t c;
	enum text_role role;
	bool is_selected;
};

/* A screenful, the same for the terminal, for --once and for the tests. */
struct frame {
	unsigned int width, height, nr_header;
	struct frame_glyph *v; /* row by row */
	bool is_lost;	       /* memory ran out */
};

#define FRAME_ALL 0 /* as a height: all rows, however many, and nothing is cut */
#define FRAME_WIDTH_ALL 1024

/**
 * frame_make() - draw @top
 * @width:  columns; for FRAME_ALL only of maps and bars
 * @height: lines, or FRAME_ALL, which leaves out what only serves a user
 *
 * Scrolls @top so that the selected row is to be seen.
 *
 * Return: 0 or -ENOMEM.
 */
int frame_make(struct frame *frame, struct top *top, unsigned int width, unsigned int height);
void frame_fini(struct frame *frame);

/* As text, with the colours of @text if it has any. */
void frame_print(const struct frame *frame, struct text *text);

#endif
