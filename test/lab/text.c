// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The first four bytes of functions of the running kernel, as /proc/kcore has them:
 *
 *   text NAME... prints "NAME f3 0f 1e fa" for each that /proc/kallsyms knows
 */
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NR_HEADERS 64

static FILE *kcore;
static Elf64_Phdr headers[NR_HEADERS];
static size_t nr_headers;

static int read_at(Elf64_Off offset, void *to, size_t size)
{
	return !fseek(kcore, (long)offset, SEEK_SET) && fread(to, size, 1, kcore) == 1;
}

static int open_kcore(void)
{
	Elf64_Ehdr header;

	kcore = fopen("/proc/kcore", "r");
	if (!kcore || !read_at(0, &header, sizeof(header)) || header.e_phnum > NR_HEADERS)
		return 0;
	nr_headers = header.e_phnum;
	return read_at(header.e_phoff, headers, nr_headers * sizeof(*headers));
}

static void print_start(const char *name, unsigned long addr)
{
	unsigned char bytes[4];

	for (size_t i = 0; i < nr_headers; i++) {
		const Elf64_Phdr *header = &headers[i];

		if (header->p_type != PT_LOAD || addr < header->p_vaddr ||
		    addr - header->p_vaddr >= header->p_memsz)
			continue;
		if (read_at(header->p_offset + addr - header->p_vaddr, bytes, sizeof(bytes)))
			printf("%s %02x %02x %02x %02x\n", name, bytes[0], bytes[1], bytes[2],
			       bytes[3]);
		return;
	}
}

int main(int argc, char **argv)
{
	FILE *symbols = fopen("/proc/kallsyms", "r");
	char line[512], name[256], type;
	unsigned long addr;

	if (!symbols || !open_kcore()) {
		perror("text");
		return 1;
	}
	while (fgets(line, sizeof(line), symbols)) {
		if (strchr(line, '[') || sscanf(line, "%lx %c %255s", &addr, &type, name) != 3)
			continue;
		for (int i = 1; i < argc; i++)
			if (!strcmp(name, argv[i]))
				print_start(name, addr);
	}
	return 0;
}
