// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Memory that the device tree reserves for CMA: the nodes below
 * /reserved-memory that the kernel makes areas of.
 *
 *	#address-cells, #size-cells	CELL
 *	NODE/compatible			{STRING NUL}, "shared-dma-pool" among them
 *	NODE/reusable			there; NODE/no-map must not be
 *	NODE/status			absent, "okay" or "ok"
 *	NODE/reg			{address size}, in so many cells
 *	NODE/size			the size alone: the kernel chooses the place
 *	NODE/linux,cma-default		there: the area of devices without their own
 *
 * CELL is 32 bits, big-endian. The area has the name of the node, with its unit
 * address. Only the first entry of "reg" counts; with cma= on the command line
 * the default node is bypassed (kernel/dma/contiguous.c of 5.10 and 6.12,
 * drivers/of/of_reserved_mem.c of 6.12). Fixture: v5.10-arm64-areas, where its
 * fixed areas are those of CMA debugfs; the rest by hand in the unit test.
 *
 * The tree says what the kernel was asked to do, not what it did: sources that
 * saw the areas themselves are trusted more, and a node that they contradict
 * is told of, not added.
 */
#include "source/tables/device_tree.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source/source.h"

#define TREE "/sys/firmware/devicetree/base/reserved-memory"
#define TREE_LINK "/proc/device-tree/reserved-memory"

/* A node that the kernel makes an area of. */
struct node {
	const char *name;
	struct lt_num base, size; /* bytes; base unknown where the kernel chooses */
};

LT_VEC_OF(nodes, struct node);

struct scan {
	struct lt_snapshot *snap;
	struct lt_diag *diag;
	const char *dir;
	struct nodes nodes;
	uint64_t nr_address, nr_size; /* cells */
	unsigned int nr_conflicts;
};

static int read_property(const struct scan *scan, const char *node, const char *name,
			 struct lt_buf *out)
{
	char path[512];
	int err;

	snprintf(path, sizeof(path), "%s/%s%s%s", scan->dir, node, *node ? "/" : "", name);
	err = lt_root_read(scan->snap->root, path, out);
	if (err && err != -ENOENT && err != -ENOTDIR)
		lt_diag_unread_file(scan->diag, path, err);
	return err;
}

static bool has_property(const struct scan *scan, const char *node, const char *name)
{
	struct lt_buf buf;

	if (read_property(scan, node, name, &buf))
		return false;
	free(buf.data);
	return true;
}

/* Whether @name of @node is a list with @string in it; @otherwise if there is no such property. */
static bool lists_string(const struct scan *scan, const char *node, const char *name,
			 const char *string, bool otherwise)
{
	struct lt_buf buf;
	bool has;

	if (read_property(scan, node, name, &buf))
		return otherwise;
	has = lt_device_tree_has_string(buf.data, buf.len, string);
	free(buf.data);
	return has;
}

static bool is_cma(const struct scan *scan, const char *node)
{
	return lists_string(scan, node, "compatible", "shared-dma-pool", false) &&
	       has_property(scan, node, "reusable") && !has_property(scan, node, "no-map") &&
	       (lists_string(scan, node, "status", "okay", true) ||
		lists_string(scan, node, "status", "ok", true));
}

/* Whether cma= is on the command line. */
static bool is_bypassed(const struct scan *scan, const char *node)
{
	const char *cmdline = scan->snap->kernel.cmdline;

	if (!cmdline || !has_property(scan, node, "linux,cma-default"))
		return false;
	for (const char *at = cmdline; (at = strstr(at, "cma=")); at++)
		if (at == cmdline || at[-1] == ' ')
			return true;
	return false;
}

/* The places and sizes that the node tells; failures are named in the diag. */
static void read_place(struct scan *scan, const char *name, struct node *out)
{
	struct lt_diag own = { 0 };
	struct lt_device_tree_cells cells = { .nr_size = scan->nr_size };
	uint64_t base = 0, size = 0;
	struct lt_buf buf;
	char path[512];
	bool has_reg = !read_property(scan, name, "reg", &buf);
	int ret;

	if (!has_reg && read_property(scan, name, "size", &buf))
		return;
	snprintf(path, sizeof(path), "%s/%s/%s", scan->dir, name, has_reg ? "reg" : "size");
	lt_diag_path(&own, path);
	cells.nr_address = has_reg ? scan->nr_address : 0;
	ret = lt_device_tree_parse_reg(buf.data, buf.len, cells, &base, &size, &own);
	free(buf.data);
	if (ret > 1)
		lt_diag_note(&own, "%d more regions of it are ignored, as the kernel does",
			     ret - 1);
	lt_diag_merge(scan->diag, &own);
	if (ret <= 0)
		return;
	out->size = lt_num(size);
	if (has_reg)
		out->base = lt_num(base);
}

