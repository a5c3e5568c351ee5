// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A record of `journalctl -o json` in a line, all of whose members are strings without escapes:
 *
 *	"{" KEY ":" VALUE {"," KEY ":" VALUE} "}"
 *
 * Bytes as an array, numbers, and what other programs call a message are left to klog_json.c.
 */
#include "source/klog/klog_quiet.h"

#include "base/array_size.h"
#include "base/escape.h"
#include "base/json.h"
#include "source/klog/klog_record.h"

struct members {
	struct lt_span message, facts[LT_KLOG_NR_JOURNAL_FACTS];
};

static bool parse_string(struct lt_text *at, struct lt_span *out)
{
	const char *end;

	if (!lt_text_literal(at, "\""))
		return false;
	end = memchr(at->pos, '"', (size_t)(at->end - at->pos));
	if (!end)
		return false;
	*out = (struct lt_span){ at->pos, (size_t)(end - at->pos) };
	at->pos = end + 1;
	return true;
}

/* What dmesg and search engines write has other names, all of small letters. */
static bool is_of_others(struct lt_span key)
{
	return !key.len || (key.p[0] >= 'a' && key.p[0] <= 'z');
}

/* False if it was told before, which no journal does. */
static bool keep_member(struct members *members, struct lt_span key, struct lt_span value)
{
	struct lt_span *to = lt_span_is(key, "MESSAGE") ? &members->message : NULL;

	for (size_t i = 0; !to && i < LT_KLOG_NR_JOURNAL_FACTS; i++)
		if (lt_span_is(key, lt_klog_journal_facts[i]))
			to = &members->facts[i];
	if (is_of_others(key) || (to && to->p))
		return false;
	if (to)
		*to = value;
	return true;
}

static bool parse_members(struct lt_text at, struct members *out)
{
	struct lt_span key, value;

	if (!lt_text_literal(&at, "{"))
		return false;
	do {
		lt_text_blanks(&at);
		if (!parse_string(&at, &key))
			return false;
		lt_text_blanks(&at);
		if (!lt_text_literal(&at, ":"))
			return false;
		lt_text_blanks(&at);
		if (!parse_string(&at, &value) || !keep_member(out, key, value))
			return false;
		lt_text_blanks(&at);
	} while (lt_text_literal(&at, ","));
	return lt_text_literal(&at, "}") && lt_text_at_end(&at);
}

static void parse_facts(const struct members *members, struct lt_klog_line *out)
{
	struct lt_klog_record record = { 0 };

	for (size_t i = 0; i < LT_KLOG_NR_JOURNAL_FACTS; i++) {
		const struct lt_span value = members->facts[i];

		if (!value.p)
			continue;
		lt_klog_record_fact(&record, lt_klog_journal_facts[i], value);
		/* What is kept of a value is its begin. */
		if (record.boot_id_len && !out->boot_id.len)
			out->boot_id = (struct lt_span){ value.p, record.boot_id_len };
		if (record.host_len && !out->host.len)
			out->host = (struct lt_span){ value.p, record.host_len };
	}
	out->ts_ns = record.ts_ns;
	out->is_others = record.is_others;
}

bool lt_klog_quiet_journal(struct lt_text raw, struct lt_klog_line *out)
{
	struct members members = { 0 };
	const size_t len = (size_t)(raw.end - raw.pos);

	if (len > LT_JSON_TREE_MAX || memchr(raw.pos, '\\', len) ||
	    !lt_escape_is_plain(raw.pos, len) || !parse_members(raw, &members) ||
	    !members.message.len)
		return false;
	lt_text_init(&out->text, members.message.p, members.message.len);
	parse_facts(&members, out);
	return out->ts_ns.known;
}
