/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_KCORE_VMCOREINFO_H
#define LT_SOURCE_KCORE_VMCOREINFO_H

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/diag.h"

/**
 * struct lt_vmcoreinfo - where the kernel keeps its struct pages, and what is in them
 * @page_size:         bytes of a page of memory
 * @page_bytes:        bytes of a struct page
 * @flags:             offset of page.flags, 8 bytes
 * @refcount:          offset of page._refcount, 4 bytes
 * @mapcount:          offset of page._mapcount, 4 bytes
 * @mapping:           offset of page.mapping, 8 bytes
 * @mem_section:       address of the table of memory sections, or of that of its roots
 * @nr_roots:          roots in it
 * @section_bytes:     bytes of a struct mem_section
 * @section_mem_map:   offset of mem_section.section_mem_map, 8 bytes
 * @section_size_bits: log2 of the bytes of memory in a section
 * @physmem_bits:      log2 of the most memory there can be
 *
 * Offsets lie inside the structures.
 */
struct lt_vmcoreinfo {
	uint64_t page_size;
	uint64_t page_bytes;
	uint64_t flags, refcount, mapcount, mapping;
	uint64_t mem_section, nr_roots;
	uint64_t section_bytes, section_mem_map;
	uint64_t section_size_bits, physmem_bits;
};

/* The largest struct page that is believed. 64 in most kernels. */
#define LT_STRUCT_PAGE_MAX 512

/**
 * lt_vmcoreinfo_parse() - parse a VMCOREINFO note
 *
 * Return: 0; -ENOENT if the kernel has no memory sections; -EBADMSG.
 */
int lt_vmcoreinfo_parse(const char *buf, size_t len, struct lt_vmcoreinfo *out,
			struct lt_diag *diag) __must_check __nonnull_at(3);

#endif
