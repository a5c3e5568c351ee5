/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ACT_FOLLOW_TRACE_INSTANCE_H
#define LT_ACT_FOLLOW_TRACE_INSTANCE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/compiler.h"
#include "base/diag.h"
#include "base/strings.h"
#include "model/attempt.h"

/*
 * A trace buffer of our own, instances/ltpin-PID: it records allocation attempts,
 * whatever the system's own tracing is doing, which it does not disturb.
 */
struct lt_trace_instance;

/* Which events of attempts this kernel has, see lt_trace_attempts_options. */
struct lt_trace_recorded {
	bool has_tests, has_retries;
};

/**
 * lt_trace_instance_open() - make the buffer; nothing is recorded yet
 *
 * Removes what runs of ltpin that were killed left behind.
 *
 * Return: 0 or negative errno, the reason in @diag: -ENOENT tracefs is not
 * mounted, -EACCES not for this user.
 */
int lt_trace_instance_open(struct lt_trace_instance **out, struct lt_diag *diag)
	__must_check __nonnull_at(1);

/* Its directory in tracefs; its name below "instances". Neither is the caller's. */
int lt_trace_instance_dir(const struct lt_trace_instance *instance) __must_check __nonnull_all;
const char *lt_trace_instance_name(const struct lt_trace_instance *instance);

/* Write to one of its files. 0 or negative errno. */
int lt_trace_instance_write(const struct lt_trace_instance *instance, const char *name,
			    const char *text) __must_check __nonnull_at(1);

/**
 * lt_trace_instance_enable() - record an event
 * @event:  below "events": "cma/cma_alloc"
 * @filter: in the kernel's grammar; NULL for every one
 *
 * Return: 0 or negative errno: -ENOENT this kernel has no such event, -EINVAL the filter.
 */
int lt_trace_instance_enable(const struct lt_trace_instance *instance, const char *event,
			     const char *filter) __must_check;

/* The same of every one, where this kernel has it: @has says whether it does. 0 or negative errno. */
int lt_trace_instance_enable_if(const struct lt_trace_instance *instance, const char *event,
				bool *has) __must_check __nonnull_all;

/**
 * lt_trace_instance_start() - record attempts, and what else was enabled
 * @tid:	of the only thread to record; 0 for all
 * @buffer_kib: per CPU; 0 for the default
 *
 * Return: 0 or negative errno, the reason in @diag: -ENOENT this kernel has no
 * such events.
 */
int lt_trace_instance_start(const struct lt_trace_instance *instance, pid_t tid,
			    unsigned int buffer_kib, struct lt_trace_recorded *out,
			    struct lt_diag *diag) __must_check __nonnull_at(1, 4);

/**
 * lt_trace_instance_read() - the attempts that were recorded since the last call
 * @out: attempts are appended, their strings in @strings
 *
 * Return: 0 or negative errno.
 */
int lt_trace_instance_read(struct lt_trace_instance *instance, struct lt_strings *strings,
			   struct lt_attempts *out, struct lt_diag *diag)
	__must_check __nonnull_at(1, 2, 3);

/**
 * lt_trace_instance_lost() - events that were overwritten before they were read
 *
 * The kernel's own count (per_cpu/cpuN/stats): overrun, and dropped events.
 * Return: 0 or negative errno.
 */
int lt_trace_instance_lost(const struct lt_trace_instance *instance, uint64_t *nr_lost)
	__must_check __nonnull_all;

/* Stop recording and remove the buffer. Files of it that are open have to be closed before. */
void lt_trace_instance_close(struct lt_trace_instance *instance);

#endif
