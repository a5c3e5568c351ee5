// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What dmesg, syslog daemons and journalctl put before a message:
 *
 *	"kern" blanks ":" level ":"			dmesg -x
 *	stamp						dmesg --time-format iso
 *	{word} kernel					syslog (RFC 3164, ISO 8601), journalctl short*
 *	"1 " stamp host "kernel" word word word		syslog (RFC 5424)
 *	kernel = ("kernel" | "klogd" | "vmunix") ["[" PID "]"] ":"
 *
 * Facility 0 is the kernel: "daemon.info" is somebody else's. "user.info kernel:" is the kernel's:
 * a C library takes 0 for no facility, so klogd of busybox and OpenWrt cannot send it. A word that ends
 * in a colon behind a time of day is the tag of a program, and so is one with a process number
 * anywhere: what follows is its message, not the kernel's, though it quotes a stamp of the kernel.
 */
#include "source/klog/klog_envelope.h"

#include <ctype.h>
#include <string.h>

#include "base/array_size.h"

/* Date, host and the like, and what a pager or a container runtime has before; nobody writes more. */
#define NR_WORDS_MAX 16

/* "2026-02-03T11:22:33,5" */
#define DATE_LEN 21

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* One or two digits, a colon, two digits: "0000:00:02.0" is a device. */
bool lt_klog_is_clock(struct lt_span word)
{
	size_t nr = 0;

	while (nr < word.len && nr < 3 && is_digit(word.p[nr]))
		nr++;
	return (nr == 1 || nr == 2) && word.len >= nr + 3 && word.p[nr] == ':' &&
	       is_digit(word.p[nr + 1]) && is_digit(word.p[nr + 2]) &&
	       (word.len == nr + 3 || !is_digit(word.p[nr + 3]));
}

bool lt_klog_is_time(struct lt_span word)
{
	return is_digit(*word.p) && memchr(word.p, ':', word.len - 1);
}

/* Blanks may follow. */
static bool is_level(struct lt_span word)
{
	static const char *const levels[] = { "emerg", "alert",	  "crit",   "err",  "error",
					      "warn",  "warning", "notice", "info", "debug" };

	while (word.len && word.p[word.len - 1] == ' ')
		word.len--;
	for (size_t i = 0; i < ARRAY_SIZE(levels); i++)
		if (lt_span_is(word, levels[i]))
			return true;
	return false;
}

/* What a program wrote to /dev/kmsg has another one than the kernel's. */
bool lt_klog_parse_facility(struct lt_klog_line *line, struct lt_klog_scratch *scratch)
{
	static const char *const others[] = { "user",	"mail",	    "daemon", "auth",
					      "syslog", "lpr",	    "news",   "uucp",
					      "cron",	"authpriv", "ftp",    "local" };
	struct lt_text at = line->text;
	bool is_kernels = lt_text_literal(&at, "kern"), is_others = false;
	struct lt_span level;
	uint64_t number;

	(void)scratch;
	for (size_t i = 0; i < ARRAY_SIZE(others) && !is_kernels && !is_others; i++)
		is_others = lt_text_literal(&at, others[i]);
	if (is_others)
		(void)lt_text_u64(&at, &number);
	if (!is_kernels && !is_others)
		return false;
	lt_text_blanks(&at);
	if (!lt_text_literal(&at, ":") || !lt_text_until(&at, ":", &level) || !is_level(level))
		return false;
	line->is_tagged = is_kernels;
	line->is_others = line->is_others || is_others;
	line->text = at;
	return true;
}

/* With a decimal comma, as dmesg alone writes it. */
bool lt_klog_parse_dmesg_time(struct lt_klog_line *line, struct lt_klog_scratch *scratch)
{
	struct lt_text at = line->text;
	struct lt_span word;

	(void)scratch;
	if (!lt_text_word(&at, &word) || word.len < DATE_LEN || !lt_klog_is_time(word) ||
	    word.p[4] != '-' || word.p[10] != 'T' || word.p[19] != ',')
		return false;
	line->is_tagged = true;
	line->text = at;
	return true;
}

bool lt_klog_is_other_facility(struct lt_span word)
{
	struct lt_text at;
	struct lt_span facility;

	lt_text_init(&at, word.p, word.len);
	if (!lt_text_until(&at, ".", &facility) || lt_span_is(facility, "kern"))
		return false;
	return is_level(lt_text_rest(&at));
}

static bool is_users(struct lt_span word)
{
	return word.len > 5 && !memcmp(word.p, "user.", 5) && lt_klog_is_other_facility(word);
}

static bool is_kernel(struct lt_span word)
{
	static const char *const names[] = { "kernel", "klogd", "vmunix" };
	struct lt_text at;
	uint64_t pid;

	lt_text_init(&at, word.p, word.len);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct lt_text name = at;

		if (!lt_text_literal(&name, names[i]))
			continue;
		if (lt_text_literal(&name, "[") &&
		    (!lt_text_u64(&name, &pid) || !lt_text_literal(&name, "]")))
			continue;
		return lt_text_literal(&name, ":") && lt_text_at_end(&name);
	}
	return false;
}

/* "kern.err", which busybox and OpenWrt put between host and tag. */
static bool is_own_facility(struct lt_span word)
{
	return word.len > 5 && !memcmp(word.p, "kern.", 5);
}

