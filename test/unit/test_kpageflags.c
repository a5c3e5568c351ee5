// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/source/page/kpageflags.c. */
#include "tree.h"

#include <fcntl.h>
#include <linux/kernel-page-flags.h>
#include <sys/mman.h>

#include "source/page/kpageflags.h"
#include "source/process/pagemap.h"
#include "source/source.h"

#define BIT(nr) (UINT64_C(1) << (nr))

static void the_most_telling_flag_wins(void **state)
{
	static const struct {
		uint64_t flags;
		const char *name;
	} cases[] = {
		{ 0, "other" },
		{ BIT(KPF_REFERENCED) | BIT(KPF_UPTODATE), "other" },
		{ BIT(KPF_NOPAGE), "nopage" },
		{ BIT(KPF_BUDDY), "buddy" },
		{ BIT(KPF_MMAP) | BIT(KPF_ANON) | BIT(KPF_LRU) | BIT(KPF_SWAPBACKED), "anon" },
		{ BIT(KPF_ANON) | BIT(KPF_KSM) | BIT(KPF_MMAP), "ksm" },
		{ BIT(KPF_LRU) | BIT(KPF_UPTODATE), "file" },
		{ BIT(KPF_LRU) | BIT(KPF_MMAP), "file" },
		{ BIT(KPF_SWAPBACKED) | BIT(KPF_LRU), "shmem" },
		{ BIT(KPF_MMAP), "mapped" },
		{ BIT(KPF_THP) | BIT(KPF_ANON) | BIT(KPF_COMPOUND_TAIL), "thp" },
		{ BIT(KPF_HUGE) | BIT(KPF_ANON) | BIT(KPF_COMPOUND_HEAD), "huge" },
		{ BIT(KPF_SLAB) | BIT(KPF_COMPOUND_HEAD), "slab" },
		{ BIT(KPF_PGTABLE), "pgtable" },
		{ BIT(KPF_OFFLINE), "offline" },
		{ BIT(KPF_ZERO_PAGE) | BIT(32), "zero" },
		{ BIT(32), "reserved" },
		{ BIT(KPF_HWPOISON) | BIT(KPF_ANON), "hwpoison" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(lt_page_class_name(lt_kpageflags_class(cases[i].flags)),
				    cases[i].name);
	assert_null(lt_page_class_name(LT_PAGE_UNKNOWN));
}

/* 0 if it is hidden. */
static uint64_t pfn_of(const void *page)
{
	uint64_t entry = 0;
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);

	if (fd < 0 || pread(fd, &entry, sizeof(entry),
			    (off_t)((uintptr_t)page / (size_t)sysconf(_SC_PAGESIZE) * 8)) < 0)
		entry = 0;
	close(fd);
	return lt_pagemap_is_present(entry) ? lt_pagemap_pfn(entry) : 0;
}

static void add_pin(struct lt_snapshot *snap, const void *page)
{
	struct lt_pin *pin = lt_vec_push(&snap->pins);

	*(volatile char *)(uintptr_t)page = 1;
	pin->pfn = pfn_of(page);
	pin->nr_pages = 1;
	lt_pins_sort(&snap->pins);
}

static void *map(int flags)
{
	void *p = mmap(NULL, (size_t)sysconf(_SC_PAGESIZE), PROT_READ | PROT_WRITE,
		       flags | MAP_ANONYMOUS, -1, 0);

	assert_ptr_not_equal(p, MAP_FAILED);
	return p;
}

static const struct lt_pin *pin_of(const struct lt_snapshot *snap, const void *page)
{
	const struct lt_pin *pin = lt_pins_find(&snap->pins, pfn_of(page));

	assert_non_null(pin);
	return pin;
}

/* On the running system, where it can be read: pages that we know the kind of. */
static void our_own_pages_are_what_they_are(void **state)
{
	struct lt_snapshot snap = tree_snapshot(NULL);
	struct lt_diag diag = { 0 };
	char *anon = map(MAP_PRIVATE), *shared = map(MAP_SHARED);
	int err;

	(void)state;
	add_pin(&snap, anon);
	add_pin(&snap, shared);
	err = lt_source_kpageflags.read(&snap, &diag);
	if (err == -ENOENT || err == -EACCES || err == -EPERM || !pfn_of(anon)) {
		printf("# kpageflags cannot be read here: %d\n", err);
	} else {
		assert_int_equal(err, 0);
		assert_string_equal(diag.why, "");
		assert_string_equal(lt_page_class_name(pin_of(&snap, anon)->class), "anon");
		assert_string_equal(lt_page_class_name(pin_of(&snap, shared)->class), "shmem");
		assert_num(pin_of(&snap, anon)->mapcount, 1);
	}
	lt_pins_free(&snap.pins);
	tree_done(&snap);
}

static void a_captured_tree_has_no_pages(void **state)
{
	struct lt_snapshot snap = tree_snapshot("/tmp");
	struct lt_diag diag = { 0 };

	(void)state;
	assert_int_equal(lt_source_kpageflags.read(&snap, &diag), -ENOENT);
	assert_true(diag.why[0]);
	tree_done(&snap);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_most_telling_flag_wins),
		cmocka_unit_test(our_own_pages_are_what_they_are),
		cmocka_unit_test(a_captured_tree_has_no_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
