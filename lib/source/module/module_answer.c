// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What the helper module said, kept in a capture and taken from there. Arrays
 * of the answer (answer.h):
 *
 *	folios	see folio_answer.h
 *	holds	id, kind (LTPIN_KIND_*), flags, pid, comm, nr_pages, ts_ns
 *	runs	id of the hold, base_pfn, nr_pages
 */
#include "source/module/module_answer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "source/answer.h"
#include "source/folio/folio_answer.h"

#define SOURCE "module"
#define COMM_MAX (4 * sizeof(((struct lt_module_hold *)NULL)->comm) + 1) /* escaped */

struct lt_json *lt_module_answer_begin(const struct lt_root *root)
{
	struct lt_json *json = lt_answer_begin(root, SOURCE);

	if (json)
		lt_json_array(json, "folios");
	return json;
}

static void put_hold(struct lt_json *json, const struct lt_module_hold *hold)
{
	char comm[COMM_MAX];

	lt_escape(hold->comm, strlen(hold->comm), comm, sizeof(comm));
	lt_json_object(json, NULL);
	lt_json_u64(json, "id", hold->id);
	lt_json_u64(json, "kind", hold->kind);
	lt_json_u64(json, "flags", hold->flags);
	lt_json_u64(json, "pid", hold->pid);
	lt_json_string(json, "comm", comm);
	lt_json_u64(json, "nr_pages", hold->nr_pages);
	lt_json_u64(json, "ts_ns", hold->ts_ns);
	lt_json_close(json);
}

static void put_runs(struct lt_json *json, const struct lt_module_hold *hold)
{
	lt_vec_each(run, &hold->runs) {
		lt_json_object(json, NULL);
		lt_json_u64(json, "id", hold->id);
		lt_json_u64(json, "base_pfn", run->start_pfn);
		lt_json_u64(json, "nr_pages", lt_range_nr_pages(*run));
		lt_json_close(json);
	}
}

void lt_module_answer_end(const struct lt_root *root, struct lt_json *json,
			  const struct lt_module_holds *holds, int err, const struct lt_diag *diag)
{
	if (!json)
		return;
	lt_json_close(json);
	lt_json_array(json, "holds");
	lt_vec_each(hold, holds)
		put_hold(json, hold);
	lt_json_close(json);
	lt_json_array(json, "runs");
	lt_vec_each(hold, holds)
		put_runs(json, hold);
	lt_json_close(json);
	lt_answer_end(root, json, err, diag);
}

static bool parse_numbers(const struct lt_json_value *record, const char *const *keys,
			  uint64_t *out, size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		struct lt_num num = lt_json_get_num(record, keys[i]);

		if (!num.known)
			return false;
		out[i] = num.val;
	}
	return true;
}

/* They were kept by id, as the module lists them. */
static int parse_hold(struct lt_module_holds *holds, const struct lt_json_value *record)
{
	static const char *const keys[] = { "id", "kind", "flags", "pid", "nr_pages", "ts_ns" };
	const char *comm = lt_json_get_string(record, "comm");
	char bytes[COMM_MAX];
	struct lt_module_hold *hold;
	uint64_t val[6];
	size_t len;

	if (!parse_numbers(record, keys, val, 6) || !comm || strlen(comm) >= sizeof(bytes) ||
	    val[0] > UINT32_MAX || (holds->nr && holds->v[holds->nr - 1].id >= val[0]))
		return -EBADMSG;
	hold = lt_vec_push(holds);
	if (!hold)
		return -ENOMEM;
	hold->id = (uint32_t)val[0];
	hold->kind = (uint32_t)val[1];
	hold->flags = (uint32_t)val[2];
	hold->pid = (uint32_t)val[3];
	hold->nr_pages = val[4];
	hold->ts_ns = val[5];
	len = lt_unescape(comm, bytes);
	if (len >= sizeof(hold->comm))
		len = sizeof(hold->comm) - 1;
	memcpy(hold->comm, bytes, len); /* the rest is 0 */
	return 0;
}

static int compare_id(const void *key, const void *hold)
{
	uint64_t id = *(const uint64_t *)key, other = ((const struct lt_module_hold *)hold)->id;

	return (id > other) - (id < other);
}

static int parse_run(struct lt_module_holds *holds, const struct lt_json_value *record)
{
	static const char *const keys[] = { "id", "base_pfn", "nr_pages" };
	struct lt_module_hold *hold;
	struct lt_range *run;
	uint64_t val[3];

	if (!parse_numbers(record, keys, val, 3) || val[1] > UINT64_MAX / 2 || !val[2] ||
	    val[2] > UINT32_MAX)
		return -EBADMSG;
	hold = holds->nr ? bsearch(val, holds->v, holds->nr, sizeof(*hold), compare_id) : NULL;
	if (!hold)
		return 0;
	run = lt_vec_push(&hold->runs);
	if (!run)
		return -ENOMEM;
	*run = (struct lt_range){ val[1], val[1] + val[2] };
	return 0;
}

static int parse_record(const char *key, const struct lt_json_value *record, void *arg)
{
	struct lt_module_ask *ask = arg;

	if (!strcmp(key, "folios"))
		return lt_folio_answer_parse(&ask->folios, record);
	if (!strcmp(key, "holds"))
		return parse_hold(&ask->holds, record);
	return strcmp(key, "runs") ? 0 : parse_run(&ask->holds, record);
}

static int read_answer(const struct lt_root *root, struct lt_module_ask *ask, struct lt_diag *diag)
{
	/* For the clauses of @diag; names of processes are sanitised later. */
	struct lt_answer_sink sink = {
		.strings = lt_strings_new(),
		.each = parse_record,
		.arg = ask,
	};
	int err = sink.strings ? lt_answer_read(root, SOURCE, &sink, diag) : -ENOMEM;

	lt_strings_free(sink.strings);
	lt_folio_answer_sort(&ask->folios);
	return err;
}

int lt_module_ask_open(const struct lt_root *root, struct lt_module_ask *out, struct lt_diag *diag)
{
	struct lt_module_ask ask = { .is_live = lt_root_is_live(root) };
	struct lt_module_info info;
	int err = ask.is_live ? lt_module_info(&info, diag) : read_answer(root, &ask, diag);

	if (err)
		lt_module_ask_close(&ask);
	else
		*out = ask;
	return err;
}

void lt_module_ask_close(struct lt_module_ask *ask)
{
	lt_vec_free(&ask->folios);
	lt_module_holds_free(&ask->holds);
}

int lt_module_ask_scan(const struct lt_module_ask *ask, struct lt_range pfns,
		       int (*each)(const struct lt_folio *folio, void *arg), void *arg,
		       struct lt_diag *diag)
{
	return ask->is_live ? lt_module_scan(pfns, 0, each, arg, diag)
			    : lt_folio_answer_ask(&ask->folios, pfns, each, arg);
}

int lt_module_ask_list(struct lt_module_ask *ask, struct lt_module_holds *out, struct lt_diag *diag)
{
	if (ask->is_live)
		return lt_module_list(out, diag);
	*out = ask->holds;
	ask->holds = (struct lt_module_holds){ 0 };
	return 0;
}
