// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/base/json.c. */
#include "test.h"

#include <errno.h>
#include <math.h>

#include "base/json.h"

struct written {
	FILE *out;
	char *text;
	size_t len;
	struct lt_json *json;
};

static void begin(struct written *w)
{
	w->out = open_memstream(&w->text, &w->len);
	assert_non_null(w->out);
	w->json = lt_json_new(w->out);
	assert_non_null(w->json);
}

static void check_end(struct written *w, const char *want)
{
	assert_int_equal(lt_json_end(w->json), 0);
	fclose(w->out);
	assert_string_equal(w->text, want);
	free(w->text);
}

static void what_is_not_known_is_left_out(void **state)
{
	struct written w;

	(void)state;
	begin(&w);
	lt_json_object(w.json, NULL);
	lt_json_string(w.json, "absent", NULL);
	lt_json_num(w.json, "unknown", (struct lt_num){ 0 });
	lt_json_double(w.json, "infinite", INFINITY);
	lt_json_double(w.json, "nan", NAN);
	lt_json_num(w.json, "zero", lt_num(0));
	check_end(&w, "{\n  \"zero\": 0\n}\n");
}

static void records_are_one_line_each(void **state)
{
	struct written w;

	(void)state;
	begin(&w);
	lt_json_object(w.json, NULL);
	lt_json_string(w.json, "schema", "a/1");
	lt_json_array(w.json, "empty");
	lt_json_close(w.json);
	lt_json_array(w.json, "pins");
	for (unsigned int i = 0; i < 2; i++) {
		lt_json_object(w.json, NULL);
		lt_json_u64(w.json, "pfn", 16 + i);
		lt_json_array(w.json, "stack");
		lt_json_string(w.json, NULL, "a/b");
		lt_json_close(w.json);
		lt_json_close(w.json);
	}
	lt_json_close(w.json);
	lt_json_object(w.json, "kernel");
	lt_json_bool(w.json, "live", true);
	lt_json_object(w.json, "options");
	lt_json_string(w.json, "CMA", "y");
	check_end(&w, "{\n"
		      "  \"schema\": \"a/1\",\n"
		      "  \"empty\": [],\n"
		      "  \"pins\": [\n"
		      "    { \"pfn\": 16, \"stack\": [ \"a/b\" ] },\n"
		      "    { \"pfn\": 17, \"stack\": [ \"a/b\" ] }\n"
		      "  ],\n"
		      "  \"kernel\": {\n"
		      "    \"live\": true,\n"
		      "    \"options\": { \"CMA\": \"y\" }\n"
		      "  }\n"
		      "}\n");
}

static void numbers_keep_their_value(void **state)
{
	struct written w;

	(void)state;
	begin(&w);
	lt_json_array(w.json, NULL);
	lt_json_u64(w.json, NULL, UINT64_MAX);
	lt_json_double(w.json, NULL, 0.1);
	lt_json_double(w.json, NULL, 1.0 / 3);
	lt_json_double(w.json, NULL, 21);
	check_end(&w, "[\n  18446744073709551615,\n  0.1,\n  0.333333333333,\n  21\n]\n");
}

static void quotes_and_keys_are_escaped(void **state)
{
	struct written w;

	(void)state;
	begin(&w);
	lt_json_object(w.json, NULL);
	lt_json_string(w.json, "a\"b", "\\x1b \" \n");
	check_end(&w, "{\n  \"a\\\"b\": \"\\\\x1b \\\" \\n\"\n}\n");
}

static void a_full_disk_is_reported(void **state)
{
	FILE *full = fopen("/dev/full", "w");
	struct lt_json *json;

	(void)state;
	if (!full)
		return;
	json = lt_json_new(full);
	lt_json_object(json, NULL);
	assert_int_equal(lt_json_end(json), -ENOSPC);
	fclose(full);
}

static void nesting_without_end_is_refused(void **state)
{
	struct written w;

	(void)state;
	begin(&w);
	for (unsigned int i = 0; i < 100; i++)
		lt_json_array(w.json, NULL);
	lt_json_u64(w.json, NULL, 1);
	assert_int_equal(lt_json_end(w.json), -EOVERFLOW);
	fclose(w.out);
	free(w.text);
}

