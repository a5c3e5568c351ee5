// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A line of a text trace:
 *
 *	line = COMM "-" PID blanks ["(" TGID ")"] "[" CPU "]" [FLAGS] TIME ":" EVENT ":" fields
 *
 * COMM is padded to 16 bytes on the left and never longer than 15, so its dash
 * stands at byte 16 whatever the task calls itself: blanks, dashes, brackets,
 * all of this grammar. Only a newline in it moves the dash; then, and in
 * traces that another program printed, the first dash that the rest fits to is
 * taken. TGID may be dashes. FLAGS (".N.1", "d..1.") grew from four characters
 * on 5.10 to five on 6.1 and are missing in irq-info's absence. TIME is
 * SECONDS "." FRACTION, or a bare count with a trace_clock that has no unit.
 */
#include "source/trace_line.h"

#include <string.h>

#define COMM_WIDTH 16

/* Where the dash can stand in what other programs print. */
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

static bool skip_cpu(struct lt_text *at)
{
	uint64_t cpu;

	lt_text_blanks(at);
	return lt_text_literal(at, "[") && lt_text_u64(at, &cpu) && lt_text_literal(at, "]");
}

static bool take_time(struct lt_text *at, struct lt_num *ts_ns)
{
	uint64_t sec, frac, ns = 1;
	const char *from;

	*ts_ns = (struct lt_num){ 0 };
	if (!lt_text_u64(at, &sec))
		return false;
	if (lt_text_literal(at, ":"))
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

/* The cursor stands behind the dash. */
static bool parse_from_pid(struct lt_text at, struct lt_trace_line *out)
{
	struct lt_span flags;

	if (!lt_text_u64(&at, &out->pid))
		return false;
	out->task.len = (size_t)(at.pos - out->task.p);
	lt_text_blanks(&at);
	if (!skip_tgid(&at) || !skip_cpu(&at))
		return false;
	lt_text_blanks(&at);
	if (!take_time(&at, &out->ts_ns)) {
		if (!lt_text_word(&at, &flags))
			return false;
		lt_text_blanks(&at);
		if (!take_time(&at, &out->ts_ns))
			return false;
	}
	lt_text_blanks(&at);
	/* A traced function has no colon behind it. */
	if (!lt_text_until(&at, ":", &out->event))
		out->event = (struct lt_span){ .p = at.pos };
	lt_text_blanks(&at);
	out->fields = at;
	return true;
}

static bool parse_from_dash(const struct lt_text *line, ptrdiff_t dash, const char *comm,
			    struct lt_trace_line *out)
{
	struct lt_text at = *line;

	if (line->end - line->pos <= dash || line->pos[dash] != '-')
		return false;
	at.pos += dash + 1;
	out->task.p = comm;
	return parse_from_pid(at, out);
}

bool lt_trace_line_parse(const struct lt_text *line, struct lt_trace_line *out)
{
	struct lt_text at = *line;
	const char *comm;

	lt_text_blanks(&at);
	comm = at.pos;
	if (parse_from_dash(line, COMM_WIDTH, comm, out))
		return true;
	for (ptrdiff_t dash = 0; dash < COMM_WIDTH_MAX; dash++)
		if (parse_from_dash(line, dash, comm, out))
			return true;
	return false;
}
