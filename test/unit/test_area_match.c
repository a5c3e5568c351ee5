// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Areas are made up, each source shows a part of them, and the program must find what follows from
 * the parts: nothing less, nothing else. What follows is found here by trying all ways in which
 * areas may be at the places that are shown.
 */
#include "test.h"

#include <time.h>

#include "base/bundle.h"
#include "source/read/read.h"

#define NR_MAX 5
#define NR_ROUNDS 4000
#define PAGE 4096

enum debugfs { NO_DEBUGFS, DEBUGFS, DEBUGFS_WITHOUT_BASE, DEBUGFS_WITHOUT_COUNT, NR_DEBUGFS };
enum sysfs { NO_SYSFS, SYSFS, SYSFS_WITH_SIZES, NR_SYSFS };
enum log { NO_LOG, LOG, LOG_WITH_NAMES, LOG_OF_FAILED, NR_LOG };
enum iomem { NO_IOMEM, IOMEM, IOMEM_WITH_DECOYS, IOMEM_WITH_TWIN, NR_IOMEM };
enum tree { NO_TREE, TREE, TREE_WITHOUT_PLACES, NR_TREE };

struct truth {
	const char *name;
	struct lt_range pfns;
};

struct round {
	struct truth areas[NR_MAX];
	size_t nr;
	enum debugfs debugfs;
	enum sysfs sysfs;
	enum log log;
	enum iomem iomem;
	enum tree tree;
	bool has_total;
	int cmdline; /* 0: none, 1: the size of the first area, 2: its place too */
	struct lt_range others[2 * NR_MAX]; /* reserved memory that is no area */
	size_t nr_others;
};

/* What was reserved for an area whose activation failed. */
static const struct lt_range failed = { 0x10000, 0x10000 + 512 * 31 };

static uint64_t random_state;
static struct lt_bundle *evidence;

static void put_bytes(const char *path, const void *data, size_t len)
{
	FILE *out;

	assert_int_equal(lt_bundle_begin(evidence, path, &out), 0);
	assert_int_equal(fwrite(data, 1, len, out), len);
	assert_int_equal(lt_bundle_end(evidence, true), 0);
}

static unsigned int draw(unsigned int below)
{
	random_state = random_state * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (unsigned int)(random_state >> 33) % below;
}

static void make_truth(struct round *round)
{
	static const char *const names[NR_MAX] = { "reserved", "video", "modem", "camera", "isp" };
	uint64_t pfn = 0x40000;

	*round = (struct round){
		.nr = 1 + draw(NR_MAX),
		.debugfs = draw(2) ? NO_DEBUGFS : (enum debugfs)draw(NR_DEBUGFS),
		.sysfs = (enum sysfs)draw(NR_SYSFS),
		.log = (enum log)draw(NR_LOG),
		.iomem = (enum iomem)draw(NR_IOMEM),
		.tree = draw(2) ? NO_TREE : (enum tree)draw(NR_TREE),
		.has_total = draw(2),
		.cmdline = (int)draw(3),
	};
	for (size_t i = 0; i < round->nr; i++) {
		uint64_t nr_pages = (uint64_t)512 << draw(4);

		pfn += 512 * (1 + draw(9));
		round->areas[i] = (struct truth){ names[i], { pfn, pfn + nr_pages } };
		pfn += nr_pages;
	}
	for (size_t i = 0; i < round->nr && round->iomem >= IOMEM_WITH_DECOYS; i++) {
		uint64_t nr_pages = lt_range_nr_pages(round->areas[i].pfns);

		pfn += 512;
		if (round->iomem == IOMEM_WITH_DECOYS)
			nr_pages = 256 * (2 * draw(20) + 1);
		round->others[round->nr_others++] = (struct lt_range){ pfn, pfn + nr_pages };
		pfn += nr_pages;
	}
}

__attribute__((format(printf, 2, 3))) static void put(const char *path, const char *fmt, ...)
{
	char text[4096];
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	put_bytes(path, text, (size_t)len);
}

static void put_number(const char *dir, const char *name, const char *file, uint64_t number)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s/%s", dir, name, file);
	put(path, "%llu\n", (unsigned long long)number);
}

