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
 * pages, free them: they head the list, and the next faults get them; with --take
 * the blocker does the same with pages of the range), or takes memory until enough
 * of it lies in the area.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <linux/videodev2.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/sysinfo.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "place.h"

#define CHUNK_PAGES 64	    /* mapped and faulted at a time */
#define RESERVE_CHUNKS 128  /* left free, so that nobody is killed */
#define PIPE_PAGES 16	    /* default capacity of a pipe */
#define PAGEBLOCK_PAGES 512 /* with pages of 4 KB */
#define PORT 4711

enum mode {
	MODE_NONE,
	MODE_PIN,
	MODE_LONGTERM,
	MODE_GET,
	MODE_LOCK,
	MODE_VMSPLICE,
	MODE_ZEROCOPY,
	MODE_VIDEO,
};

static const char *const mode_names[] = {
	[MODE_NONE] = "none",	      [MODE_PIN] = "pin",     [MODE_LONGTERM] = "longterm",
	[MODE_GET] = "get",	      [MODE_LOCK] = "lock",   [MODE_VMSPLICE] = "vmsplice",
	[MODE_ZEROCOPY] = "zerocopy", [MODE_VIDEO] = "video",
};

struct options {
	enum mode mode;
	size_t nr_pages;
	uint64_t base_pfn, end_pfn; /* 0, 0: anywhere */
	bool outside;		    /* of that range */
	bool inner;		    /* none that begins a pageblock */
	bool keep;
	bool take; /* prime by the blocker */
	unsigned int nr_bystanders;
	unsigned int seconds; /* 0: no limit */
	const char *name;
};

static void __attribute__((noreturn)) usage(void)
{
	fputs("usage: hold [--in BASE END [--take] | --outside BASE END] [--inner] [--name NAME]\n"
	      "            [--keep] [--seconds N] [--bystanders N]\n"
	      "            pin|longterm|get|lock|vmsplice|zerocopy|video|none NR_PAGES\n",
	      stderr);
	exit(2);
}

static bool is_wanted(const struct options *opt, uint64_t pfn)
{
	bool inside = pfn >= opt->base_pfn && pfn < opt->end_pfn;

	if (!pfn || (opt->inner && pfn % PAGEBLOCK_PAGES == 0))
		return false;
	return !opt->end_pfn || inside != opt->outside;
}

/* --- getting pages in the right place --- */

/*
 * Shared memory is in the page cache: unlike private pages with one more reference, whoever
 * empties a range isolates it first and looks then.
 */
static bool is_shared(const struct options *opt)
{
	return opt->mode == MODE_LOCK || opt->nr_bystanders;
}

static void give_back(const struct options *opt, char *page)
{
	madvise(page, page_size, is_shared(opt) ? MADV_REMOVE : MADV_DONTNEED);
}

