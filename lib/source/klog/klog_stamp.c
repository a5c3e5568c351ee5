// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What the kernel itself puts before a message, and what is written like it:
 *
 *	"<" N ">"
 *	["-"] ["(" CPU ")"] "[" group "]"
 *	group = blanks SECONDS "." FRACTION ["s" | "@" CPU]	printk.time, HiSilicon, Amlogic; the last
 *							of six digits is kept
 *		[blanks "<" blanks SECONDS "." FRACTION blanks ">"]	dmesg -d, journalctl short-delta
 *	      | blanks ("T" TID | "C" CPU)		CONFIG_PRINTK_CALLER
 *	      | CPU ":" blanks COMM ":" blanks PID	Samsung
 *	      | PID ":" COMM				MediaTek, after "(" CPU ")"
 *	      | "pid:" PID ",cpu" CPU "," COMM		HiSilicon
 *	      | anything				a date, a clock, "+0.047311", "name:cma&"
 *	blanks "c" CPU blanks [PID blanks]		Unisoc, after a time; who PID is it does not say
 *	[RELEASE ","] PRIORITY "," SEQUENCE "," USEC "," FLAGS {"," KEY "=" VALUE} ";"
 *							/dev/kmsg, extended netconsole
 *
 * A time of day in brackets is written like Samsung's form: "[11:22:33]". A
 * name of digits only, or of a month, is taken for no task.
 */
#include "source/klog/klog_envelope.h"

#include <string.h>

#include "base/array_size.h"

#define NSEC_PER_SEC 1000000000u
#define NSEC_PER_USEC 1000u

/* <N> with a facility other than the kernel's, which is 0; 1 is "user" */
#define NR_LEVELS 8

/* No kernel has been up for 31 years: a larger number is a time since 1970. */
#define SECONDS_MAX 1000000000u

/* As printk writes it. */
#define NR_DIGITS_PRINTK 6

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool lt_klog_stamp_parse(struct lt_text *text, struct lt_num *ts_ns, size_t *nr_digits)
{
	struct lt_text at = *text;
	uint64_t sec, frac, ns = 1;
	const char *from;

	if (!lt_text_u64(&at, &sec) || !lt_text_literal(&at, "."))
		return false;
	from = at.pos;
	if (!lt_text_u64(&at, &frac) || at.pos - from > 9 || sec >= SECONDS_MAX)
		return false;
	*nr_digits = (size_t)(at.pos - from);
	for (size_t i = *nr_digits; i < 9; i++)
		ns *= 10;
	*ts_ns = lt_num(sec * NSEC_PER_SEC + frac * ns);
	*text = at;
	return true;
}

/* Amlogic's kernels say on which CPU. */
static void skip_cpu(struct lt_text *at)
{
	struct lt_text cpu = *at;
	uint64_t number;

	if (lt_text_literal(&cpu, "@") && lt_text_u64(&cpu, &number))
		*at = cpu;
}

bool lt_klog_is_stamp_at(const char *p, const char *end)
{
	struct lt_text at;
	struct lt_num ts_ns;
	size_t nr_digits;

	if (p == end || *p != '[')
		return false;
	lt_text_init(&at, p + 1, (size_t)(end - p) - 1);
	while (at.pos < at.end && *at.pos == ' ')
		at.pos++;
	if (!lt_klog_stamp_parse(&at, &ts_ns, &nr_digits) || nr_digits != NR_DIGITS_PRINTK)
		return false;
	skip_cpu(&at);
	return lt_text_literal(&at, "]");
}

/* " <    0.000123>", the time since the line before. */
static void skip_delta(struct lt_text *group)
{
	struct lt_text at = *group;
	struct lt_num ts_ns;
	size_t nr_digits;

	lt_text_blanks(&at);
	if (!lt_text_literal(&at, "<"))
		return;
	lt_text_blanks(&at);
	if (!lt_klog_stamp_parse(&at, &ts_ns, &nr_digits))
		return;
	lt_text_blanks(&at);
	if (lt_text_literal(&at, ">"))
		*group = at;
}

/* A serial program's own stamp may stand before: the kernel's has six digits, and comes last. */
static bool parse_stamp(struct lt_text group, struct lt_num *ts_ns)
{
	struct lt_num stamp;
	size_t nr_digits;

	lt_text_blanks(&group);
	if (!lt_klog_stamp_parse(&group, &stamp, &nr_digits))
		return false;
	(void)lt_text_literal(&group, "s");
	skip_cpu(&group);
	skip_delta(&group);
	if (!lt_text_at_end(&group))
		return false;
	if (!ts_ns->known || nr_digits == NR_DIGITS_PRINTK)
		*ts_ns = stamp;
	return true;
}

static bool parse_printk_caller(struct lt_text group, struct lt_klog_context *by)
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

static bool is_month(struct lt_span name)
{
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
					      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

	for (size_t i = 0; i < ARRAY_SIZE(months); i++)
		if (lt_span_is(name, months[i]))
			return true;
	return false;
}

static bool is_number(struct lt_span name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!is_digit(name.p[i]) && !strchr(":.,- ", name.p[i]))
			return false;
	return true;
}

/* The cursor stands at the name. */
static bool parse_task(struct lt_text group, uint64_t pid, struct lt_klog_context *by)
{
	struct lt_span comm = lt_text_rest(&group);

	if (!comm.len || is_number(comm) || is_month(comm))
		return false;
	*by = (struct lt_klog_context){ .is_task = true, .id = pid, .comm = comm };
	return true;
}

