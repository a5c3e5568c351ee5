// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Finds the parts of a session. Before each stands one of these:
 *
 *	PROMPT COMMAND ...		see pasted.c
 *	"==> " NAME " <=="		head(1) and tail(1) of several files
 *	{decoration} PATH {decoration}	a script's heading; PATH is below /proc or /sys
 */
#include "source/given/session.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bundle.h"
#include "base/file.h"
#include "base/text.h"
#include "source/given/kind.h"
#include "source/given/pasted.h"

static bool is_decoration(char c)
{
	return c && strchr(" \t\r=-#*_+[](){}<>:\"'`", c);
}

static bool is_path_heading(struct lt_text line)
{
	while (line.pos < line.end && is_decoration(*line.pos))
		line.pos++;
	while (line.pos < line.end && is_decoration(line.end[-1]))
		line.end--;
	if (memchr(line.pos, ' ', (size_t)(line.end - line.pos)))
		return false;
	return lt_text_literal(&line, "/proc/") || lt_text_literal(&line, "/sys/");
}

static bool is_tail_heading(struct lt_text line)
{
	while (line.pos < line.end && strchr(" \t\r\n", line.end[-1]))
		line.end--;
	return lt_text_literal(&line, "==> ") && line.end - line.pos > 4 &&
	       !memcmp(line.end - 4, " <==", 4);
}

static bool is_heading(const char *buf, size_t len)
{
	struct lt_text line;

	if (len && buf[len - 1] == '\n')
		len--;
	lt_text_init(&line, buf, len);
	return lt_pasted_is_prompt(line) || is_tail_heading(line) || is_path_heading(line);
}

static int end_part(struct lt_session_parts *parts, struct lt_session_part part, off_t to)
{
	struct lt_session_part *slot;

	if (to <= part.from)
		return 0;
	slot = lt_vec_push(parts);
	if (!slot)
		return -ENOMEM;
	*slot = part;
	slot->to = to;
	return 0;
}

static int split(FILE *in, struct lt_session_parts *out)
{
	struct lt_session_part part = { .line = 1 };
	bool has_heading = false;
	char *buf = NULL;
	size_t size = 0;
	off_t at = 0;
	ssize_t n;
	int err = 0;

	for (unsigned long line = 1; !err && (n = getline(&buf, &size, in)) > 0; line++) {
		if (is_heading(buf, (size_t)n)) {
			has_heading = true;
			err = end_part(out, part, at);
			part = (struct lt_session_part){ .from = at + n, .line = line + 1 };
		}
		at += n;
		if (!has_heading && at > (off_t)LT_KIND_SAMPLE)
			break;
	}
	if (!err && has_heading)
		err = end_part(out, part, at);
	if (!err && ferror(in))
		err = -EIO;
	free(buf);
	return err;
}

int lt_session_split(int fd, struct lt_session_parts *out)
{
	struct lt_session_parts parts = { 0 };
	FILE *in = lt_file_stream(fd);
	int err;

	if (!in)
		return -errno;
	err = split(in, &parts);
	fclose(in);
	if (err) {
		lt_vec_free(&parts);
		return err;
	}
	*out = parts;
	return 0;
}

int lt_session_copy(int fd, const struct lt_session_part *part)
{
	struct lt_bundle *bundle;
	FILE *out;
	int ret = lt_bundle_new(NULL, &bundle), end_err;

	if (ret)
		return ret;
	ret = lt_bundle_begin(bundle, "/part", &out);
	if (!ret) {
		ret = lt_file_put(fd, part->from, part->to, out);
		end_err = lt_bundle_end(bundle, !ret);
		ret = ret ? ret : end_err;
	}
	ret = ret ? ret : lt_bundle_seal(bundle, NULL);
	ret = ret ? ret : lt_bundle_open(bundle, "/part");
	lt_bundle_free(bundle);
	return ret;
}

int lt_session_repeats(int log, int later)
{
	char first[512], *buf = NULL;
	ssize_t n = pread(log, first, sizeof(first), 0);
	const char *end = n > 0 ? memchr(first, '\n', (size_t)n) : NULL;
	size_t size = 0;
	int is_there = 0;
	FILE *in;

	if (!end)
		return n < 0 ? -errno : 0;
	in = lt_file_stream(later);
	if (!in)
		return -errno;
	while (!is_there && (n = getline(&buf, &size, in)) > 0)
		is_there = n == end + 1 - first && !memcmp(buf, first, (size_t)n);
	free(buf);
	fclose(in);
	return is_there;
}
