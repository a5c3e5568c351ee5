// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The records of each processor, through libtracefs, which merges them by time, and
 * libtraceevent, which prints their fields as the "format" files of this kernel say. A record
 * names no task, only its number.
 */
#include <errno.h>
#include <event-parse.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <trace-seq.h>
#include <tracefs.h>
#include <unistd.h>

#include "act/follow/follow_reader.h"
#include "base/array_size.h"
#include "base/root.h"
#include "source/trace/trace_stack.h"

struct raw_reader {
	struct tracefs_instance *instance;
	struct tep_handle *tep;
	struct trace_seq text;
	int fd; /* to wait for events: libtracefs has none that stays open */
	/* of the read that is going on */
	struct lt_strings *strings;
	struct lt_stacks *stacks;
	const struct lt_trace_sink *sink;
	int err;
};

/* Symbols for the stacks; without them frames are addresses. */
static void load_symbols(struct tep_handle *tep)
{
	struct lt_root *root;
	struct lt_buf buf;

	if (lt_root_open(NULL, &root))
		return;
	if (!lt_root_read(root, "/proc/kallsyms", &buf)) {
		tep_parse_kallsyms(tep, buf.data);
		free(buf.data);
	}
	lt_root_close(root);
}

/* The formats of the groups that @options ask for, besides ours. NULL: no memory, no formats. */
static struct tep_handle *load_formats(const struct lt_follow_options *options)
{
	static const char *const ours[] = { "cma", "page_isolation", "migrate", "ftrace" };
	enum { NR_OURS = ARRAY_SIZE(ours) };
	const char **systems = calloc(NR_OURS + options->nr_events + 1, sizeof(*systems));
	struct tep_handle *tep = NULL;
	size_t nr = NR_OURS;

	if (!systems)
		return NULL;
	memcpy(systems, ours, sizeof(ours));
	for (size_t i = 0; i < options->nr_events; i++) {
		const char *name = options->events[i].name;

		systems[nr] = strndup(name, strcspn(name, "/"));
		nr += !!systems[nr];
	}
	tep = tracefs_local_events_system(NULL, systems);
	for (size_t i = NR_OURS; i < nr; i++)
		free((char *)systems[i]);
	free(systems);
	return tep;
}

static void close_raw(void *state)
{
	struct raw_reader *reader = state;

	if (!reader)
		return;
	if (reader->fd >= 0)
		close(reader->fd);
	if (reader->tep)
		tep_free(reader->tep);
	tracefs_instance_free(reader->instance);
	trace_seq_destroy(&reader->text);
	free(reader);
}

static int open_raw(const struct lt_trace_instance *instance,
		    const struct lt_follow_options *options, void **state, struct lt_diag *diag)
{
	struct raw_reader *reader = calloc(1, sizeof(*reader));

	if (!reader)
		return -ENOMEM;
	tep_set_loglevel(TEP_LOG_NONE);
	trace_seq_init(&reader->text);
	reader->fd = openat(lt_trace_instance_dir(instance), "trace_pipe",
			    O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	reader->instance = tracefs_instance_alloc(NULL, lt_trace_instance_name(instance));
	reader->tep = load_formats(options);
	if (reader->fd < 0 || !reader->instance || !reader->tep) {
		lt_diag_set(diag, "libtracefs cannot read the formats of the events");
		close_raw(reader);
		return -EIO;
	}
	if (lt_follow_has_stacks(options))
		load_symbols(reader->tep);
	*state = reader;
	return 0;
}

static int fd_raw(const void *state)
{
	const struct raw_reader *reader = state;

	return reader->fd;
}

/* The kernel ends a stack by its size; up to 5.10 also by an address of all ones. */
static size_t read_addresses(const struct tep_event *event, const struct tep_record *record,
			     unsigned int size, const void **out)
{
	struct tep_format_field *field = tep_find_field((struct tep_event *)event, "caller");

	if (!field || field->offset < 0 || field->offset >= record->size)
		return 0;
	*out = (const char *)record->data + field->offset;
	return (size_t)(record->size - field->offset) / size;
}

static int read_frame(struct raw_reader *reader, unsigned long long address, const char **out)
{
	const char *symbol = tep_find_function(reader->tep, address);

	*out = symbol ? lt_strings_add(reader->strings, symbol, strlen(symbol))
		      : lt_strings_format(reader->strings, "0x%llx", address);
	return *out ? 0 : -ENOMEM;
}

static int read_stack(struct raw_reader *reader, struct tep_event *event, struct tep_record *record,
		      const struct lt_stack **out)
{
	unsigned int size = (unsigned int)tep_get_long_size(reader->tep);
	const char *frames[LT_TRACE_FRAMES_MAX];
	const void *addresses = NULL;
	size_t nr_addresses = read_addresses(event, record, size, &addresses), nr = 0;

	for (size_t i = 0; i < nr_addresses && nr < LT_TRACE_FRAMES_MAX; i++) {
		unsigned long long address =
			tep_read_number(reader->tep, (const char *)addresses + i * size, (int)size);
		int err;

		if (!address || address == UINT64_MAX || (size == 4 && address == UINT32_MAX))
			break;
		err = read_frame(reader, address, &frames[nr]);
		if (err)
			return err;
		nr++;
	}
	return lt_trace_stack_add(reader->stacks, frames, nr, out);
}

static int on_record(struct tep_event *event, struct tep_record *record, int cpu, void *arg)
{
	struct raw_reader *reader = arg;
	const struct lt_trace_sink *sink = reader->sink;
	struct lt_trace_event out = {
		.ts_ns = lt_num(record->ts),
		.cpu = lt_num((uint64_t)cpu),
		.pid = (uint64_t)tep_data_pid(reader->tep, record),
		.comm = { "<...>", 5 },
		.name = { event->name, strlen(event->name) },
	};

	/* -1: not told how many */
	if (record->missed_events)
		sink->on_lost(record->missed_events > 0 ? (uint64_t)record->missed_events : 0,
			      sink->arg);
	if (lt_trace_event_is_stack(&out)) {
		if (reader->stacks)
			reader->err = read_stack(reader, event, record, &out.stack);
	} else {
		trace_seq_reset(&reader->text);
		tep_print_event(reader->tep, &reader->text, record, "%s", TEP_PRINT_INFO);
		lt_text_init(&out.fields, reader->text.buffer, reader->text.len);
	}
	if (!reader->err)
		reader->err = sink->on_event(&out, sink->arg);
	return reader->err;
}

static int read_raw(void *state, struct lt_strings *strings, struct lt_stacks *stacks,
		    const struct lt_trace_sink *sink, struct lt_diag *diag)
{
	struct raw_reader *reader = state;

	reader->strings = strings;
	reader->stacks = stacks;
	reader->sink = sink;
	reader->err = 0;
	if (tracefs_iterate_raw_events(reader->tep, reader->instance, NULL, 0, on_record, reader) &&
	    !reader->err) {
		lt_diag_set(diag, "libtracefs cannot read the records");
		return -EIO;
	}
	return reader->err;
}

const struct lt_follow_reader_type lt_follow_raw = {
	.name = "raw",
	.open = open_raw,
	.fd = fd_raw,
	.read = read_raw,
	.close = close_raw,
};
