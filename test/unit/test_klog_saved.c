// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/source/klog/klog_saved.c. */
#include "test.h"

#include <string.h>

#include "source/klog/klog_saved.h"

#define BANNER "Linux version 6.12.1 (a@b) (gcc 12) #1 SMP Mon"
/* clang-format off */
#define LOG								\
	"[    0.000000] " BANNER "\n"					\
	"[    0.000000] cma: Reserved 16 MiB at 0x1000000\n"		\
	"[    0.1] Memory: 1000K/2000K available (4K kernel code, "	\
	"9K reserved, 16384K cma-reserved)\n"				\
	"[    9.0] last\n"
/* clang-format on */

/* It has been up for 1000 seconds. */
#define BEGIN 1000000
static const struct lt_klog_boot_facts facts = { BANNER, BEGIN, BEGIN + 1000, { 16384, true } };

static bool is_ours(const char *text, int64_t written_s, const struct lt_klog_boot_facts *of)
{
	struct lt_strings *strings = lt_strings_new();
	struct lt_klog klog;
	bool is;

	assert_non_null(strings);
	assert_int_equal(lt_klog_parse(text, strlen(text), strings, &klog, NULL), 0);
	is = lt_klog_saved_is_ours(&klog, written_s, of);
	lt_klog_fini(&klog);
	lt_strings_free(strings);
	return is;
}

static void what_was_written_in_this_boot(void **state)
{
	(void)state;
	assert_true(is_ours(LOG, BEGIN + 9, &facts));
	assert_true(is_ours(LOG, BEGIN + 1000, &facts));
	/* the boot before is in the same file */
	assert_true(is_ours("[    0.000000] Linux version 5.10.0 (a@b)\n[ 500.0] x\n" LOG,
			    BEGIN + 20, &facts));
}

static void what_the_boot_before_left(void **state)
{
	(void)state;
	assert_false(is_ours(LOG, BEGIN - 1, &facts));
	assert_false(is_ours(LOG "[ 2000.0] of a longer one\n", BEGIN + 9, &facts));
	assert_false(is_ours(LOG "[  900.0] touched since\n", BEGIN + 9, &facts));
	assert_false(is_ours("[    0.000000] " BANNER "\n[    0.2] x\n", BEGIN - 1, &facts));
	/* set by a clock that is not this one's */
	assert_false(is_ours(LOG, BEGIN + 5000, &facts));
}

static void what_another_kernel_left(void **state)
{
	const struct lt_klog_boot_facts none = { NULL, BEGIN, BEGIN + 1000, { 0 } };
	const struct lt_klog_boot_facts rebuilt = { BANNER "day", BEGIN, BEGIN + 1000, { 0 } };
	const struct lt_klog_boot_facts larger = { BANNER, BEGIN, BEGIN + 1000, { 32768, true } };

	(void)state;
	assert_false(is_ours(LOG, BEGIN + 9, &none));
	assert_false(is_ours(LOG, BEGIN + 9, &rebuilt));
	assert_false(is_ours(LOG, BEGIN + 9, &larger));
}

static void what_does_not_say(void **state)
{
	(void)state;
	assert_false(
		is_ours("[    0.000000] cma: Reserved 16 MiB at 0x1000000\n", BEGIN + 9, &facts));
	assert_false(is_ours(BANNER "\ncma: Reserved 16 MiB at 0x1000000\n", BEGIN + 9, &facts));
	assert_false(is_ours("", BEGIN + 9, &facts));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_written_in_this_boot),
		cmocka_unit_test(what_the_boot_before_left),
		cmocka_unit_test(what_another_kernel_left),
		cmocka_unit_test(what_does_not_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
