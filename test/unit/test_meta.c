// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/base/meta.c. */
#include "test.h"

#include <errno.h>

#include "base/meta.h"

static int parse(const char *text, struct lt_meta *meta)
{
	struct lt_diag diag = { 0 };
	int err = lt_meta_parse(text, strlen(text), meta, &diag);

	if (err)
		assert_true(diag.why[0]);
	return err;
}

static void what_is_written_is_read_back(void **state)
{
	struct lt_meta meta = {
		.captured_at = strdup("2026-01-02T03:04:05Z"),
		.release = strdup("6.12.117"),
		.arch = strdup("aarch64"),
		.taken_ns = lt_num(7),
		.reader_uid = lt_num(1000),
		.page_size = lt_num(16384),
		.boot_id = strdup("09bc50ca-0e28"),
		.machine = strdup("Some Board"),
		.clock = { .log_ns = lt_num(1),
			   .trace_ns = lt_num(2),
			   .monotonic_ns = lt_num(3),
			   .boottime_ns = lt_num(4),
			   .error_ns = lt_num(5),
			   .suspended_ns = lt_num(6),
			   .trace_clock = strdup("local") },
	};
	struct lt_meta_file *file;
	struct lt_meta back;
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	file = lt_meta_add(&meta, "/sys/kernel/debug/cma/\xff\n/count");
	file->nr_bytes = lt_num(3);
	file->read_ns = lt_num(4);
	lt_meta_add(&meta, "/proc/pagetypeinfo")->err = EACCES;
	file = lt_meta_add(&meta, "/p");
	file->extent = LT_EXTENT_AREAS;
	file->is_dropped = true;
	assert_int_equal(lt_meta_write(&meta, out), 0);
	fclose(out);
	assert_non_null(strstr(text, "\"is_complete\": false"));
	assert_int_equal(parse(text, &back), 0);
	assert_string_equal(back.captured_at, meta.captured_at);
	assert_string_equal(back.release, meta.release);
	assert_string_equal(back.arch, meta.arch);
	assert_string_equal(back.boot_id, meta.boot_id);
	assert_string_equal(back.machine, meta.machine);
	assert_num(back.clock.log_ns, 1);
	assert_num(back.clock.trace_ns, 2);
	assert_num(back.clock.monotonic_ns, 3);
	assert_num(back.clock.boottime_ns, 4);
	assert_num(back.clock.error_ns, 5);
	assert_num(back.clock.suspended_ns, 6);
	assert_string_equal(back.clock.trace_clock, "local");
	assert_num(back.taken_ns, 7);
	assert_num(back.reader_uid, 1000);
	assert_num(back.page_size, 16384);
	assert_int_equal(back.files.nr, 3);
	file = lt_meta_find(&back, "/sys/kernel/debug/cma/\xff\n/count");
	assert_non_null(file);
	assert_num(file->nr_bytes, 3);
	assert_num(file->read_ns, 4);
	assert_int_equal(file->err, 0);
	assert_int_equal(lt_meta_find(&back, "/proc/pagetypeinfo")->err, EACCES);
	assert_int_equal(lt_meta_find(&back, "/p")->extent, LT_EXTENT_AREAS);
	assert_true(lt_meta_find(&back, "/p")->is_dropped);
	assert_null(lt_meta_find(&back, "/proc"));
	lt_meta_fini(&meta);
	lt_meta_fini(&back);
	free(text);
}

static void what_is_not_known_is_absent(void **state)
{
	struct lt_meta meta;

	(void)state;
	assert_int_equal(parse("{\"schema\": \"ltpin.meta/1\"}", &meta), 0);
	assert_null(meta.captured_at);
	assert_null(meta.release);
	assert_null(meta.arch);
	assert_null(meta.boot_id);
	assert_null(meta.machine);
	assert_null(meta.clock.trace_clock);
	assert_unknown(meta.clock.log_ns);
	assert_unknown(meta.clock.monotonic_ns);
	assert_unknown(meta.taken_ns);
	assert_unknown(meta.reader_uid);
	assert_unknown(meta.page_size);
	assert_int_equal(meta.files.nr, 0);
	lt_meta_fini(&meta);
}

static void strange_records_do_no_harm(void **state)
{
	struct lt_meta meta;

	(void)state;
	assert_int_equal(parse("{\"schema\": \"ltpin.meta/1\", \"kernel\": 3, \"files\": ["
			       "7, {}, {\"path\": 3}, {\"path\": \"relative\"},"
			       "{\"path\": \"/a\", \"errno\": 12},"
			       "{\"path\": \"/b\", \"errno\": 4096},"
			       "{\"path\": \"/c\", \"errno\": -5, \"extent\": \"most\"}]}",
			       &meta),
			 0);
	assert_int_equal(meta.files.nr, 3);
	lt_vec_each(file, &meta.files) {
		assert_int_equal(file->err, 0); /* no lack of memory here, no errno of no kernel */
		assert_int_equal(file->extent, LT_EXTENT_UNKNOWN);
	}
	lt_meta_fini(&meta);
}

static void what_is_no_meta_is_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"captured by hand\n",
		"[]",
		"{}",
		"{\"schema\": \"ltpin.report/1\"}",
		"{\"schema\": 1}",
		"{\"schema\": \"ltpin.meta/1\"",
	};
	size_t size = 2 << 20;
	char *large = malloc(size + 1);
	struct lt_meta meta = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(parse(bad[i], &meta), -EBADMSG);
	memset(large, ' ', size);
	memcpy(large, "{\"schema\": \"ltpin.meta/1\"}", 26);
	large[size] = '\0';
	assert_int_equal(parse(large, &meta), -EBADMSG);
	assert_null(meta.release);
	free(large);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read_back),
		cmocka_unit_test(what_is_not_known_is_absent),
		cmocka_unit_test(strange_records_do_no_harm),
		cmocka_unit_test(what_is_no_meta_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
