// SPDX-License-Identifier: LGPL-2.1-or-later
/* Replaces names by placeholders: those that were learnt, and those that have a form. */
#include "base/redact.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array_size.h"
#include "base/memstream.h"
#include "base/vec.h"

/* Names that are shorter are words of too many other things. */
#define NAME_MIN 3
#define NAME_MAX_LEN 4096

struct name {
	char *text;
	size_t len, number; /* of its kind */
	enum lt_redact_kind kind;
	size_t whole;	       /* index of the name that this is a form of: its own, mostly */
	bool is_kept, is_form; /* known by its form: found there alone */
	bool is_placed;	       /* somewhere, it or a form of it */
};

LT_VEC_OF(names, struct name);
LT_VEC_OF(indexes, size_t);

struct lt_redact {
	struct names names;
	struct indexes by_first[256]; /* indexes of names, by their first byte */
	struct lt_redact_tally tally[LT_REDACT_NR_KINDS];
	size_t nr_of_kind[LT_REDACT_NR_KINDS];
	bool learns_processes;
	int err;
};

static const struct {
	const char *name, *placeholder;
} kinds[LT_REDACT_NR_KINDS] = {
	[LT_REDACT_HOST] = { "host name", "host-" },
	[LT_REDACT_USER] = { "user", "user-" },
	[LT_REDACT_PATH] = { "file path", "/redacted/path-" },
	[LT_REDACT_PROCESS] = { "process name", "proc-" },
	[LT_REDACT_SERIAL] = { "serial number", "serial-" },
	[LT_REDACT_MAC] = { "MAC address", "mac-" },
	[LT_REDACT_UUID] = { "UUID", "uuid-" },
	[LT_REDACT_IP] = { "IP address", "ip-" },
	[LT_REDACT_ADDRESS] = { "kernel address", "" },
	[LT_REDACT_MEMCG] = { "memory cgroup", "memcg-" },
	[LT_REDACT_VALUE] = { "command line value", "value-" },
	[LT_REDACT_AREA] = { "area name", "area-" },
	[LT_REDACT_LINE] = { "log line", "" },
};

/* Words of the kernel: as somebody's name they say nothing of him, and replacing them would hide much. */
/* clang-format off */
static const char *const common[] = {
	"reserved", "default", "linux,cma", "linux,cma-default", "default-pool", "cma", "hugetlb",
	"CMA", "DMA", "DMA32", "Normal", "HighMem", "Movable", "Unmovable", "Reclaimable", "Isolate",
	"HighAtomic", "Device", "Node", "zone", "none", "zero", "alloc", "failed", "page", "pages",
	"pid", "comm", "pfn", "name", "cma_alloc", "swapper", "init", "systemd", "ltpin", "true",
	"false", "auto", "kernel", "memory", "count", "align", "base", "order", "type", "tty0",
	"null", "source", "result", "errno", "mem", "off", "anonymous", "file", "anon", "heap",
	"stack", "range", "addr", "class", "kind", "folios", "pins", "mappers", "records",
	"node", "free", "total", "size", "ret", "number", "available", "test", "release", "finish",
	"start", "busy", "flags", "mapping", "index", "refcount", "mapcount", "version", "root",
};
/* clang-format on */

const char *lt_redact_kind_name(enum lt_redact_kind kind)
{
	return kinds[kind].name;
}

struct lt_redact *lt_redact_new(void)
{
	return calloc(1, sizeof(struct lt_redact));
}

void lt_redact_free(struct lt_redact *redact)
{
	if (!redact)
		return;
	lt_vec_each(name, &redact->names)
		free(name->text);
	lt_vec_free(&redact->names);
	for (size_t i = 0; i < ARRAY_SIZE(redact->by_first); i++)
		lt_vec_free(&redact->by_first[i]);
	free(redact);
}

void lt_redact_learn_processes(struct lt_redact *redact)
{
	redact->learns_processes = true;
}

bool lt_redact_learns_processes(const struct lt_redact *redact)
{
	return redact->learns_processes;
}

void lt_redact_fail(struct lt_redact *redact)
{
	redact->err = -ENOMEM;
}

int lt_redact_error(const struct lt_redact *redact)
{
	return redact->err;
}

struct lt_redact_tally lt_redact_tally(const struct lt_redact *redact, enum lt_redact_kind kind)
{
	return redact->tally[kind];
}

void lt_redact_count(struct lt_redact *redact, enum lt_redact_kind kind)
{
	redact->tally[kind].nr_names++;
	redact->tally[kind].nr_places++;
}