static bool parse_samsung(struct lt_text group, struct lt_klog_context *by)
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
	return parse_task(name, pid, by);
}

static bool parse_mediatek(struct lt_text group, struct lt_klog_context *by)
{
	uint64_t pid;

	return lt_text_u64(&group, &pid) && lt_text_literal(&group, ":") &&
	       parse_task(group, pid, by);
}

static bool parse_hisilicon(struct lt_text group, struct lt_klog_context *by)
{
	uint64_t pid, cpu;

	return lt_text_literal(&group, "pid:") && lt_text_u64(&group, &pid) &&
	       lt_text_literal(&group, ",cpu") && lt_text_u64(&group, &cpu) &&
	       lt_text_literal(&group, ",") && parse_task(group, pid, by);
}

bool lt_klog_parse_level(struct lt_klog_line *line, struct lt_klog_scratch *scratch)
{
	struct lt_text at = line->text;
	uint64_t level;

	(void)scratch;
	if (!lt_text_literal(&at, "<") || !lt_text_u64(&at, &level) || !lt_text_literal(&at, ">"))
		return false;
	line->is_others = line->is_others || level >= 2 * NR_LEVELS;
	line->is_users = line->is_users || (level >= NR_LEVELS && level < 2 * NR_LEVELS);
	line->text = at;
	return true;
}

/* No driver's name is a "c" and digits, with a blank behind them instead of a colon. */
static void skip_unisoc(struct lt_text *at)
{
	struct lt_text text = *at, rest;
	uint64_t number;

	lt_text_blanks(&text);
	if (!lt_text_literal(&text, "c") || !lt_text_u64(&text, &number) || lt_text_at_end(&text) ||
	    *text.pos != ' ')
		return;
	*at = text;
	rest = text;
	lt_text_blanks(&rest);
	if (lt_text_u64(&rest, &number) && !lt_text_at_end(&rest) && *rest.pos == ' ')
		*at = rest;
}

bool lt_klog_parse_group(struct lt_klog_line *line, struct lt_klog_scratch *scratch)
{
	struct lt_text at = line->text, group;
	bool has_cpu = lt_text_literal(&at, "(");
	struct lt_span span;
	uint64_t cpu;

	(void)scratch;
	if (has_cpu && (!lt_text_u64(&at, &cpu) || !lt_text_literal(&at, ")")))
		return false;
	if (!lt_text_literal(&at, "[") || !lt_text_until(&at, "]", &span))
		return false;
	lt_text_init(&group, span.p, span.len);
	if (parse_stamp(group, &line->ts_ns))
		skip_unisoc(&at);
	else if (!line->by.is_task && !line->by.is_interrupt)
		(void)(parse_printk_caller(group, &line->by) || parse_samsung(group, &line->by) ||
		       parse_hisilicon(group, &line->by) ||
		       (has_cpu && parse_mediatek(group, &line->by)));
	line->text = at;
	return true;
}

/* "75.968984] ": what is left of a stamp when the beginning of the line was lost. */
bool lt_klog_parse_cut_stamp(struct lt_klog_line *line, struct lt_klog_scratch *scratch)
{
	struct lt_text at = line->text;
	uint64_t number;

	(void)scratch;
	if (line->ts_ns.known || !lt_text_u64(&at, &number))
		return false;
	if (lt_text_literal(&at, ".") && !lt_text_u64(&at, &number))
		return false;
	if (!lt_text_literal(&at, "]"))
		return false;
	line->text = at;
	return true;
}

/* "6.12.1-rc2+", which extended netconsole may put first. */
static void skip_release(struct lt_text *at)
{
	struct lt_text text = *at;
	struct lt_span release;

	if (lt_text_until(&text, ",", &release) && release.len && is_digit(*release.p) &&
	    memchr(release.p, '.', release.len) && !memchr(release.p, ' ', release.len))
		*at = text;
}

static void parse_record_caller(struct lt_span keys, struct lt_klog_context *by)
{
	struct lt_text at, id;
	struct lt_span value;

	lt_text_init(&at, keys.p, keys.len);
	if (!lt_text_find(&at, "caller="))
		return;
	if (!lt_text_until(&at, ",", &value))
		value = lt_text_rest(&at);
	lt_text_init(&id, value.p, value.len);
	(void)parse_printk_caller(id, by);
}

bool lt_klog_parse_record(struct lt_klog_line *line, struct lt_klog_scratch *scratch)
{
	struct lt_text at = line->text;
	uint64_t priority, sequence, us;
	struct lt_span keys;

	(void)scratch;
	if (lt_text_at_end(&at) || !is_digit(*at.pos))
		return false;
	skip_release(&at);
	if (!lt_text_u64(&at, &priority) || !lt_text_literal(&at, ",") ||
	    !lt_text_u64(&at, &sequence) || !lt_text_literal(&at, ",") || !lt_text_u64(&at, &us) ||
	    !lt_text_literal(&at, ",") || !lt_text_until(&at, ";", &keys) ||
	    memchr(keys.p, ' ', keys.len))
		return false;
	if (us / 1000000u < SECONDS_MAX)
		line->ts_ns = lt_num(us * NSEC_PER_USEC);
	parse_record_caller(keys, &line->by);
	line->is_others = line->is_others || priority >= NR_LEVELS;
	line->is_tagged = true;
	line->text = at;
	return true;
}
