// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What the files of a captured tree tell of names, and how each reads without them. Of a kernel log
 * only lines that speak of memory are kept: the others may say anything about anybody.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/array_size.h"
#include "base/redact.h"

/* Options of the command line whose values are about memory, and are no secret. */
/* clang-format off */
static const char *const known_options[] = {
	"cma", "hugetlb_cma", "hugepages", "hugepagesz", "default_hugepagesz", "movablecore",
	"kernelcore", "page_owner", "page_poison", "mem", "memmap", "numa", "numa_cma",
	"cma_pernuma", "memory_corruption_check", "transparent_hugepage", "slub_debug", "quiet",
	"panic", "console", "loglevel", "earlycon", "movable_node", "coherent_pool", "vmalloc",
	"page_alloc.shuffle", "init_on_alloc", "init_on_free", "iommu", "swiotlb", "nokaslr",
};

/* A line of the log with one of these is about memory, or says which log it is. */
static const char *const log_words[] = {
	"cma", "alloc", "pfn", "busy", "reserved", "linux version", "memory", "mem-info", "page",
	"node", "dma", "normal", "movable", "highmem", "watermark", "free:", "free_", "isolated",
	"lowmem", "kernel command line", "total", "bitmap", "nr_", "migrat", "pin", "ion_", "heap",
	"booting linux", "boot_id", "buffer", "fallback", "falling back", "oom", "suppressed", "ret",
	"ltpin", "region", "pool", "zone", "kib", "mib", "machine model", "hugetlb", "dumping",
	"fail",
};
/* clang-format on */

static bool ends_with(const char *path, const char *end)
{
	size_t len = strlen(path), n = strlen(end);

	return len >= n && !strcmp(path + len - n, end);
}

static bool is_log(const char *path)
{
	return ends_with(path, "/dmesg.txt");
}

/* Where @word begins in @line, whatever its case; NULL. */
static const char *find_word(const char *line, size_t len, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; i + n <= len; i++)
		if (!strncasecmp(line + i, word, n))
			return line + i;
	return NULL;
}

/* "4@8+1@20", which a map of an area goes on with in the next line. */
static bool has_map(const char *line, size_t len)
{
	for (size_t i = 1; i + 1 < len; i++)
		if (line[i] == '@' && isdigit((unsigned char)line[i - 1]) &&
		    isdigit((unsigned char)line[i + 1]))
			return true;
	return false;
}

static bool is_of_memory(const char *line, size_t len)
{
	if (has_map(line, len))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(log_words); i++)
		if (find_word(line, len, log_words[i]))
			return true;
	return false;
}

static bool is_known_option(const char *name, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(known_options); i++)
		if (strlen(known_options[i]) == len && !memcmp(known_options[i], name, len))
			return true;
	return false;
}

/* "ro console=ttyS0 androidboot.serialno=AB12": values, and words of what comes behind "--". */
static void learn_options(struct lt_redact *redact, const char *p, size_t len)
{
	for (size_t i = 0; i < len;) {
		size_t end = i, eq;

		for (bool is_quoted = false;
		     end < len && (is_quoted || !isspace((unsigned char)p[end])); end++)
			is_quoted ^= p[end] == '"';
		for (eq = i; eq < end && p[eq] != '=';)
			eq++;
		if (eq < end && !is_known_option(p + i, eq - i)) {
			size_t from = eq + 1, to = end;

			if (from < to && p[from] == '"')
				from++;
			if (to > from && p[to - 1] == '"')
				to--;
			lt_redact_learn(redact,
					find_word(p + i, eq - i, "serial") ? LT_REDACT_SERIAL
									   : LT_REDACT_VALUE,
					p + from, to - from);
		}
		for (i = end; i < len && isspace((unsigned char)p[i]);)
			i++;
	}
}

/* The word behind @p, without what stands around it. */
static void learn_word(struct lt_redact *redact, enum lt_redact_kind kind, const char *p,
		       const char *end)
{
	const char *from = p;

	while (from < end && strchr(" \t=:<\"'", *from))
		from++;
	for (p = from; p < end && !isspace((unsigned char)*p) && !strchr(">\"',;)", *p);)
		p++;
	lt_redact_learn(redact, kind, from, (size_t)(p - from));
}

static const struct {
	enum lt_redact_kind kind;
	const char *lead;
} leads[] = {
	{ LT_REDACT_SERIAL, "SerialNumber:" }, { LT_REDACT_SERIAL, "serial number:" },
	{ LT_REDACT_SERIAL, "serial:" },       { LT_REDACT_SERIAL, "serialno=" },
	{ LT_REDACT_SERIAL, "serial#" },       { LT_REDACT_HOST, "Hostname set to" },
	{ LT_REDACT_HOST, "hostname=" },       { LT_REDACT_HOST, "_HOSTNAME" },
	{ LT_REDACT_HOST, "hostname:" },       { LT_REDACT_USER, "session of user" },
	{ LT_REDACT_USER, "USER=" },
};

