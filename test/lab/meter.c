// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a program costs a device: meter PID prints a line ten times a second until
 * the process has ended: ms since boot, bytes sent by the first serial port since
 * boot, and processor time of the process in us.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define EVERY_US 100000

static long long clock_us(clockid_t clock)
{
	struct timespec now = { 0 };

	clock_gettime(clock, &now);
	return (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* "0: uart:16550A port:000003F8 irq:4 tx:1234 rx:0" */
static long long sent(void)
{
	FILE *ports = fopen("/proc/tty/driver/serial", "r");
	long long nr = -1;
	char line[256];

	while (ports && nr < 0 && fgets(line, sizeof(line), ports)) {
		const char *tx = strstr(line, " tx:");

		if (!strncmp(line, "0:", 2) && tx)
			nr = atoll(tx + 4);
	}
	if (ports)
		fclose(ports);
	return nr;
}

int main(int argc, char **argv)
{
	pid_t pid = argc == 2 ? atoi(argv[1]) : 0;
	clockid_t clock;

	if (pid <= 0 || clock_getcpuclockid(pid, &clock))
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	while (!kill(pid, 0)) {
		printf("%lld %lld %lld\n", clock_us(CLOCK_MONOTONIC) / 1000, sent(),
		       clock_us(clock));
		usleep(EVERY_US);
	}
	return 0;
}
