// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What stands before the message in a line of a kernel log:
 *
 *	line    = [rest of a stamp "]"] marks [keeper marks] message
 *	marks   = {"<" N ">" | "[" group "]" | "(" CPU ")" | blank}
 *	group   = blanks SECONDS "." FRACTION ["s"]	printk.time; the stamp that is kept
 *		| blanks ("T" TID | "C" CPU)		CONFIG_PRINTK_CALLER
 *		| CPU ":" blanks COMM ":" blanks PID	Samsung
 *		| PID ":" COMM				MediaTek, after "(" CPU ")"
 *		| "pid:" PID ",cpu" CPU "," COMM	HiSilicon
 *		| anything				a date, "+0.047311", "name:cma&"
 *	keeper  = "kern" blanks ":" level ":"		dmesg -x
 *		| {word} "kernel:"			syslog (RFC 3164, ISO 8601), journalctl short*
 *		| "1 " stamp host "kernel" word word word	syslog (RFC 5424)
 *		| stamp					dmesg --time-format iso
 *		| [date] time [uid] "0" "0" LEVEL tag ":"	logcat -v threadtime
 *		| [date time] LEVEL "/" tag "(" blanks "0" "):"	logcat -v brief, time
 *
 * The kernel is facility 0 and process 0: "<14>", "daemon.info" and a logcat
 * line of another process are somebody else's words. A word that ends in a
 * colon and is not "kernel:" is the tag of a program: what follows is its
 * message, not the kernel's. logd cuts the message's own tag ("cma") out of it
 * and pads it to eight characters, hence lt_klog_line.tag.
 *
 * Samsung's form is in the mail that introduced the bitmap line (2016); the
 * others are written by hand in test/logs.
 */
#include "source/klog/klog_line.h"

#include <string.h>

#include "base/array_size.h"

/* Date, host and the like; a syslog line has no more before its tag. */
#define NR_WORDS_MAX 8

/* Levels, stamps, tasks and the like; nobody writes more. */
#define NR_MARKS_MAX 16

#define NSEC_PER_SEC 1000000000u

/* <N> with a facility other than the kernel's, which is 0 */
#define NR_LEVELS 8

bool lt_klog_context_is_other(const struct lt_klog_context *a, const struct lt_klog_context *b)
{
	bool a_known = a->is_task || a->is_interrupt, b_known = b->is_task || b->is_interrupt;

	return a_known && b_known && (a->is_task != b->is_task || a->id != b->id);
}

