// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A text trace of the kernel ("trace", "trace_pipe"), of `trace-cmd report` or of
 * `perf script`:
 *
 *	"# entries-in-buffer/entries-written: " N "/" N		the rest was overwritten
 *	"CPU:" N " [LOST " [N " "] "EVENTS]"			the kernel
 *	"CPU:" N " [" [N " "] "EVENTS DROPPED]"			trace-cmd
 *	"cpus=" N, "CPU " N " is empty"				trace-cmd's header
 *	EVENT							trace_line.c
 *	" => " SYMBOL						a stack: the kernel
 *	TAB "=> " SYMBOL, "=> " SYMBOL " (" ADDRESS ")"		trace-cmd
 *	TAB ADDRESS " " SYMBOL " (" OBJECT ")"			perf
 *
 * The kernel records a stack right behind its event as one of its own, "<stack
 * trace>", and events of other processors may come between. trace-cmd calls it
 * "kernel_stack:" and may print the first frame in that line. perf prints it below
 * its event, and below it that of the program, whose objects are files. The name of an
 * unnamed area ends in a newline, which breaks the line.
 *
 * Fixtures: sys/kernel/tracing/trace of the trees; test/saved/trace, the same events as
 * the kernel, trace-cmd 3.1.6 and perf 6.1 print them.
 */
#include "source/trace/trace_text.h"

#include <errno.h>
#include <string.h>

#include "source/trace/trace_line.h"
#include "source/trace/trace_stack.h"

/* What a line goes on with that was broken in the name of an area. */
static bool is_behind_name(struct lt_text line)
{
	return lt_text_literal(&line, " count=") || lt_text_literal(&line, " pfn=") ||
	       lt_text_literal(&line, " request_count=");
}

/* The newline in the name of an unnamed area: its fields go on in the next line. */
static void join_broken_line(struct lt_text *text, struct lt_trace_event *event)
{
	struct lt_text rest = *text, next, fields = event->fields;

	if (!lt_text_literal(&fields, "name=") || !lt_text_line(&rest, &next) ||
	    lt_text_is_cut(&rest) || !is_behind_name(next))
		return;
	event->fields.end = next.end;
	*text = rest;
}

/* perf's; the symbol is empty if it is not the kernel's. */
static bool parse_perf_frame(struct lt_text line, struct lt_span *symbol)
{
	uint64_t address;

	if (!lt_text_literal(&line, "\t"))
		return false;
	lt_text_blanks(&line);
	if (!lt_text_hex(&line, &address) || !lt_text_literal(&line, " ") ||
	    !lt_text_until_last(&line, " (", symbol))
		return false;
	/* The kernel and its modules are in brackets, as are things that are no files. */
	if (!lt_text_literal(&line, "[") || lt_text_literal(&line, "unknown]") ||
	    lt_text_literal(&line, "vdso]"))
		symbol->len = 0;
	return true;
}

/* The symbol in a line of a stack, or nothing; false if it is no such line. */
static bool parse_frame(struct lt_text line, struct lt_span *symbol)
{
	struct lt_text at = line;

	lt_text_blanks(&at);
	if (!lt_text_literal(&at, "=>"))
		return parse_perf_frame(line, symbol);
	lt_text_blanks(&at);
	return lt_text_until(&at, " (", symbol) || lt_text_word(&at, symbol);
}

struct frames {
	const char *v[LT_TRACE_FRAMES_MAX];
	size_t nr;
};

static int add_frame(struct lt_trace_text *parser, struct lt_span symbol, struct frames *frames)
{
	const char *frame;

	if (!parser->stacks || !symbol.len || frames->nr == LT_TRACE_FRAMES_MAX)
		return 0;
	frame = lt_strings_span(parser->strings, symbol);
	if (!frame)
		return -ENOMEM;
	frames->v[frames->nr++] = frame;
	return 0;
}

/* Take the stack that follows, if one does. */
static int parse_stack(struct lt_trace_text *parser, struct lt_text *text,
		       struct lt_trace_event *event)
{
	struct frames frames = { .nr = 0 };
	struct lt_text rest = *text, line;
	struct lt_span symbol;
	int err = 0;

	if (lt_trace_event_is_stack(event) && parse_frame(event->fields, &symbol))
		err = add_frame(parser, symbol, &frames);
	for (; !err && lt_text_line(&rest, &line) && parse_frame(line, &symbol); *text = rest)
		err = add_frame(parser, symbol, &frames);
	return err ? err : lt_trace_stack_add(parser->stacks, frames.v, frames.nr, &event->stack);
}

