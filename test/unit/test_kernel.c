// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/model/kernel.c. */
#include "tree.h"

#include <sys/utsname.h>

#include "source/tables/kernel.h"
#include "source/source.h"

static void refuse(const char *text)
{
	struct lt_strings *strings = lt_strings_new();
	const char *release = "before";
	struct lt_diag diag = { 0 };

	assert_int_equal(lt_version_parse(text, strlen(text), strings, &release, &diag), -EBADMSG);
	assert_string_equal(release, "before");
	assert_int_equal(diag.line, 1);
	lt_strings_free(strings);
}

static void broken_versions_are_refused(void **state)
{
	(void)state;
	refuse("");
	refuse("Linux version");
	refuse("Linux version \n");
	refuse("Linux version 5.1"); /* cut off inside the release */
	refuse("FreeBSD 14.0\n");
	refuse("\nLinux version 5.10.0 (x)\n");
}

static void captures_tell_release_and_command_line(void **state)
{
	static const struct {
		const char *tree, *release, *cmdline;
	} captures[] = {
		{ "v5.10-arm64", "5.10.0-32-arm64",
		  "console=ttyAMA0 cma=128M page_owner=on autooff panic=-1" },
		{ "v6.1-armhf", "6.1.0-50-armmp", "console=ttyAMA0 cma=128M autooff panic=-1" },
		{ "v6.12-x86-custom", "6.12.117",
		  "console=ttyS0 cma=64M page_owner=on autooff panic=-1 nokaslr" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(captures) / sizeof(captures[0]); i++) {
		struct lt_snapshot snap = tree_fixture(captures[i].tree);
		struct lt_diag diag = { 0 };

		assert_int_equal(lt_source_kernel.read(&snap, &diag), 0);
		assert_string_equal(snap.kernel.release, captures[i].release);
		assert_string_equal(snap.kernel.cmdline, captures[i].cmdline);
		assert_null(snap.kernel.arch);
		assert_unknown(snap.kernel.page_size);
		assert_string_equal(diag.why, "");
		tree_done(&snap);
	}
}

static void missing_files_are_told(void **state)
{
	struct lt_snapshot snap = tree_fixture("v5.10-x86-custom-cmaheavy");
	struct lt_diag diag = { 0 };

	(void)state;
	assert_int_equal(lt_source_kernel.read(&snap, &diag), 0);
	assert_string_equal(snap.kernel.release, "5.10.223");
	assert_string_equal(snap.kernel.cmdline,
			    "console=ttyS0 cma=140M page_owner=on autooff panic=-1 nokaslr");
	assert_string_equal(diag.why, "");
	tree_done(&snap);

	snap = tree_fixture("v6.1-arm64-cma-failure");
	assert_int_equal(lt_source_kernel.read(&snap, &diag), 0);
	assert_string_equal(snap.kernel.release, "6.1.0-56-arm64");
	assert_null(snap.kernel.cmdline);
	tree_done(&snap);

	tree_write("proc/cmdline", "quiet\n", 6);
	snap = tree_snapshot(tree_dir);
	diag = (struct lt_diag){ 0 };
	assert_int_equal(lt_source_kernel.read(&snap, &diag), 0);
	assert_null(snap.kernel.release);
	assert_string_equal(diag.why, "no /proc/version: the release is not known");
	tree_done(&snap);
}

static void a_log_of_another_kernel_is_reported(void **state)
{
	static const char log[] =
		"[ 0.0] Linux version 6.1.2 (a@b)\n[ 0.0] Linux version 6.6.7-x (a)\n";
	struct lt_diag diag = { 0 };
	struct lt_snapshot snap;

	(void)state;
	tree_write("proc/version", "Linux version 5.10.9 (a@b) #1\n", 30);
	tree_write("proc/cmdline", "quiet\n", 6);
	tree_write("dmesg.txt", log, strlen(log));
	snap = tree_snapshot(tree_dir);
	assert_int_equal(lt_source_kernel.read(&snap, &diag), 0);
	assert_string_equal(snap.kernel.release, "5.10.9");
	assert_string_equal(diag.why, "the log is of Linux 6.6.7-x, the other files are of 5.10.9");
	tree_done(&snap);
}

static const char *version_in(const char *log, size_t part)
{
	static struct lt_version_search search;
	size_t len = strlen(log), kept = 0;
	char piece[256];

	search = (struct lt_version_search){ 0 };
	for (size_t at = 0; at < len; at += part) {
		size_t nr = len - at < part ? len - at : part;

		memcpy(piece + kept, log + at, nr);
		lt_version_search(&search, piece, kept + nr);
		nr += kept;
		kept = nr < LT_VERSION_OVERLAP ? nr : LT_VERSION_OVERLAP;
		memmove(piece, piece + nr - kept, kept);
	}
	return search.release;
}

/* Whatever pieces it is read in; what somebody pasted behind it is another machine's. */
static void the_log_names_its_kernel(void **state)
{
	(void)state;
	for (size_t part = 1; part < 100; part++) {
		assert_string_equal(version_in("[ 0.0] Linux version 6.1.2 (a@b)\n"
					       "[ 0.0] Linux version 6.6.7-x (a)\n",
					       part),
				    "6.6.7-x");
		assert_string_equal(version_in("Feb 3 box kernel: Linux version 6.1.2 (a@b)\n"
					       "Linux version 6.8.0-pc (builder)\n",
					       part),
				    "6.1.2");
		assert_string_equal(version_in("Linux version 6.8.0-pc (builder)\n", part),
				    "6.8.0-pc");
		assert_string_equal(version_in("Linux version of it: x\n", part), "");
	}
}

static void osrelease_stands_in_for_version(void **state)
{
	struct lt_diag diag = { 0 };
	struct lt_snapshot snap;

	(void)state;
	tree_write("proc/sys/kernel/osrelease", "6.6.1-x\x1b\n", 9);
	snap = tree_snapshot(tree_dir);
	assert_int_equal(lt_source_kernel.read(&snap, &diag), 0);
	assert_string_equal(snap.kernel.release, "6.6.1-x\\x1b");
	assert_null(snap.kernel.cmdline);
	assert_string_equal(diag.path, "/proc/cmdline");
	assert_string_equal(diag.why, "No such file or directory");
	assert_string_equal(diag.unread, "");
	tree_done(&snap);
}

static void a_broken_version_changes_nothing(void **state)
{
	struct lt_diag diag = { 0 };
	struct lt_snapshot snap;

	(void)state;
	tree_write("proc/version", "What\n", 5);
	tree_write("proc/cmdline", "quiet\n", 6);
	snap = tree_snapshot(tree_dir);
	assert_int_equal(lt_source_kernel.read(&snap, &diag), -EBADMSG);
	assert_null(snap.kernel.release);
	assert_null(snap.kernel.cmdline);
	assert_string_equal(diag.path, "/proc/version");
	tree_done(&snap);
}

static void the_running_kernel_tells_itself(void **state)
{
	struct lt_snapshot snap = tree_snapshot(NULL);
	struct lt_diag diag = { 0 };
	struct utsname uts;

	(void)state;
	assert_int_equal(uname(&uts), 0);
	assert_int_equal(lt_source_kernel.read(&snap, &diag), 0);
	assert_string_equal(snap.kernel.release, uts.release);
	assert_string_equal(snap.kernel.arch, uts.machine);
	assert_num(snap.kernel.page_size, (uint64_t)sysconf(_SC_PAGESIZE));
	tree_done(&snap);
}

/* The page size of a captured kernel. */

struct totals {
	struct lt_num total_kib, managed, cma_total_kib, cma;
};

static struct lt_num infer(struct totals totals)
{
	struct lt_zone zone = { .name = "DMA", .nr_managed = totals.managed, .nr_cma = totals.cma };
	struct lt_memory memory = { .mem_total_kib = totals.total_kib,
				    .cma_total_kib = totals.cma_total_kib };
	struct lt_zones zones = { .v = &zone, .nr = 1, .cap = 1 };
	struct lt_kernel kernel = { 0 };

	lt_kernel_infer_page_size(&kernel, &memory, &zones);
	return kernel.page_size;
}

#define NUM(val)            \
	{                   \
		(val), true \
	}

static void doubtful_page_sizes_stay_unknown(void **state)
{
	(void)state;
	assert_unknown(infer((struct totals){ .total_kib = NUM(4000) }));
	assert_unknown(infer((struct totals){ .managed = NUM(1000) }));
	assert_unknown(infer((struct totals){ .total_kib = NUM(0), .managed = NUM(0) }));
	assert_unknown(infer((struct totals){ .total_kib = NUM(2000), .managed = NUM(1000) }));
	assert_unknown(infer((struct totals){ .total_kib = NUM(128000), .managed = NUM(1000) }));
	assert_unknown(infer((struct totals){ .total_kib = NUM(4081), .managed = NUM(1000) }));
	assert_unknown(infer((struct totals){ .total_kib = NUM(6000), .managed = NUM(1000) }));
	assert_unknown(
		infer((struct totals){ .total_kib = NUM(UINT64_MAX), .managed = NUM(UINT64_MAX) }));
	/* CmaTotal contradicts */
	assert_unknown(infer((struct totals){ NUM(4000), NUM(1000), NUM(800), NUM(100) }));
}

static void page_sizes_from_4_to_64_kib_are_found(void **state)
{
	(void)state;
	for (uint64_t kib = 4; kib <= 64; kib *= 2)
		assert_num(infer((struct totals){ NUM(1000 * kib), NUM(1000), NUM(100 * kib),
						  NUM(100) }),
			   kib * 1024);
	assert_num(infer((struct totals){ .total_kib = NUM(15990), .managed = NUM(1000) }), 16384);
	assert_num(infer((struct totals){ NUM(4000), NUM(1000), NUM(0), NUM(0) }), 4096);
}

static void a_known_page_size_stays(void **state)
{
	struct lt_kernel kernel = { .page_size = NUM(65536) };
	struct lt_memory memory = { .mem_total_kib = NUM(4000) };
	struct lt_zone zone = { .nr_managed = NUM(1000) };
	struct lt_zones zones = { .v = &zone, .nr = 1, .cap = 1 };

	(void)state;
	lt_kernel_infer_page_size(&kernel, &memory, &zones);
	assert_num(kernel.page_size, 65536);
}

static void captures_have_4_kib_pages(void **state)
{
	static const char *const trees[] = { "v5.10-arm64", "v5.10-x86-custom-cmaheavy",
					     "v6.1-arm64", "v6.1-armhf", "v6.12-x86-custom" };

	(void)state;
	for (size_t i = 0; i < sizeof(trees) / sizeof(trees[0]); i++) {
		struct lt_snapshot snap = tree_fixture(trees[i]);
		struct lt_diag diag = { 0 };

		assert_int_equal(lt_source_meminfo.read(&snap, &diag), 0);
		assert_int_equal(lt_source_zoneinfo.read(&snap, &diag), 0);
		assert_num(snap.kernel.page_size, 4096);
		tree_done(&snap);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(broken_versions_are_refused),
		cmocka_unit_test(captures_tell_release_and_command_line),
		cmocka_unit_test_setup_teardown(missing_files_are_told, tree_setup, tree_teardown),
		cmocka_unit_test(the_log_names_its_kernel),
		cmocka_unit_test_setup_teardown(a_log_of_another_kernel_is_reported, tree_setup,
						tree_teardown),
		cmocka_unit_test_setup_teardown(osrelease_stands_in_for_version, tree_setup,
						tree_teardown),
		cmocka_unit_test_setup_teardown(a_broken_version_changes_nothing, tree_setup,
						tree_teardown),
		cmocka_unit_test(the_running_kernel_tells_itself),
		cmocka_unit_test(doubtful_page_sizes_stay_unknown),
		cmocka_unit_test(page_sizes_from_4_to_64_kib_are_found),
		cmocka_unit_test(a_known_page_size_stays),
		cmocka_unit_test(captures_have_4_kib_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