static void write_area(const struct round *round, const struct truth *area)
{
	const uint64_t nr_pages = lt_range_nr_pages(area->pfns);

	if (round->debugfs) {
		const char *dir = "sys/kernel/debug/cma";

		if (round->debugfs != DEBUGFS_WITHOUT_BASE)
			put_number(dir, area->name, "base_pfn", area->pfns.start_pfn);
		if (round->debugfs != DEBUGFS_WITHOUT_COUNT)
			put_number(dir, area->name, "count", nr_pages);
		put_number(dir, area->name, "order_per_bit", 0);
	}
	if (round->sysfs) {
		const char *dir = "sys/kernel/mm/cma";

		put_number(dir, area->name, "alloc_pages_success", 0);
		put_number(dir, area->name, "alloc_pages_fail", 0);
		if (round->sysfs == SYSFS_WITH_SIZES) {
			put_number(dir, area->name, "total_pages", nr_pages);
			put_number(dir, area->name, "available_pages", nr_pages);
		}
	}
}

static void write_cells(const char *path, uint64_t a, uint64_t b, bool has_both)
{
	uint8_t cells[16];

	for (int i = 0; i < 8; i++) {
		cells[i] = (uint8_t)(a >> (56 - 8 * i));
		cells[8 + i] = (uint8_t)(b >> (56 - 8 * i));
	}
	put_bytes(path, cells, has_both ? 16 : 8);
}

#define RESERVED "sys/firmware/devicetree/base/reserved-memory"

static void write_device_tree(const struct round *round)
{
	static const uint8_t two[4] = { 0, 0, 0, 2 };

	if (!round->tree)
		return;
	put_bytes(RESERVED "/#address-cells", two, 4);
	put_bytes(RESERVED "/#size-cells", two, 4);
	for (size_t i = 0; i < round->nr; i++) {
		const struct truth *area = &round->areas[i];
		uint64_t bytes = lt_range_nr_pages(area->pfns) * PAGE;
		char path[256];

		snprintf(path, sizeof(path), RESERVED "/%s/compatible", area->name);
		put_bytes(path, "shared-dma-pool", 16);
		snprintf(path, sizeof(path), RESERVED "/%s/reusable", area->name);
		put_bytes(path, "", 0);
		snprintf(path, sizeof(path), RESERVED "/%s/%s", area->name,
			 round->tree == TREE ? "reg" : "size");
		if (round->tree == TREE)
			write_cells(path, area->pfns.start_pfn * PAGE, bytes, true);
		else
			write_cells(path, bytes, 0, false);
	}
}

#define STAMP "[    0.000000] "

static size_t say_reserved(const struct round *round, char *text, size_t size, struct lt_range pfns,
			   const char *name)
{
	unsigned long long base = pfns.start_pfn * PAGE;
	unsigned long long mib = lt_range_nr_pages(pfns) * PAGE >> 20;

	if (round->log != LOG_WITH_NAMES)
		return (size_t)snprintf(text, size, STAMP "cma: Reserved %llu MiB at 0x%016llx\n",
					mib, base);
	return (size_t)snprintf(text, size,
				STAMP "Reserved memory: created CMA memory pool at 0x%016llx, "
				      "size %llu MiB\n" STAMP
				      "OF: reserved mem: initialized node %s, "
				      "compatible id shared-dma-pool\n",
				base, mib, name);
}

/* In the order of the addresses, or from the top, as kernels reserve it. */
static void write_log(const struct round *round)
{
	char text[4096] = "[    0.000000] Linux version 6.12.1 (a@b)\n";
	bool is_down = draw(2);
	size_t len = strlen(text);

	if (!round->log)
		return;
	for (size_t i = 0; i < round->nr; i++) {
		const struct truth *area = &round->areas[is_down ? round->nr - 1 - i : i];

		len += say_reserved(round, text + len, sizeof(text) - len, area->pfns, area->name);
	}
	/* its activation failed later */
	if (round->log == LOG_OF_FAILED)
		say_reserved(round, text + len, sizeof(text) - len, failed, "failed");
	put_bytes("dmesg.txt", text, strlen(text));
}

