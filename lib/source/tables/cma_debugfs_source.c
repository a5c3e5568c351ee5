// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * /sys/kernel/debug/cma, a directory per area:
 *
 *	count, order_per_bit, used, maxchunk	NUMBER "\n"; pages, but order_per_bit
 *	base_pfn				NUMBER "\n"
 *	bitmap					WORD {" " WORD} "\n"
 *	ranges/I/base_pfn, ranges/I/bitmap	7.2
 *	alloc, free				write-only
 *
 * WORD is 32 bits in decimal, the lowest bit first; a bit is 2^order_per_bit
 * pages. The kernel rounds the words of a range up and does not print how many
 * pages the range has. An area whose activation failed has count 0 (hidden on
 * 7.2). order_per_bit is an int read as a long: its upper half is noise.
 *
 * History (mm/cma_debug.c of 5.10, 6.1, 6.12, 7.2): 5.10 calls the directory
 * "cma-" and the name, cut to 15 bytes in all; later kernels by the name alone.
 * Where there is "ranges", the top-level base_pfn and bitmap are those of range
 * 0 only and must not be paired with count. Fixtures:
 * v5.10-x86-custom-cmaheavy, v6.12-x86-custom; several ranges are written by
 * hand in the unit test.
 */
#include "source/tables/cma_bitmap.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array_size.h"
#include "base/errno_name.h"
#include "source/number.h"
#include "source/source.h"

#define CMA_DIR "/sys/kernel/debug/cma"
#define OLD_PREFIX "cma-"
#define OLD_NAME_MAX 15

/* One pass over the directory. */
struct scan {
	const struct lt_root *root;
	struct lt_strings *strings;
	struct lt_areas areas;
	bool has_old_names;
	bool has_swapped_words;
	struct lt_diag *diag;
};

/* What was read of a range before its size is known. */
struct range_files {
	struct lt_num base_pfn;
	struct lt_cma_words words;
};

/* -ENOMEM is the only failure; a file that tells nothing is named in the diag. */
static int read_number(struct scan *scan, const char *dir, const char *name, struct lt_num *out)
{
	char path[640];
	int err;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	err = lt_number_read(scan->root, path, out, scan->diag);
	return err == -ENOMEM ? err : 0;
}

/* As read_number(). */
static int read_words(struct scan *scan, const char *dir, struct lt_cma_words *out)
{
	struct lt_diag own = { 0 };
	struct lt_cma_words words = { 0 };
	struct lt_buf buf;
	char path[640];
	int err;

	snprintf(path, sizeof(path), "%s/bitmap", dir);
	lt_diag_path(&own, path);
	if (scan->has_swapped_words) {
		lt_diag_set(&own, "not used: this architecture swaps the halves of its words");
		lt_diag_merge(scan->diag, &own);
		return 0;
	}
	err = lt_root_read(scan->root, path, &buf);
	if (err) {
		lt_diag_set(&own, "%s", lt_errno_text(-err));
	} else {
		err = lt_cma_words_parse(buf.data, buf.len, &words, &own);
		free(buf.data);
	}
	if (err)
		lt_vec_free(&words);
	if (err && err != -ENOENT)
		lt_diag_mark_unread(&own);
	*out = words;
	lt_diag_merge(scan->diag, &own);
	return err == -ENOMEM ? err : 0;
}

/* Bits that the words prove to be there: of all words but the last, and up to the last one set. */
static size_t least_bits(const struct lt_cma_words *words)
{
	uint32_t last = words->nr ? words->v[words->nr - 1] : 0;

	if (!words->nr)
		return 0;
	return (words->nr - 1) * 32 + (last ? 32 - (size_t)__builtin_clz(last) : 1);
}

/*
 * How many bits each of several ranges has. All of their words if those add
 * up to the area's, which they do whenever a pageblock has 32 bits or more;
 * else the least that is certain, so that no foreign page is taken for CMA.
 */
static bool has_full_words(const struct range_files *files, size_t nr, uint64_t nr_bits)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < nr; i++)
		sum += files[i].words.nr * 32;
	return sum == nr_bits;
}

/* Where it is, or how long, another source may tell. */
static void keep_loose(struct lt_area *area, struct range_files *files)
{
	const size_t nr_bits = files->words.nr * 32;

	area->loose_base_pfn = files->base_pfn;
	if (area->order_per_bit.known && nr_bits && !area->loose_bitmap.words &&
	    !lt_cma_words_clip(&files->words, nr_bits, &area->loose_bitmap, NULL))
		files->words = (struct lt_cma_words){ 0 };
}

