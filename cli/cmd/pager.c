// SPDX-License-Identifier: GPL-2.0-or-later
/* Standard output through a pager. */
#include "cmd/pager.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* As git has it: leave at once what fits the screen, pass colours on, leave the text there. */
#define LESS_OPTIONS "FRX"

static bool is_in_path(const char *name)
{
	const char *path = getenv("PATH");
	char file[4096];

	for (const char *at = path, *end; at && *at; at = *end ? end + 1 : end) {
		end = strchrnul(at, ':');
		snprintf(file, sizeof(file), "%.*s/%s", (int)(end - at), at, name);
		if (!access(file, X_OK))
			return true;
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
	return is_in_path("less") ? "less" : NULL;
}

static void run(const char *pager, int from, int other)
{
	dup2(from, STDIN_FILENO);
	close(from);
	close(other);
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
