// SPDX-License-Identifier: LGPL-2.1-or-later
/* Reads and writes META, which says how a capture was made. */
#include "base/meta.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/hash.h"
#include "base/json.h"

#define SCHEMA "ltpin.meta/1"

/* Ten thousand files. */
#define META_SIZE_MAX ((size_t)1 << 20)

static const char *const extents[] = {
	[LT_EXTENT_UNKNOWN] = NULL,
	[LT_EXTENT_AREAS] = "areas",
	[LT_EXTENT_ALL] = "all",
};

static enum lt_extent extent_of(const char *name)
{
	for (int i = LT_EXTENT_AREAS; name && i <= LT_EXTENT_ALL; i++)
		if (!strcmp(extents[i], name))
			return (enum lt_extent)i;
	return LT_EXTENT_UNKNOWN;
}

/* The last of several counts. */
static int copy_string(const struct lt_json_value *value, char **out)
{
	const char *text = lt_json_string_of(value);

	if (!text[0])
		return 0;
	free(*out);
	*out = strdup(text);
	return *out ? 0 : -ENOMEM;
}

static uint64_t hash_of(const char *path)
{
	return lt_hash_bytes(path, strlen(path));
}

static int add_to_index(struct lt_meta *meta, const char *path)
{
	return lt_index_add(&meta->by_path, hash_of(path), meta->files.nr - 1);
}

static int parse_file(const struct lt_json_value *value, struct lt_meta *meta)
{
	struct lt_num err = lt_json_get_num(value, "errno");
	const char *path = lt_json_get_string(value, "path");
	struct lt_meta_file *file;

	if (!path || *path != '/')
		return 0;
	file = lt_vec_push(&meta->files);
	if (!file)
		return -ENOMEM;
	file->path = strdup(path);
	file->nr_bytes = lt_json_get_num(value, "nr_bytes");
	file->read_ns = lt_json_get_num(value, "read_ns");
	/* Memory is not short here because it was there. */
	file->err = err.known && err.val && err.val < 4096 && err.val != ENOMEM ? (int)err.val : 0;
	file->extent = extent_of(lt_json_get_string(value, "extent"));
	file->is_dropped = lt_json_get_bool(value, "is_dropped");
	return file->path ? add_to_index(meta, file->path) : -ENOMEM;
}

int lt_meta_add_redacted(struct lt_meta *meta, const char *kind, struct lt_num nr_names,
			 struct lt_num nr_places)
{
	struct lt_meta_tally *tally = lt_vec_push(&meta->redacted);

	if (!tally)
		return -ENOMEM;
	*tally = (struct lt_meta_tally){ strdup(kind ? kind : "?"), nr_names, nr_places };
	return tally->kind ? 0 : -ENOMEM;
}

struct reading {
	struct lt_meta meta;
	bool has_schema;
};

static int parse_clock(struct lt_meta_clock *clock, const struct lt_json_value *value)
{
	clock->log_ns = lt_json_get_num(value, "log_ns");
	clock->trace_ns = lt_json_get_num(value, "trace_ns");
	clock->monotonic_ns = lt_json_get_num(value, "monotonic_ns");
	clock->boottime_ns = lt_json_get_num(value, "boottime_ns");
	clock->error_ns = lt_json_get_num(value, "error_ns");
	clock->suspended_ns = lt_json_get_num(value, "suspended_ns");
	return copy_string(lt_json_get(value, "trace_clock"), &clock->trace_clock);
}

static int parse_kernel(struct lt_meta *meta, const struct lt_json_value *kernel)
{
	int err = copy_string(lt_json_get(kernel, "release"), &meta->release);

	if (!err)
		err = copy_string(lt_json_get(kernel, "arch"), &meta->arch);
	meta->page_size = lt_json_get_num(kernel, "page_size");
	return err;
}

static int parse_member(const char *key, const struct lt_json_value *value, void *arg)
{
	struct reading *in = arg;

	if (!strcmp(key, "schema"))
		in->has_schema = !strcmp(lt_json_string_of(value), SCHEMA);
	else if (!strcmp(key, "captured_at"))
		return copy_string(value, &in->meta.captured_at);
	else if (!strcmp(key, "taken_ns"))
		in->meta.taken_ns = lt_json_num_of(value);
	else if (!strcmp(key, "reader_uid"))
		in->meta.reader_uid = lt_json_num_of(value);
	else if (!strcmp(key, "boot_id"))
		return copy_string(value, &in->meta.boot_id);
	else if (!strcmp(key, "machine"))
		return copy_string(value, &in->meta.machine);
	else if (!strcmp(key, "note"))
		return copy_string(value, &in->meta.note);
	else if (!strcmp(key, "redacted"))
		return lt_meta_add_redacted(&in->meta, lt_json_get_string(value, "kind"),
					    lt_json_get_num(value, "nr_names"),
					    lt_json_get_num(value, "nr_places"));
	else if (!strcmp(key, "clock"))
		return parse_clock(&in->meta.clock, value);
	else if (!strcmp(key, "kernel"))
		return parse_kernel(&in->meta, value);
	else if (!strcmp(key, "files"))
		return parse_file(value, &in->meta);
	return 0;
}

