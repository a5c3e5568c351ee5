// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes what every JSON document begins with, and the nouns that several of them have. */
#include "render/json/json.h"

void json_begin(struct lt_json *json, const char *schema, const struct lt_snapshot *snap)
{
	lt_json_object(json, NULL);
	lt_json_string(json, "schema", schema);
	lt_json_string(json, "ltpin_version", PACKAGE_VERSION);
	lt_json_string(json, "boot_id", snap ? snap->boot_id : NULL);
}

struct lt_json *json_document(FILE *out, const char *schema, const struct lt_snapshot *snap)
{
	struct lt_json *json = lt_json_new(out);

	if (json)
		json_begin(json, schema, snap);
	return json;
}

void json_ranges(struct lt_json *json, const char *key, const struct lt_ranges *ranges)
{
	lt_json_array(json, key);
	lt_vec_each(range, ranges) {
		lt_json_object(json, NULL);
		lt_json_u64(json, "start_pfn", range->start_pfn);
		lt_json_u64(json, "end_pfn", range->end_pfn);
		lt_json_close(json);
	}
	lt_json_close(json);
}

void json_kernel(struct lt_json *json, const char *key, const struct lt_kernel *kernel)
{
	lt_json_object(json, key);
	lt_json_string(json, "release", kernel->release);
	lt_json_string(json, "arch", kernel->arch);
	lt_json_num(json, "page_size", kernel->page_size);
	lt_json_num(json, "pageblock_order", kernel->pageblock_order);
	lt_json_string(json, "cmdline", kernel->cmdline);
	if (kernel->options.nr) {
		lt_json_object(json, "options");
		lt_vec_each(option, &kernel->options)
			lt_json_string(json, option->name, option->value);
		lt_json_close(json);
	}
	lt_json_close(json);
}

void json_memory(struct lt_json *json, const char *key, const struct lt_memory *memory)
{
	lt_json_object(json, key);
	lt_json_num(json, "mem_total_kib", memory->mem_total_kib);
	lt_json_num(json, "mem_available_kib", memory->mem_available_kib);
	lt_json_num(json, "cma_total_kib", memory->cma_total_kib);
	lt_json_num(json, "cma_free_kib", memory->cma_free_kib);
	lt_json_num(json, "nr_free_cma", memory->nr_free_cma);
	lt_json_num(json, "nr_foll_pin_acquired", memory->nr_foll_pin_acquired);
	lt_json_num(json, "nr_foll_pin_released", memory->nr_foll_pin_released);
	lt_json_num(json, "cma_alloc_success", memory->cma_alloc_success);
	lt_json_num(json, "cma_alloc_fail", memory->cma_alloc_fail);
	if (memory->ram.nr) {
		json_ranges(json, "ram", &memory->ram);
		json_ranges(json, "reserved", &memory->reserved);
	}
	lt_json_close(json);
}

static void put_pcp(struct lt_json *json, const struct lt_pcps *pcps)
{
	if (!pcps->nr)
		return;
	lt_json_array(json, "pcp");
	lt_vec_each(pcp, pcps) {
		lt_json_object(json, NULL);
		lt_json_u64(json, "cpu", pcp->cpu);
		lt_json_num(json, "count", pcp->count);
		lt_json_num(json, "high", pcp->high);
		lt_json_num(json, "batch", pcp->batch);
		lt_json_close(json);
	}
	lt_json_close(json);
}

static void put_free(struct lt_json *json, const struct lt_migratetypes *types)
{
	bool is_capped = false;

	lt_json_object(json, "free");
	lt_vec_each(type, types) {
		if (!type->nr_orders)
			continue;
		is_capped |= type->at_least != 0;
		lt_json_array(json, type->name);
		for (unsigned int order = 0; order < type->nr_orders; order++)
			lt_json_u64(json, NULL, type->nr_free[order]);
		lt_json_close(json);
	}
	lt_json_close(json);
	if (!is_capped)
		return;
	lt_json_object(json, "free_at_least");
	lt_vec_each(type, types) {
		if (!type->at_least)
			continue;
		lt_json_array(json, type->name);
		for (unsigned int order = 0; order < type->nr_orders; order++)
			if (type->at_least >> order & 1)
				lt_json_u64(json, NULL, order);
		lt_json_close(json);
	}
	lt_json_close(json);
}

