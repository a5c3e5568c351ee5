// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/base/gzip.c. */
#include "test.h"

#include <errno.h>

#include "base/gzip.h"

/* gzip of 40 times "CONFIG_CMA=y\nCONFIG_CMA_AREAS=7\n": 1280 bytes. */
static struct lt_buf packed_text(void)
{
	struct lt_buf buf = test_file(MALFORMED "kconfig/trailing-garbage.gz");

	buf.len -= strlen("?garbage");
	return buf;
}

static void refuse(const struct lt_buf *in, size_t len)
{
	char *exact = malloc(len + 1);
	struct lt_buf out = { NULL, 7 };
	struct lt_diag diag = { 0 };

	memcpy(exact, in->data, len);
	assert_int_equal(lt_gunzip(exact, len, 4096, &out, &diag), -EBADMSG);
	assert_int_equal(out.len, 7);
	assert_true(diag.why[0]);
	free(exact);
}

static void damage_is_refused(void **state)
{
	static const char *const files[] = { "cut.gz", "wrong-checksum.gz", "trailing-garbage.gz",
					     "odd-lines" };

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		char path[256];
		struct lt_buf buf;

		snprintf(path, sizeof(path), MALFORMED "kconfig/%s", files[i]);
		buf = test_file(path);
		refuse(&buf, buf.len);
		free(buf.data);
	}
}

static void every_beginning_is_refused(void **state)
{
	struct lt_buf buf = packed_text();

	(void)state;
	for (size_t len = 0; len < buf.len; len++)
		refuse(&buf, len);
	free(buf.data);
}

static void whole_files_are_unpacked(void **state)
{
	struct lt_buf buf = packed_text(), out;

	(void)state;
	assert_true(lt_gzip_is(buf.data, buf.len));
	assert_false(lt_gzip_is(buf.data, 1));
	assert_int_equal(lt_gunzip(buf.data, buf.len, 1280, &out, NULL), 0);
	assert_int_equal(out.len, 1280);
	assert_memory_equal(out.data + 1267, "_CMA_AREAS=7\n", 13);
	assert_int_equal(out.data[1280], '\0');
	free(out.data);
	free(buf.data);
}

static void the_size_is_bounded(void **state)
{
	struct lt_buf buf = packed_text(), out = { NULL, 7 };

	(void)state;
	assert_int_equal(lt_gunzip(buf.data, buf.len, 1279, &out, NULL), -EFBIG);
	assert_int_equal(out.len, 7);
	free(buf.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(damage_is_refused),
		cmocka_unit_test(every_beginning_is_refused),
		cmocka_unit_test(whole_files_are_unpacked),
		cmocka_unit_test(the_size_is_bounded),
	};

#ifndef HAVE_ZLIB
	puts("1..0 # SKIP built without zlib");
	return 0;
#endif
	return cmocka_run_group_tests(tests, NULL, NULL);
}
