// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/source/process/pagemap.c. */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "source/process/pagemap.h"
#include "source/source.h"

/*
 * The search runs over the real processes of the machine: we map pages, find
 * out their PFNs ourselves, and the search must find us.
 */
static struct lt_snapshot *new_snapshot(const char *dir)
{
	struct lt_snapshot *snap = calloc(1, sizeof(*snap));

	snap->strings = lt_strings_new();
	assert_int_equal(lt_root_open(dir, &snap->root), 0);
	return snap;
}

static void free_snapshot(struct lt_snapshot *snap)
{
	lt_pins_free(&snap->pins);
	lt_root_close(snap->root);
	lt_strings_free(snap->strings);
	free(snap);
}

/* 0 if it is hidden. */
static uint64_t pfn_of(const void *page)
{
	uint64_t entry = 0;
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return 0;
	if (pread(fd, &entry, sizeof(entry),
		  (off_t)((uintptr_t)page / (size_t)sysconf(_SC_PAGESIZE) * sizeof(entry))) < 0)
		entry = 0;
	close(fd);
	return lt_pagemap_is_present(entry) ? lt_pagemap_pfn(entry) : 0;
}

static void *map(size_t size, int flags)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0);

	assert_ptr_not_equal(p, MAP_FAILED);
	return p;
}

static void add(struct lt_snapshot *snap, uint64_t pfn)
{
	struct lt_pin *pin = lt_vec_push(&snap->pins);

	assert_true(pfn);
	pin->pfn = pfn;
	pin->nr_pages = 1;
	lt_pins_sort(&snap->pins);
}

/* Whether it was possible to look everywhere. */
static bool search(struct lt_snapshot *snap)
{
	struct lt_diag diag = { 0 };
	int err = lt_source_pagemap.read(snap, &diag);

	if (err)
		fail_msg("%d: %s", err, diag.why);
	if (diag.why[0])
		printf("# %s\n", diag.why);
	return !diag.why[0];
}

static void our_page_is_found_where_we_map_it(void **state)
{
	struct lt_snapshot *snap = new_snapshot(NULL);
	size_t page_size = (size_t)sysconf(_SC_PAGESIZE);
	char *area = map(16 * page_size, MAP_PRIVATE), *page = area + 5 * page_size;
	const struct lt_pin *pin;

	(void)state;
	prctl(PR_SET_NAME, "we\n\x1b)");
	memset(area, 1, 16 * page_size);
	add(snap, pfn_of(page));
	search(snap);
	pin = lt_pins_find(&snap->pins, pfn_of(page));
	assert_num(pin->mapped_by_total, 1);
	assert_int_equal(pin->mapped_by.nr, 1);
	assert_int_equal(pin->mapped_by.v[0].pid, getpid());
	assert_string_equal(pin->mapped_by.v[0].comm, "we\\x0a\\x1b)");
	assert_string_equal(pin->mapped_by.v[0].vma, "anonymous");
	assert_int_equal(pin->mapped_by.v[0].addr, (uintptr_t)page);
	munmap(area, 16 * page_size);
	free_snapshot(snap);
}

/* The control: a page that was ours, and one that no machine has. */
static void a_page_that_nobody_maps_is_mapped_by_nobody(void **state)
{
	struct lt_snapshot *snap = new_snapshot(NULL);
	size_t page_size = (size_t)sysconf(_SC_PAGESIZE);
	char *page = map(page_size, MAP_PRIVATE);
	uint64_t pfn;
	bool is_exhaustive;

	(void)state;
	*page = 1;
	pfn = pfn_of(page);
	add(snap, pfn);
	add(snap, LT_PAGEMAP_PFN_MASK);
	munmap(page, page_size);
	is_exhaustive = search(snap);
	for (size_t i = 0; i < 2; i++) {
		const struct lt_pin *pin = &snap->pins.v[i];

		for (size_t m = 0; m < pin->mapped_by.nr; m++)
			assert_true(pin->mapped_by.v[m].addr != (uintptr_t)page ||
				    pin->mapped_by.v[m].pid != getpid());
	}
	assert_int_equal(snap->pins.v[1].mapped_by.nr, 0);
	if (is_exhaustive)
		assert_num(snap->pins.v[1].mapped_by_total, 0);
	else
		assert_unknown(snap->pins.v[1].mapped_by_total);
	free_snapshot(snap);
}

