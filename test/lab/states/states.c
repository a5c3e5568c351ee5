// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * states - puts a CMA area into one random state after the other, asks
 * `ltpin explain`, then makes the real allocation
 *
 *	states AREA DEBUGFS_DIR OUT SEED FIRST CLASS:NR
 *
 * Makes NR states of CLASS, numbered from FIRST on. Writes OUT/explain-N.json
 * and, a line a state, to standard output
 *
 *	N CLASS VIA NR_PAGES ALIGN RESULT PFN DETAIL
 *
 * VIA is "dma" (/dev/ltpin, the alignment of dma_alloc_coherent(), ALIGN is -)
 * or "debugfs" (cma_alloc() with ALIGN 0). RESULT is "ok", the negative errno that
 * the kernel's log tells, or "failed" if it tells none; PFN where it was, else 0.
 * DETAIL counts what the state was made of. The classes are in classes.c.
 *
 * A process of its own keeps most of the memory beside the area. ltpin runs on
 * the first processor and everything else on the second, whose batches of new
 * pages it therefore does not drain.
 */
#define _GNU_SOURCE
#include "state.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ltpin_ioctl.h"

#define REST_KIB (45 << 10) /* free beside the area, ballast in place */
#define TRIES_MAX 100
#define STATE_S 300	/* a state takes one second, on a busy machine five */
#define DEBUGFS_MAX 200 /* pages, if somebody holds some */

extern char **environ;

static void stay_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		die("sched_setaffinity");
}

/* Without fork(): that would map every page of the state once more. */
static void explain(unsigned long n, uint64_t nr_pages, bool is_dma)
{
	char pages[24], path[256];
	char *argv[] = { "ltpin", "explain", (char *)area.name,		pages, "-f", "json",
			 "-o",	  path,	     is_dma ? NULL : "--align", "0",   NULL };
	int status;
	pid_t pid;

	snprintf(pages, sizeof(pages), "%llu", (unsigned long long)nr_pages);
	snprintf(path, sizeof(path), "%s/explain-%lu.json", area.out, n);
	stay_on(0);
	errno = posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ);
	stay_on(1);
	if (errno || waitpid(pid, &status, 0) != pid)
		die("ltpin explain");
	if (!WIFEXITED(status) || WEXITSTATUS(status) == 2)
		die("state %lu: ltpin explain: status 0x%x", n, status);
}

/* The first PFN that is given out in @now and was not in @before. */
static uint64_t first_new(const uint8_t *before, const uint8_t *now)
{
	for (uint64_t i = 0; i < area.nr_pages; i++)
		if (now[i] && !before[i])
			return area.base + i;
	return 0;
}

static void read_bitmap(uint8_t *out)
{
	const uint8_t *end_of_area = out + area.nr_pages;
	char path[256], *text = NULL;
	size_t size = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/bitmap", area.dir);
	file = fopen(path, "re");
	if (!file || getdelim(&text, &size, '\0', file) < 0)
		die("%s", path);
	fclose(file);
	for (char *at = text, *end; out < end_of_area; at = end) {
		unsigned long word = strtoul(at, &end, 10);

		if (end == at)
			break;
		for (int bit = 0; bit < 32 && out < end_of_area; bit++)
			*out++ = word >> bit & 1;
	}
	free(text);
}

/* cma_alloc() with alignment 0; where it was is the bit that was not set before. */
static uint64_t allocate_debugfs(uint64_t nr_pages)
{
	uint8_t *before = calloc(2, area.nr_pages), *now = before + area.nr_pages;
	uint64_t pfn = 0;

	if (!before)
		die("calloc");
	read_bitmap(before);
	if (write_area("alloc", nr_pages)) {
		read_bitmap(now);
		pfn = first_new(before, now);
		state.nr_debugfs = (unsigned int)nr_pages;
	}
	free(before);
	return pfn;
}

static long elapsed_ms(struct timespec *since)
{
	struct timespec now;
	long ms;

	clock_gettime(CLOCK_MONOTONIC, &now);
	ms = (now.tv_sec - since->tv_sec) * 1000 + (now.tv_nsec - since->tv_nsec) / 1000000;
	*since = now;
	return ms;
}

/* Mostly so large that it is open whether it fits; else, and if all is free, of any order. */
static uint64_t choose_size(void)
{
	const uint64_t most = state.most ? state.most : area.nr_pages - 200;
	uint64_t nr_pages;

	if (state.least)
		return random_from(state.least, most);
	if ((state.nr_held || state.nr_ids) && random_below(8))
		return random_from(most / 2, most);
	nr_pages = random_from(2, 2ULL << random_below(14));
	return nr_pages < most ? nr_pages : most;
}

static pid_t ballast;

/* When memory is exhausted the kernel must choose the ballast, and nobody else. */
static void set_oom_score(const char *adj)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, adj, strlen(adj)) < 0)
		die("oom_score_adj");
	close(fd);
}

