// SPDX-License-Identifier: LGPL-2.1-or-later
/* Writing JSON. It needs no library: strings are printable UTF-8 already, see base/escape.h. */
#include "base/json.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SPREAD 2 /* containers, from the root on, that have a member a line */
#define DEPTH_MAX 32

/* A container that is open. */
struct level {
	bool is_array, has_members;
};

struct lt_json {
	FILE *out;
	struct level level[DEPTH_MAX];
	unsigned int depth, spread;
	unsigned int nr_ignored; /* containers opened past DEPTH_MAX */
	int err;
};

struct lt_json *lt_json_new(FILE *out)
{
	struct lt_json *json = calloc(1, sizeof(*json));

	if (json)
		*json = (struct lt_json){ .out = out, .spread = SPREAD };
	return json;
}

struct lt_json *lt_json_new_line(FILE *out)
{
	struct lt_json *json = lt_json_new(out);

	if (json)
		json->spread = 0;
	return json;
}

static void fail(struct lt_json *json, int err)
{
	if (!json->err)
		json->err = err;
}

static void put_bytes(struct lt_json *json, const char *bytes, size_t len)
{
	errno = 0;
	if (!json->err && fwrite(bytes, 1, len, json->out) != len)
		fail(json, errno ? -errno : -EIO);
}

static void put(struct lt_json *json, const char *text)
{
	put_bytes(json, text, strlen(text));
}

static bool needs_escape(char c)
{
	return (unsigned char)c < ' ' || c == '"' || c == '\\';
}

static void put_escape(struct lt_json *json, char c)
{
	static const char *const short_forms = "\"\"\\\\\bb\ff\nn\rr\tt";
	char text[8];

	for (const char *form = short_forms; *form; form += 2) {
		if (*form == c) {
			put_bytes(json, (const char[]){ '\\', form[1] }, 2);
			return;
		}
	}
	snprintf(text, sizeof(text), "\\u00%02x", (unsigned char)c);
	put(json, text);
}

static void put_string(struct lt_json *json, const char *text)
{
	put(json, "\"");
	while (*text) {
		size_t len = 0;

		while (text[len] && !needs_escape(text[len]))
			len++;
		put_bytes(json, text, len);
		text += len;
		if (*text)
			put_escape(json, *text++);
	}
	put(json, "\"");
}

/* What stands before a member, or before the end, of the innermost container. */
static void put_space(struct lt_json *json)
{
	if (json->depth > json->spread) {
		put(json, " ");
		return;
	}
	put(json, "\n");
	for (unsigned int i = 0; i < json->depth; i++)
		put(json, "  ");
}

static void put_lead(struct lt_json *json, const char *key)
{
	if (json->depth) {
		struct level *in = &json->level[json->depth - 1];

		if (in->has_members)
			put(json, ",");
		in->has_members = true;
		put_space(json);
	}
	if (!key)
		return;
	put_string(json, key);
	put(json, ": ");
}

static void open_container(struct lt_json *json, const char *key, bool is_array)
{
	if (json->depth == DEPTH_MAX || json->nr_ignored) {
		json->nr_ignored++;
		fail(json, -EOVERFLOW);
		return;
	}
	put_lead(json, key);
	put(json, is_array ? "[" : "{");
	json->level[json->depth++] = (struct level){ .is_array = is_array };
}

void lt_json_object(struct lt_json *json, const char *key)
{
	open_container(json, key, false);
}

void lt_json_array(struct lt_json *json, const char *key)
{
	open_container(json, key, true);
}

void lt_json_close(struct lt_json *json)
{
	struct level was;

	if (json->nr_ignored) {
		json->nr_ignored--;
		return;
	}
	if (!json->depth)
		return;
	was = json->level[--json->depth];
	if (json->depth >= json->spread)
		put(json, " ");
	else if (was.has_members)
		put_space(json);
	put(json, was.is_array ? "]" : "}");
}

int lt_json_end(struct lt_json *json)
{
	int err;

	while (json->nr_ignored || json->depth)
		lt_json_close(json);
	put(json, "\n");
	errno = 0;
	if (!json->err && fflush(json->out) == EOF)
		fail(json, errno ? -errno : -EIO);
	err = json->err;
	free(json);
	return err;
}

static void put_value(struct lt_json *json, const char *key, const char *text)
{
	put_lead(json, key);
	put(json, text);
}

void lt_json_string(struct lt_json *json, const char *key, const char *text)
{
	if (!text)
		return;
	put_lead(json, key);
	put_string(json, text);
}

void lt_json_u64(struct lt_json *json, const char *key, uint64_t val)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, val);
	put_value(json, key, text);
}

void lt_json_num(struct lt_json *json, const char *key, struct lt_num num)
{
	if (num.known)
		lt_json_u64(json, key, num.val);
}

/* The last digits of a logarithm differ between machines, and mean nothing. */
#define DOUBLE_DIGITS 12

void lt_json_double(struct lt_json *json, const char *key, double val)
{
	char text[40];

	if (!isfinite(val))
		return;
	snprintf(text, sizeof(text), "%.*g", DOUBLE_DIGITS, val);
	put_value(json, key, text);
}

void lt_json_bool(struct lt_json *json, const char *key, bool val)
{
	put_value(json, key, val ? "true" : "false");
}