bool lt_klog_is_soon(struct lt_num before, struct lt_num after, uint64_t ns)
{
	return !before.known || !after.known ||
	       (after.val >= before.val && after.val - before.val <= ns);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool take_stamp(struct lt_text group, struct lt_num *ts_ns)
{
	uint64_t sec, frac, ns = 1;
	ptrdiff_t digits;
	const char *from;

	lt_text_blanks(&group);
	if (!lt_text_u64(&group, &sec) || !lt_text_literal(&group, "."))
		return false;
	from = group.pos;
	if (!lt_text_u64(&group, &frac))
		return false;
	digits = group.pos - from;
	(void)lt_text_literal(&group, "s");
	if (!lt_text_at_end(&group) || digits > 9 || sec > UINT64_MAX / NSEC_PER_SEC - 1)
		return false;
	for (; digits < 9; digits++)
		ns *= 10;
	*ts_ns = lt_num(sec * NSEC_PER_SEC + frac * ns);
	return true;
}

static bool take_printk_caller(struct lt_text group, struct lt_klog_context *by)
{
	bool is_task;
	uint64_t id;

	lt_text_blanks(&group);
	is_task = lt_text_literal(&group, "T");
	if ((!is_task && !lt_text_literal(&group, "C")) || !lt_text_u64(&group, &id) ||
	    !lt_text_at_end(&group))
		return false;
	*by = (struct lt_klog_context){ .is_task = is_task, .is_interrupt = !is_task, .id = id };
	return true;
}

/* The cursor stands at the name. */
static bool take_task(struct lt_text group, uint64_t pid, struct lt_klog_context *by)
{
	struct lt_span comm = lt_text_rest(&group);

	if (!comm.len)
		return false;
	*by = (struct lt_klog_context){ .is_task = true, .id = pid, .comm = comm };
	return true;
}

static bool take_samsung(struct lt_text group, struct lt_klog_context *by)
{
	struct lt_text name;
	struct lt_span comm;
	uint64_t cpu, pid;

	if (!lt_text_u64(&group, &cpu) || !lt_text_literal(&group, ":"))
		return false;
	lt_text_blanks(&group);
	if (!lt_text_until_last(&group, ":", &comm))
		return false;
	lt_text_blanks(&group);
	if (!lt_text_u64(&group, &pid) || !lt_text_at_end(&group))
		return false;
	lt_text_init(&name, comm.p, comm.len);
	return take_task(name, pid, by);
}

static bool take_mediatek(struct lt_text group, struct lt_klog_context *by)
{
	uint64_t pid;

	return lt_text_u64(&group, &pid) && lt_text_literal(&group, ":") &&
	       take_task(group, pid, by);
}

static bool take_hisilicon(struct lt_text group, struct lt_klog_context *by)
{
	uint64_t pid, cpu;

	return lt_text_literal(&group, "pid:") && lt_text_u64(&group, &pid) &&
	       lt_text_literal(&group, ",cpu") && lt_text_u64(&group, &cpu) &&
	       lt_text_literal(&group, ",") && take_task(group, pid, by);
}

static bool skip_level(struct lt_text *text, bool *is_kernels)
{
	struct lt_text at = *text;
	uint64_t level;

	if (!lt_text_literal(&at, "<") || !lt_text_u64(&at, &level) || !lt_text_literal(&at, ">"))
		return false;
	*is_kernels = *is_kernels && level < NR_LEVELS;
	*text = at;
	return true;
}

static bool skip_group(struct lt_klog_line *line)
{
	struct lt_text at = line->text, group;
	bool has_cpu = lt_text_literal(&at, "(");
	struct lt_span span;
	uint64_t cpu;

	if (has_cpu && (!lt_text_u64(&at, &cpu) || !lt_text_literal(&at, ")")))
		return false;
	if (!lt_text_literal(&at, "[") || !lt_text_until(&at, "]", &span))
		return false;
	lt_text_init(&group, span.p, span.len);
	if (!line->ts_ns.known && take_stamp(group, &line->ts_ns))
		;
	else if (!line->by.is_task && !line->by.is_interrupt)
		(void)(take_printk_caller(group, &line->by) || take_samsung(group, &line->by) ||
		       take_hisilicon(group, &line->by) ||
		       (has_cpu && take_mediatek(group, &line->by)));
	line->text = at;
	return true;
}

/* False if one of them says that the line is not the kernel's. */
static bool skip_marks(struct lt_klog_line *line)
{
	bool is_kernels = true;

	for (int i = 0; i < NR_MARKS_MAX; i++) {
		lt_text_blanks(&line->text);
		if (!skip_level(&line->text, &is_kernels) && !skip_group(line))
			break;
	}
	return is_kernels;
}

/* "75.968984] ": what is left of a stamp when the beginning of the line was lost. */
static void skip_cut_stamp(struct lt_text *text)
{
	struct lt_text at = *text;
	uint64_t number;

	if (!lt_text_u64(&at, &number))
		return;
	if (lt_text_literal(&at, ".") && !lt_text_u64(&at, &number))
		return;
	if (lt_text_literal(&at, "]"))
		*text = at;
}

/* A word that begins with a digit and has a colon inside: a time of day, with or without a date. */
static bool is_time(struct lt_span word)
{
	return is_digit(*word.p) && memchr(word.p, ':', word.len - 1);
}

/* The same with a decimal comma, as dmesg alone writes it. */
static bool is_dmesg_time(struct lt_span word)
{
	return is_time(word) && memchr(word.p, ',', word.len);
}

static bool skip_facility(struct lt_text *text)
{
	struct lt_text at = *text;
	struct lt_span level;

	if (!lt_text_literal(&at, "kern"))
		return false;
	lt_text_blanks(&at);
	if (!lt_text_literal(&at, ":") || !lt_text_until(&at, ":", &level))
		return false;
	lt_text_blanks(&at);
	*text = at;
	return true;
}

/* "daemon.info", but not "kern.info" nor a host in a domain. */
static bool is_other_facility(struct lt_span word)
{
	static const char *const levels[] = { "emerg", "alert", "crit", "err", "error", "warn",
					      "warning", "notice", "info", "debug" };
	struct lt_text at;
	struct lt_span facility;

	lt_text_init(&at, word.p, word.len);
	if (!lt_text_until(&at, ".", &facility) || lt_span_is(facility, "kern"))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(levels); i++)
		if (lt_span_is(lt_text_rest(&at), levels[i]))
			return true;
	return false;
}

