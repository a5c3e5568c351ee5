// SPDX-License-Identifier: LGPL-2.1-or-later
/* Has the table of ways to bring CMA pages into reach, and opens one. */
#include "act/prime/prime.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* clang-format off */
const struct lt_primer *const lt_primers[] = {
	/* What the module holds goes with its descriptor, so it comes first. */
	&lt_primer_module,
	&lt_primer_cma_debugfs,
	&lt_primer_none,
	&lt_primer_pressure,
	NULL,
};
/* clang-format on */

static int open_none(struct lt_prime *prime, const struct lt_areas *areas, struct lt_diag *diag)
{
	(void)prime;
	(void)areas;
	(void)diag;
	return 0;
}

static int run_none(struct lt_prime *prime, uint32_t nr_pages)
{
	(void)prime;
	(void)nr_pages;
	return 0;
}

const struct lt_primer lt_primer_none = {
	.name = "none",
	.what = "nothing: CMA is more than half of the free memory, and used first",
	.open = open_none,
	.run = run_none,
};

const struct lt_primer *lt_primer_find(const char *name)
{
	for (size_t i = 0; lt_primers[i]; i++)
		if (!strcmp(lt_primers[i]->name, name))
			return lt_primers[i];
	return NULL;
}

int lt_prime_open(const struct lt_primer *primer, const struct lt_areas *areas,
		  _Atomic uint32_t *held, struct lt_prime *out, struct lt_diag *diag)
{
	struct lt_prime prime = { .primer = primer, .fd = -1, .block = 1, .held = held };
	int err = primer->open(&prime, areas, diag);

	if (err) {
		lt_prime_close(&prime);
		return err;
	}
	*out = prime;
	return 0;
}

static int guard(struct lt_prime *prime, int (*act)(struct lt_prime *prime, uint32_t nr_pages),
		 uint32_t nr_pages)
{
	sigset_t end, old;
	int err;

	if (!prime->primer->undo)
		return act(prime, nr_pages);

	sigemptyset(&end);
	sigaddset(&end, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &end, &old);
	err = act(prime, nr_pages);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return err;
}

int lt_prime_run(struct lt_prime *prime, uint32_t nr_pages)
{
	return guard(prime, prime->primer->run, nr_pages);
}

int lt_prime_alloc(struct lt_prime *prime, uint32_t nr_pages)
{
	return guard(prime, prime->primer->alloc, nr_pages);
}

void lt_prime_undo(struct lt_prime *prime)
{
	if (prime->primer->undo)
		prime->primer->undo(prime);
}

void lt_prime_close(struct lt_prime *prime)
{
	if (prime->fd < 0)
		return;
	if (prime->primer->close)
		prime->primer->close(prime);
	close(prime->fd);
	prime->fd = -1;
}
