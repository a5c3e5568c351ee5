// SPDX-License-Identifier: LGPL-2.1-or-later
/* Reading JSON, by way of json-c; nothing else includes it. */
#include "base/json.h"

#include <errno.h>

#ifdef HAVE_JSON_C

#include <json-c/json.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define DEPTH_MAX 32
#define ROOM_MIN 31 /* what json-c's buffer takes without growing */

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

/* A document that is taken in piece by piece. */
struct walk {
	const char *buf;
	size_t len, at;
	size_t tree_end; /* no tree that was begun goes on behind it */
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

static bool walk_is_end(struct walk *walk)
{
	return !walk_is_at(walk, ' ') && walk->at == walk->len;
}

static int walk_expected(const struct walk *walk, const char *what)
{
	return walk_fail(walk, walk->at == walk->len ? "the document ends too early" : what);
}

/*
 * json-c copies the locale for each call, and glibc keeps a part of that for good, unless it is
 * that of C.
 */
static struct json_object *parse_in_c(struct json_tokener *tok, const char *text, size_t len)
{
	static locale_t c;
	locale_t before;
	struct json_object *value;

	if (!c)
		c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	before = uselocale(c);
	value = json_tokener_parse_ex(tok, text, (int)len);
	uselocale(before);
	return value;
}

/* Room for a text of @len in json-c's buffer, which keeps it. */
static int make_room(struct json_tokener *tok, size_t len)
{
	char *text = malloc(len + 2);
	struct json_object *value;
	int err;

	if (!text)
		return -ENOMEM;
	memset(text, ' ', len + 2);
	text[0] = text[len + 1] = '"';
	json_tokener_reset(tok);
	value = parse_in_c(tok, text, len + 2);
	err = (size_t)json_object_get_string_len(value) == len ? 0 : -ENOMEM;
	json_object_put(value);
	free(text);
	return err;
}

/* Whether @value is certainly all of the @len bytes at @text; a few have room from the start. */
static bool is_whole(const char *text, size_t len, const struct json_object *value)
{
	return len < ROOM_MIN ||
	       (json_object_is_type(value, json_type_string) && !memchr(text, '\\', len) &&
		(size_t)json_object_get_string_len(value) == len - 2);
}

/*
 * json-c 0.16 does not look whether there was memory: for a long text, which is cut then, nor for
 * a key, for which it uses NULL. So what may have been cut is read again with room for it, and
 * json-c is never given what has keys.
 */
static int ask_jsonc(struct json_tokener *tok, const char *text, size_t len,
		     struct json_object **out)
{
	struct json_object *value = NULL;
	size_t end;

