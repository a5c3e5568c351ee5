// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/source/tables/device_tree.c. */
#include "tree.h"

#include "source/tables/device_tree.h"
#include "source/read/read.h"
#include "source/source.h"

#define TREE "sys/firmware/devicetree/base/reserved-memory/"

static void put(const char *node, const char *name, const void *bytes, size_t len)
{
	char path[256];

	snprintf(path, sizeof(path), TREE "%s%s%s", node, *node ? "/" : "", name);
	tree_write(path, bytes, len);
}

static void put_cells(const char *node, const char *name, const uint32_t *cells, size_t nr)
{
	unsigned char bytes[64];

	for (size_t i = 0; i < nr; i++)
		for (size_t b = 0; b < 4; b++)
			bytes[i * 4 + b] = (unsigned char)(cells[i] >> (24 - 8 * b));
	put(node, name, bytes, nr * 4);
}

/* One CMA node; a base of 0 leaves the place to the kernel. */
static void put_node(const char *node, uint32_t base, uint32_t size)
{
	const uint32_t reg[] = { 0, base, 0, size }, alone[] = { 0, size };

	put_cells("", "#address-cells", (const uint32_t[]){ 2 }, 1);
	put_cells("", "#size-cells", (const uint32_t[]){ 2 }, 1);
	put(node, "compatible", "vendor,pool\0shared-dma-pool", 28);
	put(node, "reusable", "", 0);
	if (base)
		put_cells(node, "reg", reg, 4);
	else
		put_cells(node, "size", alone, 2);
}

static struct lt_snapshot snapshot(void)
{
	struct lt_snapshot snap = tree_snapshot(tree_dir);

	snap.kernel.page_size = lt_num(4096);
	return snap;
}

static int read_source(struct lt_snapshot *snap, struct lt_diag *diag)
{
	*diag = (struct lt_diag){ 0 };
	return lt_source_device_tree.read(snap, diag);
}

static void done(struct lt_snapshot *snap)
{
	lt_areas_free(&snap->areas);
	tree_done(snap);
}

/* Tells the page size. */
static const char meta[] = "{\"schema\": \"ltpin.meta/1\", \"kernel\": {\"page_size\": 4096}, "
			   "\"files\": []}\n";

static struct lt_area *add_area(struct lt_snapshot *snap, const char *name, uint64_t pfn,
				uint64_t nr_pages)
{
	struct lt_area *area = lt_vec_push(&snap->areas);

	area->name = name;
	area->source = "klog";
	area->nr_pages = lt_num(nr_pages);
	if (pfn)
		lt_vec_push(&area->ranges)->pfns = (struct lt_range){ pfn, pfn + nr_pages };
	return area;
}

static void properties(void **state)
{
	const struct lt_device_tree_cells two = { 2, 2 }, one = { 1, 1 }, size_only = { 0, 2 };
	static const char reg[] = "\0\0\0\1\x80\0\0\0\0\0\0\0\4\0\0\0";
	uint64_t base = 7, size = 7, cell = 7;
	struct lt_diag diag = { 0 };

	(void)state;
	assert_true(lt_device_tree_has_string("a\0bc\0", 5, "bc"));
	assert_false(lt_device_tree_has_string("a\0bc", 4, "bc"));
	assert_false(lt_device_tree_has_string("abc\0", 4, "bc"));
	assert_false(lt_device_tree_has_string("", 0, ""));
	assert_int_equal(lt_device_tree_parse_cell("\0\0\1\2", 4, &cell, &diag), 0);
	assert_int_equal(cell, 258);
	assert_int_equal(lt_device_tree_parse_reg(reg, 16, two, &base, &size, &diag), 1);
	assert_int_equal(base, 0x180000000);
	assert_int_equal(size, 0x4000000);
	assert_int_equal(lt_device_tree_parse_reg(reg, 16, one, &base, &size, &diag), 2);
	assert_int_equal(base, 1);
	assert_int_equal(size, 0x80000000);
	assert_int_equal(lt_device_tree_parse_reg(reg + 8, 8, size_only, &base, &size, &diag), 1);
	assert_int_equal(size, 0x4000000);
	assert_string_equal(diag.why, "");
}

static void broken_properties_are_refused(void **state)
{
	static const char ones[] =
		"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff";
	static const struct {
		const char *bytes;
		size_t len;
		struct lt_device_tree_cells cells;
	} cases[] = {
		{ "", 0, { 2, 2 } },	     { ones, 15, { 2, 2 } },
		{ ones, 16, { 2, 2 } },	     { ones, 16, { 3, 1 } },
		{ ones, 16, { 2, 0 } },	     { ones, 16, { UINT32_MAX, UINT32_MAX } },
		{ "\0\0\0\0", 4, { 0, 1 } },
	};
	uint64_t base = 7, size = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct lt_diag diag = { 0 };

		assert_int_equal(lt_device_tree_parse_reg(cases[i].bytes, cases[i].len,
							  cases[i].cells, &base, &size, &diag),
				 -EBADMSG);
		assert_true(diag.why[0]);
		assert_int_equal(lt_device_tree_parse_cell(ones, 3, &size, NULL), -EBADMSG);
	}
	assert_int_equal(base, 7);
	assert_int_equal(size, 7);
}