static void json_zone(struct lt_json *json, const char *key, const struct lt_zone *zone)
{
	lt_json_object(json, key);
	lt_json_u64(json, "node", zone->node);
	lt_json_string(json, "name", zone->name);
	lt_json_num(json, "start_pfn", zone->start_pfn);
	lt_json_num(json, "nr_free", zone->nr_free);
	lt_json_num(json, "nr_managed", zone->nr_managed);
	lt_json_num(json, "nr_cma", zone->nr_cma);
	lt_json_num(json, "nr_free_cma", zone->nr_free_cma);
	lt_json_num(json, "nr_pinned", zone->nr_pinned);
	lt_json_num(json, "first_pinned_pfn", zone->first_pinned_pfn);
	if (zone->watermark.min.known) {
		lt_json_object(json, "watermark");
		lt_json_num(json, "min", zone->watermark.min);
		lt_json_num(json, "low", zone->watermark.low);
		lt_json_num(json, "high", zone->watermark.high);
		lt_json_close(json);
	}
	put_pcp(json, &zone->pcp);
	if (zone->types.nr) {
		lt_json_object(json, "pageblocks");
		lt_vec_each(type, &zone->types)
			lt_json_num(json, type->name, type->nr_pageblocks);
		lt_json_close(json);
		put_free(json, &zone->types);
	}
	if (zone->free_blocks.nr_orders) {
		lt_json_array(json, "free_blocks");
		for (unsigned int order = 0; order < zone->free_blocks.nr_orders; order++)
			lt_json_u64(json, NULL, zone->free_blocks.nr[order]);
		lt_json_close(json);
	}
	lt_json_close(json);
}

static void json_area(struct lt_json *json, const char *key, const struct lt_area *area)
{
	lt_json_object(json, key);
	lt_json_string(json, "name", area->name);
	lt_json_num(json, "nr_pages", area->nr_pages);
	if (area->ranges.nr) {
		lt_json_array(json, "ranges");
		lt_vec_each(range, &area->ranges) {
			lt_json_object(json, NULL);
			lt_json_u64(json, "base_pfn", range->pfns.start_pfn);
			lt_json_u64(json, "nr_pages", lt_range_nr_pages(range->pfns));
			lt_json_close(json);
		}
		lt_json_close(json);
	}
	lt_json_num(json, "order_per_bit", area->order_per_bit);
	lt_json_num(json, "nr_allocated", area->nr_allocated);
	lt_json_num(json, "nr_free", area->nr_free);
	lt_json_num(json, "nr_lent", area->nr_lent);
	lt_json_num(json, "nr_pinned", area->nr_pinned);
	lt_json_num(json, "largest_free_run", area->largest_free_run);
	if (area->counters.alloc_success.known || area->counters.alloc_fail.known) {
		lt_json_object(json, "counters");
		lt_json_num(json, "alloc_success", area->counters.alloc_success);
		lt_json_num(json, "alloc_fail", area->counters.alloc_fail);
		lt_json_num(json, "alloc_fail_pages", area->counters.alloc_fail);
		lt_json_num(json, "release_success", area->counters.release_success);
		lt_json_close(json);
	}
	lt_json_string(json, "source", area->source);
	lt_json_close(json);
}

const char *json_area_name(const struct lt_snapshot *snap, size_t area)
{
	return snap && area < snap->areas.nr ? snap->areas.v[area].name : NULL;
}

static void json_source(struct lt_json *json, const char *key, const struct lt_source_state *source)
{
	lt_json_object(json, key);
	lt_json_string(json, "name", source->name);
	lt_json_string(json, "status", lt_status_name(source->status));
	lt_json_string(json, "detail", source->detail);
	lt_json_string(json, "unread", source->unread);
	lt_json_string(json, "proves", source->proves);
	lt_json_string(json, "enable", source->enable);
	lt_json_close(json);
}

