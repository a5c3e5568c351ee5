// SPDX-License-Identifier: LGPL-2.1-or-later
/* The grammar is in page_owner.c. */
#include "source/page_owner/page_owner_head.h"

#include <errno.h>
#include <string.h>

#include "base/array_size.h"
#include "base/hash.h"

/* comm is an array of 16 bytes with a NUL. */
#define COMM_LEN_MAX 15

/* Interned; NULL when out of memory. */
static const char *intern(struct lt_page_owner_head *head, struct lt_span span)
{
	const unsigned char first = span.len ? (unsigned char)span.p[0] : 0;
	const unsigned char last = span.len ? (unsigned char)span.p[span.len - 1] : 0;
	struct lt_page_owner_name *recent =
		&head->names[(first + 5U * last + 7U * span.len) % ARRAY_SIZE(head->names)];
	const char *text;

	if (recent->text && recent->len == span.len && !memcmp(recent->text, span.p, span.len))
		return recent->text;
	text = lt_strings_span(head->strings, span);
	/* What was escaped is longer, and other bytes come to themselves. */
	if (text && strlen(text) == span.len)
		*recent = (struct lt_page_owner_name){ text, span.len };
	return text;
}

/* Take a number that the kernel prints with %d; negative means that it does not know. */
static bool parse_pid(struct lt_text *text, struct lt_num *out)
{
	int64_t val;

	if (!lt_text_s64(text, &val))
		return false;
	*out = (struct lt_num){ .val = (uint64_t)val, .known = val >= 0 };
	return true;
}

static bool parse_comm(struct lt_text *text, struct lt_span *out)
{
	static const char stop[] = "), ts ";
	size_t left = (size_t)(text->end - text->pos), len = sizeof(stop) - 1;
	size_t at = left < len ? 0 : left - len + 1;

	if (at > COMM_LEN_MAX + 1)
		at = COMM_LEN_MAX + 1;
	while (at--) {
		if (memcmp(text->pos + at, stop, len))
			continue;
		*out = (struct lt_span){ .p = text->pos, .len = at };
		for (size_t i = 0; i < at; i++)
			text->line += text->pos[i] == '\n';
		text->pos += at + 1;
		return true;
	}
	return false;
}

/* Each part is taken whole or not at all, so that what is odd stays in the rest of the line. */
static int parse_task(struct lt_page_owner_head *head, struct lt_text *text, struct lt_owner *owner)
{
	struct lt_text at = *text;
	struct lt_num num;
	struct lt_span comm;

	if (!lt_text_literal(&at, ", pid ") || !parse_pid(&at, &num))
		return 0;
	owner->pid = num;
	*text = at;
	if (!lt_text_literal(&at, ", tgid ") || !parse_pid(&at, &num) ||
	    !lt_text_literal(&at, " (") || !parse_comm(&at, &comm))
		return 0;
	owner->tgid = num;
	owner->comm = intern(head, comm);
	*text = at;
	return owner->comm ? 0 : -ENOMEM;
}

static void parse_times(struct lt_text *text, struct lt_owner *owner)
{
	const char *end = text->pos;
	uint64_t ns;

	if (lt_text_literal(text, ", ts ") && lt_text_u64(text, &ns) &&
	    lt_text_literal(text, " ns")) {
		owner->ts_ns = lt_num(ns);
		end = text->pos;
		if (lt_text_literal(text, ", free_ts ") && lt_text_u64(text, &ns) &&
		    lt_text_literal(text, " ns"))
			end = text->pos;
	}
	text->pos = end;
}

/* To find again what has the same first byte, and the same eight at @skip. */
static size_t hash_at(const struct lt_text *text, size_t skip)
{
	uint64_t word;

	if (text->end - text->pos < (ptrdiff_t)(sizeof(word) + skip))
		return 0;
	memcpy(&word, text->pos + skip, sizeof(word));
	return (size_t)lt_hash_end(lt_hash_word((unsigned char)*text->pos, word));
}

/* Skip @known, which has been understood before. */
static bool skip_known(struct lt_text *text, const char *known, size_t len)
{
	if (!len || (size_t)(text->end - text->pos) < len || memcmp(known, text->pos, len))
		return false;
	text->pos += len;
	return true;
}

/*
 * Task and times of the whole rest of a line, if the task was just seen. A name may have "), ts "
 * in it, and the last one ends it: after that nothing but the times is left.
 */
static bool parse_known_task(struct lt_page_owner_head *head, struct lt_text *text,
			     struct lt_owner *owner)
{
	const char *start = text->pos;
	const struct lt_page_owner_task *task =
		&head->tasks[hash_at(text, strlen(", pid ")) % ARRAY_SIZE(head->tasks)];

	if (!skip_known(text, task->text, task->len))
		return false;
	parse_times(text, owner);
	if (!lt_text_at_end(text)) {
		text->pos = start;
		return false;
	}
	owner->pid = task->pid;
	owner->tgid = task->tgid;
	owner->comm = task->comm;
	return true;
}

static void remember_task(struct lt_page_owner_head *head, const struct lt_text *from, size_t len,
			  const struct lt_owner *owner)
{
	struct lt_page_owner_task *task =
		&head->tasks[hash_at(from, strlen(", pid ")) % ARRAY_SIZE(head->tasks)];

	if (!owner->comm || len > sizeof(task->text))
		return;
	memcpy(task->text, from->pos, len);
	task->len = len;
	task->pid = owner->pid;
	task->tgid = owner->tgid;
	task->comm = owner->comm;
}