/* Behind a time of day, the tag of a program says that the line is not the kernel's. */
static bool skip_syslog(struct lt_text *text, bool *is_kernels)
{
	struct lt_text at = *text;
	bool has_time = false;

	for (int i = 0; i < NR_WORDS_MAX; i++) {
		bool is_program;
		struct lt_span word;

		lt_text_blanks(&at);
		if (!lt_text_word(&at, &word))
			return false;
		is_program = is_other_facility(word) || word.p[word.len - 1] == ':';
		if (lt_span_is(word, "kernel:")) {
			*text = at;
			return true;
		}
		if (is_program) {
			*is_kernels = !has_time;
			return false;
		}
		has_time = has_time || is_time(word);
	}
	return false;
}

static bool take_word(struct lt_text *at, struct lt_span *word)
{
	lt_text_blanks(at);
	return lt_text_word(at, word);
}

static bool skip_rfc5424(struct lt_text *text)
{
	struct lt_text at = *text;
	struct lt_span word;

	if (!lt_text_literal(&at, "1 ") || !take_word(&at, &word) || !is_digit(*word.p) ||
	    !take_word(&at, &word) || !take_word(&at, &word) || !lt_span_is(word, "kernel"))
		return false;
	for (int i = 0; i < 3; i++)
		if (!take_word(&at, &word))
			return false;
	*text = at;
	return true;
}

static bool skip_time(struct lt_text *text, bool (*is_wanted)(struct lt_span word))
{
	struct lt_text at = *text;
	struct lt_span word;

	if (!lt_text_word(&at, &word) || !is_wanted(word))
		return false;
	*text = at;
	return true;
}

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
	*text = at;
	return true;
}

static bool skip_logcat_level(struct lt_text *at)
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
static bool take_threadtime(struct lt_text *at, uint64_t *pid, struct lt_span *tag)
{
	uint64_t tid, uid;
	struct lt_text column;

	lt_text_blanks(at);
	(void)lt_text_literal(at, "root ");
	lt_text_blanks(at);
	if (!lt_text_u64(at, pid) || !lt_text_literal(at, " "))
		return false;
	lt_text_blanks(at);
	if (!lt_text_u64(at, &tid) || !lt_text_literal(at, " "))
		return false;
	lt_text_blanks(at);
	column = *at;
	if (lt_text_u64(&column, &uid) && lt_text_literal(&column, " ")) {
		/* three numbers: -v uid */
		*pid = tid;
		*at = column;
		lt_text_blanks(at);
	}
	return skip_logcat_level(at) && lt_text_literal(at, " ") && lt_text_until(at, ":", tag);
}

static bool take_brief(struct lt_text *at, uint64_t *pid, struct lt_span *tag)
{
	if (!skip_logcat_level(at) || !lt_text_literal(at, "/") || !lt_text_until(at, "(", tag))
		return false;
	lt_text_blanks(at);
	return lt_text_u64(at, pid) && lt_text_literal(at, "):");
}

static bool take_logcat(struct lt_klog_line *line, bool *is_kernels)
{
	struct lt_text at = line->text, brief;
	struct lt_span tag;
	uint64_t pid;

	if (skip_day(&at)) {
		if (!skip_time(&at, is_time))
			return false;
		lt_text_blanks(&at);
	}
	brief = at;
	if (!take_threadtime(&at, &pid, &tag)) {
		at = brief;
		if (!take_brief(&at, &pid, &tag))
			return false;
	}
	(void)lt_text_literal(&at, " ");
	*is_kernels = !pid;
	line->text = at;
	line->tag = trim(tag);
	if (lt_span_is(line->tag, "kernel"))
		line->tag.len = 0;
	return true;
}

bool lt_klog_line_split(struct lt_text raw, struct lt_klog_line *out)
{
	bool is_kernels = true;

	*out = (struct lt_klog_line){ .text = raw };
	skip_cut_stamp(&out->text);
	if (!skip_marks(out))
		return false;
	if (take_logcat(out, &is_kernels))
		return is_kernels && (out->tag.len || skip_marks(out));
	if (skip_facility(&out->text) || skip_time(&out->text, is_dmesg_time)) {
		(void)skip_time(&out->text, is_dmesg_time);
		return skip_marks(out);
	}
	if (skip_rfc5424(&out->text) || skip_syslog(&out->text, &is_kernels))
		return skip_marks(out);
	return is_kernels;
}

bool lt_klog_line_tag(struct lt_klog_line *line, const char *tag)
{
	struct lt_text at = line->text;

	if (line->tag.len) {
		if (!lt_span_is(line->tag, tag))
			return false;
		line->tag.len = 0;
		return true;
	}
	if (!lt_text_literal(&at, tag) || !lt_text_literal(&at, ":") ||
	    (!lt_text_literal(&at, " ") && !lt_text_at_end(&at)))
		return false;
	line->text = at;
	return true;
}
