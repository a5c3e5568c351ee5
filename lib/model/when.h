/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_WHEN_H
#define LT_MODEL_WHEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/json.h"
#include "base/num.h"

/**
 * struct lt_when - when something was, as far as that is known
 * @earliest_ns: it was not before this; unknown if nothing says so
 * @latest_ns:	 it was not after this; likewise
 *
 * Zero-initialised is "at any time". Both ends are of one clock, which whoever
 * keeps the struct names.
 */
struct lt_when {
	struct lt_num earliest_ns, latest_ns;
};

/* Exactly then; at any time if @ns is not known. */
struct lt_when lt_when_at(struct lt_num ns);

/* Not before @earliest_ns and not after @latest_ns. */
struct lt_when lt_when_between(uint64_t earliest_ns, uint64_t latest_ns);

/* Whether both ends are known. */
bool lt_when_is_known(struct lt_when when);

/*
 * Whether @a was certainly before @b. Two times whose intervals have a point in
 * common have no known order: neither is before the other then.
 */
bool lt_when_is_before(struct lt_when a, struct lt_when b);

/* Whether their order is known. */
bool lt_when_is_ordered(struct lt_when a, struct lt_when b);

/* Earlier by up to @before_ns, or later by up to @after_ns, than @when says; ends stop at 0. */
struct lt_when lt_when_widen(struct lt_when when, uint64_t before_ns, uint64_t after_ns);

/**
 * lt_when_meet() - what two statements on one event say together
 * @out: the part that their intervals share
 *
 * Return: 0; -ERANGE if they contradict each other, @out untouched.
 */
int lt_when_meet(struct lt_when a, struct lt_when b, struct lt_when *out)
	__must_check __nonnull_all;

/* Write [earliest, latest], left out unless both are known. */
void lt_when_write(struct lt_json *json, const char *key, struct lt_when when);

/* The same back: false, and @out untouched, if it is no such pair. */
bool lt_when_read(const struct lt_json_value *object, const char *key, struct lt_when *out);

#endif
