// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A message of the kernel is found wherever it stands. First every envelope by
 * itself with every wording, then random compositions of them: a line of a
 * journal in a mail's quotation in a fence. A seed that fails is printed;
 * LT_SEED repeats it, LT_COMPOSITIONS asks for more.
 */
#include "test.h"

#include <ctype.h>

#include "source/klog/klog.h"

#define STAMP_NS 50000001000u
#define NR_COMPOSITIONS 6000

/* What the kernel says, by version, and what it means. */
static const struct wording {
	const char *name, *text, *area;
	uint64_t nr_pages, err, start_pfn, end_pfn, nr_suppressed;
} wordings[] = {
	{ "4.1 busy", "alloc_contig_range test_pages_isolated(89000, 89100) failed", NULL, 0, 0,
	  0x89000, 0x89100, 0 },
	{ "4.14", "cma: cma_alloc: alloc failed, req-size: 300 pages, ret: -12", NULL, 300, 12, 0,
	  0, 0 },
	{ "4.19 busy", "alloc_contig_range: [7f400, 7f520) PFNs busy", NULL, 0, 0, 0x7f400, 0x7f520,
	  0 },
	{ "5.10", "cma: cma_alloc: alloc failed, req-size: 1 pages, ret: -16", NULL, 1, 16, 0, 0,
	  0 },
	{ "6.1", "cma: cma_alloc: reserved: alloc failed, req-size: 8192 pages, ret: -16",
	  "reserved", 8192, 16, 0, 0, 0 },
	{ "6.1, a name with a comma",
	  "cma: cma_alloc: linux,cma: alloc failed, req-size: 77 pages, ret: -4", "linux,cma", 77,
	  4, 0, 0, 0 },
	{ "6.12", "cma: __cma_alloc: vdec@4f000000: alloc failed, req-size: 1024 pages, ret: -12",
	  "vdec@4f000000", 1024, 12, 0, 0, 0 },
	{ "7.2",
	  "cma: __cma_alloc_frozen: hugetlb0: alloc failed, req-size: 262144 pages, ret: -16",
	  "hugetlb0", 262144, 16, 0, 0, 0 },
	{ "5.17 rate limit", "cma_alloc: 37 callbacks suppressed", NULL, 0, 0, 0, 0, 37 },
	{ "6.12 rate limit", "__cma_alloc: 12 callbacks suppressed", NULL, 0, 0, 0, 0, 12 },
	{ "7.2 rate limit", "__cma_alloc_frozen: 5 callbacks suppressed", NULL, 0, 0, 0, 0, 5 },
	{ "5.10 rate limit", "alloc_contig_range: 9 callbacks suppressed", NULL, 0, 0, 0, 0, 9 },
};

/* Whose stamp the message has then: the kernel's, or none that is believed. */
enum { NO_STAMP, STAMP };

