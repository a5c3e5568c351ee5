// SPDX-License-Identifier: GPL-2.0-only
/*
 * A hostile caller of the module.
 *
 *   fuzz SECONDS [SEED]
 *
 * For so long, processes of several threads make all requests of the device and of netlink with
 * random arguments, on memory of all kinds that comes and goes, through descriptors that are
 * shared, inherited and passed on; some in a user and network namespace of their own. Again and
 * again one is killed. At the end all are, and nothing may be held: the caller looks at that, and
 * at the kernel's log. Prints the seed, and of each kind of request how many there were and how
 * many did what they were asked for. The order in which threads run is not the seed's.
 *
 * Runs as root. Needs no library.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fuzz.h"
#include "ltpin_ioctl.h"

#define NR_PROCESSES 3
#define NR_THREADS 3
#define GUARD_SIZE (4UL << 20)

__thread uint64_t random_state;
size_t page_size;
uint64_t area_base, area_end;
int fds[NR_FDS] = { -1, -1, -1, -1 };
int mail;

static int mails[2];
static struct {
	_Atomic unsigned long asked, worked;
} * counts;

static const char *const names[NR_KINDS] = {
	"pin",	   "unpin",    "alloc", "release", "listen", "read",  "cost",  "chance",
	"reserve", "nonsense", "info",	"list",	   "pages",  "areas", "files", "garbage",
};

void count(enum kind kind, bool worked)
{
	counts[kind].asked++;
	counts[kind].worked += worked;
}

/* xorshift64 */
uint64_t random_u64(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

uint64_t below(uint64_t n)
{
	return n ? random_u64() % n : 0;
}

uint64_t strange_number(void)
{
	static const uint64_t numbers[] = {
		0,	    1,		512,	    513,	  4096,
		65536,	    0x7fffffff, 0x80000000, 0xffffffff,	  1ULL << 32,
		1ULL << 40, 1ULL << 63, ~0ULL,	    ~0ULL - 4095, 0xffff888000000000,
	};

	return below(2) ? numbers[below(sizeof(numbers) / sizeof(numbers[0]))] : random_u64();
}

static void seed_thread(uint64_t seed)
{
	random_state = seed * 0x9e3779b97f4a7c15 + 1;
	random_u64();
}

static int open_one(void)
{
	return open("/dev/" LTPIN_DEVICE, O_RDWR | O_NONBLOCK | (below(2) ? O_CLOEXEC : 0));
}

int any_fd(void)
{
	return fds[below(NR_FDS)];
}

/* --- descriptors wander --- */

static void send_fd(int fd)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { .bytes = "" };
	char byte = 0;
	struct iovec iov = { &byte, 1 };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control),
	};

	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	control.header.cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	sendmsg(mail, &msg, MSG_DONTWAIT);
}

/* -1: nobody sent one. */
static int receive_fd(void)
{
	char bytes[CMSG_SPACE(sizeof(int))], byte;
	struct iovec iov = { &byte, 1 };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = bytes,
		.msg_controllen = sizeof(bytes),
	};
	struct cmsghdr *header;
	int fd = -1;

	if (recvmsg(mail, &msg, MSG_DONTWAIT) < 0)
		return -1;
	header = CMSG_FIRSTHDR(&msg);
	if (header && header->cmsg_type == SCM_RIGHTS)
		memcpy(&fd, CMSG_DATA(header), sizeof(fd));
	return fd;
}

/* Another thread may be using the one that is closed. */
static void change_fd(void)
{
	size_t i = below(NR_FDS);
	int fd = below(3) ? open_one() : receive_fd(), old = fds[i];

	if (fd < 0)
		return;
	if (below(3) == 0)
		send_fd(fd);
	fds[i] = fd;
	if (old >= 0)
		close(old);
}

/* A child with our descriptors: for a while, or as another program that knows nothing of them. */
static void fork_one(void)
{
	pid_t child = fork();

	if (child)
		return;
	if (!below(4))
		unshare(CLONE_NEWUSER | CLONE_NEWNET);
	for (int i = 0; i < 8; i++) {
		request_any();
		message_any();
	}
	if (!below(4))
		execl("/bin/true", "true", (char *)NULL);
	_exit(0);
}

