// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/source/tables/kconfig.c. */
#include "tree.h"

#include "source/tables/kconfig.h"
#include "source/source.h"

#define PARSED_MEMBERS struct lt_kernel kernel
#define PARSED_BY(p, buf, len)                                                            \
	lt_kconfig_parse(buf, len, (p)->strings, &(p)->kernel.options, &(p)->kernel.arch, \
			 &(p)->diag)
#define PARSED_NOTHING(p) assert_int_equal((p)->kernel.options.nr, 0)
#define PARSED_FREE(p) lt_vec_free(&(p)->kernel.options)
#define PARSED_FOLDER "kconfig"
#include "parsed.h"

static void text_without_options_is_refused(void **state)
{
	static const char *const files[] = { "binary", "no-option" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		char path[256];
		struct parsed parsed;

		snprintf(path, sizeof(path), MALFORMED "kconfig/%s", files[i]);
		parsed = parse_file(path);
		assert_int_equal(parsed.err, -EBADMSG);
		assert_string_equal(parsed.diag.why, "no kernel option in it");
		assert_int_equal(parsed.kernel.options.nr, 0);
		done(&parsed);
	}
}

static void odd_lines_are_counted(void **state)
{
	struct parsed parsed = parse_file(MALFORMED "kconfig/odd-lines");

	(void)state;
	assert_int_equal(parsed.err, 0);
	assert_int_equal(parsed.diag.nr_skipped, 3);
	assert_string_equal(lt_kernel_option(&parsed.kernel, "MODULES"), "y");
	assert_null(lt_kernel_option(&parsed.kernel, "CMA"));
	assert_null(lt_kernel_option(&parsed.kernel, "DMA_CMA"));
	done(&parsed);
}

static void a_cut_value_is_not_believed(void **state)
{
	struct parsed parsed = parse_file(MALFORMED "kconfig/cut-inside-value");

	(void)state;
	assert_int_equal(parsed.err, 0);
	assert_string_equal(lt_kernel_option(&parsed.kernel, "CMA"), "y");
	assert_null(lt_kernel_option(&parsed.kernel, "CMA_SIZE_MBYTES"));
	assert_string_equal(parsed.diag.why, "the last line is cut off");
	done(&parsed);
}

static void the_last_of_two_lines_counts(void **state)
{
	struct parsed parsed = parse_file(MALFORMED "kconfig/twice");

	(void)state;
	assert_int_equal(parsed.err, 0);
	assert_int_equal(parsed.kernel.options.nr, 1);
	assert_string_equal(lt_kernel_option(&parsed.kernel, "CMA"), "n");
	done(&parsed);
}

static void values_are_kept_as_written(void **state)
{
	static const char text[] = "CONFIG_UDMABUF=m\r\nCONFIG_CMA_ALIGNMENT=0x8\n"
				   "CONFIG_CMA_SIZE_MBYTES=\"\x1b[1m\"\n";
	struct parsed parsed = parse(text, strlen(text));

	(void)state;
	assert_int_equal(parsed.err, 0);
	assert_string_equal(lt_kernel_option(&parsed.kernel, "UDMABUF"), "m");
	assert_string_equal(lt_kernel_option(&parsed.kernel, "CMA_ALIGNMENT"), "0x8");
	assert_string_equal(lt_kernel_option(&parsed.kernel, "CMA_SIZE_MBYTES"), "\"\\x1b[1m\"");
	done(&parsed);
}

