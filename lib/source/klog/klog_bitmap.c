// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What an area looked like when cma_alloc() failed, in the kernel log:
 *
 *	"cma: number of available pages: " runs total		4.11 to 6.12
 *	runs  = SIZE "@" BIT {"+" SIZE "@" BIT}			in pages, at bits
 *	total = "=> " N " free of " N " total pages"
 *
 *	"number of available pages: " SIZE {"+" SIZE} "=>" N " pages, total: " N " pages"
 *								vendors, before it was merged
 *	"cma: " total						runs left out (6.17)
 *	"cma: number of available pages: "			7.2: a line for each range, whose
 *	"cma: range " N ": " {"+" SIZE "@" BIT}			first run has no "+" at bit 0,
 *	"cma: "							and a total without prefix
 *	total
 *
 * The runs are printed piece by piece. A record holds some 1000 bytes, and
 * nobody else's must come between two pieces: what does not fit, or comes too
 * late, begins a line of its own, without "cma: ". So a rest is joined by its
 * shape, and believed if the sizes add up to the total. If they do not, runs
 * were lost: the total still counts, the longest run is not known.
 *
 * Positions count from the begin of the area, or of its range, in bits.
 *
 * Before 2b59e01a3aa6 (5.2) the runs and what is free were in bits, and ran
 * past the end of the bitmap: with order_per_bit 1 the upper half of the "area"
 * is one more run. Such a line adds up too, so it is believed only if it cannot
 * be in bits, the kernel is known to be newer, or an order_per_bit of 0 makes
 * bits and pages the same; where that is not known, unless its last run is just
 * that phantom.
 */
#include "source/klog/klog_bitmap.h"

#include <string.h>

/* No area has a larger one: hugetlb_cma of 16 GiB pages. */
#define ORDER_PER_BIT_MAX 24

void lt_klog_bitmap_begin(struct lt_klog_bitmap *bitmap)
{
	*bitmap = (struct lt_klog_bitmap){ .is_open = true, .has_positions = true };
}

void lt_klog_bitmap_range(struct lt_klog_bitmap *bitmap)
{
	bitmap->last_start = 0;
	bitmap->last_nr = 0;
	bitmap->is_by_range = true;
}

static void add_aligned(struct lt_klog_bitmap *bitmap, uint64_t start, uint64_t nr)
{
	for (unsigned int order = 0; order <= LT_KLOG_ALIGN_MAX; order++) {
		const uint64_t size = 1ull << order, skipped = (size - start % size) % size;

		if (nr > skipped && nr - skipped > bitmap->nr_aligned[order])
			bitmap->nr_aligned[order] = nr - skipped;
	}
}

static void add_run(struct lt_klog_bitmap *bitmap, uint64_t nr, struct lt_num start)
{
	uint64_t end;

	if (!nr || __builtin_add_overflow(start.val, nr, &end) ||
	    __builtin_add_overflow(bitmap->nr_listed, nr, &bitmap->nr_listed) ||
	    (start.known && bitmap->last_nr && start.val <= bitmap->last_start)) {
		bitmap->is_damaged = true;
		return;
	}
	bitmap->has_positions = bitmap->has_positions && start.known;
	if (start.known && bitmap->last_nr && start.val - bitmap->last_start <= bitmap->last_nr)
		bitmap->is_overlapping = true;
	bitmap->last_start = start.val;
	bitmap->last_nr = nr;
	if (nr > bitmap->nr_largest)
		bitmap->nr_largest = nr;
	add_aligned(bitmap, start.val, nr);
	if (end > bitmap->end)
		bitmap->end = end;
}

static bool parse_run(struct lt_klog_bitmap *bitmap, struct lt_text *text)
{
	struct lt_text at = *text;
	struct lt_num start = { 0 };
	uint64_t nr;

	(void)lt_text_literal(&at, "+");
	if (!lt_text_u64(&at, &nr))
		return false;
	if (lt_text_literal(&at, "@")) {
		start.known = true;
		if (!lt_text_u64(&at, &start.val))
			return false;
	}
	add_run(bitmap, nr, start);
	*text = at;
	return true;
}

