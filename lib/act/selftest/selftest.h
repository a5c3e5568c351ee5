/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ACT_SELFTEST_SELFTEST_H
#define LT_ACT_SELFTEST_SELFTEST_H

#include <signal.h>

#include "base/compiler.h"
#include "base/diag.h"
#include "model/snapshot.h"

#define LT_SELFTEST_ROUNDS 10
#define LT_SELFTEST_PAGES 64
#define LT_SELFTEST_PAGES_MAX 4096
#define LT_SELFTEST_TIMEOUT_MS 30000

/**
 * struct lt_selftest_options - what to run; zero means the default
 * @backend:	name of one, NULL or "auto" for the best that works here
 * @prime:	name of a primer, NULL or "auto" for the one that works best; the last
 *		resort is tried only if it is named, and after the others
 * @cases:	@nr_cases, as lt_cases_select() takes them; none for the default ones,
 *		and then a pin that never returns ends the test
 * @rounds:	pin calls per case; some cases take a multiple
 * @pages:	per pin call; fewer are taken if this machine cannot be primed with that
 *		many, and more if they are huge ones
 * @timeout_ms:	per case
 * @stop:	becomes non-zero when the test is to be given up; may be NULL
 * @progress:	called now and then with a case's name; may be NULL
 */
struct lt_selftest_options {
	const char *backend;
	const char *prime;
	const char *const *cases;
	size_t nr_cases;
	uint32_t rounds, pages;
	unsigned int timeout_ms;
	const volatile sig_atomic_t *stop;
	void (*progress)(const char *name, uint32_t done, uint32_t total, void *arg);
	void *arg;
};

/**
 * lt_selftest_run() - does a long-term pin land in CMA on this kernel?
 * @snap: of the running system, for its areas; strings of @out live in it
 * @out:  freed with lt_selftest_fini()
 *
 * Everything that keeps a case from running is in the result. Nothing stays
 * pinned, allocated or changed, however this ends.
 *
 * Return: 0; -EINVAL an unknown backend, primer or case; -EINTR given up; -ENOMEM.
 */
int lt_selftest_run(struct lt_snapshot *snap, const struct lt_selftest_options *options,
		    struct lt_selftest *out, struct lt_diag *diag)
	__must_check __nonnull_at(1, 2, 3);

#endif
