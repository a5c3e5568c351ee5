// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Who called cma_alloc(): its own lines do not say, those around may.
 *
 *	"CPU: " N [" UID: " N] " PID: " N " Comm: " COMM (" Not tainted" | " Tainted: " | " Kdump: ")
 *	FUNCTION "+0x" ...		frames; 4.x has "[<address>] " before, ARM "from" between
 *	WHO ": " ... "alloc" ... "fail" ...
 *	... "fall" ... "back" ...
 *	"DMA: preallocated " N " KiB " FLAGS " pool for atomic allocations"	at boot; 4.x: " KiB pool"
 *
 * A stack dump speaks of the task whose allocation failed if it runs through
 * one of the functions below. The words of a driver are free; only a line that
 * speaks of both an allocation and a failure is taken for one.
 */
#include "source/klog/klog_caller.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/array_size.h"
#include "source/klog/klog_envelope.h"

/* "vc4-drm soc:gpu": more words than this are a sentence. */
#define WHO_WORDS_MAX 3
#define WHO_MAX 64

/* The page sizes that kernels have. */
#define PAGE_SHIFT_MIN 12
#define PAGE_SHIFT_MAX 16

/* Upper and lower case alike; of other characters some pairs too. */
static char folded(char c)
{
	return (char)(c | 0x20);
}

/* Whether @text has @part, of two characters or more. */
static bool has(struct lt_span text, const char *part)
{
	const char first = folded(part[0]), second = folded(part[1]);
	size_t len = strlen(part);
	const char *end = text.p + text.len;

	/* Nearly every place differs in the first characters: no need to call for that. */
	for (const char *p = text.p; len <= (size_t)(end - p); p++)
		if (folded(*p) == first && folded(p[1]) == second && !strncasecmp(p, part, len))
			return true;
	return false;
}

static bool parse_head(struct lt_klog_stack *stack, struct lt_klog_line line)
{
	static const char *const ends[] = { " Not tainted", " Tainted: ", " Kdump: " };
	struct lt_text *at = &line.text;
	struct lt_span comm;
	uint64_t cpu, uid, pid;

	if (!lt_klog_line_tag(&line, "CPU") || !lt_text_u64(at, &cpu))
		return false;
	if (lt_text_literal(at, " UID: ") && !lt_text_u64(at, &uid))
		return false;
	if (!lt_text_literal(at, " PID: ") || !lt_text_u64(at, &pid) ||
	    !lt_text_literal(at, " Comm: "))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		struct lt_text name = *at;

		if (!lt_text_until(&name, ends[i], &comm) || !comm.len)
			continue;
		*stack = (struct lt_klog_stack){
			.is_known = true, .ts_ns = line.ts_ns, .by = line.by, .pid = pid
		};
		stack->comm_len = comm.len < sizeof(stack->comm) ? comm.len : sizeof(stack->comm);
		memcpy(stack->comm, comm.p, stack->comm_len);
		return true;
	}
	return false;
}

static bool parse_frame(struct lt_klog_stack *stack, struct lt_span text)
{
	static const char *const contig[] = { "cma_alloc+0x", "dma_alloc_from_contiguous+0x",
					      "dma_alloc_contiguous+0x", "dma_alloc_attrs+0x",
					      "dma_direct_alloc+0x" };
	bool is_migrating = has(text, "alloc_contig_range+0x") ||
			    has(text, "alloc_contig_range_noprof+0x") ||
			    has(text, "alloc_contig_frozen_range_noprof+0x");

	stack->is_migrating = stack->is_migrating || is_migrating;
	stack->is_contig = stack->is_contig || is_migrating;
	for (size_t i = 0; i < ARRAY_SIZE(contig); i++)
		stack->is_contig = stack->is_contig || has(text, contig[i]);
	return has(text, "+0x");
}

bool lt_klog_stack_parse(struct lt_klog_stack *stack, struct lt_klog_line line)
{
	if (parse_head(stack, line))
		return true;
	return stack->is_known && !lt_klog_context_is_other(&stack->by, &line.by) &&
	       parse_frame(stack, lt_text_rest(&line.text));
}

