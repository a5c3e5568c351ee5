// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A page that made an attempt fail, as it is shown while watching: what was seen of it in the
 * instant, and what was read some time later, which says so. Of a saved trace nobody looked at the
 * pages; then it is what later requests and readings show.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>

#include "analyse/words_file.h"
#include "analyse/words_page.h"
#include "render/pin_cell.h"
#include "render/watch.h"
#include "uapi/ltpin_netlink.h"

#define MAPPERS_MAX 3

static struct text_chunk ms_of(struct lt_num ns)
{
	struct text_chunk chunk;

	snprintf(chunk.s, sizeof(chunk.s), "%" PRIu64 " ms", ns.val / 1000000);
	return chunk;
}

/* "312 ms later: mapped by ..." */
static void print_reading(struct text *text, struct lt_num after_ns, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void print_reading(struct text *text, struct lt_num after_ns, const char *fmt, ...)
{
	char *what = NULL;
	va_list args;

	va_start(args, fmt);
	if (vasprintf(&what, fmt, args) < 0)
		what = NULL;
	va_end(args);
	if (what)
		text_wrapf(text, "    ", 6, "%s later: %s.", ms_of(after_ns).s, what);
	else
		text_lose(text);
	free(what);
}

static const char *describe_kind(const struct lt_pin *page)
{
	switch (page->kind) {
	case LT_PIN_PINNED:
		return "pinned";
	case LT_PIN_EXTRA_REF:
		return "held by a reference that no mapping explains";
	case LT_PIN_UNMOVABLE:
		return "an unmovable allocation";
	case LT_PIN_UNKNOWN:
		break;
	}
	return "neither pinned nor held, by its counts";
}

static void add_count(char *out, size_t size, const char *before, struct lt_num num,
		      const char *what)
{
	if (num.known)
		snprintf(out, size, "%s%" PRIu64 " %s%s", before, num.val, what,
			 num.val == 1 ? "" : "s");
}

/* "Then: pinned, 1 pin, 1026 references, 1 mapping." */
static void print_state(struct text *text, const struct lt_blocker *blocker)
{
	const struct lt_blocker_sample *first = blocker->samples.v;
	const struct lt_pin *page = &blocker->page;
	char pins[40] = "", refs[40] = "", maps[40] = "", when[96];

	if (!blocker->samples.nr) {
		if (page->class == LT_PAGE_BUDDY)
			print_reading(text, blocker->asked_after_ns, "free");
		return;
	}
	if (first->is_instant)
		snprintf(when, sizeof(when), "When it failed");
	else
		snprintf(when, sizeof(when), "%s later", ms_of(first->after_ns).s);
	if (first->folio.flags & LTPIN_PAGE_BUDDY) {
		text_wrapf(text, "    ", 6, "%s: free.", when);
		return;
	}
	if (page->kind == LT_PIN_PINNED)
		add_count(pins, sizeof(pins), page->pins_estimated ? ", about " : ", ", page->pins,
			  "pin");
	add_count(refs, sizeof(refs), ", ", page->refcount, "reference");
	add_count(maps, sizeof(maps), ", ", page->mapcount, "mapping");
	text_wrapf(text, "    ", 6, "%s: %s%s%s%s%s.", when, describe_kind(page), pins, refs, maps,
		   first->folio.flags & LTPIN_PAGE_WRITEBACK ? ", under writeback" : "");
}

static void print_fate(struct text *text, const struct lt_blocker *blocker)
{
	const struct lt_blocker_sample *last = blocker->samples.v + blocker->samples.nr - 1;

	if (blocker->fate == LT_BLOCKER_PASSED) {
		text_wrapf(text, "    ", 6, "Transient: nothing keeps it there any more.");
		return;
	}
	if (blocker->samples.nr < 2)
		return;
	if (blocker->fate == LT_BLOCKER_HELD)
		text_wrapf(text, "    ", 6, "Still held %s later.", ms_of(last->after_ns).s);
	else
		text_wrapf(text, "    ", 6, "%s later it is not known whether that has passed.",
			   ms_of(last->after_ns).s);
}

static void print_allocator(struct text *text, const struct lt_pin *page, struct lt_num after_ns)
{
	const struct lt_owner *owner = &page->allocated_by;

	if (!page->has_owner)
		return;
	if (owner->pid.known || owner->tgid.known)
		print_reading(text, after_ns, "allocated by %s", pin_allocator(owner).s);
	else if (owner->gfp)
		print_reading(text, after_ns, "allocated with %s", owner->gfp);
}

static void print_file(struct text *text, const struct lt_pin *page, struct lt_num after_ns)
{
	char *words = page->file ? lt_words_file(page->file) : NULL;

	if (words)
		print_reading(text, after_ns, "%s", words);
	else if (page->file)
		text_lose(text);
	free(words);
}

static void print_mappers(struct text *text, const struct lt_pin *page, struct lt_num after_ns)
{
	size_t nr = 0;

	if (!page->mapped_by.nr && page->mapped_by_total.known)
		print_reading(text, after_ns, "mapped by no process");
	lt_vec_each(mapper, &page->mapped_by) {
		if (nr++ < MAPPERS_MAX)
			print_reading(text, after_ns, "mapped by %s[%d] at 0x%" PRIx64 " (%s)",
				      mapper->comm ? mapper->comm : "?", mapper->pid, mapper->addr,
				      mapper->vma    ? mapper->vma
				      : mapper->kind ? lt_vma_kind_name(mapper->kind)
						     : "?");
	}
	if (page->mapped_by_total.known && page->mapped_by_total.val > MAPPERS_MAX)
		print_reading(text, after_ns, "and %" PRIu64 " more mappings",
			      page->mapped_by_total.val - MAPPERS_MAX);
}

static void print_pinner(struct text *text, const struct lt_pin *page)
{
	if (page->has_pinner)
		text_wrapf(text, "    ", 6, "Pinned by %s[%" PRIu64 "].",
			   page->pinned_by.comm ? page->pinned_by.comm : "?",
			   page->pinned_by.pid.val);
}

/* What was found out about it while it was watched. */
static void print_seen(struct text *text, const struct lt_blocker *seen)
{
	print_state(text, seen);
	print_fate(text, seen);
	print_allocator(text, &seen->page, seen->asked_after_ns);
	print_file(text, &seen->page, seen->asked_after_ns);
	print_mappers(text, &seen->page, seen->asked_after_ns);
	print_pinner(text, &seen->page);
}

/* What became of it, by readings and requests that came later. */
static void print_now(struct text *text, const struct lt_cause_page *page)
{
	switch (page->state) {
	case LT_STATE_HELD_SINCE:
		text_wrap(text, "    ", 6, "It has been held since then.");
		break;
	case LT_STATE_HELD_NOW:
		text_wrap(text, "    ", 6, "It is held now; whether it was so then is not shown.");
		break;
	case LT_STATE_RELEASED:
		text_wrap(text, "    ", 6, "It has been released since.");
		break;
	case LT_STATE_REUSED:
		text_wrap(text, "    ", 6,
			  "It has been released since; who uses it now came later.");
		break;
	case LT_STATE_UNKNOWN:
		break;
	}
	if (page->by == LT_BY_NOBODY)
		return;
	text_wrapf(text, "    ", 6, "%s[%d] %s (%s).", page->comm ? page->comm : "?", page->pid,
		   lt_words_basis(page), lt_confidence_name(page->by_confidence));
}

void watch_print_page(struct text *text, const struct lt_cause_page *page,
		      const struct lt_blocker *seen)
{
	const char *class = seen ? lt_page_class_name(seen->page.class) : NULL;
	bool is_block = page->is_block && !lt_cause_page_has_hold(page);

	text_wrapf(text, "  ", 4, "%s %s%s%s%s blocked %u range%s.",
		   is_block ? "A page of the block at" : "Page", text_pfn_at(text, page->pfn).s,
		   class ? ", " : "", class ? class : "", class ? "," : "", page->nr_windows,
		   page->nr_windows == 1 ? "" : "s");
	if (seen && (seen->samples.nr || seen->asked_after_ns.known))
		print_seen(text, seen);
	else
		print_now(text, page);
}
