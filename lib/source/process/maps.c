// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * /proc/PID/maps: the mappings of a process.
 *
 *   line = HEX "-" HEX " " perms " " HEX " " HEX ":" HEX " " N { " " } [ name ]
 *
 * The name takes the rest of the line, blanks included. The kernel writes a
 * newline in a path as \012 and " (deleted)" after the path of a removed file,
 * which a file may also really be called. Unchanged from 5.10 to 7.2. Tested
 * on the running system. What has no path is named by the kernel:
 *
 *	[heap], [stack], [anon:NAME]	anonymous; the latter named by prctl()
 *	[anon_shmem:NAME]		the same, shared (6.2)
 *	/dev/zero, /SYSV00000000	shared anonymous; System V
 *	/memfd:NAME, /anon_hugepage
 *	/dmabuf:NAME			"anon_inode:dmabuf" before 5.3
 *	anon_inode:[io_uring]
 *
 * from the third line on with " (deleted)" or without.
 */
#include "source/process/maps.h"

#include <string.h>

#include "base/array_size.h"

static bool parse_device(struct lt_text *text)
{
	uint64_t major, minor;

	return lt_text_hex(text, &major) && lt_text_literal(text, ":") && lt_text_hex(text, &minor);
}

int lt_maps_parse_line(struct lt_text line, struct lt_vma *out, struct lt_diag *diag)
{
	struct lt_text text = line;
	struct lt_vma vma = { 0 };
	struct lt_span perms;
	uint64_t num;

	if (!lt_text_hex(&text, &vma.start) || !lt_text_literal(&text, "-") ||
	    !lt_text_hex(&text, &vma.end))
		return lt_text_fail(&text, diag, "expected an address range");
	if (vma.start >= vma.end)
		return lt_text_fail(&text, diag, "the address range is empty");
	if (!lt_text_literal(&text, " ") || !lt_text_word(&text, &perms))
		return lt_text_fail(&text, diag, "expected permissions");
	if (!lt_text_literal(&text, " ") || !lt_text_hex(&text, &num))
		return lt_text_fail(&text, diag, "expected an offset");
	if (!lt_text_literal(&text, " ") || !parse_device(&text))
		return lt_text_fail(&text, diag, "expected a device number");
	if (!lt_text_literal(&text, " ") || !lt_text_u64(&text, &vma.ino))
		return lt_text_fail(&text, diag, "expected an inode number");
	if (!lt_text_at_end(&text) && !lt_text_literal(&text, " "))
		return lt_text_fail(&text, diag, "expected a blank after the inode number");
	lt_text_blanks(&text);
	vma.name = lt_text_rest(&text);
	*out = vma;
	return 0;
}

/* By how names begin, the first that fits. A file in the root directory could pass for some. */
static const struct {
	const char *prefix;
	enum lt_vma_kind kind;
} kinds[] = {
	{ "[heap]", LT_VMA_ANONYMOUS },
	{ "[stack", LT_VMA_ANONYMOUS },
	{ "[anon:", LT_VMA_ANONYMOUS },
	{ "[anon_shmem:", LT_VMA_SHARED },
	{ "[", LT_VMA_KERNEL },
	{ "/dev/zero", LT_VMA_SHARED },
	{ "/SYSV", LT_VMA_SHARED },
	{ "/memfd:", LT_VMA_MEMFD },
	{ "/anon_hugepage", LT_VMA_HUGETLB },
	{ "/dmabuf:", LT_VMA_DMA_BUF },
	{ "anon_inode:dmabuf", LT_VMA_DMA_BUF },
	{ "anon_inode:[io_uring]", LT_VMA_IO_URING },
	{ "anon_inode:", LT_VMA_ANON_FILE },
	{ "/dev/shm/", LT_VMA_FILE },
	{ "/dev/hugepages", LT_VMA_HUGETLB },
	{ "/dev/", LT_VMA_DEVICE },
};

enum lt_vma_kind lt_vma_kind(const struct lt_vma *vma)
{
	if (!vma->name.len)
		return LT_VMA_ANONYMOUS;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		size_t len = strlen(kinds[i].prefix);

		if (vma->name.len >= len && !memcmp(vma->name.p, kinds[i].prefix, len))
			return kinds[i].kind;
	}
	return LT_VMA_FILE;
}
