/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ACT_FOLLOW_FOLLOW_COMM_H
#define LT_ACT_FOLLOW_FOLLOW_COMM_H

#include <stdint.h>

#include "base/text.h"

#define LT_COMM_SIZE 16 /* TASK_COMM_LEN */

/*
 * Names of tasks that the trace does not know yet: the kernel notes one down when the task
 * is switched out after its first event, which a live reader is often ahead of. Good for one
 * look at the trace, since a task may take another name.
 */
struct lt_follow_comms {
	struct {
		uint64_t pid; /* 0: free */
		size_t len;
		char comm[LT_COMM_SIZE];
	} slots[32];
};

/* Name the task if it is there; else @comm stays as it is. */
void lt_follow_comm(struct lt_follow_comms *comms, uint64_t pid, struct lt_span *comm);

#endif
