/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_TRACE_TRACE_H
#define LT_SOURCE_TRACE_TRACE_H

#include <stddef.h>

#include "base/compiler.h"
#include "base/diag.h"
#include "base/strings.h"
#include "model/ledger.h"
#include "model/page_track.h"
#include "model/record.h"

/**
 * struct lt_trace_input - the text of the kernel, of `trace-cmd report` or of `perf script`
 * @buf: in memory, @len bytes; NULL if it is in a file
 * @fd:  else a file that can be sought, at its beginning: it is read twice
 */
struct lt_trace_input {
	const char *buf;
	size_t len;
	int fd;
};

/**
 * lt_trace_read() - the allocation attempts in a text trace
 * @strings: interns names
 * @stacks:  interns the stacks of the requests; NULL to pass over them
 * @out:     attempts in the order of their ends, those without one last (is_open) and all without
 *	     an area (lt_attempts_locate() finds it); untouched on failure
 * @record:  from the first event of CMA to the last, and how many events are missing; may be NULL
 * @tracks:  what page_pinner or page_pin_owner tell of pages, wherever they are; may be NULL
 * @ledger:  what devices hold, as far as the events tell; may be NULL. To be freed in any case
 * @diag:    told of lost events, which may have cost whole attempts
 *
 * Return: 0; -ENOMEM; -EBADMSG for text that has neither the header of a trace
 * nor an event; why a file could not be read.
 */
int lt_trace_read(const struct lt_trace_input *in, struct lt_strings *strings,
		  struct lt_stacks *stacks, struct lt_attempts *out, struct lt_record *record,
		  struct lt_page_tracks *tracks, struct lt_ledger *ledger, struct lt_diag *diag)
	__must_check __nonnull_at(1);

/* The same of a text in memory. */
int lt_trace_parse(const char *buf, size_t len, struct lt_strings *strings,
		   struct lt_stacks *stacks, struct lt_attempts *out, struct lt_record *record,
		   struct lt_page_tracks *tracks, struct lt_ledger *ledger, struct lt_diag *diag)
	__must_check;

#endif