static int add_node(const char *name, void *arg)
{
	struct scan *scan = arg;
	struct node node = { 0 }, *added;

	if (!is_cma(scan, name))
		return 0;
	if (is_bypassed(scan, name)) {
		lt_diag_note(scan->diag,
			     "the default node is bypassed: cma= is on the command line");
		return 0;
	}
	read_place(scan, name, &node);
	if (!node.size.known)
		return 0;
	if (scan->nodes.nr == LT_AREAS_MAX) {
		scan->diag->nr_skipped++;
		return 0;
	}
	node.name = lt_strings_add(scan->snap->strings, name, strlen(name));
	added = node.name ? lt_vec_push(&scan->nodes) : NULL;
	if (!added)
		return -ENOMEM;
	*added = node;
	return 0;
}

static int read_cells(struct scan *scan, const char *name, uint64_t *out)
{
	struct lt_diag own = { 0 };
	struct lt_buf buf;
	char path[256];
	int err = read_property(scan, "", name, &buf);

	if (err)
		return err;
	snprintf(path, sizeof(path), "%s/%s", scan->dir, name);
	lt_diag_path(&own, path);
	err = lt_device_tree_parse_cell(buf.data, buf.len, out, &own);
	free(buf.data);
	lt_diag_merge(scan->diag, &own);
	return err;
}

static void conflict(struct scan *scan, const struct node *node, const char *why, const char *who)
{
	scan->nr_conflicts++;
	lt_diag_set(scan->diag, "node %.60s: %s%s%s", node->name, why, who ? " " : "",
		    who ? who : "");
}

/* Pages of @node, as the areas count them. */
static struct lt_range pfns_of(const struct scan *scan, const struct node *node)
{
	uint64_t page_size = scan->snap->kernel.page_size.val;

	return (struct lt_range){ node->base.val / page_size,
				  (node->base.val + node->size.val) / page_size };
}

static bool is_memory(const struct lt_snapshot *snap, struct lt_range pfns)
{
	lt_vec_each(ram, &snap->memory.ram)
		if (pfns.start_pfn >= ram->start_pfn && pfns.end_pfn <= ram->end_pfn)
			return true;
	return !snap->memory.ram.nr;
}

static size_t find_overlapping(const struct lt_areas *areas, struct lt_range pfns)
{
	for (size_t i = 0; i < areas->nr; i++)
		lt_vec_each(range, &areas->v[i].ranges)
			if (lt_range_is_overlapping(range->pfns, pfns))
				return i;
	return LT_NO_AREA;
}

/* The area that is called as @node, in full or as 5.10's debugfs cuts it. */
static size_t find_named(const struct lt_areas *areas, const struct node *node)
{
	size_t found = lt_areas_find_name(areas, node->name);

	for (size_t i = 0; i < areas->nr && found == LT_NO_AREA; i++)
		if (areas->v[i].name && lt_area_name_is_cut(areas->v[i].name, node->name))
			found = i;
	return found;
}

/* The only area without a name, if it has the size of @node, and no other node has. */
static size_t find_unnamed(const struct scan *scan, const struct node *node, uint64_t nr_pages)
{
	const struct lt_areas *areas = &scan->snap->areas;
	size_t found = LT_NO_AREA;

	lt_vec_each(other, &scan->nodes)
		if (other != node && other->size.val == node->size.val)
			return LT_NO_AREA;
	for (size_t i = 0; i < areas->nr; i++) {
		if (areas->v[i].name)
			continue;
		if (found != LT_NO_AREA)
			return LT_NO_AREA;
		found = i;
	}
	return found != LT_NO_AREA && areas->v[found].nr_pages.known &&
			       areas->v[found].nr_pages.val == nr_pages
		       ? found
		       : LT_NO_AREA;
}

/* An area that another source located where @node lies. */
static void check_area(struct scan *scan, const struct node *node, struct lt_area *area,
		       struct lt_range pfns)
{
	if (area->ranges.nr != 1 || area->ranges.v[0].pfns.start_pfn != pfns.start_pfn ||
	    area->ranges.v[0].pfns.end_pfn != pfns.end_pfn)
		conflict(scan, node, "another place or size is reported by", area->source);
	else if (!area->name || lt_area_name_is_cut(area->name, node->name))
		area->name = node->name;
	else if (strcmp(area->name, node->name))
		conflict(scan, node, "its area has another name by", area->source);
}

/* Whether one more area of @nr_pages is what CmaTotal leaves room for; a place alone may be its. */
static bool has_room(const struct lt_snapshot *snap, uint64_t nr_pages)
{
	struct lt_num total_kib = snap->memory.cma_total_kib;
	uint64_t sum = nr_pages;

	lt_vec_each(area, &snap->areas)
		if (area->is_listed || area->name)
			sum += area->nr_pages.known ? area->nr_pages.val : 0;
	return !total_kib.known || sum <= total_kib.val / (snap->kernel.page_size.val / 1024);
}

