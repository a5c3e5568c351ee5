// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Who mapped the pages that were in the way, kept in a capture and taken from
 * there. Arrays of the answer (answer.h):
 *
 *	pins	pfn, mapped_by_total, allocator_start_ns
 *	mappers	pfn, pid, comm, vma, vma_kind, addr, start_ns, waits_in
 *	more	pfn, pid: others that map it
 *
 * Starts are [earliest, latest]; the first captures have one number for start_ns.
 */
#include <errno.h>
#include <string.h>

#include "source/answer.h"
#include "source/process/pagemap.h"
#include "source/process/process_start.h"

#define SOURCE "pagemap"

static void put_mapper(struct lt_json *json, uint64_t pfn, const struct lt_mapper *mapper)
{
	lt_json_object(json, NULL);
	lt_json_u64(json, "pfn", pfn);
	lt_json_u64(json, "pid", (uint64_t)mapper->pid);
	lt_json_string(json, "comm", mapper->comm);
	lt_json_string(json, "vma", mapper->vma);
	lt_json_string(json, "vma_kind", lt_vma_kind_name(mapper->kind));
	lt_json_u64(json, "addr", mapper->addr);
	lt_when_write(json, "start_ns", mapper->start);
	lt_json_string(json, "waits_in", mapper->waits_in);
	lt_json_close(json);
}

static void put_more(struct lt_json *json, const struct lt_pins *pins)
{
	lt_json_array(json, "more");
	lt_vec_each(pin, pins) {
		for (size_t i = 0; pin->mapped_by_more && i < pin->mapped_by_more->nr; i++) {
			lt_json_object(json, NULL);
			lt_json_u64(json, "pfn", pin->pfn);
			lt_json_u64(json, "pid", (uint64_t)pin->mapped_by_more->v[i]);
			lt_json_close(json);
		}
	}
	lt_json_close(json);
}

void lt_pagemap_keep(const struct lt_snapshot *snap, int err, const struct lt_diag *diag)
{
	struct lt_json *json = lt_answer_begin(snap->root, SOURCE);

	if (!json)
		return;
	lt_json_array(json, "pins");
	lt_vec_each(pin, &snap->pins) {
		if (!pin->mapped_by_total.known && !lt_when_is_known(pin->allocated_by.start))
			continue;
		lt_json_object(json, NULL);
		lt_json_u64(json, "pfn", pin->pfn);
		lt_json_num(json, "mapped_by_total", pin->mapped_by_total);
		lt_when_write(json, "allocator_start_ns", pin->allocated_by.start);
		lt_json_close(json);
	}
	lt_json_close(json);
	lt_json_array(json, "mappers");
	lt_vec_each(pin, &snap->pins)
		lt_vec_each(mapper, &pin->mapped_by)
			put_mapper(json, pin->pfn, mapper);
	lt_json_close(json);
	put_more(json, &snap->pins);
	lt_answer_end(snap->root, json, err, diag);
}

static int parse_string(struct lt_snapshot *snap, const struct lt_json_value *record,
			const char *key, const char **out)
{
	const char *text = lt_json_get_string(record, key);

	*out = lt_strings_restore(snap->strings, text);
	return text && !*out ? -ENOMEM : 0;
}

static int parse_mapper(struct lt_snapshot *snap, struct lt_pin *pin,
			const struct lt_json_value *record)
{
	struct lt_num pid = lt_json_get_num(record, "pid"), addr = lt_json_get_num(record, "addr");
	struct lt_mapper *mapper;

	if (!pid.known || pid.val > INT32_MAX || !addr.known)
		return -EBADMSG;
	if (pin->mapped_by.nr == LT_MAPPERS_MAX)
		return 0;
	mapper = lt_vec_push(&pin->mapped_by);
	if (!mapper)
		return -ENOMEM;
	mapper->pid = (int)pid.val;
	mapper->addr = addr.val;
	mapper->kind = lt_vma_kind_parse(lt_json_get_string(record, "vma_kind"));
	if (!lt_when_read(record, "start_ns", &mapper->start))
		mapper->start = lt_process_start_since(lt_json_get_num(record, "start_ns"));
	if (parse_string(snap, record, "comm", &mapper->comm) ||
	    parse_string(snap, record, "vma", &mapper->vma) ||
	    parse_string(snap, record, "waits_in", &mapper->waits_in))
		return -ENOMEM;
	return mapper->comm && mapper->vma ? 0 : -EBADMSG;
}

static int parse_more(struct lt_pin *pin, const struct lt_json_value *record)
{
	struct lt_num pid = lt_json_get_num(record, "pid");

	if (!pid.known || pid.val > INT32_MAX)
		return -EBADMSG;
	return lt_mapper_pids_add(&pin->mapped_by_more, (int)pid.val);
}

static int parse_record(const char *key, const struct lt_json_value *record, void *arg)
{
	struct lt_num pfn = lt_json_get_num(record, "pfn");
	struct lt_snapshot *snap = arg;
	struct lt_pin *pin = pfn.known ? lt_pins_find(&snap->pins, pfn.val) : NULL;

	if (!pin || pin->pfn != pfn.val)
		return pfn.known ? 0 : -EBADMSG;
	if (!strcmp(key, "pins")) {
		pin->mapped_by_total = lt_json_get_num(record, "mapped_by_total");
		if (pin->has_owner)
			lt_when_read(record, "allocator_start_ns", &pin->allocated_by.start);
	}
	if (!strcmp(key, "more"))
		return parse_more(pin, record);
	return strcmp(key, "mappers") ? 0 : parse_mapper(snap, pin, record);
}

int lt_pagemap_replay(struct lt_snapshot *snap, struct lt_diag *diag)
{
	const struct lt_answer_sink sink = {
		.strings = snap->strings,
		.each = parse_record,
		.arg = snap,
		.none = "a captured tree has no processes to search",
	};
	int err = lt_answer_read(snap->root, SOURCE, &sink, diag);

	if (!err)
		return 0;
	lt_vec_each(pin, &snap->pins) {
		lt_vec_free(&pin->mapped_by);
		lt_mapper_pids_free(pin->mapped_by_more);
		pin->mapped_by_more = NULL;
		pin->mapped_by_total = (struct lt_num){ 0 };
	}
	return err;
}
