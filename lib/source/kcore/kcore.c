// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The reference count of pages without the helper module, from the kernel's
 * memory (/proc/kcore), with what /proc/kpageflags and /proc/kpagecount tell of
 * the same pages. It reads the struct pages that are asked for and the tables
 * that lead to them, nothing else, and takes no reference.
 *
 * Nothing holds the pages still. Their struct pages are read twice, with the
 * other files between: where both readings agree, all is true of one moment.
 */
#include "source/kcore/kcore.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/kernel-page-flags.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/lockdown.h"
#include "source/kcore/kcore_file.h"
#include "source/kcore/kcore_folio.h"

/* Pages looked at in one go: the fewer, the less they change meanwhile. */
#define CHUNK 128
#define NR_TRIES 3

#define NOPAGE (UINT64_C(1) << KPF_NOPAGE)
#define COMPOUND ((UINT64_C(1) << KPF_COMPOUND_HEAD) | (UINT64_C(1) << KPF_COMPOUND_TAIL))

enum { FD_KCORE, FD_KPAGEFLAGS, FD_KPAGECOUNT, NR_FDS };

struct lt_kcore {
	int fds[NR_FDS];
	struct lt_kcore_file file;
	bool no_mapcount;
	uint64_t nr_missing, nr_unsure;
	unsigned char before[CHUNK * LT_STRUCT_PAGE_MAX], after[CHUNK * LT_STRUCT_PAGE_MAX];
	uint64_t words[CHUNK];
	struct lt_kcore_page pages[CHUNK];
};

static uint64_t get_u64(const unsigned char *page, uint64_t offset)
{
	uint64_t val;

	memcpy(&val, page + offset, sizeof(val));
	return val;
}

static int32_t get_s32(const unsigned char *page, uint64_t offset)
{
	int32_t val;

	memcpy(&val, page + offset, sizeof(val));
	return val;
}

/* Zeros are what the kernel gives for memory that is not mapped; no struct page is all zeros. */
static bool is_zero(const unsigned char *page, size_t len)
{
	return !page[0] && !memcmp(page, page + 1, len - 1);
}

static bool is_same(const struct lt_vmcoreinfo *info, const unsigned char *a,
		    const unsigned char *b)
{
	return get_u64(a, info->flags) == get_u64(b, info->flags) &&
	       get_u64(a, info->mapping) == get_u64(b, info->mapping) &&
	       get_s32(a, info->refcount) == get_s32(b, info->refcount) &&
	       get_s32(a, info->mapcount) == get_s32(b, info->mapcount);
}

/* What was read of @nr pages into kcore->pages; returns whether all of them stood still. */
static bool allocate_pages(struct lt_kcore *kcore, size_t nr)
{
	const struct lt_vmcoreinfo *info = &kcore->file.info;
	bool is_stable = true;

	for (size_t i = 0; i < nr; i++) {
		const unsigned char *before = kcore->before + i * info->page_bytes;
		const unsigned char *after = kcore->after + i * info->page_bytes;
		struct lt_kcore_page *page = &kcore->pages[i];

		*page = (struct lt_kcore_page){
			.refcount = get_s32(after, info->refcount),
			.mapcount = get_s32(after, info->mapcount),
			.mapping = get_u64(after, info->mapping),
			.kpf = kcore->words[i],
			.is_there = !is_zero(after, info->page_bytes),
			.is_stable = is_same(info, before, after),
		};
		is_stable = is_stable && page->is_stable;
	}
	return is_stable;
}

static int read_words(struct lt_kcore *kcore, int fd, uint64_t pfn, size_t nr)
{
	return lt_kcore_pread(fd, pfn * sizeof(kcore->words[0]), kcore->words,
			      nr * sizeof(kcore->words[0]));
}

/* Only larger folios need it; for others page._mapcount is the count. */
static int read_counts(struct lt_kcore *kcore, uint64_t pfn, size_t nr)
{
	bool is_needed = false;
	int err;

	for (size_t i = 0; i < nr; i++)
		is_needed = is_needed || kcore->pages[i].kpf & COMPOUND;
	err = is_needed ? read_words(kcore, kcore->fds[FD_KPAGECOUNT], pfn, nr) : 0;
	for (size_t i = 0; i < nr && is_needed && !err; i++)
		if (kcore->pages[i].kpf & COMPOUND)
			kcore->pages[i].kpagecount = kcore->words[i];
	return err;
}

static int read_chunk(struct lt_kcore *kcore, uint64_t pfn, size_t nr)
{
	int err = 0;

	for (int i = 0; i < NR_TRIES && !err; i++) {
		err = lt_kcore_file_read_pages(&kcore->file, pfn, nr, kcore->before);
		if (!err)
			err = read_words(kcore, kcore->fds[FD_KPAGEFLAGS], pfn, nr);
		if (!err)
			err = lt_kcore_file_read_pages(&kcore->file, pfn, nr, kcore->after);
		if (!err && allocate_pages(kcore, nr))
			break;
	}
	return err ? err : read_counts(kcore, pfn, nr);
}

