/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_ATTEMPT_UNITE_H
#define LT_MODEL_ATTEMPT_UNITE_H

#include "base/compiler.h"
#include "model/attempt.h"
#include "model/clock.h"

/**
 * lt_attempts_unite() - make one attempt of what several sources report of one call
 * @attempts: located
 * @clock:    by which the times of log and trace compare; with unknown readings they are taken for
 *	      times of one clock
 *
 * A failure in the log and the same in the trace, or a call of `ltpin alloc` and its events, become
 * the attempt of the source that says most, with what the other one adds. One is united with one: a
 * second line of the log is a second failure. A line without a time is taken for the last call that it
 * can be of, so that nothing is counted twice; as it may be another one, that call is_paired then.
 *
 * Return: 0 or -ENOMEM, with @attempts as they were.
 */
int lt_attempts_unite(struct lt_attempts *attempts, const struct lt_clock_set *clock) __must_check;

#endif