	for (int i = 0;; i++) {
		json_tokener_reset(tok);
		value = parse_in_c(tok, text, len);
		end = json_tokener_get_parse_end(tok);
		if (json_tokener_get_error(tok) != json_tokener_success)
			return 0;
		if (!value && *text != 'n')
			return -ENOMEM;
		if (i || is_whole(text, end, value))
			break;
		json_object_put(value);
		if (make_room(tok, end))
			return -ENOMEM;
	}
	*out = value;
	return 0;
}

/* Bytes of a string of plain characters, quotes included; 0 for any other. */
static size_t plain_string(const char *text, size_t len)
{
	size_t at = 1;

	if (*text != '"')
		return 0;
	while (at < len && text[at] >= ' ' && text[at] <= '~' && text[at] != '"' &&
	       text[at] != '\\')
		at++;
	return at < len && text[at] == '"' ? at + 1 : 0;
}

static int walk_begin(struct walk *walk)
{
	walk->tok = json_tokener_new_ex(DEPTH_MAX);
	if (!walk->tok)
		return -ENOMEM;
	json_tokener_set_flags(walk->tok, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8 |
						  JSON_TOKENER_ALLOW_TRAILING_CHARS);
	return 0;
}

/* A string, a number or a word. */
static int walk_scalar(struct walk *walk, struct json_object **out)
{
	size_t left = walk->len - walk->at, most, plain;
	enum json_tokener_error err;
	const char *at = walk->buf + walk->at;
	int ret;

	if (walk->at > walk->tree_end)
		return walk_fail(walk, "a value is too long");
	most = walk->tree_end - walk->at < left ? walk->tree_end - walk->at : left;
	plain = most ? plain_string(at, most) : 0;
	if (plain) { /* most are, and json-c sets a locale for each call */
		*out = json_object_new_string_len(at + 1, (int)plain - 2);
		walk->at += plain;
		return *out ? 0 : -ENOMEM;
	}
	ret = most ? ask_jsonc(walk->tok, at, most, out) : 0;
	if (ret)
		return ret;
	err = most ? json_tokener_get_error(walk->tok) : json_tokener_continue;
	if (err == json_tokener_continue && most < left)
		return walk_fail(walk, "a value is too long");
	if (err == json_tokener_continue)
		return fail_at(walk->buf, walk->len, "the document ends too early", walk->diag);
	walk->at += json_tokener_get_parse_end(walk->tok);
	return err == json_tokener_success ? 0 : walk_fail(walk, json_tokener_error_desc(err));
}

static int walk_tree(struct walk *walk, int depth, struct json_object **out);

/* The key of a member, and the colon behind it. */
static int walk_key(struct walk *walk, struct json_object **key)
{
	int ret = walk_is_at(walk, '"') ? walk_scalar(walk, key)
					: walk_expected(walk, "expected a key and a colon");

	if (ret || walk_literal(walk, ':'))
		return ret;
	json_object_put(*key);
	return walk_expected(walk, "expected a key and a colon");
}

static int walk_tree_member(struct walk *walk, int depth, struct json_object *object)
{
	struct json_object *key, *value;
	int ret = walk_key(walk, &key);

	if (ret)
		return ret;
	ret = walk_tree(walk, depth, &value);
	if (!ret && json_object_object_add(object, json_object_get_string(key), value)) {
		json_object_put(value);
		ret = -ENOMEM;
	}
	json_object_put(key);
	return ret;
}

static int walk_tree_element(struct walk *walk, int depth, struct json_object *array)
{
	struct json_object *value;
	int ret = walk_tree(walk, depth, &value);

	if (!ret && json_object_array_add(array, value)) {
		json_object_put(value);
		ret = -ENOMEM;
	}
	return ret;
}

/* What stands between brackets. */
static int walk_inside(struct walk *walk, int depth, struct json_object *tree)
{
	bool is_object = json_object_is_type(tree, json_type_object);
	char end = is_object ? '}' : ']';
	int ret;

	if (depth > DEPTH_MAX)
		return walk_fail(walk, json_tokener_error_desc(json_tokener_error_depth));
	walk->at++;
	if (walk_literal(walk, end))
		return 0;
	do
		ret = (is_object ? walk_tree_member : walk_tree_element)(walk, depth, tree);
	while (!ret && walk_literal(walk, ','));
	if (!ret && !walk_literal(walk, end))
		ret = walk_expected(walk, is_object ? "expected a comma or the end of the object"
						    : "expected a comma or the end of the array");
	return ret;
}

static int walk_tree(struct walk *walk, int depth, struct json_object **out)
{
	bool is_object = walk_is_at(walk, '{');
	struct json_object *tree;
	int ret;

	if (!is_object && !walk_is_at(walk, '['))
		return walk_scalar(walk, out);
	tree = is_object ? json_object_new_object() : json_object_new_array();
	if (!tree)
		return -ENOMEM;
	ret = walk_inside(walk, depth + 1, tree);
	if (ret)
		json_object_put(tree);
	else
		*out = tree;
	return ret;
}

static int walk_value(struct walk *walk, struct json_object **out)
{
	walk->tree_end = walk->at + LT_JSON_TREE_MAX;
	return walk_tree(walk, 0, out);
}

static int parse(struct walk *walk, struct json_object **out)
{
	bool is_tree = walk_is_at(walk, '{') || walk_is_at(walk, '[');
	int ret = walk_value(walk, out);

	if (ret)
		return ret;
	if (!is_tree)
		ret = fail_at(walk->buf, 0, "expected an object or an array", walk->diag);
	else if (!walk_is_end(walk))
		ret = walk_fail(walk, "something follows the document");
	if (ret)
		json_object_put(*out);
	return ret;
}

int lt_json_parse(const char *buf, size_t len, struct lt_json_value **out, struct lt_diag *diag)
{
	struct walk walk = { .buf = buf, .len = len, .diag = diag };
	struct json_object *value;
	int ret;

	if (len > LT_JSON_TREE_MAX)
		return fail_at(buf, 0, "larger than any document of this kind", diag);
	ret = walk_begin(&walk);
	if (ret)
		return ret;
	ret = parse(&walk, &value);
	json_tokener_free(walk.tok);
	if (!ret)
		*out = (struct lt_json_value *)value;
	return ret;
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
	return ret || !walk->visitor->end ? ret : walk->visitor->end(walk->visitor->arg);
}

/* One value, as a tree. */
static int walk_one(struct walk *walk, const char *key)
{
	const struct lt_json_visitor *visitor = walk->visitor;
	int (*each)(const char *key, const struct lt_json_value *value, void *arg);
	struct json_object *value;
	int ret = walk_value(walk, &value);

	if (ret)
		return ret;
	each = walk->is_in_record ? visitor->field : visitor->member;
	ret = each ? each(key, (struct lt_json_value *)value, visitor->arg) : 0;
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
	int ret;

	walk->tree_end = walk->at + LT_JSON_TREE_MAX;
	ret = walk_key(walk, &key);
	if (ret)
		return ret;
	if (walk_literal(walk, '['))
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
	if (!ret && !walk_is_end(walk))
		ret = walk_fail(walk, "something follows the document");
	return ret;
}

int lt_json_visit(const char *buf, size_t len, const struct lt_json_visitor *visitor,
		  struct lt_diag *diag)
{
	struct walk walk = { .buf = buf, .len = len, .visitor = visitor, .diag = diag };
	int ret = walk_begin(&walk);

	if (ret)
		return ret;
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

int lt_json_each(const struct lt_json_value *object,
		 int (*each)(const char *key, const struct lt_json_value *value, void *arg),
		 void *arg)
{
	int err = 0;

	if (!json_object_is_type(to_jsonc(object), json_type_object))
		return 0;
	json_object_object_foreach(to_jsonc(object), key, member)
	{
		if (!err)
			err = each(key, (const struct lt_json_value *)member, arg);
	}
	return err;
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

int lt_json_each(const struct lt_json_value *object,
		 int (*each)(const char *key, const struct lt_json_value *value, void *arg),
		 void *arg)
{
	(void)object;
	(void)each;
	(void)arg;
	return 0;
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
