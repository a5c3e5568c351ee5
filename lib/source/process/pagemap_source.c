// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Who maps the pages that are in the way: /proc/PID/maps and pagemap of every
 * process, searched for their PFNs.
 *
 * pagemap has an entry for every virtual page, so a sparse mapping of terabytes
 * (a sanitizer's shadow, a reserved heap) takes as long to read as a full one.
 * From 6.7 on the PAGEMAP_SCAN ioctl names the parts that are present. Before,
 * such a mapping is left out, and the result says so. The kernel's counters of
 * resident pages do not help: they are approximate.
 *
 * Present does not mean movable or pinned, only mapped by.
 *
 * A process whose main thread has ended shows no memory under its own number,
 * and all of it under those of its other threads.
 */
#include "source/process/pagemap.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/types.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/now.h"
#include "source/process/allocators.h"
#include "source/process/maps.h"
#include "source/process/process_start.h"
#include "source/process/process_wait.h"
#include "source/process/process_table.h"
#include "source/source.h"

#define NR_ENTRIES 8192 /* per read */
#define NR_REGIONS 256	/* per ioctl */

/* Without PAGEMAP_SCAN: 32 MiB of pagemap with 4 KiB pages, a fraction of a second. */
#define VMA_SIZE_MAX ((uint64_t)16 << 30)

/* From linux/fs.h of 6.7 (52526ca7fdb9); older headers lack them. */
struct scan_region {
	__u64 start, end, categories;
};

struct scan_arg {
	__u64 size, flags, start, end, walk_end, vec, vec_len, max_pages;
	__u64 category_inverted, category_mask, category_anyof_mask, return_mask;
};

#define SCAN_IOCTL _IOWR('f', 16, struct scan_arg)
#define SCAN_PRESENT (1u << 3)

/* What was found for one pin. */
struct found {
	struct lt_mappers mappers;
	struct lt_mapper_pids *more; /* beyond those of which all is kept */
	uint64_t total;
	uint64_t vma_id; /* the last that mapped it */
};

LT_VEC_OF(pids, int);

struct search {
	struct lt_snapshot *snap;
	struct lt_diag *diag;
	struct lt_range pfns; /* all pins lie in it */
	struct lt_range cma;  /* all areas lie in it; empty unless processes are counted */
	struct found *found;  /* per pin */
	lt_pagemap_entry *entries;
	struct scan_region *regions;
	uint64_t page_size;
	bool cannot_scan; /* this kernel has no PAGEMAP_SCAN */
	unsigned int nr_denied, nr_left_out;
	int denied_pid, denied_err; /* the first */
	struct pids pids;
	size_t nr_done;
	uint64_t deadline_ns;
	/* where it is now */
	int pid, fd;
	bool has_memory;
	uint64_t nr_cma;
	const char *comm, *vma_name; /* NULL until a page is found there */
	struct lt_when start;	     /* of the process */
	const char *waits_in;	     /* likewise */
	struct lt_vma vma;
	uint64_t vma_id;
};

static int name_place(struct search *search)
{
	struct lt_strings *strings = search->snap->strings;
	const struct lt_span name = search->vma.name;
	int err = 0;

	if (!search->comm) {
		search->start = (struct lt_when){ 0 };
		if (lt_process_start(search->snap->root, search->pid, &search->start) ==
		    -EOPNOTSUPP)
			lt_diag_note(search->diag, "when processes began is not known: that takes "
						   "CONFIG_PERF_EVENTS=y and CAP_PERFMON");
		err = lt_process_comm(search->snap->root, search->pid, strings, &search->comm);
		search->waits_in = NULL;
		if (!err)
			err = lt_process_wait(search->snap->root, search->pid, strings,
					      &search->waits_in);
	}
	if (err)
		return err;
	if (!search->vma_name)
		search->vma_name = name.len ? lt_strings_span(strings, name)
					    : lt_strings_add(strings, "anonymous", 9);
	return search->vma_name ? 0 : -ENOMEM;
}

static int note_mapper(struct search *search, const struct lt_pin *pin, uint64_t addr)
{
	struct found *found = &search->found[pin - search->snap->pins.v];
	struct lt_mapper *mapper;
	int err;

	if (found->vma_id == search->vma_id)
		return 0;
	err = name_place(search);
	if (err)
		return err;
	found->vma_id = search->vma_id;
	found->total++;
	if (found->mappers.nr == LT_MAPPERS_MAX)
		return lt_mapper_pids_add(&found->more, search->pid);
	mapper = lt_vec_push(&found->mappers);
	if (!mapper)
		return -ENOMEM;
	*mapper = (struct lt_mapper){
		.pid = search->pid,
		.comm = search->comm,
		.vma = search->vma_name,
		.kind = lt_vma_kind(&search->vma),
		.addr = addr,
		.start = search->start,
		.waits_in = search->waits_in,
	};
	return 0;
}

static int search_entries(struct search *search, uint64_t addr, size_t nr)
{
	int err = 0;

	for (size_t i = 0; i < nr && !err; i++) {
		uint64_t pfn = lt_pagemap_pfn(search->entries[i]);
		const struct lt_pin *pin;

		if (!lt_pagemap_is_present(search->entries[i]))
			continue;
		if (lt_range_has(search->cma, pfn) &&
		    lt_areas_find_pfn(&search->snap->areas, pfn) != LT_NO_AREA)
			search->nr_cma++;
		if (!lt_range_has(search->pfns, pfn))
			continue;
		pin = lt_pins_find(&search->snap->pins, pfn);
		if (pin)
			err = note_mapper(search, pin, addr + i * search->page_size);
	}
	return err;
}

/* Ends early when the process goes. */
static int search_pages(struct search *search, uint64_t addr, uint64_t end)
{
	int err = 0;

	while (addr < end && !err) {
		uint64_t nr = (end - addr) / search->page_size;
		ssize_t n;

		if (nr > NR_ENTRIES)
			nr = NR_ENTRIES;
		n = pread(search->fd, search->entries, nr * sizeof(*search->entries),
			  (off_t)(addr / search->page_size * sizeof(*search->entries)));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < (ssize_t)sizeof(*search->entries))
			return n < 0 ? -errno : 0;
		nr = (size_t)n / sizeof(*search->entries);
		err = search_entries(search, addr, nr);
		addr += nr * search->page_size;
	}
	return err;
}

