/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_KLOG_KLOG_TEXT_H
#define LT_SOURCE_KLOG_KLOG_TEXT_H

#include "base/base64.h"
#include "base/compiler.h"
#include "base/text.h"

/* No line is kept longer than this. */
#define LT_KLOG_LINE_MAX ((size_t)1 << 20)

struct lt_klog_bytes {
	char *p;
	size_t len, size;
};

/* A part of a mail that is base64, and what is in it. */
struct lt_klog_attachment {
	bool has_head, has_body;
	struct lt_base64 state;
	struct lt_klog_text *text;
};

/* A field of a journal that has bytes of any kind: its size comes first, in 8 bytes. */
struct lt_klog_field {
	bool is_open;
	unsigned char size[8];
	size_t nr_size;
	uint64_t nr_left;
	struct lt_klog_bytes line; /* "NAME=..." */
};

/**
 * struct lt_klog_text - bytes of a log on their way to lines
 * @fn:	     gets each line as plain text; @is_cut: the log, or what is kept of a line, ends in it.
 *	     The line lives until it returns. It returns 0 or negative errno.
 * @pass:    whether a line, as it stands in the log, is dealt with by that; @fn does not get it then.
 *	     NULL if no line is
 * @nr_lines: that were begun
 */
struct lt_klog_text {
	int (*fn)(void *arg, const struct lt_text *line, bool is_cut);
	bool (*pass)(void *arg, struct lt_span line);
	void *arg;
	unsigned int nr_lines;
	/* private */
	int encoding;
	bool has_newline, is_quoted_printable, is_export, is_inner;
	unsigned int soft_line;
	struct lt_klog_bytes head, carry, decoded, plain, soft;
	struct lt_klog_attachment attachment;
	struct lt_klog_field field;
};

/* Take the next @len bytes of the log. 0, -ENOMEM, or what @fn returned. */
int lt_klog_text_feed(struct lt_klog_text *text, const char *buf, size_t len)
	__must_check __nonnull_at(1);

/* After the last of them. */
int lt_klog_text_end(struct lt_klog_text *text) __must_check __nonnull_all;

void lt_klog_text_fini(struct lt_klog_text *text);

#endif
