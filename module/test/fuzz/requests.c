// SPDX-License-Identifier: GPL-2.0-only
/* Sends ioctl requests of random content to the module. */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "fuzz.h"
#include "ltpin_ioctl.h"

/* Right in most of its bits: what is refused at once shows little. */
static uint32_t any_flags(uint32_t known)
{
	return below(16) ? (uint32_t)random_u64() & known : (uint32_t)strange_number();
}

static uint32_t any_nr_pages(void)
{
	return below(8) ? 1 + (uint32_t)below(128) : (uint32_t)strange_number();
}

/* Ids are given out one after the other: small ones may be another's. */
static uint32_t any_id(void)
{
	static __thread uint32_t last;

	last += (uint32_t)below(64);
	return below(4) ? last % 4096 : below(2) ? LTPIN_ID_ALL : (uint32_t)strange_number();
}

static bool ask(unsigned long cmd, void *arg)
{
	return !ioctl(any_fd(), cmd, below(64) ? arg : (void *)(uintptr_t)strange_number());
}

static void pin(void)
{
	struct ltpin_ioc_pin arg = {
		.addr = any_address(),
		.pfns = below(3) ? 0 : any_address(),
		.nr_pages = any_nr_pages(),
		.flags = any_flags(LTPIN_PIN_LONGTERM | LTPIN_PIN_WRITE | LTPIN_PIN_FAST),
	};

	count(PIN, ask(LTPIN_IOC_PIN, &arg));
}

/* LTPIN_ALLOC_WARN is left out: it makes the kernel log a stack. */
static void allocate(void)
{
	struct ltpin_ioc_alloc arg = {
		.nr_pages = any_nr_pages(),
		.flags = any_flags(0) & ~LTPIN_ALLOC_WARN,
	};

	if (below(2)) {
		arg.base_pfn = area_base;
		arg.end_pfn = below(8) ? area_end : strange_number();
	}
	count(ALLOC, ask(LTPIN_IOC_ALLOC, &arg));
}

static void let_go(enum kind kind, unsigned long cmd)
{
	uint32_t id = any_id();

	count(kind, ask(cmd, &id));
}

static void listen_and_read(void)
{
	struct pollfd poll_fd = { .fd = any_fd(), .events = POLLIN };
	char buf[4096];
	uint64_t first;

	if (below(2)) {
		count(LISTEN, ask(LTPIN_IOC_LISTEN, &first));
		return;
	}
	if (poll(&poll_fd, 1, (int)below(3)) > 0 && poll_fd.revents & POLLIN)
		count(READ, read(poll_fd.fd, buf, below(sizeof(buf))) > 0);
}

static void measure_cost(void)
{
	struct ltpin_bench_sample samples[8];
	struct ltpin_ioc_bench_cost arg = {
		.samples = below(8) ? (uintptr_t)samples : any_address(),
		.nr_samples = 1 + (uint32_t)below(8),
		.batch = (uint32_t)below(LTPIN_BENCH_BATCH_MAX + 2),
		.work = (uint32_t)below(4),
		.flags = any_flags(LTPIN_BENCH_SCOPE | LTPIN_BENCH_UNMOVABLE | LTPIN_BENCH_CYCLES),
	};

	count(COST, ask(LTPIN_IOC_BENCH_COST, &arg));
}

static void measure_chance(void)
{
	struct ltpin_ioc_bench_chance arg = {
		.base_pfn = below(8) ? area_base : strange_number(),
		.end_pfn = below(8) ? area_end : strange_number(),
		.nr_samples = 1 + (uint32_t)below(4),
		.nr_cma = (uint32_t)below(16),
		.nr_other = (uint32_t)below(16),
		.flags = any_flags(LTPIN_BENCH_SCOPE | LTPIN_BENCH_UNMOVABLE |
				   LTPIN_BENCH_GIVE_BACK | LTPIN_BENCH_BLOCK | LTPIN_BENCH_PAUSE |
				   (below(8) ? 0 : LTPIN_BENCH_DRAIN)),
	};

	count(CHANCE, ask(LTPIN_IOC_BENCH_CHANCE, &arg));
}

static void measure_reserve(void)
{
	struct ltpin_ioc_bench_reserve arg = {
		.nr_pages = (uint32_t)below(520),
		.flags = any_flags(LTPIN_BENCH_SCOPE),
	};

	count(RESERVE, ask(LTPIN_IOC_BENCH_RESERVE, &arg));
}

static void ask_nonsense(void)
{
	char arg[256];

	for (size_t i = 0; i < sizeof(arg); i++)
		arg[i] = (char)random_u64();
	count(NONSENSE, ask(_IOC(below(4), '~', below(64), below(sizeof(arg))), arg));
}

void request_any(void)
{
	switch (below(32)) {
	case 0:
		measure_cost();
		break;
	case 1:
		measure_chance();
		break;
	case 2:
		measure_reserve();
		break;
	case 3:
	case 4:
		listen_and_read();
		break;
	case 5:
	case 6:
		ask_nonsense();
		break;
	case 7 ... 12:
		allocate();
		break;
	case 13 ... 16:
		let_go(RELEASE, LTPIN_IOC_RELEASE);
		break;
	case 17 ... 21:
		let_go(UNPIN, LTPIN_IOC_UNPIN);
		break;
	default:
		pin();
	}
}
