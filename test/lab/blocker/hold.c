// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hold - a process that keeps memory in a given place, CMA for example
 *
 * Prints one line per page, "PFN 0x1c2f7 VADDR 0x7f…", then "ready", and waits
 * for the end of its standard input, SIGTERM, or --seconds. README.md has the
 * options.
 *
 * The kernel places pages where it likes. To get some of a CMA area it either
 * primes this CPU's list of free movable pages (CMA debugfs: allocate single
 * pages, free them: they head the list, and the next faults get them), or, where
 * there is no debugfs, takes memory until enough of it lies in the area.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/sysinfo.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define CHUNK_PAGES 64		/* mapped and faulted at a time */
#define RESERVE_CHUNKS 128	/* left free, so that nobody is killed */
#define PIPE_PAGES 16		/* default capacity of a pipe */
#define CMA_DEBUGFS "/sys/kernel/debug/cma"

enum mode { MODE_NONE, MODE_PIN, MODE_GET, MODE_VMSPLICE };

static const char *const mode_names[] = {
	[MODE_NONE] = "none",
	[MODE_PIN] = "pin",
	[MODE_GET] = "get",
	[MODE_VMSPLICE] = "vmsplice",
};

struct options {
	enum mode mode;
	size_t nr_pages;
	uint64_t base_pfn, end_pfn;	/* 0, 0: anywhere */
	bool outside;			/* of that range */
	bool keep;
	unsigned int seconds;		/* 0: no limit */
	const char *name;
};

static long page_size;
static int pagemap;

