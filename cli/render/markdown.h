/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_RENDER_MARKDOWN_H
#define CLI_RENDER_MARKDOWN_H

#include <stdio.h>

/*
 * Print @text as prose that reads the same after rendering: whatever Markdown
 * or HTML would act on is escaped. What stands between a pair of backticks in
 * it is code and stays so. Nothing else writes text into Markdown.
 */
void markdown_text(FILE *out, const char *text);

/* Print @text, of several lines, as a block of code that nothing in it can end. */
void markdown_block(FILE *out, const char *text);

#endif
