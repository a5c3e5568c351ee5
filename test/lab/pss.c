// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pss COMMAND... - run a command, silent, and print its memory in KiB: the most that
 * was resident, then its proportional share (PSS) at its end, where pages that
 * several processes map count by parts
 *
 * It is stopped on its way out, while its memory is still there.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

/* The number after @key at the start of a line of a file of process @pid. */
static long number_of(pid_t pid, const char *file, const char *key)
{
	char path[64], line[256];
	long number = -1;
	FILE *in;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	in = fopen(path, "r");
	while (in && fgets(line, sizeof(line), in))
		if (!strncmp(line, key, strlen(key)))
			number = strtol(line + strlen(key), NULL, 10);
	if (in)
		fclose(in);
	return number;
}

static int start(char **command)
{
	int null = open("/dev/null", O_RDWR);

	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	execvp(command[0], command);
	return 127;
}

int main(int argc, char **argv)
{
	pid_t pid;
	int status;

	if (argc < 2)
		return 2;
	pid = fork();
	if (!pid)
		_exit(start(argv + 1));
	/* The first stop is the exec. */
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
		return 2;
	ptrace(PTRACE_SETOPTIONS, pid, NULL, PTRACE_O_TRACEEXIT);
	ptrace(PTRACE_CONT, pid, NULL, NULL);
	while (waitpid(pid, &status, 0) == pid && WIFSTOPPED(status)) {
		int signal = WSTOPSIG(status);

		if (status >> 8 == (SIGTRAP | PTRACE_EVENT_EXIT << 8)) {
			printf("%ld %ld\n", number_of(pid, "status", "VmHWM:"),
			       number_of(pid, "smaps_rollup", "Pss:"));
			signal = 0;
		}
		ptrace(PTRACE_CONT, pid, NULL, (void *)(long)signal);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 2;
}