/* How a message becomes a line: what printk, and whoever keeps its log, put before it. */
static const struct keeper {
	const char *name, *before, *after;
	int stamp;
	bool is_json;
} keepers[] = {
	{ "dmesg", "[   50.000001] ", "", STAMP, false },
	{ "nothing", "", "", NO_STAMP, false },
	{ "dmesg -r", "<3>[   50.000001] ", "", STAMP, false },
	{ "printk caller, task", "[   50.000001][ T1733] ", "", STAMP, false },
	{ "printk caller, CPU", "[   50.000001][    C2] ", "", STAMP, false },
	{ "dmesg -T", "[Tue Feb  3 11:22:33 2026] ", "", NO_STAMP, false },
	{ "dmesg -d", "[   50.000001 <    0.000123>] ", "", STAMP, false },
	{ "dmesg -d -T", "[Tue Feb  3 11:22:33 2026 <    0.000123>] ", "", NO_STAMP, false },
	{ "dmesg -e", "[  +0.000123] ", "", NO_STAMP, false },
	{ "dmesg -e, a new minute", "[Feb 3 11:22] ", "", NO_STAMP, false },
	{ "dmesg -x", "kern  :err   : [   50.000001] ", "", STAMP, false },
	{ "dmesg -x -T", "kern  :warn  : [Tue Feb  3 11:22:33 2026] ", "", NO_STAMP, false },
	{ "dmesg iso", "2026-02-03T11:22:33,000001+00:00 ", "", NO_STAMP, false },
	{ "dmesg --color", "\x1b[32m[   50.000001] \x1b[0m\x1b[31m", "\x1b[0m", STAMP, false },
	{ "colours in letters", "^[[32m[   50.000001] ^[[0m", "^[[0m", STAMP, false },
	{ "colours without ESC", "[32m[   50.000001] [0m[31m", "[0m", STAMP, false },
	{ "dmesg --json", "{\"dmesg\": [{\"pri\": 3, \"time\": 50.000001, \"msg\": \"", "\"}]}",
	  STAMP, true },
	{ "dmesg --json, many lines",
	  "{\n   \"dmesg\": [\n      {\n         \"pri\": 3,\n         \"time\":    50.000001,\n"
	  "         \"msg\": \"",
	  "\"\n      }\n   ]\n}", STAMP, true },
	{ "RFC 3164", "Feb  3 11:22:33 box kernel: [   50.000001] ", "", STAMP, false },
	{ "RFC 3164 without stamp", "Feb 13 11:22:33 box kernel: ", "", NO_STAMP, false },
	{ "RFC 3164 with priority", "<3>Feb  3 11:22:33 box kernel: ", "", NO_STAMP, false },
	{ "klogd with pid", "Feb  3 11:22:33 box klogd[55]: [   50.000001] ", "", STAMP, false },
	{ "kernel with pid", "Feb  3 11:22:33 box kernel[0]: ", "", NO_STAMP, false },
	{ "busybox", "Feb  3 11:22:33 box kern.err kernel: [   50.000001] ", "", STAMP, false },
	{ "rsyslog ISO", "2026-02-03T11:22:33.000001+01:00 box kernel: [   50.000001] ", "", STAMP,
	  false },
	{ "RFC 5424", "<3>1 2026-02-03T11:22:33.000001Z box kernel - - - [   50.000001] ", "",
	  STAMP, false },
	{ "RFC 5424 with a byte order mark",
	  "<3>1 2026-02-03T11:22:33Z box kernel - - - \xef\xbb\xbf[   50.000001] ", "", STAMP,
	  false },
	{ "OpenWrt logread", "Tue Feb  3 11:22:33 2026 kern.err kernel: [   50.000001] ", "", STAMP,
	  false },
	{ "journalctl short", "Feb 03 11:22:33 box kernel: ", "", NO_STAMP, false },
	{ "journalctl short-precise", "Feb 03 11:22:33.000001 box kernel: ", "", NO_STAMP, false },
	{ "journalctl short-iso", "2026-02-03T11:22:33+0100 box kernel: ", "", NO_STAMP, false },
	{ "journalctl short-iso-precise", "2026-02-03T11:22:33.000001+01:00 box kernel: ", "",
	  NO_STAMP, false },
	{ "journalctl short-full", "Tue 2026-02-03 11:22:33 CET box kernel: ", "", NO_STAMP,
	  false },
	{ "journalctl short-unix", "1770117753.000001 box kernel: ", "", NO_STAMP, false },
	{ "journalctl short-monotonic", "[   50.000001] box kernel: ", "", STAMP, false },
	{ "journalctl short-delta", "[   50.000001 <    0.000123 >] box kernel: ", "", STAMP,
	  false },
	{ "journalctl verbose",
	  "Tue 2026-02-03 11:22:33.000001 CET [s=a1;i=7;b=b2;m=2faf081;t=64d;x=9]\n"
	  "    _TRANSPORT=kernel\n    PRIORITY=3\n    SYSLOG_FACILITY=0\n    MESSAGE=",
	  "\n    _HOSTNAME=box", STAMP, false },
	{ "journalctl export",
	  "__CURSOR=s=a1;i=7\n__REALTIME_TIMESTAMP=1770117753000001\n"
	  "_SOURCE_MONOTONIC_TIMESTAMP=50000001\n_TRANSPORT=kernel\nMESSAGE=",
	  "\n_HOSTNAME=box\n", STAMP, false },
	{ "journalctl json", "{\"_TRANSPORT\":\"kernel\",\"MESSAGE\":\"",
	  "\",\"_SOURCE_MONOTONIC_TIMESTAMP\":\"50000001\"}", STAMP, true },
	{ "journalctl json-pretty", "{\n\t\"_TRANSPORT\" : \"kernel\",\n\t\"MESSAGE\" : \"",
	  "\",\n\t\"_SOURCE_MONOTONIC_TIMESTAMP\" : \"50000001\"\n}", STAMP, true },
	{ "/dev/kmsg", "3,900,50000001,-;", "", STAMP, false },
	{ "/dev/kmsg with caller", "3,900,50000001,-,caller=T77;", "", STAMP, false },
	{ "extended netconsole", "6.6.30-v8+,3,900,50000001,-;", "", STAMP, false },
	{ "logcat brief", "E/kernel  (    0): ", "", NO_STAMP, false },
	{ "logcat threadtime", "02-03 11:22:33.444     0     0 E kernel  : ", "", NO_STAMP, false },
	{ "logcat year, zone", "2026-02-03 11:22:33.444 +0100     0     0 E kernel  : ", "",
	  NO_STAMP, false },
	{ "logcat time", "02-03 11:22:33.444 E/kernel  (    0): ", "", NO_STAMP, false },
	{ "logcat monotonic", "   50.000001     0     0 E kernel  : ", "", STAMP, false },
	{ "logcat epoch", "1770117753.444     0     0 E kernel  : ", "", NO_STAMP, false },
	{ "logcat uid", "02-03 11:22:33.444  root     0     0 E kernel  : ", "", NO_STAMP, false },
	{ "logcat tag", "E/kernel  : ", "", NO_STAMP, false },
	{ "logcat tag, a blank", "E kernel  : ", "", NO_STAMP, false },
	{ "logcat process", "E(    0) ", "  (kernel)", NO_STAMP, false },
	{ "logcat thread", "E(    0:    0) ", "", NO_STAMP, false },
	{ "logcat long", "[ 02-03 11:22:33.444     0:    0 E/kernel  ]\n", "\n", NO_STAMP, false },
	{ "Samsung", "[   50.000001] [2:   Binder:714_1:  744] ", "", STAMP, false },
	{ "MediaTek", "<3>[   50.000001]  (1)[2210:camerahalserver]", "", STAMP, false },
	{ "HiSilicon", "[   50.000001s][pid:1,cpu3,swapper/0]", "", STAMP, false },
	{ "docker", "{\"log\":\"[   50.000001] ",
	  "\\n\",\"stream\":\"stdout\",\"time\":\"2026-02-03\"}", STAMP, true },
	{ "LAVA",
	  "- {\"dt\": \"2026-02-03T11:22:33.000001\", \"lvl\": \"target\", \"msg\": \"[   50.000001] ",
	  "\"}", STAMP, true },
	{ "logfmt", "time=11:22:33 level=error msg=\"[   50.000001] ", "\"", STAMP, false },
	{ "Elixir", "11:22:33.444 [error] ", "", NO_STAMP, false },
	{ "klogd of busybox behind a C library",
	  "Feb  3 11:22:33 box user.err kernel: [   50.000001] ", "", STAMP, false },
	{ "the same, by its number", "<11>Feb  3 11:22:33 box kernel: ", "", NO_STAMP, false },
	{ "OpenWrt of old", "Tue Feb  3 11:22:33 2026 user.err kernel: [   50.000001] ", "", STAMP,
	  false },
	{ "Amlogic", "[   50.000001@2] ", "", STAMP, false },
	{ "DLT viewer",
	  "1043 2026/02/03 11:22:33.123456 97.6543 12 ECU1 SYS JOUR 0 log info verbose 1 "
	  "[2026/02/03 11:22:33.123412 53.412312 /  kernel: ",
	  "]", NO_STAMP, false },
	{ "a table of values", "\"12\",\"Feb 3 2026 11:22:33\",\"kern\",\"err\",\"", "\"", NO_STAMP,
	  false },
	{ "a table of values and stamps", "12;2026-02-03 11:22:33;kern;[   50.000001] ", ";;",
	  STAMP, false },
	{ "labgrid", "DEBUG    strategy:serialdriver.py:55 b'[   50.000001] ", "\\r\\n'", STAMP,
	  false },
	{ "GELF", "{\"version\":\"1.1\",\"short_message\":\"[   50.000001] ", "\",\"level\":3}",
	  STAMP, true },
	{ "Elasticsearch", "{\"_index\":\"a\",\"_source\":{\"message\":\"[   50.000001] ",
	  "\",\"host\":{\"name\":\"box\"}}}", STAMP, true },
	{ "typography", "[\xc2\xa0\xc2\xa0 50.000001]\xc2\xa0", "\xe2\x80\x8b", STAMP, false },
};

