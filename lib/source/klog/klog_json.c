// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Lines of the kernel inside JSON, and in the fields of a journal:
 *
 *	{"dmesg": [					dmesg --json in one line
 *	{"pri": 3, "time": 50.000001, "msg": "..."}	the same, a record
 *	{"fac": "kern", "pri": "err", ...}		dmesg --json -x
 *	"msg": "...",					the same, a line for each member
 *	{"MESSAGE": "...", "_SOURCE_MONOTONIC_TIMESTAMP": "50000001", "_TRANSPORT": "kernel"}
 *							journalctl -o json; MESSAGE can be bytes
 *	{"log": "...\n", "stream": "stdout"}		docker
 *	{"_source": {"message": "..."}}			search engines
 *	- {"dt": "...", "lvl": "target", "msg": "..."}	LAVA
 *	KEY "=" VALUE					journalctl -o export, verbose
 *	... "[s=" ... ";m=" HEX ";" ... "]"		head of a record, verbose
 *
 * A member or field in a line of its own is left to klog_record.c.
 */
#include "source/klog/klog_envelope.h"

#include <ctype.h>
#include <string.h>

#include "base/array_size.h"
#include "base/json.h"
#include "source/klog/klog_record.h"

static bool skip_string(struct lt_text *at)
{
	struct lt_text text = *at;

	if (!lt_text_literal(&text, "\""))
		return false;
	for (; text.pos < text.end && *text.pos != '"'; text.pos++)
		if (*text.pos == '\\' && text.pos + 1 < text.end)
			text.pos++;
	if (!lt_text_literal(&text, "\""))
		return false;
	*at = text;
	return true;
}

/* The object that begins at the cursor, up to its own end. */
static bool parse_object(struct lt_text *at, struct lt_span *out)
{
	struct lt_text text = *at;
	size_t depth = 0;

	if (text.end - text.pos > LT_JSON_TREE_MAX)
		text.end = text.pos + LT_JSON_TREE_MAX;
	while (text.pos < text.end) {
		if (*text.pos == '"') {
			if (!skip_string(&text))
				return false;
			continue;
		}
		depth += *text.pos == '{';
		depth -= *text.pos == '}';
		text.pos++;
		if (depth)
			continue;
		*out = (struct lt_span){ at->pos, (size_t)(text.pos - at->pos) };
		at->pos = text.pos;
		return true;
	}
	return false;
}

/* "{"dmesg": [": what comes are its elements. */
static bool skip_array_head(struct lt_klog_line *line)
{
	struct lt_text at = line->text;

	at.pos++;
	lt_text_blanks(&at);
	if (!skip_string(&at))
		return false;
	lt_text_blanks(&at);
	if (!lt_text_literal(&at, ":"))
		return false;
	lt_text_blanks(&at);
	if (!lt_text_literal(&at, "["))
		return false;
	lt_text_blanks(&at);
	if (lt_text_at_end(&at) || *at.pos != '{')
		return false;
	line->text = at;
	return true;
}

/* What journald keeps as bytes because it is no UTF-8. */
static bool parse_bytes(const struct lt_json_value *array, struct lt_klog_scratch *scratch,
			struct lt_text *out)
{
	size_t len = lt_json_length(array);
	char buf[1024];

	if (!len || len > sizeof(buf))
		return false;
	for (size_t i = 0; i < len; i++) {
		struct lt_num byte = lt_json_num_of(lt_json_at(array, i));

		if (!byte.known || byte.val > UINT8_MAX)
			return false;
		buf[i] = (char)byte.val;
	}
	return lt_klog_scratch_add(scratch, buf, len, out);
}

static const char *const message_keys[] = { "MESSAGE", "msg", "message", "log" };

struct search {
	struct lt_klog_scratch *scratch;
	struct lt_text *out;
};

/* 1 if @string has a message of the kernel. */
static int keep_text(const char *string, struct search *search)
{
	struct lt_text text;

	lt_text_init(&text, string, strlen(string));
	return lt_klog_find_anchor(text) &&
	       lt_klog_scratch_add(search->scratch, string, strlen(string), search->out);
}

static int find_text(const char *key, const struct lt_json_value *value, void *arg)
{
	struct search *search = arg;

	(void)key;
	if (keep_text(lt_json_string_of(value), search))
		return 1;
	/* "_source": {...}, as a search engine wraps it */
	for (size_t i = 0; i < ARRAY_SIZE(message_keys); i++) {
		const char *string = lt_json_get_string(value, message_keys[i]);

		if (string && keep_text(string, search))
			return 1;
	}
	return 0;
}

/* The message of @object, by the name that its member has, or because it is one of the kernel's. */
static bool parse_message(const struct lt_json_value *object, struct lt_span span,
			  struct lt_klog_scratch *scratch, struct lt_text *out)
{
	struct search search = { scratch, out };

	for (size_t i = 0; i < ARRAY_SIZE(message_keys); i++) {
		const char *string = lt_json_get_string(object, message_keys[i]);

		if (string && string[0])
			return lt_klog_scratch_add(scratch, string, strlen(string), out);
	}
	return parse_bytes(lt_json_get(object, "MESSAGE"), scratch, out) ||
	       lt_json_walk(span.p, span.len, find_text, &search, NULL) > 0;
}

static void parse_facts(const struct lt_json_value *object, struct lt_klog_line *line,
			struct lt_klog_scratch *scratch)
{
	struct lt_text boot_id = { 0 }, host = { 0 };
	struct lt_klog_record facts = { 0 };
	struct lt_num pri = lt_json_get_num(object, "pri");
	const char *facility = lt_json_get_string(object, "fac");
	double seconds;

	for (size_t i = 0; i < LT_KLOG_NR_JOURNAL_FACTS; i++) {
		const char *key = lt_klog_journal_facts[i];
		const char *string = lt_json_get_string(object, key);

		if (string)
			lt_klog_record_fact(&facts, key,
					    (struct lt_span){ string, strlen(string) });
	}
	if (lt_json_get_double(object, "time", &seconds))
		lt_klog_record_seconds(&facts, seconds);
	if (facts.ts_ns.known)
		line->ts_ns = facts.ts_ns;
	if (facts.boot_id_len &&
	    lt_klog_scratch_add(scratch, facts.boot_id, facts.boot_id_len, &boot_id))
		line->boot_id = lt_text_rest(&boot_id);
	if (facts.host_len && lt_klog_scratch_add(scratch, facts.host, facts.host_len, &host))
		line->host = lt_text_rest(&host);
	line->is_tagged = line->is_tagged || facts.is_kernels;
	line->is_others = line->is_others || facts.is_others || (pri.known && pri.val >= 8) ||
			  (facility && strcmp(facility, "kern"));
}

static bool parse_whole_object(struct lt_klog_line *line, struct lt_klog_scratch *scratch)
{
	struct lt_json_value *object;
	struct lt_text at = line->text, message = line->text;
	struct lt_span span;
	bool is_taken;

	if (scratch->has_no_json || !parse_object(&at, &span) ||
	    lt_json_parse(span.p, span.len, &object, NULL)) {
		scratch->has_no_json = true;
		return false;
	}
	is_taken = parse_message(object, span, scratch, &message);
	if (is_taken) {
		parse_facts(object, line, scratch);
		line->text = message;
		while (at.pos < at.end && strchr(",]} \t", *at.pos) && *at.pos)
			at.pos++;
		line->after = at;
	}
	lt_json_value_free(object);
	return is_taken;
}

/* '"key": value[,]' in a line of its own */
static bool parse_member(struct lt_klog_line *line, struct lt_klog_scratch *scratch)
{
	struct lt_text at = line->text, value, key = line->text;
	struct lt_json_value *array;
	char buf[4096];
	bool is_taken = false;
	int len;

	if (!skip_string(&at) || at.pos - key.pos < 3)
		return false;
	key.end = at.pos - 1;
	key.pos++;
	lt_text_blanks(&at);
	if (!lt_text_literal(&at, ":"))
		return false;
	lt_text_blanks(&at);
	value = at;
	if (skip_string(&at))
		value.end = at.pos;
	else
		while (value.end > value.pos && strchr(",} \t`'*|\"", value.end[-1]) &&
		       value.end[-1])
			value.end--;
	len = (int)(value.end - value.pos);
	if (len <= 0 || len > (int)sizeof(buf) - 3 || *value.pos == '{' || *value.pos == '[')
		return false;
	buf[0] = '[';
	memcpy(buf + 1, value.pos, (size_t)len);
	memcpy(buf + 1 + len, "]", 2);
	if (lt_json_parse(buf, (size_t)len + 2, &array, NULL))
		return false;
	if (*value.pos == '"') {
		const char *string = lt_json_string_of(lt_json_at(array, 0));

		is_taken = lt_klog_scratch_add(scratch, string, strlen(string), &value);
	} else {
		is_taken = true;
	}
	lt_json_value_free(array);
	if (is_taken) {
		line->key = (struct lt_span){ key.pos, (size_t)(key.end - key.pos) };
		line->text = value;
	}
	return is_taken;
}

bool lt_klog_parse_json(struct lt_klog_line *line, struct lt_klog_scratch *scratch)
{
	struct lt_text at = line->text;

	if (line->key.len)
		return false;
	if (lt_text_literal(&at, "- {") || lt_text_literal(&at, "[{")) {
		at.pos--;
		line->text = at;
		return true;
	}
	if (lt_text_at_end(&at))
		return false;
	if (*at.pos == '{')
		return skip_array_head(line) || parse_whole_object(line, scratch);
	return *at.pos == '"' && parse_member(line, scratch);
}

static bool parse_record_head(struct lt_klog_line *line)
{
	struct lt_text at = line->text;
	struct lt_span inside;

	if (!lt_text_find(&at, " [s=") || !lt_text_until(&at, "]", &inside))
		return false;
	line->key = (struct lt_span){ LT_KLOG_RECORD_HEAD, strlen(LT_KLOG_RECORD_HEAD) };
	lt_text_init(&line->text, inside.p, inside.len);
	return true;
}

bool lt_klog_parse_field(struct lt_klog_line *line, struct lt_klog_scratch *scratch)
{
	struct lt_text at = line->text;

	(void)scratch;
	if (line->key.len || line->is_tagged || line->ts_ns.known)
		return false;
	while (at.pos < at.end && (isupper((unsigned char)*at.pos) || *at.pos == '_' ||
				   (at.pos > line->text.pos && isdigit((unsigned char)*at.pos))))
		at.pos++;
	if (at.pos - line->text.pos < 3 || lt_text_at_end(&at) || *at.pos != '=')
		return parse_record_head(line);
	line->key = (struct lt_span){ line->text.pos, (size_t)(at.pos - line->text.pos) };
	at.pos++;
	line->text = at;
	return true;
}
