/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ACT_PRIME_H
#define LT_ACT_PRIME_H

#include <stdatomic.h>
#include <stdint.h>

#include "base/diag.h"
#include "model/area.h"

/*
 * Priming: allocate CMA pages and release them on one CPU. They then head that
 * CPU's list of free movable pages, and the next movable pages allocated there
 * are these: the condition under which a kernel that does not keep CMA pages
 * away from long-term pins shows it. Takes milliseconds and no memory from
 * anybody.
 */

/**
 * struct lt_prime - an opened primer
 * @fd:	    the device, or the directory of an area
 * @within: where allocations must lie
 * @block:  pages per allocation
 * @held:   pages that are allocated and belong to no descriptor. In memory
 *	    shared with the process that started us: if we die, it has to
 *	    release them (lt_prime_undo()).
 */
struct lt_prime {
	const struct lt_primer *primer;
	int fd;
	struct lt_range within;
	uint32_t block;
	_Atomic uint32_t *held;
};

/**
 * struct lt_primer - a way to prime
 * @open: returns 0, or negative errno with the reason in @diag
 * @run:  put @nr_pages at the head of this CPU's list. 0, also if only some
 *	  could be had: the control will tell; negative errno if none.
 * @undo: release lt_prime.held pages; NULL if none are ever left behind
 */
struct lt_primer {
	const char *name;
	int (*open)(struct lt_prime *prime, const struct lt_areas *areas, struct lt_diag *diag);
	int (*run)(struct lt_prime *prime, uint32_t nr_pages);
	void (*undo)(struct lt_prime *prime);
};

/* Best first, ended by NULL. Adding one is a file and a line in prime.c. */
extern const struct lt_primer *const lt_primers[];

extern const struct lt_primer lt_primer_module;
extern const struct lt_primer lt_primer_cma_debugfs;

int lt_prime_open(const struct lt_primer *primer, const struct lt_areas *areas,
		  _Atomic uint32_t *held, struct lt_prime *out, struct lt_diag *diag);

/* As lt_primer.run; SIGTERM waits until everything is released. */
int lt_prime_run(struct lt_prime *prime, uint32_t nr_pages);

/* Release what a process that died while priming left allocated. */
void lt_prime_undo(struct lt_prime *prime);

void lt_prime_close(struct lt_prime *prime);

#endif