/* Whether @word, behind a time or a stamp and right before the tag, can be the name of a host. */
static bool is_host(struct lt_span word)
{
	bool has_letter = false;

	for (size_t i = 0; i < word.len; i++) {
		if (!isalnum((unsigned char)word.p[i]) && !strchr("-._", word.p[i]))
			return false;
		has_letter = has_letter || isalpha((unsigned char)word.p[i]);
	}
	return has_letter || (memchr(word.p, '.', word.len) && word.len >= strlen("10.0.0.1"));
}

/* journalctl -o short-unix */
static bool is_unix_time(struct lt_span word)
{
	return word.len > 11 && is_digit(word.p[0]) && memchr(word.p, '.', 11) &&
	       !memchr(word.p + word.len - 7, '.', 7);
}

/* A stamp, say; "app[7]:" is none. */
static bool opens_group(struct lt_span word)
{
	const char *bracket = memchr(word.p, '[', word.len);

	return bracket && (bracket == word.p || !isalnum((unsigned char)bracket[-1]));
}

/* "app[123]:"; as the tag of a program it needs no time before it. */
static bool has_pid(struct lt_span word)
{
	struct lt_text at;
	struct lt_span name;
	uint64_t pid;

	lt_text_init(&at, word.p, word.len);
	return lt_text_until(&at, "[", &name) && name.len && lt_text_u64(&at, &pid) &&
	       lt_text_literal(&at, "]:") && lt_text_at_end(&at);
}

/* "ttyUSB0:", which a program that reads a console puts before its lines */
static bool is_terminal(struct lt_span word)
{
	return word.len > 3 && !memcmp(word.p, "tty", 3);
}

/*
 * Whether @word, which ends in a colon, is the tag of a program in a line of syslog. A stamp behind it
 * is quoted: what the kernel prints has the kernel's tag.
 */
static bool is_program(struct lt_span word, struct lt_span host, bool has_time)
{
	return has_pid(word) ||
	       (has_time && host.len && isalpha((unsigned char)word.p[0]) && !is_terminal(word));
}

/* "message repeated 3 times: [ cma: ...]": so often more than it was written. */
bool lt_klog_parse_repeats(struct lt_klog_line *line, struct lt_klog_scratch *scratch)
{
	struct lt_text at = line->text;
	uint64_t nr;

	(void)scratch;
	if (!lt_text_literal(&at, "message repeated ") || !lt_text_u64(&at, &nr) ||
	    !lt_text_literal(&at, " times: [") || !nr || nr > UINT32_MAX)
		return false;
	if (at.end > at.pos && at.end[-1] == ']')
		at.end--;
	line->nr_repeats = (unsigned int)nr;
	line->text = at;
	return true;
}

/* Behind a time of day, the tag of a program says that the line is not the kernel's. */
bool lt_klog_parse_syslog(struct lt_klog_line *line, struct lt_klog_scratch *scratch)
{
	struct lt_text at = line->text;
	bool has_time = line->has_time, is_behind_time;
	struct lt_span host = { 0 };
	const char *anchor;

	(void)scratch;
	if (line->is_tagged)
		return false;
	anchor = lt_klog_find_anchor(at);
	is_behind_time = has_time || line->ts_ns.known;
	for (int i = 0; i < NR_WORDS_MAX; i++) {
		struct lt_span word, before = host;

		lt_text_blanks(&at);
		if ((anchor && at.pos >= anchor) || !lt_text_word(&at, &word) || opens_group(word))
			return false;
		if (is_kernel(word)) {
			line->is_tagged = true;
			line->host = host;
			line->text = at;
			return true;
		}
		if (!is_own_facility(word) && !is_users(word))
			host = is_behind_time && is_host(word) ? word : (struct lt_span){ 0 };
		is_behind_time = is_behind_time || lt_klog_is_time(word) || is_unix_time(word);
		line->is_users = line->is_users || is_users(word);
		if (lt_klog_is_other_facility(word) && !is_users(word)) {
			line->is_others = line->is_others || has_time;
			return false;
		}
		if (word.p[word.len - 1] == ':' && !lt_klog_is_decoration(word)) {
			/* Before a message of the kernel's every word is asked what it is. */
			line->is_others = line->is_others ||
					  (anchor ? is_program(word, before, has_time) : has_time);
			return false;
		}
		has_time = has_time || lt_klog_is_time(word);
	}
	return false;
}

static bool parse_word(struct lt_text *at, struct lt_span *word)
{
	lt_text_blanks(at);
	return lt_text_word(at, word);
}

bool lt_klog_parse_rfc5424(struct lt_klog_line *line, struct lt_klog_scratch *scratch)
{
	struct lt_text at = line->text;
	struct lt_span word, host;
	bool is_dated;

	(void)scratch;
	if (!lt_text_literal(&at, "1 ") || !parse_word(&at, &word) || !is_digit(*word.p) ||
	    !parse_word(&at, &host))
		return false;
	is_dated = lt_klog_is_time(word) && memchr(word.p, 'T', word.len);
	if (!parse_word(&at, &word) || !lt_span_is(word, "kernel")) {
		line->is_others = line->is_others || is_dated;
		return false;
	}
	for (int i = 0; i < 3; i++)
		if (!parse_word(&at, &word))
			return false;
	if (is_host(host))
		line->host = host;
	line->is_tagged = true;
	line->text = at;
	return true;
}
