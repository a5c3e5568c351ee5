// SPDX-License-Identifier: GPL-2.0-only
/* The file or device of a page is told, for files that are known by other ways. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client.h"
#include "system.h"
#include "tap.h"
#include "tests.h"

#define DIR "/ltpin-test-files"
#define NAME "na\nme \033[1m"
#define PATH DIR "/sub/" NAME
#define OTHER DIR "/other"
#define NR_RACES 20000
#define NR_RACING 32

static uint32_t dev_of(dev_t dev)
{
	return major(dev) << 20 | minor(dev);
}

static char *map_file(int fd, size_t nr_pages)
{
	char *p = mmap(NULL, nr_pages * page_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (p == MAP_FAILED)
		bail("mmap of a file");
	for (size_t i = 0; i < nr_pages; i++)
		p[i * page_size] = 1;
	return p;
}

static int new_file(const char *path, size_t nr_pages)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0 || ftruncate(fd, nr_pages * page_size))
		bail(path);
	return fd;
}

static struct file_reply file_of(const char *p)
{
	return get_file(pfn_of(p));
}

static void is_file(const struct file_reply *file, int fd, const char *path, const char *what)
{
	struct stat st;

	fstat(fd, &st);
	ok(!file->err && !strcmp(file->fs_type, "tmpfs") && !strcmp(file->fs_id, "tmpfs"),
	   "%s: of tmpfs, %s", what, file->fs_type);
	is(file->dev, dev_of(st.st_dev), "  which has the device number of stat()");
	is(file->inode, st.st_ino, "  inode");
	ok(!strcmp(file->path, path), "  path, of %zu bytes", strlen(file->path));
	is(file->is_deleted, !*path, "  has no name");
	ok(!file->is_block_device && file->nr_buffers < 0, "  no block device, and no buffers");
}

static void test_names(void)
{
	struct file_reply file;
	int fd;
	char *p;

	mkdir(DIR "/sub", 0700);
	fd = new_file(PATH, 4);
	p = map_file(fd, 4);
	file = file_of(p + 2 * page_size);
	is_file(&file, fd, "/sub/" NAME, "a file");
	is(file.index + (pfn_of(p + 2 * page_size) - file.pfn), 2, "  the third page of it");
	if (rename(PATH, OTHER) || link(OTHER, PATH) || unlink(OTHER))
		bail("rename, link, unlink");
	file = file_of(p);
	is_file(&file, fd, "/sub/" NAME, "renamed, and back by a link");
	unlink(PATH);
	file = file_of(p);
	is_file(&file, fd, "", "deleted");
	munmap(p, 4 * page_size);
	close(fd);
}

static void test_nameless(void)
{
	int fd = memfd_create("secret", MFD_CLOEXEC);
	struct file_reply file;
	char *p;

	if (fd < 0 || ftruncate(fd, page_size))
		bail("memfd");
	p = map_file(fd, 1);
	file = file_of(p);
	is_file(&file, fd, "", "memfd");
	munmap(p, page_size);
	close(fd);
}

/* Whose name would not fit: the rest is told without it. */
static void test_long_name(void)
{
	char name[201];
	struct file_reply file;
	int fd, here = open("/", O_RDONLY | O_CLOEXEC);
	char *p;

	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	if (chdir(DIR))
		bail(DIR);
	for (int i = 0; i < 11; i++) {
		if (mkdir(name, 0700) || chdir(name))
			bail("mkdir");
	}
	fd = new_file("file", 1);
	p = map_file(fd, 1);
	file = file_of(p);
	ok(!strcmp(file.fs_type, "tmpfs") && !*file.path && !file.is_deleted,
	   "a path of 2211 bytes is left out, the rest is told");
	munmap(p, page_size);
	close(fd);
	if (fchdir(here))
		bail("fchdir");
	close(here);
}