static void a_document_is_read_back(void **state)
{
	static const char text[] = "{\"n\":18446744073709551614,\"neg\":-1,\"s\":\"x\",\"b\":true,"
				   "\"d\":1.5,\"a\":[{\"n\":0}],\"big\":99999999999999999999}\n ";
	struct lt_json_value *doc = NULL;
	struct lt_diag diag = { 0 };
	double d = 0;

	(void)state;
	assert_int_equal(lt_json_parse(text, strlen(text), &doc, &diag), 0);
	assert_num(lt_json_get_num(doc, "n"), 18446744073709551614u);
	assert_unknown(lt_json_get_num(doc, "neg"));
	assert_unknown(lt_json_get_num(doc, "big"));
	assert_unknown(lt_json_get_num(doc, "d"));
	assert_unknown(lt_json_get_num(doc, "s"));
	assert_unknown(lt_json_get_num(doc, "nothing"));
	assert_string_equal(lt_json_get_string(doc, "s"), "x");
	assert_null(lt_json_get_string(doc, "n"));
	assert_true(lt_json_get_bool(doc, "b"));
	assert_false(lt_json_get_bool(doc, "s"));
	assert_true(lt_json_get_double(doc, "d", &d));
	assert_true(d > 1.4 && d < 1.6);
	assert_false(lt_json_get_double(doc, "s", &d));
	assert_int_equal(lt_json_length(lt_json_get(doc, "a")), 1);
	assert_num(lt_json_get_num(lt_json_at(lt_json_get(doc, "a"), 0), "n"), 0);
	assert_null(lt_json_at(lt_json_get(doc, "a"), 1));
	assert_int_equal(lt_json_length(doc), 0);
	assert_int_equal(lt_json_length(NULL), 0);
	assert_null(lt_json_get(NULL, "a"));
	lt_json_value_free(doc);
	lt_json_value_free(NULL);
}

static void check_refused(const char *text, size_t len, unsigned int line, unsigned int column)
{
	struct lt_json_value *doc = NULL;
	struct lt_diag diag = { 0 };

	assert_int_equal(lt_json_parse(text, len, &doc, &diag), -EBADMSG);
	assert_null(doc);
	assert_int_equal(diag.line, line);
	assert_int_equal(diag.column, column);
	assert_true(diag.why[0]);
}

static void what_is_not_json_is_located(void **state)
{
	char deep[64];

	(void)state;
	check_refused("", 0, 1, 1);
	check_refused("{\"a\":1,\n\"b\":}", 13, 2, 5);
	check_refused("{\"a\":1", 6, 1, 7);
	check_refused("{} x", 4, 1, 4);
	check_refused("{}\0{}", 5, 1, 3);
	check_refused("17", 2, 1, 3);
	check_refused("{\"a\":\"\xff\"}", 9, 1, 7);
	memset(deep, '[', sizeof(deep));
	check_refused(deep, sizeof(deep), 1, 33);
}

static int note_member(const char *key, const struct lt_json_value *value, void *arg)
{
	struct lt_num pfn = lt_json_get_num(value, "pfn");
	char *text = arg;

	sprintf(text + strlen(text), "%s:%d ", key, pfn.known ? (int)pfn.val : -1);
	return strcmp(key, "stop") ? 0 : 5;
}

static void check_walk(const char *doc, int want_ret, const char *want)
{
	struct lt_diag diag = { 0 };
	char text[256] = "";
	int ret = lt_json_walk(doc, strlen(doc), note_member, text, &diag);

	if (ret != want_ret || strcmp(text, want) || (ret < 0) != (diag.why[0] && diag.line))
		fail_msg("%s: %d \"%s\" %s", doc, ret, text, diag.why);
}