/* What those who pass a line on put before each line of the text. */
static const struct carrier {
	const char *name, *before, *after;
	bool is_harmful; /* a time without a host, as a program has before its own words */
} carriers[] = {
	{ "mail quotation", "> ", "", false },
	{ "mail quotation twice", ">> ", "", false },
	{ "quotation in a quotation", "> > ", "", false },
	{ "tight quotation", ">", "", false },
	{ "indent", "    ", "", false },
	{ "tab", "\t", "", false },
	{ "bullet", "- ", "", false },
	{ "star", "* ", "", false },
	{ "round bullet", "\xe2\x80\xa2 ", "", false },
	{ "number", "12. ", "", false },
	{ "cell of a table", "| ", " |", false },
	{ "code", "`", "`", false },
	{ "strong", "**", "**", false },
	{ "double quotes", "\"", "\"", false },
	{ "single quotes", "'", "'", false },
	{ "grep -n", "1234:", "", false },
	{ "grep -n -A", "1234-", "", false },
	{ "grep -H", "/var/log/kern.log:", "", false },
	{ "grep -H -n", "dmesg.txt:1234:", "", false },
	{ "cat -n", "    12\t", "", false },
	{ "diff", "+", "", false },
	{ "moreutils ts", "Feb 03 11:22:33 ", "", false },
	{ "ts -s", "00:00:12 ", "", false },
	{ "ts %.s", "1770117753.123456 ", "", false },
	{ "minicom", "[2026-02-03 11:22:33] ", "", false },
	{ "picocom, a clock", "[11:22:33] ", "", false },
	{ "tio", "[11:22:33.444] ", "", false },
	{ "clock of four parts", "[11:22:33:444] ", "", false },
	{ "grabserial", "[0.000002 0.000001] ", "", false },
	{ "Tera Term", "[Tue Feb 03 11:22:33.444 2026] ", "", false },
	{ "prompt", "root@box:~# ", "", false },
	{ "prompt of a loader", "U-Boot> ", "", false },
	{ "prompt in brackets", "[root@box ~]# ", "", false },
	{ "prompt of Android", "console:/ $ ", "", false },
	{ "login", "raspberrypi login: ", "", false },
	{ "GitLab", "2026-02-03T11:22:33.000001Z 01O ", "", false },
	{ "GitHub", "2026-02-03T11:22:33.0000001Z ", "", false },
	{ "Jenkins", "[2026-02-03T11:22:33.444Z] ", "", false },
	{ "LAVA's page", "2026-02-03T11:22:33.000001 ", "", false },
	{ "docker compose", "board_1  | ", "", false },
	{ "containerd", "2026-02-03T11:22:33.000001Z stderr F ", "", false },
	{ "Python", "2026-02-03 11:22:33,444 - DEBUG - console - ", "", false },
	{ "HTML", "<span class=\"l\">", "</span><br>", false },
	{ "HTML table", "<tr><td>", "</td></tr>", false },
	{ "colour", "\x1b[1;31m", "\x1b[0m", false },
	{ "title of a terminal", "\x1b]0;root@box\x07", "", false },
	{ "screen cleared", "\x1b[2J\x1b[1;1H", "", false },
	{ "Buildkite", "\x1b_bk;t=1770117753444\x07", "", false },
	{ "round quotes", "\xe2\x80\x9c", "\xe2\x80\x9d", false },
};

static void put(char **text, const char *more, size_t len)
{
	size_t old = *text ? strlen(*text) : 0;

	*text = realloc(*text, old + len + 1);
	assert_non_null(*text);
	memcpy(*text + old, more, len);
	(*text)[old + len] = '\0';
}

static void put_string(char **text, const char *more)
{
	put(text, more, strlen(more));
}

