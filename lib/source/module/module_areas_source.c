// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Source "module-areas": the CMA areas as the helper module finds them in the
 * kernel, for kernels without CMA debugfs. Names, places and sizes are the
 * kernel's own; bitmaps it does not tell. Arrays of its answer in a capture
 * (answer.h):
 *
 *	areas	name, nr_pages
 *	ranges	area (its index in "areas"), base_pfn, nr_pages
 */
#include "source/module/module_areas.h"

#include <errno.h>
#include <string.h>

#include "base/escape.h"
#include "source/answer.h"
#include "source/source.h"

#define SOURCE "module-areas"
#define NAME_MAX_ESCAPED (4 * sizeof(((struct lt_module_area *)NULL)->name) + 1)

/* Of a capture: kept while it is made, and taken from there. */

static void keep(const struct lt_root *root, const struct lt_module_areas *areas, int err,
		 const struct lt_diag *diag)
{
	struct lt_json *json = lt_answer_begin(root, SOURCE);
	char name[NAME_MAX_ESCAPED];

	if (!json)
		return;
	lt_json_array(json, "areas");
	lt_vec_each(area, areas) {
		lt_escape(area->name, strlen(area->name), name, sizeof(name));
		lt_json_object(json, NULL);
		lt_json_string(json, "name", name);
		lt_json_u64(json, "nr_pages", area->nr_pages);
		lt_json_close(json);
	}
	lt_json_close(json);
	lt_json_array(json, "ranges");
	lt_vec_each(area, areas) {
		lt_vec_each(range, &area->ranges) {
			lt_json_object(json, NULL);
			lt_json_u64(json, "area", (uint64_t)(area - areas->v));
			lt_json_u64(json, "base_pfn", range->start_pfn);
			lt_json_u64(json, "nr_pages", lt_range_nr_pages(*range));
			lt_json_close(json);
		}
	}
	lt_json_close(json);
	lt_answer_end(root, json, err, diag);
}

struct replay {
	struct lt_module_areas areas;
	struct lt_diag *diag;
};

static int parse_area(struct replay *replay, const struct lt_json_value *record)
{
	struct lt_module_areas *areas = &replay->areas;
	const char *name = lt_json_get_string(record, "name");
	struct lt_num nr_pages = lt_json_get_num(record, "nr_pages");
	char bytes[NAME_MAX_ESCAPED];
	struct lt_module_area *area;
	size_t len;

	if (!name || strlen(name) >= sizeof(bytes) || !nr_pages.known)
		return -EBADMSG;
	if (areas->nr == LT_AREAS_MAX) {
		replay->diag->nr_skipped++;
		return 0;
	}
	area = lt_vec_push(areas);
	if (!area)
		return -ENOMEM;
	area->nr_pages = nr_pages.val;
	len = lt_unescape(name, bytes);
	if (len >= sizeof(area->name))
		len = sizeof(area->name) - 1;
	memcpy(area->name, bytes, len); /* the rest is 0 */
	return 0;
}

static int parse_range(struct replay *replay, const struct lt_json_value *record)
{
	struct lt_module_areas *areas = &replay->areas;
	struct lt_num area = lt_json_get_num(record, "area");
	struct lt_num base = lt_json_get_num(record, "base_pfn");
	struct lt_num nr = lt_json_get_num(record, "nr_pages");
	struct lt_range *range;

	if (!area.known || !base.known || !nr.known || !nr.val || base.val > UINT64_MAX / 2 ||
	    nr.val > UINT64_MAX / 2 || (area.val >= areas->nr && areas->nr < LT_AREAS_MAX))
		return -EBADMSG;
	if (area.val >= areas->nr || areas->v[area.val].ranges.nr == LT_AREA_RANGES_MAX) {
		replay->diag->nr_skipped++;
		return 0;
	}
	range = lt_vec_push(&areas->v[area.val].ranges);
	if (!range)
		return -ENOMEM;
	*range = (struct lt_range){ base.val, base.val + nr.val };
	return 0;
}

static int parse_record(const char *key, const struct lt_json_value *record, void *arg)
{
	if (!strcmp(key, "areas"))
		return parse_area(arg, record);
	if (!strcmp(key, "ranges"))
		return parse_range(arg, record);
	return 0;
}

/* Not loaded, or not able to: no failure of something that is there. */
static int ask_live(struct lt_module_areas *out, struct lt_diag *diag)
{
	int err = lt_module_areas(out, diag);

	return err == -EOPNOTSUPP ? -ENOENT : err;
}

static bool is_known_from_debugfs(const struct lt_snapshot *snap)
{
	const struct lt_source_state *debugfs = lt_snapshot_source(snap, "cma-debugfs");

	return debugfs && debugfs->status == LT_STATUS_OK;
}

static int read_module_areas(struct lt_snapshot *snap, struct lt_diag *diag)
{
	struct replay replay = { .diag = diag };
	struct lt_module_areas *areas = &replay.areas;
	struct lt_answer_sink sink = {
		.strings = snap->strings,
		.each = parse_record,
		.arg = &replay,
	};
	int err;

	if (lt_root_is_live(snap->root)) {
		err = ask_live(areas, diag);
		keep(snap->root, areas, err, diag);
	} else {
		err = lt_answer_read(snap->root, SOURCE, &sink, diag);
	}
	if (!err)
		err = lt_module_areas_join(areas, &snap->areas, snap->strings, diag);
	lt_module_areas_free(areas);
	if (err == -ENOENT && is_known_from_debugfs(snap)) {
		lt_diag_set(diag, "not needed: CMA debugfs has it");
		err = -ENODATA;
	}
	return err;
}

const struct lt_source lt_source_module_areas = {
	.name = SOURCE,
	.where = "generic netlink family ltpin",
	.proves = "CMA areas: name, place and size, where CMA debugfs is missing",
	.options = { "MODULES", "KPROBES" },
	.also = "ltpin module load",
	.stage = LT_STAGE_TABLES,
	.pace = LT_PACE_ALWAYS,
	.locates_areas = true,
	.read = read_module_areas,
};
