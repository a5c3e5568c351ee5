// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The ledger of a saved trace.
 *
 *	cma_release	[name=] pfn= page= count=	5.10 has no name
 *
 * The kernel keeps a buffer for each processor and overwrites the oldest events of each: up to the
 * first event of a processor, events of that one may be missing, if any were overwritten. Text
 * without the header that counts them may come from such a buffer.
 */
#include "source/trace/trace_ledger.h"

#include <errno.h>
#include <stdlib.h>

#include "source/trace/trace_fields.h"

#define CPUS_MAX 1024

enum entry_kind {
	ENTRY_ALLOCATION,
	ENTRY_RELEASE,
	ENTRY_GAP,
};

struct entry {
	enum entry_kind kind;
	size_t nr; /* in the order of arrival */
	struct lt_ledger_event event;
};

LT_VEC_OF(entries, struct entry);

struct lt_trace_ledger {
	struct lt_strings *strings;
	struct entries entries;
	struct lt_num now_ns; /* the latest of the text so far */
	bool has_events, has_timeless, out_of_memory;
	bool begins_apart; /* processors' buffers may begin at different times */
	bool has_cpu[CPUS_MAX];
};

struct lt_trace_ledger *lt_trace_ledger_new(struct lt_strings *strings, bool is_counted)
{
	struct lt_trace_ledger *saved = calloc(1, sizeof(*saved));

	if (saved)
		*saved = (struct lt_trace_ledger){
			.strings = strings,
			.begins_apart = !is_counted,
		};
	return saved;
}

void lt_trace_ledger_free(struct lt_trace_ledger *saved)
{
	if (!saved)
		return;
	lt_vec_free(&saved->entries);
	free(saved);
}

static int add_at(struct lt_trace_ledger *saved, enum entry_kind kind, size_t nr,
		  const struct lt_ledger_event *event)
{
	struct entry *entry = lt_vec_push(&saved->entries);

	if (!entry)
		return -ENOMEM;
	entry->kind = kind;
	entry->nr = nr;
	entry->event = *event;
	saved->has_timeless |= !event->ts_ns.known;
	return 0;
}

static int add(struct lt_trace_ledger *saved, enum entry_kind kind,
	       const struct lt_ledger_event *event)
{
	return add_at(saved, kind, saved->entries.nr + 1, event);
}

/* On which side of it events of the same time are is not known: it is on both sides of them. */
static int add_gap(struct lt_trace_ledger *saved)
{
	const struct lt_ledger_event event = { .ts_ns = saved->now_ns };
	int err = add_at(saved, ENTRY_GAP, 0, &event);

	return err ? err : add_at(saved, ENTRY_GAP, SIZE_MAX, &event);
}

void lt_trace_ledger_lost(struct lt_trace_ledger *saved)
{
	if (!saved->has_events)
		saved->begins_apart = true;
	else if (add_gap(saved))
		saved->out_of_memory = true;
}

void lt_trace_ledger_see(struct lt_trace_ledger *saved, const struct lt_trace_event *event)
{
	const bool is_new =
		event->cpu.known && event->cpu.val < CPUS_MAX && !saved->has_cpu[event->cpu.val];

	if (event->ts_ns.known && (!saved->now_ns.known || event->ts_ns.val > saved->now_ns.val))
		saved->now_ns = event->ts_ns;
	if (is_new) {
		saved->has_cpu[event->cpu.val] = true;
		if (saved->begins_apart && saved->has_events)
			lt_trace_ledger_lost(saved);
	}
	saved->has_events = true;
}

int lt_trace_ledger_attempt(struct lt_trace_ledger *saved, const struct lt_attempt *attempt)
{
	struct lt_ledger_event event;
	int ret = lt_ledger_event_of(attempt, saved->strings, &event);

	return ret > 0 ? add(saved, ENTRY_ALLOCATION, &event) : ret;
}

int lt_trace_release_parse(const struct lt_trace_event *event, struct lt_strings *strings,
			   struct lt_ledger_event *out)
{
	struct lt_trace_fields fields;

	if (!lt_span_is(event->name, "cma_release"))
		return 0;
	*out = (struct lt_ledger_event){ .ts_ns = event->ts_ns, .stack = event->stack };
	if (!lt_trace_fields_parse(event->fields, true, &fields) || !fields.pfn.known ||
	    __builtin_add_overflow(fields.pfn.val, fields.count.val, &out->pfns.end_pfn))
		return -EBADMSG;
	out->pfns.start_pfn = fields.pfn.val;
	out->caller = lt_strings_span(strings, event->comm);
	if (fields.has_name)
		out->area_name = lt_strings_span(strings, fields.name);
	return out->caller && (out->area_name || !fields.has_name) ? 1 : -ENOMEM;
}

int lt_trace_ledger_event(struct lt_trace_ledger *saved, const struct lt_trace_event *event)
{
	struct lt_ledger_event release;
	int ret = lt_trace_release_parse(event, saved->strings, &release);

	if (ret == -EBADMSG) { /* it released something, nobody knows what */
		lt_trace_ledger_lost(saved);
		return 0;
	}
	return ret > 0 ? add(saved, ENTRY_RELEASE, &release) : ret;
}

static int by_time(const void *a, const void *b)
{
	const struct entry *left = a, *right = b;

	if (left->event.ts_ns.val != right->event.ts_ns.val)
		return left->event.ts_ns.val < right->event.ts_ns.val ? -1 : 1;
	return (left->nr > right->nr) - (left->nr < right->nr);
}

static int enter(const struct entry *entry, struct lt_ledger *out)
{
	switch (entry->kind) {
	case ENTRY_ALLOCATION:
		return lt_ledger_allocate(out, &entry->event);
	case ENTRY_RELEASE:
		return lt_ledger_release(out, &entry->event);
	case ENTRY_GAP:
		break;
	}
	lt_ledger_gap(out, entry->event.ts_ns);
	return 0;
}

int lt_trace_ledger_fill(struct lt_trace_ledger *saved, struct lt_ledger *out)
{
	int err = saved->out_of_memory ? -ENOMEM : 0;

	if (saved->entries.nr && !saved->has_timeless)
		qsort(saved->entries.v, saved->entries.nr, sizeof(*saved->entries.v), by_time);
	lt_vec_each(entry, &saved->entries)
		err = err ? err : enter(entry, out);
	if (!err)
		lt_ledger_reach(out, saved->now_ns);
	return err;
}
