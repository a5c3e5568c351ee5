// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * peak FILE COMMAND... - run a command, and write its peak memory in KiB to FILE
 *
 * peak --control LIBRARY... - end at once, with these libraries in memory: what a
 * program that does nothing has, if it is linked as the measured one is
 */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static int control(char **libraries)
{
	for (; *libraries; libraries++) {
		if (!dlopen(*libraries, RTLD_NOW | RTLD_LOCAL)) {
			fprintf(stderr, "peak: %s\n", dlerror());
			return 2;
		}
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct rusage usage;
	int status;
	FILE *out;
	pid_t pid;

	if (argc > 1 && !strcmp(argv[1], "--control"))
		return control(argv + 2);
	if (argc < 3)
		return 2;
	pid = fork();
	if (!pid) {
		execvp(argv[2], argv + 2);
		perror(argv[2]);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &usage) != pid)
		return 2;
	out = fopen(argv[1], "w");
	if (!out || fprintf(out, "%ld\n", usage.ru_maxrss) < 0 || fclose(out))
		return 2;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 2;
}
