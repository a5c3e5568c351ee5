// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/act/bench/bench.c. */
#include "test.h"

#include <errno.h>

#include "analyse/report.h"
#include "damage.h"
#include "source/saved/bench.h"

#define SAVED "test/saved/bench-5.10-highatomic.json"

static int parse(const struct lt_buf *buf, struct lt_strings *strings, struct lt_bench *out,
		 struct lt_diag *diag)
{
	return lt_bench_parse(buf->data, buf->len, strings, out, diag);
}

static int parse_text(const char *text, struct lt_bench *out)
{
	struct lt_strings *strings = lt_strings_new();
	struct lt_diag diag = { 0 };
	int err = lt_bench_parse(text, strlen(text), strings, out, &diag);

	assert_true(!err == !diag.why[0]);
	lt_strings_free(strings);
	return err;
}

static void a_drained_reserve_comes_back(void **state)
{
	struct lt_strings *strings = lt_strings_new();
	struct lt_buf buf = test_file(SAVED);
	struct lt_diag diag = { 0 };
	struct lt_bench bench;

	(void)state;
	assert_int_equal(parse(&buf, strings, &bench, &diag), 0);
	assert_string_equal(bench.release, "5.10.262");
	assert_string_equal(bench.scope, "memalloc_nocma_save");
	assert_num(bench.reserve.nr_requests, 64);
	assert_num(bench.reserve.in_scope.before, 1024);
	assert_num(bench.reserve.in_scope.during, 960);
	assert_num(bench.reserve.outside.during, 1024);
	assert_true(lt_bench_is_drained(&bench));
	lt_bench_fini(&bench);
	lt_strings_free(strings);
	free(buf.data);
}

static void others_are_refused(void **state)
{
	struct lt_bench bench;

	(void)state;
	assert_int_equal(parse_text("", &bench), -EBADMSG);
	assert_int_equal(parse_text("[]", &bench), -EBADMSG);
	assert_int_equal(parse_text("{}", &bench), -EBADMSG);
	assert_int_equal(parse_text("{\"schema\":\"ltpin.selftest/1\"}", &bench), -EBADMSG);
	assert_int_equal(parse_text("{\"schema\":[\"ltpin.bench/1\"]}", &bench), -EBADMSG);
}

static void what_was_not_measured_is_unknown(void **state)
{
	struct lt_bench bench;

	(void)state;
	assert_int_equal(parse_text("{\"schema\":\"ltpin.bench/1\"}", &bench), 0);
	assert_unknown(bench.reserve.nr_requests);
	assert_false(lt_bench_is_drained(&bench));
	assert_int_equal(parse_text("{\"schema\":\"ltpin.bench/1\",\"reserve\":{\"nr_requests\":64,"
				    "\"in_scope\":{\"before\":-5,\"during\":\"x\"}}}",
				    &bench),
			 0);
	assert_unknown(bench.reserve.in_scope.before);
	assert_unknown(bench.reserve.in_scope.during);
	assert_false(lt_bench_is_drained(&bench));
}

static void check_damaged(const struct lt_buf *damaged, const void *whole)
{
	const struct lt_bench *was = whole;
	struct lt_strings *strings = lt_strings_new();
	struct lt_diag diag = { 0 };
	struct lt_bench bench;

	if (!parse(damaged, strings, &bench, &diag)) {
		assert_kept(bench.reserve.in_scope.before, was->reserve.in_scope.before);
		assert_kept(bench.reserve.in_scope.during, was->reserve.in_scope.during);
		assert_kept(bench.reserve.nr_requests, was->reserve.nr_requests);
	}
	lt_strings_free(strings);
}

static void damage_never_makes_another_number(void **state)
{
	struct lt_strings *strings = lt_strings_new();
	struct lt_buf buf = test_file(SAVED);
	struct lt_diag diag = { 0 };
	struct lt_bench bench;

	(void)state;
	assert_int_equal(parse(&buf, strings, &bench, &diag), 0);
	damage_all(SAVED, check_damaged, &bench);
	lt_strings_free(strings);
	free(buf.data);
}

static struct lt_bench measured(uint64_t inside, uint64_t outside)
{
	return (struct lt_bench){
		.release = "5.10.1",
		.reserve = {
			.nr_requests = lt_num(64),
			.in_scope = { lt_num(512), lt_num(inside) },
			.outside = { lt_num(512), lt_num(outside) },
		},
	};
}

static void noise_is_not_drained(void **state)
{
	const struct {
		uint64_t inside, outside;
		bool is_drained;
	} rows[] = {
		{ 512, 512, false }, /* nothing taken */
		{ 448, 512, true },  /* all */
		{ 480, 512, true },  /* half */
		{ 481, 512, false }, /* less */
		{ 600, 512, false }, /* somebody gave back */
		{ 448, 448, false }, /* by others: outside as well */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct lt_bench bench = measured(rows[i].inside, rows[i].outside);

		assert_int_equal(lt_bench_is_drained(&bench), rows[i].is_drained);
	}
}

static void only_a_drained_reserve_is_found(void **state)
{
	static const uint64_t during[] = { 448, 512 };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct lt_snapshot snap = { .kernel.release = "5.10.1" };
		const struct lt_finding *finding;
		struct lt_report *report;

		*(struct lt_bench *)lt_vec_push(&snap.benches) = measured(during[i], 512);
		assert_int_equal(lt_report_make(&snap, &report), 0);
		finding = lt_findings_get(&report->findings, "highatomic-drained");
		assert_int_equal(!!finding, i == 0);
		if (finding) {
			assert_int_equal(finding->confidence, LT_PROVEN);
			assert_int_equal(finding->severity, LT_WARNING);
			assert_non_null(strstr(finding->evidence.v[0], "448"));
		}
		lt_report_free(report);
		snap.kernel.release = "6.12.1";
		assert_int_equal(lt_report_make(&snap, &report), 0);
		finding = lt_findings_get(&report->findings, "highatomic-drained");
		if (finding)
			assert_int_equal(finding->confidence, LT_HINT);
		lt_report_free(report);
		lt_vec_free(&snap.benches);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_drained_reserve_comes_back),
		cmocka_unit_test(others_are_refused),
		cmocka_unit_test(what_was_not_measured_is_unknown),
		cmocka_unit_test(damage_never_makes_another_number),
		cmocka_unit_test(noise_is_not_drained),
		cmocka_unit_test(only_a_drained_reserve_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
