// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * /proc/kcore, the kernel's memory as an ELF core file (fs/proc/kcore.c):
 *
 *	header		ELF class and byte order of the kernel
 *	PT_NOTE		NT_PRSTATUS, NT_PRPSINFO, NT_TASKSTRUCT and "VMCOREINFO"
 *			(since 4.19), padded to 4 bytes each
 *	PT_LOAD ...	p_vaddr, p_memsz, p_offset of memory, vmemmap, vmalloc, text
 *
 * Alike in 5.10, 6.1, 6.12 and 7.2. NT_TASKSTRUCT is raw memory of the reader's
 * own task: it is passed over and kept nowhere. Memory that is not mapped, is
 * offline or broken reads as zeros, not as an error. Opening it needs
 * CAP_SYS_RAWIO; under lockdown "confidentiality" it is -EPERM for everybody.
 *
 * The struct page of a PFN is found through the memory sections, as
 * __section_mem_map_addr() does (include/linux/mmzone.h):
 *
 *	mem_section			CONFIG_SPARSEMEM_EXTREME: address of a table of
 *					pointers to roots, each one page of sections;
 *					else of the sections themselves. LENGTH() tells
 *					which: it is the number of roots, or of sections.
 *	section.section_mem_map		flags in the low bits (4 in 5.10, up to 6 in
 *					7.2; PRESENT 1, HAS_MEM_MAP 2); the rest is the
 *					address that a struct page of PFN 0 would have
 *
 * That holds with and without vmemmap, for which the address is what
 * pfn_to_page() uses too, and needs no symbol that only some kernels tell.
 */
#include "source/kcore/kcore_file.h"

#include <elf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NR_SEGMENTS_MAX 4096
#define NOTES_MAX (1024 * 1024)

#define SECTION_HAS_MEM_MAP 2

/* More than there are flags, and less than the struct pages of a section are aligned to. */
#define SECTION_FLAGS_MASK ((uint64_t)0xff)

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define OUR_BYTE_ORDER ELFDATA2LSB
#else
#define OUR_BYTE_ORDER ELFDATA2MSB
#endif

int lt_kcore_pread(int fd, uint64_t offset, void *buf, size_t len)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = pread(fd, (char *)buf + done, len - done, (off_t)(offset + done));

		if (n < 0 && errno != EINTR)
			return -errno;
		if (!n)
			return -ENODATA;
		if (n > 0)
			done += (size_t)n;
	}
	return 0;
}

static int check_header(const Elf64_Ehdr *header, struct lt_diag *diag)
{
	if (memcmp(header->e_ident, ELFMAG, SELFMAG)) {
		lt_diag_set(diag, "no ELF file");
		return -EBADMSG;
	}
	if (header->e_ident[EI_CLASS] != ELFCLASS64) {
		lt_diag_set(diag, "of a 32-bit kernel, which does not report memory sections");
		return -ENOENT;
	}
	if (header->e_ident[EI_DATA] != OUR_BYTE_ORDER || header->e_type != ET_CORE ||
	    header->e_phentsize != sizeof(Elf64_Phdr) || header->e_phnum > NR_SEGMENTS_MAX) {
		lt_diag_set(diag, "an ELF file that is not understood");
		return -EBADMSG;
	}
	return 0;
}

static size_t aligned(size_t len)
{
	return (len + 3) & ~(size_t)3;
}

/* The contents of the VMCOREINFO note; NULL if there is none. */
static const char *find_vmcoreinfo(const char *notes, size_t len, size_t *out)
{
	static const char name[] = "VMCOREINFO";
	Elf64_Nhdr note;
	size_t pos = 0;

	while (len - pos >= sizeof(note)) {
		const char *text = notes + pos + sizeof(note);
		size_t left = len - pos - sizeof(note);

		memcpy(&note, notes + pos, sizeof(note));
		if (note.n_namesz > left || aligned(note.n_namesz) > left ||
		    note.n_descsz > left - aligned(note.n_namesz))
			return NULL;
		if (note.n_namesz == sizeof(name) && !memcmp(text, name, sizeof(name))) {
			*out = note.n_descsz;
			return text + aligned(note.n_namesz);
		}
		left -= aligned(note.n_namesz);
		if (aligned(note.n_descsz) > left)
			return NULL;
		pos = len - left + aligned(note.n_descsz);
	}
	return NULL;
}

static int read_notes(struct lt_kcore_file *file, const Elf64_Phdr *header, struct lt_diag *diag)
{
	const char *text;
	size_t len;
	char *notes;
	int err;

	if (header->p_filesz > NOTES_MAX)
		return -EBADMSG;
	notes = malloc(header->p_filesz + 1);
	if (!notes)
		return -ENOMEM;
	err = lt_kcore_pread(file->fd, header->p_offset, notes, header->p_filesz);
	text = err ? NULL : find_vmcoreinfo(notes, header->p_filesz, &len);
	if (text) {
		err = lt_vmcoreinfo_parse(text, len, &file->info, diag);
	} else if (!err) {
		lt_diag_set(diag, "it has no VMCOREINFO note");
		err = -ENOENT;
	}
	free(notes);
	return err;
}

