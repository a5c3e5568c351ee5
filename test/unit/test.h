/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TEST_UNIT_TEST_H
#define TEST_UNIT_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* cmocka.h wants the four above first */
#include <cmocka.h>

#include "base/file.h"

#define FIXTURES "test/fixtures/"
#define MALFORMED "test/malformed/"

/* A file below the source tree; the test fails if it is not there. */
static inline struct lt_buf test_file(const char *path)
{
	const char *top = getenv("top_srcdir");
	struct lt_buf buf = { 0 };
	char full[4096];

	snprintf(full, sizeof(full), "%s/%s", top ? top : ".", path);
	if (lt_file_read(full, &buf))
		fail_msg("cannot read %s", full);
	return buf;
}

/* Assert a struct lt_num: known and equal, or not known. */
#define assert_num(num, want)                        \
	do {                                         \
		assert_true((num).known);            \
		assert_int_equal((num).val, (want)); \
	} while (0)
#define assert_unknown(num) assert_false((num).known)

/* Assert that @seconds_for takes about as long for each page of 1 GiB as of 64 MiB. */
static inline void assert_linear_in_pages(double (*seconds_for)(uint64_t nr_pages))
{
	double small = seconds_for(16384), large = seconds_for(262144);

	print_message("64 MiB: %.2f ms, 1 GiB: %.2f ms, as much for each page: %.2f\n", small * 1e3,
		      large * 1e3, large / small / 16);
	assert_true(large < small * 16 * 4); /* a quadratic one would take 256 times as long */
}

#endif