static char *map_chunk(const struct options *opt)
{
	char *chunk = mmap(NULL, CHUNK_PAGES * page_size, PROT_READ | PROT_WRITE,
			   MAP_ANONYMOUS | (is_shared(opt) ? MAP_SHARED : MAP_PRIVATE), -1, 0);

	if (chunk == MAP_FAILED)
		die("mmap: %s", strerror(errno));
	madvise(chunk, CHUNK_PAGES * page_size, MADV_NOHUGEPAGE);
	/* The page table comes first, so that it does not eat a primed page. */
	*(volatile char *)chunk = 1;
	give_back(opt, chunk);
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
static void trim(const struct options *opt, char *chunk, char **kept, size_t nr_kept)
{
	for (size_t i = 0; i < CHUNK_PAGES; i++) {
		char *page = chunk + i * page_size;

		if (nr_kept && page == *kept) {
			kept++;
			nr_kept--;
		} else {
			give_back(opt, page);
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
		char *chunk = map_chunk(opt);
		size_t before = found;

		area_write(area, "free", nr_freed);
		nr_primed -= nr_freed;
		collect(opt, chunk, pages, &found);
		trim(opt, chunk, pages + before, found - before);
	}
	if (nr_primed)
		area_write(area, "free", nr_primed);
	return found;
}

/*
 * Ranges of a chunk's length are allocated and given back page by page. What is in use there moves
 * away first; a range that cannot be had is passed over.
 */
static size_t collect_taken(const struct options *opt, char **pages)
{
	int taker = open("/dev/blocker", O_WRONLY | O_CLOEXEC);
	size_t found = 0;

	if (taker < 0)
		die("/dev/blocker: %s", strerror(errno));
	for (uint64_t pfn = opt->base_pfn;
	     pfn + CHUNK_PAGES <= opt->end_pfn && found < opt->nr_pages; pfn += CHUNK_PAGES) {
		char *chunk = map_chunk(opt);
		size_t before = found;

		if (dprintf(taker, "take 0x%llx %d", (unsigned long long)pfn, CHUNK_PAGES) > 0)
			collect(opt, chunk, pages, &found);
		trim(opt, chunk, pages + before, found - before);
	}
	close(taker);
	return found;
}

/* Rejected pages stay mapped until the end: else they would come back. */
static size_t collect_filling(const struct options *opt, char **pages)
{
	struct chunk {
		char *start;
		size_t first, nr_kept;
	} * chunks;
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

		chunk->start = map_chunk(opt);
		chunk->first = found;
		collect(opt, chunk->start, pages, &found);
		chunk->nr_kept = found - chunk->first;
	}
	for (size_t i = 0; i < nr_chunks; i++)
		trim(opt, chunks[i].start, pages + chunks[i].first, chunks[i].nr_kept);
	free(chunks);
	return found;
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
	else if (opt->take)
		found = collect_taken(opt, pages);
	else
		found = collect_filling(opt, pages);
	if (found < opt->nr_pages)
		die("only %zu of %zu pages in the right place", found, opt->nr_pages);
	return pages;
}

/* --- holding them --- */

static int blocker = -1;

static void hold_by_module(const struct options *opt, char **pages)
{
	blocker = open("/dev/blocker", O_WRONLY | O_CLOEXEC);
	if (blocker < 0)
		die("/dev/blocker: %s", strerror(errno));
	for (size_t i = 0; i < opt->nr_pages; i++) {
		if (dprintf(blocker, "%s 0x%lx 1%s", mode_names[opt->mode], (unsigned long)pages[i],
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

/* A peer that never reads: data waits in the sender as soon as the little it takes is there. */
static int listen_to_nobody(void)
{
	struct sockaddr_in addr = { .sin_family = AF_INET,
				    .sin_port = htons(PORT),
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), size = 4096;

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)) ||
	    bind(fd, (struct sockaddr *)&addr, sizeof(addr)) || listen(fd, 8))
		die("listen: %s", strerror(errno));
	return fd;
}

static int connect_to_nobody(bool is_zerocopy, bool is_stalled)
{
	struct sockaddr_in addr = { .sin_family = AF_INET,
				    .sin_port = htons(PORT),
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), size = 1 << 20, one = 1;
	static char data[256 << 10];

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)) ||
	    connect(fd, (struct sockaddr *)&addr, sizeof(addr)) ||
	    (is_zerocopy && setsockopt(fd, SOL_SOCKET, SO_ZEROCOPY, &one, sizeof(one))))
		die("connect: %s", strerror(errno));
	if (is_stalled && send(fd, data, sizeof(data), MSG_DONTWAIT) != sizeof(data))
		die("send: %s", strerror(errno));
	return fd;
}

/* What the peer does not take waits where it is. */
static void hold_by_socket(const struct options *opt, char **pages)
{
	int fd = connect_to_nobody(true, true);

	for (size_t i = 0; i < opt->nr_pages; i++)
		if (send(fd, pages[i], page_size, MSG_ZEROCOPY | MSG_DONTWAIT) != page_size)
			die("send: %s", strerror(errno));
}