/* "kern.err", which OpenWrt has in the place of a host. */
static bool is_facility(const char *word, const char *end)
{
	static const char *const facilities[] = { "kern.",   "daemon.", "user.",
						  "syslog.", "auth.",	"local" };

	for (size_t i = 0; i < ARRAY_SIZE(facilities); i++)
		if ((size_t)(end - word) > strlen(facilities[i]) &&
		    !memcmp(word, facilities[i], strlen(facilities[i])) &&
		    memchr(word, '.', (size_t)(end - word)))
			return true;
	return false;
}

/* "Nov 30 07:00:01 HOST kernel: ..." and "2026-11-30T07:00:01+0000 HOST kernel: ..." */
static void learn_envelope(struct lt_redact *redact, const char *line, size_t len)
{
	const char *kernel = find_word(line, len < 200 ? len : 200, " kernel:");
	const char *from = kernel;

	if (!kernel)
		return;
	while (from > line && !isspace((unsigned char)from[-1]))
		from--;
	if (is_facility(from, kernel))
		return;
	if (from > line + 8 && isdigit((unsigned char)from[-2 - (from[-2] == 'Z')]))
		lt_redact_learn(redact, LT_REDACT_HOST, from, (size_t)(kernel - from));
}

/* "initialized node NAME@58000000, compatible id shared-dma-pool": it may become an area, or not. */
static void learn_node(struct lt_redact *redact, const char *line, size_t len)
{
	static const char lead[] = "initialized node ";
	const char *at = find_word(line, len, lead), *from = at ? at + sizeof(lead) - 1 : NULL;
	const char *end = from ? memchr(from, ',', len - (size_t)(from - line)) : NULL;
	const char *unit = end ? memchr(from, '@', (size_t)(end - from)) : NULL;

	if (end)
		lt_redact_learn(redact, LT_REDACT_AREA, from, (size_t)((unit ? unit : end) - from));
}

/* "Linux version 6.12.1 (user@HOST) ..." */
static void learn_builder(struct lt_redact *redact, const char *line, size_t len)
{
	const char *open = find_word(line, len, "Linux version ") ? memchr(line, '(', len) : NULL;
	const char *close = open ? memchr(open, ')', len - (size_t)(open - line)) : NULL;
	const char *at = close ? memchr(open, '@', (size_t)(close - open)) : NULL;

	if (at)
		lt_redact_learn(redact, LT_REDACT_HOST, at + 1, (size_t)(close - at - 1));
}

/* What the kernel writes around the name of a process. */
static const struct {
	const char *before, *behind;
} around[] = {
	{ "Comm: ", " " },
	{ "Killed process ", ")" }, /* the number and a bracket stand before it */
	{ "task=", "," },
	{ "comm=\"", "\"" },
};

static void learn_process(struct lt_redact *redact, const char *from, const char *end)
{
	static const char *const threads[] = {
		"kworker", "kcompactd", "khugepaged", "kswapd", "ksoftirqd", "migration/",
		"rcu",	   "cpuhp/",	"kthreadd",   "irq/",	"<",
	};

	for (size_t i = 0; i < ARRAY_SIZE(threads); i++)
		if ((size_t)(end - from) >= strlen(threads[i]) &&
		    !memcmp(from, threads[i], strlen(threads[i])))
			return;
	if (end > from)
		lt_redact_learn(redact, LT_REDACT_PROCESS, from, (size_t)(end - from));
}

static void learn_log_processes(struct lt_redact *redact, const char *line, size_t len)
{
	const char *end = line + len, *killer = find_word(line, len, " invoked oom-killer");
	const char *from = killer;

	while (from && from > line && from[-1] != ']' && from[-1] != ':' && from[-1] != ' ')
		from--;
	if (killer)
		learn_process(redact, from, killer);
	for (size_t i = 0; i < ARRAY_SIZE(around); i++) {
		const char *at = find_word(line, len, around[i].before), *to;

		if (!at)
			continue;
		at += strlen(around[i].before);
		if (isdigit((unsigned char)*at) && memchr(at, '(', (size_t)(end - at)))
			at = (const char *)memchr(at, '(', (size_t)(end - at)) + 1;
		to = memchr(at, *around[i].behind, (size_t)(end - at));
		learn_process(redact, at, to ? to : end);
	}
}

/* "          NAME-812     (    812) [001] .....": in front of every event. */
static void learn_task(struct lt_redact *redact, const char *line, size_t len)
{
	const char *from = line, *cpu = find_word(line, len, " [0");

	while (from < line + len && *from == ' ')
		from++;
	while (cpu && cpu > from && strchr(" ()0123456789-", *cpu) && *cpu != '-')
		cpu--;
	if (cpu && cpu > from && *cpu == '-' && isdigit((unsigned char)cpu[1]))
		learn_process(redact, from, cpu);
}

