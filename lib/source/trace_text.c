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
 *	" => " SYMBOL, "=> " SYMBOL " (" ADDRESS ")"		a stack: the kernel, trace-cmd
 *	TAB ADDRESS " " SYMBOL " (" OBJECT ")"			a stack: perf
 *
 * The kernel records a stack right behind its event as one of its own, "<stack
 * trace>" ("kernel_stack:" in trace-cmd), and events of other processors may come
 * between; perf prints it below its event. The name of an unnamed area ends in a
 * newline, which breaks the line.
 *
 * Fixtures: sys/kernel/tracing/trace of the trees; saved/trace for the shapes of
 * trace-cmd and perf, and for stacks.
 */
#include "source/trace_text.h"

#include <errno.h>
#include <string.h>

#include "source/trace_line.h"
#include "source/trace_stack.h"

struct parser {
	struct lt_strings *strings;
	struct lt_stacks *stacks;
	const struct lt_trace_sink *sink;
	unsigned int nr_understood, nr_skipped;
};

/* The newline in the name of an unnamed area: its fields go on in the next line. */
static void join_broken_line(struct lt_text *text, struct lt_trace_event *event)
{
	struct lt_text rest = *text, next, fields = event->fields;

	if (!lt_text_literal(&fields, "name=") || !lt_text_line(&rest, &next) ||
	    lt_text_is_cut(&rest))
		return;
	fields = next;
	if (!lt_text_literal(&fields, " count=") && !lt_text_literal(&fields, " pfn=") &&
	    !lt_text_literal(&fields, " request_count="))
		return;
	event->fields.end = next.end;
	*text = rest;
}

/* The symbol in a line of a stack; false if it is no such line. */
static bool take_frame(struct lt_text line, struct lt_span *out)
{
	uint64_t address;
	bool is_indented = line.pos < line.end && *line.pos == '\t';

	lt_text_blanks(&line);
	if (lt_text_literal(&line, "=>")) {
		lt_text_blanks(&line);
		return lt_text_until(&line, " (", out) || lt_text_word(&line, out);
	}
	if (!is_indented || !lt_text_hex(&line, &address) || !lt_text_literal(&line, " "))
		return false;
	return lt_text_until_last(&line, " (", out);
}

/* Take the stack that follows, if one does. */
static int take_stack(struct parser *parser, struct lt_text *text, struct lt_trace_event *event)
{
	const char *frames[LT_TRACE_FRAMES_MAX];
	struct lt_text rest = *text, line;
	struct lt_span symbol;
	size_t nr = 0;

	for (; lt_text_line(&rest, &line) && take_frame(line, &symbol); *text = rest) {
		const char *frame;

		if (!parser->stacks || nr == LT_TRACE_FRAMES_MAX)
			continue;
		frame = lt_strings_span(parser->strings, symbol);
		if (!frame)
			return -ENOMEM;
		frames[nr++] = frame;
	}
	return lt_trace_stack_add(parser->stacks, frames, nr, &event->stack);
}

static int take_event(struct parser *parser, struct lt_text *text, struct lt_trace_event *event)
{
	int err;

	parser->nr_understood++;
	join_broken_line(text, event);
	err = take_stack(parser, text, event);
	return err ? err : parser->sink->on_event(event, parser->sink->arg);
}

/* Whether the line tells of lost events; then the sink is told. */
static bool take_lost(const struct parser *parser, struct lt_text line)
{
	uint64_t kept, written, nr = 0, cpu;

	if (lt_text_literal(&line, "# entries-in-buffer/entries-written: ")) {
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
	    take_frame(line, &symbol))
		return true;
	lt_text_blanks(&line);
	return lt_text_at_end(&line);
}

int lt_trace_text_parse(const char *buf, size_t len, struct lt_strings *strings,
			struct lt_stacks *stacks, const struct lt_trace_sink *sink,
			struct lt_diag *diag)
{
	struct parser parser = { .strings = strings, .stacks = stacks, .sink = sink };
	struct lt_text text, line, strange = { 0 };
	struct lt_trace_event event;
	int err = 0;

	lt_text_init(&text, buf, len);
	while (!err && lt_text_line(&text, &line)) {
		bool is_whole = !lt_text_is_cut(&text);

		if (is_whole && lt_trace_line_parse(&line, &event)) {
			err = take_event(&parser, &text, &event);
		} else if (is_whole && (is_header(line) || take_lost(&parser, line))) {
			parser.nr_understood++;
		} else if (!is_whole || !is_known(line)) {
			parser.nr_skipped++;
			if (!strange.line)
				strange = line;
		}
	}
	if (!err && !parser.nr_understood)
		err = lt_text_fail(strange.line ? &strange : &text, diag,
				   "neither the header of a trace nor an event");
	if (!err && diag)
		diag->nr_skipped += parser.nr_skipped;
	return err;
}
