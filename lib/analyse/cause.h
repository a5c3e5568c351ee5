/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ANALYSE_CAUSE_H
#define LT_ANALYSE_CAUSE_H

#include "analyse/finding.h"
#include "base/compiler.h"
#include "model/snapshot.h"

/*
 * Why each attempt failed, at its own time. The kernel's word that a page blocked it stands; what
 * held the page then, and who can release it now, are statements of their own, each as sure as what
 * was seen makes it. Evidence of another time contradicts them, or says nothing.
 */

/* What became of a page since it blocked an attempt. */
enum lt_hold_state {
	LT_STATE_UNKNOWN,    /* nobody looked, or the counts do not say */
	LT_STATE_HELD_SINCE, /* held now, and the same allocation as then */
	LT_STATE_HELD_NOW,   /* held now; whether it is the same allocation is not shown */
	LT_STATE_RELEASED,   /* nothing held it at some time after that */
	LT_STATE_REUSED,     /* so it was, and another use of it began */
};

/* "held-since", "held-now", "released", "reused"; NULL for LT_STATE_UNKNOWN. */
const char *lt_hold_state_name(enum lt_hold_state state);

/* How a process comes to be named with a page. */
enum lt_holder_basis {
	LT_BY_NOBODY,
	LT_BY_BUFFER,  /* nobody maps the page, and it alone has a buffer of such pages: a hint */
	LT_BY_MAPPING, /* it maps the page: a fact, and no more than a hint at who holds it */
	LT_BY_ALLOCATION, /* it alone maps the page, and allocated it */
	LT_BY_PINNING,	  /* it was seen to pin the page: likely, if that was before it blocked */
};

/* Which of two times was first, as far as that is known. */
enum lt_order {
	LT_ORDER_UNKNOWN,
	LT_ORDER_BEFORE,
	LT_ORDER_AFTER,
};

/* "before", "after"; NULL for LT_ORDER_UNKNOWN. */
const char *lt_order_name(enum lt_order order);

/**
 * struct lt_cause_page - a page that the kernel named as what made a range fail
 * @pfn:	as it was named
 * @is_only_used: when it was read it was in use, and nothing kept it from being moved
 * @is_block:	the kernel (6.1 and later) may mean all of the pageblock that begins here: its block
 *		was isolated no more when the range was tested
 * @is_dumped:	a dump in the log names it, just before the failure: an earlier search that went on to
 *		another range, and told no more, may have printed that. So it is likely, not proven
 * @nr_windows:	ranges of the attempt that it is named for
 * @state:	what became of it
 * @since_ns:	when the allocation, or the pin, that it is held by was made, at the latest: on the
 *		clock of the log; unknown
 * @hold:	what held it when it was named; LT_PIN_UNKNOWN if nothing says so
 * @confidence:	of @hold
 * @page:	what is known of it later; NULL if nothing is
 * @looked_after_ns: when that was, since the attempt ended, where somebody followed it; unknown: as
 *		the pages of the snapshot were read, which is called now
 * @pid, @comm:	who may be able to release it now, as @by says; 0
 * @by_confidence: that this process can release it
 * @began:	the process, compared with when the page blocked; one that began later has the page
 *		from another process
 * @nr_found:	of @nr_pins, how many are of a holder that was found; unknown if nobody looked
 * @nr_pins:	that the page has now; unknown if it has none
 */
struct lt_cause_page {
	uint64_t pfn;
	bool is_block, is_only_used, is_dumped;
	unsigned int nr_windows;
	enum lt_hold_state state;
	struct lt_num since_ns;
	enum lt_pin_kind hold;
	enum lt_confidence confidence;
	const struct lt_pin *page;
	struct lt_num looked_after_ns;
	int pid;
	const char *comm;
	enum lt_holder_basis by;
	enum lt_confidence by_confidence;
	enum lt_order began;
	struct lt_num nr_found, nr_pins;
};

LT_VEC_OF(lt_cause_pages, struct lt_cause_page);

/* Whether it is established what held the page: more than a hint. */
static inline bool lt_cause_page_has_hold(const struct lt_cause_page *page)
{
	return page->hold != LT_PIN_UNKNOWN && page->confidence >= LT_LIKELY;
}

/*
 * Whether @said shows that the page was released after it blocked: what has it now, if anything
 * has, came later. Nothing is released of which nobody says anything.
 */
static inline bool lt_cause_page_is_released(const struct lt_cause_page *said)
{
	return said && (said->state == LT_STATE_RELEASED || said->state == LT_STATE_REUSED);
}

#define LT_NO_GROUP SIZE_MAX

/**
 * struct lt_cause - why one attempt failed, as far as pages say
 * @id:		id of the finding that the named pages come to; NULL where none of them decided it
 * @confidence:	of @id
 * @pages:	the distinct pages that the kernel named, in the order of the ranges; also of an
 *		attempt that was given a later range
 * @best:	index of the one of which most is established
 * @group:	index of its group in lt_report.failures; LT_NO_GROUP if it did not fail
 */
struct lt_cause {
	const char *id;
	enum lt_confidence confidence;
	struct lt_cause_pages pages;
	size_t best, group;
};

/* One an attempt of the snapshot, by index. */
LT_VEC_OF(lt_causes, struct lt_cause);

/* Evaluate each attempt of @snap. 0 or -ENOMEM; freed with lt_causes_free(). */
int lt_causes_make(const struct lt_snapshot *snap, struct lt_causes *out)
	__must_check __nonnull_all;
void lt_causes_free(struct lt_causes *causes);

/* Whether holders that were found explain fewer pins than @page has. */
bool lt_cause_page_is_partial(const struct lt_cause_page *page);

/* "buffer", "mapping", "allocation", "pinning"; NULL for LT_BY_NOBODY. */
const char *lt_holder_basis_name(enum lt_holder_basis basis);

/*
 * The same of one attempt by what was seen of its pages, before it is one of @snap's: later requests
 * have not been made yet. 0 or -ENOMEM; freed with lt_cause_fini().
 */
int lt_cause_make(const struct lt_snapshot *snap, const struct lt_attempt *attempt,
		  struct lt_cause *out) __must_check __nonnull_all;
void lt_cause_fini(struct lt_cause *cause);

/* The page of which most is established; NULL if the kernel named none. */
const struct lt_cause_page *lt_cause_best(const struct lt_cause *cause);

/*
 * Whether @attempt failed. A request for more than the area has is refused before anything is
 * traced but its start (6.1, 6.12): that attempt stays open, and failed all the same.
 */
bool lt_cause_has_failed(const struct lt_snapshot *snap, const struct lt_attempt *attempt);

#endif
