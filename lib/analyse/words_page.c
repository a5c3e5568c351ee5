// SPDX-License-Identifier: LGPL-2.1-or-later
/* One page that cannot, or did not, move, as evidence. */
#include "analyse/words_page.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/words.h"
#include "analyse/words_file.h"
#include "base/array_size.h"

const char *lt_words_released(const struct lt_cause_page *said)
{
	/* Who uses the page may have it since before. */
	return said->is_only_used ? "nothing holds it in place now" : "has been released since";
}

static const char *describe_blocking(struct lt_report *report, const struct lt_pin *pin,
				     const struct lt_cause_page *said, const char *blocked)
{
	const char *since = "";

	if (!said && !pin->is_blocker)
		return "";
	if (lt_cause_page_is_released(said))
		since = pin->class == LT_PAGE_BUDDY
				? ", and is free now"
				: lt_words(report, ", and %s", lt_words_released(said));
	else if (said && said->state == LT_STATE_HELD_NOW && !lt_cause_page_has_hold(said))
		since = ", and whether it was held like this then is not known";
	return lt_words(report, "; it blocked %s%s", blocked, since);
}

/* Who uses the page now has nothing to do with what it blocked: nobody is named beside that. */
static const char *describe_reused(struct lt_report *report, const struct lt_pin *pin,
				   const char *area, const char *blocked)
{
	return lt_words(report,
			"page 0x%" PRIx64
			" in %s blocked %s, and has been released since; who uses it "
			"now came later",
			pin->pfn, area, blocked);
}

/* It may wait for the input or output that holds the page. */
static const char *describe_wait(struct lt_report *report, const struct lt_mapper *mapper)
{
	if (!mapper->waits_in)
		return "";
	if (!strcmp(mapper->waits_in, "?"))
		return ", which waits in the kernel (state D)";
	return lt_words(report, ", which waits in the kernel (state D, in %s)", mapper->waits_in);
}

static const char *describe_mappers(struct lt_report *report, const struct lt_pin *pin)
{
	const struct lt_mapper *mapper = pin->mapped_by.v;

	if (!pin->mapped_by.nr && !pin->mapped_by_total.known)
		return "";
	if (!pin->mapped_by.nr)
		return ", mapped by no process";
	return lt_words(report, ", mapped by %s at 0x%" PRIx64 "%s%s%s%s%s",
			lt_words_process(report, mapper->comm, mapper->pid), mapper->addr,
			mapper->vma ? " (" : "", mapper->vma ? mapper->vma : "",
			mapper->vma ? ")" : "",
			pin->mapped_by_total.known && pin->mapped_by_total.val > 1
				? lt_words(report, " and %" PRIu64 " more mappings",
					   pin->mapped_by_total.val - 1)
				: "",
			describe_wait(report, mapper));
}

/* Whether the process that has the allocator's number now began later than the allocation. */
static bool is_earlier_process(const struct lt_pin *pin)
{
	const struct lt_owner *owner = &pin->allocated_by;

	lt_vec_each(mapper, &pin->mapped_by)
		if (owner->tgid.known && owner->tgid.val == (uint64_t)mapper->pid &&
		    lt_when_is_before(lt_when_at(owner->ts_ns), mapper->start))
			return true;
	return false;
}

static const char *describe_owner(struct lt_report *report, const struct lt_pin *pin)
{
	const struct lt_owner *owner = &pin->allocated_by;

	if (!pin->has_owner)
		return "";
	if (owner->comm && owner->pid.known)
		return lt_words(report, ", allocated by %s%s%s",
				is_earlier_process(pin) ? "an earlier process " : "",
				lt_words_process(report, owner->comm, (int)owner->pid.val),
				owner->tgid.known && owner->tgid.val != owner->pid.val
					? lt_words(report, ", a thread of process %" PRIu64,
						   owner->tgid.val)
					: "");
	return owner->gfp ? lt_words(report, ", allocated with %s", owner->gfp) : "";
}

/* What an allocation is for, by a function in its stack. */
static const struct {
	const char *function, *use;
} uses[] = {
	{ "anon_pipe_write", "a pipe's buffer" },
	{ "pipe_write", "a pipe's buffer" },
	{ "grow_dev_page", "a block device's buffer" },
	{ "grow_dev_folio", "a block device's buffer" },
	{ "bdev_getblk", "a block device's buffer" },
	{ "__getblk_gfp", "a block device's buffer" },
	{ "sock_alloc_send_pskb", "a socket's buffer" },
	{ "skb_page_frag_refill", "a socket's buffer" },
};

static const char *use_of_frame(const char *frame)
{
	for (size_t i = 0; i < ARRAY_SIZE(uses); i++) {
		size_t len = strlen(uses[i].function);

		if (!strncmp(frame, uses[i].function, len) &&
		    (frame[len] == '+' || frame[len] == '.'))
			return uses[i].use;
	}
	return NULL;
}

/* What holds it may be what it was allocated for. */
static const char *describe_use(struct lt_report *report, const struct lt_pin *pin)
{
	const struct lt_stack *stack = pin->has_owner ? pin->allocated_by.stack : NULL;

	for (size_t i = 0; stack && i < stack->nr; i++)
		if (use_of_frame(stack->frames[i]))
			return lt_words(report, ", allocated as %s",
					use_of_frame(stack->frames[i]));
	return "";
}