static void test_device(void)
{
	int fd = open("/dev/nullb0", O_RDWR | O_CLOEXEC);
	struct file_reply file;
	struct stat st;
	char *p;

	if (fd < 0) {
		skip("block device", "there is no /dev/nullb0");
		return;
	}
	fstat(fd, &st);
	p = mmap(NULL, 4 * page_size, PROT_READ, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		bail("/dev/nullb0");
	/* Reading ahead needs no buffers, writing makes them. */
	if (pwrite(fd, "x", 1, 3 * page_size) != 1)
		bail("/dev/nullb0");
	(void)*(volatile char *)(p + 3 * page_size);
	file = file_of(p + 3 * page_size);
	ok(file.is_block_device, "a page of a block device");
	is(file.dev, dev_of(st.st_rdev), "  which one");
	is(file.index + (pfn_of(p + 3 * page_size) - file.pfn), 3, "  its fourth");
	ok(!*file.path && !file.is_deleted, "  without a name");
	ok(file.nr_buffers > 0 && !file.nr_held && !file.nr_journal,
	   "  with buffers that nobody holds: %d, %d, %d", file.nr_buffers, file.nr_held,
	   file.nr_journal);
	munmap(p, 4 * page_size);
	close(fd);
}

static void has_no_file(uint64_t pfn, const char *what)
{
	struct file_reply file = get_file(pfn);

	ok(!file.err && !*file.fs_type && !*file.path && !file.is_deleted && file.nr_buffers < 0,
	   "%s: no file, but %s", what, file.fs_type);
}

static void test_others(void)
{
	static const struct {
		uint64_t flag;
		const char *name;
	} kinds[] = {
		{ LTPIN_PAGE_RESERVED, "reserved" },  { LTPIN_PAGE_SLAB, "slab" },
		{ LTPIN_PAGE_PGTABLE, "page table" }, { LTPIN_PAGE_ANON, "anonymous" },
		{ LTPIN_PAGE_BUDDY, "free" },
	};
	uint64_t end = 0;
	struct pages pages;
	long long nr_wrong = 0, nr_file = 0, nr_told = 0;

	dump_pages(0, 1ULL << 40, 0, &pages);
	for (unsigned int k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		for (size_t i = 0; i < pages.nr; i++) {
			const struct ltpin_page_state *s = &pages.state[i];

			if (s->flags & kinds[k].flag && !(s->flags & LTPIN_PAGE_FILE)) {
				has_no_file(s->pfn + s->nr_pages - 1, kinds[k].name);
				break;
			}
		}
	}
	/* Each page of a file once. Few change meanwhile, or are being read. */
	for (size_t i = 0; i < pages.nr; i++) {
		struct file_reply file;

		end = pages.state[i].pfn + pages.state[i].nr_pages;
		if (!(pages.state[i].flags & LTPIN_PAGE_FILE))
			continue;
		file = get_file(pages.state[i].pfn);
		nr_file++;
		nr_told += !!*file.fs_type;
		nr_wrong += file.err || file.pfn != pages.state[i].pfn;
	}
	printf("# %lld folios of files, %lld told\n", nr_file, nr_told);
	is(nr_wrong, 0, "every folio of a file: no refusal, and its own PFN");
	ok(nr_told > 100 && nr_told * 100 >= nr_file * 95, "  nearly all are told");
	has_no_file(end + 1000000, "past the end of memory");
	has_no_file(~0ULL, "the last PFN of all");
	free(pages.state);
}

/* Files of a file system that comes and goes, whose pages are those of the next one. */
static void make_races(uint64_t *pfns)
{
	system_init(); /* the page map is of who opens it */
	stay_on(1);
	for (unsigned int n = 0;; n++) {
		int fd;
		char *p;

		if (n % 8 == 0 && (umount2(DIR "/race", MNT_DETACH) || 1) &&
		    mount("none", DIR "/race", "tmpfs", 0, NULL))
			_exit(1);
		fd = new_file(DIR "/race/race", NR_RACING);
		p = map_file(fd, NR_RACING);
		for (size_t i = 0; i < NR_RACING; i++)
			pfns[i] = pfn_of(p + i * page_size);
		munmap(p, NR_RACING * page_size);
		if (n & 1 ? unlink(DIR "/race/race") : rename(DIR "/race/race", DIR "/race/gone"))
			_exit(1);
		if (ftruncate(fd, page_size))
			_exit(1);
		close(fd);
		unlink(DIR "/race/gone");
	}
}

static void test_races(void)
{
	volatile uint64_t *pfns =
		mmap(NULL, page_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	long long nr_named = 0, nr_deleted = 0, nr_wrong = 0;
	int status;
	pid_t pid;

	mkdir(DIR "/race", 0700);
	pid = fork();
	if (!pid)
		make_races((uint64_t *)pfns);
	for (int i = 0; i < NR_RACES; i++) {
		struct file_reply file = get_file(pfns[i % NR_RACING]);

		nr_named += !strcmp(file.path, "/race") || !strcmp(file.path, "/gone");
		nr_deleted += file.is_deleted;
		nr_wrong += file.err || (*file.path && file.is_deleted);
	}
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	ok(WIFSIGNALED(status), "files came and went until the end: %x", status);
	umount2(DIR "/race", MNT_DETACH);
	munmap((void *)pfns, page_size);
	printf("# races: %lld with their name, %lld deleted\n", nr_named, nr_deleted);
	is(nr_wrong, 0, "files that come and go while they are asked for");
	ok(nr_named > 0, "  some are told");
}

void test_files(void)
{
	mkdir(DIR, 0700);
	if (mount("none", DIR, "tmpfs", 0, NULL))
		bail("tmpfs");
	ok(get_info().caps & LTPIN_CAP_FILES, "capability: files");
	test_names();
	test_nameless();
	test_long_name();
	test_device();
	test_others();
	test_races();
	if (umount2(DIR, MNT_DETACH))
		bail("umount");
	rmdir(DIR);
}
