// SPDX-License-Identifier: GPL-2.0-or-later
/* The files of a device, in the words of its kernel. */
#include "evidence.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "uapi/ltpin_netlink.h"

#define MAX_LINES 512
#define BOOT_ID "11111111-2222-3333-4444-555555555555"

/* Lines with their time, as log and trace collect them. */
struct lines {
	char *v[MAX_LINES];
	uint64_t ns[MAX_LINES];
	const char *task[MAX_LINES]; /* of a trace */
	size_t nr;
};

static void add_line(struct lines *lines, uint64_t ns, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void add_line(struct lines *lines, uint64_t ns, const char *format, ...)
{
	va_list args;
	int len;

	assert(lines->nr < MAX_LINES);
	va_start(args, format);
	len = vasprintf(&lines->v[lines->nr], format, args);
	va_end(args);
	assert(len >= 0);
	lines->ns[lines->nr++] = ns;
}

static void free_lines(struct lines *lines)
{
	for (size_t i = 0; i < lines->nr; i++)
		free(lines->v[i]);
}

void evidence_put(struct e_file *file, const char *format, ...)
{
	char *more, *text;
	va_list args;
	int len;

	va_start(args, format);
	len = vasprintf(&more, format, args);
	va_end(args);
	assert(len >= 0);
	text = realloc(file->text, file->len + (size_t)len + 1);
	assert(text);
	memcpy(text + file->len, more, (size_t)len + 1);
	file->text = text;
	file->len += (size_t)len;
	free(more);
}

static const char *const releases[W_NR_KERNELS] = { "5.10.262", "6.1.192", "6.12.117", "7.2.13" };

static void put_tables(const struct w_world *world, const struct e_mask *mask, struct evidence *out)
{
	const struct w_script *script = world->script;
	uint64_t nr_pages = 0, nr_failed = 0;

	for (int area = 0; area < script->nr_areas; area++)
		nr_pages += lt_range_nr_pages(w_area(area));
	evidence_put(&out->files[E_VERSION], "Linux version %s (root@build) #1 SMP\n",
		     releases[script->kernel]);
	evidence_put(&out->files[E_MEMINFO],
		     "MemTotal: 507916 kB\nMemFree: 400000 kB\nCmaTotal: %" PRIu64 " kB\n",
		     nr_pages * 4);
	evidence_put(
		&out->files[E_PAGETYPE],
		"Page block order: 9\nPages per block:  512\n\nFree pages count per migrate type at order"
		"       0      1 \nNode    0, zone    DMA32, type      Movable     14     19 \n");
	for (size_t i = 0; i < world->nr_attempts; i++)
		nr_failed += world->attempts[i].err &&
			     world->attempts[i].span.to_ns < script->seen_ns.log;
	if (mask->counters)
		evidence_put(&out->files[E_VMSTAT],
			     "nr_free_pages 100000\nnr_free_cma %" PRIu64 "\n", nr_pages);
	if (mask->counters && script->kernel != W_5_10)
		evidence_put(&out->files[E_VMSTAT],
			     "cma_alloc_success 0\ncma_alloc_fail %" PRIu64 "\n", nr_failed);
}

static void put_meta(const struct w_world *world, struct e_file *file)
{
	const struct w_script *script = world->script;
	const uint64_t ns = script->seen_ns.log;

	evidence_put(
		file,
		"{\"schema\":\"ltpin.meta/1\",\"ltpin_version\":\"" PACKAGE_VERSION "\","
		"\"captured_at\":\"2026-01-01T00:00:00Z\",\"taken_ns\":%" PRIu64
		",\"is_complete\":true,"
		"\"kernel\":{\"release\":\"%s\",\"arch\":\"x86_64\",\"page_size\":4096},\"boot_id\":"
		"\"" BOOT_ID "\",\"clock\":{\"log_ns\":%" PRIu64 ",\"trace_ns\":%" PRIu64
		",\"monotonic_ns\":%" PRIu64 ",\"boottime_ns\":%" PRIu64
		",\"error_ns\":1000,\"suspended_ns\":%" PRIu64
		",\"trace_clock\":\"local\"},\"files\":[]}\n",
		ns, releases[script->kernel], ns, ns, ns, ns + world->suspended_ns,
		world->suspended_ns);
}

static void put_bitmap(const struct w_world *world, int area, struct e_file *file)
{
	const struct lt_range pfns = w_area(area);

	for (uint64_t pfn = pfns.start_pfn; pfn < pfns.end_pfn; pfn += 32) {
		uint32_t word = 0;

		for (unsigned int bit = 0; bit < 32; bit++)
			word |= (uint32_t)w_is_given(world, pfn + bit, world->script->seen_ns.log)
				<< bit;
		evidence_put(file, "%s%" PRIu32, pfn == pfns.start_pfn ? "" : " ", word);
	}
	evidence_put(file, "\n");
}

static void put_debugfs(const struct w_world *world, int area, struct e_file *files)
{
	const struct lt_range pfns = w_area(area);
	const uint64_t ns = world->script->seen_ns.log;
	uint64_t used = 0, longest = 0, run = 0;

	for (uint64_t pfn = pfns.start_pfn; pfn < pfns.end_pfn; pfn++) {
		bool is_given = w_is_given(world, pfn, ns);

		used += is_given;
		run = is_given ? 0 : run + 1;
		longest = run > longest ? run : longest;
	}
	evidence_put(&files[0], "%" PRIu64 "\n", pfns.start_pfn);
	evidence_put(&files[1], "%" PRIu64 "\n", lt_range_nr_pages(pfns));
	evidence_put(&files[2], "0\n");
	evidence_put(&files[3], "%" PRIu64 "\n", used);
	evidence_put(&files[4], "%" PRIu64 "\n", longest);
	put_bitmap(world, area, &files[5]);
	if (world->script->kernel != W_7_2)
		return;
	evidence_put(&files[6], "%" PRIu64 "\n", pfns.start_pfn);
	put_bitmap(world, area, &files[7]);
}

static void put_sysfs(const struct w_world *world, int area, struct e_file *files)
{
	uint64_t failed = 0, ok = 0;

	for (size_t i = 0; i < world->nr_attempts; i++) {
		const struct w_attempt *attempt = &world->attempts[i];

		if (attempt->area == area && attempt->span.to_ns < world->script->seen_ns.log)
			*(attempt->err ? &failed : &ok) += attempt->nr_pages;
	}
	evidence_put(&files[0], "%" PRIu64 "\n", failed);
	evidence_put(&files[1], "%" PRIu64 "\n", ok);
}

/* The log: failures alone, and what the boot said of the areas. */
static void log_free_runs(const struct w_world *world, const struct w_attempt *attempt,
			  struct lines *log, uint64_t ns)
{
	const struct lt_range area = w_area(attempt->area);
	struct e_file runs = { 0 };
	uint64_t from = area.start_pfn;

	if (world->script->kernel < W_6_12)
		return;
	for (uint64_t pfn = area.start_pfn; pfn <= area.end_pfn; pfn++) {
		if (pfn < area.end_pfn && !w_is_given(world, pfn, attempt->span.to_ns))
			continue;
		if (pfn > from)
			evidence_put(&runs, "%s%" PRIu64 "@%" PRIu64, runs.len ? "+" : "",
				     pfn - from, from - area.start_pfn);
		from = pfn + 1;
	}
	if (world->script->kernel == W_6_12) {
		add_line(log, ns,
			 "<6>cma: number of available pages: %s=> %" PRIu64 " free of %" PRIu64
			 " total pages",
			 runs.text ? runs.text : "", attempt->nr_free, lt_range_nr_pages(area));
	} else {
		add_line(log, ns, "<6>cma: number of available pages: ");
		add_line(log, ns, "<6>cma: range 0: +%s", runs.text ? runs.text : "");
		add_line(log, ns, "<6>cma: ");
		add_line(log, ns, "<6>=> %" PRIu64 " free of %" PRIu64 " total pages",
			 attempt->nr_free, lt_range_nr_pages(area));
	}
	free(runs.text);
}

static void log_attempt(const struct w_world *world, const struct w_attempt *attempt,
			struct lines *log)
{
	static const char *const function[] = { "cma_alloc", "cma_alloc", "__cma_alloc",
						"__cma_alloc_frozen" };
	const enum w_kernel kernel = world->script->kernel;
	const char *name = w_area_name(attempt->area);
	const uint64_t ns = attempt->span.to_ns - 10 * W_US;

	for (size_t i = 0; i < attempt->nr_windows; i++)
		if (kernel == W_5_10 && attempt->windows[i].result == W_TEST)
			add_line(log, attempt->windows[i].ts_ns,
				 "<6>alloc_contig_range: [%" PRIx64 ", %" PRIx64 ") PFNs busy",
				 attempt->windows[i].pfns.start_pfn,
				 attempt->windows[i].pfns.end_pfn);
	if (!attempt->err || attempt->is_quiet || (attempt->is_too_large && kernel != W_7_2))
		return;
	add_line(log, ns, "<3>cma: %s: %s%salloc failed, req-size: %" PRIu64 " pages, ret: -%d",
		 function[kernel], kernel == W_5_10 ? "" : name, kernel == W_5_10 ? "" : ": ",
		 attempt->nr_pages, attempt->err);
	log_free_runs(world, attempt, log, ns);
}

static void put_boot(const struct w_world *world, size_t nr_lost, struct e_file *file)
{
	struct lines log = { 0 };

	add_line(&log, 0, "<5>Linux version %s (root@build) #1 SMP",
		 releases[world->script->kernel]);
	for (int area = 0; area < world->script->nr_areas; area++)
		add_line(&log, 0, "<6>cma: Reserved %" PRIu64 " MiB at 0x%016" PRIx64,
			 lt_range_nr_pages(w_area(area)) / 256, w_area(area).start_pfn * 4096);
	for (size_t i = 0; i < world->nr_attempts; i++)
		if (world->attempts[i].span.to_ns < world->script->seen_ns.log)
			log_attempt(world, &world->attempts[i], &log);
	for (size_t i = nr_lost; i < log.nr; i++)
		evidence_put(file, "%.3s[%5" PRIu64 ".%06" PRIu64 "] %s\n", log.v[i],
			     log.ns[i] / W_SECOND, log.ns[i] % W_SECOND / 1000, log.v[i] + 3);
	free_lines(&log);
}

/* A log that was saved may go back to the boot before. */
static void put_log(const struct w_world *world, const struct e_mask *mask, struct e_file *file)
{
	evidence_put(file, "%s", "");
	if (mask->earlier)
		put_boot(mask->earlier, 0, file);
	put_boot(world, mask->nr_log_lost, file);
}

static const char *page_of(bool ok)
{
	return ok ? "00000000ece2c341" : "0000000000000000";
}

static void trace_tests(const struct w_world *world, const struct w_attempt *attempt,
			struct lines *trace)
{
	const char *name = w_area_name(attempt->area);

	for (size_t i = 0; i < attempt->nr_windows; i++) {
		const struct w_window *window = &attempt->windows[i];
		const bool ok = window->result == W_OK;

		if (window->result == W_ENDED)
			return;
		if (window->result != W_REFUSED)
			add_line(trace, window->ts_ns,
				 "test_pages_isolated: start_pfn=0x%" PRIx64 " end_pfn=0x%" PRIx64
				 " fin_pfn=0x%" PRIx64 " ret=%s",
				 window->pfns.start_pfn, window->pfns.end_pfn, window->fin_pfn,
				 ok ? "success" : "fail");
		if (!ok && world->script->kernel != W_5_10)
			add_line(trace, window->ts_ns + 2 * W_US,
				 "cma_alloc_busy_retry: name=%s pfn=0x%" PRIx64
				 " page=00000000ece2c341 count=%" PRIu64 " align=%u",
				 name, window->pfns.start_pfn, attempt->nr_pages, attempt->align);
	}
}

/* The last range tried, got or not; 7.2 says 0 of a failure, the others -1 if none was. */
static uint64_t finish_pfn(const struct w_world *world, const struct w_attempt *attempt)
{
	if (!attempt->err)
		return attempt->got_pfn;
	if (world->script->kernel == W_7_2)
		return 0;
	return attempt->nr_windows ? attempt->windows[attempt->nr_windows - 1].pfns.start_pfn
				   : UINT64_MAX;
}

static void trace_attempt(const struct w_world *world, const struct w_attempt *attempt,
			  struct lines *trace)
{
	const enum w_kernel kernel = world->script->kernel;
	const char *name = w_area_name(attempt->area);
	char err[24] = "";

	if (kernel == W_5_10 && attempt->is_too_large)
		return;
	if (kernel >= W_6_12)
		snprintf(err, sizeof(err), " errorno=%d", -attempt->err);
	if (kernel == W_7_2)
		add_line(trace, attempt->span.from_ns,
			 "cma_alloc_start: name=%s request_count=%" PRIu64
			 " available_count=%" PRIu64 " total_count=%" PRIu64 " align=%u",
			 name, attempt->nr_pages, attempt->nr_free,
			 lt_range_nr_pages(w_area(attempt->area)), attempt->align);
	else if (kernel != W_5_10)
		add_line(trace, attempt->span.from_ns,
			 "cma_alloc_start: name=%s count=%" PRIu64 " align=%u", name,
			 attempt->nr_pages, attempt->align);
	if (attempt->is_too_large && kernel != W_7_2)
		return;
	trace_tests(world, attempt, trace);
	if (kernel == W_5_10)
		add_line(trace, attempt->span.to_ns,
			 "cma_alloc: pfn=%" PRIx64 " page=%s count=%" PRIu64 " align=%u",
			 finish_pfn(world, attempt), page_of(!attempt->err), attempt->nr_pages,
			 attempt->align);
	else
		add_line(trace, attempt->span.to_ns,
			 "cma_alloc_finish: name=%s pfn=0x%" PRIx64 " page=%s count=%" PRIu64
			 " align=%u%s",
			 name, finish_pfn(world, attempt), page_of(!attempt->err),
			 attempt->nr_pages, attempt->align, err);
}

static void put_trace(const struct w_world *world, const struct e_mask *mask, struct e_file *file)
{
	struct lines trace = { 0 };
	size_t nr_lost = mask->nr_trace_lost;

	for (size_t i = 0; i < world->nr_attempts; i++) {
		const size_t first = trace.nr;

		if (world->attempts[i].span.to_ns < world->script->seen_ns.log)
			trace_attempt(world, &world->attempts[i], &trace);
		for (size_t j = first; j < trace.nr; j++)
			trace.task[j] = world->attempts[i].is_ours ? "ltpin-240" : "video-300";
	}
	nr_lost = nr_lost < trace.nr ? nr_lost : trace.nr;
	evidence_put(file,
		     "# tracer: nop\n#\n# entries-in-buffer/entries-written: %zu/%zu   #P:1\n#\n"
		     "#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION\n"
		     "#              | |         |   |||||     |         |\n",
		     trace.nr - nr_lost, trace.nr);
	for (size_t i = nr_lost; i < trace.nr; i++) {
		if (mask->nr_lost && i >= mask->lost_at && i < mask->lost_at + mask->nr_lost) {
			if (i == mask->lost_at)
				evidence_put(file, "CPU:0 [LOST %u EVENTS]\n", mask->nr_lost);
			continue;
		}
		evidence_put(file, "           %s     [000] .....  %" PRIu64 ".%06" PRIu64 ": %s\n",
			     trace.task[i], trace.ns[i] / W_SECOND, trace.ns[i] % W_SECOND / 1000,
			     trace.v[i]);
	}
	free_lines(&trace);
}

/* Pages of interest: those that the script speaks of, and those that the kernel may have named. */
static size_t list_pfns(const struct w_world *world, uint64_t *out, size_t max)
{
	size_t nr = 0;

	for (int slot = 0; slot < W_SLOTS; slot++)
		out[nr++] = world->script->slots[slot].pfn;
	for (size_t i = 0; i < world->nr_attempts; i++)
		for (size_t j = 0; j < world->attempts[i].nr_windows; j++)
			if (world->attempts[i].windows[j].fin_pfn && nr < max)
				out[nr++] = world->attempts[i].windows[j].fin_pfn;
	for (size_t i = 1; i < nr; i++)
		for (size_t j = i; j && out[j] < out[j - 1]; j--) {
			uint64_t swap = out[j];

			out[j] = out[j - 1];
			out[j - 1] = swap;
		}
	return nr;
}

static void begin_answer(struct e_file *file, const char *source, const char *array)
{
	evidence_put(file,
		     "{\"schema\":\"ltpin.answer/1\",\"ltpin_version\":\"" PACKAGE_VERSION
		     "\",\"source\":\"%s\",\"%s\":[",
		     source, array);
}

static struct e_folio folio_of(const struct w_world *world, size_t i, uint64_t ns)
{
	const struct w_alloc *alloc = &world->allocs[i];
	const unsigned int pins = w_nr_pins(world, i, ns);
	struct e_folio folio = {
		.pfn = alloc->pfns.start_pfn,
		.nr_pages = lt_range_nr_pages(alloc->pfns),
		.mapped = w_nr_mappings(world, i, ns),
		.flags = LTPIN_PAGE_LRU | LTPIN_PAGE_UPTODATE | LTPIN_PAGE_REFERENCED |
			 (alloc->is_file ? LTPIN_PAGE_FILE | LTPIN_PAGE_PRIVATE
					 : LTPIN_PAGE_ANON | LTPIN_PAGE_SWAPBACKED),
	};

	folio.refs = folio.mapped + w_nr_refs(world, i, ns) +
		     (alloc->is_file ? folio.nr_pages + 1 : 0) + pins * (alloc->order ? 1 : 1024);
	if (alloc->is_unmovable) {
		folio.flags = 0;
		folio.refs = 1;
	}
	if (alloc->order)
		folio.flags |= LTPIN_PAGE_COMPOUND | LTPIN_PAGE_PINS_EXACT;
	folio.pins = alloc->order ? pins : folio.refs / 1024;
	return folio;
}

struct e_folio evidence_folio(const struct w_world *world, uint64_t pfn, uint64_t ns)
{
	const size_t alloc = w_alloc_at(world, pfn, ns);
	const bool is_given = w_is_given(world, pfn, ns);

	if (alloc != W_NOBODY)
		return folio_of(world, alloc, ns);
	return (struct e_folio){ .pfn = pfn,
				 .nr_pages = 1,
				 .refs = is_given,
				 .flags = is_given ? 0 : LTPIN_PAGE_BUDDY };
}

static void put_states(const struct w_world *world, struct e_file *file)
{
	const uint64_t ns = world->script->seen_ns.states;
	uint64_t pfns[W_SLOTS + 256], next = 0;
	size_t nr = list_pfns(world, pfns, W_SLOTS + 256);
	const char *comma = "";

	begin_answer(file, "kcore", "folios");
	for (size_t i = 0; i < nr; i++) {
		const struct e_folio folio = evidence_folio(world, pfns[i], ns);

		if (pfns[i] < next)
			continue;
		evidence_put(file,
			     "%s{\"pfn\":%" PRIu64 ",\"nr_pages\":%" PRIu64 ",\"refcount\":%" PRIu64
			     ",\"mapcount\":%" PRIu64 ",\"pins\":%" PRIu64 ",\"flags\":%" PRIu64
			     "}",
			     comma, folio.pfn, folio.nr_pages, folio.refs, folio.mapped, folio.pins,
			     folio.flags);
		comma = ",\n";
		next = folio.pfn + folio.nr_pages;
	}
	evidence_put(file, "],\"result\":{\"errno\":0}}\n");
}

static void put_owner(const struct w_world *world, const struct w_alloc *alloc, struct e_file *file)
{
	const enum w_kernel kernel = world->script->kernel;
	const struct w_proc *proc = &world->procs[alloc->who];

	evidence_put(file, "Page allocated via order %u, mask %s", alloc->order,
		     alloc->is_unmovable ? "0xcc0(GFP_KERNEL)"
					 : "0x140dca(GFP_HIGHUSER_MOVABLE|__GFP_COMP|__GFP_ZERO)");
	if (kernel != W_5_10)
		evidence_put(file, ", pid %d, tgid %d (%s), ts %" PRIu64 " ns", proc->pid,
			     proc->pid, proc->comm, alloc->ts_ns);
	if (kernel == W_6_1)
		evidence_put(file, ", free_ts 0 ns");
	evidence_put(file, kernel >= W_6_12 ? "\nPFN 0x%" PRIx64 : "\nPFN %" PRIu64,
		     alloc->pfns.start_pfn);
	if (alloc->is_unmovable)
		evidence_put(file,
			     " type Unmovable Block %" PRIu64 " type CMA Flags 0x0()\n "
			     "get_page_from_freelist+0x1242/0x1400\n pcpu_alloc+0x77/0x1a0\n",
			     alloc->pfns.start_pfn / W_BLOCK);
	else
		evidence_put(file,
			     " type Movable Block %" PRIu64 " type CMA Flags 0x60000002082c("
			     "referenced|uptodate|lru|swapbacked)\n "
			     "get_page_from_freelist+0x1242/0x1400\n handle_mm_fault+0x77/0x1a0\n",
			     alloc->pfns.start_pfn / W_BLOCK);
	if (alloc->migrated)
		evidence_put(file, "Page has been migrated, last migrate reason: %s\n",
			     alloc->migrated);
	evidence_put(file, "\n");
}

static void put_owners(const struct w_world *world, struct e_file *file)
{
	const uint64_t ns = world->script->seen_ns.owners;
	uint64_t pfns[W_SLOTS + 256];
	size_t nr = list_pfns(world, pfns, W_SLOTS + 256), last = W_NOBODY;

	evidence_put(file, "%s", "");
	for (size_t i = 0; i < nr; i++) {
		size_t alloc = w_alloc_at(world, pfns[i], ns);

		if (alloc != W_NOBODY && alloc != last)
			put_owner(world, &world->allocs[alloc], file);
		last = alloc;
	}
}

/* When a process began is known to a clock tick of its own clock, on the log's to the suspend. */
static void put_start(const struct w_world *world, const struct w_proc *proc, const char *key,
		      struct e_file *file)
{
	uint64_t early = 10 * W_MS + world->suspended_ns;
	uint64_t from = proc->span.from_ns > early ? proc->span.from_ns - early : 0;

	evidence_put(file, ",\"%s\":[%" PRIu64 ",%" PRIu64 "]", key, from,
		     proc->span.from_ns + 10 * W_MS);
}

static void put_mapping(const struct w_world *world, const struct w_mapping *mapping, bool is_first,
			struct e_file *file)
{
	const struct w_proc *proc = &world->procs[mapping->who];
	const struct w_alloc *alloc = &world->allocs[mapping->alloc];

	evidence_put(file,
		     "%s{\"pfn\":%" PRIu64 ",\"pid\":%d,\"comm\":\"%s\",\"vma\":\"anonymous\","
		     "\"vma_kind\":\"anonymous\",\"addr\":%" PRIu64,
		     is_first ? "" : ",\n", alloc->pfns.start_pfn, proc->pid, proc->comm,
		     0x70000000 + alloc->pfns.start_pfn * 4096);
	put_start(world, proc, "start_ns", file);
	evidence_put(file, "}");
}

static void put_mappers(const struct w_world *world, struct e_file *file)
{
	const uint64_t ns = world->script->seen_ns.mappers;
	uint64_t pfns[W_SLOTS + 256];
	size_t nr = list_pfns(world, pfns, W_SLOTS + 256), last = W_NOBODY;
	bool is_first = true;

	begin_answer(file, "pagemap", "pins");
	for (size_t i = 0; i < nr; i++) {
		size_t alloc = w_alloc_at(world, pfns[i], ns);
		const struct w_proc *proc;

		if (alloc != W_NOBODY && alloc == last)
			continue;
		last = alloc;
		evidence_put(file, "%s{\"pfn\":%" PRIu64 ",\"mapped_by_total\":%u", i ? ",\n" : "",
			     alloc == W_NOBODY ? pfns[i] : world->allocs[alloc].pfns.start_pfn,
			     alloc == W_NOBODY ? 0 : w_nr_mappings(world, alloc, ns));
		/* of whoever has the allocator's number now */
		proc = alloc == W_NOBODY ? NULL : &world->procs[world->allocs[alloc].who];
		for (size_t p = 0; proc && p < W_PROCS; p++)
			if (world->procs[p].pid == proc->pid && w_is_at(world->procs[p].span, ns)) {
				put_start(world, &world->procs[p], "allocator_start_ns", file);
				break;
			}
		evidence_put(file, "}");
	}
	evidence_put(file, "],\"mappers\":[");
	for (size_t i = 0; i < world->nr_mappings; i++) {
		if (!w_is_at(world->mappings[i].span, ns))
			continue;
		put_mapping(world, &world->mappings[i], is_first, file);
		is_first = false;
	}
	evidence_put(file, "],\"result\":{\"errno\":0}}\n");
}

/* Calls that pin: what unpins is not probed. */
static void put_calls(const struct w_world *world, const struct e_mask *mask, struct e_file *file)
{
	const unsigned int pins =
		world->script->kernel == W_5_10 ? 1u << W_PIN : 1u << W_PIN | 1u << W_DIRECT;

	evidence_put(file, "%s", "");
	for (size_t i = 0; i < world->nr_holdings; i++) {
		const struct w_holding *holding = &world->holdings[i];

		if (pins & 1u << holding->kind && holding->span.from_ns >= mask->calls_from_ns &&
		    holding->span.from_ns < world->script->seen_ns.states)
			evidence_put(file, "%" PRIu64 " %d %" PRIu64 "\n",
				     world->allocs[holding->alloc].pfns.start_pfn,
				     world->procs[holding->maker].pid, holding->span.from_ns);
	}
}

void evidence_make(const struct w_world *world, const struct e_mask *mask, struct evidence *out)
{
	*out = (struct evidence){ .kernel = world->script->kernel };
	put_meta(world, &out->files[E_META]);
	put_tables(world, mask, out);
	for (int area = 0; area < world->script->nr_areas && mask->debugfs; area++)
		put_debugfs(world, area, &out->files[area ? E_AREA2 : E_BASE]);
	for (int area = 0;
	     area < world->script->nr_areas && mask->counters && out->kernel != W_5_10; area++)
		put_sysfs(world, area, &out->files[area ? E_AREA2 + 8 : E_SYSFS_FAIL]);
	if (mask->log)
		put_log(world, mask, &out->files[E_LOG]);
	if (mask->trace)
		put_trace(world, mask, &out->files[E_TRACE]);
	if (mask->states)
		put_states(world, &out->files[E_STATES]);
	if (mask->owners)
		put_owners(world, &out->files[E_OWNERS]);
	if (mask->earlier && mask->is_earlier_saved)
		evidence_put_attempts(mask->earlier, "00000000-2222-3333-4444-555555555555",
				      &out->files[E_ATTEMPTS]);
	else if (mask->attempts)
		evidence_put_attempts(world, BOOT_ID, &out->files[E_ATTEMPTS]);
	if (mask->instants)
		evidence_put_instants(world, &out->files[E_INSTANTS]);
	if (mask->calls)
		put_calls(world, mask, &out->files[E_CALLS]);
	if (mask->mappers)
		put_mappers(world, &out->files[E_MAPPERS]);
}

void evidence_free(struct evidence *evidence)
{
	for (unsigned int i = 0; i < E_NR; i++)
		free(evidence->files[i].text);
}

bool evidence_is_same(const struct evidence *a, const struct evidence *b)
{
	if (a->kernel != b->kernel)
		return false;
	for (unsigned int i = 0; i < E_NR; i++)
		if (!a->files[i].text != !b->files[i].text || a->files[i].len != b->files[i].len ||
		    (a->files[i].text &&
		     memcmp(a->files[i].text, b->files[i].text, a->files[i].len)))
			return false;
	return true;
}

const char *evidence_path(const struct evidence *evidence, unsigned int file, char *buf,
			  size_t size)
{
	static const char *const paths[] = {
		[E_META] = "META",
		[E_VERSION] = "proc/version",
		[E_MEMINFO] = "proc/meminfo",
		[E_VMSTAT] = "proc/vmstat",
		[E_PAGETYPE] = "proc/pagetypeinfo",
		[E_LOG] = "dmesg.txt",
		[E_TRACE] = "sys/kernel/tracing/trace",
		[E_STATES] = "ltpin/kcore.json",
		[E_OWNERS] = "sys/kernel/debug/page_owner",
		[E_MAPPERS] = "ltpin/pagemap.json",
		[E_ATTEMPTS] = "ltpin/attempts.json",
		[E_CALLS] = NULL,
		[E_INSTANTS] = NULL,
	};
	static const char *const of_area[] = {
		"base_pfn",	     "count",
		"order_per_bit",     "used",
		"maxchunk",	     "bitmap",
		"ranges/0/base_pfn", "ranges/0/bitmap",
		"alloc_pages_fail",  "alloc_pages_success",
	};
	unsigned int i = file >= E_AREA2 ? file - E_AREA2 : file - E_BASE;
	const bool is_sysfs = i >= 8;

	if ((file < E_BASE || file > E_SYSFS_OK) && file < E_AREA2)
		return paths[file];
	snprintf(buf, size, "sys/kernel/%s/cma/%s%s/%s", is_sysfs ? "mm" : "debug",
		 evidence->kernel == W_5_10 && !is_sysfs ? "cma-" : "",
		 w_area_name(file >= E_AREA2), of_area[i]);
	return buf;
}
