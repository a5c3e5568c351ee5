// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A line of a text trace, as the kernel, trace-cmd and perf print it:
 *
 *	line = COMM "-" PID blanks ["(" TGID ")"] "[" CPU "]" [FLAGS] TIME ":" EVENT ":" fields
 *	     | COMM blanks [PID "/"] TID blanks ["[" CPU "]"] TIME ":" GROUP ":" EVENT ":" fields
 *
 *	     | COMM "-" PID blanks CPU FLAGS TIME ":" EVENT ":" fields	trace-cmd report -l
 *	     | COMM "-" PID blanks CPU FLAGS N "us" [MARK] ":" EVENT ":" fields	latency-format
 *	     | COMM blanks PID blanks CPU blanks N blanks HEX blanks HEX
 *	       " [" HEX "] " N "." N "ms (+" N "." N "ms): " EVENT ":" fields	the same, verbose
 *
 * The first is that of the kernel and of `trace-cmd report`, the second that of
 * `perf script`. COMM is padded to 16 bytes on the left and never longer than 15, so
 * its end stands at byte 16 whatever the task calls itself: blanks, dashes,
 * brackets, all of this grammar. Only a newline in it moves the end, and perf does
 * not pad where it prints stacks; then the first place that the rest fits to is
 * taken. TGID may be dashes. FLAGS (".N.1", "d..1.") grew from four characters
 * on 5.10 to five on 6.1 and are missing in irq-info's absence and in old
 * trace-cmd. TIME is SECONDS "." FRACTION, or a bare count with a trace_clock that
 * has no unit. That of latency-format counts from when the buffer was cleared, which
 * nothing tells: the events have an order and no time.
 */
#include "source/trace/trace_line.h"

#include <string.h>

#define COMM_WIDTH 16

/* Where the end of COMM can stand in what is not padded. */
#define COMM_WIDTH_MAX 64

#define NSEC_PER_SEC 1000000000u

static bool skip_tgid(struct lt_text *at)
{
	if (!lt_text_literal(at, "("))
		return true;
	while (at->pos < at->end && strchr(" -0123456789", *at->pos) && *at->pos)
		at->pos++;
	return lt_text_literal(at, ")");
}

static bool parse_cpu(struct lt_text *at, struct lt_num *out)
{
	struct lt_num cpu = { .known = true };
	struct lt_text from = *at;

	if (!lt_text_literal(&from, "[") || !lt_text_u64(&from, &cpu.val) ||
	    !lt_text_literal(&from, "]"))
		return false;
	*at = from;
	*out = cpu;
	return true;
}

/* "0d..1": flags stick to the processor. */
static bool parse_cpu_of_latency(struct lt_text *at, struct lt_num *out)
{
	struct lt_num cpu = { .known = true };
	struct lt_text from = *at;

	if (!lt_text_u64(&from, &cpu.val) || lt_text_at_end(&from) ||
	    !strchr(".dDbXn", *from.pos) || !*from.pos)
		return false;
	*at = from;
	*out = cpu;
	return true;
}

/* "2184096us!:" */
static bool parse_relative_time(struct lt_text *at)
{
	if (!lt_text_literal(at, "us"))
		return false;
	if (at->pos < at->end && *at->pos && strchr("+!#*@$", *at->pos))
		at->pos++;
	lt_text_blanks(at);
	return lt_text_literal(at, ":");
}

static bool parse_time(struct lt_text *at, struct lt_num *ts_ns)
{
	uint64_t sec, frac, ns = 1;
	const char *from;

	*ts_ns = (struct lt_num){ 0 };
	if (!lt_text_u64(at, &sec))
		return false;
	if (lt_text_literal(at, ":") || parse_relative_time(at))
		return true;
	if (!lt_text_literal(at, "."))
		return false;
	from = at->pos;
	if (!lt_text_u64(at, &frac) || at->pos - from > 9 || sec > UINT64_MAX / NSEC_PER_SEC - 1)
		return false;
	for (ptrdiff_t digits = at->pos - from; digits < 9; digits++)
		ns *= 10;
	*ts_ns = lt_num(sec * NSEC_PER_SEC + frac * ns);
	return lt_text_literal(at, ":");
}