static int parse_event(struct lt_trace_text *parser, struct lt_text *text,
		       struct lt_trace_event *event)
{
	int err;

	/* Before the first event, and behind the last, is what a terminal shows too. */
	if (parser->is_damaged && parser->has_events && parser->sink->on_damaged)
		parser->sink->on_damaged(parser->sink->arg);
	parser->is_damaged = false;
	parser->has_events = true;
	parser->nr_understood++;
	join_broken_line(text, event);
	err = parse_stack(parser, text, event);
	return err ? err : parser->sink->on_event(event, parser->sink->arg);
}

/* Whether the line tells of lost events; then the sink is told. */
static bool parse_lost(const struct lt_trace_text *parser, struct lt_text line)
{
	uint64_t kept, written, nr = 0, cpu;

	if (lt_text_literal(&line, LT_TRACE_COUNTS)) {
		if (!lt_text_u64(&line, &kept) || !lt_text_literal(&line, "/") ||
		    !lt_text_u64(&line, &written) || written <= kept)
			return false;
		nr = written - kept;
	} else {
		if (!lt_text_literal(&line, "CPU:") || !lt_text_u64(&line, &cpu) ||
		    !lt_text_literal(&line, " ["))
			return false;
		lt_text_literal(&line, "LOST ");
		lt_text_u64(&line, &nr);
		lt_text_blanks(&line);
		if (!lt_text_literal(&line, "EVENTS"))
			return false;
	}
	parser->sink->on_lost(nr, parser->sink->arg);
	return true;
}

/* What only a trace begins with; any text may have lines that start with "#". */
static bool is_header(struct lt_text line)
{
	uint64_t nr;

	return lt_text_literal(&line, "# tracer:") ||
	       (lt_text_literal(&line, "cpus=") && lt_text_u64(&line, &nr) &&
		lt_text_at_end(&line));
}

/* Lines that are no event, yet belong: headers, stacks without an event, blank ones. */
static bool is_known(struct lt_text line)
{
	struct lt_span symbol;

	if (lt_text_literal(&line, "#") || lt_text_literal(&line, "CPU") ||
	    parse_frame(line, &symbol))
		return true;
	lt_text_blanks(&line);
	return lt_text_at_end(&line);
}

bool lt_trace_text_may_begin(struct lt_text line)
{
	struct lt_span symbol;

	return !is_behind_name(line) && !parse_frame(line, &symbol);
}

static void skip_line(struct lt_trace_text *parser, unsigned int nr)
{
	if (!parser->nr_skipped++)
		parser->first_skipped = nr;
	parser->is_damaged = true;
}

int lt_trace_text_feed(struct lt_trace_text *parser, const char *buf, size_t len)
{
	struct lt_text text, line;
	struct lt_trace_event event;
	int err = 0;

	lt_text_init(&text, buf, len);
	text.line += parser->nr_lines;
	while (!err && lt_text_line(&text, &line)) {
		bool is_whole = !lt_text_is_cut(&text);

		if (is_whole && lt_trace_line_parse(&line, &event))
			err = parse_event(parser, &text, &event);
		else if (is_whole && (is_header(line) || parse_lost(parser, line)))
			parser->nr_understood++;
		else if (!is_whole || !is_known(line))
			skip_line(parser, line.line);
	}
	parser->nr_lines = text.line - 1;
	return err;
}

int lt_trace_text_end(const struct lt_trace_text *parser, struct lt_diag *diag)
{
	struct lt_text at = { .line = parser->first_skipped };

	if (!parser->nr_understood) {
		if (!parser->nr_skipped)
			at.line = parser->nr_lines + 1;
		return lt_text_fail(&at, diag, "neither the header of a trace nor an event");
	}
	if (diag)
		diag->nr_skipped += parser->nr_skipped;
	return 0;
}

int lt_trace_text_parse(const char *buf, size_t len, struct lt_strings *strings,
			struct lt_stacks *stacks, const struct lt_trace_sink *sink,
			struct lt_diag *diag)
{
	struct lt_trace_text text = { .strings = strings, .stacks = stacks, .sink = sink };
	int err = lt_trace_text_feed(&text, buf, len);

	return err ? err : lt_trace_text_end(&text, diag);
}
