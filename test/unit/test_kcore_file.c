// SPDX-License-Identifier: GPL-2.0-or-later
/* The files here are written by hand, as kernels with pages of 4K, 16K and 64K would give them. */
#include "test.h"

#include <elf.h>
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "source/kcore/kcore_file.h"

#define MEMORY 0xffff888000000000 /* 1 MiB of it, at 0x10000 of the file */
#define NR_MEMORY 0x100000
#define NOTES 0x1000
#define CONTENTS 0x10000
#define OUR_BYTE_ORDER (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB : ELFDATA2MSB)

struct kernel {
	uint64_t page_size, section_size_bits, physmem_bits;
	bool is_extreme;
	uint64_t pfn; /* of the page whose struct page is written */
	unsigned char class;
};

static const struct kernel x86_64 = { 4096, 27, 46, true, 0x1ae03, ELFCLASS64 };

static void put(int fd, uint64_t offset, const void *data, size_t len)
{
	assert_int_equal(pwrite(fd, data, len, (off_t)offset), len);
}

static void put_u64(int fd, uint64_t vaddr, uint64_t val)
{
	put(fd, vaddr - MEMORY + CONTENTS, &val, sizeof(val));
}

static size_t add_note(char *notes, size_t pos, const char *name, const void *data, size_t len)
{
	Elf64_Nhdr note = { .n_namesz = (Elf64_Word)strlen(name) + 1, .n_descsz = (Elf64_Word)len };

	memcpy(notes + pos, &note, sizeof(note));
	pos += sizeof(note);
	memcpy(notes + pos, name, note.n_namesz);
	pos += (note.n_namesz + 3) & ~3U;
	memcpy(notes + pos, data, len);
	return pos + ((len + 3) & ~3U);
}

/* Sections whose table is at MEMORY; the map of the page's section is at MEMORY + 0x40000. */
static size_t write_notes(int fd, const struct kernel *kernel, const char *name)
{
	uint64_t nr_sections = UINT64_C(1) << (kernel->physmem_bits - kernel->section_size_bits);
	uint64_t per_root = kernel->is_extreme ? kernel->page_size / 32 : 1;
	static char notes[8192];
	char text[1024];
	size_t len;

	snprintf(text, sizeof(text),
		 "PAGESIZE=%llu\nSYMBOL(mem_section)=%llx\nLENGTH(mem_section)=%llu\n"
		 "SIZE(mem_section)=32\nOFFSET(mem_section.section_mem_map)=0\n"
		 "NUMBER(SECTION_SIZE_BITS)=%llu\n"
		 "NUMBER(MAX_PHYSMEM_BITS)=%llu\nSIZE(page)=64\n"
		 "OFFSET(page.flags)=0\nOFFSET(page._refcount)=52\nOFFSET(page.mapping)=24\n"
		 "OFFSET(page._mapcount)=48\n",
		 (unsigned long long)kernel->page_size, (unsigned long long)MEMORY,
		 (unsigned long long)(nr_sections / per_root),
		 (unsigned long long)kernel->section_size_bits,
		 (unsigned long long)kernel->physmem_bits);
	memset(notes, 0, sizeof(notes));
	len = add_note(notes, 0, "CORE", "task", 5);
	len = add_note(notes, len, name, text, strlen(text));
	put(fd, NOTES, notes, len);
	return len;
}

static void write_sections(int fd, const struct kernel *kernel)
{
	uint64_t per_section = (UINT64_C(1) << kernel->section_size_bits) / kernel->page_size;
	uint64_t nr = kernel->pfn / per_section, per_root = kernel->page_size / 32;
	uint64_t map = MEMORY + 0x40000 - nr * per_section * 64;
	uint64_t section = MEMORY + nr * 32;

	if (kernel->is_extreme) {
		put_u64(fd, MEMORY + nr / per_root * 8, MEMORY + 0x20000);
		section = MEMORY + 0x20000 + nr % per_root * 32;
	}
	put_u64(fd, section, map | 0x1f); /* all the flags of 7.2 */
}

static int write_file(const struct kernel *kernel, const char *note)
{
	int fd = memfd_create("kcore", MFD_CLOEXEC);
	Elf64_Ehdr elf = { .e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, kernel->class,
					OUR_BYTE_ORDER, EV_CURRENT },
			   .e_type = ET_CORE,
			   .e_phoff = sizeof(elf),
			   .e_phentsize = sizeof(Elf64_Phdr),
			   .e_phnum = 2 };
	Elf64_Phdr headers[2] = {
		{ .p_type = PT_NOTE, .p_offset = NOTES },
		{ .p_type = PT_LOAD,
		  .p_vaddr = MEMORY,
		  .p_filesz = NR_MEMORY,
		  .p_memsz = NR_MEMORY,
		  .p_offset = CONTENTS },
	};

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, CONTENTS + NR_MEMORY), 0);
	headers[0].p_filesz = write_notes(fd, kernel, note);
	put(fd, 0, &elf, sizeof(elf));
	put(fd, sizeof(elf), headers, sizeof(headers));
	write_sections(fd, kernel);
	return fd;
}