/* The kernel and trace-cmd; the cursor stands behind the dash. */
static bool parse_from_pid(struct lt_text at, struct lt_trace_event *out)
{
	struct lt_span flags;
	bool is_latency;

	if (!lt_text_u64(&at, &out->pid))
		return false;
	lt_text_blanks(&at);
	if (!skip_tgid(&at))
		return false;
	lt_text_blanks(&at);
	is_latency = !parse_cpu(&at, &out->cpu);
	if (is_latency && !parse_cpu_of_latency(&at, &out->cpu))
		return false;
	lt_text_blanks(&at);
	if (is_latency || !parse_time(&at, &out->ts_ns)) {
		if (!lt_text_word(&at, &flags))
			return false;
		lt_text_blanks(&at);
		if (!parse_time(&at, &out->ts_ns))
			return false;
	}
	lt_text_blanks(&at);
	/* A traced function and a stack have no colon behind them. */
	if (!lt_text_until(&at, ":", &out->name))
		out->name = (struct lt_span){ .p = at.pos };
	lt_text_blanks(&at);
	out->fields = at;
	return true;
}

/* Up to a colon, and without blanks. */
static bool parse_label(struct lt_text *at, struct lt_span *out)
{
	return lt_text_until(at, ":", out) && !memchr(out->p, ' ', out->len);
}

/* latency-format with the option "verbose"; the cursor stands behind the task's name. */
static bool parse_verbose(struct lt_text at, struct lt_trace_event *out)
{
	struct lt_span between;
	uint64_t number;

	out->cpu.known = true;
	lt_text_blanks(&at);
	if (!lt_text_u64(&at, &out->pid))
		return false;
	lt_text_blanks(&at);
	if (!lt_text_u64(&at, &out->cpu.val))
		return false;
	for (int i = 0; i < 3; i++) {
		lt_text_blanks(&at);
		if (!lt_text_hex(&at, &number))
			return false;
	}
	lt_text_blanks(&at);
	if (!lt_text_literal(&at, "[") || !lt_text_hex(&at, &number) ||
	    !lt_text_literal(&at, "] ") || !lt_text_until(&at, "ms (+", &between) ||
	    !lt_text_until(&at, "ms): ", &between) || !lt_text_until(&at, ":", &out->name))
		return false;
	lt_text_blanks(&at);
	out->fields = at;
	return true;
}

/* perf; the cursor stands behind the task's name. */
static bool parse_perf(struct lt_text at, struct lt_trace_event *out)
{
	struct lt_span group;

	lt_text_blanks(&at);
	if (!lt_text_u64(&at, &out->pid) ||
	    (lt_text_literal(&at, "/") && !lt_text_u64(&at, &out->pid)))
		return false;
	lt_text_blanks(&at);
	parse_cpu(&at, &out->cpu);
	lt_text_blanks(&at);
	if (!parse_time(&at, &out->ts_ns) || !out->ts_ns.known)
		return false;
	lt_text_blanks(&at);
	if (!parse_label(&at, &group) || !parse_label(&at, &out->name))
		return false;
	lt_text_blanks(&at);
	out->fields = at;
	return true;
}

/* The task's name ends @width bytes behind the start of the line. */
static bool parse_at(const struct lt_text *line, ptrdiff_t width, struct lt_trace_event *out)
{
	struct lt_text at = *line;

	if (line->end - line->pos <= width)
		return false;
	*out = (struct lt_trace_event){ 0 };
	lt_text_blanks(&at);
	out->comm.p = at.pos;
	at.pos = line->pos + width;
	if (at.pos < out->comm.p)
		return false;
	out->comm.len = (size_t)(at.pos - out->comm.p);
	if (lt_text_literal(&at, "-"))
		return parse_from_pid(at, out);
	if (!lt_text_literal(&at, " ") || !out->comm.len)
		return false;
	if (parse_perf(at, out))
		return true;
	*out = (struct lt_trace_event){ .comm = out->comm };
	return parse_verbose(at, out);
}

bool lt_trace_line_parse(const struct lt_text *line, struct lt_trace_event *out)
{
	struct lt_trace_event event;
	bool found = parse_at(line, COMM_WIDTH, &event);

	for (ptrdiff_t width = 0; width < COMM_WIDTH_MAX && !found; width++)
		found = parse_at(line, width, &event);
	if (found)
		*out = event;
	return found;
}
