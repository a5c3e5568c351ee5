// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/source/process/maps.c. */
#include "test.h"

#include <errno.h>

#include "base/root.h"
#include "source/process/maps.h"

static int parse(const char *bytes, struct lt_vma *vma, struct lt_diag *diag)
{
	struct lt_text text, line;

	lt_text_init(&text, bytes, strlen(bytes));
	if (!lt_text_line(&text, &line))
		line = text;
	return lt_maps_parse_line(line, vma, diag);
}

static void check(const char *bytes, uint64_t start, uint64_t end, const char *name)
{
	struct lt_diag diag = { 0 };
	struct lt_vma vma = { 0 };

	if (parse(bytes, &vma, &diag))
		fail_msg("%s: column %u: %s", bytes, diag.column, diag.why);
	assert_int_equal(vma.start, start);
	assert_int_equal(vma.end, end);
	if (!lt_span_is(vma.name, name))
		fail_msg("name is \"%.*s\", not \"%s\"", (int)vma.name.len, vma.name.p, name);
}

static void damaged_lines_fail_where_they_are_damaged(void **state)
{
	static const struct {
		const char *line;
		unsigned int column;
	} cases[] = {
		{ "", 1 },
		{ "garbage", 1 },
		{ "1000", 5 },
		{ "1000-", 6 },
		{ "2000-1000 r--p 0 0:0 0", 10 },
		{ "1000-1000 r--p 0 0:0 0", 10 },
		{ "1000-2000", 10 },
		{ "1000-2000 r--p", 15 },
		{ "1000-2000 r--p 0", 17 },
		{ "1000-2000 r--p 0 00", 20 },
		{ "1000-2000 r--p 0 0:0", 21 },
		{ "1000-2000 r--p 0 0:0 0x", 23 },
		{ "10000000000000000-20000000000000000 r--p 0 0:0 0", 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct lt_vma vma = { .start = 7 };
		struct lt_diag diag = { 0 };

		assert_int_equal(parse(cases[i].line, &vma, &diag), -EBADMSG);
		if (diag.column != cases[i].column)
			fail_msg("\"%s\" failed in column %u: %s", cases[i].line, diag.column,
				 diag.why);
		assert_true(diag.why[0]);
		assert_int_equal(vma.start, 7);
	}
}

static void names_take_the_rest_of_the_line(void **state)
{
	(void)state;
	check("00400000-00401000 r-xp 00000000 fe:00 131 /bin/a b  (deleted)", 0x400000, 0x401000,
	      "/bin/a b  (deleted)");
	check("7ffc9ec6f000-7ffc9ec90000 rw-p 00000000 00:00 0                          [stack]\n",
	      0x7ffc9ec6f000, 0x7ffc9ec90000, "[stack]");
	check("7f0000000000-7f0000001000 rw-p 00000000 00:00 0 \n", 0x7f0000000000, 0x7f0000001000,
	      "");
	check("7f0000000000-7f0000001000 rw-p 00000000 00:00 0", 0x7f0000000000, 0x7f0000001000,
	      "");
	check("1000-2000 rw-s 0 00:01 5 /dev/x\\012y\x1b[2J\xff", 0x1000, 0x2000,
	      "/dev/x\\012y\x1b[2J\xff");
	check("1000-2000 rw-p 0 00:00 0 [anon:my heap]", 0x1000, 0x2000, "[anon:my heap]");
	check("ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]",
	      0xffffffffff600000, 0xffffffffff601000, "[vsyscall]");
}

static void names_tell_what_memory_it_is(void **state)
{
	static const struct {
		const char *name, *kind;
	} cases[] = {
		{ "", "anonymous" },
		{ "[heap]", "anonymous" },
		{ "[stack]", "anonymous" },
		{ "[stack:812]", "anonymous" },
		{ "[anon:scudo:primary]", "anonymous" },
		{ "[anon_shmem:ring]", "shared" },
		{ "/dev/zero (deleted)", "shared" },
		{ "/SYSV00000000 (deleted)", "shared" },
		{ "/memfd:wayland (deleted)", "memfd" },
		{ "/anon_hugepage (deleted)", "hugetlb" },
		{ "/dev/hugepages/vm", "hugetlb" },
		{ "/dmabuf:frame 1", "dma-buf" },
		{ "/dmabuf:", "dma-buf" },
		{ "anon_inode:dmabuf", "dma-buf" },
		{ "anon_inode:[io_uring]", "io_uring" },
		{ "anon_inode:kvm-vcpu:0", "anon-file" },
		{ "/dev/video0", "device" },
		{ "/dev/shm/x", "file" },
		{ "[vdso]", "kernel" },
		{ "/usr/lib/libc.so.6", "file" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct lt_vma vma = { .name = { cases[i].name, strlen(cases[i].name) } };

		assert_string_equal(lt_vma_kind_name(lt_vma_kind(&vma)), cases[i].kind);
	}
}

/* Whatever this kernel prints of us is understood, in ascending order. */
static void our_own_mappings_are_understood(void **state)
{
	struct lt_text text, line;
	struct lt_diag diag = { 0 };
	struct lt_vma vma = { 0 };
	struct lt_root *root;
	struct lt_buf buf;
	uint64_t here = (uintptr_t)&text, last = 0;
	bool has_stack = false;

	(void)state;
	assert_int_equal(lt_root_open(NULL, &root), 0);
	assert_int_equal(lt_root_read(root, "/proc/self/maps", &buf), 0);
	lt_text_init(&text, buf.data, buf.len);
	while (lt_text_line(&text, &line)) {
		if (lt_maps_parse_line(line, &vma, &diag))
			fail_msg("line %u: %s", diag.line, diag.why);
		assert_true(vma.start >= last);
		last = vma.end;
		if (here >= vma.start && here < vma.end && lt_span_is(vma.name, "[stack]"))
			has_stack = true;
	}
	assert_true(has_stack);
	free(buf.data);
	lt_root_close(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(damaged_lines_fail_where_they_are_damaged),
		cmocka_unit_test(names_take_the_rest_of_the_line),
		cmocka_unit_test(names_tell_what_memory_it_is),
		cmocka_unit_test(our_own_mappings_are_understood),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