static int by_start(const void *a, const void *b)
{
	const struct lt_range *x = a, *y = b;

	return x->start_pfn < y->start_pfn ? -1 : x->start_pfn > y->start_pfn;
}

static size_t all_reserved(const struct round *round, struct lt_range *out)
{
	size_t nr = 0;

	for (size_t i = 0; i < round->nr; i++)
		out[nr++] = round->areas[i].pfns;
	for (size_t i = 0; i < round->nr_others; i++)
		out[nr++] = round->others[i];
	qsort(out, nr, sizeof(*out), by_start);
	return nr;
}

static void write_iomem(const struct round *round)
{
	struct lt_range all[3 * NR_MAX];
	char text[4096];
	size_t nr = all_reserved(round, all), len;

	if (!round->iomem)
		return;
	len = (size_t)snprintf(text, sizeof(text), "00001000-fffffffff : System RAM\n");
	for (size_t i = 0; i < nr; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
					"  %08llx-%08llx : reserved\n",
					(unsigned long long)all[i].start_pfn * PAGE,
					(unsigned long long)all[i].end_pfn * PAGE - 1);
	put_bytes("proc/iomem", text, len);
}

static uint64_t total_pages(const struct round *round)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < round->nr; i++)
		sum += lt_range_nr_pages(round->areas[i].pfns);
	return sum;
}

static void write_evidence(const struct round *round)
{
	put("META", "{ \"schema\": \"ltpin.meta/1\", \"kernel\": { \"page_size\": %d } }\n", PAGE);
	for (size_t i = 0; i < round->nr; i++)
		write_area(round, &round->areas[i]);
	write_device_tree(round);
	write_log(round);
	write_iomem(round);
	if (round->cmdline == 1)
		put("proc/cmdline", "quiet cma=%lluK\n",
		    (unsigned long long)lt_range_nr_pages(round->areas[0].pfns) * (PAGE / 1024));
	if (round->cmdline == 2)
		put("proc/cmdline", "cma=%lluK@0x%llx quiet\n",
		    (unsigned long long)lt_range_nr_pages(round->areas[0].pfns) * (PAGE / 1024),
		    (unsigned long long)round->areas[0].pfns.start_pfn * PAGE);
	if (round->has_total)
		put("proc/meminfo",
		    "MemTotal: 8000000 kB\nMemFree: 1 kB\nCmaTotal: %llu kB\nCmaFree: 0 kB\n",
		    (unsigned long long)total_pages(round) * (PAGE / 1024));
}

/* What the evidence says of areas one by one, in all the ways that it is told. */
struct known {
	bool has_place[NR_MAX], has_name[NR_MAX], has_size[NR_MAX];
	struct lt_range places[3 * NR_MAX]; /* that areas may be at */
	size_t nr_places;
	bool are_all_areas; /* each of @places is one */
};

static struct known know(const struct round *round)
{
	struct known known = { 0 };
	size_t nr_unsized = 0, unsized = 0;

	for (size_t i = 0; i < round->nr; i++) {
		known.has_name[i] = round->debugfs || round->sysfs || round->tree;
		known.has_size[i] = (round->debugfs && round->debugfs != DEBUGFS_WITHOUT_COUNT) ||
				    round->sysfs == SYSFS_WITH_SIZES ||
				    round->tree == TREE_WITHOUT_PLACES;
		known.has_place[i] = round->debugfs == DEBUGFS || round->tree == TREE ||
				     round->log == LOG_WITH_NAMES ||
				     (round->debugfs == DEBUGFS_WITHOUT_COUNT && known.has_size[i]);
		known.has_name[i] |= known.has_place[i];
		if (!known.has_size[i] && known.has_name[i]) {
			nr_unsized++;
			unsized = i;
		}
	}
	if (round->has_total && nr_unsized == 1)
		known.has_size[unsized] = true;
	if (round->log) {
		known.are_all_areas = true;
		for (size_t i = 0; i < round->nr; i++)
			known.places[known.nr_places++] = round->areas[i].pfns;
		if (round->log == LOG_OF_FAILED)
			known.places[known.nr_places++] = failed;
	} else if (round->iomem) {
		known.nr_places = all_reserved(round, known.places);
	}
	return known;
}

