// SPDX-License-Identifier: GPL-2.0-or-later
/* clock - the smallest step of the monotonic clock, in nanoseconds, out of a hundred. */
#include <stdio.h>
#include <time.h>

static long long now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static long long step_ns(void)
{
	long long before = now_ns(), after;

	do
		after = now_ns();
	while (after == before);
	return after - before;
}

int main(void)
{
	long long smallest_ns = step_ns();

	for (int i = 0; i < 100; i++) {
		long long ns = step_ns();

		if (ns < smallest_ns)
			smallest_ns = ns;
	}
	printf("%lld\n", smallest_ns);
	return 0;
}
