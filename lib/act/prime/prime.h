/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ACT_PRIME_PRIME_H
#define LT_ACT_PRIME_PRIME_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/diag.h"
#include "model/area.h"

/*
 * Priming: allocate CMA pages and release them on one CPU. They then head that
 * CPU's list of free movable pages, and the next movable pages allocated there
 * are these: the condition under which a kernel that does not keep CMA pages
 * away from long-term pins shows it. Takes milliseconds and no memory from
 * anybody, but for the last resort.
 */

/**
 * struct lt_prime - an opened primer
 * @fd:	    the device, the directory of an area, or the way to a child
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
 * @what:	    one clause for people
 * @is_last_resort: takes memory: only if asked for, and only if no other works
 * @has_any_size:   huge pages come from CMA too then, not single pages alone
 * @open:  returns 0, or negative errno with the reason in @diag
 * @run:   put @nr_pages at the head of this CPU's list. 0, also if only some
 *	   could be had: the control will tell; negative errno if none. Called
 *	   before each round, in a process that ends with the case.
 * @alloc: allocate @nr_pages contiguous ones, and release them. 0 or negative
 *	   errno; NULL if it cannot.
 * @undo:  release lt_prime.held pages; NULL if none are ever left behind
 * @close: before lt_prime.fd is closed; NULL if there is nothing else to do
 */
struct lt_primer {
	const char *name;
	const char *what;
	bool is_last_resort;
	bool has_any_size;
	int (*open)(struct lt_prime *prime, const struct lt_areas *areas, struct lt_diag *diag);
	int (*run)(struct lt_prime *prime, uint32_t nr_pages);
	int (*alloc)(struct lt_prime *prime, uint32_t nr_pages);
	void (*undo)(struct lt_prime *prime);
	void (*close)(struct lt_prime *prime);
};

/* Best first, ended by NULL. Adding one is a file and a line in prime.c. */
extern const struct lt_primer *const lt_primers[];

/* The one called @name, or NULL. */
const struct lt_primer *lt_primer_find(const char *name);

/* For memory that comes from where it shall by itself. */
extern const struct lt_primer lt_primer_none;

extern const struct lt_primer lt_primer_module;
extern const struct lt_primer lt_primer_cma_debugfs;
extern const struct lt_primer lt_primer_pressure;

/* Pages that "pressure" would borrow now at most, and that it leaves free. */
void lt_prime_pressure_limits(uint64_t *nr_borrow, uint64_t *nr_floor);

int lt_prime_open(const struct lt_primer *primer, const struct lt_areas *areas,
		  _Atomic uint32_t *held, struct lt_prime *out, struct lt_diag *diag)
	__must_check __nonnull_at(1, 2, 3, 4);

/* As lt_primer.run and .alloc; SIGTERM waits until what would be left behind is released. */
int lt_prime_run(struct lt_prime *prime, uint32_t nr_pages) __must_check __nonnull_all;
int lt_prime_alloc(struct lt_prime *prime, uint32_t nr_pages) __must_check __nonnull_all;

/* Release what a process that died while priming left allocated. */
void lt_prime_undo(struct lt_prime *prime);

void lt_prime_close(struct lt_prime *prime);

#endif