/* Try every way to put the areas from @i on at places: does area @which get another place than @first? */
struct search {
	const struct round *round;
	const struct known *known;
	size_t which;
	struct lt_range first;
	bool has_first, is_open;
	bool is_used[3 * NR_MAX];
};

static bool can_be(const struct search *search, size_t i, struct lt_range pfns)
{
	const struct lt_range *true_pfns = &search->round->areas[i].pfns;

	if (search->known->has_place[i])
		return pfns.start_pfn == true_pfns->start_pfn;
	return search->known->has_size[i] ? lt_range_nr_pages(pfns) == lt_range_nr_pages(*true_pfns)
					  : search->known->are_all_areas;
}

static void try_from(struct search *search, size_t i, struct lt_range of_which)
{
	if (search->is_open)
		return;
	if (i == search->round->nr) {
		if (search->has_first && search->first.start_pfn != of_which.start_pfn)
			search->is_open = true;
		search->first = of_which;
		search->has_first = true;
		return;
	}
	for (size_t p = 0; p < search->known->nr_places; p++) {
		if (search->is_used[p] || !can_be(search, i, search->known->places[p]))
			continue;
		search->is_used[p] = true;
		try_from(search, i + 1, i == search->which ? search->known->places[p] : of_which);
		search->is_used[p] = false;
	}
}

/* Whether only one place is possible for area @which. */
static bool is_decidable(const struct round *round, const struct known *known, size_t which)
{
	struct search search = { .round = round, .known = known, .which = which };

	if (known->has_place[which])
		return true;
	if (!known->has_name[which])
		return false;
	try_from(&search, 0, (struct lt_range){ 0 });
	return search.has_first && !search.is_open;
}

static const struct truth *find_truth(const struct round *round, struct lt_range pfns)
{
	for (size_t i = 0; i < round->nr; i++)
		if (round->areas[i].pfns.start_pfn == pfns.start_pfn &&
		    round->areas[i].pfns.end_pfn == pfns.end_pfn)
			return &round->areas[i];
	return NULL;
}

struct score {
	size_t nr_missed, nr_wrong, nr_decided, nr_open, nr_unnamed;
};

static bool has_area(const struct lt_areas *areas, const struct truth *truth, bool by_name)
{
	lt_vec_each(area, areas)
		if (area->ranges.nr == 1 &&
		    area->ranges.v[0].pfns.start_pfn == truth->pfns.start_pfn &&
		    area->ranges.v[0].pfns.end_pfn == truth->pfns.end_pfn &&
		    (!by_name || (area->name && !strcmp(area->name, truth->name))))
			return true;
	return false;
}

static void judge(const struct round *round, const struct lt_areas *areas, struct score *score)
{
	struct known known = know(round);

	lt_vec_each(area, areas) {
		/* The kernel listed all by name: nothing else is one. */
		score->nr_wrong +=
			(round->debugfs || round->sysfs) && !area->name && !area->ranges.nr;
		lt_vec_each(range, &area->ranges) {
			const struct truth *truth = find_truth(round, range->pfns);

			if (!truth && round->log == LOG_OF_FAILED &&
			    range->pfns.start_pfn == failed.start_pfn)
				continue; /* that it failed nothing here says */
			score->nr_wrong +=
				!truth || (area->name && strcmp(area->name, truth->name));
		}
	}
	for (size_t i = 0; i < round->nr; i++) {
		bool is_decided = is_decidable(round, &known, i);

		score->nr_decided += is_decided;
		score->nr_open += !is_decided;
		if (is_decided)
			score->nr_missed += !has_area(areas, &round->areas[i], true);
		else if (round->log)
			score->nr_missed += !has_area(areas, &round->areas[i], false);
	}
}

static struct lt_snapshot *read_evidence(struct lt_root **root)
{
	struct lt_snapshot_options options = { .last_stage = LT_STAGE_TABLES };
	struct lt_snapshot *snap;

	assert_int_equal(lt_bundle_seal(evidence, NULL), 0);
	assert_int_equal(lt_root_open_bundle(evidence, root), 0);
	options.root = *root;
	assert_int_equal(lt_read_snapshot(&options, &snap), 0);
	return snap;
}