static int parse_task_and_times(struct lt_page_owner_head *head, struct lt_text *text,
				struct lt_owner *owner)
{
	const struct lt_text from = *text;
	int err;

	if (parse_known_task(head, text, owner))
		return 0;
	owner->ts_ns = (struct lt_num){ 0 };
	err = parse_task(head, text, owner);
	if (err)
		return err;
	remember_task(head, &from, (size_t)(text->pos - from.pos), owner);
	parse_times(text, owner);
	return 0;
}

/*
 * Names of flags, "GFP_KERNEL|__GFP_ZERO|0x800000". A kernel that has no names
 * prints a number, a hash of a pointer, or "(ptrval)": nothing that tells more
 * than the mask does.
 */
static bool is_named_flags(struct lt_span words)
{
	bool is_hash = true;

	for (size_t i = 0; i < words.len; i++) {
		char c = words.p[i];
		bool is_hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');

		if (!is_hex && c != '_' && c != '|' && c != 'x' && !(c >= 'A' && c <= 'Z') &&
		    !(c >= 'a' && c <= 'z'))
			return false;
		is_hash = is_hash && is_hex;
	}
	return words.len && !is_hash && (words.p[0] < '0' || words.p[0] > '9');
}

/* Order, mask and its words; 1, 0 if they are none, -ENOMEM. */
static int parse_gfp(struct lt_page_owner_head *head, struct lt_text *text, struct lt_owner *out)
{
	struct lt_page_owner_gfp *gfp =
		&head->gfps[hash_at(text, strlen("0, mask 0x")) % ARRAY_SIZE(head->gfps)];
	struct lt_span all = lt_text_rest(text), mask, words;
	uint64_t order, bits;

	if (skip_known(text, gfp->text, gfp->len)) {
		out->order = gfp->order;
		out->gfp = gfp->words;
		return 1;
	}
	if (!lt_text_u64(text, &order) || order > 31 || !lt_text_literal(text, ", mask "))
		return 0;
	mask.p = text->pos;
	if (!lt_text_number(text, &bits))
		return 0;
	mask.len = (size_t)(text->pos - mask.p);
	if (!lt_text_literal(text, "(") || !lt_text_until(text, ")", &words))
		return 0;
	if (words.len && words.p[0] == '(') /* "((ptrval))" */
		lt_text_literal(text, ")");
	out->order = (unsigned int)order;
	out->gfp = lt_strings_span(head->strings, is_named_flags(words) ? words : mask);
	all.len = (size_t)(text->pos - all.p);
	/* Where the words are hashed, what ends them depends on what follows. */
	if (out->gfp && all.len <= sizeof(gfp->text) && (!words.len || words.p[0] != '(')) {
		memcpy(gfp->text, all.p, all.len);
		gfp->len = all.len;
		gfp->order = out->order;
		gfp->words = out->gfp;
	}
	return out->gfp ? 1 : -ENOMEM;
}

int lt_page_owner_head_first(struct lt_page_owner_head *head, struct lt_text *text,
			     struct lt_owner *out)
{
	int ret;

	if (!lt_text_literal(text, LT_PAGE_OWNER_START))
		return 0;
	ret = parse_gfp(head, text, out);
	if (ret <= 0)
		return ret;
	ret = parse_task_and_times(head, text, out);
	return ret ? ret : 1;
}

/* What follows the PFN; 1, 0 if it is something else, -ENOMEM. */
static int parse_types(struct lt_page_owner_head *head, struct lt_text *text, struct lt_owner *out)
{
	const size_t skip = strlen(" type ");
	struct lt_page_owner_types *types =
		&head->types[hash_at(text, skip) % ARRAY_SIZE(head->types)];
	struct lt_span all = lt_text_rest(text), type, block_type;
	uint64_t block;

	if (skip_known(text, types->text, types->len)) {
		out->migratetype = types->type;
		out->block_migratetype = types->block_type;
		return 1;
	}
	if (!lt_text_literal(text, " type ") || !lt_text_word(text, &type) ||
	    !lt_text_literal(text, " Block ") || !lt_text_u64(text, &block) ||
	    !lt_text_literal(text, " type ") || !lt_text_word(text, &block_type) ||
	    !lt_text_literal(text, " Flags "))
		return 0;
	out->migratetype = intern(head, type);
	out->block_migratetype = intern(head, block_type);
	all.len = (size_t)(text->pos - all.p);
	if (!out->migratetype || !out->block_migratetype)
		return -ENOMEM;
	if (all.len <= sizeof(types->text)) {
		memcpy(types->text, all.p, all.len);
		types->len = all.len;
		types->type = out->migratetype;
		types->block_type = out->block_migratetype;
	}
	return 1;
}

int lt_page_owner_head_pfn(struct lt_page_owner_head *head, struct lt_text *text,
			   struct lt_owner *out)
{
	uint64_t pfn;

	/* A physical address has 64 bits and a page 2^12 bytes at least. */
	if (!lt_text_literal(text, "PFN ") || !lt_text_number(text, &pfn) || pfn >> 52)
		return 0;
	out->pfn = pfn;
	return parse_types(head, text, out);
}
