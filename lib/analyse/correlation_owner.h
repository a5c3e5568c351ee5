/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ANALYSE_CORRELATION_OWNER_H
#define LT_ANALYSE_CORRELATION_OWNER_H

#include "analyse/correlation.h"
#include "base/compiler.h"

/* A process that is named with a page of the failed attempt number @nr. */
struct lt_credit {
	int pid;
	const char *comm;
	enum lt_confidence confidence;
	size_t nr;
};

LT_VEC_OF(lt_credits, struct lt_credit);

/* Add who is named with the pages of attempt @nr. 0 or -ENOMEM. */
int lt_credits_add(struct lt_credits *credits, const struct lt_cause *cause, size_t nr)
	__must_check __nonnull_all;

/* How many of @nr_failed attempts each process is named with; sorts @credits. 0 or -ENOMEM. */
int lt_credits_share(struct lt_credits *credits, unsigned int nr_failed,
		     struct lt_owner_shares *out) __must_check __nonnull_all;

#endif