/* The first page of each picture that a camera is to fill. It is never started. */
static void hold_by_camera(const struct options *opt, char **pages)
{
	struct v4l2_format format = { .type = V4L2_BUF_TYPE_VIDEO_CAPTURE };
	struct v4l2_requestbuffers request = { .count = opt->nr_pages,
					       .type = format.type,
					       .memory = V4L2_MEMORY_USERPTR };
	int fd = open("/dev/video0", O_RDWR | O_CLOEXEC);

	if (fd < 0 || ioctl(fd, VIDIOC_G_FMT, &format) || ioctl(fd, VIDIOC_REQBUFS, &request))
		die("/dev/video0: %s", strerror(errno));
	for (size_t i = 0; i < opt->nr_pages; i++) {
		size_t size = (format.fmt.pix.sizeimage + page_size - 1) / page_size * page_size;
		char *picture = mmap(NULL, size, PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
		struct v4l2_buffer buffer = { .index = i,
					      .type = format.type,
					      .memory = V4L2_MEMORY_USERPTR,
					      .m.userptr = (unsigned long)picture,
					      .length = size };

		if (picture == MAP_FAILED ||
		    mremap(pages[i], page_size, page_size, MREMAP_MAYMOVE | MREMAP_FIXED,
			   picture) != picture)
			die("mremap: %s", strerror(errno));
		pages[i] = picture;
		if (ioctl(fd, VIDIOC_QBUF, &buffer))
			die("VIDIOC_QBUF: %s", strerror(errno));
	}
}

/*
 * Others that map the pages and hold none of them. With sockets the first two have one too: one
 * may send without a copy and has nothing to send, the other has and may not.
 */
static void stand_by(const struct options *opt, char **pages, unsigned int which)
{
	for (size_t i = 0; i < opt->nr_pages; i++)
		(void)*(volatile char *)pages[i];
	if (opt->mode == MODE_ZEROCOPY && which < 2)
		connect_to_nobody(which == 0, which == 1);
	for (;;)
		pause();
}

static void make_bystanders(const struct options *opt, char **pages)
{
	for (unsigned int i = 0; i < opt->nr_bystanders; i++) {
		pid_t pid = fork();

		if (pid < 0)
			die("fork: %s", strerror(errno));
		if (pid) {
			printf("BYSTANDER %d\n", pid);
			continue;
		}
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		prctl(PR_SET_NAME, "bystander");
		close_range(0, ~0U, 0);
		stand_by(opt, pages, i);
	}
}

static void hold_pages(const struct options *opt, char **pages)
{
	if (opt->mode == MODE_ZEROCOPY)
		listen_to_nobody();
	make_bystanders(opt, pages);
	if (opt->mode == MODE_VMSPLICE)
		hold_by_pipe(opt, pages);
	else if (opt->mode == MODE_ZEROCOPY)
		hold_by_socket(opt, pages);
	else if (opt->mode == MODE_VIDEO)
		hold_by_camera(opt, pages);
	else if (opt->mode != MODE_NONE)
		hold_by_module(opt, pages);
}

/*
 * A page may have moved between the fault and the hold; a held one stays. To pin it for long
 * means to move it out of CMA, if the kernel does what it promises.
 */
static void print_pages(const struct options *opt, char **pages)
{
	for (size_t i = 0; i < opt->nr_pages; i++) {
		uint64_t pfn = pfn_of(pages[i]);

		if (opt->mode != MODE_LONGTERM && !is_wanted(opt, pfn))
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
		{ "inner", no_argument, NULL, 'b' },
		{ "name", required_argument, NULL, 'n' },
		{ "keep", no_argument, NULL, 'k' },
		{ "take", no_argument, NULL, 't' },
		{ "bystanders", required_argument, NULL, 'y' },
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
		case 'b':
			opt.inner = true;
			break;
		case 'n':
			opt.name = optarg;
			break;
		case 'k':
			opt.keep = true;
			break;
		case 't':
			opt.take = true;
			break;
		case 'y':
			opt.nr_bystanders = parse_number(optarg);
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

	place_init("hold");
	if (opt.name)
		prctl(PR_SET_NAME, opt.name); /* 15 bytes of it */
	pages = get_pages(&opt);
	hold_pages(&opt, pages);
	print_pages(&opt, pages);
	wait_for_end(opt.seconds, signals);
	if (blocker >= 0)
		close(blocker); /* a locked page has to be let go before it is unmapped */
	return 0;
}
