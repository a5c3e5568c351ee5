// SPDX-License-Identifier: GPL-2.0-or-later
/* Makes a snapshot of the bytes of an input. */
#include "draw.h"

#include <stdlib.h>
#include <string.h>

#include "base/array_size.h"
#include "source/source.h"

#define FIRST_PFN 0x10000u

unsigned int draw_byte(struct draw *draw)
{
	if (!draw->len)
		return 0;
	draw->len--;
	return *draw->p++;
}

unsigned int draw_below(struct draw *draw, unsigned int limit)
{
	unsigned int value = draw_byte(draw);

	if (limit > 256)
		value = value << 8 | draw_byte(draw);
	return limit ? value % limit : 0;
}

static bool draw_bool(struct draw *draw)
{
	return draw_byte(draw) & 1;
}

struct lt_num draw_num(struct draw *draw)
{
	unsigned int how = draw_byte(draw);

	switch (how & 3) {
	case 0:
		return (struct lt_num){ 0 };
	case 1:
		return lt_num(how >> 2);
	case 2:
		return lt_num((uint64_t)draw_byte(draw) << (how >> 2 & 63));
	default:
		return lt_num(UINT64_MAX - (how >> 2));
	}
}

static const char *intern(struct draw *draw, const char *bytes, size_t len)
{
	const char *text = lt_strings_add(draw->snap->strings, bytes, len);

	if (!text)
		abort();
	return text;
}

const char *draw_name(struct draw *draw)
{
	static const char *const names[] = {
		"",
		"reserved",
		"camera-hal",
		"Movable",
		"CMA",
		"DMA32",
		"khugepaged",
		"</script><script>alert(1)</script>",
		"\" onload=\"x",
		"`code` ``` | *b* [a](b) <b> #1 @all org/repo#2",
		"\x1b[31mred\r\n\tname",
		"\xe2\x80\xaegnp.\xf0\x9f\x93\xb7\xc3\xa9\xff\xfe",
		"{\"a\":[1,\\\"b\"}",
		"cma_alloc+0x10/0x20 [ltpin]",
		"a name that is a good deal longer than any column of a table was made for, and goes on",
		"\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2",
	};
	unsigned int how = draw_byte(draw);
	size_t len = how & 31;
	const uint8_t *from = draw->p;

	if (how < 192)
		return intern(draw, names[how % ARRAY_SIZE(names)],
			      strlen(names[how % ARRAY_SIZE(names)]));
	len = len < draw->len ? len : draw->len;
	draw->p += len;
	draw->len -= len;
	return intern(draw, (const char *)from, len);
}

const char *draw_text(struct draw *draw)
{
	return draw_bool(draw) ? draw_name(draw) : NULL;
}

/* One more element, or the end. */
static void *push(void *element)
{
	if (!element)
		abort();
	return element;
}

static const struct lt_stack *draw_stack(struct draw *draw)
{
	const char *frames[6];
	size_t nr = draw_below(draw, ARRAY_SIZE(frames));
	const struct lt_stack *stack;

	if (!nr)
		return NULL;
	for (size_t i = 0; i < nr; i++)
		frames[i] = draw_name(draw);
	stack = lt_stacks_add(draw->snap->stacks, frames, nr);
	if (!stack)
		abort();
	return stack;
}

static struct lt_when draw_when(struct draw *draw)
{
	uint64_t from = draw_num(draw).val, to = from + draw_byte(draw);

	return draw_bool(draw) && to >= from ? lt_when_between(from, to) : (struct lt_when){ 0 };
}

/* In or near the areas. */
static uint64_t draw_pfn(struct draw *draw)
{
	return FIRST_PFN - 16 + draw_below(draw, 0x2000);
}

static struct lt_range draw_range(struct draw *draw)
{
	uint64_t start = draw_pfn(draw);

	return (struct lt_range){ start, start + 1 + draw_below(draw, 0x1000) };
}

static void draw_bitmap(struct draw *draw, const struct lt_area *area, struct lt_area_range *range)
{
	size_t nr_bits = (size_t)(lt_range_nr_pages(range->pfns) >> area->order_per_bit.val);
	uint32_t *words = calloc(nr_bits / 32 + 1, sizeof(*words));

	if (!words)
		abort();
	for (size_t bit = 0; bit < nr_bits; bit += 1 + draw_below(draw, 1024))
		words[bit / 32] ^= UINT32_C(0xffffffff) << bit % 32;
	if (nr_bits % 32)
		words[nr_bits / 32] &= (UINT32_C(1) << nr_bits % 32) - 1;
	range->bitmap = (struct lt_bitmap){ words, nr_bits };
}