static void every_mapping_counts_and_some_are_kept(void **state)
{
	struct lt_snapshot *snap = new_snapshot(NULL);
	size_t page_size = (size_t)sysconf(_SC_PAGESIZE);
	volatile char *page = map(page_size, MAP_SHARED);
	const int nr_children = LT_MAPPERS_MAX + 3;
	const struct lt_pin *pin;
	int go[2], ready[2];
	char byte;

	(void)state;
	*page = 1;
	assert_int_equal(pipe(go), 0);
	assert_int_equal(pipe(ready), 0);
	for (int i = 0; i < nr_children; i++) {
		if (fork())
			continue;
		close(go[1]);
		byte = *page;
		if (write(ready[1], &byte, 1) == 1 && read(go[0], &byte, 1) >= 0)
			_exit(0);
		_exit(1);
	}
	close(go[0]);
	for (int i = 0; i < nr_children; i++)
		assert_int_equal(read(ready[0], &byte, 1), 1);
	add(snap, pfn_of((const void *)page));
	search(snap);
	close(go[1]); /* the children end */
	while (wait(NULL) > 0)
		;
	pin = &snap->pins.v[0];
	assert_num(pin->mapped_by_total, (uint64_t)nr_children + 1);
	assert_int_equal(pin->mapped_by.nr, LT_MAPPERS_MAX);
	assert_string_equal(pin->mapped_by.v[0].vma, "/dev/zero (deleted)");
	close(ready[0]);
	close(ready[1]);
	munmap((void *)page, page_size);
	free_snapshot(snap);
}

#define NR_SCATTERED 8192

static int by_pfn(const void *a, const void *b)
{
	uint64_t pa = *(const uint64_t *)a, pb = *(const uint64_t *)b;

	return pa < pb ? -1 : pa > pb;
}

/* The first of two neighbours in memory among the pages of @area: of so many there always are some. */
static uint64_t find_neighbours(const char *area, size_t page_size)
{
	static uint64_t pfns[NR_SCATTERED];

	for (size_t i = 0; i < NR_SCATTERED; i++)
		pfns[i] = pfn_of(area + i * page_size);
	qsort(pfns, NR_SCATTERED, sizeof(pfns[0]), by_pfn);
	for (size_t i = 1; i < NR_SCATTERED; i++)
		if (pfns[i] == pfns[i - 1] + 1)
			return pfns[i - 1];
	fail_msg("no two pages are neighbours");
	return 0;
}

/* One mapping of a folio of many pages is one mapping. */
static void a_folio_counts_once_per_mapping(void **state)
{
	struct lt_snapshot *snap = new_snapshot(NULL);
	size_t page_size = (size_t)sysconf(_SC_PAGESIZE);
	char *area = map(NR_SCATTERED * page_size, MAP_PRIVATE);

	(void)state;
	memset(area, 1, NR_SCATTERED * page_size);
	add(snap, find_neighbours(area, page_size));
	snap->pins.v[0].nr_pages = 2;
	search(snap);
	assert_int_equal(snap->pins.v[0].mapped_by.nr, 1);
	assert_num(snap->pins.v[0].mapped_by_total, 1);
	assert_int_equal(snap->pins.v[0].mapped_by.v[0].pid, getpid());
	munmap(area, NR_SCATTERED * page_size);
	free_snapshot(snap);
}

