// SPDX-License-Identifier: GPL-2.0-or-later
/* unlocked KIB COMMAND...: runs it as root without CAP_IPC_LOCK, and with that RLIMIT_MEMLOCK. */
#define _GNU_SOURCE
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	rlim_t bytes = argc > 2 ? strtoul(argv[1], NULL, 10) * 1024 : 0;
	const struct rlimit limit = { bytes, bytes };

	if (argc < 3 || prctl(PR_CAPBSET_DROP, CAP_IPC_LOCK, 0, 0, 0) ||
	    setrlimit(RLIMIT_MEMLOCK, &limit))
		return 126;
	execvp(argv[2], argv + 2);
	perror(argv[2]);
	return 127;
}