int lt_meta_parse(const char *buf, size_t len, struct lt_meta *out, struct lt_diag *diag)
{
	struct reading in = { 0 };
	int err;

	if (len > META_SIZE_MAX) {
		lt_diag_set(diag, "larger than any META");
		return -EBADMSG;
	}
	err = lt_json_walk(buf, len, parse_member, &in, diag);
	if (!err && !in.has_schema) {
		lt_diag_set(diag, "its schema is not " SCHEMA);
		err = -EBADMSG;
	}
	if (err)
		lt_meta_fini(&in.meta);
	else
		*out = in.meta;
	return err;
}

void lt_meta_fini(struct lt_meta *meta)
{
	lt_vec_each(file, &meta->files)
		free(file->path);
	lt_vec_free(&meta->files);
	lt_index_free(&meta->by_path);
	free(meta->captured_at);
	free(meta->release);
	free(meta->arch);
	free(meta->boot_id);
	free(meta->machine);
	free(meta->clock.trace_clock);
	free(meta->note);
	lt_vec_each(tally, &meta->redacted)
		free(tally->kind);
	lt_vec_free(&meta->redacted);
}

static void write_file(struct lt_json *json, const struct lt_meta_file *file)
{
	lt_json_object(json, NULL);
	lt_json_string(json, "path", file->path);
	if (file->err)
		lt_json_u64(json, "errno", (uint64_t)file->err);
	lt_json_num(json, "nr_bytes", file->nr_bytes);
	lt_json_num(json, "read_ns", file->read_ns);
	lt_json_string(json, "extent", extents[file->extent]);
	if (file->is_dropped)
		lt_json_bool(json, "is_dropped", true);
	lt_json_close(json);
}

static void write_clock(struct lt_json *json, const struct lt_meta_clock *clock)
{
	if (!clock->monotonic_ns.known)
		return;
	lt_json_object(json, "clock");
	lt_json_num(json, "log_ns", clock->log_ns);
	lt_json_num(json, "trace_ns", clock->trace_ns);
	lt_json_string(json, "trace_clock", clock->trace_clock);
	lt_json_num(json, "monotonic_ns", clock->monotonic_ns);
	lt_json_num(json, "boottime_ns", clock->boottime_ns);
	lt_json_num(json, "error_ns", clock->error_ns);
	lt_json_num(json, "suspended_ns", clock->suspended_ns);
	lt_json_close(json);
}

static void write_redacted(struct lt_json *json, const struct lt_meta_redacted *redacted)
{
	if (!redacted->nr)
		return;
	lt_json_array(json, "redacted");
	lt_vec_each(tally, redacted) {
		lt_json_object(json, NULL);
		lt_json_string(json, "kind", tally->kind);
		lt_json_num(json, "nr_names", tally->nr_names);
		lt_json_num(json, "nr_places", tally->nr_places);
		lt_json_close(json);
	}
	lt_json_close(json);
}

int lt_meta_write(const struct lt_meta *meta, FILE *out)
{
	struct lt_json *json = lt_json_new(out);
	bool is_complete = true;

	if (!json)
		return -ENOMEM;
	lt_vec_each(file, &meta->files)
		is_complete &= !file->is_dropped;
	lt_json_object(json, NULL);
	lt_json_string(json, "schema", SCHEMA);
	lt_json_string(json, "ltpin_version", PACKAGE_VERSION);
	lt_json_string(json, "captured_at", meta->captured_at);
	lt_json_num(json, "taken_ns", meta->taken_ns);
	lt_json_num(json, "reader_uid", meta->reader_uid);
	lt_json_string(json, "boot_id", meta->boot_id);
	lt_json_string(json, "machine", meta->machine);
	write_clock(json, &meta->clock);
	lt_json_bool(json, "is_complete", is_complete);
	lt_json_object(json, "kernel");
	lt_json_string(json, "release", meta->release);
	lt_json_string(json, "arch", meta->arch);
	lt_json_num(json, "page_size", meta->page_size);
	lt_json_close(json);
	lt_json_string(json, "note", meta->note);
	write_redacted(json, &meta->redacted);
	lt_json_array(json, "files");
	lt_vec_each(file, &meta->files)
		write_file(json, file);
	return lt_json_end(json);
}

static void escape_path(const char *path, char *out, size_t size)
{
	lt_escape(path, strlen(path), out, size);
}

struct wanted {
	const struct lt_meta_files *files;
	const char *path;
};

static bool has_path(const void *arg, size_t place)
{
	const struct wanted *wanted = arg;

	return !strcmp(wanted->files->v[place].path, wanted->path);
}

struct lt_meta_file *lt_meta_find(const struct lt_meta *meta, const char *path)
{
	char escaped[4096];
	const struct wanted wanted = { &meta->files, escaped };
	size_t place;

	escape_path(path, escaped, sizeof(escaped));
	place = lt_index_find(&meta->by_path, hash_of(escaped), has_path, &wanted);
	return place == LT_INDEX_NONE ? NULL : &meta->files.v[place];
}

struct lt_meta_file *lt_meta_add(struct lt_meta *meta, const char *path)
{
	struct lt_meta_file *file = lt_vec_push(&meta->files);
	char escaped[4096];

	if (!file)
		return NULL;
	escape_path(path, escaped, sizeof(escaped));
	file->path = strdup(escaped);
	if (file->path && !add_to_index(meta, escaped))
		return file;
	free(file->path);
	meta->files.nr--;
	return NULL;
}
