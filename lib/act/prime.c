// SPDX-License-Identifier: LGPL-2.1-or-later
#include "act/prime.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

const struct lt_primer *const lt_primers[] = {
	/* What the module holds goes with its descriptor, so it comes first. */
	&lt_primer_module,
	&lt_primer_cma_debugfs,
	NULL,
};

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

int lt_prime_run(struct lt_prime *prime, uint32_t nr_pages)
{
	sigset_t end, old;
	int err;

	sigemptyset(&end);
	sigaddset(&end, SIGTERM);
	sigprocmask(SIG_BLOCK, &end, &old);
	err = prime->primer->run(prime, nr_pages);
	sigprocmask(SIG_SETMASK, &old, NULL);
	return err;
}

void lt_prime_undo(struct lt_prime *prime)
{
	if (prime->primer->undo)
		prime->primer->undo(prime);
}

void lt_prime_close(struct lt_prime *prime)
{
	if (prime->fd >= 0)
		close(prime->fd);
	prime->fd = -1;
}