/* The cursor stands behind "=>". */
static bool parse_total(struct lt_text *at, uint64_t *nr_free, uint64_t *nr_total)
{
	(void)lt_text_literal(at, " ");
	if (!lt_text_u64(at, nr_free))
		return false;
	if (lt_text_literal(at, " free of "))
		return lt_text_u64(at, nr_total) && lt_text_literal(at, " total pages");
	return lt_text_literal(at, " pages, total: ") && lt_text_u64(at, nr_total) &&
	       lt_text_literal(at, " pages");
}

void lt_klog_bitmap_parse(struct lt_klog_bitmap *bitmap, struct lt_text text)
{
	lt_text_blanks(&text);
	while (parse_run(bitmap, &text))
		;
	if (lt_text_literal(&text, "=>")) {
		bitmap->is_open = false;
		bitmap->is_complete = parse_total(&text, &bitmap->nr_free, &bitmap->nr_total);
	}
	lt_text_blanks(&text);
	/* Behind the total is what the line was wrapped in. */
	if (!bitmap->is_complete && !lt_text_at_end(&text))
		bitmap->is_damaged = true;
}

bool lt_klog_bitmap_is_rest(struct lt_text text)
{
	struct lt_klog_bitmap rest;

	lt_klog_bitmap_begin(&rest);
	if (lt_text_literal(&text, "=>"))
		return parse_total(&text, &rest.nr_free, &rest.nr_total);
	if (!parse_run(&rest, &text))
		return false;
	while (parse_run(&rest, &text))
		;
	return rest.has_positions && (lt_text_at_end(&text) || lt_text_literal(&text, "=>"));
}

/* In bits, runs would touch or overlap only if they were one, and end where the area does. */
static bool can_be_bits(const struct lt_klog_bitmap *bitmap)
{
	return !bitmap->is_overlapping && bitmap->end <= bitmap->nr_total;
}

/* The last run is what lies between a bitmap and its size in pages, for some order. */
static bool has_phantom_run(const struct lt_klog_bitmap *bitmap)
{
	if (!bitmap->has_positions || !bitmap->last_nr ||
	    bitmap->last_start + bitmap->last_nr != bitmap->nr_total)
		return false;
	for (unsigned int order = 1; order <= ORDER_PER_BIT_MAX; order++)
		if (bitmap->last_start && bitmap->last_start == bitmap->nr_total >> order)
			return true;
	return false;
}

static bool is_believed(const struct lt_klog_bitmap *bitmap, struct lt_num order_per_bit,
			bool is_scaled)
{
	if (!bitmap->is_complete || bitmap->nr_free > bitmap->nr_total ||
	    bitmap->nr_listed > bitmap->nr_free)
		return false;
	if (is_scaled || !bitmap->nr_listed)
		return true;
	if (order_per_bit.known)
		return order_per_bit.val ? !can_be_bits(bitmap) : can_be_bits(bitmap);
	return !has_phantom_run(bitmap);
}

struct lt_num lt_klog_bitmap_nr_free(const struct lt_klog_bitmap *bitmap,
				     struct lt_num order_per_bit, bool is_scaled)
{
	return is_believed(bitmap, order_per_bit, is_scaled) ? lt_num(bitmap->nr_free)
							     : (struct lt_num){ 0 };
}

struct lt_num lt_klog_bitmap_largest(const struct lt_klog_bitmap *bitmap,
				     struct lt_num order_per_bit, bool is_scaled)
{
	if (!is_believed(bitmap, order_per_bit, is_scaled) || bitmap->is_damaged ||
	    bitmap->nr_listed != bitmap->nr_free)
		return (struct lt_num){ 0 };
	return lt_num(bitmap->nr_largest);
}

struct lt_num lt_klog_bitmap_aligned(const struct lt_klog_bitmap *bitmap,
				     struct lt_num order_per_bit, bool is_scaled, uint64_t align)
{
	const struct lt_num largest = lt_klog_bitmap_largest(bitmap, order_per_bit, is_scaled);

	if (!largest.known || !largest.val || align > LT_KLOG_ALIGN_MAX || !bitmap->has_positions ||
	    order_per_bit.val || !can_be_bits(bitmap))
		return (struct lt_num){ 0 };
	return lt_num(bitmap->nr_aligned[align]);
}
