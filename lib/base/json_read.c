// SPDX-License-Identifier: LGPL-2.1-or-later
/* Reading JSON, by way of json-c; nothing else includes it. */
#include "base/json.h"

#include <errno.h>

#ifdef HAVE_JSON_C

#include <json-c/json.h>
#include <math.h>
#include <string.h>

#include "base/text.h"

#define DEPTH_MAX 32

static int fail_at(const char *buf, size_t offset, const char *why, struct lt_diag *diag)
{
	struct lt_text at = {
		.pos = buf + offset, .end = buf + offset, .line_start = buf, .line = 1
	};

	for (const char *p = buf; p < at.pos; p++) {
		if (*p == '\n') {
			at.line++;
			at.line_start = p + 1;
		}
	}
	return lt_text_fail(&at, diag, why);
}

/* json-c stops at a NUL as at the end. */
static bool is_blank(const char *p, size_t len)
{
	for (; len; p++, len--)
		if (!strchr(" \t\r\n", *p) || !*p)
			return false;
	return true;
}

/*
 * Where memory runs out json-c 0.16 stops in the middle, says that it succeeded, and gives nothing
 * or an inner value. @end is where it stopped.
 */
static bool is_out_of_memory(const char *buf, size_t len, size_t end,
			     const struct json_object *value)
{
	while (len && end && is_blank(buf, 1)) {
		buf++;
		len--;
		end--;
	}
	if (!value)
		return !len || *buf != 'n';
	if (!len || (*buf != '{' && *buf != '['))
		return false;
	while (end && is_blank(buf + end - 1, 1))
		end--;
	return !end || buf[end - 1] != (*buf == '{' ? '}' : ']') ||
	       !json_object_is_type(value, *buf == '{' ? json_type_object : json_type_array);
}