static void draw_areas(struct draw *draw)
{
	for (unsigned int nr = draw_below(draw, 4); nr; nr--) {
		struct lt_area *area = push(lt_vec_push(&draw->snap->areas));
		bool has_bitmaps = draw_bool(draw);

		area->name = draw_text(draw);
		area->source = draw_name(draw);
		area->order_per_bit = lt_num(draw_below(draw, 10));
		for (unsigned int i = draw_below(draw, 3); i; i--) {
			struct lt_area_range *range = push(lt_vec_push(&area->ranges));

			range->pfns = draw_range(draw);
			if (has_bitmaps)
				draw_bitmap(draw, area, range);
		}
		area->nr_pages = draw_num(draw);
		area->nr_allocated = draw_num(draw);
		area->nr_free = draw_num(draw);
		area->nr_lent = draw_num(draw);
		area->nr_pinned = draw_num(draw);
		area->largest_free_run = draw_num(draw);
		area->counters.alloc_success = draw_num(draw);
		area->counters.alloc_fail = draw_num(draw);
		area->counters.release_success = draw_num(draw);
	}
}

static void draw_zones(struct draw *draw)
{
	for (unsigned int nr = draw_below(draw, 4); nr; nr--) {
		struct lt_zone *zone = push(
			lt_zones_get(&draw->snap->zones, draw_below(draw, 2), draw_name(draw)));

		zone->nr_free = draw_num(draw);
		zone->nr_managed = draw_num(draw);
		zone->nr_cma = draw_num(draw);
		zone->nr_free_cma = draw_num(draw);
		zone->nr_pinned = draw_num(draw);
		zone->watermark.min = draw_num(draw);
		zone->watermark.low = draw_num(draw);
		for (unsigned int i = draw_below(draw, 3); i; i--)
			*(struct lt_pcp *)push(lt_vec_push(&zone->pcp)) =
				(struct lt_pcp){ i, draw_num(draw), draw_num(draw),
						 draw_num(draw) };
		for (unsigned int i = draw_below(draw, 3); i; i--) {
			struct lt_migratetype *type = push(lt_zone_type(zone, draw_name(draw)));

			type->nr_pageblocks = draw_num(draw);
			type->nr_orders = draw_below(draw, LT_NR_ORDERS_MAX + 1);
			for (unsigned int order = 0; order < type->nr_orders; order++)
				type->nr_free[order] = draw_num(draw).val;
			type->at_least = draw_byte(draw);
		}
	}
}

static struct lt_folio draw_folio(struct draw *draw, uint64_t pfn)
{
	return (struct lt_folio){ .pfn = pfn,
				  .nr_pages = 1u << draw_below(draw, 5),
				  .refcount = (int32_t)draw_num(draw).val,
				  .mapcount = (int32_t)draw_num(draw).val,
				  .pins = (int32_t)draw_below(draw, 4) - 1,
				  .flags = draw_num(draw).val };
}

static void draw_folios(struct draw *draw)
{
	lt_vec_each(area, &draw->snap->areas) {
		lt_vec_each(range, &area->ranges) {
			uint64_t pfn = range->pfns.start_pfn;

			for (unsigned int nr = draw_below(draw, 8); nr; nr--) {
				struct lt_folio folio = draw_folio(draw, pfn);

				pfn += folio.nr_pages;
				if (pfn > range->pfns.end_pfn)
					break;
				*(struct lt_folio *)push(lt_vec_push(&draw->snap->folios)) = folio;
			}
		}
	}
}

static struct lt_owner draw_owner(struct draw *draw, uint64_t pfn)
{
	return (struct lt_owner){ .pfn = pfn,
				  .order = draw_below(draw, 11),
				  .pid = draw_num(draw),
				  .tgid = draw_num(draw),
				  .ts_ns = draw_num(draw),
				  .comm = draw_text(draw),
				  .gfp = draw_text(draw),
				  .migratetype = draw_text(draw),
				  .block_migratetype = draw_text(draw),
				  .migrate_reason = draw_text(draw),
				  .stack = draw_stack(draw),
				  .start = draw_when(draw) };
}

