// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/source/kcore/vmcoreinfo.c. */
#include "test.h"

#include <errno.h>

#include "source/kcore/vmcoreinfo.h"

#define SAVED "test/saved/vmcoreinfo/"

/* Written by hand: what an arm64 kernel of 6.1 with 64K pages would tell. */
static const char pages_of_64k[] = "OSRELEASE=6.1.0\n"
				   "PAGESIZE=65536\n"
				   "SYMBOL(mem_section)=ffff00001fff0000\n"
				   "LENGTH(mem_section)=4096\n"
				   "SIZE(mem_section)=16\n"
				   "OFFSET(mem_section.section_mem_map)=0\n"
				   "NUMBER(SECTION_SIZE_BITS)=29\n"
				   "NUMBER(MAX_PHYSMEM_BITS)=52\n"
				   "SIZE(page)=64\n"
				   "OFFSET(page.flags)=0\n"
				   "OFFSET(page._refcount)=52\n"
				   "OFFSET(page.mapping)=24\n"
				   "OFFSET(page._mapcount)=48\n";

static void parse_saved(const char *name, struct lt_vmcoreinfo *out)
{
	struct lt_diag diag = { 0 };
	char path[256];
	struct lt_buf buf;

	snprintf(path, sizeof(path), SAVED "%s", name);
	buf = test_file(path);
	assert_int_equal(lt_vmcoreinfo_parse(buf.data, buf.len, out, &diag), 0);
	free(buf.data);
}

static void real_kernels_tell_all(void **state)
{
	static const struct {
		const char *name;
		uint64_t mem_section, nr_roots, section_bytes, section_bits, physmem_bits;
	} kernels[] = {
		{ "5.10-x86_64", 0xffff88801fe05000, 4096, 32, 27, 46 },
		{ "6.1-arm64", 0xffff3caa9fecf380, 16384, 32, 27, 48 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(kernels) / sizeof(kernels[0]); i++) {
		struct lt_vmcoreinfo info;

		parse_saved(kernels[i].name, &info);
		assert_int_equal(info.page_size, 4096);
		assert_int_equal(info.page_bytes, 64);
		assert_int_equal(info.flags, 0);
		assert_int_equal(info.refcount, 52);
		assert_int_equal(info.mapcount, 48);
		assert_int_equal(info.mapping, 24);
		assert_int_equal(info.mem_section, kernels[i].mem_section);
		assert_int_equal(info.nr_roots, kernels[i].nr_roots);
		assert_int_equal(info.section_bytes, kernels[i].section_bytes);
		assert_int_equal(info.section_mem_map, 0);
		assert_int_equal(info.section_size_bits, kernels[i].section_bits);
		assert_int_equal(info.physmem_bits, kernels[i].physmem_bits);
	}
}

static void every_saved_kernel_is_understood(void **state)
{
	static const char *const names[] = { "5.10-arm64", "6.12-arm64", "6.12-x86_64" };
	struct lt_vmcoreinfo info;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		parse_saved(names[i], &info);
}

static void larger_pages_are_understood(void **state)
{
	struct lt_vmcoreinfo info;
	struct lt_diag diag = { 0 };

	(void)state;
	assert_int_equal(lt_vmcoreinfo_parse(pages_of_64k, strlen(pages_of_64k), &info, &diag), 0);
	assert_int_equal(info.page_size, 65536);
	assert_int_equal(info.section_size_bits, 29);
}

/* The text with @line left out, or with @to in its place. */
static int parse_without(const char *line, const char *to, struct lt_diag *diag)
{
	const char *at = strstr(pages_of_64k, line);
	struct lt_vmcoreinfo info;
	char text[1024];

	assert_non_null(at);
	snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - pages_of_64k), pages_of_64k, to,
		 strchr(at, '\n') + 1);
	*diag = (struct lt_diag){ 0 };
	return lt_vmcoreinfo_parse(text, strlen(text), &info, diag);
}

static void what_lacks_is_named(void **state)
{
	static const char *const needed[] = {
		"PAGESIZE",
		"LENGTH(mem_section)",
		"SIZE(mem_section)",
		"OFFSET(mem_section.",
		"NUMBER(SECTION_SIZE_BITS)",
		"NUMBER(MAX_PHYSMEM_BITS)",
		"SIZE(page)",
		"OFFSET(page.flags)",
		"OFFSET(page._refcount)",
		"OFFSET(page.mapping)",
		"OFFSET(page._mapcount)",
	};
	struct lt_diag diag;

	(void)state;
	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		assert_int_equal(parse_without(needed[i], "", &diag), -EBADMSG);
		if (!strstr(diag.why, needed[i]))
			fail_msg("\"%s\" does not name %s", diag.why, needed[i]);
	}
	assert_int_equal(parse_without("SYMBOL(mem_section)", "", &diag), -ENOENT);
	assert_non_null(strstr(diag.why, "SPARSEMEM"));
}

static void nonsense_is_refused(void **state)
{
	static const char *const lines[][2] = {
		{ "PAGESIZE", "PAGESIZE=0\n" },
		{ "PAGESIZE", "PAGESIZE=5000\n" },
		{ "PAGESIZE", "PAGESIZE=4294967296\n" },
		{ "SIZE(page)", "SIZE(page)=0\n" },
		{ "SIZE(page)", "SIZE(page)=9999999999999999999\n" },
		{ "SIZE(page)", "SIZE(page)=\n" },
		{ "OFFSET(page._refcount)", "OFFSET(page._refcount)=61\n" },
		{ "OFFSET(page.mapping)", "OFFSET(page.mapping)=18446744073709551612\n" },
		{ "SIZE(mem_section)", "SIZE(mem_section)=4\n" },
		{ "LENGTH(mem_section)", "LENGTH(mem_section)=0\n" },
		{ "NUMBER(MAX_PHYSMEM_BITS)", "NUMBER(MAX_PHYSMEM_BITS)=64\n" },
		{ "NUMBER(SECTION_SIZE_BITS)", "NUMBER(SECTION_SIZE_BITS)=52\n" },
		{ "NUMBER(SECTION_SIZE_BITS)", "NUMBER(SECTION_SIZE_BITS)=3\n" },
		{ "SYMBOL(mem_section)", "SYMBOL(mem_section)=_text\n" },
	};
	struct lt_diag diag;

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		if (parse_without(lines[i][0], lines[i][1], &diag) != -EBADMSG || !diag.why[0])
			fail_msg("%s was taken", lines[i][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(real_kernels_tell_all),
		cmocka_unit_test(every_saved_kernel_is_understood),
		cmocka_unit_test(larger_pages_are_understood),
		cmocka_unit_test(what_lacks_is_named),
		cmocka_unit_test(nonsense_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
