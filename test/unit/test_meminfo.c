// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/source/tables/meminfo.c. */
#include "damage.h"

#include <errno.h>

#include "source/tables/meminfo.h"

static int parse(const char *text, struct lt_memory *memory, struct lt_diag *diag)
{
	return lt_meminfo_parse(text, strlen(text), memory, diag);
}

static void refuse(const char *text, unsigned int line, unsigned int column)
{
	struct lt_memory memory = { .mem_total_kib = { 7, true } };
	struct lt_diag diag = { 0 };

	assert_int_equal(parse(text, &memory, &diag), -EBADMSG);
	assert_int_equal(diag.line, line);
	assert_int_equal(diag.column, column);
	assert_true(diag.why[0]);
	assert_num(memory.mem_total_kib, 7);
}

static void broken_text_is_refused(void **state)
{
	(void)state;
	refuse("", 1, 1);
	refuse("MemTotal", 1, 1);
	refuse("\x7f\x45LF\x01\n\x02\n", 3, 1);
	refuse("MemTotal:  lots kB\n", 1, 12);
	refuse("MemFree: 1 kB\nMemTotal: 123\n", 2, 14);
	refuse("MemTotal: 18446744073709551616 kB\n", 1, 11);
	refuse("MemTotal: -1 kB\n", 1, 11);
	refuse("MemTotal: 1 kB more\n", 1, 16);
}

static void numbers_are_known_or_not(void **state)
{
	struct lt_memory memory = { .nr_free_cma = { 5, true }, .cma_free_kib = { 6, true } };
	struct lt_diag diag = { 0 };

	(void)state;
	assert_int_equal(parse("MemTotal:  8 kB\r\nCmaTotal: 0 kB\n", &memory, &diag), 0);
	assert_num(memory.mem_total_kib, 8);
	assert_num(memory.cma_total_kib, 0);
	assert_unknown(memory.mem_available_kib);
	assert_unknown(memory.cma_free_kib);
	assert_num(memory.nr_free_cma, 5);
	assert_int_equal(diag.nr_skipped, 0);
	assert_string_equal(diag.why, "");
}

static void odd_lines_are_counted(void **state)
{
	static const char text[] = "MemTotal: 8 kB\nMemTotal: 9 kB\n\nno counter\nNew: x\n";
	struct lt_memory memory = { 0 };
	struct lt_diag diag = { 0 };

	(void)state;
	assert_int_equal(parse(text, &memory, &diag), 0);
	assert_num(memory.mem_total_kib, 8);
	assert_int_equal(diag.nr_skipped, 3);
}

static void a_cut_last_line_gives_no_number(void **state)
{
	struct lt_memory memory = { 0 };
	struct lt_diag diag = { 0 };

	(void)state;
	assert_int_equal(parse("MemTotal: 8 kB\nCmaTotal: 131072 kB", &memory, &diag), 0);
	assert_unknown(memory.cma_total_kib);
	assert_int_equal(diag.line, 2);
	assert_string_equal(diag.why, "the last line is cut off");
}

static const struct {
	const char *path;
	uint64_t total, available, cma_total, cma_free;
} captures[] = {
	{ FIXTURES "v5.10-arm64/proc/meminfo", 482748, 463648, 131072, 130688 },
	{ FIXTURES "v5.10-x86-custom-cmaheavy/proc/meminfo", 235104, 143320, 143360, 72500 },
	{ FIXTURES "v6.1-armhf/proc/meminfo", 305484, 289608, 131072, 130816 },
	{ FIXTURES "v6.12-x86-custom/proc/meminfo", 242496, 223416, 65536, 65536 },
};

#define NR_CAPTURES (sizeof(captures) / sizeof(captures[0]))

static void captures_tell_their_numbers(void **state)
{
	(void)state;
	for (size_t i = 0; i < NR_CAPTURES; i++) {
		struct lt_buf buf = test_file(captures[i].path);
		struct lt_memory memory = { 0 };
		struct lt_diag diag = { 0 };

		assert_int_equal(lt_meminfo_parse(buf.data, buf.len, &memory, &diag), 0);
		assert_num(memory.mem_total_kib, captures[i].total);
		assert_num(memory.mem_available_kib, captures[i].available);
		assert_num(memory.cma_total_kib, captures[i].cma_total);
		assert_num(memory.cma_free_kib, captures[i].cma_free);
		assert_int_equal(diag.nr_skipped, 0);
		assert_string_equal(diag.why, "");
		free(buf.data);
	}
}

static void check_damaged(const struct lt_buf *damaged, const void *arg)
{
	const struct lt_memory *whole = arg;
	struct lt_memory memory = { 0 };

	if (lt_meminfo_parse(damaged->data, damaged->len, &memory, NULL))
		return;
	assert_kept(memory.mem_total_kib, whole->mem_total_kib);
	assert_kept(memory.mem_available_kib, whole->mem_available_kib);
	assert_kept(memory.cma_total_kib, whole->cma_total_kib);
	assert_kept(memory.cma_free_kib, whole->cma_free_kib);
}

static void damage_makes_no_other_number(void **state)
{
	(void)state;
	for (size_t i = 0; i < NR_CAPTURES; i++) {
		const struct lt_memory whole = {
			.mem_total_kib = lt_num(captures[i].total),
			.mem_available_kib = lt_num(captures[i].available),
			.cma_total_kib = lt_num(captures[i].cma_total),
			.cma_free_kib = lt_num(captures[i].cma_free),
		};

		damage_all(captures[i].path, check_damaged, &whole);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(broken_text_is_refused),
		cmocka_unit_test(numbers_are_known_or_not),
		cmocka_unit_test(odd_lines_are_counted),
		cmocka_unit_test(a_cut_last_line_gives_no_number),
		cmocka_unit_test(captures_tell_their_numbers),
		cmocka_unit_test(damage_makes_no_other_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
