// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/source/tables/iomem.c. */
#include "damage.h"
#include "tree.h"

#include "source/tables/iomem.h"
#include "source/source.h"

#define PAGE 4096

static int parse(const char *buf, size_t len, struct lt_iomem *out, struct lt_diag *diag)
{
	*out = (struct lt_iomem){ 0 };
	return lt_iomem_parse(buf, len, PAGE, out, diag);
}

static void refuse(const char *text, int want, unsigned int line, const char *why)
{
	struct lt_iomem iomem;
	struct lt_diag diag = { 0 };

	assert_int_equal(parse(text, strlen(text), &iomem, &diag), want);
	assert_int_equal(diag.line, line);
	if (!strstr(diag.why, why))
		fail_msg("\"%s\" is not in \"%s\"", why, diag.why);
	assert_int_equal(iomem.ram.nr + iomem.reserved.nr, 0);
}

static void broken_text_is_refused(void **state)
{
	(void)state;
	refuse("", -EBADMSG, 1, "no resource");
	refuse("\1\2\xff\n", -EBADMSG, 2, "no resource");
	refuse("1000-1fff\n2000 : x\n3000-2000 : y\n", -EBADMSG, 4, "no resource");
	refuse("1000-1fff : pcie\n", -EBADMSG, 2, "no \"System RAM\"");
	refuse("0-ffffffffffffffff : System RAM\n", -EBADMSG, 2, "no resource");
	refuse("2000-2fff : System RAM\n1000-1fff : System RAM\n", -EBADMSG, 2, "ascending");
	refuse("1000-2fff : System RAM\n0-0 : System RAM\n1000-2fff : System RAM\n", -EBADMSG, 2,
	       "ascending");
	refuse("1000-2fff : System RAM\n2000-3fff : System RAM\n", -EBADMSG, 2, "ascending");
}

/* What a reader without CAP_SYS_ADMIN gets. */
static void hidden_addresses_are_denied(void **state)
{
	(void)state;
	refuse("00000000-00000000 : Reserved\n00000000-00000000 : System RAM\n"
	       "  00000000-00000000 : Kernel code\n00000000-00000000 : System RAM\n",
	       -EACCES, 0, "hidden");
}

static void whole_pages_are_counted(void **state)
{
	static const char text[] = "00001800-00004fff : System RAM\n"
				   "  00002000-000027ff : reserved\n"
				   "  00003000-00003fff : Reserved\n"
				   "    00003000-00003fff : reserved\n"
				   "00006000-00006fff : reserved\n"
				   "00007000-000077ff : System RAM\n"
				   "what?\n"
				   "100000000-17fffffff : System RAM (kmem)\n";
	struct lt_iomem iomem;
	struct lt_diag diag = { 0 };

	(void)state;
	assert_int_equal(parse(text, strlen(text), &iomem, &diag), 0);
	assert_int_equal(iomem.ram.nr, 1);
	assert_int_equal(iomem.ram.v[0].start_pfn, 2);
	assert_int_equal(iomem.ram.v[0].end_pfn, 5);
	assert_int_equal(iomem.reserved.nr, 2);
	assert_int_equal(iomem.reserved.v[0].start_pfn, 3);
	assert_int_equal(diag.nr_skipped, 1);
	lt_iomem_fini(&iomem);
}

static void check_fixture(const char *path, size_t nr_ram, uint64_t start, uint64_t end,
			  size_t nr_reserved)
{
	struct lt_buf buf = test_file(path);
	struct lt_iomem iomem;
	struct lt_diag diag = { 0 };

	assert_int_equal(parse(buf.data, buf.len, &iomem, &diag), 0);
	assert_string_equal(diag.why, "");
	assert_int_equal(diag.nr_skipped, 0);
	assert_int_equal(iomem.ram.nr, nr_ram);
	assert_int_equal(iomem.ram.v[nr_ram - 1].start_pfn, start);
	assert_int_equal(iomem.ram.v[nr_ram - 1].end_pfn, end);
	assert_int_equal(iomem.reserved.nr, nr_reserved);
	lt_iomem_fini(&iomem);
	free(buf.data);
}

static void captured_tables(void **state)
{
	(void)state;
	check_fixture(FIXTURES "v5.10-arm64/proc/iomem", 1, 0x40000, 0x60000, 11);
	check_fixture(FIXTURES "v6.12-x86-custom/proc/iomem", 2, 0x100, 0xffe0, 0);
	check_fixture(FIXTURES "v6.1-armhf/proc/iomem", 1, 0x40000, 0x54000, 0);
}

static void the_page_size_is_needed(void **state)
{
	struct lt_snapshot snap = tree_fixture("v5.10-arm64");
	struct lt_diag diag = { 0 };

	(void)state;
	assert_int_equal(lt_source_iomem.read(&snap, &diag), -ENODATA);
	assert_int_equal(snap.memory.ram.nr, 0);
	snap.kernel.page_size = lt_num(16384);
	assert_int_equal(lt_source_iomem.read(&snap, &diag), 0);
	assert_int_equal(snap.memory.ram.v[0].start_pfn, 0x10000);
	tree_done(&snap);
}

static void it_may_be_absent(void **state)
{
	struct lt_snapshot snap = tree_snapshot(tree_dir);
	struct lt_diag diag = { 0 };

	(void)state;
	assert_int_equal(lt_source_iomem.read(&snap, &diag), -ENOENT);
	tree_done(&snap);
}

static bool has_range(const struct lt_ranges *ranges, struct lt_range want)
{
	lt_vec_each(range, ranges)
		if (range->start_pfn == want.start_pfn && range->end_pfn == want.end_pfn)
			return true;
	return false;
}

static void check_damaged(const struct lt_buf *damaged, const void *arg)
{
	const struct lt_iomem *whole = arg;
	struct lt_iomem iomem;

	if (parse(damaged->data, damaged->len, &iomem, NULL))
		return;
	lt_vec_each(range, &iomem.ram)
		assert_true(has_range(&whole->ram, *range));
	lt_vec_each(range, &iomem.reserved)
		assert_true(has_range(&whole->reserved, *range));
	lt_iomem_fini(&iomem);
}

static void damage_makes_no_other_range(void **state)
{
	static const char path[] = FIXTURES "v5.10-arm64/proc/iomem";
	struct lt_buf buf = test_file(path);
	struct lt_iomem whole;

	(void)state;
	assert_int_equal(parse(buf.data, buf.len, &whole, NULL), 0);
	damage_all(path, check_damaged, &whole);
	lt_iomem_fini(&whole);
	free(buf.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(broken_text_is_refused),
		cmocka_unit_test(hidden_addresses_are_denied),
		cmocka_unit_test(whole_pages_are_counted),
		cmocka_unit_test(captured_tables),
		cmocka_unit_test(the_page_size_is_needed),
		cmocka_unit_test_setup_teardown(it_may_be_absent, tree_setup, tree_teardown),
		cmocka_unit_test(damage_makes_no_other_range),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
