/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_RENDER_HTML_TEXT_H
#define CLI_RENDER_HTML_TEXT_H

#include <stddef.h>
#include <stdio.h>

/* @text, which is printable, as text or as the value of an attribute: nothing in it is markup. */
void html_text(FILE *out, const char *text);

/* Its first @max bytes at most, with "..." where something was cut off. */
void html_text_cut(FILE *out, const char *text, size_t max);

/* The same; what stands between backticks is code. */
void html_words(FILE *out, const char *text);

#endif
