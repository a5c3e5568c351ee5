/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_TRACE_TRACE_LINE_H
#define LT_SOURCE_TRACE_TRACE_LINE_H

#include <stdbool.h>

#include "source/trace/trace_event.h"

/* Part a line of a trace; false if it is not an event. Its stack is not in the line. */
bool lt_trace_line_parse(const struct lt_text *line, struct lt_trace_event *out);

#endif