static struct name *find(const struct lt_redact *redact, const char *text, size_t len)
{
	lt_vec_each(i, &redact->by_first[(unsigned char)*text]) {
		struct name *name = &redact->names.v[*i];

		if (name->len == len && !memcmp(name->text, text, len))
			return name;
	}
	return NULL;
}

/* NULL when out of memory. */
static struct name *add(struct lt_redact *redact, enum lt_redact_kind kind, const char *text,
			size_t len)
{
	struct name *name = lt_vec_push(&redact->names);
	size_t *index = name ? lt_vec_push(&redact->by_first[(unsigned char)*text]) : NULL;

	if (!index || !(name->text = strndup(text, len))) {
		redact->err = -ENOMEM;
		return NULL;
	}
	*index = redact->names.nr - 1;
	name->len = len;
	name->kind = kind;
	name->number = ++redact->nr_of_kind[kind];
	name->whole = *index;
	return name;
}

static bool is_common(const char *text, size_t len)
{
	bool has_letter = false;

	for (size_t i = 0; i < len; i++)
		has_letter |= isalpha((unsigned char)text[i]) || (text[i] & 0x80);
	if (!has_letter)
		return true; /* a number */
	for (size_t i = 0; i < ARRAY_SIZE(common); i++)
		if (strlen(common[i]) == len && !memcmp(common[i], text, len))
			return true;
	return len > 1 && text[0] == 'k' && !memcmp(text, "kworker", len < 7 ? len : 7);
}

static bool is_learnable(const struct lt_redact *redact, const char *text, size_t len)
{
	return len >= NAME_MIN && len <= NAME_MAX_LEN && !memchr(text, '\0', len) &&
	       !is_common(text, len) && !find(redact, text, len);
}

void lt_redact_learn(struct lt_redact *redact, enum lt_redact_kind kind, const char *name,
		     size_t len)
{
	if (is_learnable(redact, name, len))
		add(redact, kind, name, len);
}

void lt_redact_learn_form(struct lt_redact *redact, enum lt_redact_kind kind, const char *name,
			  const char *form, size_t len)
{
	const struct name *whole = find(redact, name, strlen(name));
	size_t number = whole ? whole->number : 0, at = whole ? whole->whole : 0;

	if (!number || !is_learnable(redact, form, len) || !add(redact, kind, form, len))
		return;
	redact->names.v[redact->names.nr - 1].number = number;
	redact->names.v[redact->names.nr - 1].whole = at;
	redact->nr_of_kind[kind]--;
}

void lt_redact_keep(struct lt_redact *redact, const char *name)
{
	struct name *kept = *name && !find(redact, name, strlen(name))
				    ? add(redact, LT_REDACT_UUID, name, strlen(name))
				    : NULL;

	if (!kept)
		return;
	kept->is_kept = true;
	redact->nr_of_kind[LT_REDACT_UUID]--;
}

static void put_placeholder(struct lt_redact *redact, const struct name *name, FILE *out)
{
	struct name *whole = &redact->names.v[name->whole];

	redact->tally[name->kind].nr_names += !whole->is_placed;
	redact->tally[name->kind].nr_places++;
	whole->is_placed = true;
	if (name->kind != LT_REDACT_ADDRESS)
		fprintf(out, "%s%zu", kinds[name->kind].placeholder, name->number);
	else if (name->len > 8)
		fprintf(out, "ffff%012zx", name->number); /* still one for whoever reads it */
	else
		fprintf(out, "c%07zx", name->number);
}

/* What is known by its form gets its placeholder where it is first met. */
static void put_form(struct lt_redact *redact, enum lt_redact_kind kind, const char *text,
		     size_t len, FILE *out)
{
	struct name *name = find(redact, text, len);

	if (!name) {
		name = add(redact, kind, text, len);
		if (name)
			name->is_form = true;
	}
	if (name && name->is_kept)
		fwrite(text, 1, len, out);
	else if (name)
		put_placeholder(redact, name, out);
}

void lt_redact_whole(struct lt_redact *redact, enum lt_redact_kind kind, const char *text,
		     size_t len, FILE *out)
{
	put_form(redact, kind, text, len, out);
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || (c & 0x80);
}

/* The longest name that stands at @p as words, where @before is what stands before it. */
static const struct name *find_at(const struct lt_redact *redact, const char *p, size_t len,
				  char before)
{
	const struct name *best = NULL;

	lt_vec_each(i, &redact->by_first[(unsigned char)*p]) {
		const struct name *name = &redact->names.v[*i];
		size_t n = name->len;

		if (n > len || name->is_form || (best && best->len >= n) ||
		    memcmp(name->text, p, n) || (is_word(*p) && is_word(before)) ||
		    (n < len && is_word(p[n - 1]) && is_word(p[n])))
			continue;
		best = name;
	}
	return best;
}