static char *keep(const struct keeper *keeper, const char *message)
{
	char *text = NULL;

	put_string(&text, keeper->before);
	put_string(&text, message);
	put_string(&text, keeper->after);
	put_string(&text, "\n");
	return text;
}

/* Every line of @text gets the envelope; @text is freed. */
static char *carry(const struct carrier *carrier, char *text)
{
	char *out = NULL;

	for (char *p = text; *p;) {
		char *stop = strchr(p, '\n');

		put_string(&out, carrier->before);
		put(&out, p, (size_t)(stop - p));
		put_string(&out, carrier->after);
		put_string(&out, "\n");
		p = stop + 1;
	}
	free(text);
	return out;
}

static bool parse(const char *text, size_t len, struct lt_strings **strings, struct lt_klog *klog)
{
	struct lt_diag diag = { 0 };

	*strings = lt_strings_new();
	return !lt_klog_parse(text, len, *strings, klog, &diag);
}

static bool is_num(struct lt_num num, uint64_t val)
{
	return num.known && num.val == val;
}

static const char *fault_of_attempt(const struct lt_attempt *attempt, const struct wording *wording)
{
	if (wording->end_pfn) {
		const struct lt_try *tried = attempt->tries.v;

		return !attempt->is_open || attempt->tries.nr != 1 ? "no busy range"
		       : tried->pfns.start_pfn != wording->start_pfn ||
				       tried->pfns.end_pfn != wording->end_pfn
			       ? "another range"
			       : NULL;
	}
	if (!attempt->failed || !is_num(attempt->nr_pages, wording->nr_pages))
		return "other pages";
	if (!is_num(attempt->err, wording->err))
		return "another errno";
	if (!wording->area != !attempt->area_name ||
	    (wording->area && strcmp(wording->area, attempt->area_name)))
		return "another area";
	if (attempt->caller && isdigit((unsigned char)attempt->caller[0]))
		return "a clock is its caller";
	return NULL;
}

/* NULL if @text says what @wording means, and nothing else. */
static const char *fault_of(const char *text, size_t len, const struct wording *wording, int stamp,
			    int *stamp_is_told)
{
	struct lt_strings *strings;
	struct lt_klog klog = { 0 };
	const char *fault = NULL;

	if (!parse(text, len, &strings, &klog))
		fault = "not parsed";
	else if (klog.nr_not_taken)
		fault = "not taken";
	else if (klog.nr_suppressed != wording->nr_suppressed)
		fault = "messages kept back";
	else if (klog.attempts.nr != !wording->nr_suppressed)
		fault = klog.attempts.nr ? "more than it says" : "denied";
	else if (klog.attempts.nr)
		fault = fault_of_attempt(klog.attempts.v, wording);
	if (!fault && klog.attempts.nr) {
		const struct lt_num ts_ns = klog.attempts.v[0].ts_ns;

		*stamp_is_told = ts_ns.known;
		if (stamp == STAMP ? !is_num(ts_ns, STAMP_NS) : stamp == NO_STAMP && ts_ns.known)
			fault = "another stamp";
	}
	lt_klog_fini(&klog);
	lt_strings_free(strings);
	return fault;
}

static unsigned int nr_faults;

static void check(const char *text, size_t len, const struct wording *wording, int stamp,
		  const char *name)
{
	int is_told = 0;
	const char *fault = fault_of(text, len, wording, stamp, &is_told);

	if (!fault)
		return;
	nr_faults++;
	print_error("%s, %s: %s\n%s\n", name, wording->name, fault, text);
}

#define NR(array) (sizeof(array) / sizeof((array)[0]))

static void every_keeper_with_every_wording(void **state)
{
	(void)state;
	nr_faults = 0;
	for (size_t k = 0; k < NR(keepers); k++) {
		for (size_t w = 0; w < NR(wordings); w++) {
			char *text = keep(&keepers[k], wordings[w].text);

			check(text, strlen(text), &wordings[w], keepers[k].stamp, keepers[k].name);
			free(text);
		}
	}
	assert_int_equal(nr_faults, 0);
}

static void every_carrier_with_every_wording(void **state)
{
	(void)state;
	nr_faults = 0;
	for (size_t c = 0; c < NR(carriers); c++) {
		for (size_t w = 0; w < NR(wordings); w++) {
			char *text = carry(&carriers[c], keep(&keepers[0], wordings[w].text));

			check(text, strlen(text), &wordings[w], STAMP, carriers[c].name);
			free(text);
			text = carry(&carriers[c], keep(&keepers[1], wordings[w].text));
			check(text, strlen(text), &wordings[w], NO_STAMP, carriers[c].name);
			free(text);
		}
	}
	assert_int_equal(nr_faults, 0);
}

/* @text, which ends in a newline, in lines of @width at most; each but the first begins with @quote. */
static char *wrap(const char *text, size_t width, bool at_blanks, const char *quote)
{
	size_t len = strlen(text) - 1, at = 0;
	char *out = NULL;

	while (len - at > width) {
		size_t nr = width;

		while (at_blanks && nr > 1 && text[at + nr] != ' ')
			nr--;
		put_string(&out, at ? quote : "");
		put(&out, text + at, nr);
		put_string(&out, "\n");
		at += nr + at_blanks;
	}
	put_string(&out, at ? quote : "");
	put(&out, text + at, len - at);
	put_string(&out, "\n");
	return out;
}