static void __attribute__((noreturn, format(printf, 1, 2))) die(const char *format, ...)
{
	va_list args;

	fputs("hold: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(2);
}

static void __attribute__((noreturn)) usage(void)
{
	fputs("usage: hold [--in BASE END | --outside BASE END] [--name NAME] [--keep]\n"
	      "            [--seconds N] pin|get|vmsplice|none NR_PAGES\n", stderr);
	exit(2);
}

/* Where a page is. 0: not present, or we may not know. */
static uint64_t pfn_of(const void *page)
{
	uint64_t entry = 0;
	off_t offset = (uintptr_t)page / page_size * sizeof(entry);

	if (pread(pagemap, &entry, sizeof(entry), offset) != sizeof(entry))
		die("pagemap: %s", strerror(errno));
	return entry >> 63 ? entry & ((1ULL << 55) - 1) : 0;
}

static bool is_wanted(const struct options *opt, uint64_t pfn)
{
	bool inside = pfn >= opt->base_pfn && pfn < opt->end_pfn;

	if (!pfn)
		return false;
	return !opt->end_pfn || inside != opt->outside;
}

/* --- getting pages in the right place --- */

static int area_open(const char *area, const char *file, int flags)
{
	char path[512];

	snprintf(path, sizeof(path), CMA_DEBUGFS "/%s/%s", area, file);
	return open(path, flags | O_CLOEXEC);
}

/* Name of the area that begins at @base_pfn, in debugfs; false if unknown. */
static bool find_area(uint64_t base_pfn, char *name, size_t size)
{
	DIR *dir = opendir(CMA_DEBUGFS);
	struct dirent *entry;
	bool found = false;

	while (dir && !found && (entry = readdir(dir))) {
		int fd = area_open(entry->d_name, "base_pfn", O_RDONLY);
		char text[32] = "";

		if (fd < 0)
			continue;
		if (read(fd, text, sizeof(text) - 1) > 0)
			found = strtoull(text, NULL, 10) == base_pfn;
		close(fd);
		if (found)
			snprintf(name, size, "%s", entry->d_name);
	}
	if (dir)
		closedir(dir);
	return found;
}

static bool area_write(const char *area, const char *file, int nr_pages)
{
	int fd = area_open(area, file, O_WRONLY);
	bool ok = fd >= 0 && dprintf(fd, "%d", nr_pages) > 0;

	if (fd >= 0)
		close(fd);
	return ok;
}

static char *map_chunk(void)
{
	char *chunk = mmap(NULL, CHUNK_PAGES * page_size, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (chunk == MAP_FAILED)
		die("mmap: %s", strerror(errno));
	madvise(chunk, CHUNK_PAGES * page_size, MADV_NOHUGEPAGE);
	/* The page table comes first, so that it does not eat a primed page. */
	*(volatile char *)chunk = 1;
	madvise(chunk, page_size, MADV_DONTNEED);
	return chunk;
}

/* Faults a chunk; adds the wanted pages to @pages and counts them in @found. */
static void collect(const struct options *opt, char *chunk, char **pages, size_t *found)
{
	for (size_t i = 0; i < CHUNK_PAGES; i++)
		*(volatile char *)(chunk + i * page_size) = 1;
	for (size_t i = 0; i < CHUNK_PAGES && *found < opt->nr_pages; i++) {
		char *page = chunk + i * page_size;

		if (is_wanted(opt, pfn_of(page)))
			pages[(*found)++] = page;
	}
}

/* Gives back the pages of a chunk that were not kept. */
static void trim(char *chunk, char **kept, size_t nr_kept)
{
	for (size_t i = 0; i < CHUNK_PAGES; i++) {
		char *page = chunk + i * page_size;

		if (nr_kept && page == *kept) {
			kept++;
			nr_kept--;
		} else {
			madvise(page, page_size, MADV_DONTNEED);
		}
	}
}

/*
 * Allocates all that is needed before it frees anything: cma_alloc() would
 * migrate away what an earlier chunk got. Single pages, because larger ones are
 * freed past the per-CPU list on new kernels; and a chunk at a time, because
 * that list is short.
 */
static size_t collect_primed(const struct options *opt, const char *area, char **pages)
{
	size_t nr_primed = 0, nr_wanted = opt->nr_pages + opt->nr_pages / 4 + CHUNK_PAGES;
	size_t found = 0;

	while (nr_primed < nr_wanted && area_write(area, "alloc", 1))
		nr_primed++;
	while (nr_primed && found < opt->nr_pages) {
		size_t nr_freed = nr_primed < CHUNK_PAGES ? nr_primed : CHUNK_PAGES;
		char *chunk = map_chunk();
		size_t before = found;

		area_write(area, "free", nr_freed);
		nr_primed -= nr_freed;
		collect(opt, chunk, pages, &found);
		trim(chunk, pages + before, found - before);
	}
	if (nr_primed)
		area_write(area, "free", nr_primed);
	return found;
}

/* Rejected pages stay mapped until the end: else they would come back. */
static size_t collect_filling(const struct options *opt, char **pages)
{
	struct chunk {
		char *start;
		size_t first, nr_kept;
	} *chunks;
	size_t found = 0, nr_chunks = 0;
	long long max_chunks;
	struct sysinfo info;

	sysinfo(&info);
	max_chunks = (uint64_t)info.freeram * info.mem_unit / (CHUNK_PAGES * page_size);
	max_chunks -= max_chunks < 16 * RESERVE_CHUNKS ? RESERVE_CHUNKS : max_chunks / 16;
	chunks = max_chunks > 0 ? calloc(max_chunks, sizeof(*chunks)) : NULL;
	if (!chunks)
		die("too little memory");
	while (nr_chunks < (size_t)max_chunks && found < opt->nr_pages) {
		struct chunk *chunk = &chunks[nr_chunks++];

		chunk->start = map_chunk();
		chunk->first = found;
		collect(opt, chunk->start, pages, &found);
		chunk->nr_kept = found - chunk->first;
	}
	for (size_t i = 0; i < nr_chunks; i++)
		trim(chunks[i].start, pages + chunks[i].first, chunks[i].nr_kept);
	free(chunks);
	return found;
}

/* Priming works on this CPU's list: the faults must stay on it. */
static void stay_on_this_cpu(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(sched_getcpu(), &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		die("sched_setaffinity: %s", strerror(errno));
}

static char **get_pages(const struct options *opt)
{
	char **pages = calloc(opt->nr_pages, sizeof(*pages));
	char area[256];
	size_t found;

	if (!pages)
		die("out of memory");
	stay_on_this_cpu();
	if (opt->end_pfn && !opt->outside && find_area(opt->base_pfn, area, sizeof(area)))
		found = collect_primed(opt, area, pages);
	else
		found = collect_filling(opt, pages);
	if (found < opt->nr_pages)
		die("only %zu of %zu pages in the right place", found, opt->nr_pages);
	return pages;
}

/* --- holding them --- */

static void hold_by_module(const struct options *opt, char **pages)
{
	int fd = open("/dev/blocker", O_WRONLY | O_CLOEXEC);	/* until we exit */

	if (fd < 0)
		die("/dev/blocker: %s", strerror(errno));
	for (size_t i = 0; i < opt->nr_pages; i++) {
		if (dprintf(fd, "%s 0x%lx 1%s", mode_names[opt->mode], (unsigned long)pages[i],
			    opt->keep ? " keep" : "") < 0)
			die("/dev/blocker: %s %p: %s", mode_names[opt->mode], (void *)pages[i],
			    strerror(errno));
	}
}

/* A pipe that nobody reads holds a reference on each page. */
static void hold_by_pipe(const struct options *opt, char **pages)
{
	int ends[2] = { -1, -1 };

	for (size_t i = 0; i < opt->nr_pages; i++) {
		struct iovec iov = { .iov_base = pages[i], .iov_len = page_size };

		if (i % PIPE_PAGES == 0 && pipe(ends))
			die("pipe: %s", strerror(errno));
		if (vmsplice(ends[1], &iov, 1, SPLICE_F_NONBLOCK) != page_size)
			die("vmsplice: %s", strerror(errno));
	}
}

static void hold_pages(const struct options *opt, char **pages)
{
	if (opt->mode == MODE_PIN || opt->mode == MODE_GET)
		hold_by_module(opt, pages);
	else if (opt->mode == MODE_VMSPLICE)
		hold_by_pipe(opt, pages);
}

/* A page may have moved between the fault and the hold; a held one stays. */
static void print_pages(const struct options *opt, char **pages)
{
	for (size_t i = 0; i < opt->nr_pages; i++) {
		uint64_t pfn = pfn_of(pages[i]);

		if (!is_wanted(opt, pfn))
			die("page %p has moved to PFN 0x%llx", (void *)pages[i],
			    (unsigned long long)pfn);
		printf("PFN 0x%llx VADDR 0x%lx\n", (unsigned long long)pfn,
		       (unsigned long)pages[i]);
	}
	puts("ready");
	fflush(stdout);
}

/* From the start: dying while priming would leave the area allocated. */
static int block_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

static void wait_for_end(unsigned int seconds, int signals)
{
	struct pollfd fds[2] = {
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = signals, .events = POLLIN },
	};
	struct timespec deadline, now;
	char discarded[256];

	clock_gettime(CLOCK_MONOTONIC, &deadline);
	deadline.tv_sec += seconds;
	for (;;) {
		int timeout_ms = -1;

		clock_gettime(CLOCK_MONOTONIC, &now);
		if (seconds)
			timeout_ms = (deadline.tv_sec - now.tv_sec) * 1000 +
				     (deadline.tv_nsec - now.tv_nsec) / 1000000;
		if (seconds && timeout_ms <= 0)
			return;
		if (poll(fds, 2, timeout_ms) <= 0)
			continue;
		if (fds[1].revents)
			return;
		if (fds[0].revents && read(STDIN_FILENO, discarded, sizeof(discarded)) <= 0)
			return;
	}
}

static uint64_t parse_number(const char *text)
{
	char *end;
	uint64_t value;

	errno = 0;
	value = strtoull(text, &end, 0);
	if (errno || end == text || *end)
		die("not a number: %s", text);
	return value;
}

static enum mode parse_mode(const char *text)
{
	for (size_t i = 0; i < sizeof(mode_names) / sizeof(mode_names[0]); i++) {
		if (!strcmp(text, mode_names[i]))
			return i;
	}
	usage();
}

/* --in and --outside take two values: the second is the next argument. */
static void parse_range(struct options *opt, char **argv)
{
	if (!argv[optind])
		usage();
	opt->base_pfn = parse_number(optarg);
	opt->end_pfn = parse_number(argv[optind++]);
	if (opt->base_pfn >= opt->end_pfn)
		die("empty range");
}

static struct options parse_options(int argc, char **argv)
{
	static const struct option known[] = {
		{ "in", required_argument, NULL, 'i' },
		{ "outside", required_argument, NULL, 'o' },
		{ "name", required_argument, NULL, 'n' },
		{ "keep", no_argument, NULL, 'k' },
		{ "seconds", required_argument, NULL, 's' },
		{ NULL, 0, NULL, 0 },
	};
	struct options opt = { .mode = MODE_NONE };
	int c;

	while ((c = getopt_long(argc, argv, "+", known, NULL)) != -1) {
		switch (c) {
		case 'i':
		case 'o':
			opt.outside = c == 'o';
			parse_range(&opt, argv);
			break;
		case 'n':
			opt.name = optarg;
			break;
		case 'k':
			opt.keep = true;
			break;
		case 's':
			opt.seconds = parse_number(optarg);
			break;
		default:
			usage();
		}
	}
	if (argc - optind != 2)
		usage();
	opt.mode = parse_mode(argv[optind]);
	opt.nr_pages = parse_number(argv[optind + 1]);
	if (!opt.nr_pages)
		usage();
	return opt;
}

int main(int argc, char **argv)
{
	struct options opt = parse_options(argc, argv);
	int signals = block_signals();
	char **pages;

	page_size = sysconf(_SC_PAGESIZE);
	pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	if (pagemap < 0)
		die("pagemap: %s", strerror(errno));
	if (opt.name)
		prctl(PR_SET_NAME, opt.name);	/* 15 bytes of it */
	pages = get_pages(&opt);
	hold_pages(&opt, pages);
	print_pages(&opt, pages);
	wait_for_end(opt.seconds, signals);
	return 0;
}