static int add_range(struct scan *scan, struct lt_area *area, struct range_files *files,
		     uint64_t nr_pages)
{
	struct lt_diag own = { 0 };
	struct lt_area_range *range;
	uint64_t end;
	int err = 0;

	if (!files->base_pfn.known || !nr_pages)
		return 0;
	if (__builtin_add_overflow(files->base_pfn.val, nr_pages, &end)) {
		lt_diag_set(scan->diag, "area \"%s\" ends past the last page there can be",
			    area->name);
		return 0;
	}
	range = lt_vec_push(&area->ranges);
	if (!range)
		return -ENOMEM;
	range->pfns = (struct lt_range){ files->base_pfn.val, end };
	if (area->order_per_bit.known && files->words.nr)
		err = lt_cma_words_clip(&files->words, nr_pages >> area->order_per_bit.val,
					&range->bitmap, &own);
	if (err)
		lt_diag_mark_unread(&own); /* it ends before the range does */
	lt_diag_merge(scan->diag, &own);
	return err == -ENOMEM ? err : 0;
}

static int add_ranges(struct scan *scan, struct lt_area *area, struct range_files *files, size_t nr)
{
	unsigned int order = area->order_per_bit.known ? (unsigned int)area->order_per_bit.val : 0;
	bool is_sure = nr == 1 || (area->order_per_bit.known && area->nr_pages.known &&
				   has_full_words(files, nr, area->nr_pages.val >> order));
	int err = 0;

	if (nr == 1 && (!files[0].base_pfn.known || !area->nr_pages.known))
		keep_loose(area, &files[0]);
	if (!is_sure)
		lt_diag_set(scan->diag, "area \"%s\": its ranges may be longer than shown",
			    area->name);
	for (size_t i = 0; i < nr && !err; i++) {
		uint64_t nr_pages = (uint64_t)least_bits(&files[i].words) << order;

		if (nr == 1)
			nr_pages = area->nr_pages.known ? area->nr_pages.val : 0;
		else if (is_sure)
			nr_pages = (uint64_t)files[i].words.nr * 32 << order;
		else if (!area->order_per_bit.known)
			nr_pages = 0;
		err = add_range(scan, area, &files[i], nr_pages);
	}
	return err;
}

static int count_ranges(const char *name, void *arg)
{
	struct lt_text text;
	size_t *nr = arg;
	uint64_t index;

	lt_text_init(&text, name, strlen(name));
	if (lt_text_u64(&text, &index) && lt_text_at_end(&text) && index < LT_AREA_RANGES_MAX &&
	    index >= *nr)
		*nr = (size_t)index + 1;
	return 0;
}

static int read_range(struct scan *scan, const char *dir, struct range_files *out)
{
	int err = read_number(scan, dir, "base_pfn", &out->base_pfn);

	return err ? err : read_words(scan, dir, &out->words);
}

static int read_ranges(struct scan *scan, struct lt_area *area, const char *dir)
{
	struct range_files files[LT_AREA_RANGES_MAX] = { 0 };
	size_t nr = 0;
	char path[512];
	int err;

	snprintf(path, sizeof(path), "%s/ranges", dir);
	err = lt_root_list(scan->root, path, count_ranges, &nr);
	if (err == -ENOMEM)
		return err;
	if (err && err != -ENOENT)
		lt_diag_unread_file(scan->diag, path, err);
	area->has_ranges_dir = nr > 0;
	err = nr ? 0 : read_range(scan, dir, &files[0]);
	for (size_t i = 0; i < nr && !err; i++) {
		snprintf(path, sizeof(path), "%s/ranges/%zu", dir, i);
		err = read_range(scan, path, &files[i]);
	}
	nr += !nr;
	if (!err)
		err = add_ranges(scan, area, files, nr);
	for (size_t i = 0; i < nr; i++)
		lt_vec_free(&files[i].words);
	return err;
}

static uint64_t pages_in_ranges(const struct lt_area *area)
{
	uint64_t sum = 0;

	lt_vec_each(range, &area->ranges)
		sum += lt_range_nr_pages(range->pfns);
	return sum;
}

/*
 * Our own count where the bitmaps cover the area, else the kernel's. They are
 * read one after the other, so an allocation between them makes them differ.
 */
