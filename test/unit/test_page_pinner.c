// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/source/page/page_pinner.c. */
#include "tree.h"

#include "source/page/page_pinner.h"
#include "source/source.h"

struct seen {
	struct lt_page_pinner_record v[8];
	size_t nr;
};

static int take(const struct lt_page_pinner_record *record, void *arg)
{
	struct seen *seen = arg;

	assert_true(seen->nr < 8);
	seen->v[seen->nr++] = *record;
	return 0;
}

static void both_versions_are_understood(void **state)
{
	static const char text[] =
		"At least, pinned for 1250000 us\n"
		"PFN 0x1ae03 Block 215 count 2 mapcount 1 mapping 0x0 Flags 0x0()\n"
		" put_page+0x50/0x90\n"
		" camera_dma_unmap+0x3c/0x80 [camera]\n"
		"\n"
		"Failure detected at [   12.000345]\n"
		"PFN 0x1ae04 Block 215 count 2 mapcount 1 mapping 0x0 Flags 0x0()\n"
		"\n"
		"Freed at [   13.250400]\n"
		"PFN 0x1ae05 Block 215 count 0 mapcount 0 mapping 0x0 Flags 0x0()\n"
		"\n"
		"Page pinned for 400000 us\n"
		"PFN 0x1ae06 Block 215 count 2 mapcount 1 mapping 0x0 Flags 0x0()\n"
		"\n"
		"Page pinned ts [    7.000001]\n"
		"PFN 0x1ae07 Block 215 count 2 mapcount 1 mapping 0x0 Flags 0x0()\n"
		"\n";
	struct lt_diag diag = { 0 };
	struct seen seen = { 0 };

	(void)state;
	assert_int_equal(lt_page_pinner_parse(text, strlen(text), take, &seen, &diag), 0);
	assert_int_equal(diag.nr_skipped, 0);
	assert_int_equal(seen.nr, 5);
	for (size_t i = 0; i < seen.nr; i++)
		assert_int_equal(seen.v[i].pfn, 0x1ae03 + i);
	assert_int_equal(seen.v[0].event, LT_PAGE_PINNER_RELEASED);
	assert_num(seen.v[0].held_us, 1250000);
	assert_unknown(seen.v[0].ts_us);
	assert_memory_equal(seen.v[0].stack.p, " put_page+0x50/0x90\n camera", 27);
	assert_int_equal(seen.v[0].stack.len, 57);
	assert_int_equal(seen.v[1].event, LT_PAGE_PINNER_FAILED);
	assert_num(seen.v[1].ts_us, 12000345);
	assert_int_equal(seen.v[1].stack.len, 0);
	assert_int_equal(seen.v[2].event, LT_PAGE_PINNER_FREED);
	assert_int_equal(seen.v[3].event, LT_PAGE_PINNER_LONG);
	assert_int_equal(seen.v[4].event, LT_PAGE_PINNER_FAILED);
}

static int parse(const char *text, unsigned int *nr_skipped)
{
	struct lt_diag diag = { 0 };
	struct seen seen = { 0 };
	int err = lt_page_pinner_parse(text, strlen(text), take, &seen, &diag);

	*nr_skipped = diag.nr_skipped;
	return err ? err : (int)seen.nr;
}

static void damage_is_counted_or_refused(void **state)
{
	static const char good[] = "Page pinned for 1 us\nPFN 0x1 Block 0 x\n\n";
	char text[256];
	unsigned int nr;

	(void)state;
	assert_int_equal(parse("", &nr), 0);
	assert_int_equal(parse("\1\2\n", &nr), -EBADMSG);
	assert_int_equal(parse("Page pinned ts 5 us count 1\nPFN 12 Block 0 x\n", &nr), -EBADMSG);
	assert_int_equal(parse("Page pinned for 1 us\nPFN 0x1 Bl", &nr), -EBADMSG);
	snprintf(text, sizeof(text), "Freed at [ 99999999999999999999.0]\nPFN 0x1 Block 0\n\n%s",
		 good);
	assert_int_equal(parse(text, &nr), 1);
	assert_int_equal(nr, 2);
}

static void copy(const char *name)
{
	char from[256], to[256];
	struct lt_buf buf;

	snprintf(from, sizeof(from), MALFORMED "page_pinner/%s", name);
	snprintf(to, sizeof(to), "sys/kernel/debug/page_pinner/%s", name);
	buf = test_file(from);
	tree_write(to, buf.data, buf.len);
	free(buf.data);
}

static void assert_note(const char *file, const char *want)
{
	struct lt_snapshot snap = tree_snapshot(tree_dir);
	struct lt_area_range range = { .pfns = { 0x1ae00, 0x1ee00 } };
	struct lt_area area = { .ranges = { .v = &range, .nr = 1 } };
	struct lt_diag diag = { 0 };

	snap.stacks = lt_stacks_new();
	copy(file);
	snap.areas.v = &area;
	snap.areas.nr = 1;
	assert_int_equal(lt_source_page_pinner.read(&snap, &diag), 0);
	assert_string_equal(diag.note, want);
	assert_string_equal(diag.why, "");
	assert_true(snap.tracks.nr > 0);
	assert_int_equal(snap.tracks.v[0].pfn & ~0xful, 0x1ae00);
	lt_vec_free(&snap.tracks);
	lt_stacks_free(snap.stacks);
	tree_done(&snap);
}

static void the_longest_hold_is_told(void **state)
{
	(void)state;
	assert_note("buffer",
		    "CMA pages that could not be moved: 1, released: 1; page 0x1ae03 was held "
		    "for 1250 ms, released by camera_dma_unmap");
}

static void the_first_version_tells_who_took_it(void **state)
{
	(void)state;
	copy("alloc_contig_failed");
	assert_note("longterm_pinner",
		    "CMA pages that could not be moved: 1, released: 1; page 0x1ae05 "
		    "was held for 400 ms, taken by video_map");
}

static void it_may_be_absent(void **state)
{
	struct lt_snapshot snap = tree_snapshot(tree_dir);
	struct lt_diag diag = { 0 };

	(void)state;
	assert_int_equal(lt_source_page_pinner.read(&snap, &diag), -ENODATA);
	tree_done(&snap);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_versions_are_understood),
		cmocka_unit_test(damage_is_counted_or_refused),
		cmocka_unit_test_setup_teardown(the_longest_hold_is_told, tree_setup,
						tree_teardown),
		cmocka_unit_test_setup_teardown(the_first_version_tells_who_took_it, tree_setup,
						tree_teardown),
		cmocka_unit_test_setup_teardown(it_may_be_absent, tree_setup, tree_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
