// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * VMCOREINFO, what a 64-bit kernel tells of itself to programs that read its
 * memory, a line a fact:
 *
 *	KEY "=" VALUE "\n"
 *
 *	PAGESIZE		decimal
 *	SIZE(type)		decimal, bytes
 *	OFFSET(type.member)	decimal, bytes
 *	LENGTH(array)		decimal
 *	NUMBER(name)		decimal; arm64 writes some as 0x...
 *	SYMBOL(name)		hexadecimal without 0x, after KASLR
 *	OSRELEASE, BUILD-ID, CRASHTIME, KERNELOFFSET, ...	not needed here
 *
 * What is taken from it is alike in 5.10, 6.1, 6.12 and 7.2 (kernel/crash_core.c,
 * later kernel/vmcore_info.c). What is not told, or not by all of them: the
 * offset of the pin count of a large folio; its order from 6.12 on;
 * compound_head is compound_info in 7.2; where vmemmap is (arm64: from 6.1 on).
 * All of them tell mem_section if CONFIG_SPARSEMEM is set, which the 64-bit
 * kernels of x86, arm64 and riscv have.
 *
 * Fixtures: test/saved/kcore, from 5.10, 6.12 and others; 16K and 64K pages are
 * written by hand in test/unit/test_vmcoreinfo.c.
 */
#include "source/kcore/vmcoreinfo.h"

#include <errno.h>
#include <stdbool.h>

#include "base/array_size.h"
#include "base/text.h"

static const struct {
	const char *key;
	size_t offset; /* in struct lt_vmcoreinfo */
	bool is_hex;
} facts[] = {
	{ "PAGESIZE", offsetof(struct lt_vmcoreinfo, page_size), false },
	{ "SIZE(page)", offsetof(struct lt_vmcoreinfo, page_bytes), false },
	{ "OFFSET(page.flags)", offsetof(struct lt_vmcoreinfo, flags), false },
	{ "OFFSET(page._refcount)", offsetof(struct lt_vmcoreinfo, refcount), false },
	{ "OFFSET(page._mapcount)", offsetof(struct lt_vmcoreinfo, mapcount), false },
	{ "OFFSET(page.mapping)", offsetof(struct lt_vmcoreinfo, mapping), false },
	{ "SYMBOL(mem_section)", offsetof(struct lt_vmcoreinfo, mem_section), true },
	{ "LENGTH(mem_section)", offsetof(struct lt_vmcoreinfo, nr_roots), false },
	{ "SIZE(mem_section)", offsetof(struct lt_vmcoreinfo, section_bytes), false },
	{ "OFFSET(mem_section.section_mem_map)", offsetof(struct lt_vmcoreinfo, section_mem_map),
	  false },
	{ "NUMBER(SECTION_SIZE_BITS)", offsetof(struct lt_vmcoreinfo, section_size_bits), false },
	{ "NUMBER(MAX_PHYSMEM_BITS)", offsetof(struct lt_vmcoreinfo, physmem_bits), false },
};

#define NR_FACTS ARRAY_SIZE(facts)

struct reading {
	struct lt_vmcoreinfo info;
	bool has[NR_FACTS];
};

static int parse_line(struct reading *in, struct lt_text *line, struct lt_diag *diag)
{
	struct lt_span key;

	if (!lt_text_until(line, "=", &key))
		return 0; /* the note is padded, and a newer kernel may add what it likes */
	for (size_t i = 0; i < NR_FACTS; i++) {
		uint64_t *out = (uint64_t *)((char *)&in->info + facts[i].offset);

		if (!lt_span_is(key, facts[i].key))
			continue;
		if (!(facts[i].is_hex ? lt_text_hex(line, out) : lt_text_number(line, out)) ||
		    !lt_text_at_end(line))
			return lt_text_fail(line, diag, "expected a number");
		in->has[i] = true;
	}
	return 0;
}

static bool is_inside(uint64_t offset, uint64_t bytes, uint64_t size)
{
	return size >= bytes && offset <= size - bytes;
}

/* Whether nothing that is computed with these numbers leaves its bounds. */
static bool is_sound(const struct lt_vmcoreinfo *info)
{
	return info->page_size >= 4096 && info->page_size <= 65536 &&
	       !(info->page_size & (info->page_size - 1)) &&
	       info->page_bytes <= LT_STRUCT_PAGE_MAX && info->page_bytes % 8 == 0 &&
	       is_inside(info->flags, 8, info->page_bytes) &&
	       is_inside(info->refcount, 4, info->page_bytes) &&
	       is_inside(info->mapcount, 4, info->page_bytes) &&
	       is_inside(info->mapping, 8, info->page_bytes) &&
	       info->section_bytes <= info->page_size && info->nr_roots &&
	       is_inside(info->section_mem_map, 8, info->section_bytes) &&
	       info->section_size_bits >= 20 && info->physmem_bits < 64 &&
	       info->physmem_bits > info->section_size_bits;
}

static int check(const struct reading *in, struct lt_diag *diag)
{
	for (size_t i = 0; i < NR_FACTS; i++) {
		if (in->has[i])
			continue;
		if (facts[i].offset == offsetof(struct lt_vmcoreinfo, mem_section)) {
			lt_diag_set(diag, "the kernel is built without CONFIG_SPARSEMEM");
			return -ENOENT;
		}
		lt_diag_set(diag, "VMCOREINFO lacks %s", facts[i].key);
		return -EBADMSG;
	}
	if (is_sound(&in->info))
		return 0;
	lt_diag_set(diag, "VMCOREINFO makes no sense");
	return -EBADMSG;
}

int lt_vmcoreinfo_parse(const char *buf, size_t len, struct lt_vmcoreinfo *out,
			struct lt_diag *diag)
{
	struct reading in = { 0 };
	struct lt_text text, line;
	int err = 0;

	lt_text_init(&text, buf, len);
	while (!err && lt_text_line(&text, &line))
		err = parse_line(&in, &line, diag);
	if (!err)
		err = check(&in, diag);
	if (!err)
		*out = in.info;
	return err;
}