static size_t count_hex(const char *p, size_t len)
{
	size_t n = 0;

	while (n < len && isxdigit((unsigned char)p[n]))
		n++;
	return n;
}

/* "8-4-4-4-12" */
static size_t match_uuid(const char *p, size_t len)
{
	static const size_t groups[] = { 8, 4, 4, 4, 12 };
	size_t at = 0;

	for (size_t i = 0; i < ARRAY_SIZE(groups); i++) {
		if (count_hex(p + at, len - at) != groups[i])
			return 0;
		at += groups[i];
		if (i + 1 < ARRAY_SIZE(groups) && (at == len || p[at++] != '-'))
			return 0;
	}
	return at;
}

/* Six pairs, between them ':' or '-'. */
static size_t match_mac(const char *p, size_t len)
{
	for (size_t i = 0; i < 6; i++) {
		size_t at = i * 3;

		if (at + 2 > len || count_hex(p + at, len - at) != 2)
			return 0;
		if (i < 5 &&
		    (at + 2 == len || (p[at + 2] != ':' && p[at + 2] != '-') || p[at + 2] != p[2]))
			return 0;
	}
	return len > 17 && p[17] == p[2] ? 0 : 17;
}

static size_t match_ipv4(const char *p, size_t len)
{
	size_t at = 0;

	for (int i = 0; i < 4; i++) {
		unsigned int value = 0;
		size_t n = 0;

		while (at + n < len && isdigit((unsigned char)p[at + n]) && n < 4)
			value = value * 10 + (unsigned int)(p[at + n++] - '0');
		if (!n || n > 3 || value > 255)
			return 0;
		at += n;
		if (i < 3 && (at == len || p[at++] != '.'))
			return 0;
	}
	return at < len && (p[at] == '.' || p[at] == '-') ? 0 : at; /* a version */
}

/* Groups of up to four digits, with "::", or eight of them. */
static size_t match_ipv6(const char *p, size_t len)
{
	size_t at = 0, groups = 0, gaps = 0;

	while (at < len) {
		size_t n = count_hex(p + at, len - at);

		if (n > 4)
			return 0;
		groups += n > 0;
		at += n;
		if (at >= len || p[at] != ':')
			break;
		if (at + 1 < len && p[at + 1] == ':') {
			gaps++;
			at++;
		} else if (!n && at) {
			return 0;
		} else if (at + 1 >= len || !isxdigit((unsigned char)p[at + 1])) {
			break;
		}
		at++;
	}
	return (gaps == 1 && groups >= 2 && groups < 8) || (!gaps && groups == 8) ? at : 0;
}

/* A pointer of the kernel: 64 bits with the upper ones set, or 32 bits where only a pointer stands. */
static size_t match_address(const char *p, size_t len, const char *before)
{
	size_t n = count_hex(p, len);

	if (n == 16 && !strncasecmp(p, "fff", 3))
		return n;
	if (n == 8 && strchr("89abcdefABCDEF", *p) &&
	    (!strncmp(before + 6, "[<", 2) || !strncmp(before + 3, "page:", 5) ||
	     !strncmp(before + 3, "page=", 5)))
		return n;
	return 0;
}

/* What every system has; what is below may be anybody's. */
/* clang-format off */
static const char *const known_paths[] = {
	"/proc/", "/sys/", "/redacted/", "/ltpin/", "/dmesg.txt", "/META", "/dev/kmsg", "/dev/ltpin",
	"/dev/zero", "/dev/null", "/dev/mem", "/dev/dma_heap", "/boot/config",
};
/* clang-format on */

/* Bytes up to the quotation mark that ends a string, which does: a path in it may have blanks. */
static size_t string_length(const char *p, size_t len)
{
	size_t n = 0;

	while (n < len && p[n] != '"')
		n += p[n] == '\\' && n + 1 < len ? 2 : 1;
	return n < len ? n : 0;
}

/* "https://host/path" */
static size_t match_url(const char *p, size_t len)
{
	size_t n = 0;

	while (n < len && (isalpha((unsigned char)p[n]) || (n && strchr("+-.", p[n]))))
		n++;
	if (n < 2 || len - n < 4 || memcmp(p + n, "://", 3))
		return 0;
	while (n < len && !isspace((unsigned char)p[n]) && !strchr("\"'`<>|", p[n]))
		n++;
	return n;
}