static void a_fixed_node_is_an_area(void **state)
{
	struct lt_snapshot snap;
	struct lt_diag diag;
	const struct lt_area *area;

	(void)state;
	put_node("linux,cma@40000000", 0x40000000, 0x4000000);
	snap = snapshot();
	assert_int_equal(read_source(&snap, &diag), 0);
	assert_string_equal(diag.why, "");
	assert_int_equal(snap.areas.nr, 1);
	area = &snap.areas.v[0];
	assert_string_equal(area->name, "linux,cma@40000000");
	assert_string_equal(area->source, "device-tree");
	assert_num(area->nr_pages, 16384);
	assert_int_equal(area->ranges.v[0].pfns.start_pfn, 0x40000);
	done(&snap);
}

/* The log is read before; what it said at boot of where the area is has scrolled away. */
static void attempts_of_the_log_find_their_area(void **state)
{
	static const char log[] =
		"[   95.000000] alloc_contig_range: [40000, 40800) PFNs busy\n"
		"[   95.000001] cma: cma_alloc: alloc failed, req-size: 2048 pages, ret: -16\n"
		"[   99.000000] cma: cma_alloc: camera: alloc failed, req-size: 9 pages, ret: -12\n";
	static const char version[] = "Linux version 5.10.0 (a@b) (gcc) #1 SMP\n";
	static const char meminfo[] = "MemTotal: 500000 kB\nCmaTotal: 65536 kB\n";
	const struct lt_source_state *klog;
	struct lt_snapshot_options options = { .last_stage = LT_STAGE_ATTEMPTS };
	struct lt_snapshot *snap;

	(void)state;
	put_node("camera", 0x40000000, 0x4000000);
	tree_write("dmesg.txt", log, strlen(log));
	tree_write("proc/version", version, strlen(version));
	tree_write("proc/meminfo", meminfo, strlen(meminfo));
	tree_write("META", meta, strlen(meta));
	assert_int_equal(lt_root_open(tree_dir, &options.root), 0);
	assert_int_equal(lt_read_snapshot(&options, &snap), 0);
	assert_int_equal(snap->areas.nr, 1);
	assert_int_equal(snap->attempts.nr, 2);
	assert_int_equal(snap->attempts.v[0].area, 0);
	assert_int_equal(snap->attempts.v[0].tries.nr, 1);
	assert_int_equal(snap->attempts.v[1].area, 0);
	klog = lt_snapshot_source(snap, "klog");
	assert_int_equal(klog->status, LT_STATUS_OK);
	assert_null(klog->detail); /* nothing unattributed, all of CMA located */
	lt_snapshot_free(snap);
	lt_root_close(options.root);
}

static void a_node_without_a_place_has_no_range(void **state)
{
	struct lt_snapshot snap;
	struct lt_diag diag;

	(void)state;
	put_node("camera", 0, 0x2000000);
	snap = snapshot();
	assert_int_equal(read_source(&snap, &diag), 0);
	assert_int_equal(snap.areas.nr, 1);
	assert_int_equal(snap.areas.v[0].ranges.nr, 0);
	assert_num(snap.areas.v[0].nr_pages, 8192);
	done(&snap);
}

/* Each lacks one thing that the kernel asks for. */
static void what_is_no_area_is_left_alone(void **state)
{
	struct lt_snapshot snap;
	struct lt_diag diag;

	(void)state;
	put_node("pool", 0x40000000, 0x4000000);
	put("pool", "compatible", "restricted-dma-pool", 20);
	put_node("disabled", 0x48000000, 0x4000000);
	put("disabled", "status", "disabled", 9);
	put_node("unmapped", 0x50000000, 0x4000000);
	put("unmapped", "no-map", "", 0);
	put_node("fixed", 0x58000000, 0x4000000);
	remove(tree_path(TREE "fixed/reusable"));
	snap = snapshot();
	assert_int_equal(read_source(&snap, &diag), 0);
	assert_int_equal(snap.areas.nr, 0);
	assert_string_equal(diag.why, "");
	done(&snap);
}

static void the_command_line_bypasses_the_default_node(void **state)
{
	static const struct {
		const char *cmdline;
		size_t nr_areas;
	} cases[] = { { "quiet cma=64M", 1 }, { "cma=0", 1 }, { "hugetlb_cma=1G", 2 }, { NULL, 2 } };

	(void)state;
	put_node("linux,cma", 0x40000000, 0x4000000);
	put("linux,cma", "linux,cma-default", "", 0);
	put_node("other", 0x48000000, 0x4000000);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct lt_snapshot snap = snapshot();
		struct lt_diag diag;

		snap.kernel.cmdline = cases[i].cmdline;
		assert_int_equal(read_source(&snap, &diag), 0);
		assert_int_equal(snap.areas.nr, cases[i].nr_areas);
		assert_int_equal(!diag.note[0], cases[i].nr_areas == 2);
		done(&snap);
	}
}