/* A terminal breaks anywhere, a mailer at blanks. */
static void every_wording_in_lines_of_every_width(void **state)
{
	(void)state;
	nr_faults = 0;
	for (size_t w = 0; w < NR(wordings); w++) {
		if (wordings[w].nr_suppressed)
			continue;
		for (size_t width = 40; width < 100; width++) {
			for (int i = 0; i < 3; i++) {
				char *text = keep(&keepers[0], wordings[w].text);
				char *out = wrap(text, width, i > 0, i > 1 ? "> " : "");

				check(out, strlen(out), &wordings[w], STAMP, "wrapped");
				free(out);
				free(text);
			}
		}
	}
	assert_int_equal(nr_faults, 0);
}

/* As a console prints it whose lines are narrow; only what adds up is believed. */
static void a_bitmap_in_lines_of_every_width(void **state)
{
	static const char failure[] =
		"E cma     : __cma_alloc: cma: alloc failed, req-size: 6000 pages, ret: -12\n";
	static const char bitmap[] =
		"I cma     : number of available pages: 1@5+2@10+10@30+5900@26000"
		"=> 5913 free of 32768 total pages\n";

	(void)state;
	for (size_t width = 37; width < strlen(bitmap); width++) {
		struct lt_strings *strings;
		struct lt_klog klog = { 0 };
		char *pieces = wrap(bitmap, width, false, ""), *text = NULL;

		put_string(&text, failure);
		put_string(&text, pieces);
		assert_true(parse(text, strlen(text), &strings, &klog));
		assert_int_equal(klog.attempts.nr, 1);
		/* broken at a blank, a word that is broken too cannot be told from two */
		if (!is_num(klog.attempts.v[0].nr_free, 5913) ||
		    !is_num(klog.attempts.v[0].largest_free_run, 5900))
			print_message("# width %zu:\n%s", width, text);
		assert_num(klog.attempts.v[0].nr_free, 5913);
		assert_num(klog.attempts.v[0].largest_free_run, 5900);
		lt_klog_fini(&klog);
		lt_strings_free(strings);
		free(text);
		free(pieces);
	}
}

/* Encodings of the whole text. */
/* The character at @p, which is of three bytes at most; @p is moved behind it. */
static unsigned int character(const char **p)
{
	const unsigned char *at = (const unsigned char *)*p;

	if (*at >= 0xe0) {
		*p += 3;
		return (*at & 0xfu) << 12 | (at[1] & 0x3fu) << 6 | (at[2] & 0x3fu);
	}
	if (*at >= 0xc0) {
		*p += 2;
		return (*at & 0x1fu) << 6 | (at[1] & 0x3fu);
	}
	*p += 1;
	return *at;
}

static char *utf16(const char *text, size_t *len, bool is_be, bool has_mark)
{
	size_t nr = strlen(text);
	char *out = malloc(2 * nr + 2), *to = out;

	assert_non_null(out);
	if (has_mark) {
		*to++ = is_be ? '\xfe' : '\xff';
		*to++ = is_be ? '\xff' : '\xfe';
	}
	for (const char *p = text; *p; to += 2) {
		unsigned int c = character(&p);

		to[is_be] = (char)(c & 0xff);
		to[!is_be] = (char)(c >> 8);
	}
	*len = (size_t)(to - out);
	return out;
}

/* Each byte that a mail may not have, and a soft break after every 75 characters. */
static char *quoted_printable(const char *text)
{
	char *out = NULL, byte[8];
	size_t column = 0;

	put_string(&out, "Content-Transfer-Encoding: quoted-printable\n\n");
	for (const char *p = text; *p; p++) {
		if (*p == '\n') {
			put_string(&out, "\n");
			column = 0;
			continue;
		}
		snprintf(byte, sizeof(byte),
			 *p == '=' || (unsigned char)*p >= 0x7f || *p == '\x1b' ? "=%02X" : "%c",
			 (unsigned char)*p);
		if (column + strlen(byte) > 75) {
			put_string(&out, "=\n");
			column = 0;
		}
		put_string(&out, byte);
		column += strlen(byte);
	}
	return out;
}

static char *escape_html(const char *text)
{
	char *out = NULL;

	put_string(&out, "<html><body><pre>\n");
	for (const char *p = text; *p; p++) {
		switch (*p) {
		case '<':
			put_string(&out, "&lt;");
			break;
		case '>':
			put_string(&out, "&gt;");
			break;
		case '&':
			put_string(&out, "&amp;");
			break;
		case '"':
			put_string(&out, "&quot;");
			break;
		default:
			put(&out, p, 1);
		}
	}
	put_string(&out, "</pre>\n");
	return out;
}

static char *replace_ends(const char *text, const char *end)
{
	char *out = NULL;

	for (const char *p = text; *p; p++) {
		if (*p == '\n')
			put_string(&out, end);
		else
			put(&out, p, 1);
	}
	return out;
}

enum {
	PLAIN,
	UTF8_MARK,
	BASE64,
	UTF16_LE,
	UTF16_BE,
	UTF16_BARE,
	QUOTED_PRINTABLE,
	HTML,
	CR_LF,
	CR,
	CR_CR_LF,
	NO_END,
	NR_ENCODINGS
};

static const char *const encoding_names[] = { "plain",
					      "UTF-8 mark",
					      "base64",
					      "UTF-16 LE",
					      "UTF-16 BE",
					      "UTF-16 without mark",
					      "quoted-printable",
					      "HTML",
					      "CR LF",
					      "CR",
					      "CR CR LF",
					      "no newline at the end" };

