/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TEST_HISTORY_WORLD_H
#define TEST_HISTORY_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/range.h"

/*
 * A truth: what happened in the CMA areas of one boot. A script of events is played by the rules of
 * one kernel, and leaves spans of time: who had which page, what held it, who mapped it, and what each
 * cma_alloc() met. What a device would show of it: evidence.h.
 */

#define W_US ((uint64_t)1000)
#define W_MS ((uint64_t)1000000)
#define W_SECOND ((uint64_t)1000000000)
#define W_END UINT64_MAX

#define W_BLOCK 512 /* pages of a pageblock */
#define W_SLOTS 6
#define W_PROCS 8
#define W_EVENTS 32
#define W_SPANS 64
#define W_ATTEMPTS 12
#define W_WINDOWS 16

enum w_kernel {
	W_5_10,
	W_6_1,
	W_6_12,
	W_7_2,
	W_NR_KERNELS,
};

/* Who can hold or map pages. Some share a number, one after the other. */
enum w_who {
	W_CAMERA,
	W_NEWCOMER,
	W_CHILD,
	W_REBORN, /* gets the number of W_CAMERA once that has ended */
	W_VIDEO, /* the driver's task: it runs all the time, asks for memory, and may get from others
		    * the descriptors that hold pages */
	W_KHUGEPAGED,
};

enum w_hold {
	W_PIN,	  /* FOLL_PIN, for long */
	W_PIPE,	  /* a reference: vmsplice */
	W_DIRECT, /* O_DIRECT: a pin, and on 5.10 a reference */
	W_BUFFER, /* a buffer head that is held, of a mounted file system: shows in no count */
	W_OWN,	  /* the kernel's own use of a page that it allocated as unmovable */
};

enum w_type {
	W_START,     /* who begins */
	W_EXIT,	     /* who ends: mappings, and holds that nobody else has */
	W_FORK,	     /* who makes to_who, which gets mappings and descriptors */
	W_ALLOC,     /* who gets the page of slot, and maps it */
	W_CACHE,     /* a page of a file system comes to slot */
	W_UNMOVABLE, /* the kernel, called by who, gets the page of slot: a bug of it */
	W_FREE,	     /* everybody unmaps the page of slot; the kernel gives its own one back */
	W_SHARE,     /* who maps the page of slot too: shared memory */
	W_UNMAP,     /* who does no more */
	W_HOLD,	     /* who holds the page of slot in the way of hold */
	W_DROP,	     /* holds of that way on the page of slot end */
	W_MIGRATE,   /* compaction moves the page of slot to to_slot */
	W_ATTEMPT,   /* nr_pages of area, align */
	W_RELEASE,   /* what was given out first of area comes back */
	W_UNISOLATE, /* a block of the next range tried is isolated no more when it is tested */
	W_REFUSE, /* the next range tried cannot be isolated: somebody else has one of its blocks */
	W_SUSPEND,
	W_NR_TYPES,
};

/**
 * struct w_event - one line of a script; what cannot happen when its time comes does not
 * @wait_ns:  an attempt waits so long for writeback before it tests its first range
 * @is_quiet: __GFP_NOWARN: nothing in the log
 * @is_ours:  `ltpin alloc` asks: quiet, and it looks for pins right before and right after
 * @err:      an attempt ends with it in its range @err_at: ENOMEM, EINTR
 */
struct w_event {
	uint64_t at_ns;
	enum w_type type;
	int slot, to_slot;
	enum w_who who, to_who;
	enum w_hold hold;
	int area;
	uint64_t nr_pages;
	unsigned int align;
	uint64_t wait_ns;
	bool is_quiet, is_ours;
	int err;
	unsigned int err_at;
};

struct w_slot {
	uint64_t pfn;
	unsigned int order;
};

/**
 * struct w_script
 * @seen_ns: when log, trace, bitmap and counters were read; then page states, page_owner, mappers
 */