const char *lt_klog_caller_task(struct lt_strings *strings, struct lt_span comm, uint64_t pid)
{
	const char *name;

	if (!comm.len)
		return lt_strings_format(strings, "pid %llu", (unsigned long long)pid);
	name = lt_strings_span(strings, comm);
	return name ? lt_strings_format(strings, "%s-%llu", name, (unsigned long long)pid) : NULL;
}

const char *lt_klog_stack_caller(struct lt_strings *strings, const struct lt_klog_stack *stack)
{
	return lt_klog_caller_task(strings, (struct lt_span){ stack->comm, stack->comm_len },
				   stack->pid);
}

static bool has_clock(struct lt_span who)
{
	struct lt_text at;
	struct lt_span word;

	lt_text_init(&at, who.p, who.len);
	for (lt_text_blanks(&at); lt_text_word(&at, &word); lt_text_blanks(&at))
		if (lt_klog_is_clock(word))
			return true;
	return false;
}

static struct lt_span who_of(struct lt_klog_line line)
{
	struct lt_span who = line.tag;
	size_t nr_blanks = 0;

	if (!who.len && !lt_text_until(&line.text, ": ", &who))
		return (struct lt_span){ 0 };
	for (size_t i = 0; i < who.len; i++)
		nr_blanks += who.p[i] == ' ';
	/* "systemd[1]" is no driver, and "11:22:33" is none. */
	if (who.len > WHO_MAX || nr_blanks >= WHO_WORDS_MAX || has(who, "alloc") ||
	    has(who, "fail") || (who.len && memchr(who.p, '[', who.len)) || has_clock(who))
		return (struct lt_span){ 0 };
	return who;
}

static bool can_be_size(uint64_t nr_bytes, uint64_t nr_pages)
{
	for (unsigned int shift = PAGE_SHIFT_MIN; shift <= PAGE_SHIFT_MAX; shift += 2)
		if (nr_bytes && (nr_bytes - 1) >> shift == nr_pages - 1)
			return true;
	return false;
}

static struct lt_num find_size(struct lt_text text, uint64_t nr_pages)
{
	bool is_inside = false; /* of a name, or of a unit that sticks to a number */

	while (!lt_text_at_end(&text)) {
		uint64_t number;

		if (!is_inside && lt_text_number(&text, &number)) {
			if (can_be_size(number, nr_pages))
				return lt_num(number);
			is_inside = true;
			continue;
		}
		is_inside = isalnum((unsigned char)*text.pos) || *text.pos == '_';
		text.pos++;
	}
	return (struct lt_num){ 0 };
}

/*
 * Boot went on without CMA. The pool says what it got, which is what was asked
 * for, or less.
 */
static bool is_atomic_pool(struct lt_klog_line line, uint64_t nr_pages, struct lt_num *nr_bytes)
{
	uint64_t kib;

	if (!lt_klog_line_tag(&line, "DMA") || !lt_text_literal(&line.text, "preallocated ") ||
	    !lt_text_u64(&line.text, &kib) || !lt_text_literal(&line.text, " KiB ") ||
	    !lt_text_find(&line.text, "pool for atomic ") || kib > UINT64_MAX / 1024 ||
	    !can_be_size(kib * 1024, nr_pages))
		return false;
	*nr_bytes = lt_num(kib * 1024);
	return true;
}

/* Devices fall back to other clocks, rates and firmware too, which is nothing of memory. */
static bool is_of_memory(struct lt_span text)
{
	return has(text, "alloc") || has(text, "memory") || has(text, "heap") || has(text, "cma") ||
	       has(text, "contig") || has(text, "pages") || has(text, "pool") ||
	       has(text, "iommu") || has(text, "carveout");
}

/* Hardly any line has the one word: it is looked for first. */
static bool is_fallback(struct lt_span text)
{
	return has(text, "fall") &&
	       (has(text, "falling back") || has(text, "fall back") || has(text, "fallback")) &&
	       is_of_memory(text);
}

/* The page allocator's own words on a request for fewer pages: it is another one. */
static bool is_smaller_request(struct lt_text at, uint64_t nr_pages)
{
	uint64_t order;

	return lt_text_find(&at, "page allocation failure: order:") && lt_text_u64(&at, &order) &&
	       order < 63 && 1ull << order < nr_pages;
}