static void a_document_is_walked_record_by_record(void **state)
{
	(void)state;
	check_walk("{}", 0, "");
	check_walk(" { \"a\" : 1 ,\n\"b\":[ ],\"c\":[{\"pfn\":3},{\"pfn\":4}] ,"
		   " \"d\":{\"pfn\":5}}\n",
		   0, "a:-1 c:3 c:4 d:5 ");
	check_walk("{\"a\": [[1], 2]}", 0, "a:-1 a:-1 ");
	check_walk("{\"stop\": 1, \"a\": }", 5, "stop:-1 ");
	check_walk("{\"a\": {\"pfn\": 1}", -EBADMSG, "a:1 ");
	check_walk("{\"a\": [{\"pfn\": 1}", -EBADMSG, "a:1 ");
	check_walk("{\"a\": [{\"pfn\": 1},]}", -EBADMSG, "a:1 ");
	check_walk("{\"a\": {\"pfn\": ", -EBADMSG, "");
	check_walk("{\"a\" 1}", -EBADMSG, "");
	check_walk("{1: 2}", -EBADMSG, "");
	check_walk("{\"a\": 1} x", -EBADMSG, "a:-1 ");
	check_walk("{\"a\": \"\xff\"}", -EBADMSG, "");
	check_walk("[]", -EBADMSG, "");
	check_walk("", -EBADMSG, "");
}

static int note_array(const char *key, void *arg)
{
	sprintf((char *)arg + strlen(arg), "%s[ ", key);
	return 0;
}

static int note_field(const char *key, const struct lt_json_value *value, void *arg)
{
	strcat(arg, ".");
	return note_member(key, value, arg);
}

static int note_end(void *arg)
{
	strcat(arg, "; ");
	return 0;
}

static void check_visit(const char *doc, int want_ret, const char *want)
{
	char text[512] = "";
	const struct lt_json_visitor visitor = {
		.member = note_member,
		.records = "r",
		.field = note_field,
		.end = note_end,
		.array = note_array,
		.arg = text,
	};
	struct lt_diag diag = { 0 };
	int ret = lt_json_visit(doc, strlen(doc), &visitor, &diag);

	if (ret != want_ret || strcmp(text, want))
		fail_msg("%s: %d \"%s\" %s", doc, ret, text, diag.why);
}

static void records_are_visited_field_by_field(void **state)
{
	(void)state;
	check_visit("{\"r\": []}", 0, "r[ ");
	check_visit(
		"{\"r\": [{}, { \"a\": 1, \"b\": [ {\"pfn\": 3}, {\"pfn\": 4} ], \"r\": [{}] }, 7],"
		"\"c\": {\"pfn\": 5}, \"b\": [{\"pfn\": 6}]}",
		0, "r[ ; .a:-1 b[ .b:3 .b:4 r[ .r:-1 ; r:-1 c:5 b[ b:6 ");
	check_visit("{\"r\": {\"a\": 1}}", 0, "r:-1 ");
	check_visit("{\"r\": [{\"a\": 1}", -EBADMSG, "r[ .a:-1 ; ");
	check_visit("{\"r\": [{\"a\": 1", -EBADMSG, "r[ ");
	check_visit("{\"r\": [{\"stop\": 1}]}", 5, "r[ .stop:-1 ");
}

/* Nothing of this length becomes a tree, which would take 265 bytes a byte. */
static void a_long_document_is_no_tree(void **state)
{
	size_t len = LT_JSON_TREE_MAX + 1;
	char *text = malloc(len);
	struct lt_json_value *doc = NULL;
	struct lt_diag diag = { 0 };

	(void)state;
	memset(text, ' ', len);
	text[0] = '{';
	text[len - 2] = '}';
	assert_int_equal(lt_json_parse(text, len, &doc, &diag), -EBADMSG);
	assert_non_null(strstr(diag.why, "larger than any"));
	assert_int_equal(lt_json_parse(text, len - 1, &doc, NULL), 0);
	lt_json_value_free(doc);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_known_is_left_out),
		cmocka_unit_test(records_are_one_line_each),
		cmocka_unit_test(numbers_keep_their_value),
		cmocka_unit_test(quotes_and_keys_are_escaped),
		cmocka_unit_test(a_full_disk_is_reported),
		cmocka_unit_test(nesting_without_end_is_refused),
		cmocka_unit_test(a_document_is_read_back),
		cmocka_unit_test(what_is_not_json_is_located),
		cmocka_unit_test(a_document_is_walked_record_by_record),
		cmocka_unit_test(records_are_visited_field_by_field),
		cmocka_unit_test(a_long_document_is_no_tree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
