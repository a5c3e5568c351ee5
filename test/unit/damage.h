/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TEST_UNIT_DAMAGE_H
#define TEST_UNIT_DAMAGE_H

#include "test.h"

#include "base/num.h"

/*
 * Damage done to a captured file. Whatever a parser then still tells must be
 * what the whole file told: a lost line may not turn into another number.
 */

static inline size_t damage_nr_lines(const struct lt_buf *buf)
{
	size_t nr = 0;

	for (size_t i = 0; i < buf->len; i++)
		nr += buf->data[i] == '\n';
	return nr;
}

/* A copy without line @nr, counted from 0. */
static inline struct lt_buf damage_without_line(const struct lt_buf *buf, size_t nr)
{
	struct lt_buf out = { malloc(buf->len + 1), 0 };
	size_t line = 0;

	assert_non_null(out.data);
	for (size_t i = 0; i < buf->len; i++) {
		if (line != nr)
			out.data[out.len++] = buf->data[i];
		line += buf->data[i] == '\n';
	}
	return out;
}

/* The first @len bytes, in memory of exactly that size. */
static inline struct lt_buf damage_cut(const struct lt_buf *buf, size_t len)
{
	struct lt_buf out = { malloc(len ? len : 1), len };

	assert_non_null(out.data);
	memcpy(out.data, buf->data, len);
	return out;
}

/* Call @check with every line left out in turn, and with every beginning of the file. */
static inline void damage_all(const char *path,
			      void (*check)(const struct lt_buf *damaged, const void *whole),
			      const void *whole)
{
	struct lt_buf buf = test_file(path);
	size_t nr_lines = damage_nr_lines(&buf);

	assert_true(nr_lines > 0);
	for (size_t i = 0; i < nr_lines; i++) {
		struct lt_buf damaged = damage_without_line(&buf, i);

		check(&damaged, whole);
		free(damaged.data);
	}
	for (size_t len = 0; len < buf.len; len++) {
		struct lt_buf damaged = damage_cut(&buf, len);

		check(&damaged, whole);
		free(damaged.data);
	}
	free(buf.data);
}

/* Not known, or what it was before the damage. */
static inline void assert_kept(struct lt_num num, struct lt_num was)
{
	if (!num.known)
		return;
	assert_true(was.known);
	assert_int_equal(num.val, was.val);
}

#endif