/* Search what PAGEMAP_SCAN names. Sets cannot_scan if the kernel lacks it. */
static int scan_vma(struct search *search)
{
	struct scan_arg arg = {
		.size = sizeof(arg),
		.start = search->vma.start,
		.end = search->vma.end,
		.vec = (uintptr_t)search->regions,
		.vec_len = NR_REGIONS,
		.category_mask = SCAN_PRESENT,
		.return_mask = SCAN_PRESENT,
	};
	int err = 0;

	while (arg.start < arg.end && !err) {
		int nr = ioctl(search->fd, SCAN_IOCTL, &arg);

		if (nr < 0 && errno == EINTR)
			continue;
		if (nr < 0 && errno == EFAULT)
			return 0; /* the kernel's half: [vsyscall], [vectors] */
		if (nr < 0) {
			search->cannot_scan = errno == ENOTTY || errno == EINVAL;
			return search->cannot_scan ? 0 : -errno;
		}
		for (int i = 0; i < nr && !err; i++)
			err = search_pages(search, search->regions[i].start,
					   search->regions[i].end);
		if (arg.walk_end <= arg.start)
			break;
		arg.start = arg.walk_end;
	}
	return err;
}

static int search_vma(struct search *search)
{
	const struct lt_vma *vma = &search->vma;

	search->vma_id++;
	search->vma_name = NULL;
	if (!search->cannot_scan) {
		int err = scan_vma(search);

		if (!search->cannot_scan)
			return err;
	}
	if (vma->end - vma->start > VMA_SIZE_MAX) {
		search->nr_left_out++;
		return 0;
	}
	return search_pages(search, vma->start, vma->end);
}

/* @dir is that of the process or of one of its threads. */
static int search_maps(struct search *search, const char *dir)
{
	struct lt_text text, line;
	struct lt_buf maps;
	char path[96];
	int err;

	snprintf(path, sizeof(path), "%s/maps", dir);
	err = lt_root_read(search->snap->root, path, &maps);
	if (err)
		return err;
	search->has_memory = maps.len > 0;
	lt_text_init(&text, maps.data, maps.len);
	while (!err && lt_text_line(&text, &line)) {
		if (lt_maps_parse_line(line, &search->vma, NULL))
			search->diag->nr_skipped++;
		else
			err = search_vma(search);
		if (!err && lt_now_ns() > search->deadline_ns)
			err = -ETIME;
	}
	free(maps.data);
	return err;
}