static void a_sparse_mapping_of_terabytes_takes_no_time(void **state)
{
	struct lt_snapshot *snap = new_snapshot(NULL);
	size_t size = (size_t)(sizeof(void *) > 4 ? 8ull << 40 : 1u << 30);
	char *area = mmap(NULL, size, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	struct lt_diag diag = { 0 };
	const struct lt_pin *pin;

	(void)state;
	assert_ptr_not_equal(area, MAP_FAILED);
	area[size / 2] = 1;
	add(snap, pfn_of(area + size / 2));
	alarm(60);
	assert_int_equal(lt_source_pagemap.read(snap, &diag), 0);
	alarm(0);
	pin = &snap->pins.v[0];
	/* Kernels before 6.7 cannot, and must say so. */
	if (pin->mapped_by.nr)
		assert_int_equal(pin->mapped_by.v[0].addr, (uintptr_t)area + size / 2);
	else
		assert_non_null(strstr(diag.why, "left out"));
	munmap(area, size);
	free_snapshot(snap);
}

struct progress {
	size_t nr_calls, nr_done, nr_all;
};

static void note_progress(void *arg, const char *what, size_t nr_done, size_t nr_all)
{
	struct progress *progress = arg;

	assert_true(what[0]);
	assert_int_equal(nr_done, progress->nr_calls++);
	assert_true(nr_done < nr_all);
	progress->nr_done = nr_done;
	progress->nr_all = nr_all;
}

static void progress_is_told(void **state)
{
	struct lt_snapshot *snap = new_snapshot(NULL);
	struct progress progress = { 0 };

	(void)state;
	add(snap, LT_PAGEMAP_PFN_MASK);
	snap->options.progress = note_progress;
	snap->options.progress_arg = &progress;
	search(snap);
	assert_true(progress.nr_all > 0);
	assert_int_equal(progress.nr_calls, progress.nr_all);
	free_snapshot(snap);
}

static void wait_beyond(void *arg, const char *what, size_t nr_done, size_t nr_all)
{
	(void)arg, (void)what, (void)nr_done, (void)nr_all;
	usleep(5000);
}

/* What was not searched in time is not "mapped by nobody". */
static void time_is_bounded(void **state)
{
	struct lt_snapshot *snap = new_snapshot(NULL);
	struct lt_diag diag = { 0 };

	(void)state;
	add(snap, LT_PAGEMAP_PFN_MASK);
	snap->options.search_ms = 1;
	snap->options.progress = wait_beyond;
	assert_int_equal(lt_source_pagemap.read(snap, &diag), 0);
	assert_non_null(strstr(diag.why, "time was up after"));
	assert_unknown(snap->pins.v[0].mapped_by_total);
	free_snapshot(snap);
}

static void *outlive_main(void *arg)
{
	const int *go = arg;
	char byte;

	if (write(go[1], "r", 1) != 1 || read(go[0], &byte, 1) < 0)
		_exit(1);
	_exit(0);
}

/* A process may live on in its other threads when its main thread has ended. */
static void a_process_without_its_main_thread_is_found(void **state)
{
	struct lt_snapshot *snap = new_snapshot(NULL);
	size_t page_size = (size_t)sysconf(_SC_PAGESIZE);
	volatile char *page = map(page_size, MAP_SHARED);
	int go[2], ready[2], status;
	const struct lt_pin *pin;
	bool is_found = false;
	char byte;
	pid_t pid;

	(void)state;
	*page = 1;
	assert_int_equal(pipe(go), 0);
	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (!pid) {
		int ends[2] = { go[0], ready[1] };
		pthread_t thread;

		byte = *page;
		close(go[1]);
		if (pthread_create(&thread, NULL, outlive_main, ends))
			_exit(1);
		syscall(SYS_exit, 0); /* this thread alone */
	}
	close(go[0]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	usleep(50000);
	add(snap, pfn_of((const void *)page));
	search(snap);
	close(go[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	pin = &snap->pins.v[0];
	assert_num(pin->mapped_by_total, 2);
	lt_vec_each(mapper, &pin->mapped_by) {
		is_found |= mapper->pid == pid;
		assert_int_equal(mapper->kind, LT_VMA_SHARED);
	}
	assert_true(is_found);
	close(ready[0]);
	close(ready[1]);
	munmap((void *)page, page_size);
	free_snapshot(snap);
}

/* Processes that come and go while we look: nothing fails, nobody is missed who stays. */
static void processes_may_exit_meanwhile(void **state)
{
	struct lt_snapshot *snap = new_snapshot(NULL);
	size_t page_size = (size_t)sysconf(_SC_PAGESIZE);
	volatile char *page = map(page_size, MAP_PRIVATE);
	int status;
	pid_t pid;

	(void)state;
	*page = 1;
	add(snap, pfn_of((const void *)page));
	pid = fork();
	if (!pid) {
		for (;;) {
			pid_t child = fork();

			if (!child)
				_exit(0);
			waitpid(child, &status, 0);
		}
	}
	*page = 2; /* ours again: the child has a copy or the old one */
	snap->pins.v[0].pfn = pfn_of((const void *)page);
	for (int i = 0; i < 5; i++) {
		search(snap);
		assert_true(snap->pins.v[0].mapped_by.nr > 0);
		lt_vec_free(&snap->pins.v[0].mapped_by);
	}
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	munmap((void *)page, page_size);
	free_snapshot(snap);
}

/* All that map a page are known by number, also beyond those that are named. */
static void bystanders_are_kept_by_number(void **state)
{
	enum { NR = LT_MAPPERS_MAX + 4 };
	struct lt_snapshot *snap = new_snapshot(NULL);
	size_t page_size = (size_t)sysconf(_SC_PAGESIZE);
	volatile char *page = map(page_size, MAP_SHARED);
	pid_t pids[NR];
	struct lt_pin *pin;

	(void)state;
	*page = 1;
	add(snap, pfn_of((const void *)page));
	for (int i = 0; i < NR; i++) {
		int ready[2];
		char byte;

		assert_int_equal(pipe(ready), 0);
		pids[i] = fork();
		if (!pids[i]) {
			byte = *page;
			if (write(ready[1], &byte, 1) == 1)
				pause();
			_exit(0);
		}
		assert_int_equal(read(ready[0], &byte, 1), 1);
		close(ready[0]);
		close(ready[1]);
	}
	search(snap);
	pin = &snap->pins.v[0];
	assert_int_equal(pin->mapped_by.nr, LT_MAPPERS_MAX);
	assert_int_equal(pin->mapped_by_more->nr, NR + 1 - LT_MAPPERS_MAX);
	assert_num(pin->mapped_by_total, NR + 1);
	assert_true(lt_pin_is_mapped_by(pin, getpid()));
	for (int i = 0; i < NR; i++) {
		assert_true(lt_pin_is_mapped_by(pin, pids[i]));
		kill(pids[i], SIGKILL);
		waitpid(pids[i], NULL, 0);
	}
	assert_false(lt_pin_is_mapped_by(pin, 1));
	munmap((void *)page, page_size);
	free_snapshot(snap);
}

static void without_pins_there_is_nothing_to_search(void **state)
{
	struct lt_snapshot *snap = new_snapshot(NULL);
	struct lt_diag diag = { 0 };

	(void)state;
	assert_int_equal(lt_source_pagemap.read(snap, &diag), -ENODATA);
	free_snapshot(snap);
}

/* Areas that sysfs names and nothing locates lie beside one that is somewhere. */
static void areas_may_be_anywhere(void **state)
{
	struct lt_snapshot *snap = new_snapshot(NULL);
	struct lt_area *area;
	char *page = map((size_t)sysconf(_SC_PAGESIZE), MAP_PRIVATE);

	(void)state;
	*page = 1;
	add(snap, pfn_of(page));
	snap->options.count_processes = true;
	for (int i = 0; i < 3; i++) {
		area = lt_vec_push(&snap->areas);
		assert_non_null(area);
		area->name = "reserved";
	}
	search(snap);
	assert_int_equal(snap->processes.nr, 0);
	lt_vec_free(&snap->pins.v[0].mapped_by);
	*(struct lt_area_range *)lt_vec_push(&snap->areas.v[1].ranges) = (struct lt_area_range){
		.pfns = { pfn_of(page), pfn_of(page) + 1 },
	};
	search(snap);
	assert_int_equal(snap->processes.nr, 1);
	assert_int_equal(snap->processes.v[0].pid, getpid());
	munmap(page, (size_t)sysconf(_SC_PAGESIZE));
	lt_vec_free(&snap->processes);
	lt_areas_free(&snap->areas);
	free_snapshot(snap);
}

static void a_captured_tree_has_no_processes(void **state)
{
	struct lt_snapshot *snap = new_snapshot("/tmp");
	struct lt_diag diag = { 0 };

	(void)state;
	add(snap, 1);
	assert_int_equal(lt_source_pagemap.read(snap, &diag), -ENOENT);
	assert_true(diag.why[0]);
	assert_unknown(snap->pins.v[0].mapped_by_total);
	free_snapshot(snap);
}

static void hidden_pfns_are_denied(void **state)
{
	struct lt_snapshot *snap = new_snapshot(NULL);
	struct lt_diag diag = { 0 };
	int status;
	pid_t pid;

	(void)state;
	add(snap, 1);
	pid = fork();
	if (!pid) {
		int err = setuid(65534) ? 0 : lt_source_pagemap.read(snap, &diag);

		_exit(err == -EPERM || err == -EACCES ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (!geteuid())
		assert_int_equal(status, 0);
	free_snapshot(snap);
}

int main(void)
{
	const struct CMUnitTest anyone[] = {
		cmocka_unit_test(a_captured_tree_has_no_processes),
		cmocka_unit_test(hidden_pfns_are_denied),
	};
	const struct CMUnitTest root[] = {
		cmocka_unit_test(our_page_is_found_where_we_map_it),
		cmocka_unit_test(a_page_that_nobody_maps_is_mapped_by_nobody),
		cmocka_unit_test(every_mapping_counts_and_some_are_kept),
		cmocka_unit_test(a_folio_counts_once_per_mapping),
		cmocka_unit_test(a_sparse_mapping_of_terabytes_takes_no_time),
		cmocka_unit_test(progress_is_told),
		cmocka_unit_test(time_is_bounded),
		cmocka_unit_test(a_process_without_its_main_thread_is_found),
		cmocka_unit_test(processes_may_exit_meanwhile),
		cmocka_unit_test(areas_may_be_anywhere),
		cmocka_unit_test(bystanders_are_kept_by_number),
		cmocka_unit_test(without_pins_there_is_nothing_to_search),
		cmocka_unit_test(a_captured_tree_has_no_processes),
		cmocka_unit_test(hidden_pfns_are_denied),
	};
	int probe = 1;

	/* PFNs are root's; cmocka's own skip() counts as a failure in TAP. */
	return pfn_of(&probe) ? cmocka_run_group_tests(root, NULL, NULL)
			      : cmocka_run_group_tests(anyone, NULL, NULL);
}