static void *run_thread(void *seed)
{
	seed_thread((uintptr_t)seed);
	for (;;) {
		switch (below(64)) {
		case 0:
			fork_one();
			break;
		case 1 ... 6:
			memory_change();
			break;
		case 7 ... 10:
			change_fd();
			break;
		case 11 ... 24:
			message_any();
			break;
		default:
			request_any();
		}
	}
	return NULL;
}

/* --- processes --- */

static void __attribute__((noreturn)) run_process(uint64_t seed)
{
	pthread_t thread;

	signal(SIGCHLD, SIG_IGN); /* children of fork_one() need no burial */
	signal(SIGBUS, SIG_DFL);
	seed_thread(seed);
	mail = mails[below(2)];
	memory_init();
	for (size_t i = 0; i < NR_FDS; i++)
		fds[i] = open_one();
	for (uintptr_t i = 1; i < NR_THREADS; i++)
		pthread_create(&thread, NULL, run_thread, (void *)(uintptr_t)(seed * 16 + i));
	run_thread((void *)(uintptr_t)(seed * 16));
	_exit(0);
}

static pid_t start(uint64_t seed)
{
	pid_t pid = fork();

	if (pid < 0) {
		perror("fork");
		exit(2);
	}
	if (pid)
		return pid;
	setpgid(0, 0);
	run_process(seed);
}

/* With the children it forked. */
static void end(pid_t pid)
{
	kill(-pid, SIGKILL);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void fuzz(unsigned int seconds, uint64_t seed)
{
	pid_t pids[NR_PROCESSES];
	uint64_t next = seed * 1000;
	time_t stop = time(NULL) + seconds;

	prctl(PR_SET_CHILD_SUBREAPER, 1);
	for (size_t i = 0; i < NR_PROCESSES; i++)
		pids[i] = start(next++);
	while (time(NULL) < stop) {
		size_t i = below(NR_PROCESSES);

		usleep(500000);
		end(pids[i]);
		pids[i] = start(next++);
	}
	for (size_t i = 0; i < NR_PROCESSES; i++)
		end(pids[i]);
	/* What they forked is ours now. As long as one of them dies it has descriptors. */
	while (waitpid(-1, NULL, 0) > 0)
		;
	printf("processes %llu\n", (unsigned long long)(next - seed * 1000));
}

static uint64_t number_in(const char *path)
{
	char text[32] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || read(fd, text, sizeof(text) - 1) < 0)
		text[0] = '\0';
	if (fd >= 0)
		close(fd);
	return strtoull(text, NULL, 0);
}

static void find_area(void)
{
	area_base = number_in("/sys/kernel/debug/cma/reserved/base_pfn");
	area_end = area_base + number_in("/sys/kernel/debug/cma/reserved/count");
	if (area_base == area_end) { /* 5.10 */
		area_base = number_in("/sys/kernel/debug/cma/cma-reserved/base_pfn");
		area_end = area_base + number_in("/sys/kernel/debug/cma/cma-reserved/count");
	}
	if (area_base == area_end)
		area_end = area_base + 4096;
}

/* Far from other mappings: PFNs may be written past the end of those. */
static void map_counts(void)
{
	char *guard = mmap(NULL, 3 * GUARD_SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (guard != MAP_FAILED)
		counts = mmap(guard + GUARD_SIZE, GUARD_SIZE, PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	if (guard == MAP_FAILED || counts == MAP_FAILED) {
		perror("mmap");
		exit(2);
	}
}

int main(int argc, char **argv)
{
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : (uint64_t)time(NULL);

	if (argc < 2)
		return 2;
	page_size = sysconf(_SC_PAGESIZE);
	find_area();
	map_counts();
	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, mails))
		return 2;
	printf("seed %llu\n", (unsigned long long)seed);
	fflush(stdout);
	seed_thread(seed);
	fuzz((unsigned int)atoi(argv[1]), seed);
	for (size_t i = 0; i < NR_KINDS; i++)
		printf("%s %lu %lu\n", names[i], counts[i].asked, counts[i].worked);
	return 0;
}
