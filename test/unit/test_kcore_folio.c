// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/source/kcore/kcore_folio.c. */
#include "test.h"

#include <linux/kernel-page-flags.h>

#include "source/kcore/kcore_folio.h"
#include "uapi/ltpin_netlink.h"

#define KPF(name) (UINT64_C(1) << KPF_##name)
#define KPF_RESERVED 32

#define ANON_MAPPING 0xffff888012345671
#define KSM_MAPPING 0xffff888012345673
#define FILE_MAPPING 0xffff888012345670
#define USED (KPF(LRU) | KPF(REFERENCED) | KPF(UPTODATE) | KPF(SWAPBACKED) | KPF(MMAP))

#define NR_MAX 16

struct told {
	struct lt_folio v[NR_MAX];
	size_t nr;
	struct lt_kcore_folios folios;
	uint64_t pfn;
};

static int take(const struct lt_folio *folio, void *arg)
{
	struct told *told = arg;

	assert_true(told->nr < NR_MAX);
	told->v[told->nr++] = *folio;
	return 0;
}

static void begin(struct told *told)
{
	*told = (struct told){ .pfn = 1000 };
	told->folios = (struct lt_kcore_folios){ .each = take, .arg = told };
}

static void add(struct told *told, size_t nr, int32_t refcount, int32_t mapcount, uint64_t mapping,
		uint64_t kpf, uint64_t kpagecount)
{
	const struct lt_kcore_page page = {
		.refcount = refcount,
		.mapcount = mapcount,
		.mapping = mapping,
		.kpf = kpf,
		.kpagecount = kpagecount,
		.is_there = true,
		.is_stable = true,
	};

	for (size_t i = 0; i < nr; i++)
		assert_int_equal(lt_kcore_folios_add(&told->folios, told->pfn++, &page), 0);
}

static void end(struct told *told, bool is_cut)
{
	assert_int_equal(lt_kcore_folios_end(&told->folios, is_cut), 0);
}

static void assert_folio(const struct lt_folio *folio, uint64_t pfn, uint32_t nr_pages,
			 int32_t refcount, int32_t mapcount, int32_t pins)
{
	assert_int_equal(folio->pfn, pfn);
	assert_int_equal(folio->nr_pages, nr_pages);
	assert_int_equal(folio->refcount, refcount);
	assert_int_equal(folio->mapcount, mapcount);
	assert_int_equal(folio->pins, pins);
}

static void small_pages_are_folios(void **state)
{
	struct told told;

	(void)state;
	begin(&told);
	add(&told, 1, 1025, 0, ANON_MAPPING, USED | KPF(ANON), 0);
	add(&told, 1, 2, 0, FILE_MAPPING, KPF(LRU), 0);
	add(&told, 1, 1, -1, KSM_MAPPING, KPF(LRU), 0);
	add(&told, 1, 1, (int32_t)0xf5000000, FILE_MAPPING, KPF(SLAB), 0); /* 6.12's type */
	add(&told, 1, 1, -129, FILE_MAPPING, KPF(PGTABLE), 0);		   /* 5.10's */
	add(&told, 1, 1, -1, 0, UINT64_C(1) << KPF_RESERVED, 0);
	end(&told, false);
	assert_int_equal(told.nr, 6);
	assert_folio(&told.v[0], 1000, 1, 1025, 1, 1);
	assert_int_equal(told.v[0].flags, LTPIN_PAGE_ANON | LTPIN_PAGE_LRU | LTPIN_PAGE_REFERENCED |
						  LTPIN_PAGE_UPTODATE | LTPIN_PAGE_SWAPBACKED);
	assert_folio(&told.v[1], 1001, 1, 2, 1, 0);
	assert_int_equal(told.v[1].flags, LTPIN_PAGE_FILE | LTPIN_PAGE_LRU);
	assert_folio(&told.v[2], 1002, 1, 1, 0, 0);
	assert_int_equal(told.v[2].flags, LTPIN_PAGE_ANON | LTPIN_PAGE_KSM | LTPIN_PAGE_LRU);
	assert_folio(&told.v[3], 1003, 1, 1, 0, 0);
	assert_int_equal(told.v[3].flags, LTPIN_PAGE_SLAB);
	assert_int_equal(told.v[4].flags, LTPIN_PAGE_PGTABLE);
	assert_int_equal(told.v[5].flags, LTPIN_PAGE_RESERVED);
}

