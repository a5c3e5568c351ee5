// SPDX-License-Identifier: LGPL-2.1-or-later
/* Whose pages blocked how many of the failures, as far as causes name processes. */
#include "analyse/correlation_owner.h"

#include <errno.h>
#include <stdlib.h>

/* Who came after the failure had no share in it, whatever it has now. */
static bool is_credited(const struct lt_cause_page *page)
{
	return page->by != LT_BY_NOBODY && page->began != LT_ORDER_AFTER;
}

int lt_credits_add(struct lt_credits *credits, const struct lt_cause *cause, size_t nr)
{
	lt_vec_each(page, &cause->pages) {
		struct lt_credit *credit;

		if (!is_credited(page))
			continue;
		credit = lt_vec_push(credits);
		if (!credit)
			return -ENOMEM;
		*credit = (struct lt_credit){ page->pid, page->comm, page->by_confidence, nr };
	}
	return 0;
}

static int by_process(const void *a, const void *b)
{
	const struct lt_credit *left = a, *right = b;

	if (left->pid != right->pid)
		return left->pid < right->pid ? -1 : 1;
	return (left->nr > right->nr) - (left->nr < right->nr);
}

static int by_share(const void *a, const void *b)
{
	const struct lt_owner_share *left = a, *right = b;

	if (left->nr_failed != right->nr_failed)
		return left->nr_failed > right->nr_failed ? -1 : 1;
	return (left->pid > right->pid) - (left->pid < right->pid);
}

int lt_credits_share(struct lt_credits *credits, unsigned int nr_failed,
		     struct lt_owner_shares *out)
{
	const struct lt_credit *last = NULL;
	struct lt_owner_share *share = NULL;

	if (credits->nr)
		qsort(credits->v, credits->nr, sizeof(*credits->v), by_process);
	lt_vec_each(credit, credits) {
		if (!last || last->pid != credit->pid) {
			share = lt_vec_push(out);
			if (!share)
				return -ENOMEM;
			*share = (struct lt_owner_share){ .pid = credit->pid,
							  .comm = credit->comm,
							  .confidence = credit->confidence };
		}
		share->nr_failed += !last || by_process(last, credit);
		if (credit->confidence < share->confidence)
			share->confidence = credit->confidence;
		last = credit;
	}
	lt_vec_each(owner, out)
		owner->share = (double)owner->nr_failed / nr_failed;
	if (out->nr)
		qsort(out->v, out->nr, sizeof(*out->v), by_share);
	return 0;
}
