/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TEST_HISTORY_RANDOM_H
#define TEST_HISTORY_RANDOM_H

#include "evidence.h"

/* Scripts by chance; the same seed makes the same one. */
struct r_state {
	uint64_t x;
};

/* Below @n. */
uint64_t r_below(struct r_state *state, uint64_t n);

void r_script(struct r_state *state, struct w_script *out);

/* Change @script a little, in a way that the evidence may not show. */
void r_mutate(struct r_state *state, struct w_script *script);

/* What evidence there is. */
enum r_stratum {
	R_FULL,
	R_NO_TRACE,
	R_NO_STATES,
	R_NO_OWNERS,
	R_LOST,	   /* trace events lost */
	R_WRAPPED, /* log and trace */
	R_LATE,	   /* states, owners and mappers read later, one after the other */
	R_LOG_ALONE,
	R_PINS_SEEN, /* pins were watched, from the begin or later */
	R_BOOTS,     /* the log goes back to the boot before, and so may saved attempts */
	R_SAMPLED,   /* `ltpin alloc` asks, and looks for pins before and after */
	R_INSTANT,   /* the module reports each page in the instant in which it is named */
	R_UNMOVABLE, /* the kernel puts pages there that cannot be moved */
	R_REFUSED,   /* ranges cannot be isolated */
	R_NR,
};

extern const char *const r_stratum_names[R_NR];

/* Have something happen that @stratum is about. */
void r_season(struct r_state *state, enum r_stratum stratum, struct w_script *script);

void r_mask(struct r_state *state, enum r_stratum stratum, struct w_script *script,
	    struct e_mask *out);

#endif