static int parse_segment(struct lt_kcore_file *file, const Elf64_Phdr *header)
{
	struct lt_kcore_segment *segment;

	if (header->p_type != PT_LOAD || header->p_vaddr + header->p_filesz < header->p_vaddr ||
	    header->p_offset > INT64_MAX || header->p_filesz > INT64_MAX - header->p_offset)
		return 0;
	segment = lt_vec_push(&file->segments);
	if (!segment)
		return -ENOMEM;
	*segment = (struct lt_kcore_segment){ header->p_vaddr, header->p_filesz, header->p_offset };
	return 0;
}

static int read_headers(struct lt_kcore_file *file, struct lt_diag *diag)
{
	Elf64_Phdr notes = { 0 }, header;
	Elf64_Ehdr elf;
	int err = lt_kcore_pread(file->fd, 0, &elf, sizeof(elf));

	if (!err)
		err = check_header(&elf, diag);
	for (size_t i = 0; !err && i < elf.e_phnum; i++) {
		err = lt_kcore_pread(file->fd, elf.e_phoff + i * sizeof(header), &header,
				     sizeof(header));
		if (!err && header.p_type == PT_NOTE)
			notes = header;
		if (!err)
			err = parse_segment(file, &header);
	}
	return err ? err : read_notes(file, &notes, diag);
}

int lt_kcore_file_open(int fd, struct lt_kcore_file *out, struct lt_diag *diag)
{
	struct lt_kcore_file file = { .fd = fd };
	int err = read_headers(&file, diag);

	if (err == -ENODATA) {
		lt_diag_set(diag, "it ends within its headers");
		err = -EBADMSG;
	}
	if (err)
		lt_kcore_file_close(&file);
	else
		*out = file;
	return err;
}

void lt_kcore_file_close(struct lt_kcore_file *file)
{
	lt_vec_free(&file->segments);
}

static const struct lt_kcore_segment *find_segment(const struct lt_kcore_file *file, uint64_t vaddr)
{
	lt_vec_each(segment, &file->segments)
		if (vaddr >= segment->vaddr && vaddr - segment->vaddr < segment->nr_bytes)
			return segment;
	return NULL;
}

/*
 * Read kernel memory: 0; -EFAULT for an address that the file has not; or negative errno. The
 * kernel gives zeros for memory that is not mapped.
 */
static int read_memory(const struct lt_kcore_file *file, uint64_t vaddr, void *buf, size_t len)
{
	for (size_t done = 0; done < len;) {
		const struct lt_kcore_segment *segment = find_segment(file, vaddr + done);
		uint64_t start, part;
		int err;

		if (!segment)
			return -EFAULT;
		start = vaddr + done - segment->vaddr;
		part = segment->nr_bytes - start;
		if (part > len - done)
			part = len - done;
		err = lt_kcore_pread(file->fd, segment->offset + start, (char *)buf + done,
				     (size_t)part);
		if (err)
			return err == -ENODATA ? -EFAULT : err;
		done += (size_t)part;
	}
	return 0;
}

/* Address of section @nr, or -EFAULT. */
static int find_section(const struct lt_kcore_file *file, uint64_t nr, uint64_t *out)
{
	const struct lt_vmcoreinfo *info = &file->info;
	uint64_t nr_sections = UINT64_C(1) << (info->physmem_bits - info->section_size_bits);
	uint64_t per_root = info->page_size / info->section_bytes, root;
	int err;

	if (nr >= nr_sections)
		return -EFAULT;
	if (info->nr_roots == nr_sections) {
		*out = info->mem_section + nr * info->section_bytes;
		return 0;
	}
	if (nr / per_root >= info->nr_roots)
		return -EFAULT;
	err = read_memory(file, info->mem_section + nr / per_root * sizeof(root), &root,
			  sizeof(root));
	if (err)
		return err;
	*out = root + nr % per_root * info->section_bytes;
	return root ? 0 : -EFAULT;
}

/* Address of what would be the struct page of PFN 0 for the pages of section @nr. */
static int find_mem_map(const struct lt_kcore_file *file, uint64_t nr, uint64_t *out)
{
	uint64_t section, map;
	int err = find_section(file, nr, &section);

	if (!err)
		err = read_memory(file, section + file->info.section_mem_map, &map, sizeof(map));
	if (err)
		return err;
	if (!(map & SECTION_HAS_MEM_MAP))
		return -EFAULT;
	*out = map & ~SECTION_FLAGS_MASK;
	return 0;
}

int lt_kcore_file_read_pages(const struct lt_kcore_file *file, uint64_t pfn, size_t nr_pages,
			     void *buf)
{
	const struct lt_vmcoreinfo *info = &file->info;
	uint64_t per_section = (UINT64_C(1) << info->section_size_bits) / info->page_size;
	char *out = buf;

	while (nr_pages) {
		uint64_t map, part = per_section - pfn % per_section;
		int err = find_mem_map(file, pfn / per_section, &map);

		if (part > nr_pages)
			part = nr_pages;
		if (!err)
			err = read_memory(file, map + pfn * info->page_bytes, out,
					  (size_t)part * info->page_bytes);
		if (err)
			return err;
		out += part * info->page_bytes;
		pfn += part;
		nr_pages -= (size_t)part;
	}
	return 0;
}