/* What says that it was pinned once, and nothing of now. */
static const char *describe_past(const struct lt_pin *pin)
{
	const char *reason = pin->has_owner ? pin->allocated_by.migrate_reason : NULL;

	return reason && !strcmp(reason, "longterm_pin")
		       ? ", moved for a long-term pin once (a hint)"
		       : "";
}

static const char *describe_pinner(struct lt_report *report, const struct lt_pin *pin)
{
	const struct lt_pinner *pinner = &pin->pinned_by;

	if (!pin->has_pinner)
		return "";
	return lt_words(report, ", pinned by %s%s%s%s",
			lt_words_process(report, pinner->comm, (int)pinner->pid.val),
			pinner->function ? " through " : "",
			pinner->function ? pinner->function : "",
			pinner->longterm == LT_LONGTERM_YES  ? " with FOLL_LONGTERM"
			: pinner->longterm == LT_LONGTERM_NO ? " without FOLL_LONGTERM"
							     : "");
}

static const char *describe_counts(struct lt_report *report, const struct lt_pin *pin)
{
	const char *counts = "";

	if (pin->pins.known && pin->kind == LT_PIN_PINNED)
		counts = lt_words(report, ": %s%" PRIu64 " pin%s",
				  pin->pins_estimated ? "about " : "", pin->pins.val,
				  pin->pins.val == 1 ? "" : "s");
	if (pin->refcount.known && pin->mapcount.known)
		counts = lt_words(report, "%s%s %" PRIu64 " reference%s", counts,
				  counts[0] ? "," : ":", pin->refcount.val,
				  pin->refcount.val == 1 ? "" : "s");
	if (pin->mapcount.known)
		counts = lt_words(report, "%s%s %" PRIu64 " mapping%s", counts,
				  counts[0] ? "," : ":", pin->mapcount.val,
				  pin->mapcount.val == 1 ? "" : "s");
	return counts;
}

static const char *describe_class(struct lt_report *report, const struct lt_pin *pin)
{
	const char *class = lt_page_class_name(pin->class);

	return class ? lt_words(report, " (%s)", class) : "";
}

/* Whose page it is. Who holds it is another question. */
static const char *describe_file(struct lt_report *report, const struct lt_pin *pin)
{
	char *words = pin->file ? lt_words_file(pin->file) : NULL;
	const char *file = "";

	if (words)
		file = lt_words(report, ", %s", words);
	else if (pin->file)
		report->out_of_memory = true;
	free(words);
	return file;
}

static const char *describe(struct lt_report *report, const struct lt_pin *pin, const char *area,
			    const char *blocking)
{
	return lt_words(report, "page 0x%" PRIx64 " in %s%s%s%s%s%s%s%s%s%s", pin->pfn, area,
			describe_class(report, pin), describe_counts(report, pin),
			describe_file(report, pin), describe_mappers(report, pin),
			describe_owner(report, pin), describe_use(report, pin), describe_past(pin),
			describe_pinner(report, pin), blocking);
}

static bool is_any_of_block(const struct lt_cause_page *said)
{
	return said && said->is_block && !lt_cause_page_has_hold(said);
}

/* Nobody knows which page of the block it was: what is known of its first is not of that. */
static const char *describe_block(struct lt_report *report, uint64_t pfn, const char *area,
				  const char *blocked)
{
	return lt_words(report, "a page of the block at 0x%" PRIx64 " in %s blocked %s", pfn, area,
			blocked);
}

const char *lt_words_blocker(struct lt_report *report, const struct lt_pin *pin,
			     const struct lt_cause_page *said, const struct lt_failure *failure,
			     const char *blocked)
{
	/* Where no area is located, the failure has the name. */
	const char *area = pin->area == LT_NO_AREA
				   ? lt_words_area(report, failure->area, failure->area_name)
				   : lt_words_area(report, pin->area, NULL);

	if (is_any_of_block(said))
		return describe_block(report, said->pfn, area, blocked);
	if (said && said->state == LT_STATE_REUSED)
		return describe_reused(report, pin, area, blocked);
	return describe(report, pin, area, describe_blocking(report, pin, said, blocked));
}

const char *lt_words_page(struct lt_report *report, const struct lt_pin *pin)
{
	const struct lt_cause_page *said =
		lt_blocking_pages_find(&report->blocking, report->snap, pin);
	const char *area = lt_words_area(report, pin->area, NULL);

	if (is_any_of_block(said))
		return describe(report, pin, area,
				"; it, or another page of its block, blocked an allocation");
	if (said && said->state == LT_STATE_REUSED)
		return describe(report, pin, area, "; before this use it blocked an allocation");
	return describe(report, pin, area, describe_blocking(report, pin, said, "an allocation"));
}

const char *lt_words_basis(const struct lt_cause_page *said)
{
	static const char *const mapping[] = {
		[LT_ORDER_UNKNOWN] = "maps it now; since when is not known",
		[LT_ORDER_BEFORE] = "maps it now",
		[LT_ORDER_AFTER] = "maps it now, and began later",
	};

	switch (said->by) {
	case LT_BY_PINNING:
		return said->by_confidence >= LT_LIKELY
			       ? "pinned it and probably holds it"
			       : "pinned it; whether that was before is not known";
	case LT_BY_ALLOCATION:
		return "maps it and probably holds it";
	case LT_BY_BUFFER:
		return "has a udmabuf now, which may hold it";
	case LT_BY_MAPPING:
		return mapping[said->began];
	case LT_BY_NOBODY:
		break;
	}
	return "";
}