/* "[anon:NAME]", which a process called a part of its memory. */
static size_t match_anon(const char *p, size_t len)
{
	static const char lead[] = "[anon:";
	const char *end = len > sizeof(lead) ? memchr(p, ']', len) : NULL;

	return end && !memcmp(p, lead, sizeof(lead) - 1) ? (size_t)(end - p) + 1 : 0;
}

static size_t match_path(const char *p, size_t len, char before)
{
	size_t n = before == '"' && *p == '/' ? string_length(p, len) : 0;

	if (!n)
		n = 1;
	if (*p != '/' || is_word(before) || before == '/' || before == ':' || before == '.' ||
	    before == ')' || before == ']' || before == '<')
		return 0;
	while (n < len && !isspace((unsigned char)p[n]) && !strchr("\"'`,;()<>[]{}|", p[n]))
		n++;
	while (n > 1 && strchr(".:/\\", p[n - 1]))
		n--;
	if (n < 3 || !is_word(p[1]))
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(known_paths); i++)
		if (!strncmp(p, known_paths[i], strlen(known_paths[i])))
			return 0;
	return n;
}

/* "user@host"; "camera@58000000" is a node of the device tree. */
static size_t match_user(const char *p, size_t len)
{
	size_t at = 0, host;

	while (at < len && (is_word(p[at]) || strchr("-.+", p[at])))
		at++;
	if (!at || at + 1 >= len || p[at] != '@' || !isalnum((unsigned char)p[at + 1]))
		return 0;
	host = at + 1;
	while (host < len && (is_word(p[host]) || strchr("-.", p[host])))
		host++;
	return count_hex(p + at + 1, host - at - 1) == host - at - 1 ? 0 : host;
}

/* Bytes of what has a form at @p, and its kind; 0. @text is where the piece begins. */
static size_t match_form(const char *text, const char *p, size_t len, enum lt_redact_kind *kind)
{
	char before = p > text ? p[-1] : ' ', lead[9] = "        ";
	size_t back = (size_t)(p - text) < 8 ? (size_t)(p - text) : 8, n;
	const struct {
		enum lt_redact_kind kind;
		size_t (*match)(const char *p, size_t len);
	} forms[] = {
		{ LT_REDACT_UUID, match_uuid }, { LT_REDACT_MAC, match_mac },
		{ LT_REDACT_IP, match_ipv4 },	{ LT_REDACT_IP, match_ipv6 },
		{ LT_REDACT_USER, match_user },
	};

	memcpy(lead + 8 - back, p - back, back);
	n = *p == '[' ? match_anon(p, len) : match_path(p, len, before);
	*kind = LT_REDACT_PATH;
	if (!n && !is_word(before))
		n = match_url(p, len);
	if (n)
		return n;
	if (is_word(before) && !(before == 'x' && back > 1 && p[-2] == '0'))
		return 0;
	n = match_address(p, len, lead);
	*kind = LT_REDACT_ADDRESS;
	if (n || before == 'x' || before == '.' || before == '-' || before == ':')
		return n;
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		n = forms[i].match(p, len);
		*kind = forms[i].kind;
		if (n && (n == len || !is_word(p[n])))
			return n;
	}
	return 0;
}

static void put_text(struct lt_redact *redact, const char *text, size_t len, bool has_forms,
		     FILE *out)
{
	for (size_t i = 0; i < len;) {
		const struct name *name = find_at(redact, text + i, len - i, i ? text[i - 1] : ' ');
		enum lt_redact_kind kind = LT_REDACT_PATH;
		size_t n = name	       ? name->len
			   : has_forms ? match_form(text, text + i, len - i, &kind)
				       : 0;

		if (name && name->is_kept)
			fwrite(text + i, 1, n, out);
		else if (name)
			put_placeholder(redact, name, out);
		else if (n)
			put_form(redact, kind, text + i, n, out);
		else
			putc(text[i], out);
		i += n ? n : 1;
	}
}

void lt_redact_text(struct lt_redact *redact, const char *text, size_t len, FILE *out)
{
	put_text(redact, text, len, true, out);
}

char *lt_redact_names(struct lt_redact *redact, const char *text)
{
	char *result = NULL;
	size_t len;
	FILE *out = open_memstream(&result, &len);

	if (out) {
		put_text(redact, text, strlen(text), false, out);
		if (!lt_memstream_close(out, &result))
			return result;
	}
	redact->err = -ENOMEM;
	return NULL;
}
