// SPDX-License-Identifier: GPL-2.0-or-later
/* The clock of a trace buffer, as the kernel prints it among the statistics of a CPU; its name. */
#include "test.h"

#include <errno.h>

#include "source/trace/trace_now.h"

/* The time in @text, or 0 if it is refused. */
static uint64_t parse(const char *text)
{
	uint64_t now_ns = 0;
	int err = lt_trace_now_parse(text, strlen(text), &now_ns);

	assert_true(err ? err == -EBADMSG && !now_ns : now_ns);
	return now_ns;
}

/* As the lab's kernels print it. */
static void test_stats(void **state)
{
	static const struct {
		const char *path;
		uint64_t now_ns;
	} saved[] = {
		{ "test/saved/trace_stats/5.10-x86_64", UINT64_C(1604068000) },
		{ "test/saved/trace_stats/6.12-x86_64", UINT64_C(2140094000) },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(saved) / sizeof(saved[0]); i++) {
		struct lt_buf buf = test_file(saved[i].path);

		assert_int_equal(parse(buf.data), saved[i].now_ns);
		free(buf.data);
	}
	assert_int_equal(parse("now ts: 123456.000001\n"), UINT64_C(123456000001000));
}

static void test_refused(void **state)
{
	(void)state;
	assert_int_equal(parse(""), 0);
	assert_int_equal(parse("entries: 0\n"), 0);
	assert_int_equal(parse("now ts: 4711\n"), 0); /* trace_clock "counter" */
	assert_int_equal(parse("now ts: 1.\n"), 0);
	assert_int_equal(parse("now ts: 1.9999999\n"), 0);
	assert_int_equal(parse("now ts: 18446744073709551615.0\n"), 0);
	assert_int_equal(parse("now ts:"), 0);
}

static const char *name_of(const char *text, struct lt_strings *strings)
{
	const char *name;

	assert_int_equal(lt_trace_clock_name(text, strlen(text), strings, &name), 0);
	return name;
}

static void test_names(void **state)
{
	static const char kernels[] = "local [global] counter uptime perf mono boot x86-tsc\n";
	struct lt_strings *strings = lt_strings_new();

	(void)state;
	assert_string_equal(name_of(kernels, strings), "global");
	assert_string_equal(name_of("[local]", strings), "local");
	assert_null(name_of("local\n", strings));
	assert_null(name_of("[]\n", strings));
	assert_null(name_of("[local", strings));
	assert_null(name_of("", strings));
	lt_strings_free(strings);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stats),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