static void the_machine_is_what_an_option_proves(void **state)
{
	static const struct {
		const char *text, *arch;
	} cases[] = {
		{ "CONFIG_X86=y\nCONFIG_X86_64=y\n", "x86_64" },
		{ "CONFIG_X86=y\n# CONFIG_X86_64 is not set\n", NULL },
		{ "CONFIG_ARM64=y\n", "aarch64" },
		{ "CONFIG_ARM=y\n", "arm" },
		{ "CONFIG_RISCV=y\nCONFIG_ARCH_RV64I=y\n", "riscv64" },
		{ "CONFIG_RISCV=y\n", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct parsed parsed = parse(cases[i].text, strlen(cases[i].text));

		assert_int_equal(parsed.err, 0);
		if (cases[i].arch)
			assert_string_equal(parsed.kernel.arch, cases[i].arch);
		else
			assert_null(parsed.kernel.arch);
		done(&parsed);
	}
}

static void v5_10_tells_its_options(void **state)
{
	struct parsed parsed = parse_file(FIXTURES "v5.10-x86-custom-cmaheavy/boot/config");

	(void)state;
	assert_int_equal(parsed.err, 0);
	assert_int_equal(parsed.diag.nr_skipped, 0);
	assert_string_equal(parsed.diag.why, "");
	assert_string_equal(parsed.kernel.arch, "x86_64");
	assert_string_equal(lt_kernel_option(&parsed.kernel, "CMA"), "y");
	assert_string_equal(lt_kernel_option(&parsed.kernel, "CMA_DEBUG"), "n");
	assert_string_equal(lt_kernel_option(&parsed.kernel, "CMA_SIZE_MBYTES"), "64");
	assert_string_equal(lt_kernel_option(&parsed.kernel, "CMA_AREAS"), "7");
	assert_string_equal(lt_kernel_option(&parsed.kernel, "PAGE_OWNER"), "y");
	assert_string_equal(lt_kernel_option(&parsed.kernel, "GUP_BENCHMARK"), "n");
	assert_null(lt_kernel_option(&parsed.kernel, "CMA_SYSFS"));
	assert_null(lt_kernel_option(&parsed.kernel, "SMP"));
	done(&parsed);
}

static void removing_a_line_removes_that_option_alone(void **state)
{
	static const char text[] =
		"CONFIG_CMA=y\nCONFIG_CMA_AREAS=7\n# CONFIG_CMA_DEBUG is not set\n";
	struct parsed parsed = parse(text + 13, strlen(text) - 13);

	(void)state;
	assert_null(lt_kernel_option(&parsed.kernel, "CMA"));
	assert_int_equal(parsed.kernel.options.nr, 2);
	done(&parsed);
}

/* Reading: which file is taken. */

static int read_tree(struct lt_snapshot *snap, const char *release, const char *kconfig,
		     struct lt_diag *diag)
{
	*snap = tree_snapshot(tree_dir);
	*diag = (struct lt_diag){ 0 };
	snap->kernel.release = release;
	snap->options.kconfig = kconfig;
	return lt_source_kconfig.read(snap, diag);
}

static void the_first_file_that_is_there_is_read(void **state)
{
	struct lt_snapshot snap;
	struct lt_diag diag;

	(void)state;
	assert_int_equal(read_tree(&snap, "5.10", NULL, &diag), -ENOENT);
	tree_done(&snap);

	tree_write("boot/config", "CONFIG_CMA=n\nCONFIG_ARM=y\n", 26);
	assert_int_equal(read_tree(&snap, NULL, NULL, &diag), 0);
	assert_string_equal(lt_kernel_option(&snap.kernel, "CMA"), "n");
	assert_string_equal(snap.kernel.arch, "arm");
	assert_string_equal(diag.note, "from /boot/config");
	tree_done(&snap);

	tree_write("boot/config-5.10", "CONFIG_CMA=y\n", 13);
	assert_int_equal(read_tree(&snap, "5.10", NULL, &diag), 0);
	assert_string_equal(lt_kernel_option(&snap.kernel, "CMA"), "y");
	assert_null(snap.kernel.arch);
	tree_done(&snap);

	/* read as it is found: packed or not */
	tree_write("proc/config.gz", "CONFIG_CMA=m\n", 13);
	assert_int_equal(read_tree(&snap, "5.10", NULL, &diag), 0);
	assert_string_equal(lt_kernel_option(&snap.kernel, "CMA"), "m");
	tree_done(&snap);

	assert_int_equal(read_tree(&snap, "5.10", tree_path("boot/config"), &diag), 0);
	assert_string_equal(lt_kernel_option(&snap.kernel, "CMA"), "n");
	tree_done(&snap);
}

#ifdef HAVE_ZLIB
static void a_packed_file_is_read(void **state)
{
	/* gzip of "CONFIG_CMA=m\n" */
	static const unsigned char packed[] = {
		0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x73,
		0xf6, 0xf7, 0x73, 0xf3, 0x74, 0x8f, 0x77, 0xf6, 0x75, 0xb4, 0xcd,
		0xe5, 0x02, 0x00, 0xcb, 0x60, 0x98, 0xc8, 0x0d, 0x00, 0x00, 0x00,
	};
	struct lt_snapshot snap;
	struct lt_diag diag;

	(void)state;
	tree_write("proc/config.gz", packed, sizeof(packed));
	assert_int_equal(read_tree(&snap, "5.10", NULL, &diag), 0);
	assert_string_equal(lt_kernel_option(&snap.kernel, "CMA"), "m");
	tree_done(&snap);
}
#endif

static void a_named_file_must_be_there(void **state)
{
	struct lt_snapshot snap;
	struct lt_diag diag;

	(void)state;
	tree_write("boot/config", "CONFIG_CMA=y\n", 13);
	assert_int_equal(read_tree(&snap, "5.10", tree_path("nowhere"), &diag), -EINVAL);
	assert_int_equal(snap.kernel.options.nr, 0);
	assert_true(strstr(diag.path, "/nowhere") != NULL);
	assert_string_equal(diag.why, "No such file or directory");
	tree_done(&snap);
}

static void a_damaged_file_changes_nothing(void **state)
{
	struct lt_buf cut = test_file(MALFORMED "kconfig/cut.gz");
	struct lt_snapshot snap;
	struct lt_diag diag;

	(void)state;
	tree_write("proc/config.gz", cut.data, cut.len);
	assert_true(read_tree(&snap, NULL, NULL, &diag) < 0);
	assert_string_equal(diag.path, "/proc/config.gz");
	assert_true(diag.why[0]);
	assert_int_equal(snap.kernel.options.nr, 0);
	tree_done(&snap);
	free(cut.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_without_options_is_refused),
		cmocka_unit_test(odd_lines_are_counted),
		cmocka_unit_test(a_cut_value_is_not_believed),
		cmocka_unit_test(the_last_of_two_lines_counts),
		cmocka_unit_test(values_are_kept_as_written),
		cmocka_unit_test(the_machine_is_what_an_option_proves),
		cmocka_unit_test(v5_10_tells_its_options),
		cmocka_unit_test(removing_a_line_removes_that_option_alone),
		cmocka_unit_test_setup_teardown(the_first_file_that_is_there_is_read, tree_setup,
						tree_teardown),
#ifdef HAVE_ZLIB
		cmocka_unit_test_setup_teardown(a_packed_file_is_read, tree_setup, tree_teardown),
#endif
		cmocka_unit_test_setup_teardown(a_named_file_must_be_there, tree_setup,
						tree_teardown),
		cmocka_unit_test_setup_teardown(a_damaged_file_changes_nothing, tree_setup,
						tree_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