static void print_round(const struct round *round, const struct lt_snapshot *snap)
{
	const struct lt_areas *areas = &snap->areas;

	print_message("debugfs %d sysfs %d log %d iomem %d tree %d total %d cmdline %d\n",
		      round->debugfs, round->sysfs, round->log, round->iomem, round->tree,
		      round->has_total, round->cmdline);
	for (size_t i = 0; i < round->nr; i++)
		print_message("  truth %s %llx %llu\n", round->areas[i].name,
			      (unsigned long long)round->areas[i].pfns.start_pfn,
			      (unsigned long long)lt_range_nr_pages(round->areas[i].pfns));
	lt_vec_each(area, areas)
		print_message("  found %s %llx %llu by %s\n", area->name ? area->name : "-",
			      area->ranges.nr ? (unsigned long long)area->ranges.v[0].pfns.start_pfn
					      : 0,
			      (unsigned long long)area->nr_pages.val, area->source);
	lt_vec_each(source, &snap->sources)
		if (source->detail && (source->locates_areas || !strcmp(source->name, "iomem")))
			print_message("  %s: %s\n", source->name, source->detail);
}

static void what_follows_is_found_and_nothing_else(void **state)
{
	struct score sum = { 0 };
	size_t nr_shown = 0;

	(void)state;
	for (int i = 0; i < NR_ROUNDS; i++) {
		struct score score = { 0 };
		struct lt_snapshot *snap;
		struct lt_root *root;
		struct round round;

		make_truth(&round);
		assert_int_equal(lt_bundle_new("/dev/shm", &evidence), 0);
		write_evidence(&round);
		snap = read_evidence(&root);
		judge(&round, &snap->areas, &score);
		if ((score.nr_missed || score.nr_wrong) && nr_shown++ < 4) {
			print_message("round %d: %zu missed, %zu wrong\n", i, score.nr_missed,
				      score.nr_wrong);
			print_round(&round, snap);
		}
		sum.nr_missed += score.nr_missed;
		sum.nr_wrong += score.nr_wrong;
		sum.nr_decided += score.nr_decided;
		sum.nr_open += score.nr_open;
		lt_snapshot_free(snap);
		lt_root_close(root);
	}
	print_message("%zu decidable, %zu open, %zu missed, %zu wrong\n", sum.nr_decided,
		      sum.nr_open, sum.nr_missed, sum.nr_wrong);
	assert_int_equal(sum.nr_missed, 0);
	assert_int_equal(sum.nr_wrong, 0);
	assert_true(sum.nr_decided > NR_ROUNDS && sum.nr_open > NR_ROUNDS / 10);
}

/* The control: the judge sees an area that is missing, and two that are at each other's place. */
static void the_judge_can_say_no(void **state)
{
	struct round round = { .nr = 2,
			       .debugfs = DEBUGFS,
			       .areas = { { "a", { 512, 1024 } }, { "b", { 2048, 2560 } } } };
	struct lt_area_range ranges[2] = { { .pfns = { 2048, 2560 } }, { .pfns = { 512, 1024 } } };
	struct lt_area areas[2] = {
		{ .name = "a", .ranges = { .v = &ranges[0], .nr = 1 } },
		{ .name = "b", .ranges = { .v = &ranges[1], .nr = 1 } },
	};
	struct lt_areas list = { .v = areas, .nr = 2 };
	struct score score = { 0 };

	(void)state;
	judge(&round, &list, &score);
	assert_int_equal(score.nr_wrong, 2);
	assert_int_equal(score.nr_missed, 2);
	score = (struct score){ 0 };
	list.nr = 0;
	judge(&round, &list, &score);
	assert_int_equal(score.nr_wrong, 0);
	assert_int_equal(score.nr_missed, 2);
}

int main(void)
{
	const char *seed = getenv("LTPIN_TEST_SEED");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_judge_can_say_no),
		cmocka_unit_test(what_follows_is_found_and_nothing_else),
	};

	random_state = seed ? strtoull(seed, NULL, 0) : (uint64_t)time(NULL);
	printf("# LTPIN_TEST_SEED=%llu\n", (unsigned long long)random_state);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
