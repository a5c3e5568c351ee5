// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A page that the kernel named, evaluated at the time it was named.
 *
 * What held it then is
 *	proven	if the hold was seen in that instant (the module's message), before and after the
 *		attempt (`ltpin alloc`), or when it was made, and the page was not free since
 *	likely	if the page is held now and was allocated before that time: page_owner keeps the time
 *		of the allocation, but migration copies it to the new page, so a page that was
 *		migrated may have come here later
 *	a hint	if it is held now, and nothing more
 * and not known if the page was free in between, or was allocated later.
 */
#include "analyse/cause_page.h"

#include <stdlib.h>
#include <string.h>

#include "analyse/moment.h"

/* How far the clocks of log and trace may be apart where they were not read. */
#define OTHER_SOURCE_NS 1000000000

static bool is_after(struct lt_num ts_ns, struct lt_when when)
{
	return lt_when_is_before(when, lt_when_at(ts_ns));
}

/* Everything that is known of the page, and of when. */
struct facts {
	struct lt_when when;	       /* it blocked, on the clock of the log */
	const struct lt_blocker *seen; /* what a watch saw of it; NULL */
	const struct lt_pin *page;
	bool is_read;		 /* later than in that instant; else nothing is known of now */
	bool is_free_since;	 /* it was shown to be held by nothing after that */
	bool is_cleared;	 /* to be free even, so that what has it now came later */
	bool is_new;		 /* its allocation was made after that */
	bool is_same;		 /* its allocation was made before that, has not moved, and was not
				* shown to be free in between */
	bool is_pinned_later;	 /* the pin that was seen was made after that */
	bool is_pinned_before;	 /* it was made before that, on the allocation that is there now */
	bool is_pin_gone;	 /* it was made on an earlier one, or the page was free since */
	struct lt_num pinned_ns; /* when it was made, at the latest, on the clock of the log */
};

static bool is_free_now(const struct lt_pin *page)
{
	return page->kind == LT_PIN_UNKNOWN && (page->has_passed || page->class == LT_PAGE_BUDDY);
}

static void add_owner(struct facts *facts, struct lt_when cleared)
{
	const struct lt_owner *owner = &facts->page->allocated_by;

	if (!facts->page->has_owner)
		return;
	facts->is_new = is_after(owner->ts_ns, facts->when);
	facts->is_same = lt_pin_is_older(facts->page, facts->when) &&
			 !lt_when_is_before(lt_when_at(owner->ts_ns), cleared);
}

/* When a trace event was, at the latest; unknown unless both clocks were read. */
static struct lt_num logged_ns(const struct lt_clock_set *clock, struct lt_num trace_ns)
{
	return lt_clock_of_trace(clock, lt_when_at(trace_ns)).latest_ns;
}

static void add_pinner(struct facts *facts, const struct lt_clock_set *clock,
		       struct lt_when cleared)
{
	const struct lt_pinner *pinner = &facts->page->pinned_by;
	/* The module reads the clock of the log; probes are trace events. */
	const struct lt_when pinned =
		lt_moment(clock, pinner->is_ours ? LT_ATTEMPT_LOG : LT_ATTEMPT_TRACE,
			  lt_when_at(pinner->ts_ns));

	if (!facts->page->has_pinner || facts->page->kind != LT_PIN_PINNED)
		return;
	facts->is_pinned_later = lt_when_is_before(facts->when, pinned);
	facts->is_pin_gone =
		lt_when_is_before(pinned, cleared) ||
		(facts->page->has_owner && is_after(facts->page->allocated_by.ts_ns, pinned));
	facts->is_pinned_before = lt_when_is_before(pinned, facts->when) && !facts->is_pin_gone;
	facts->pinned_ns = pinner->is_ours ? pinner->ts_ns : logged_ns(clock, pinner->ts_ns);
}

/* When the page was last shown to be held by nothing, on the clock of the log. */
static struct lt_when cleared_when(const struct lt_snapshot *snap,
				   const struct lt_clearances *clearances, uint64_t pfn)
{
	return lt_moment(&snap->clock, LT_ATTEMPT_TRACE,
			 lt_when_at(lt_clearances_last(clearances, pfn)));
}

/* Whether that was after the page blocked: times of one source need no comparison of clocks. */
static bool is_cleared_after(const struct lt_snapshot *snap, const struct lt_clearances *clearances,
			     const struct lt_attempt *attempt, const struct lt_try *tried)
{
	const struct lt_num last = lt_clearances_last(clearances, tried->blocker_pfn.val);
	struct lt_when when = lt_moment_of_try(attempt, tried);

	if (attempt->source != LT_ATTEMPT_LOG)
		return is_after(last, when);
	if (!last.known || !when.latest_ns.known)
		return false;
	if (!snap->clock.log_ns.known || !snap->clock.trace_ns.known)
		return is_after(last, lt_when_widen(when, OTHER_SOURCE_NS, OTHER_SOURCE_NS));
	return lt_when_is_before(lt_moment(&snap->clock, LT_ATTEMPT_LOG, when),
				 cleared_when(snap, clearances, tried->blocker_pfn.val));
}

/* What was looked at after the attempt: by who followed it, else by the report. */
static void choose_page(const struct lt_pins *pins, uint64_t pfn, struct facts *facts)
{
	const struct lt_blocker *seen = facts->seen;

	facts->page = lt_pins_find(pins, pfn);
	facts->is_read = facts->page;
	if (!seen || !seen->samples.nr)
		return;
	if (facts->page && seen->samples.nr == 1 && seen->samples.v[0].is_instant)
		return;
	facts->page = &seen->page;
	facts->is_read = seen->samples.nr > 1 || !seen->samples.v[0].is_instant;
}

static struct facts collect_facts(const struct lt_snapshot *snap,
				  const struct lt_clearances *clearances,
				  const struct lt_attempt *attempt, const struct lt_try *tried)
{
	const uint64_t pfn = tried->blocker_pfn.val;
	struct lt_when cleared = cleared_when(snap, clearances, pfn);
	struct facts facts = {
		.when = lt_moment(&snap->clock, attempt->source, lt_moment_of_try(attempt, tried)),
		.seen = lt_blockers_find(&attempt->blockers, pfn),
	};

	choose_page(&snap->pins, pfn, &facts);
	facts.is_cleared = is_cleared_after(snap, clearances, attempt, tried);
	facts.is_free_since =
		facts.is_cleared || (facts.seen && facts.seen->fate == LT_BLOCKER_PASSED);
	if (facts.page) {
		facts.is_free_since = facts.is_free_since || is_free_now(facts.page);
		/* What came after it says nothing of what went before. */
		if (!lt_when_is_before(cleared, facts.when))
			cleared = (struct lt_when){ 0 };
		add_owner(&facts, cleared);
		add_pinner(&facts, &snap->clock, cleared);
	}
	return facts;
}

/* What held it in the instant; LT_PIN_UNKNOWN if nobody saw it, or its counts did not say. */
static enum lt_pin_kind kind_in_the_instant(const struct facts *facts)
{
	const struct lt_blocker *seen = facts->seen;

	if (!seen || !seen->samples.nr || !seen->samples.v[0].is_instant)
		return LT_PIN_UNKNOWN;
	return lt_pin_kind_of(&seen->samples.v[0].folio);
}

/* Whether the block that begins at the page may be meant, and not the page. */
static bool is_block(const struct lt_snapshot *snap, const struct lt_attempt *attempt,
		     const struct lt_try *tried, const struct facts *facts)
{
	/* Something held the page itself in that instant. */
	bool is_instant = kind_in_the_instant(facts) != LT_PIN_UNKNOWN;

	/* The events of 5.10, where it is the page, do not name the area. */
	return attempt->area_name && tried->stage == LT_TRY_TEST && !is_instant &&
	       lt_try_may_name_block(tried, snap->kernel.pageblock_order);
}

static bool is_held_now(const struct facts *facts)
{
	return facts->is_read && facts->page->kind != LT_PIN_UNKNOWN;
}

static enum lt_hold_state state_of(const struct facts *facts, bool is_block)
{
	/* Input or output ends, and the page goes on to be what it was. */
	if ((facts->is_new || facts->is_cleared) && !is_block &&
	    (is_held_now(facts) || (facts->page && facts->page->mapped_by.nr)))
		return LT_STATE_REUSED;
	if ((facts->is_new || facts->is_free_since) && !is_block)
		return LT_STATE_RELEASED;
	if (!is_held_now(facts))
		return LT_STATE_UNKNOWN;
	return (facts->is_same || facts->is_pinned_before) && !facts->is_pinned_later
		       ? LT_STATE_HELD_SINCE
		       : LT_STATE_HELD_NOW;
}

/* `ltpin alloc` samples before and after; a watch only after. */
static bool was_pinned_throughout(const struct lt_attempt *attempt, uint64_t pfn)
{
	if (attempt->source != LT_ATTEMPT_ALLOC)
		return false;
	lt_vec_each(range, &attempt->pinned)
		if (attempt->sampled && lt_range_has(*range, pfn))
			return true;
	return false;
}

/*
 * Whether a watch saw it held, right after that and for half a second, in one allocation since
 * before: what is released a minute later was held then all the same.
 */
static bool was_seen_held(const struct facts *facts)
{
	return facts->seen && facts->seen->samples.nr && facts->seen->fate == LT_BLOCKER_HELD &&
	       facts->is_same && !facts->is_pinned_later && is_held_now(facts);
}

static void say_hold(const struct lt_attempt *attempt, const struct facts *facts,
		     struct lt_cause_page *out)
{
	bool is_released = out->state == LT_STATE_RELEASED || out->state == LT_STATE_REUSED;

	out->confidence = LT_PROVEN;
	out->hold = kind_in_the_instant(facts);
	if (out->hold == LT_PIN_UNKNOWN && was_pinned_throughout(attempt, out->pfn))
		out->hold = LT_PIN_PINNED;
	if (out->hold == LT_PIN_UNKNOWN && facts->is_pinned_before && !is_released)
		out->hold = LT_PIN_PINNED;
	if (out->hold == LT_PIN_UNKNOWN && was_seen_held(facts)) {
		out->hold = facts->page->kind;
		out->confidence = LT_LIKELY;
	}
	if (out->hold != LT_PIN_UNKNOWN || is_released || !is_held_now(facts) ||
	    facts->is_pinned_later || facts->is_new)
		return;
	out->hold = facts->page->kind;
	out->confidence = out->state == LT_STATE_HELD_SINCE ? LT_LIKELY : LT_HINT;
}

/* Whether @mapper certainly began after @when. */
static bool began_after(const struct lt_mapper *mapper, struct lt_when when)
{
	return lt_when_is_before(when, mapper->start);
}

static enum lt_order order_of(struct lt_when start, struct lt_when when)
{
	if (lt_when_is_before(when, start))
		return LT_ORDER_AFTER;
	return lt_when_is_before(start, when) ? LT_ORDER_BEFORE : LT_ORDER_UNKNOWN;
}

/* Tasks of the kernel that move pages about, and we ourselves: they hold nothing for long. */
static bool is_bystander(const struct lt_mapper *mapper)
{
	return mapper->comm && (!strcmp(mapper->comm, "khugepaged") ||
				!strncmp(mapper->comm, "kcompactd", strlen("kcompactd")));
}

/* The only process that maps the page, or NULL. */
static const struct lt_mapper *only_mapper(const struct lt_pin *page)
{
	const struct lt_mapper *only = page->mapped_by.v;

	lt_vec_each(mapper, &page->mapped_by)
		if (mapper->pid != only->pid)
			return NULL;
	if (!page->mapped_by.nr || !page->mapped_by_total.known ||
	    page->mapped_by_total.val > page->mapped_by.nr)
		return NULL;
	return only;
}

static void say_mapper(const struct facts *facts, struct lt_cause_page *out)
{
	const struct lt_mapper *mapper = only_mapper(facts->page);
	const struct lt_owner *owner = &facts->page->allocated_by;

	if (!mapper || is_bystander(mapper))
		return;
	/* It has the page from its parent if that was there before it: maybe what holds it as well. */
	out->began = order_of(mapper->start, facts->when);
	if (out->began == LT_ORDER_AFTER && out->state != LT_STATE_HELD_SINCE)
		return;
	out->pid = mapper->pid;
	out->comm = mapper->comm;
	out->by = LT_BY_MAPPING;
	out->by_confidence = LT_HINT;
	/* An earlier process may have had its number. */
	if (out->state != LT_STATE_HELD_SINCE || !facts->page->has_owner || !owner->tgid.known ||
	    owner->tgid.val != (uint64_t)mapper->pid ||
	    began_after(mapper, lt_when_at(owner->ts_ns)))
		return;
	out->by = LT_BY_ALLOCATION;
	out->by_confidence = LT_LIKELY;
}

/* Whether a process that began after the pin has the number of who made it. */
static bool is_number_of_another(const struct lt_pin *page)
{
	lt_vec_each(mapper, &page->mapped_by)
		if ((uint64_t)mapper->pid == page->pinned_by.pid.val &&
		    began_after(mapper, lt_when_at(page->pinned_by.ts_ns)))
			return true;
	return false;
}

static void say_holder(const struct facts *facts, struct lt_cause_page *out)
{
	const struct lt_pinner *pinner;

	/* Who maps the page is a fact, also where nothing says what held it. */
	if (out->state == LT_STATE_UNKNOWN && facts->page && !out->is_block)
		say_mapper(facts, out);
	if (out->state != LT_STATE_HELD_SINCE && out->state != LT_STATE_HELD_NOW)
		return;
	pinner = &facts->page->pinned_by;
	if (!facts->page->has_pinner || !pinner->pid.known) {
		say_mapper(facts, out);
		return;
	}
	if (facts->is_pinned_later || facts->is_pin_gone || is_number_of_another(facts->page))
		return;
	out->pid = (int)pinner->pid.val;
	out->comm = pinner->comm;
	out->by = LT_BY_PINNING;
	/* Nobody sees pins being released, or handed on: a child may have it, and the pinner not. */
	out->by_confidence = facts->is_pinned_before ? LT_LIKELY : LT_HINT;
}

/* The only process that has a dma-buf of udmabuf open, or NULL. */
static const struct lt_holder *only_buffer(const struct lt_holders *holders)
{
	const struct lt_holder *only = NULL;

	lt_vec_each(holder, holders) {
		if (holder->kind != LT_HOLDER_DMA_BUF || !holder->pid.known || !holder->name ||
		    strcmp(holder->name, "udmabuf"))
			continue;
		if (only && only->pid.val != holder->pid.val)
			return NULL;
		only = holder;
	}
	return only;
}

/*
 * udmabuf makes buffers of the pages of a memfd, which it holds by a reference up to 6.10: they stay
 * where they are, with nothing that tells their number. Later ones pin them, outside CMA.
 */
static void say_buffer(const struct lt_snapshot *snap, const struct facts *facts,
		       struct lt_cause_page *out)
{
	const struct lt_holder *holder;

	if (out->by != LT_BY_NOBODY || out->is_block || lt_cause_page_is_released(out) ||
	    !facts->page || facts->page->class != LT_PAGE_SHMEM ||
	    facts->page->kind == LT_PIN_PINNED || !facts->page->mapped_by_total.known ||
	    facts->page->mapped_by_total.val)
		return;
	holder = only_buffer(&snap->holders);
	if (!holder)
		return;
	out->pid = (int)holder->pid.val;
	out->comm = holder->comm;
	out->by = LT_BY_BUFFER;
	out->by_confidence = LT_HINT;
}

/* How many of the pins that hold it the holders explain that were found. */
static void say_explained(const struct facts *facts, struct lt_cause_page *out)
{
	const struct lt_pin *page = facts->page;

	if (!is_held_now(facts) || page->kind != LT_PIN_PINNED || !page->pins.known ||
	    !page->nr_pins_seen.known)
		return;
	out->nr_pins = page->pins;
	out->nr_found = page->nr_pins_seen.val < page->pins.val ? page->nr_pins_seen : page->pins;
}

/* A watch looks some times, and may end hours later. */
static struct lt_num looked_after_ns(const struct facts *facts)
{
	struct lt_num last = { 0 };

	if (facts->is_read && facts->seen && facts->page == &facts->seen->page)
		lt_vec_each(sample, &facts->seen->samples)
			if (!sample->is_instant && sample->after_ns.known)
				last = sample->after_ns;
	return last;
}

void lt_cause_page_evaluate(const struct lt_snapshot *snap, const struct lt_clearances *clearances,
			    const struct lt_attempt *attempt, const struct lt_try *tried,
			    struct lt_cause_page *out)
{
	struct facts facts = collect_facts(snap, clearances, attempt, tried);

	*out = (struct lt_cause_page){ .pfn = tried->blocker_pfn.val, .page = facts.page };
	out->looked_after_ns = looked_after_ns(&facts);
	out->is_block = is_block(snap, attempt, tried, &facts);
	out->state = state_of(&facts, out->is_block);
	out->is_only_used = facts.page && is_free_now(facts.page) && facts.page->refcount.val;
	if (out->state == LT_STATE_HELD_SINCE)
		out->since_ns =
			facts.is_pinned_before ? facts.pinned_ns : facts.page->allocated_by.ts_ns;
	say_hold(attempt, &facts, out);
	say_holder(&facts, out);
	say_buffer(snap, &facts, out);
	if (!out->is_block)
		say_explained(&facts, out);
}
