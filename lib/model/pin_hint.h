/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_PIN_HINT_H
#define LT_MODEL_PIN_HINT_H

#include "base/num.h"
#include "base/vec.h"

/* Why a process may pin memory. */
enum lt_pin_hint_kind {
	LT_HINT_VM_PIN,	  /* the kernel accounts memory to it as pinned: VmPin */
	LT_HINT_IO_URING, /* it has a ring open with buffers registered */
	LT_HINT_PIN_CALL, /* it was seen to pin, perhaps these pages; see struct lt_pin_call */
	LT_HINT_PIPE,	  /* it maps such a page, and writes to a pipe with data that nobody read */
	LT_HINT_SOCKET, /* it maps such a page, and has sent, perhaps without a copy, what waits */
	LT_HINT_DEVICE, /* it maps such a page, and has a device open whose driver may hold it */
};

/* "vmpin", "io_uring", "pin-call", "pipe", "socket", "device". */
const char *lt_pin_hint_kind_name(enum lt_pin_hint_kind kind);

/* LT_NR_PIN_HINTS for a name that is none, or NULL. */
enum lt_pin_hint_kind lt_pin_hint_kind_find(const char *name);

#define LT_NR_PIN_HINTS (LT_HINT_DEVICE + 1)

/**
 * struct lt_pin_hint - a process that may hold pages, and no proof that it holds any in the way
 * @pid:	process
 * @comm:	its name, interned; NULL if not told
 * @nr_pages:	that it may pin, wherever they lie; a ring that several processes have open counts
 *		for each of them
 * @nr_buffers: registered with its rings; unknown for other kinds
 * @inode:	of the pipe or socket; unknown for other kinds
 * @nr_bytes:	that nobody has read from it, or the peer has not acknowledged
 * @peer_pid, @peer_comm: who has its other end open, for reading: another process if there is one
 * @device:	path of the device; NULL for other kinds
 * @driver:	its driver; NULL if the kernel does not tell one
 */
struct lt_pin_hint {
	enum lt_pin_hint_kind kind;
	int pid;
	const char *comm;
	struct lt_num nr_pages, nr_buffers, inode, nr_bytes, peer_pid;
	const char *peer_comm, *device, *driver;
};

LT_VEC_OF(lt_pin_hints, struct lt_pin_hint);

/* Those kept; hints beyond are not. */
#define LT_PIN_HINTS_MAX 1024

/* Those that may pin most first. */
void lt_pin_hints_sort(struct lt_pin_hints *hints);

#endif
