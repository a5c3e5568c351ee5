// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Lines of the kernel as Android's logcat prints them:
 *
 *	[stamp] ["root"] [uid] "0" "0" LEVEL tag ":"	-v threadtime, uid
 *	[stamp] LEVEL "/" tag "(" blanks "0" "):"	-v brief, time
 *	LEVEL ("/" | " ") tag ":"			-v tag; the tag is padded to 8 characters
 *	LEVEL "(" "0" [":" "0"] ") " message "  (" tag ")"	-v process, thread
 *	stamp = [day] time ["+0000"]			-v year, usec, zone, UTC
 *	      | blanks SECONDS "." FRACTION		-v monotonic, epoch
 *
 * The kernel is process 0: a line of another process is somebody else's words.
 * logd cuts the message's own tag ("cma") out of it, hence lt_klog_line.tag.
 * "-v long" has its head in brackets and the message in a line of its own.
 */
#include "source/klog/klog_envelope.h"

#include <ctype.h>
#include <string.h>

#define TAG_WIDTH 8

/* "09-24" or "2026-09-24" */
static bool skip_day(struct lt_text *text)
{
	struct lt_text at = *text;
	uint64_t number;
	int nr = 0;

	do
		if (!lt_text_u64(&at, &number))
			return false;
	while (++nr < 3 && lt_text_literal(&at, "-"));
	if (nr < 2 || !lt_text_literal(&at, " "))
		return false;
	lt_text_blanks(&at);
	*text = at;
	return true;
}

static bool skip_clock(struct lt_text *text)
{
	struct lt_text at = *text;
	struct lt_span word;

	if (!lt_text_word(&at, &word) || !lt_klog_is_clock(word))
		return false;
	lt_text_blanks(&at);
	*text = at;
	return true;
}

static void skip_zone(struct lt_text *text)
{
	struct lt_text at = *text;
	uint64_t zone;

	if (!lt_text_literal(&at, "+") && !lt_text_literal(&at, "-"))
		return;
	if (!lt_text_u64(&at, &zone) || !lt_text_literal(&at, " "))
		return;
	lt_text_blanks(&at);
	*text = at;
}

/* Of "-v monotonic" it is the kernel's clock; "-v epoch" has a time since 1970. */
static void parse_seconds(struct lt_text *text, struct lt_num *ts_ns)
{
	struct lt_text at = *text;
	struct lt_num stamp = { 0 };
	uint64_t sec, frac;
	size_t nr_digits;

	if (!lt_klog_stamp_parse(&at, &stamp, &nr_digits) &&
	    (!lt_text_u64(&at, &sec) || !lt_text_literal(&at, ".") || !lt_text_u64(&at, &frac)))
		return;
	if (!lt_text_literal(&at, " "))
		return;
	lt_text_blanks(&at);
	if (stamp.known)
		*ts_ns = stamp;
	*text = at;
}

static bool skip_level(struct lt_text *at)
{
	if (lt_text_at_end(at) || !*at->pos || !strchr("VDIWEFS", *at->pos))
		return false;
	at->pos++;
	return true;
}

static struct lt_span trim(struct lt_span span)
{
	while (span.len && span.p[span.len - 1] == ' ')
		span.len--;
	return span;
}

/* The cursor stands behind the time. False if it is no line of logcat. */
static bool parse_threadtime(struct lt_text *text, uint64_t *pid, struct lt_span *tag)
{
	uint64_t tid, uid;
	struct lt_text at = *text, column;

	lt_text_blanks(&at);
	(void)lt_text_literal(&at, "root ");
	lt_text_blanks(&at);
	if (!lt_text_u64(&at, pid) || !lt_text_literal(&at, " "))
		return false;
	lt_text_blanks(&at);
	if (!lt_text_u64(&at, &tid) || !lt_text_literal(&at, " "))
		return false;
	lt_text_blanks(&at);
	column = at;
	if (lt_text_u64(&column, &uid) && lt_text_literal(&column, " ")) {
		/* three numbers: -v uid */
		*pid = tid;
		at = column;
		lt_text_blanks(&at);
	}
	if (!skip_level(&at) || !lt_text_literal(&at, " ") || !lt_text_until(&at, ":", tag))
		return false;
	*text = at;
	return true;
}

static bool parse_brief(struct lt_text *text, uint64_t *pid, struct lt_span *tag)
{
	struct lt_text at = *text;

	if (!skip_level(&at) || !lt_text_literal(&at, "/") || !lt_text_until(&at, "(", tag))
		return false;
	lt_text_blanks(&at);
	if (!lt_text_u64(&at, pid) || !lt_text_literal(&at, "):"))
		return false;
	*text = at;
	return true;
}

static bool is_name(struct lt_span tag)
{
	for (size_t i = 0; i < tag.len; i++)
		if (!isalnum((unsigned char)tag.p[i]) && !strchr("_.-", tag.p[i]))
			return false;
	return tag.len && isalpha((unsigned char)tag.p[0]);
}

/* No process is told. "I x: y" can be a sentence: without "/" the tag must be padded. */
static bool parse_tag(struct lt_text *text, uint64_t *pid, struct lt_span *tag)
{
	struct lt_text at = *text;
	bool has_slash;

	if (!skip_level(&at))
		return false;
	has_slash = lt_text_literal(&at, "/");
	if ((!has_slash && !lt_text_literal(&at, " ")) || !lt_text_until(&at, ":", tag) ||
	    tag->len < (has_slash ? 1 : TAG_WIDTH) || !is_name(trim(*tag)) ||
	    !lt_text_literal(&at, " "))
		return false;
	*pid = 0;
	*text = at;
	return true;
}

/* The tag stands at the end of the line. */
static bool parse_process(struct lt_text *text, uint64_t *pid, struct lt_span *tag)
{
	struct lt_text at = *text, end;
	struct lt_span message, name;
	uint64_t tid;

	if (!skip_level(&at) || !lt_text_literal(&at, "("))
		return false;
	lt_text_blanks(&at);
	if (!lt_text_u64(&at, pid))
		return false;
	if (lt_text_literal(&at, ":")) {
		lt_text_blanks(&at);
		if (!lt_text_u64(&at, &tid))
			return false;
	}
	if (!lt_text_literal(&at, ") "))
		return false;
	end = at;
	if (lt_text_until_last(&end, "  (", &message) && lt_text_until(&end, ")", &name)) {
		*tag = name;
		at.end = message.p + message.len;
	}
	*text = at;
	return true;
}

bool lt_klog_parse_logcat(struct lt_klog_line *line, struct lt_klog_scratch *scratch)
{
	struct lt_text at = line->text;
	struct lt_num ts_ns = line->ts_ns;
	struct lt_span tag = { 0 };
	uint64_t pid;

	(void)scratch;
	if (line->is_tagged)
		return false;
	if (skip_day(&at)) {
		if (!skip_clock(&at))
			return false;
		skip_zone(&at);
	} else {
		parse_seconds(&at, &ts_ns);
	}
	if (!parse_threadtime(&at, &pid, &tag) && !parse_brief(&at, &pid, &tag) &&
	    !parse_process(&at, &pid, &tag) && !parse_tag(&at, &pid, &tag))
		return false;
	(void)lt_text_literal(&at, " ");
	line->ts_ns = ts_ns;
	line->is_others = line->is_others || pid;
	line->is_tagged = true;
	line->text = at;
	line->tag = trim(tag);
	if (lt_span_is(line->tag, "kernel"))
		line->tag.len = 0;
	return true;
}