static void draw_mappers(struct draw *draw, struct lt_pin *pin)
{
	pin->mapped_by_total = draw_num(draw);
	for (unsigned int i = draw_below(draw, 4); i; i--) {
		struct lt_mapper *mapper = push(lt_vec_push(&pin->mapped_by));

		*mapper = (struct lt_mapper){ .pid = (int)draw_below(draw, 300),
					      .kind = (enum lt_vma_kind)draw_below(draw, 4),
					      .comm = draw_name(draw),
					      .vma = draw_name(draw),
					      .addr = draw_num(draw).val,
					      .start = draw_when(draw),
					      .waits_in = draw_text(draw) };
	}
}

static void draw_pin(struct draw *draw, struct lt_pin *pin)
{
	struct lt_folio folio = draw_folio(draw, draw_pfn(draw));

	lt_pin_set_folio(pin, &folio);
	pin->kind = (enum lt_pin_kind)draw_below(draw, LT_PIN_UNMOVABLE + 1);
	pin->class = (enum lt_page_class)draw_below(draw, LT_PAGE_OTHER + 1);
	pin->area = lt_areas_find_pfn(&draw->snap->areas, pin->pfn);
	pin->zone = draw_text(draw);
	pin->is_blocker = draw_bool(draw);
	pin->has_passed = draw_bool(draw);
	pin->has_owner = draw_bool(draw);
	if (pin->has_owner)
		pin->allocated_by = draw_owner(draw, pin->pfn);
	draw_mappers(draw, pin);
	pin->has_pinner = draw_bool(draw);
	if (pin->has_pinner)
		pin->pinned_by =
			(struct lt_pinner){ .pid = draw_num(draw),
					    .comm = draw_name(draw),
					    .ts_ns = draw_num(draw),
					    .stack = draw_stack(draw),
					    .function = draw_text(draw),
					    .longterm = (enum lt_longterm)draw_below(draw, 3),
					    .is_ours = draw_bool(draw),
					    .nr_pages = draw_num(draw) };
	pin->nr_pins_seen = draw_num(draw);
}

/* Sorted, and each page in one folio alone. */
static void draw_pins(struct draw *draw)
{
	struct lt_pins *pins = &draw->snap->pins;
	size_t kept = 0;

	for (unsigned int nr = draw_below(draw, 6); nr; nr--)
		draw_pin(draw, push(lt_vec_push(pins)));
	lt_pins_sort(pins);
	for (size_t i = 0; i < pins->nr; i++) {
		struct lt_pin *before = kept ? &pins->v[kept - 1] : NULL;

		if (before && before->pfn + before->nr_pages > pins->v[i].pfn) {
			lt_vec_free(&pins->v[i].mapped_by);
			continue;
		}
		pins->v[kept++] = pins->v[i];
	}
	pins->nr = kept;
}

static void draw_tries(struct draw *draw, struct lt_attempt *attempt)
{
	for (unsigned int i = draw_below(draw, 4); i; i--) {
		struct lt_try *tried = push(lt_vec_push(&attempt->tries));

		tried->pfns = draw_range(draw);
		tried->ok = draw_byte(draw) < 64;
		tried->stage = (enum lt_stage_of_try)draw_below(draw, LT_TRY_TEST + 1);
		tried->ts_ns = draw_num(draw);
		if (!tried->ok && draw_bool(draw))
			tried->blocker_pfn = lt_num(tried->pfns.start_pfn + draw_byte(draw));
		tried->blocker_refcount = draw_num(draw);
	}
}

static void draw_blockers(struct draw *draw, struct lt_attempt *attempt)
{
	struct lt_pfns pfns = { 0 };

	if (lt_attempt_blockers(attempt, &pfns))
		abort();
	lt_vec_each(pfn, &pfns) {
		struct lt_blocker *blocker;

		if (draw_bool(draw))
			continue;
		blocker = push(lt_vec_push(&attempt->blockers));
		blocker->pfn = *pfn;
		draw_pin(draw, &blocker->page);
		for (unsigned int i = draw_below(draw, 3); i; i--) {
			const struct lt_blocker_sample sample = { .after_ns = draw_num(draw),
								  .folio = draw_folio(draw, *pfn) };

			if (lt_blocker_add_sample(blocker, &sample))
				abort();
		}
		lt_blocker_evaluate(blocker);
		blocker->asked_after_ns = draw_num(draw);
	}
	lt_vec_free(&pfns);
}

