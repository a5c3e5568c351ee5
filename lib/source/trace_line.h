/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_TRACE_LINE_H
#define LT_SOURCE_TRACE_LINE_H

#include "base/num.h"
#include "base/text.h"

/* One event of a text trace. */
struct lt_trace_line {
	struct lt_span task; /* "comm-pid" as printed, without the padding */
	uint64_t pid;
	struct lt_num ts_ns; /* unknown if the trace clock does not count seconds */
	struct lt_span event;
	struct lt_text fields; /* what follows "event: " */
};

/* Part a line of a trace; false if it is not an event. */
bool lt_trace_line_parse(const struct lt_text *line, struct lt_trace_line *out);

#endif
