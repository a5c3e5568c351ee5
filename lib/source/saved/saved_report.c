// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A report that was saved by `ltpin report -f json`: a document of schema "ltpin.report/1", see
 * schema/ltpin.schema.json. It is what was judged then, no evidence: nothing of it is judged again, and
 * what the schema does not know is ignored. Attempts and pages, of which there may be many, are passed
 * over.
 */
#include "source/saved/saved_report.h"

#include <errno.h>
#include <string.h>

#include "base/array_size.h"
#include "base/json.h"

#define SCHEMA "ltpin.report/1"

struct reading {
	struct lt_strings *strings;
	struct lt_saved_report report;
	bool has_schema;
};

static int keep(struct reading *in, const char *text, const char **out)
{
	return lt_strings_restore_to(in->strings, text && text[0] ? text : NULL, out);
}

static int keep_member(struct reading *in, const struct lt_json_value *object, const char *key,
		       const char **out)
{
	return keep(in, lt_json_get_string(object, key), out);
}

static int parse_finding(struct reading *in, const struct lt_json_value *value)
{
	const struct lt_json_value *evidence = lt_json_get(value, "evidence");
	struct lt_saved_finding *finding = lt_vec_push(&in->report.findings);

	if (!finding || keep_member(in, value, "id", &finding->id) ||
	    keep_member(in, value, "severity", &finding->severity) ||
	    keep_member(in, value, "confidence", &finding->confidence) ||
	    keep_member(in, value, "title", &finding->title) ||
	    keep_member(in, value, "text", &finding->text) ||
	    keep_member(in, value, "advice", &finding->advice) ||
	    keep_member(in, value, "confirm", &finding->confirm))
		return -ENOMEM;
	for (size_t i = 0; i < lt_json_length(evidence); i++) {
		const char **line = lt_vec_push(&finding->evidence);

		if (!line || keep(in, lt_json_string_of(lt_json_at(evidence, i)), line))
			return -ENOMEM;
	}
	return 0;
}

static int parse_area(struct reading *in, const struct lt_json_value *value)
{
	struct lt_saved_area *area = lt_vec_push(&in->report.areas);

	if (!area)
		return -ENOMEM;
	area->nr_pages = lt_json_get_num(value, "nr_pages");
	area->nr_allocated = lt_json_get_num(value, "nr_allocated");
	area->nr_pinned = lt_json_get_num(value, "nr_pinned");
	return keep_member(in, value, "name", &area->name);
}

static int parse_group(struct reading *in, const struct lt_json_value *value)
{
	struct lt_saved_group *group = lt_vec_push(&in->report.groups);

	if (!group)
		return -ENOMEM;
	group->nr_pages = lt_json_get_num(value, "nr_pages");
	group->err = lt_json_get_num(value, "errno");
	group->nr_failed = lt_json_get_num(value, "nr_failed");
	group->is_at_least = lt_json_get_bool(value, "at_least");
	return keep_member(in, value, "area", &group->area) ||
			       keep_member(in, value, "cause", &group->cause)
		       ? -ENOMEM
		       : 0;
}

static int parse_ruled_out(struct reading *in, const struct lt_json_value *value)
{
	struct lt_saved_ruled_out *ruled_out = lt_vec_push(&in->report.ruled_out);

	return !ruled_out || keep_member(in, value, "cause", &ruled_out->cause) ||
			       keep_member(in, value, "text", &ruled_out->text)
		       ? -ENOMEM
		       : 0;
}

static int parse_kernel(struct reading *in, const struct lt_json_value *value)
{
	in->report.page_size = lt_json_get_num(value, "page_size");
	return keep_member(in, value, "release", &in->report.release);
}

static int parse_member(const char *key, const struct lt_json_value *value, void *arg)
{
	struct reading *in = arg;
	const struct {
		const char *key, **text;
	} texts[] = {
		{ "ltpin_version", &in->report.version },
		{ "captured_at", &in->report.captured_at },
		{ "machine", &in->report.machine },
		{ "boot_id", &in->report.boot_id },
		{ "headline", &in->report.headline },
		{ "signature", &in->report.signature },
		{ "note", &in->report.note },
	};
	const struct {
		const char *key;
		int (*parse)(struct reading *, const struct lt_json_value *);
	} parts[] = {
		{ "findings", parse_finding }, { "areas", parse_area },
		{ "groups", parse_group },     { "ruled_out", parse_ruled_out },
		{ "kernel", parse_kernel },
	};

	if (!strcmp(key, "schema"))
		in->has_schema = !strcmp(lt_json_string_of(value), SCHEMA);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		if (!strcmp(key, texts[i].key))
			return keep(in, lt_json_string_of(value), texts[i].text);
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (!strcmp(key, parts[i].key))
			return parts[i].parse(in, value);
	return 0;
}

int lt_saved_report_parse(const char *buf, size_t len, struct lt_strings *strings,
			  struct lt_saved_report *out, struct lt_diag *diag)
{
	struct reading in = { .strings = strings };
	const struct lt_json_visitor visitor = {
		.member = parse_member,
		.records = "attempts", /* passed over: one can be longer than what becomes a tree */
		.arg = &in,
	};
	int err = lt_json_visit(buf, len, &visitor, diag);

	if (!err && (!in.has_schema || !in.report.headline)) {
		lt_diag_set(diag, "not a file of `ltpin report -f json` (schema " SCHEMA ")");
		err = -EBADMSG;
	}
	if (err)
		lt_saved_report_fini(&in.report);
	else
		*out = in.report;
	return err;
}