static void put_refcount(int fd, const struct kernel *kernel, uint64_t pfn, uint32_t refcount)
{
	uint64_t per_section = (UINT64_C(1) << kernel->section_size_bits) / kernel->page_size;

	put(fd, CONTENTS + 0x40000 + pfn % per_section * 64 + 52, &refcount, sizeof(refcount));
}

static void check_kernel(const struct kernel *kernel)
{
	int fd = write_file(kernel, "VMCOREINFO");
	struct lt_diag diag = { 0 };
	unsigned char pages[3 * 64];
	struct lt_kcore_file file;
	uint32_t refcount;

	put_refcount(fd, kernel, kernel->pfn, 1025);
	assert_int_equal(lt_kcore_file_open(fd, &file, &diag), 0);
	assert_int_equal(lt_kcore_file_read_pages(&file, kernel->pfn - 1, 3, pages), 0);
	for (size_t i = 0; i < 3; i++) {
		memcpy(&refcount, pages + i * 64 + 52, sizeof(refcount));
		assert_int_equal(refcount, i == 1 ? 1025 : 0);
	}
	/* Another section, which is not there; and one past all memory. */
	assert_int_equal(lt_kcore_file_read_pages(&file, kernel->pfn + (1 << 20), 1, pages),
			 -EFAULT);
	assert_int_equal(lt_kcore_file_read_pages(&file, UINT64_C(1) << 52, 1, pages), -EFAULT);
	lt_kcore_file_close(&file);
	close(fd);
}

static void pages_of_every_size_are_found(void **state)
{
	static const struct kernel kernels[] = {
		{ 4096, 27, 48, true, 0x41c03, ELFCLASS64 }, /* arm64, memory from 1 GiB on */
		{ 16384, 27, 48, true, 0x10703, ELFCLASS64 },
		{ 65536, 29, 52, true, 0x4113, ELFCLASS64 },
		{ 4096, 27, 36, false, 0x1103, ELFCLASS64 }, /* without SPARSEMEM_EXTREME */
	};

	(void)state;
	check_kernel(&x86_64);
	for (size_t i = 0; i < sizeof(kernels) / sizeof(kernels[0]); i++)
		check_kernel(&kernels[i]);
}

static void assert_refused(int fd, int want, const char *why)
{
	struct lt_kcore_file file = { .fd = -7 };
	struct lt_diag diag = { 0 };

	assert_int_equal(lt_kcore_file_open(fd, &file, &diag), want);
	if (!strstr(diag.why, why))
		fail_msg("\"%s\" is not in \"%s\"", why, diag.why);
	assert_int_equal(file.fd, -7);
	close(fd);
}

static void what_it_cannot_read_is_named(void **state)
{
	struct kernel narrow = x86_64;
	int fd;

	(void)state;
	narrow.class = ELFCLASS32;
	assert_refused(write_file(&narrow, "VMCOREINFO"), -ENOENT, "32-bit");
	assert_refused(write_file(&x86_64, "VMCOREINFX"), -ENOENT, "VMCOREINFO");
	fd = memfd_create("empty", MFD_CLOEXEC);
	assert_refused(fd, -EBADMSG, "ends within");
	fd = write_file(&x86_64, "VMCOREINFO");
	put(fd, 0, "text", 4);
	assert_refused(fd, -EBADMSG, "no ELF");
	fd = write_file(&x86_64, "VMCOREINFO");
	assert_int_equal(ftruncate(fd, NOTES + 64), 0);
	assert_refused(fd, -EBADMSG, "ends within");
}

/* Sections of which the flags say that they have no struct pages. */
static void a_hole_is_an_error(void **state)
{
	int fd = write_file(&x86_64, "VMCOREINFO");
	struct lt_diag diag = { 0 };
	struct lt_kcore_file file;
	char page[64];

	(void)state;
	put_u64(fd, MEMORY + 0x20000 + (x86_64.pfn >> 15) * 32, MEMORY | 1);
	assert_int_equal(lt_kcore_file_open(fd, &file, &diag), 0);
	assert_int_equal(lt_kcore_file_read_pages(&file, x86_64.pfn, 1, page), -EFAULT);
	/* A table that leads out of memory. */
	put_u64(fd, MEMORY, 0x1000);
	assert_int_equal(lt_kcore_file_read_pages(&file, x86_64.pfn, 1, page), -EFAULT);
	lt_kcore_file_close(&file);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_of_every_size_are_found),
		cmocka_unit_test(what_it_cannot_read_is_named),
		cmocka_unit_test(a_hole_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