static void draw_attempts(struct draw *draw)
{
	size_t nr_areas = draw->snap->areas.nr;

	for (unsigned int nr = draw_below(draw, 8); nr; nr--) {
		struct lt_attempt *attempt = push(lt_vec_push(&draw->snap->attempts));

		*attempt =
			(struct lt_attempt){ .ts_ns = draw_num(draw),
					     .source = (enum lt_attempt_source)draw_below(draw, 3),
					     .area_name = draw_text(draw),
					     .area = draw_below(draw, (unsigned int)nr_areas + 1),
					     .nr_pages = lt_num(1 + draw_num(draw).val % 0x100000),
					     .align = draw_num(draw),
					     .err = draw_num(draw),
					     .failed = draw_byte(draw) < 192,
					     .is_open = draw_byte(draw) < 16,
					     .has_all_tries = draw_bool(draw),
					     .latency_ns = draw_num(draw),
					     .nr_free = draw_num(draw),
					     .largest_free_run = draw_num(draw),
					     .nr_area = draw_num(draw),
					     .caller = draw_text(draw),
					     .fallback = draw_text(draw),
					     .stack = draw_stack(draw),
					     .count = 1 + draw_below(draw, 3) };
		if (attempt->area == nr_areas)
			attempt->area = LT_NO_AREA;
		if (attempt->err.known)
			attempt->err.val = attempt->err.val % 134 + attempt->failed;
		if (attempt->is_open)
			attempt->failed = false;
		draw_tries(draw, attempt);
		draw_blockers(draw, attempt);
	}
}

static void draw_ledger(struct draw *draw)
{
	struct lt_ledger *ledger = &draw->snap->ledger;

	for (unsigned int nr = draw_below(draw, 8); nr; nr--) {
		const struct lt_ledger_event event = { .pfns = draw_range(draw),
						       .ts_ns = draw_num(draw),
						       .area_name = draw_text(draw),
						       .caller = draw_text(draw),
						       .stack = draw_stack(draw) };
		unsigned int what = draw_below(draw, 8);

		ledger->has_releases = true;
		if (what == 0)
			lt_ledger_gap(ledger, event.ts_ns);
		else if (what < 3 ? lt_ledger_release(ledger, &event)
				  : lt_ledger_allocate(ledger, &event))
			abort();
	}
	if (lt_ledger_identify(ledger, &draw->snap->areas, draw->snap->strings))
		abort();
}

static void draw_holders(struct draw *draw)
{
	struct lt_snapshot *snap = draw->snap;

	for (unsigned int nr = draw_below(draw, 4); nr; nr--) {
		struct lt_holder *holder = push(lt_vec_push(&snap->holders));
		unsigned int area = draw_below(draw, (unsigned int)snap->areas.nr + 1);

		*holder = (struct lt_holder){ .kind = (enum lt_holder_kind)draw_below(draw, 2),
					      .name = draw_name(draw),
					      .nr_pages = draw_num(draw),
					      .nr_buffers = draw_num(draw),
					      .pid = draw_num(draw),
					      .comm = draw_text(draw),
					      .stack = draw_stack(draw),
					      .area = area < snap->areas.nr ? area : LT_NO_AREA };
		*(const char **)push(lt_vec_push(&holder->devices)) = draw_name(draw);
	}
	lt_holders_sort(&snap->holders);
}

static void draw_hints(struct draw *draw)
{
	for (unsigned int nr = draw_below(draw, 4); nr; nr--)
		*(struct lt_pin_hint *)push(lt_vec_push(&draw->snap->pin_hints)) =
			(struct lt_pin_hint){
				.kind = (enum lt_pin_hint_kind)draw_below(draw, LT_NR_PIN_HINTS),
				.pid = (int)draw_below(draw, 300),
				.comm = draw_text(draw),
				.nr_pages = draw_num(draw),
				.nr_buffers = draw_num(draw),
				.inode = draw_num(draw),
				.nr_bytes = draw_num(draw),
				.peer_pid = draw_num(draw),
				.peer_comm = draw_text(draw),
				.device = draw_name(draw),
				.driver = draw_text(draw),
			};
	lt_pin_hints_sort(&draw->snap->pin_hints);
	for (unsigned int nr = draw_below(draw, 4); nr; nr--)
		*(struct lt_process *)push(lt_vec_push(&draw->snap->processes)) =
			(struct lt_process){ (int)draw_below(draw, 300), draw_name(draw),
					     draw_num(draw).val };
}

