/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_PROCESS_PIPE_ENDS_H
#define LT_SOURCE_PROCESS_PIPE_ENDS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/num.h"
#include "base/root.h"
#include "base/vec.h"

/* The ends that are kept. */
#define LT_PIPE_ENDS_MAX 16384

/**
 * struct lt_pipe_end - an end of a pipe that a process has open
 * @inode: of the pipe, the same for both ends
 * @pid:   process
 * @fd:    its descriptor
 */
struct lt_pipe_end {
	uint64_t inode;
	int pid, fd;
	bool is_write;
};

LT_VEC_OF(lt_pipe_ends, struct lt_pipe_end);

/**
 * lt_pipe_ends_add() - take in a descriptor, if it is of a pipe
 * @dir:  /proc/PID/fd of process @pid
 * @fd:   name in it
 * @link: where that points to: "pipe:[INODE]" is of a pipe without a name
 *
 * Return: 0 or -ENOMEM.
 */
int lt_pipe_ends_add(struct lt_pipe_ends *ends, int dir, int pid, const char *fd, const char *link)
	__must_check __nonnull_all;

/* Who reads the pipe @inode, another than @pid if there is one; NULL if nobody does. */
const struct lt_pipe_end *lt_pipe_ends_reader(const struct lt_pipe_ends *ends, uint64_t inode,
					      int pid) __nonnull_all;

/*
 * Bytes in the pipe that nobody has read; unknown if it is gone. Its end for reading is opened once
 * more for that, which changes nothing for those who have it open: @reader, who must be one.
 */
struct lt_num lt_pipe_end_unread(const struct lt_root *root, const struct lt_pipe_end *reader)
	__nonnull_all;

#endif