int lt_json_parse(const char *buf, size_t len, struct lt_json_value **out, struct lt_diag *diag)
{
	struct json_tokener *tok;
	struct json_object *value;
	enum json_tokener_error err;
	size_t end;
	int ret = 0;

	if (len > LT_JSON_TREE_MAX)
		return fail_at(buf, 0, "larger than any document of this kind", diag);
	tok = json_tokener_new_ex(DEPTH_MAX);
	if (!tok)
		return -ENOMEM;
	json_tokener_set_flags(tok, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	value = json_tokener_parse_ex(tok, buf, (int)len);
	err = json_tokener_get_error(tok);
	end = json_tokener_get_parse_end(tok);
	if (end > len)
		end = len;
	json_tokener_free(tok);
	if (err == json_tokener_continue)
		ret = fail_at(buf, len, "the document ends too early", diag);
	else if (err != json_tokener_success)
		ret = fail_at(buf, end, json_tokener_error_desc(err), diag);
	else if (is_out_of_memory(buf, len, end, value))
		ret = -ENOMEM;
	else if (!is_blank(buf + end, len - end))
		ret = fail_at(buf, end, "something follows the document", diag);
	else if (!json_object_is_type(value, json_type_object) &&
		 !json_object_is_type(value, json_type_array))
		ret = fail_at(buf, 0, "expected an object or an array", diag);
	if (ret) {
		json_object_put(value);
		return ret;
	}
	*out = (struct lt_json_value *)value;
	return 0;
}

/* A document that is taken in piece by piece. */
struct walk {
	const char *buf;
	size_t len, at;
	struct json_tokener *tok;
	const struct lt_json_visitor *visitor;
	bool is_in_record;
	struct lt_diag *diag;
};

static int walk_fail(const struct walk *walk, const char *why)
{
	return fail_at(walk->buf, walk->at, why, walk->diag);
}

static bool walk_is_at(struct walk *walk, char c)
{
	while (walk->at < walk->len && is_blank(walk->buf + walk->at, 1))
		walk->at++;
	return walk->at < walk->len && walk->buf[walk->at] == c;
}

static bool walk_literal(struct walk *walk, char c)
{
	if (!walk_is_at(walk, c))
		return false;
	walk->at++;
	return true;
}

static int walk_value(struct walk *walk, struct json_object **out)
{
	size_t left = walk->len - walk->at;
	int max = left < LT_JSON_TREE_MAX ? (int)left : LT_JSON_TREE_MAX;
	const char *at = walk->buf + walk->at;
	enum json_tokener_error err;
	size_t end;

	json_tokener_reset(walk->tok);
	*out = json_tokener_parse_ex(walk->tok, at, max);
	err = json_tokener_get_error(walk->tok);
	if (err == json_tokener_continue)
		return walk_fail(walk, max == LT_JSON_TREE_MAX ? "a value is too long"
							       : "the document ends too early");
	end = json_tokener_get_parse_end(walk->tok);
	if (err == json_tokener_success && is_out_of_memory(at, (size_t)max, end, *out)) {
		json_object_put(*out);
		return -ENOMEM;
	}
	walk->at += end;
	return err == json_tokener_success ? 0 : walk_fail(walk, json_tokener_error_desc(err));
}

static int walk_members(struct walk *walk);

/* An object of any length, piece by piece. */
static int walk_record(struct walk *walk)
{
	int ret;

	walk_literal(walk, '{');
	walk->is_in_record = true;
	ret = walk_members(walk);
	walk->is_in_record = false;
	return ret ? ret : walk->visitor->end(walk->visitor->arg);
}

/* One value, as a tree. */
static int walk_one(struct walk *walk, const char *key)
{
	const struct lt_json_visitor *visitor = walk->visitor;
	struct json_object *value;
	int ret = walk_value(walk, &value);

	if (ret)
		return ret;
	ret = (walk->is_in_record ? visitor->field : visitor->member)(
		key, (struct lt_json_value *)value, visitor->arg);
	json_object_put(value);
	return ret;
}

/* The elements of an array whose bracket was taken. */
static int walk_elements(struct walk *walk, const char *key)
{
	const struct lt_json_visitor *visitor = walk->visitor;
	bool are_records =
		visitor->records && !walk->is_in_record && !strcmp(key, visitor->records);
	int ret = visitor->array ? visitor->array(key, visitor->arg) : 0;

	if (ret || walk_literal(walk, ']'))
		return ret;
	do
		ret = are_records && walk_is_at(walk, '{') ? walk_record(walk)
							   : walk_one(walk, key);
	while (!ret && walk_literal(walk, ','));
	if (!ret && !walk_literal(walk, ']'))
		ret = walk_fail(walk, "expected a comma or the end of the array");
	return ret;
}

static int walk_member(struct walk *walk)
{
	struct json_object *key;
	int ret = walk_value(walk, &key);

	if (ret)
		return ret;
	if (!json_object_is_type(key, json_type_string) || !walk_literal(walk, ':'))
		ret = walk_fail(walk, "expected a key and a colon");
	else if (walk_literal(walk, '['))
		ret = walk_elements(walk, json_object_get_string(key));
	else
		ret = walk_one(walk, json_object_get_string(key));
	json_object_put(key);
	return ret;
}

static int walk_members(struct walk *walk)
{
	int ret = 0;

	if (walk_literal(walk, '}'))
		return 0;
	do
		ret = walk_member(walk);
	while (!ret && walk_literal(walk, ','));
	if (!ret && !walk_literal(walk, '}'))
		ret = walk_fail(walk, "expected a comma or the end of the object");
	return ret;
}

static int walk_document(struct walk *walk)
{
	int ret;

	if (!walk_literal(walk, '{'))
		return walk_fail(walk, "expected an object");
	ret = walk_members(walk);
	if (!ret && !is_blank(walk->buf + walk->at, walk->len - walk->at))
		ret = walk_fail(walk, "something follows the document");
	return ret;
}

int lt_json_visit(const char *buf, size_t len, const struct lt_json_visitor *visitor,
		  struct lt_diag *diag)
{
	struct walk walk = { .buf = buf, .len = len, .visitor = visitor, .diag = diag };
	int ret;

	walk.tok = json_tokener_new_ex(DEPTH_MAX);
	if (!walk.tok)
		return -ENOMEM;
	json_tokener_set_flags(walk.tok, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8 |
						 JSON_TOKENER_ALLOW_TRAILING_CHARS);
	ret = walk_document(&walk);
	json_tokener_free(walk.tok);
	return ret;
}

/* A struct lt_json_value is json-c's object under a name that leaks nothing. */
static struct json_object *to_jsonc(const struct lt_json_value *value)
{
	return (struct json_object *)(uintptr_t)value;
}

void lt_json_value_free(struct lt_json_value *value)
{
	json_object_put(to_jsonc(value));
}

struct lt_json_value *lt_json_get(const struct lt_json_value *object, const char *key)
{
	struct json_object *member = NULL;

	if (!json_object_is_type(to_jsonc(object), json_type_object))
		return NULL;
	json_object_object_get_ex(to_jsonc(object), key, &member);
	return (struct lt_json_value *)member;
}

size_t lt_json_length(const struct lt_json_value *array)
{
	return json_object_is_type(to_jsonc(array), json_type_array)
		       ? json_object_array_length(to_jsonc(array))
		       : 0;
}

struct lt_json_value *lt_json_at(const struct lt_json_value *array, size_t i)
{
	if (i >= lt_json_length(array))
		return NULL;
	return (struct lt_json_value *)json_object_array_get_idx(to_jsonc(array), i);
}

const char *lt_json_get_string(const struct lt_json_value *object, const char *key)
{
	struct json_object *member = to_jsonc(lt_json_get(object, key));

	return json_object_is_type(member, json_type_string) ? json_object_get_string(member)
							     : NULL;
}

const char *lt_json_string_of(const struct lt_json_value *value)
{
	return json_object_is_type(to_jsonc(value), json_type_string)
		       ? json_object_get_string(to_jsonc(value))
		       : "";
}

struct lt_num lt_json_num_of(const struct lt_json_value *value)
{
	struct json_object *number = to_jsonc(value);
	uint64_t val;

	/* json-c clips what does not fit to the nearest end. */
	if (!json_object_is_type(number, json_type_int) || json_object_get_int64(number) < 0)
		return (struct lt_num){ 0 };
	val = json_object_get_uint64(number);
	return val == UINT64_MAX ? (struct lt_num){ 0 } : lt_num(val);
}

bool lt_json_bool_of(const struct lt_json_value *value)
{
	return json_object_is_type(to_jsonc(value), json_type_boolean) &&
	       json_object_get_boolean(to_jsonc(value));
}

bool lt_json_get_double(const struct lt_json_value *object, const char *key, double *out)
{
	struct json_object *member = to_jsonc(lt_json_get(object, key));
	double val;

	if (!json_object_is_type(member, json_type_double) &&
	    !json_object_is_type(member, json_type_int))
		return false;
	val = json_object_get_double(member);
	if (!isfinite(val))
		return false;
	*out = val;
	return true;
}

#else /* !HAVE_JSON_C */

static int refuse(struct lt_diag *diag)
{
	lt_diag_set(diag, "ltpin was built without json-c: it writes JSON, but cannot read it");
	return -ENOSYS;
}

int lt_json_parse(const char *buf, size_t len, struct lt_json_value **out, struct lt_diag *diag)
{
	(void)buf;
	(void)len;
	(void)out;
	return refuse(diag);
}

int lt_json_visit(const char *buf, size_t len, const struct lt_json_visitor *visitor,
		  struct lt_diag *diag)
{
	(void)buf;
	(void)len;
	(void)visitor;
	return refuse(diag);
}

/* No value comes into being. */

void lt_json_value_free(struct lt_json_value *value)
{
	(void)value;
}

struct lt_json_value *lt_json_get(const struct lt_json_value *object, const char *key)
{
	(void)object;
	(void)key;
	return NULL;
}

size_t lt_json_length(const struct lt_json_value *array)
{
	(void)array;
	return 0;
}

struct lt_json_value *lt_json_at(const struct lt_json_value *array, size_t i)
{
	(void)array;
	(void)i;
	return NULL;
}

const char *lt_json_get_string(const struct lt_json_value *object, const char *key)
{
	(void)object;
	(void)key;
	return NULL;
}

const char *lt_json_string_of(const struct lt_json_value *value)
{
	(void)value;
	return "";
}

struct lt_num lt_json_num_of(const struct lt_json_value *value)
{
	(void)value;
	return (struct lt_num){ 0 };
}

bool lt_json_bool_of(const struct lt_json_value *value)
{
	(void)value;
	return false;
}

bool lt_json_get_double(const struct lt_json_value *object, const char *key, double *out)
{
	(void)object;
	(void)key;
	(void)out;
	return false;
}

#endif

int lt_json_walk(const char *buf, size_t len,
		 int (*each)(const char *key, const struct lt_json_value *value, void *arg),
		 void *arg, struct lt_diag *diag)
{
	return lt_json_visit(buf, len, &(struct lt_json_visitor){ .member = each, .arg = arg },
			     diag);
}

struct lt_num lt_json_get_num(const struct lt_json_value *object, const char *key)
{
	return lt_json_num_of(lt_json_get(object, key));
}

bool lt_json_get_bool(const struct lt_json_value *object, const char *key)
{
	return lt_json_bool_of(lt_json_get(object, key));
}