/* A mail with a part that is base64, in lines of 76, and one behind it. */
static char *base64(const char *text)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t len = strlen(text), column = 0;
	char *out = NULL;

	put_string(&out,
		   "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"x\"\n\nHello,\n"
		   "--x\nContent-Type: text/plain; name=\"dmesg.txt\"\n"
		   "Content-Transfer-Encoding: base64\n\n");
	for (size_t i = 0; i < len; i += 3) {
		const unsigned char *p = (const unsigned char *)text + i;
		unsigned int bits =
			p[0] << 16 | (i + 1 < len ? p[1] << 8 : 0) | (i + 2 < len ? p[2] : 0);
		char four[] = { digits[bits >> 18], digits[bits >> 12 & 63],
				i + 1 < len ? digits[bits >> 6 & 63] : '=',
				i + 2 < len ? digits[bits & 63] : '=' };

		put(&out, four, sizeof(four));
		column += sizeof(four);
		if (column == 76)
			put_string(&out, "\n");
		column %= 76;
	}
	put_string(&out, "\n--x\nContent-Type: text/plain\n\nBye\n--x--\n");
	return out;
}

static char *encode(const char *text, int encoding, size_t *len)
{
	char *out = NULL;

	switch (encoding) {
	case UTF16_LE:
	case UTF16_BE:
	case UTF16_BARE:
		return utf16(text, len, encoding == UTF16_BE, encoding != UTF16_BARE);
	case QUOTED_PRINTABLE:
		out = quoted_printable(text);
		break;
	case HTML:
		out = escape_html(text);
		break;
	case BASE64:
		out = base64(text);
		break;
	case UTF8_MARK:
		put_string(&out, "\xef\xbb\xbf");
		put_string(&out, text);
		break;
	default:
		out = replace_ends(text, encoding == CR		? "\r"
					 : encoding == CR_LF	? "\r\n"
					 : encoding == CR_CR_LF ? "\r\r\n"
								: "\n");
	}
	*len = strlen(out) - (encoding == NO_END);
	return out;
}

static void every_encoding_with_every_wording(void **state)
{
	(void)state;
	nr_faults = 0;
	for (int e = 0; e < NR_ENCODINGS; e++) {
		for (size_t w = 0; w < NR(wordings); w++) {
			char *text = keep(&keepers[0], wordings[w].text), *out;
			size_t len;

			/* Where the end is missing only a failure is surely whole. */
			if (e == NO_END && !wordings[w].err) {
				free(text);
				continue;
			}
			out = encode(text, e, &len);
			check(out, len, &wordings[w], STAMP, encoding_names[e]);
			free(out);
			free(text);
		}
	}
	assert_int_equal(nr_faults, 0);
}