static int add_chunk(struct lt_kcore *kcore, uint64_t pfn, size_t nr,
		     struct lt_kcore_folios *folios)
{
	int err = read_chunk(kcore, pfn, nr);

	for (size_t i = 0; i < nr && !err; i++) {
		const struct lt_kcore_page *page = &kcore->pages[i];

		kcore->nr_missing += !page->is_there && !(page->kpf & NOPAGE);
		err = lt_kcore_folios_add(folios, pfn + i, page);
	}
	return err;
}

/* Whether @pfn, which may lie past the end of memory, belongs to the folio before it. */
static bool is_tail(struct lt_kcore *kcore, uint64_t pfn)
{
	return !read_words(kcore, kcore->fds[FD_KPAGEFLAGS], pfn, 1) &&
	       kcore->words[0] & UINT64_C(1) << KPF_COMPOUND_TAIL;
}

struct each {
	int (*each)(const struct lt_folio *folio, void *arg);
	void *arg;
	struct lt_kcore *kcore;
};

static int count_unsure(const struct lt_folio *folio, void *arg)
{
	struct each *each = arg;

	each->kcore->nr_unsure += lt_folio_may_be_pinned(folio);
	return each->each(folio, each->arg);
}

int lt_kcore_ask(struct lt_kcore *kcore, struct lt_range pfns,
		 int (*each)(const struct lt_folio *folio, void *arg), void *arg,
		 struct lt_diag *diag)
{
	struct each counted = { .each = each, .arg = arg, .kcore = kcore };
	struct lt_kcore_folios folios = {
		.each = count_unsure,
		.arg = &counted,
		.no_mapcount = kcore->no_mapcount,
	};
	int err = 0;

	for (uint64_t pfn = pfns.start_pfn; pfn < pfns.end_pfn && !err; pfn += CHUNK) {
		size_t nr = pfns.end_pfn - pfn < CHUNK ? (size_t)(pfns.end_pfn - pfn) : CHUNK;

		err = add_chunk(kcore, pfn, nr, &folios);
		if (err == -EFAULT || err == -ENODATA) {
			lt_diag_set(diag, "no struct page is known of PFN 0x%llx",
				    (unsigned long long)pfn);
			err = -EIO;
		}
	}
	return err ? err : lt_kcore_folios_end(&folios, is_tail(kcore, pfns.end_pfn));
}

static int open_file(const struct lt_root *root, const char *path, int *out, struct lt_diag *diag)
{
	int fd = lt_root_openat(root, path, O_RDONLY);

	if (fd < 0) {
		lt_diag_path(diag, path);
		if (fd == -EPERM && lt_lockdown_is_confidential(root))
			lt_diag_set(diag, LT_LOCKDOWN_REFUSES);
		return fd;
	}
	*out = fd;
	return 0;
}

void lt_kcore_close(struct lt_kcore *kcore)
{
	if (!kcore)
		return;
	lt_kcore_file_close(&kcore->file);
	for (size_t i = 0; i < NR_FDS; i++)
		if (kcore->fds[i] >= 0)
			close(kcore->fds[i]);
	free(kcore);
}

int lt_kcore_open(const struct lt_root *root, const struct lt_kernel *kernel, struct lt_kcore **out,
		  struct lt_diag *diag)
{
	static const char *const paths[NR_FDS] = {
		[FD_KCORE] = "/proc/kcore",
		[FD_KPAGEFLAGS] = "/proc/kpageflags",
		[FD_KPAGECOUNT] = "/proc/kpagecount",
	};
	const char *no_mapcount = lt_kernel_option(kernel, "NO_PAGE_MAPCOUNT");
	struct lt_kcore *kcore = calloc(1, sizeof(*kcore));
	int err = 0;

	if (!kcore)
		return -ENOMEM;
	kcore->no_mapcount = no_mapcount && !strcmp(no_mapcount, "y");
	memset(kcore->fds, -1, sizeof(kcore->fds));
	for (size_t i = 0; i < NR_FDS && !err; i++)
		err = open_file(root, paths[i], &kcore->fds[i], diag);
	if (!err)
		err = lt_kcore_file_open(kcore->fds[FD_KCORE], &kcore->file, diag);
	if (err)
		lt_kcore_close(kcore);
	else
		*out = kcore;
	return err;
}

void lt_kcore_report(const struct lt_kcore *kcore, struct lt_diag *diag)
{
	if (kcore->nr_missing)
		lt_diag_set(diag, "%llu pages have no struct page that could be read",
			    (unsigned long long)kcore->nr_missing);
	if (kcore->nr_unsure)
		lt_diag_set(diag,
			    "%llu large folios have a reference that may be a pin, or transient",
			    (unsigned long long)kcore->nr_unsure);
}