static bool is_failed_allocation(struct lt_span text)
{
	return has(text, "alloc") &&
	       (has(text, "fail") || has(text, "error") || has(text, "unable") ||
		has(text, "could not") || has(text, "couldn't") || has(text, "-12") ||
		has(text, "enomem"));
}

/* "from CMA", "ion_cma_allocate: ...": a word of its own, or of a name. */
static bool names_cma(struct lt_span text)
{
	for (size_t i = 0; i + 3 <= text.len; i++)
		if (!strncasecmp(text.p + i, "cma", 3) &&
		    (!i || !isalnum((unsigned char)text.p[i - 1])) &&
		    (i + 3 == text.len || !isalnum((unsigned char)text.p[i + 3])))
			return true;
	return false;
}

/*
 * What drivers say, some words that many of them have in common: "dma_alloc_coherent of size N
 * failed" (videobuf2), "failed to allocate buffer with size N" (DRM), "Failed to allocate from CMA:"
 * (vc4), "CMA alloc failed, request buf size N" (Amlogic), "Unable to allocate contiguous DMA memory
 * region of size N" (Xilinx). InfiniBand has a CMA of its own.
 */
enum lt_klog_complaint lt_klog_complaint_of(const struct lt_klog_line *line)
{
	static const char *const devices[] = { "dma_alloc",	  "dma alloc",	"contiguous",
					       "coherent",	  "dma memory", "dma buffer",
					       "buffer with size" };
	struct lt_span text = lt_text_rest(&line->text);

	if (!is_failed_allocation(text) || has(text, "rdma") || has(line->tag, "rdma") ||
	    has(text, "page allocation failure"))
		return LT_COMPLAINT_NONE;
	if (names_cma(text) || names_cma(line->tag))
		return LT_COMPLAINT_CMA;
	for (size_t i = 0; i < ARRAY_SIZE(devices); i++)
		if (has(text, devices[i]))
			return LT_COMPLAINT_DEVICE;
	return LT_COMPLAINT_NONE;
}

struct lt_klog_reaction lt_klog_reaction_of(struct lt_klog_line line, uint64_t nr_pages)
{
	struct lt_span text = lt_text_rest(&line.text);
	struct lt_klog_reaction reaction = {
		.is_failure = is_failed_allocation(text),
		.is_fallback = is_fallback(text),
	};

	if (is_atomic_pool(line, nr_pages, &reaction.nr_bytes)) {
		reaction.is_fallback = true;
		return reaction;
	}
	if (!reaction.is_failure && !reaction.is_fallback)
		return reaction;
	if (is_smaller_request(line.text, nr_pages))
		return (struct lt_klog_reaction){ 0 };
	reaction.who = who_of(line);
	reaction.nr_bytes = find_size(line.text, nr_pages);
	return reaction;
}

bool lt_klog_words_parse(struct lt_klog_words *words, const struct lt_klog_line *line)
{
	struct lt_span text = lt_text_rest(&line->text);

	if (line->tag.len || text.len > sizeof(words->text) || !is_failed_allocation(text) ||
	    !lt_klog_reaction_of(*line, 1).is_failure)
		return false;
	*words = (struct lt_klog_words){
		.is_known = true, .ts_ns = line->ts_ns, .by = line->by, .len = text.len
	};
	words->by.comm = (struct lt_span){ 0 };
	memcpy(words->text, text.p, text.len);
	return true;
}

struct lt_span lt_klog_words_who(const struct lt_klog_words *words, uint64_t nr_pages)
{
	struct lt_klog_line line = { 0 };
	struct lt_klog_reaction reaction;

	lt_text_init(&line.text, words->text, words->len);
	reaction = lt_klog_reaction_of(line, nr_pages);
	for (unsigned int shift = PAGE_SHIFT_MIN; shift <= PAGE_SHIFT_MAX; shift += 2)
		if (reaction.nr_bytes.known && reaction.nr_bytes.val >> shift == nr_pages &&
		    reaction.nr_bytes.val == nr_pages << shift)
			return reaction.who;
	return (struct lt_span){ 0 };
}
