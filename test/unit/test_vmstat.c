// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/source/tables/vmstat.c. */
#include "damage.h"

#include <errno.h>

#include "source/tables/vmstat.h"

static int parse(const char *text, struct lt_memory *memory, struct lt_diag *diag)
{
	return lt_vmstat_parse(text, strlen(text), memory, diag);
}

static void refuse(const char *text, unsigned int line, unsigned int column)
{
	struct lt_memory memory = { .nr_foll_pin_acquired = { 7, true } };
	struct lt_diag diag = { 0 };

	assert_int_equal(parse(text, &memory, &diag), -EBADMSG);
	assert_int_equal(diag.line, line);
	assert_int_equal(diag.column, column);
	assert_num(memory.nr_foll_pin_acquired, 7);
}

static void broken_text_is_refused(void **state)
{
	(void)state;
	refuse("", 1, 1);
	refuse("nr_foll_pin_acquired\n", 2, 1);
	refuse("nr_free_cma 12", 1, 1);
	refuse("pgfault 1\nnr_foll_pin_released x\n", 2, 22);
	refuse("nr_foll_pin_released 1 2\n", 1, 24);
}

static void only_what_is_there_becomes_known(void **state)
{
	struct lt_memory memory = { .mem_total_kib = { 5, true } };
	struct lt_diag diag = { 0 };

	(void)state;
	assert_int_equal(parse("pgfault 1\nnr_free_cma 0\n", &memory, &diag), 0);
	assert_num(memory.nr_free_cma, 0);
	assert_unknown(memory.nr_foll_pin_acquired);
	assert_unknown(memory.nr_foll_pin_released);
	assert_unknown(memory.cma_alloc_fail);
	assert_num(memory.mem_total_kib, 5);
	assert_int_equal(diag.nr_skipped, 0);
}

static void a_name_must_match_as_a_whole(void **state)
{
	struct lt_memory memory = { 0 };

	(void)state;
	assert_int_equal(parse("nr_free_cma_x 3\nxnr_free_cma 4\n", &memory, NULL), 0);
	assert_unknown(memory.nr_free_cma);
}

#define NONE UINT64_MAX

static const struct {
	const char *path;
	uint64_t free_cma, acquired, released, success, fail;
} captures[] = {
	{ FIXTURES "v5.10-arm64/proc/vmstat", 32672, 0, 0, NONE, NONE },
	{ FIXTURES "v5.10-arm64-cma-failure/proc/vmstat", 76523, 16384, 16384, NONE, NONE },
	{ FIXTURES "v5.10-x86-custom-cmaheavy/proc/vmstat", 18125, 1122300, 1122300, NONE, NONE },
	{ FIXTURES "v6.1-arm64-cma-failure/proc/vmstat", 76523, 16384, 16384, 6, 2 },
	{ FIXTURES "v6.1-armhf/proc/vmstat", 32704, 0, 0, 1, 0 },
	{ FIXTURES "v6.12-x86-custom/proc/vmstat", 16384, 0, 0, 0, 0 },
};

#define NR_CAPTURES (sizeof(captures) / sizeof(captures[0]))

static struct lt_num num_or_none(uint64_t val)
{
	return val == NONE ? (struct lt_num){ 0 } : lt_num(val);
}

static struct lt_memory memory_of(size_t i)
{
	return (struct lt_memory){
		.nr_free_cma = lt_num(captures[i].free_cma),
		.nr_foll_pin_acquired = lt_num(captures[i].acquired),
		.nr_foll_pin_released = lt_num(captures[i].released),
		.cma_alloc_success = num_or_none(captures[i].success),
		.cma_alloc_fail = num_or_none(captures[i].fail),
	};
}

static void assert_same(struct lt_num num, struct lt_num want)
{
	assert_int_equal(num.known, want.known);
	assert_kept(num, want);
}

static void captures_tell_their_numbers(void **state)
{
	(void)state;
	for (size_t i = 0; i < NR_CAPTURES; i++) {
		struct lt_buf buf = test_file(captures[i].path);
		struct lt_memory memory = { 0 }, want = memory_of(i);
		struct lt_diag diag = { 0 };

		assert_int_equal(lt_vmstat_parse(buf.data, buf.len, &memory, &diag), 0);
		assert_same(memory.nr_free_cma, want.nr_free_cma);
		assert_same(memory.nr_foll_pin_acquired, want.nr_foll_pin_acquired);
		assert_same(memory.nr_foll_pin_released, want.nr_foll_pin_released);
		assert_same(memory.cma_alloc_success, want.cma_alloc_success);
		assert_same(memory.cma_alloc_fail, want.cma_alloc_fail);
		assert_int_equal(diag.nr_skipped, 0);
		assert_string_equal(diag.why, "");
		free(buf.data);
	}
}

static void check_damaged(const struct lt_buf *damaged, const void *arg)
{
	const struct lt_memory *whole = arg;
	struct lt_memory memory = { 0 };

	if (lt_vmstat_parse(damaged->data, damaged->len, &memory, NULL))
		return;
	assert_kept(memory.nr_free_cma, whole->nr_free_cma);
	assert_kept(memory.nr_foll_pin_acquired, whole->nr_foll_pin_acquired);
	assert_kept(memory.nr_foll_pin_released, whole->nr_foll_pin_released);
	assert_kept(memory.cma_alloc_success, whole->cma_alloc_success);
	assert_kept(memory.cma_alloc_fail, whole->cma_alloc_fail);
}

static void damage_makes_no_other_number(void **state)
{
	(void)state;
	for (size_t i = 0; i < NR_CAPTURES; i++) {
		const struct lt_memory whole = memory_of(i);

		damage_all(captures[i].path, check_damaged, &whole);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(broken_text_is_refused),
		cmocka_unit_test(only_what_is_there_becomes_known),
		cmocka_unit_test(a_name_must_match_as_a_whole),
		cmocka_unit_test(captures_tell_their_numbers),
		cmocka_unit_test(damage_makes_no_other_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
