/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_KLOG_KLOG_CALLER_H
#define LT_SOURCE_KLOG_KLOG_CALLER_H

#include "base/strings.h"
#include "source/klog/klog_line.h"

/* A name of a task, or of a kernel thread, is not longer. */
#define LT_KLOG_COMM_MAX 64

/**
 * struct lt_klog_stack - the stack dump that was printed last
 * @is_contig:	  a frame of it allocates contiguous memory
 * @is_migrating: a frame of it is alloc_contig_range()'s: what it printed before cma_alloc() failed
 */
struct lt_klog_stack {
	bool is_known, is_contig, is_migrating;
	struct lt_num ts_ns;
	struct lt_klog_context by; /* of the prefix */
	uint64_t pid;
	char comm[LT_KLOG_COMM_MAX]; /* its first @comm_len characters; lines do not outlive their turn */
	size_t comm_len;
};

/* Take a line of a stack dump: its head or a frame. False if it is none. */
bool lt_klog_stack_parse(struct lt_klog_stack *stack, struct lt_klog_line line);

/* "comm-pid", "pid 744"; NULL when out of memory. */
const char *lt_klog_caller_task(struct lt_strings *strings, struct lt_span comm, uint64_t pid);

/* The same of the task that @stack is of. */
const char *lt_klog_stack_caller(struct lt_strings *strings, const struct lt_klog_stack *stack);

/**
 * struct lt_klog_reaction - what a driver says after an allocation failed
 * @who:	 driver and device, the text before the first colon; empty if none
 * @is_failure:	 it tells of memory that it did not get
 * @is_fallback: it tells that it takes other memory
 * @nr_bytes:	 a number in it that can be the size of the request; unknown if none is
 */
struct lt_klog_reaction {
	struct lt_span who;
	bool is_failure, is_fallback;
	struct lt_num nr_bytes;
};

/* Words of a driver on memory that it did not get, which may have come before the kernel's own. */
struct lt_klog_words {
	bool is_known;
	struct lt_num ts_ns;
	struct lt_klog_context by;
	unsigned int nr_lines_since;
	char text[256];
	size_t len;
};

/* Keep @line if it is such. False if it is none. */
bool lt_klog_words_parse(struct lt_klog_words *words, const struct lt_klog_line *line);

/* Who said so of exactly @nr_pages, of one size of page or another; empty if nobody. */
struct lt_span lt_klog_words_who(const struct lt_klog_words *words, uint64_t nr_pages);

/* Read @line as the words of a driver that asked for @nr_pages. */
struct lt_klog_reaction lt_klog_reaction_of(struct lt_klog_line line, uint64_t nr_pages);

/* What a driver says of memory that it did not get. */
enum lt_klog_complaint {
	LT_COMPLAINT_NONE,
	LT_COMPLAINT_DEVICE, /* it was for a device; whether from CMA is not said */
	LT_COMPLAINT_CMA,    /* CMA is named */
};

enum lt_klog_complaint lt_klog_complaint_of(const struct lt_klog_line *line);

#endif
