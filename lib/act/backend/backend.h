/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ACT_BACKEND_BACKEND_H
#define LT_ACT_BACKEND_BACKEND_H

#include <stdbool.h>

#include "act/buffer/buffer.h"
#include "base/compiler.h"
#include "base/diag.h"

/* How to pin: for writing, as device buffers are, or reading only; gup-fast first, or not. */
#define LT_PIN_WRITE 1u
#define LT_PIN_FAST 2u

/**
 * struct lt_backend - a way to make the kernel pin pages with FOLL_LONGTERM
 * @name:       as --backend takes it
 * @what:       one clause for people
 * @backings:   what it pins: 1 << enum lt_backing, of each
 * @can_read:   it can pin without LT_PIN_WRITE
 * @has_paths:  LT_PIN_FAST makes a difference; where not, the kernel chooses
 * @can_race:   several descriptors can pin the same pages at once
 * @tells_pfns: @pin stores the PFNs that it pinned
 * @holds:      pins last until @unpin; else they are over when @pin returns, and
 *              that pages lie where they were pinned rests on nothing having
 *              moved them since
 * @open:       a descriptor whose closing undoes all; negative errno with the
 *              reason in @diag. Each thread that pins has its own.
 * @pin:        pin the whole buffer in one call, LT_PIN_* in @flags; at most
 *              once between @unpin calls. Returns 0 or negative errno.
 * @unpin:      undo it
 */
struct lt_backend {
	const char *name;
	const char *what;
	unsigned int backings;
	bool can_read;
	bool has_paths;
	bool can_race;
	bool tells_pfns;
	bool holds;
	int (*open)(struct lt_diag *diag);
	int (*pin)(int fd, const struct lt_buffer *buffer, unsigned int flags, uint64_t *pfns);
	int (*unpin)(int fd);
};

/* Best first, ended by NULL. Adding one is a file and a line in backend.c. */
extern const struct lt_backend *const lt_backends[];

extern const struct lt_backend lt_backend_module;
extern const struct lt_backend lt_backend_io_uring;
extern const struct lt_backend lt_backend_gup_test;
extern const struct lt_backend lt_backend_af_xdp;
extern const struct lt_backend lt_backend_udmabuf;
extern const struct lt_backend lt_backend_gup_benchmark;

/**
 * lt_backend_choose() - the backend called @name, or the first that opens
 * @name: NULL or "auto" for any
 *
 * Return: 0; -EINVAL there is none of that name; else why it (each of them)
 * does not open, in @diag too.
 */
int lt_backend_choose(const char *name, const struct lt_backend **out, struct lt_diag *diag)
	__must_check;

#endif
