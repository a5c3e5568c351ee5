// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/model/holder.c. */
#include "test.h"

#include "model/holder.h"

#define FRAMES_MAX 8

static void check(const char *const *frames, const char *want)
{
	struct lt_strings *strings = lt_strings_new();
	struct lt_stacks *stacks = lt_stacks_new();
	const char *interned[FRAMES_MAX], *name = "untouched";
	size_t nr = 0;

	for (; frames[nr]; nr++)
		interned[nr] = lt_strings_add(strings, frames[nr], strlen(frames[nr]));
	assert_int_equal(lt_holder_name_of(lt_stacks_add(stacks, interned, nr), strings, &name), 0);
	if (want)
		assert_string_equal(name, want);
	else
		assert_null(name);
	lt_stacks_free(stacks);
	lt_strings_free(strings);
}

/* As 6.12 and 5.10 print a cma_alloc() of a module, and others from the source. */
static void the_driver_is_the_first_that_is_not_infrastructure(void **state)
{
	static const struct {
		const char *frames[FRAMES_MAX];
		const char *name;
	} cases[] = {
		{ { "split_free_pages+0x8b/0xd0", "alloc_contig_range_noprof+0x246/0x2e0",
		    "__cma_alloc+0x18f/0x3f0", "dma_alloc_attrs+0x64/0x80",
		    "ltpin_alloc_new+0x5b/0x130 [ltpin]", "ltpin_ioctl+0x5/0x6 [ltpin]" },
		  "ltpin" },
		{ { "split_map_pages+0x1/0x2", "isolate_freepages_range+0x1/0x2",
		    "alloc_contig_range+0x1/0x2", "cma_alloc.part.0+0x1/0x2",
		    "dma_alloc_from_contiguous+0x1/0x2", "vb2_dc_alloc.isra.0+0x9/0x10",
		    "do_ioctl+0x1/0x2" },
		  "vb2_dc_alloc" },
		{ { "cma_alloc+0x1/0x2", "cma_heap_allocate+0x1/0x2 [cma_heap 0a1b2c]" },
		  "cma_heap" },
		{ { "[<ffffffff81234567>] cma_alloc+0x1/0x2",
		    "[<ffffffff81234568>] my_probe+0x1/0x2" },
		  "my_probe" },
		{ { "0xffffffff81234567", "(____ptrval____)" }, NULL },
		{ { "cma_alloc+0x1/0x2", "0xffffffff81234567", "drv+0x1/0x2" }, "drv" },
		{ { "cma_alloc+0x1/0x2", "dma_alloc_attrs+0x1/0x2" }, NULL },
		{ { "[<", "", "+0x1/0x2", " [x]" }, NULL },
		{ { "f\n\\+0x1/0x2" }, "f\\x0a\\x5c" },
		{ { NULL }, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check(cases[i].frames, cases[i].name);
}

static void equals_are_one_holder(void **state)
{
	struct lt_holders holders = { 0 };
	const char *name = "drv", *comm = "hal";
	struct lt_holder like = {
		.kind = LT_HOLDER_DRIVER, .name = name, .comm = comm, .pid = lt_num(812), .area = 1
	};

	(void)state;
	lt_holders_get(&holders, &like)->nr_pages = lt_num(5);
	assert_num(lt_holders_get(&holders, &like)->nr_pages, 5);
	like.pid = lt_num(813);
	assert_unknown(lt_holders_get(&holders, &like)->nr_pages);
	like.pid.known = false;
	assert_unknown(lt_holders_get(&holders, &like)->pid);
	assert_int_equal(holders.nr, 3);
	lt_holders_free(&holders);
}

/* A forged text can name as many processes as it likes. */
static void there_are_not_too_many(void **state)
{
	struct lt_holders holders = { 0 };

	(void)state;
	for (uint64_t pid = 0; pid < 2 * LT_HOLDERS_MAX; pid++) {
		struct lt_holder like = { .name = "drv", .pid = lt_num(pid), .area = 0 };
		struct lt_holder *holder = lt_holders_get(&holders, &like);

		holder->nr_pages = lt_num(holder->nr_pages.val + 1);
	}
	assert_int_equal(holders.nr, LT_HOLDERS_MAX + 1);
	assert_null(holders.v[LT_HOLDERS_MAX].name);
	assert_num(holders.v[LT_HOLDERS_MAX].nr_pages, LT_HOLDERS_MAX);
	lt_holders_free(&holders);
}

static void drivers_come_first_and_the_largest(void **state)
{
	static const struct lt_holder unsorted[] = {
		{ .kind = LT_HOLDER_DMA_BUF,
		  .name = "user",
		  .pid = { 1, true },
		  .nr_pages = { 99, true } },
		{ .kind = LT_HOLDER_DMA_BUF, .name = "system", .nr_pages = { 50, true } },
		{ .kind = LT_HOLDER_DRIVER, .name = "small", .nr_pages = { 1, true } },
		{ .kind = LT_HOLDER_DRIVER, .name = NULL, .nr_pages = { 1, true } },
		{ .kind = LT_HOLDER_DRIVER, .name = "large", .nr_pages = { 2, true } },
	};
	static const char *const want[] = { "large", NULL, "small", "system", "user" };
	struct lt_holders holders = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(unsorted) / sizeof(unsorted[0]); i++)
		*lt_vec_push(&holders) = unsorted[i];
	lt_holders_sort(&holders);
	for (size_t i = 0; i < holders.nr; i++) {
		if (want[i])
			assert_string_equal(holders.v[i].name, want[i]);
		else
			assert_null(holders.v[i].name);
	}
	lt_holders_free(&holders);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_driver_is_the_first_that_is_not_infrastructure),
		cmocka_unit_test(equals_are_one_holder),
		cmocka_unit_test(there_are_not_too_many),
		cmocka_unit_test(drivers_come_first_and_the_largest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