static int search_memory(struct search *search, const char *dir)
{
	char path[96];
	int err;

	snprintf(path, sizeof(path), "%s/pagemap", dir);
	search->fd = lt_root_openat(search->snap->root, path, O_RDONLY);
	if (search->fd < 0)
		return search->fd;
	err = search_maps(search, dir);
	close(search->fd);
	return err;
}

/* 1 when the memory was found, for one thread has the memory of all. */
static int search_thread(int tid, void *arg)
{
	struct search *search = arg;
	char dir[64];
	int err;

	if (tid == search->pid)
		return 0;
	snprintf(dir, sizeof(dir), "/proc/%d/task/%d", search->pid, tid);
	err = search_memory(search, dir);
	if (err == -ENOENT || err == -ESRCH)
		return 0; /* the thread has exited */
	return err ? err : search->has_memory;
}

static int add_process(struct search *search)
{
	struct lt_process *process;
	int err = 0;

	if (!search->nr_cma)
		return 0;
	if (!search->comm)
		err = lt_process_comm(search->snap->root, search->pid, search->snap->strings,
				      &search->comm);
	if (err)
		return err;
	process = lt_vec_push(&search->snap->processes);
	if (!process)
		return -ENOMEM;
	*process = (struct lt_process){ search->pid, search->comm, search->nr_cma };
	return 0;
}

static int search_process(struct search *search)
{
	char dir[64];
	int err;

	search->comm = NULL;
	search->nr_cma = 0;
	search->has_memory = false;
	snprintf(dir, sizeof(dir), "/proc/%d", search->pid);
	err = search_memory(search, dir);
	/* No memory, or it has exited: which of the two depends on the kernel. */
	if (err == -ESRCH || (!err && !search->has_memory))
		err = lt_process_threads_each(search->snap->root, search->pid, search_thread,
					      search);
	if (err >= 0)
		err = add_process(search);
	if (err >= 0 || err == -ENOENT || err == -ESRCH)
		return 0; /* it may have exited */
	if (err == -ENOMEM || err == -ETIME)
		return err;
	if (!search->nr_denied++) {
		search->denied_pid = search->pid;
		search->denied_err = err;
	}
	return 0;
}

static int keep_pid(int pid, void *arg)
{
	struct search *search = arg;
	int *slot = lt_vec_push(&search->pids);

	if (slot)
		*slot = pid;
	return slot ? 0 : -ENOMEM;
}

/* Those that there are at the start. What is forked meanwhile maps what its parent maps. */
static int search_processes(struct search *search)
{
	const struct lt_snapshot_options *options = &search->snap->options;
	int err = lt_process_table_each(search->snap->root, keep_pid, search);
	unsigned int ms = options->search_ms ? options->search_ms : LT_SEARCH_MS;

	search->deadline_ns = lt_now_ns() + (uint64_t)ms * 1000000;
	lt_vec_each(pid, &search->pids) {
		if (err)
			break;
		if (options->progress)
			options->progress(options->progress_arg, "processes searched for pages",
					  search->nr_done, search->pids.nr);
		search->pid = *pid;
		err = search_process(search);
		search->nr_done += !err;
	}
	return err == -ETIME ? 0 : err;
}

/* Whether the kernel shows us PFNs. */
static int check_permission(const struct search *search)
{
	uint64_t pfn;
	int err = lt_pagemap_own_page(search->snap->root, &pfn);

	if (err == -EPERM)
		lt_diag_set(search->diag, "PFNs are hidden without CAP_SYS_ADMIN");
	return err;
}

