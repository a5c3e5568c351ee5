// SPDX-License-Identifier: GPL-2.0-or-later
/* Standard output through a pager. */
#include "cmd/pager.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* As git has it: leave at once what fits the screen, pass colours on, leave the text there. */
#define LESS_OPTIONS "FRX"

/* BusyBox's is one link of many to it: it loses colours, and the first lines of what fits. */
static bool is_busybox(const char *file)
{
	char *real = realpath(file, NULL);
	const char *slash = real ? strrchr(real, '/') : NULL;
	bool is = slash && !strncmp(slash + 1, "busybox", strlen("busybox"));

	free(real);
	return is;
}

static bool has_less(void)
{
	const char *path = getenv("PATH");
	char file[4096];

	for (const char *at = path, *end; at && *at; at = *end ? end + 1 : end) {
		end = strchrnul(at, ':');
		snprintf(file, sizeof(file), "%.*s/less", (int)(end - at), at);
		if (!access(file, X_OK))
			return !is_busybox(file);
	}
	return false;
}

/* What a shell runs, or NULL. */
static const char *find_pager(void)
{
	const char *pager = getenv("PAGER"), *none = getenv("NO_PAGER"), *term = getenv("TERM");

	if ((none && *none) || !term || !strcmp(term, "dumb"))
		return NULL;
	if (pager)
		return *pager && strcmp(pager, "cat") ? pager : NULL;
	return has_less() ? "less" : NULL;
}

static void run(const char *pager, int from, int other)
{
	struct pollfd input = { .fd = from, .events = POLLIN };

	close(other);
	/* Whoever confines himself starts it before there is anything to show, or a message. */
	while (poll(&input, 1, -1) < 0 && errno == EINTR)
		;
	if (!(input.revents & POLLIN))
		_exit(0);
	dup2(from, STDIN_FILENO);
	close(from);
	setenv("LESS", LESS_OPTIONS, 0);
	execl("/bin/sh", "sh", "-c", pager, (char *)NULL);
	_exit(127);
}

pid_t pager_start(void)
{
	const char *pager = isatty(STDOUT_FILENO) ? find_pager() : NULL;
	int ends[2];
	pid_t pid;

	if (!pager || fflush(stdout) || pipe(ends))
		return 0;
	pid = fork();
	if (!pid)
		run(pager, ends[0], ends[1]);
	close(ends[0]);
	if (pid > 0) {
		dup2(ends[1], STDOUT_FILENO);
		signal(SIGINT, SIG_IGN); /* it is the pager's */
	}
	close(ends[1]);
	return pid > 0 ? pid : 0;
}

void pager_finish(pid_t pager)
{
	int status;

	fflush(stdout);
	close(STDOUT_FILENO);
	while (waitpid(pager, &status, 0) < 0 && errno == EINTR)
		;
}