static void draw_tracks(struct draw *draw)
{
	for (unsigned int nr = draw_below(draw, 3); nr; nr--)
		*(struct lt_page_track *)push(lt_vec_push(&draw->snap->tracks)) =
			(struct lt_page_track){ .event = (enum lt_track_event)draw_below(draw, 4),
						.source = draw_name(draw),
						.pfn = draw_pfn(draw),
						.ts_ns = draw_num(draw),
						.held_ns = draw_num(draw),
						.pid = draw_num(draw),
						.comm = draw_text(draw),
						.function = draw_text(draw),
						.when = draw_when(draw),
						.stack = draw_stack(draw) };
	for (unsigned int nr = draw_below(draw, 3); nr; nr--)
		*(struct lt_refusal *)push(lt_vec_push(&draw->snap->refusals)) =
			(struct lt_refusal){ draw_text(draw), draw_num(draw), draw_name(draw),
					     draw_bool(draw) };
}

/* Each there is, with any answer. */
static void draw_sources(struct draw *draw)
{
	for (size_t i = 0; lt_sources[i]; i++) {
		const struct lt_source *source = lt_sources[i];
		struct lt_source_state *state = push(lt_vec_push(&draw->snap->sources));

		*state = (struct lt_source_state){
			.name = source->name,
			.status = (enum lt_status)draw_below(draw, LT_STATUS_UNUSED + 1),
			.locates_areas = source->locates_areas,
			.has_page_states = source->has_page_states,
			.proves = source->proves,
		};
		if (state->status == LT_STATUS_OK)
			continue;
		state->detail = draw_text(draw);
		state->enable = draw_text(draw);
		if (state->status == LT_STATUS_PARTIAL)
			state->unread = draw_text(draw);
	}
	for (unsigned int nr = draw_below(draw, 3); nr; nr--)
		*(struct lt_record *)push(lt_vec_push(&draw->snap->records)) = (struct lt_record){
			.source = (enum lt_attempt_source)draw_below(draw, 3),
			.from_ns = draw_num(draw),
			.to_ns = draw_num(draw),
			.failures = draw_bool(draw),
			.successes = draw_bool(draw),
			.nr_lost = draw_num(draw),
		};
}

static void draw_system(struct draw *draw)
{
	struct lt_snapshot *snap = draw->snap;

	snap->taken_ns = draw_num(draw);
	snap->reader_uid = draw_num(draw);
	snap->machine = draw_text(draw);
	snap->captured_at = draw_text(draw);
	snap->origin.note = draw_text(draw);
	snap->kernel.release = draw_text(draw);
	snap->kernel.arch = draw_text(draw);
	snap->kernel.cmdline = draw_text(draw);
	if (draw_byte(draw) < 224)
		snap->kernel.page_size = lt_num(4096u << draw_below(draw, 5));
	snap->kernel.pageblock_order = lt_num(draw_below(draw, 14));
	for (unsigned int nr = draw_below(draw, 3); nr; nr--)
		*(struct lt_option *)push(lt_vec_push(&snap->kernel.options)) =
			(struct lt_option){ draw_name(draw), draw_name(draw) };
	snap->memory.cma_total_kib = draw_num(draw);
	snap->memory.cma_free_kib = draw_num(draw);
	snap->memory.mem_available_kib = draw_num(draw);
	snap->memory.nr_foll_pin_acquired = draw_num(draw);
	snap->memory.nr_foll_pin_released = draw_num(draw);
	snap->memory.cma_alloc_success = draw_num(draw);
	snap->memory.cma_alloc_fail = draw_num(draw);
	snap->log.nr_not_taken = draw_num(draw);
	snap->log.nr_boots = draw_num(draw);
	snap->log.boot = draw_num(draw);
	snap->nr_attempts_suppressed = draw_num(draw);
	snap->nr_attempts_left_out = draw_num(draw);
}

struct lt_snapshot *draw_snapshot(const uint8_t *data, size_t len)
{
	struct lt_snapshot *snap = calloc(1, sizeof(*snap));
	struct draw draw = { data, len, snap };

	if (!snap)
		abort();
	snap->strings = lt_strings_new();
	snap->stacks = lt_stacks_new();
	snap->options.last_stage = LT_STAGE_PROCESSES;
	if (!snap->strings || !snap->stacks)
		abort();
	draw_areas(&draw);
	draw_attempts(&draw);
	draw_pins(&draw);
	draw_folios(&draw);
	draw_system(&draw);
	draw_sources(&draw);
	draw_zones(&draw);
	draw_ledger(&draw);
	draw_holders(&draw);
	draw_hints(&draw);
	draw_tracks(&draw);
	return snap;
}