/* Small, and the same everywhere. */
static uint64_t next(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

static size_t below(uint64_t *seed, size_t nr)
{
	return (size_t)(next(seed) >> 16) % nr;
}

/* Other lines stand around it, as they do in a log. */
static char *surround(uint64_t *seed, char *text)
{
	static const char *const others[] = {
		"usb 1-1: new high-speed USB device number 3 using dwc2\n",
		"[   49.100000] usb 1-1: reset high-speed USB device\n",
		"Hello,\n\nour camera fails, the log is below.\n",
		"```\n",
		"$ dmesg | tail\n",
		"-- \nBest regards\n",
		"\n",
	};
	char *out = NULL;

	for (size_t i = below(seed, 3); i; i--)
		put_string(&out, others[below(seed, NR(others))]);
	put_string(&out, text);
	for (size_t i = below(seed, 3); i; i--)
		put_string(&out, others[below(seed, NR(others))]);
	free(text);
	return out;
}

/* What one text is made of. JSON goes into nothing that would need its quotes, or cut its lines. */
static void compose(uint64_t seed)
{
	const struct wording *wording = &wordings[below(&seed, NR(wordings))];
	const struct keeper *keeper = &keepers[below(&seed, NR(keepers))];
	size_t nr_carriers = below(&seed, 4), len;
	char *text = keep(keeper, wording->text), *out, name[512];
	int encoding = (int)below(&seed, NO_END), is_told;
	const char *fault;
	size_t nr = (size_t)snprintf(name, sizeof(name), "%s", keeper->name);

	for (size_t i = 0; i < nr_carriers; i++) {
		const struct carrier *carrier = &carriers[below(&seed, NR(carriers))];

		text = carry(carrier, text);
		nr += (size_t)snprintf(name + nr, sizeof(name) - nr, " in %s", carrier->name);
	}
	text = surround(&seed, text);
	out = encode(text, encoding, &len);
	/* A program's own stamp may look like the kernel's. */
	fault = fault_of(out, len, wording, keeper->stamp == STAMP ? STAMP : -1, &is_told);
	if (fault) {
		nr_faults++;
		print_error("%s in %s, %s: %s\n%s\n", name, encoding_names[encoding], wording->name,
			    fault, text);
	}
	free(out);
	free(text);
}

static uint64_t from_environment(const char *name, uint64_t otherwise)
{
	const char *value = getenv(name);

	return value ? strtoull(value, NULL, 0) : otherwise;
}

static void any_composition_of_them(void **state)
{
	const uint64_t seed = from_environment("LT_SEED", 0);
	const uint64_t nr = seed ? 1 : from_environment("LT_COMPOSITIONS", NR_COMPOSITIONS);
	const uint64_t step = 0x9e3779b97f4a7c15u;

	(void)state;
	nr_faults = 0;
	for (uint64_t i = 0; i < nr && nr_faults < 20; i++) {
		const unsigned int before = nr_faults;
		const uint64_t one = seed ? seed : step * (i + 1);

		compose(one);
		if (nr_faults > before)
			print_error("LT_SEED=0x%llx\n", (unsigned long long)one);
	}
	print_message("# %llu compositions, seeds 0x%llx times 1 to that\n", (unsigned long long)nr,
		      (unsigned long long)(seed ? seed : step));
	assert_int_equal(nr_faults, 0);
}

/* The control: what no row of the table takes is not believed, and counted with its line. */
static void an_unknown_envelope_is_counted(void **state)
{
	static const char *const envelopes[] = { "the user says ",
						 "[   50.000001] app[7]: ",
						 "Feb  3 11:22:33 box app[7]: ",
						 "<14>",
						 "user  :err   : [   50.000001] ",
						 "<11>Feb  3 11:22:33 box app: ",
						 "\"12\",\"app\",\"err\",\"",
						 "host, kernel, " };

	(void)state;
	for (size_t e = 0; e < NR(envelopes); e++) {
		for (size_t w = 0; w < NR(wordings); w++) {
			struct lt_strings *strings;
			struct lt_klog klog = { 0 };
			char *text = NULL;

			put_string(&text, "first line\n");
			put_string(&text, envelopes[e]);
			put_string(&text, wordings[w].text);
			put_string(&text, "\nlast line\n");
			assert_true(parse(text, strlen(text), &strings, &klog));
			if (klog.attempts.nr || klog.nr_suppressed || klog.nr_not_taken != 1 ||
			    klog.first_not_taken != 2)
				fail_msg("%zu attempts, %u not taken, the first in line %u:\n%s",
					 klog.attempts.nr, klog.nr_not_taken, klog.first_not_taken,
					 text);
			lt_klog_fini(&klog);
			lt_strings_free(strings);
			free(text);
		}
	}
}

/*
 * Words before the kernel's own stamp, and behind its message, are of who passed it on. They fit no
 * other line, so they are in no composition.
 */
static void anything_around_a_copy(void **state)
{
	static const char *const before[] = { "NOTE: ",
					      "RX <- ",
					      "qemu-system-aarch64: ",
					      "{noformat}",
					      "[code]",
					      "<system-err><![CDATA[",
					      "   .. code:: ",
					      "lines 1-22 ",
					      "Our camera fails with ",
					      "2026-02-03 11:22:33 board ttyUSB0: " };
	static const char *const after[] = { "{noformat}",	 "[/code]",
					     "]]></system-err>", ", then it hangs.",
					     "; root@box:~# ",	 " (see above)",
					     "\xe2\x80\xa6",	 "</Data>" };
	char line[256];

	(void)state;
	nr_faults = 0;
	for (size_t w = 0; w < NR(wordings); w++) {
		for (size_t i = 0; i < NR(before); i++) {
			snprintf(line, sizeof(line), "%s[   50.000001] %s\n", before[i],
				 wordings[w].text);
			check(line, strlen(line), &wordings[w], STAMP, before[i]);
		}
		for (size_t i = 0; i < NR(after); i++) {
			snprintf(line, sizeof(line), "[   50.000001] %s%s\n", wordings[w].text,
				 after[i]);
			check(line, strlen(line), &wordings[w], STAMP, after[i]);
		}
	}
	assert_int_equal(nr_faults, 0);
}

/* What a program says in syslog is not the kernel's, though it has a stamp of the kernel in it. */
static void a_program_that_quotes_a_stamp(void **state)
{
	static const char *const before[] = {
		"Feb  3 11:22:33 box app[123]: ",
		"Feb  3 11:22:33 box app: ",
		"Feb  3 11:22:33 box app: <3>",
		"Feb  3 11:22:33 app[123]: ",
		"Feb  3 11:22:33 box user.notice app: ",
		"Feb  3 11:22:33 box cron.info crond[7]: ",
		"Feb  3 11:22:33 box app[123]: kernel: ",
		"Tue Feb  3 11:22:33 2026 daemon.err app[88]: ",
		"2026-02-03T11:22:33.000001+01:00 box app[123]: ",
		"2026-02-03T11:22:33.000001+01:00 box app: ",
		"1770117753.000001 box app[123]: ",
		"1 2026-02-03T11:22:33Z box app 123 - - ",
		"<30>1 2026-02-03T11:22:33Z box app 123 - - ",
		"[11:22:33] app[123]: ",
		"[   50.500000] box app[123]: ",
		"SYSLOG_IDENTIFIER=app\nMESSAGE=",
		"MESSAGE_ID=a\n_TRANSPORT=stdout\nMESSAGE=",
	};
	char line[256];

	(void)state;
	for (size_t w = 0; w < NR(wordings); w++) {
		for (size_t i = 0; i < NR(before); i++) {
			struct lt_strings *strings;
			struct lt_klog klog = { 0 };

			snprintf(line, sizeof(line), "%s[   50.000001] %s\n", before[i],
				 wordings[w].text);
			assert_true(parse(line, strlen(line), &strings, &klog));
			if (klog.attempts.nr || klog.nr_not_taken != 1)
				print_message("# %s", line);
			assert_int_equal(klog.attempts.nr, 0);
			assert_int_equal(klog.nr_suppressed, 0);
			assert_int_equal(klog.nr_not_taken, 1);
			lt_klog_fini(&klog);
			lt_strings_free(strings);
		}
	}
}

/* What says that messages are missing, and what only looks like it. */
static void a_gap_is_told(void **state)
{
	static const char before[] = "[    0.000000] Linux version 6.12.9 (u@h) #1 SMP\n";
	static const char *const gaps[] = {
		"** 35 printk messages dropped **",
		"** 1 printk messages dropped ** [   50.000001] usb 1-1: new",
		"[   50.000001] printk: 12 messages dropped",
		"Feb  3 11:22:33 box systemd-journald[200]: Missed 35 kernel messages",
		"Feb  3 11:22:33 box rsyslogd: imklog: 3 messages lost due to rate-limiting (20 allowed)",
		"02-03 11:22:33.000     0     0 I chatty  : uid=0(root) expire 35 lines",
		"...",
		"[...]",
		"(\xe2\x80\xa6)",
		"<snip>",
		"--- cut ---",
	};
	static const char *const others[] = {
		"[   50.000001] usb 1-1: new",
		"[   50.000001] net_ratelimit: 35 callbacks suppressed",
		"[   50.000001] foo: 3 messages dropped",
		"[   50.000001] cut",
		"Feb  3 11:22:33 box systemd-journald[200]: Suppressed 35 messages from app.service",
		"----------",
		"",
	};
	char text[512];

	(void)state;
	for (size_t i = 0; i < NR(gaps) + NR(others); i++) {
		const char *line = i < NR(gaps) ? gaps[i] : others[i - NR(gaps)];
		struct lt_strings *strings;
		struct lt_klog klog = { 0 };

		snprintf(text, sizeof(text), "%s%s\n", before, line);
		assert_true(parse(text, strlen(text), &strings, &klog));
		if (klog.first_gap != (i < NR(gaps) ? 2 : 0))
			print_message("# %s\n", line);
		assert_int_equal(klog.first_gap, i < NR(gaps) ? 2 : 0);
		lt_klog_fini(&klog);
		lt_strings_free(strings);
	}
}

/* A number that goes on is another one. */
static void a_message_that_goes_on_is_none(void **state)
{
	static const char *const after[] = { "x", "_", "x-12" };
	char line[256];

	(void)state;
	for (size_t i = 0; i < NR(after); i++) {
		struct lt_strings *strings;
		struct lt_klog klog = { 0 };

		snprintf(line, sizeof(line), "[   50.000001] %s%s\n", wordings[1].text, after[i]);
		assert_true(parse(line, strlen(line), &strings, &klog));
		assert_int_equal(klog.attempts.nr, 0);
		assert_int_equal(klog.nr_not_taken, 1);
		lt_klog_fini(&klog);
		lt_strings_free(strings);
	}
}

/* journalctl writes a value so that has a newline or a colour in it: how long it is comes first. */
static void a_field_of_any_bytes(void **state)
{
	(void)state;
	nr_faults = 0;
	for (size_t w = 0; w < NR(wordings); w++) {
		for (size_t part = 1; part < 70; part += 17) {
			struct lt_strings *strings = lt_strings_new();
			struct lt_klog_reader *reader = lt_klog_reader_new(strings, 0);
			struct lt_klog klog = { 0 };
			struct lt_diag diag = { 0 };
			char text[1024], *to = text, value[256];
			size_t len = (size_t)snprintf(value, sizeof(value), "a\n\x1b[31m%s\x1b[0m",
						      wordings[w].text);

			to += sprintf(to, "__CURSOR=s=a;i=7\n_TRANSPORT=kernel\n"
					  "_SOURCE_MONOTONIC_TIMESTAMP=50000001\nMESSAGE\n");
			for (int i = 0; i < 8; i++)
				*to++ = (char)(len >> 8 * i);
			memcpy(to, value, len);
			to += len;
			to += sprintf(to, "\n_HOSTNAME=box\n\n");
			for (char *p = text; p < to; p += part)
				assert_int_equal(
					lt_klog_reader_feed(
						reader, p, p + part < to ? part : (size_t)(to - p)),
					0);
			assert_int_equal(lt_klog_reader_end(reader, &klog, &diag), 0);
			if (klog.nr_not_taken || klog.nr_suppressed != wordings[w].nr_suppressed ||
			    klog.attempts.nr != !wordings[w].nr_suppressed ||
			    (klog.attempts.nr && (fault_of_attempt(klog.attempts.v, &wordings[w]) ||
						  !is_num(klog.attempts.v[0].ts_ns, STAMP_NS)))) {
				nr_faults++;
				print_error("%s, in parts of %zu\n", wordings[w].name, part);
			}
			lt_klog_fini(&klog);
			lt_klog_reader_free(reader);
			lt_strings_free(strings);
		}
	}
	assert_int_equal(nr_faults, 0);
}

/* A size that cannot be, and one whose bytes do not come. */
static void a_field_without_its_bytes(void **state)
{
	static const char head[] = "__CURSOR=s=a\nMESSAGE\n";

	(void)state;
	for (int size = 0; size < 256; size += 51) {
		for (size_t nr = 0; nr <= 12; nr++) {
			struct lt_strings *strings;
			struct lt_klog klog = { 0 };
			char text[64];

			memcpy(text, head, sizeof(head) - 1);
			memset(text + sizeof(head) - 1, size, nr);
			(void)parse(text, sizeof(head) - 1 + nr, &strings, &klog);
			assert_int_equal(klog.attempts.nr, 0);
			lt_klog_fini(&klog);
			lt_strings_free(strings);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_field_of_any_bytes),
		cmocka_unit_test(a_field_without_its_bytes),
		cmocka_unit_test(anything_around_a_copy),
		cmocka_unit_test(a_program_that_quotes_a_stamp),
		cmocka_unit_test(a_gap_is_told),
		cmocka_unit_test(a_message_that_goes_on_is_none),
		cmocka_unit_test(every_keeper_with_every_wording),
		cmocka_unit_test(every_carrier_with_every_wording),
		cmocka_unit_test(every_encoding_with_every_wording),
		cmocka_unit_test(every_wording_in_lines_of_every_width),
		cmocka_unit_test(a_bitmap_in_lines_of_every_width),
		cmocka_unit_test(any_composition_of_them),
		cmocka_unit_test(an_unknown_envelope_is_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
