// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes pages that cannot move as JSON. */
#include "render/json/json.h"

void json_stack(struct lt_json *json, const char *key, const struct lt_stack *stack)
{
	if (!stack)
		return;
	lt_json_array(json, key);
	for (size_t i = 0; i < stack->nr; i++)
		lt_json_string(json, NULL, stack->frames[i]);
	lt_json_close(json);
}

static void put_allocated_by(struct lt_json *json, const struct lt_owner *owner)
{
	lt_json_object(json, "allocated_by");
	lt_json_num(json, "pid", owner->pid);
	lt_json_num(json, "tgid", owner->tgid);
	lt_json_string(json, "comm", owner->comm);
	lt_json_num(json, "ts_ns", owner->ts_ns);
	lt_when_write(json, "start_ns", owner->start);
	lt_json_string(json, "gfp", owner->gfp);
	lt_json_string(json, "migratetype", owner->migratetype);
	lt_json_bool(json, "migrated", owner->migrate_reason);
	lt_json_string(json, "migrate_reason", owner->migrate_reason);
	json_stack(json, "stack", owner->stack);
	lt_json_close(json);
}

static void put_mapped_by(struct lt_json *json, const struct lt_pin *pin)
{
	if (!pin->mapped_by.nr && !pin->mapped_by_total.known)
		return;
	lt_json_array(json, "mapped_by");
	lt_vec_each(mapper, &pin->mapped_by) {
		lt_json_object(json, NULL);
		lt_json_u64(json, "pid", (uint64_t)mapper->pid);
		lt_json_string(json, "comm", mapper->comm);
		lt_json_string(json, "vma", mapper->vma);
		lt_json_string(json, "vma_kind", lt_vma_kind_name(mapper->kind));
		lt_json_u64(json, "addr", mapper->addr);
		lt_when_write(json, "start_ns", mapper->start);
		lt_json_string(json, "waits_in", mapper->waits_in);
		lt_json_close(json);
	}
	lt_json_close(json);
	lt_json_num(json, "mapped_by_total", pin->mapped_by_total);
}

static void put_pinned_by(struct lt_json *json, const struct lt_pinner *pinner)
{
	lt_json_object(json, "pinned_by");
	lt_json_num(json, "pid", pinner->pid);
	lt_json_string(json, "comm", pinner->comm);
	lt_json_num(json, "ts_ns", pinner->ts_ns);
	lt_json_string(json, "function", pinner->function);
	if (pinner->longterm != LT_LONGTERM_UNKNOWN)
		lt_json_bool(json, "longterm", pinner->longterm == LT_LONGTERM_YES);
	lt_json_num(json, "nr_pages", pinner->nr_pages);
	lt_json_num(json, "read_after_ns", pinner->read_after_ns);
	json_stack(json, "stack", pinner->stack);
	lt_json_close(json);
}

static void put_file(struct lt_json *json, const struct lt_page_file *file)
{
	char dev[24];

	snprintf(dev, sizeof(dev), "%u:%u", lt_page_file_major(file), lt_page_file_minor(file));
	lt_json_object(json, "file");
	lt_json_bool(json, "is_block_device", file->is_block_device);
	lt_json_string(json, "fs", file->fs_type);
	lt_json_string(json, "device", file->device);
	lt_json_string(json, "dev", dev);
	lt_json_string(json, "mounted", file->mounted);
	lt_json_u64(json, "inode", file->inode);
	lt_json_num(json, "index", file->index);
	lt_json_string(json, "path", file->path);
	if (file->is_deleted)
		lt_json_bool(json, "is_deleted", true);
	if (file->nr_buffers.known) {
		lt_json_object(json, "buffers");
		lt_json_num(json, "nr", file->nr_buffers);
		lt_json_num(json, "nr_held", file->nr_held);
		lt_json_num(json, "nr_journal", lt_page_file_nr_journal(file));
		lt_json_close(json);
	}
	lt_json_close(json);
}

void json_pin(struct lt_json *json, const char *key, const struct lt_pin *pin,
	      const struct lt_cause_page *said, const struct lt_snapshot *snap)
{
	bool is_released = said ? said->state == LT_STATE_RELEASED : pin->has_passed;

	lt_json_object(json, key);
	lt_json_u64(json, "pfn", pin->pfn);
	lt_json_u64(json, "nr_pages", pin->nr_pages);
	lt_json_string(json, "kind", lt_pin_kind_name(pin->kind));
	lt_json_num(json, "pins", pin->pins);
	if (pin->pins.known)
		lt_json_bool(json, "pins_estimated", pin->pins_estimated);
	lt_json_num(json, "refcount", pin->refcount);
	lt_json_num(json, "mapcount", pin->mapcount);
	lt_json_string(json, "class", lt_page_class_name(pin->class));
	lt_json_bool(json, "is_blocker", pin->is_blocker);
	if (said)
		lt_json_string(json, "blocker_state", lt_hold_state_name(said->state));
	if (is_released)
		lt_json_bool(json, "is_released", true);
	lt_json_string(json, "area", json_area_name(snap, pin->area));
	lt_json_string(json, "zone", pin->zone);
	if (pin->has_owner)
		put_allocated_by(json, &pin->allocated_by);
	if (pin->file)
		put_file(json, pin->file);
	put_mapped_by(json, pin);
	if (pin->has_pinner)
		put_pinned_by(json, &pin->pinned_by);
	lt_json_close(json);
}
