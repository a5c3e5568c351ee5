// SPDX-License-Identifier: GPL-2.0-or-later
/* Notes that a signal asks the program to stop, so that it can clean up first. */
#include "stop/stop.h"

#include <poll.h>
#include <stddef.h>

#include "base/now.h"

volatile sig_atomic_t stop_asked;

static void ask(int signo)
{
	(void)signo;
	stop_asked = 1;
}

static void handle(void (*handler)(int signo))
{
	/* Without SA_RESTART: whatever waits is to look. */
	struct sigaction action = { .sa_handler = handler };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
}

void stop_catch(void)
{
	handle(ask);
}

void stop_uncatch(void)
{
	handle(SIG_DFL);
}

bool stop_sleep_ms(uint64_t ms)
{
	const struct timespec slice = { .tv_sec = 1 };
	uint64_t start_ms = lt_now_ms(), gone_ms;
	sigset_t caught, old;

	/* Blocked but while waiting, so that none comes between the look and the wait. */
	sigemptyset(&caught);
	sigaddset(&caught, SIGINT);
	sigaddset(&caught, SIGTERM);
	sigaddset(&caught, SIGHUP);
	sigprocmask(SIG_BLOCK, &caught, &old);
	while (!stop_asked && (gone_ms = lt_now_ms() - start_ms) < ms) {
		uint64_t left_ms = ms - gone_ms;
		struct timespec rest = { .tv_sec = (time_t)(left_ms / 1000),
					 .tv_nsec = (long)(left_ms % 1000) * 1000000 };

		ppoll(NULL, 0, left_ms < 1000 ? &rest : &slice, &old);
	}
	sigprocmask(SIG_SETMASK, &old, NULL);
	return stop_asked;
}
