// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * tsc - how fast this machine's time stamp counter ticks, in kHz
 *
 * The emulator hands it to the guest as it is. Both ends are the one of a hundred readings that
 * nothing came between, so a busy machine does not matter.
 */
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <x86intrin.h>

struct reading {
	int64_t ns;
	uint64_t ticks;
};

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static struct reading read_both(void)
{
	struct reading best;
	int64_t best_ns = INT64_MAX;

	for (int i = 0; i < 100; i++) {
		int64_t before = now_ns();
		uint64_t ticks = __rdtsc();
		int64_t took_ns = now_ns() - before;

		if (took_ns < best_ns) {
			best_ns = took_ns;
			best = (struct reading){ before + took_ns / 2, ticks };
		}
	}
	return best;
}

int main(void)
{
	struct timespec wait = { .tv_nsec = 20000000 };
	struct reading first = read_both(), last;

	nanosleep(&wait, NULL);
	last = read_both();
	printf("%.0f\n", 1e6 * (double)(last.ticks - first.ticks) / (double)(last.ns - first.ns));
	return 0;
}