/* Whether a page that was not found is mapped by nobody; says why not. */
static bool is_exhaustive(const struct search *search)
{
	char denied[80] = "", left_out[64] = "", late[64] = "";
	bool is_limited = lt_process_table_is_limited(search->snap->root);
	bool is_late = search->nr_done < search->pids.nr;

	if (search->nr_denied)
		snprintf(denied, sizeof(denied), "; %u unreadable, the first %d: %s",
			 search->nr_denied, search->denied_pid, strerror(-search->denied_err));
	if (search->nr_left_out)
		snprintf(left_out, sizeof(left_out), "; %u mappings over 16 GiB left out",
			 search->nr_left_out);
	if (is_late)
		snprintf(late, sizeof(late), "; time was up after %zu of %zu", search->nr_done,
			 search->pids.nr);
	if (!search->nr_denied && !search->nr_left_out && !is_late && !is_limited)
		return !search->diag->nr_skipped;
	lt_diag_set(search->diag, "not every process was searched%s%s%s%s", late, denied, left_out,
		    is_limited ? "; other PID namespaces are invisible" : "");
	if (search->nr_denied)
		lt_diag_mark_unread(search->diag);
	return false;
}

static void store(struct search *search)
{
	struct lt_pins *pins = &search->snap->pins;
	bool exhaustive = is_exhaustive(search);

	for (size_t i = 0; i < pins->nr; i++) {
		struct found *found = &search->found[i];

		pins->v[i].mapped_by = found->mappers;
		found->mappers = (struct lt_mappers){ 0 };
		pins->v[i].mapped_by_more = found->more;
		found->more = NULL;
		if (found->total || exhaustive)
			pins->v[i].mapped_by_total = lt_num(found->total);
	}
}

/* Where the pages lie that are looked for, so that most others are told at a glance. */
static void set_bounds(struct search *search)
{
	const struct lt_pins *pins = &search->snap->pins;
	struct lt_range *cma = &search->cma;

	if (pins->nr) {
		const struct lt_pin *last = &pins->v[pins->nr - 1];

		search->pfns = (struct lt_range){ pins->v[0].pfn, last->pfn + last->nr_pages };
	}
	if (!search->snap->options.count_processes)
		return;
	lt_vec_each(area, &search->snap->areas) {
		struct lt_range hull = lt_area_hull(area);

		if (!lt_range_nr_pages(hull))
			continue; /* nobody knows where it is */
		if (!cma->end_pfn || hull.start_pfn < cma->start_pfn)
			cma->start_pfn = hull.start_pfn;
		if (hull.end_pfn > cma->end_pfn)
			cma->end_pfn = hull.end_pfn;
	}
}

static int search_all(struct search *search)
{
	const struct lt_pins *pins = &search->snap->pins;
	int err;

	set_bounds(search);
	search->found = calloc(pins->nr + 1, sizeof(*search->found));
	search->entries = calloc(NR_ENTRIES, sizeof(*search->entries));
	search->regions = calloc(NR_REGIONS, sizeof(*search->regions));
	err = search->found && search->entries && search->regions ? search_processes(search)
								  : -ENOMEM;
	if (!err)
		store(search);
	for (size_t i = 0; i < pins->nr && search->found; i++) {
		lt_vec_free(&search->found[i].mappers);
		lt_mapper_pids_free(search->found[i].more);
	}
	free(search->found);
	free(search->entries);
	free(search->regions);
	lt_vec_free(&search->pids);
	return err;
}

static int search_pins(struct lt_snapshot *snap, struct lt_diag *diag)
{
	struct search search = {
		.snap = snap,
		.diag = diag,
		.page_size = (uint64_t)sysconf(_SC_PAGESIZE),
	};
	int err = check_permission(&search);

	if (err)
		return err;
	if (!snap->pins.nr && !snap->options.count_processes) {
		lt_diag_set(diag, "not searched: no page blocks");
		return -ENODATA;
	}
	return search_all(&search);
}

static int read_pagemap(struct lt_snapshot *snap, struct lt_diag *diag)
{
	int err;

	if (!lt_root_is_live(snap->root))
		return lt_pagemap_replay(snap, diag);
	err = search_pins(snap, diag);
	if (!err)
		err = lt_allocators_time(snap);
	if (err != -ENOMEM)
		lt_pagemap_keep(snap, err, diag);
	return err;
}

const struct lt_source lt_source_pagemap = {
	.name = "pagemap",
	.where = "/proc/PID/pagemap",
	.proves = "which processes map the blocking pages",
	.options = { "PROC_PAGE_MONITOR" },
	.access = "run as root (CAP_SYS_ADMIN)",
	.stage = LT_STAGE_PROCESSES,
	.pace = LT_PACE_SLOW,
	.read = read_pagemap,
};