static int add_area(struct scan *scan, const struct node *node, uint64_t nr_pages,
		    struct lt_area **out)
{
	if (!has_room(scan->snap, nr_pages)) {
		conflict(scan, node, "the kernel has no such area: CmaTotal leaves no room for it",
			 NULL);
		*out = NULL;
		return 0;
	}
	*out = lt_vec_push(&scan->snap->areas);
	if (!*out)
		return -ENOMEM;
	(*out)->name = node->name;
	(*out)->source = "device-tree";
	return 0;
}

/* An area at a place that no other source tells. */
static int locate(struct scan *scan, const struct node *node, struct lt_range pfns)
{
	const uint64_t nr_pages = lt_range_nr_pages(pfns);
	size_t i = find_named(&scan->snap->areas, node);
	struct lt_area *area = i == LT_NO_AREA ? NULL : &scan->snap->areas.v[i];
	struct lt_area_range *range;
	int err = 0;

	if (!is_memory(scan->snap, pfns)) {
		conflict(scan, node, "there is no memory by", "iomem");
		return 0;
	}
	if (area && (area->ranges.nr || (area->nr_pages.known && area->nr_pages.val != nr_pages))) {
		conflict(scan, node, "another place or size is reported by", area->source);
		return 0;
	}
	if (!area)
		err = add_area(scan, node, nr_pages, &area);
	if (err || !area)
		return err;
	range = lt_vec_push(&area->ranges);
	if (!range)
		return -ENOMEM;
	range->pfns = pfns;
	area->name = node->name;
	area->source = "device-tree";
	area->nr_pages = lt_num(nr_pages);
	return 0;
}

/* A node whose place the kernel chose: it gives a name and a size. */
static int join_unplaced(struct scan *scan, const struct node *node)
{
	const uint64_t nr_pages = node->size.val / scan->snap->kernel.page_size.val;
	size_t i = find_named(&scan->snap->areas, node);
	struct lt_area *area;
	int err = 0;

	if (i == LT_NO_AREA)
		i = find_unnamed(scan, node, nr_pages);
	area = i == LT_NO_AREA ? NULL : &scan->snap->areas.v[i];
	if (!area)
		err = add_area(scan, node, nr_pages, &area);
	if (err || !area)
		return err;
	area->name = node->name;
	if (!area->nr_pages.known)
		area->nr_pages = lt_num(nr_pages);
	else if (area->nr_pages.val != nr_pages)
		conflict(scan, node, "another size is reported by", area->source);
	return 0;
}

static int join_node(struct scan *scan, const struct node *node)
{
	struct lt_range pfns;
	size_t i;

	if (!node->base.known)
		return join_unplaced(scan, node);
	pfns = pfns_of(scan, node);
	if (!lt_range_nr_pages(pfns))
		return 0;
	i = find_overlapping(&scan->snap->areas, pfns);
	if (i == LT_NO_AREA)
		return locate(scan, node, pfns);
	check_area(scan, node, &scan->snap->areas.v[i], pfns);
	return 0;
}

static int join_nodes(struct scan *scan)
{
	const struct lt_num page_size = scan->snap->kernel.page_size;
	int err = 0;

	if (!scan->nodes.nr)
		return 0;
	if (!page_size.known || page_size.val < 1024) {
		lt_diag_set(scan->diag, "%zu areas not located: the page size is not known",
			    scan->nodes.nr);
		return 0;
	}
	lt_vec_each(node, &scan->nodes)
		err = err ? err : join_node(scan, node);
	if (scan->nr_conflicts > 1)
		lt_diag_note(scan->diag, "and %u more contradictions", scan->nr_conflicts - 1);
	return err;
}

static int read_device_tree(struct lt_snapshot *snap, struct lt_diag *diag)
{
	struct scan scan = { .snap = snap, .diag = diag, .dir = TREE };
	int err = read_cells(&scan, "#address-cells", &scan.nr_address);

	if (err == -ENOENT) {
		scan.dir = TREE_LINK;
		err = read_cells(&scan, "#address-cells", &scan.nr_address);
	}
	if (!err)
		err = read_cells(&scan, "#size-cells", &scan.nr_size);
	if (!err)
		err = lt_root_list(snap->root, scan.dir, add_node, &scan);
	if (!err)
		err = join_nodes(&scan);
	lt_vec_free(&scan.nodes);
	return err;
}

const struct lt_source lt_source_device_tree = {
	.name = "device-tree",
	.where = TREE,
	.proves = "what CMA areas the board asks for: names, sizes, and places that are fixed",
	.options = { "OF" },
	.also = "on a board whose device tree reserves memory",
	.stage = LT_STAGE_TABLES,
	.pace = LT_PACE_EVENT,
	.locates_areas = true,
	.read = read_device_tree,
};
