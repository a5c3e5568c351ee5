/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_PAGE_OWNER_PAGE_OWNER_HEAD_H
#define LT_SOURCE_PAGE_OWNER_PAGE_OWNER_HEAD_H

#include "base/compiler.h"
#include "base/strings.h"
#include "base/text.h"
#include "model/owner.h"

#define LT_PAGE_OWNER_START "Page allocated via order "

/**
 * struct lt_page_owner_head - reads the header and the pfn line of records
 * @strings: gets their strings
 * @names:   of tasks, seen last, by what they begin and end with
 * @gfps:    orders and flags seen last, and what they came to
 * @tasks:   the same of tasks
 * @types:   the same of migrate types and pageblocks
 *
 * Records differ in a few numbers, and hardly in the rest, which is known again by comparing it.
 * Zero-initialised but for @strings.
 */
struct lt_page_owner_head {
	struct lt_strings *strings;
	struct lt_page_owner_name {
		const char *text;
		size_t len;
	} names[64];
	struct lt_page_owner_gfp {
		char text[128]; /* "0, mask 0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP)" */
		size_t len;
		unsigned int order;
		const char *words;
	} gfps[64];
	struct lt_page_owner_task {
		char text[56]; /* ", pid 812, tgid 812 (camera-hal)" */
		size_t len;
		struct lt_num pid, tgid;
		const char *comm;
	} tasks[1024];
	struct lt_page_owner_types {
		char text[80]; /* " type Movable Block 13 type CMA Flags " */
		size_t len;
		const char *type, *block_type;
	} types[16];
};

/**
 * lt_page_owner_head_pfn() - take a pfn line
 * @text: the line; left at what follows "Flags "
 * @out:  what it tells is added
 *
 * Return: 1; 0 if it is none; -ENOMEM.
 */
int lt_page_owner_head_pfn(struct lt_page_owner_head *head, struct lt_text *text,
			   struct lt_owner *out) __must_check __nonnull_all;

/**
 * lt_page_owner_head_first() - take a header
 * @text: all of it, newlines included; left at what is not understood, or the last newline
 * @out:  what it tells is added
 *
 * Return: 1; 0 if it is none; -ENOMEM.
 */
int lt_page_owner_head_first(struct lt_page_owner_head *head, struct lt_text *text,
			     struct lt_owner *out) __must_check __nonnull_all;

#endif