static void free_neighbours_are_one_block(void **state)
{
	const struct lt_kcore_page hole = { 0 };
	struct told told;

	(void)state;
	begin(&told);
	add(&told, 3, 0, -129, 0, KPF(BUDDY), 0);
	add(&told, 1, 0, -1, 0, 0, 0); /* on a per-CPU list */
	add(&told, 2, 0, -1, 0, KPF(BUDDY), 0);
	assert_int_equal(lt_kcore_folios_add(&told.folios, told.pfn++, &hole), 0);
	add(&told, 1, 0, -1, 0, KPF(BUDDY), 0);
	end(&told, false);
	end(&told, false); /* nothing is told twice */
	assert_int_equal(told.nr, 4);
	assert_folio(&told.v[0], 1000, 3, 0, 0, 0);
	assert_int_equal(told.v[0].flags, LTPIN_PAGE_BUDDY);
	assert_folio(&told.v[1], 1003, 1, 0, 0, 0);
	assert_int_equal(told.v[1].flags, 0);
	assert_folio(&told.v[2], 1004, 2, 0, 0, 0);
	assert_folio(&told.v[3], 1007, 1, 0, 0, 0);
}

static void mappings_of_a_large_folio_are_summed(void **state)
{
	struct told told;

	(void)state;
	begin(&told);
	/* All of it mapped by two, and two of its pages by a third: kpagecount tells 2, 3, 3, 2. */
	add(&told, 1, 5, -1, ANON_MAPPING, USED | KPF(COMPOUND_HEAD), 2);
	add(&told, 2, 0, 0, 0, KPF(COMPOUND_TAIL), 3);
	add(&told, 1, 0, -1, 0, KPF(COMPOUND_TAIL), 2);
	/* Page by page only. */
	add(&told, 1, 3, 0, ANON_MAPPING, USED | KPF(COMPOUND_HEAD), 1);
	add(&told, 1, 0, 1, 0, KPF(COMPOUND_TAIL), 2);
	end(&told, false);
	assert_int_equal(told.nr, 2);
	assert_folio(&told.v[0], 1000, 4, 5, 4, -1);
	assert_int_equal(lt_folio_extra_refs(&told.v[0]), 1);
	assert_folio(&told.v[1], 1004, 2, 3, 3, -1);
	assert_int_equal(lt_folio_extra_refs(&told.v[1]), 0);
	assert_true(told.v[0].flags & LTPIN_PAGE_COMPOUND);
	assert_false(told.v[0].flags & (LTPIN_PAGE_PINS_EXACT | LTPIN_PAGE_UNSTABLE));
}

/* 7.2 with CONFIG_NO_PAGE_MAPCOUNT: kpagecount is the average over the folio. */
static void an_average_invents_no_reference(void **state)
{
	struct told told;

	(void)state;
	begin(&told);
	told.folios.no_mapcount = true;
	add(&told, 1, 4, -1, ANON_MAPPING, USED | KPF(COMPOUND_HEAD), 1);
	add(&told, 3, 0, -1, 0, KPF(COMPOUND_TAIL), 1);
	end(&told, false);
	assert_folio(&told.v[0], 1000, 4, 4, 4, -1);
	assert_int_equal(lt_folio_extra_refs(&told.v[0]), 0);
}

static void what_is_not_whole_is_not_trusted(void **state)
{
	const struct lt_kcore_page moving = {
		.refcount = 1025,
		.mapping = ANON_MAPPING,
		.kpf = USED,
		.is_there = true,
	};
	struct told told;

	(void)state;
	begin(&told);
	add(&told, 1, 0, -1, 0, KPF(COMPOUND_TAIL), 0); /* where is its head? */
	assert_int_equal(lt_kcore_folios_add(&told.folios, told.pfn++, &moving), 0);
	add(&told, 1, 1025, -1, ANON_MAPPING, USED | KPF(COMPOUND_HEAD), 0);
	end(&told, true);
	assert_int_equal(told.nr, 3);
	for (size_t i = 0; i < told.nr; i++) {
		assert_true(told.v[i].flags & LTPIN_PAGE_UNSTABLE);
		assert_int_equal(lt_folio_pins(&told.v[i]), 0);
		assert_int_equal(lt_folio_extra_refs(&told.v[i]), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(small_pages_are_folios),
		cmocka_unit_test(free_neighbours_are_one_block),
		cmocka_unit_test(mappings_of_a_large_folio_are_summed),
		cmocka_unit_test(an_average_invents_no_reference),
		cmocka_unit_test(what_is_not_whole_is_not_trusted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
