/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ACT_TRACE_INSTANCE_H
#define LT_ACT_TRACE_INSTANCE_H

#include "base/diag.h"
#include "base/strings.h"
#include "model/attempt.h"

/*
 * A trace buffer of our own, instances/ltpin-PID: it records the allocation
 * attempts of the calling thread and nothing else, whatever the system's own
 * tracing is doing, which it does not disturb.
 */
struct lt_trace_instance;

/**
 * lt_trace_instance_open() - start recording the calling thread's attempts
 *
 * Removes what runs of ltpin that were killed left behind.
 *
 * Return: 0 or negative errno, the reason in @diag: -ENOENT tracefs is not
 * mounted or this kernel has no such events, -EACCES not for this user.
 */
int lt_trace_instance_open(struct lt_trace_instance **out, struct lt_diag *diag);

/**
 * lt_trace_instance_take() - what was recorded since the last call
 * @out: attempts are appended, their strings in @strings
 *
 * Return: 0 or negative errno.
 */
int lt_trace_instance_take(struct lt_trace_instance *instance, struct lt_strings *strings,
			   struct lt_attempts *out, struct lt_diag *diag);

/* Stop recording and remove the buffer. */
void lt_trace_instance_close(struct lt_trace_instance *instance);

#endif