void json_finding(struct lt_json *json, const char *key, const struct lt_finding *finding)
{
	lt_json_object(json, key);
	lt_json_string(json, "id", finding->rule->id);
	lt_json_string(json, "severity", lt_severity_name(finding->severity));
	lt_json_string(json, "confidence", lt_confidence_name(finding->confidence));
	lt_json_string(json, "title", finding->rule->title);
	lt_json_string(json, "text", finding->text);
	lt_json_string(json, "advice", finding->advice);
	lt_json_string(json, "confirm", finding->confirm);
	lt_json_array(json, "evidence");
	lt_vec_each(statement, &finding->evidence)
		lt_json_string(json, NULL, *statement);
	lt_json_close(json);
	lt_json_close(json);
}

/* Whether source @name answered, so that an empty array means none. */
static bool has_answered(const struct lt_snapshot *snap, const char *name)
{
	const struct lt_source_state *source = lt_snapshot_source(snap, name);

	return source && lt_source_state_is_answer(source);
}

void json_areas(struct lt_json *json, const struct lt_snapshot *snap)
{
	const struct lt_num total = snap->memory.cma_total_kib;

	if (!snap->areas.nr && !has_answered(snap, "cma-debugfs") && !(total.known && !total.val))
		return;
	lt_json_array(json, "areas");
	lt_vec_each(area, &snap->areas)
		json_area(json, NULL, area);
	lt_json_close(json);
}

void json_zones(struct lt_json *json, const struct lt_snapshot *snap)
{
	if (!snap->zones.nr)
		return;
	lt_json_array(json, "zones");
	lt_vec_each(zone, &snap->zones)
		json_zone(json, NULL, zone);
	lt_json_close(json);
}

static bool has_page_states(const struct lt_snapshot *snap)
{
	lt_vec_each(state, &snap->sources)
		if (state->has_page_states && lt_source_state_is_answer(state))
			return true;
	return false;
}

void json_pins(struct lt_json *json, const struct lt_snapshot *snap,
	       const struct lt_blocking_pages *blocking)
{
	if (!snap->pins.nr && !has_page_states(snap))
		return;
	lt_json_array(json, "pins");
	lt_vec_each(pin, &snap->pins)
		json_pin(json, NULL, pin, lt_blocking_pages_find(blocking, snap, pin), snap);
	lt_json_close(json);
}

void json_pin_hints(struct lt_json *json, const struct lt_snapshot *snap)
{
	if (!snap->pin_hints.nr && !has_answered(snap, "process-pins"))
		return;
	lt_json_array(json, "pin_hints");
	lt_vec_each(hint, &snap->pin_hints)
		json_pin_hint(json, NULL, hint);
	lt_json_close(json);
}

/* Only allocation stacks and dma-bufs together could tell that nobody holds anything. */
void json_holders(struct lt_json *json, const struct lt_snapshot *snap)
{
	if (!snap->holders.nr &&
	    !(has_answered(snap, "page-owner") && has_answered(snap, "dma-buf")))
		return;
	lt_json_array(json, "holders");
	lt_vec_each(holder, &snap->holders)
		json_holder(json, NULL, holder, snap);
	lt_json_close(json);
}

void json_attempts(struct lt_json *json, const struct lt_report *report)
{
	const struct lt_snapshot *snap = report->snap;

	if (!snap->attempts.nr && !has_answered(snap, "trace") && !has_answered(snap, "klog") &&
	    !has_answered(snap, "attempts"))
		return;
	lt_json_array(json, "attempts");
	lt_vec_each(attempt, &snap->attempts)
		json_attempt(json, NULL, attempt, snap,
			     &report->causes.v[attempt - snap->attempts.v], report);
	lt_json_close(json);
}

void json_sources(struct lt_json *json, const struct lt_snapshot *snap)
{
	lt_json_array(json, "sources");
	lt_vec_each(source, &snap->sources)
		json_source(json, NULL, source);
	lt_json_close(json);
}