/* A child that keeps memory outside the area until we end. */
static void start_ballast(void)
{
	const size_t chunk = 4 << 20;
	size_t size = 0;
	int ready[2];
	char *memory, byte;

	if (pipe(ready))
		die("pipe");
	ballast = fork();
	if (ballast < 0)
		die("fork");
	if (ballast) {
		close(ready[1]);
		if (read(ready[0], &byte, 1) != 1)
			die("no ballast");
		close(ready[0]);
		return;
	}
	set_oom_score("1000");
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	memory = map(1UL << 30, MAP_PRIVATE | MAP_NORESERVE);
	madvise(memory, 1UL << 30, MADV_NOHUGEPAGE);
	for (; beside_kib() > REST_KIB; size += chunk)
		touch(memory + size, chunk / PAGE);
	for (size_t at = 0; at < size; at += HUGE_PAGES * PAGE)
		give_back(memory + at);
	if (write(ready[1], "", 1) != 1)
		die("ballast");
	for (;;)
		pause();
}

/* The kernel took it away: there must be a new one. */
static bool has_lost_ballast(void)
{
	if (!waitpid(ballast, NULL, WNOHANG))
		return false;
	start_ballast();
	return true;
}

/* Who comes next must find its memory free. */
static void end_ballast(void)
{
	kill(ballast, SIGKILL);
	waitpid(ballast, NULL, 0);
}

/* What the state is made of; pages count that are in the area. */
static void describe(char *out, size_t size)
{
	snprintf(out, size, "held=%u,allocs=%u,file=%zu,swapcache=%zu,lent=%zu,batch=%zu,huge=%zu",
		 state.nr_held, state.nr_ids, state.nr_file, count(ANON, KPF_SWAPCACHE, true),
		 count(ANON, KPF_LRU, true) + count(SHARED, KPF_LRU, true),
		 count(ANON, KPF_LRU, false), count(HUGE, KPF_THP, true));
}

/* "ok", the error that the log tells, or "failed". */
static void print_result(bool is_ok, uint64_t nr_pages)
{
	int err = is_ok ? 0 : klog_error(nr_pages);

	if (err)
		printf("%d", err);
	else
		fputs(is_ok ? "ok" : "failed", stdout);
}

/* What takes too long, for whoever finds out why. */
static const char *volatile doing;

static void give_up(int signal_number)
{
	(void)signal_number;
	dprintf(STDERR_FILENO, "states: %s does not end\n", doing);
	_exit(2);
}

/* False if the kernel took the ballast away: the state was another one then. */
static bool run(unsigned long n, const struct class *class)
{
	struct timespec time = { 0 };
	long make_ms, explain_ms;
	uint64_t nr_pages, pfn;
	char detail[120];
	bool is_dma;
	uint32_t id;

	if (has_lost_ballast())
		return false;
	elapsed_ms(&time);
	alarm(STATE_S);
	doing = "making a state";
	squeeze();
	class->make();
	relax();
	is_dma = random_below(6);
	nr_pages = choose_size();
	/* The kernel takes milliseconds for each of thousands of windows. */
	if (!is_dma && state.nr_held && !state.least)
		nr_pages = nr_pages % DEBUGFS_MAX + 1;
	make_ms = elapsed_ms(&time);
	doing = "ltpin explain";
	explain(n, nr_pages, is_dma);
	describe(detail, sizeof(detail));
	explain_ms = elapsed_ms(&time);
	klog_skip();
	doing = "the allocation";
	pfn = is_dma ? allocate((uint32_t)nr_pages, LTPIN_ALLOC_WARN, &id)
		     : allocate_debugfs(nr_pages);
	doing = "undoing a state";
	undo(); /* at once, for a failure for want of memory leaves the kernel next to none */
	if (has_lost_ballast())
		return false;
	printf("%lu %s %s %llu %s ", n, class->name, is_dma ? "dma" : "debugfs",
	       (unsigned long long)nr_pages, is_dma ? "-" : "0");
	print_result(pfn, nr_pages);
	printf(" 0x%llx %s,make_ms=%ld,explain_ms=%ld,alloc_ms=%ld\n", (unsigned long long)pfn,
	       detail, make_ms, explain_ms, elapsed_ms(&time));
	fflush(stdout);
	return true;
}

int main(int argc, char **argv)
{
	const struct class *class;
	unsigned long n, end, tries = 0;
	size_t len;

	if (argc != 7) {
		fputs("usage: states AREA DEBUGFS_DIR OUT SEED FIRST CLASS:NR\n", stderr);
		return 2;
	}
	area.name = argv[1];
	area.dir = argv[2];
	area.out = argv[3];
	area.base = read_number("base_pfn");
	area.nr_pages = read_number("count");
	random_state = strtoull(argv[4], NULL, 0) * 2654435761 + 88172645463325252;
	signal(SIGALRM, give_up);
	stay_on(1);
	set_oom_score("-1000");
	start_ballast();
	pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	kpageflags = open("/proc/kpageflags", O_RDONLY | O_CLOEXEC);
	ltpin_device = open("/dev/ltpin", O_RDWR | O_CLOEXEC);
	if (pagemap < 0 || kpageflags < 0 || ltpin_device < 0)
		die("pagemap, kpageflags or /dev/ltpin");
	state.blocker = -1;
	len = strcspn(argv[6], ":");
	class = find_class(argv[6], len);
	n = strtoul(argv[5], NULL, 0);
	for (end = n + strtoul(argv[6] + len + 1, NULL, 0); n < end && tries < TRIES_MAX; tries++)
		n += run(n, class);
	if (n < end)
		die("state %lu: the kernel takes the ballast away each time", n);
	end_ballast();
	return 0;
}
