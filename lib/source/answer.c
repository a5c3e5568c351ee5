// SPDX-License-Identifier: LGPL-2.1-or-later
/* Saves and replays what a source answered, where that is no file. */
#include "source/answer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define SCHEMA "ltpin.answer/1"

static void name_path(const char *source, char *path, size_t size)
{
	snprintf(path, size, "/ltpin/%s.json", source);
}

struct lt_json *lt_answer_begin(const struct lt_root *root, const char *source)
{
	struct lt_json *json;
	char path[64];
	FILE *out;

	if (!lt_root_is_live(root))
		return NULL; /* it was read from there, and is kept as any file */
	name_path(source, path, sizeof(path));
	out = lt_root_keep_begin(root, path);
	if (!out)
		return NULL;
	json = lt_json_new(out);
	if (!json) {
		lt_root_keep_end(root, -ENOMEM, LT_EXTENT_UNKNOWN);
		return NULL;
	}
	lt_json_object(json, NULL);
	lt_json_string(json, "schema", SCHEMA);
	lt_json_string(json, "ltpin_version", PACKAGE_VERSION);
	lt_json_string(json, "source", source);
	return json;
}

static void put_clause(struct lt_json *json, const char *key, const char *text)
{
	if (text[0])
		lt_json_string(json, key, text);
}

static void put_count(struct lt_json *json, const char *key, unsigned int nr)
{
	if (nr)
		lt_json_u64(json, key, nr);
}

void lt_answer_end(const struct lt_root *root, struct lt_json *json, int err,
		   const struct lt_diag *diag)
{
	if (!json)
		return;
	lt_json_object(json, "result");
	lt_json_u64(json, "errno", (uint64_t)-err);
	put_clause(json, "path", diag->path);
	put_count(json, "line", diag->line);
	put_count(json, "column", diag->column);
	put_clause(json, "why", diag->why);
	put_clause(json, "note", diag->note);
	put_clause(json, "unread", diag->unread);
	put_count(json, "nr_skipped", diag->nr_skipped);
	lt_json_close(json);
	lt_root_keep_end(root, lt_json_end(json), LT_EXTENT_UNKNOWN);
}

struct reading {
	const struct lt_answer_sink *sink;
	bool has_schema, has_result;
	int result;
	struct lt_diag diag;
};

static int parse_clause(struct reading *in, const struct lt_json_value *result, const char *key,
			char *out, size_t size)
{
	const char *text = lt_json_get_string(result, key);
	const char *safe = lt_strings_restore(in->sink->strings, text);

	if (text && !safe)
		return -ENOMEM;
	if (safe)
		snprintf(out, size, "%s", safe);
	return 0;
}

static int parse_result(struct reading *in, const struct lt_json_value *result)
{
	struct lt_num err = lt_json_get_num(result, "errno");

	if (!err.known || err.val > 4095 || err.val == ENOMEM)
		return -EBADMSG;
	in->has_result = true;
	in->result = -(int)err.val;
	in->diag.line = (unsigned int)lt_json_get_num(result, "line").val;
	in->diag.column = (unsigned int)lt_json_get_num(result, "column").val;
	in->diag.nr_skipped = (unsigned int)lt_json_get_num(result, "nr_skipped").val;
	if (parse_clause(in, result, "path", in->diag.path, sizeof(in->diag.path)) ||
	    parse_clause(in, result, "why", in->diag.why, sizeof(in->diag.why)) ||
	    parse_clause(in, result, "note", in->diag.note, sizeof(in->diag.note)) ||
	    parse_clause(in, result, "unread", in->diag.unread, sizeof(in->diag.unread)))
		return -ENOMEM;
	return 0;
}

static int parse_member(const char *key, const struct lt_json_value *value, void *arg)
{
	struct reading *in = arg;

	if (!strcmp(key, "schema")) {
		in->has_schema = !strcmp(lt_json_string_of(value), SCHEMA);
		return in->has_schema ? 0 : -EBADMSG;
	}
	if (!strcmp(key, "result"))
		return parse_result(in, value);
	if (!in->has_schema || !strcmp(key, "source") || !strcmp(key, "ltpin_version"))
		return 0;
	return in->sink->each(key, value, in->sink->arg);
}

int lt_answer_read(const struct lt_root *root, const char *source,
		   const struct lt_answer_sink *sink, struct lt_diag *diag)
{
	struct reading in = { .sink = sink };
	struct lt_buf buf;
	char path[64];
	int err;

	name_path(source, path, sizeof(path));
	err = lt_root_read(root, path, &buf);
	if (err) {
		if (err == -ENOENT && sink->none)
			lt_diag_set(diag, "%s", sink->none);
		return err;
	}
	err = lt_json_walk(buf.data, buf.len, parse_member, &in, &in.diag);
	free(buf.data);
	if (!err && !in.has_result)
		err = -EBADMSG;
	if (err == -EBADMSG || err == -ENOSYS) {
		lt_diag_path(diag, path);
		lt_diag_merge(diag, &in.diag);
		lt_diag_set(diag, "not an answer that ltpin kept, or only a part of it");
		return err;
	}
	if (!err && diag)
		*diag = in.diag;
	return err ? err : in.result;
}