/* "comm": "NAME" of our own documents. */
static void learn_members(struct lt_redact *redact, const char *line, size_t len)
{
	static const char key[] = "comm\": \"";
	const char *end = line + len, *at = line;

	while ((at = find_word(at, (size_t)(end - at), key))) {
		const char *to;

		at += sizeof(key) - 1;
		to = memchr(at, '"', (size_t)(end - at));
		if (to)
			learn_process(redact, at, to);
	}
}

static void learn_log(struct lt_redact *redact, const char *line, size_t len)
{
	static const char options[] = "Kernel command line:";
	const char *at = find_word(line, len, options);

	if (at)
		learn_options(redact, at + strlen(options),
			      len - (size_t)(at - line) - strlen(options));
	for (size_t i = 0; i < ARRAY_SIZE(leads); i++) {
		at = find_word(line, len, leads[i].lead);
		if (at)
			learn_word(redact, leads[i].kind, at + strlen(leads[i].lead), line + len);
	}
	learn_envelope(redact, line, len);
	learn_node(redact, line, len);
	learn_builder(redact, line, len);
	if (lt_redact_learns_processes(redact))
		learn_log_processes(redact, line, len);
}

/* "Charged to memcg NAME", of page_owner. */
static void learn_memcg(struct lt_redact *redact, const char *line, size_t len)
{
	const char *at = find_word(line, len, "memcg ");

	if (at && find_word(line, len, "Charged"))
		lt_redact_learn(redact, LT_REDACT_MEMCG, at + 6, len - (size_t)(at + 6 - line));
}

void lt_redact_learn_line(struct lt_redact *redact, const char *path, const char *line, size_t len)
{
	if (ends_with(path, "/proc/cmdline"))
		learn_options(redact, line, len);
	else if (ends_with(path, "/page_owner"))
		learn_memcg(redact, line, len);
	else if (is_log(path))
		learn_log(redact, line, len);
	else if (ends_with(path, "/kernel/hostname"))
		lt_redact_learn(redact, LT_REDACT_HOST, line, len);
	else if (ends_with(path, "/proc/version"))
		learn_builder(redact, line, len);
	else if (ends_with(path, "/trace") && lt_redact_learns_processes(redact))
		learn_task(redact, line, len);
	else if (ends_with(path, ".json") && lt_redact_learns_processes(redact))
		learn_members(redact, line, len);
}

/* Bytes of "<6>[   12.345678] " at the front, up to the bracket behind the last stamp. */
static size_t stamp_length(const char *line, size_t len)
{
	const char *open = memchr(line, '[', len < 40 ? len : 40);
	const char *close = open ? memchr(open, ']', len - (size_t)(open - line)) : NULL;

	for (const char *p = open; close && p && p < close; p++)
		if (!strchr("[ 0123456789.TCtc@", *p))
			return 0;
	return close ? (size_t)(close - line) + 1 : 0;
}

/* "CONFIG_X=y" and numbers; strings name people and places. */
static bool is_plain_option(const char *line, size_t len)
{
	const char *eq = memchr(line, '=', len);

	return !eq || (eq + 1 < line + len && eq[1] != '"');
}

/* "Linux version 6.12.1 (user@host) (gcc ...) #1 SMP ...": who built it. */
static void put_version(struct lt_redact *redact, const char *line, size_t len, FILE *out)
{
	const char *open = memchr(line, '(', len);
	const char *close = open ? memchr(open, ')', len - (size_t)(open - line)) : NULL;

	if (!close || !memchr(open, '@', (size_t)(close - open))) {
		lt_redact_text(redact, line, len, out);
		return;
	}
	lt_redact_text(redact, line, (size_t)(open - line), out);
	fputs("(redacted)", out);
	lt_redact_count(redact, LT_REDACT_USER);
	lt_redact_text(redact, close + 1, len - (size_t)(close + 1 - line), out);
}

/* "size flags mode count exporter ino NAME" of bufinfo: what a process called its buffer. */
static size_t buffer_name(const char *line, size_t len)
{
	size_t at = 0;

	for (int i = 0; i < 6; i++) {
		const char *tab = memchr(line + at, '\t', len - at);

		if (!tab || (i < 2 && !isxdigit((unsigned char)line[at])))
			return 0;
		at = (size_t)(tab - line) + 1;
	}
	return at;
}

void lt_redact_line(struct lt_redact *redact, const char *path, const char *line, size_t len,
		    FILE *out)
{
	if (is_log(path) && len && !is_of_memory(line, len)) {
		fwrite(line, 1, stamp_length(line, len), out);
		lt_redact_count(redact, LT_REDACT_LINE);
	} else if (strstr(path, "/boot/config") && !is_plain_option(line, len)) {
		lt_redact_count(redact, LT_REDACT_VALUE);
	} else if (ends_with(path, "/bufinfo") && buffer_name(line, len)) {
		size_t at = buffer_name(line, len);

		lt_redact_text(redact, line, at, out);
		if (len > at)
			lt_redact_whole(redact, LT_REDACT_PATH, line + at, len - at, out);
	} else if (find_word(line, len, "Linux version ")) {
		put_version(redact, line, len, out);
	} else {
		lt_redact_text(redact, line, len, out);
	}
}
