// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The error of a failed cma_alloc(), which only the kernel's log tells:
 *
 *	"... alloc failed, req-size: " PAGES " pages, ret: -" ERRNO
 *
 * on every kernel of the lab, ten times in five seconds at most from 6.1 on.
 */
#define _GNU_SOURCE
#include "state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int kmsg = -1;

/* What is in the log by now is not read. */
void klog_skip(void)
{
	if (kmsg < 0)
		kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (kmsg < 0 || lseek(kmsg, 0, SEEK_END) < 0)
		die("/dev/kmsg");
}

/* Of a request for @nr_pages since klog_skip(): a negative errno; 0 if there is none. */
int klog_error(uint64_t nr_pages)
{
	char record[8192], wanted[80];
	int err = 0;
	ssize_t len;

	snprintf(wanted, sizeof(wanted),
		 "alloc failed, req-size: %llu pages, ret: ", (unsigned long long)nr_pages);
	/* One record a read(); EPIPE if some were overwritten before. */
	while ((len = read(kmsg, record, sizeof(record) - 1)) > 0 || (len < 0 && errno == EPIPE)) {
		const char *at;

		record[len > 0 ? len : 0] = '\0';
		at = strstr(record, wanted);
		if (at)
			err = (int)strtol(at + strlen(wanted), NULL, 10);
	}
	return err;
}
