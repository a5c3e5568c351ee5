/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TEST_FUZZ_SHOWN_H
#define TEST_FUZZ_SHOWN_H

#include <stddef.h>

/* What every output keeps to; each aborts, after saying where, if @text does not. */

/* Lines of printable UTF-8. */
void shown_check_text(const char *text, size_t len);

/* One document. */
void shown_check_json(const char *text, size_t len);

/* A document a line. */
void shown_check_ndjson(const char *text, size_t len);

/* Elements that are ours alone, each ended where it should be. */
void shown_check_html(const char *text, size_t len);

#endif