struct w_script {
	enum w_kernel kernel;
	int nr_areas;
	struct w_slot slots[W_SLOTS];
	struct w_event events[W_EVENTS];
	size_t nr;
	struct {
		uint64_t log, states, owners, mappers;
	} seen_ns;
};

struct w_span {
	uint64_t from_ns, to_ns;
};

struct w_proc {
	int pid;
	const char *comm;
	struct w_span span; /* 0, 0: never */
	bool is_kernel;
};

/* A page, or folio, in the hands of somebody. */
struct w_alloc {
	struct w_span span;
	struct lt_range pfns;
	unsigned int order;
	uint64_t ts_ns; /* what page_owner has, which a migration copies */
	enum w_who who;
	const char *migrated;
	bool is_file, is_private, is_unmovable;
};

struct w_holding {
	struct w_span span;
	size_t alloc;
	enum w_hold kind;
	enum w_who maker;
	unsigned int who; /* 1 << enum w_who of all that can release it; 0: the kernel alone */
};

struct w_mapping {
	struct w_span span;
	size_t alloc;
	enum w_who who;
};

enum w_result {
	W_OK,
	W_TEST,		/* a page blocked: fin_pfn */
	W_NOT_ISOLATED, /* a block was isolated no more: fin_pfn is where it was seen */
	W_ENDED,	/* migration failed with the attempt's errno */
	W_REFUSED,	/* it could not be isolated: no page was looked at */
};

struct w_window {
	struct lt_range pfns;
	uint64_t ts_ns, fin_pfn;
	enum w_result result;
	size_t alloc; /* that blocked */
};

struct w_attempt {
	struct w_span span;
	int area;
	uint64_t nr_pages, got_pfn;
	unsigned int align;
	int err; /* 0: it succeeded */
	bool is_quiet, is_ours, is_too_large;
	uint64_t nr_free, longest; /* of the bitmap as it ended */
	struct w_window windows[W_WINDOWS];
	size_t nr_windows;
};

struct w_given {
	struct w_span span;
	struct lt_range pfns;
	int area;
};

struct w_world {
	const struct w_script *script;
	struct w_proc procs[W_PROCS];
	struct w_alloc allocs[W_SPANS];
	struct w_holding holdings[W_SPANS];
	struct w_mapping mappings[W_SPANS];
	struct w_given given[W_SPANS];
	struct w_attempt attempts[W_ATTEMPTS];
	size_t nr_allocs, nr_holdings, nr_mappings, nr_given, nr_attempts;
	uint64_t suspended_ns;
};

#define W_NOBODY SIZE_MAX

/* Play @script, which must outlive @world. */
void w_world_run(const struct w_script *script, struct w_world *world);

struct lt_range w_area(int area);
const char *w_area_name(int area);

static inline bool w_is_at(struct w_span span, uint64_t ns)
{
	return span.from_ns <= ns && ns < span.to_ns;
}

/* The allocation that has @pfn at @ns, by index, or W_NOBODY. */
size_t w_alloc_at(const struct w_world *world, uint64_t pfn, uint64_t ns);

/* Holds of @alloc at @ns: all, or those that count as pins, or as other references. */
unsigned int w_nr_holds(const struct w_world *world, size_t alloc, uint64_t ns);
unsigned int w_nr_pins(const struct w_world *world, size_t alloc, uint64_t ns);
unsigned int w_nr_refs(const struct w_world *world, size_t alloc, uint64_t ns);
unsigned int w_nr_mappings(const struct w_world *world, size_t alloc, uint64_t ns);

/* Whether cma_alloc() has given out, or claimed, @pfn at @ns. */
bool w_is_given(const struct w_world *world, uint64_t pfn, uint64_t ns);

/* Slots of a story made by hand: one page of each kind, the first where the story wants it. */
/* clang-format off */
#define W_SLOTS_AT(pfn) { \
	{ pfn, 0 }, { 0x10500, 0 }, { 0x10010, 0 }, { 0x10600, 4 }, { 0x10400, 9 }, { 0x20000, 0 } }
/* clang-format on */

#endif