static void set_longest_run(struct scan *scan, struct lt_area *area, struct lt_num maxchunk)
{
	struct lt_num run = lt_area_longest_free_run(area);

	if (!area->nr_pages.known || pages_in_ranges(area) != area->nr_pages.val)
		run.known = false;
	if (run.known && maxchunk.known && run.val != maxchunk.val)
		lt_diag_set(scan->diag,
			    "area \"%s\": maxchunk says %llu pages, the bitmap %llu; it is in use",
			    area->name, (unsigned long long)maxchunk.val,
			    (unsigned long long)run.val);
	area->largest_free_run = run.known ? run : maxchunk;
}

static int read_area(struct scan *scan, struct lt_area *area, const char *dir)
{
	struct lt_num maxchunk = { 0 };
	int err = read_number(scan, dir, "count", &area->nr_pages);

	if (!err)
		err = read_number(scan, dir, "order_per_bit", &area->order_per_bit);
	if (!err)
		err = read_number(scan, dir, "used", &area->nr_allocated);
	if (!err)
		err = read_number(scan, dir, "maxchunk", &maxchunk);
	if (err)
		return err;
	area->order_per_bit.val &= UINT32_MAX;
	if (area->order_per_bit.val >= 32) {
		lt_diag_set(scan->diag, "area \"%s\": no sense in order_per_bit", area->name);
		area->order_per_bit = (struct lt_num){ 0 };
	}
	if (!area->nr_pages.known || area->nr_pages.val)
		err = read_ranges(scan, area, dir);
	if (!err)
		set_longest_run(scan, area, maxchunk);
	return err;
}

static int add_area(const char *name, void *arg)
{
	struct scan *scan = arg;
	struct lt_area *area;
	char dir[384];
	int found;

	if (scan->areas.nr == LT_AREAS_MAX) {
		scan->diag->nr_skipped++;
		return 0;
	}
	snprintf(dir, sizeof(dir), CMA_DIR "/%s", name);
	found = lt_root_find_dir(scan->root, dir);
	if (found < 0)
		lt_diag_unread_file(scan->diag, dir, found);
	if (found <= 0) {
		scan->diag->nr_skipped++;
		return found == -ENOMEM ? found : 0;
	}
	area = lt_vec_push(&scan->areas);
	if (!area)
		return -ENOMEM;
	if (scan->has_old_names)
		name += strlen(OLD_PREFIX);
	area->source = "cma-debugfs";
	area->is_listed = true;
	area->name = lt_strings_add(scan->strings, name, strlen(name));
	return area->name ? read_area(scan, area, dir) : -ENOMEM;
}

/*
 * 5.10 puts "cma-" before every name, and an area of a later kernel may be
 * called "cma-something" by itself. So the prefix is the kernel's only if all
 * directories have it and none is longer than 5.10 makes them.
 */
static int check_name(const char *name, void *arg)
{
	bool *has_old_names = arg;

	if (strncmp(name, OLD_PREFIX, strlen(OLD_PREFIX)) || strlen(name) > OLD_NAME_MAX)
		*has_old_names = false;
	return 0;
}

/* Big-endian and 64-bit: the debugfs file shows halves of longs in memory order. */
static bool swaps_words(const char *arch)
{
	static const char *const archs[] = { "s390x", "ppc64", "sparc64", "aarch64_be",
					     "parisc64" };

	for (size_t i = 0; arch && i < ARRAY_SIZE(archs); i++)
		if (!strcmp(arch, archs[i]))
			return true;
	return false;
}

static int read_cma_debugfs(struct lt_snapshot *snap, struct lt_diag *diag)
{
	struct scan scan = {
		.root = snap->root,
		.strings = snap->strings,
		.has_old_names = true,
		.has_swapped_words = swaps_words(snap->kernel.arch),
		.diag = diag,
	};
	int err = lt_root_list(snap->root, CMA_DIR, check_name, &scan.has_old_names);

	if (!err)
		err = lt_root_list(snap->root, CMA_DIR, add_area, &scan);
	for (size_t i = 0; i < scan.areas.nr && !err; i++) {
		struct lt_area *area = lt_vec_push(&snap->areas);

		err = area ? 0 : -ENOMEM;
		if (area) {
			*area = scan.areas.v[i];
			scan.areas.v[i] = (struct lt_area){ 0 };
		}
	}
	lt_areas_free(&scan.areas);
	return err;
}

const struct lt_source lt_source_cma_debugfs = {
	.name = "cma-debugfs",
	.where = CMA_DIR,
	.proves = "CMA areas: name, place, size, and what cma_alloc() allocated",
	.options = { "CMA_DEBUGFS" },
	.mount = LT_MOUNT_DEBUGFS,
	.stage = LT_STAGE_TABLES,
	.pace = LT_PACE_ALWAYS,
	.locates_areas = true,
	.read = read_cma_debugfs,
};