/* It gives a name to an area at its place, and a place to an area of its name. */
static void nodes_complete_areas(void **state)
{
	struct lt_snapshot snap;
	struct lt_diag diag;

	(void)state;
	put_node("camera-buffers@40000000", 0x40000000, 0x4000000);
	put_node("video", 0x48000000, 0x4000000);
	put_node("modem", 0, 0x1000000);
	snap = snapshot();
	add_area(&snap, "camera-buff", 0x40000, 16384); /* as 5.10 cuts it */
	add_area(&snap, "video", 0, 16384);
	add_area(&snap, NULL, 0x60000, 4096);
	assert_int_equal(read_source(&snap, &diag), 0);
	assert_string_equal(diag.why, "");
	assert_int_equal(snap.areas.nr, 3);
	assert_string_equal(snap.areas.v[0].name, "camera-buffers@40000000");
	assert_string_equal(snap.areas.v[0].source, "klog");
	assert_int_equal(snap.areas.v[1].ranges.v[0].pfns.start_pfn, 0x48000);
	assert_string_equal(snap.areas.v[1].source, "device-tree");
	assert_string_equal(snap.areas.v[2].name, "modem");
	done(&snap);
}

static void expect_conflict(struct lt_snapshot *snap, const char *why)
{
	const size_t nr = snap->areas.nr;
	struct lt_diag diag;

	assert_int_equal(read_source(snap, &diag), 0);
	if (!strstr(diag.why, why))
		fail_msg("\"%s\" is not in \"%s\"", why, diag.why);
	assert_int_equal(snap->areas.nr, nr);
	done(snap);
}

/* The more trusted source keeps what it said, and the contradiction is told. */
static void contradictions_are_told(void **state)
{
	struct lt_snapshot snap;

	(void)state;
	put_node("video", 0x40000000, 0x4000000);
	snap = snapshot();
	add_area(&snap, "video", 0x40000, 8192);
	expect_conflict(&snap, "another place or size is reported by klog");
	snap = snapshot();
	add_area(&snap, "video", 0x80000, 16384);
	expect_conflict(&snap, "another place or size is reported by klog");
	snap = snapshot();
	add_area(&snap, "camera", 0x40000, 16384);
	expect_conflict(&snap, "another name by klog");
	snap = snapshot();
	add_area(&snap, "camera", 0x80000, 16384);
	snap.memory.cma_total_kib = lt_num(65536);
	expect_conflict(&snap, "CmaTotal leaves no room");
	snap = snapshot();
	*lt_vec_push(&snap.memory.ram) = (struct lt_range){ 0x80000, 0xc0000 };
	expect_conflict(&snap, "no memory by iomem");
	snap = snapshot();
	snap.kernel.page_size = (struct lt_num){ 0 };
	expect_conflict(&snap, "the page size is not known");
}

static void broken_nodes_are_named(void **state)
{
	struct lt_snapshot snap;
	struct lt_diag diag;

	(void)state;
	put_node("video", 0x40000000, 0x4000000);
	put("video", "reg", "\0\0\0", 3);
	snap = snapshot();
	assert_int_equal(read_source(&snap, &diag), 0);
	assert_int_equal(snap.areas.nr, 0);
	assert_string_equal(diag.path, "/sys/firmware/devicetree/base/reserved-memory/video/reg");
	assert_true(diag.why[0]);
	put("", "#size-cells", "\0\0", 2);
	assert_int_equal(read_source(&snap, &diag), -EBADMSG);
	remove(tree_path(TREE "#size-cells"));
	assert_int_equal(read_source(&snap, &diag), -ENOENT);
	done(&snap);
}

static void a_board_may_have_none(void **state)
{
	struct lt_snapshot snap = snapshot();
	struct lt_diag diag;

	(void)state;
	assert_int_equal(read_source(&snap, &diag), -ENOENT);
	done(&snap);
}

#define tree_test(f) cmocka_unit_test_setup_teardown(f, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(properties),
		cmocka_unit_test(broken_properties_are_refused),
		tree_test(a_fixed_node_is_an_area),
		tree_test(attempts_of_the_log_find_their_area),
		tree_test(a_node_without_a_place_has_no_range),
		tree_test(what_is_no_area_is_left_alone),
		tree_test(the_command_line_bypasses_the_default_node),
		tree_test(nodes_complete_areas),
		tree_test(contradictions_are_told),
		tree_test(broken_nodes_are_named),
		tree_test(a_board_may_have_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
