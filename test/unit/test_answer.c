// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/source/answer.c. */
#include "tree.h"

#include "source/module/module_answer.h"
#include "source/source.h"

#define HEAD "{'schema': 'ltpin.answer/1', 'ltpin_version': '1', 'source': 'x', "
#define FREE_BLOCK \
	"{'pfn': 9, 'nr_pages': 8, 'refcount': 0, 'mapcount': 0, 'pins': 0, 'flags': 256},"
#define GOOD "'result': {'errno': 0}}"

/* @text is JSON, but for its quotes. */
static void keep(const char *source, const char *text)
{
	char *copy = strdup(text), path[64];

	for (char *p = copy; *p; p++)
		*p = *p == '\'' ? '"' : *p;
	snprintf(path, sizeof(path), "ltpin/%s.json", source);
	tree_write(path, copy, strlen(copy));
	free(copy);
}

static int note_folio(const struct lt_folio *folio, void *arg)
{
	char *text = arg;

	sprintf(text + strlen(text), "%llu+%u:%d,%d,%d;", (unsigned long long)folio->pfn,
		folio->nr_pages, folio->refcount, folio->mapcount, folio->pins);
	return folio->flags == 99 ? 7 : 0;
}

static int open_answer(struct lt_module_ask *ask, struct lt_diag *diag)
{
	struct lt_root *root;
	int err;

	assert_int_equal(lt_root_open(tree_dir, &root), 0);
	err = lt_module_ask_open(root, ask, diag);
	lt_root_close(root);
	return err;
}

static int scan(uint64_t start_pfn, uint64_t end_pfn, char *out, struct lt_diag *diag)
{
	struct lt_range pfns = { start_pfn, end_pfn };
	struct lt_module_ask ask;
	int ret = open_answer(&ask, diag);

	*out = '\0';
	if (ret)
		return ret;
	ret = lt_module_ask_scan(&ask, pfns, note_folio, out, diag);
	lt_module_ask_close(&ask);
	return ret;
}

static void folios_come_by_range(void **state)
{
	struct lt_diag diag = { 0 };
	char out[256];

	(void)state;
	keep("module",
	     HEAD "'folios': ["
		  "{'pfn': 8, 'nr_pages': 1, 'refcount': 1025, 'mapcount': 1, 'pins': 1,"
		  "'flags': 5}," FREE_BLOCK FREE_BLOCK
		  "{'pfn': 17, 'nr_pages': 1, 'flags': 1}], 'holds': [], 'runs': [], " GOOD);
	assert_int_equal(scan(0, 100, out, &diag), 0);
	assert_string_equal(out, "8+1:1025,1,1;9+8:0,0,0;17+1:-1,-1,-1;");
	assert_int_equal(scan(10, 17, out, &diag), 0);
	assert_string_equal(out, "9+8:0,0,0;");
	assert_int_equal(scan(18, 100, out, &diag), 0);
	assert_string_equal(out, "");
}

static void holds_get_their_runs(void **state)
{
	struct lt_module_holds holds = { 0 };
	struct lt_module_ask ask;
	struct lt_diag diag = { 0 };

	(void)state;
	keep("module", HEAD
	     "'folios': [], 'holds': ["
	     "{'id': 1, 'kind': 1, 'flags': 0, 'pid': 5, 'comm': 'a\\\\x1bb', 'nr_pages': 3,"
	     "'ts_ns': 9},"
	     "{'id': 2, 'kind': 2, 'flags': 1, 'pid': 6, 'comm': 'c', 'nr_pages': 1, 'ts_ns': 8}],"
	     "'runs': [{'id': 1, 'base_pfn': 7, 'nr_pages': 2},"
	     "{'id': 2, 'base_pfn': 1, 'nr_pages': 1},"
	     "{'id': 3, 'base_pfn': 1, 'nr_pages': 1},"
	     "{'id': 1, 'base_pfn': 3, 'nr_pages': 1}], " GOOD);
	assert_int_equal(open_answer(&ask, &diag), 0);
	assert_int_equal(lt_module_ask_list(&ask, &holds, &diag), 0);
	assert_int_equal(holds.nr, 2);
	assert_string_equal(holds.v[0].comm, "a\x1b"
					     "b");
	assert_int_equal(holds.v[0].pid, 5);
	assert_int_equal(holds.v[0].runs.nr, 2);
	assert_int_equal(holds.v[0].runs.v[1].start_pfn, 3);
	assert_int_equal(holds.v[0].runs.v[0].end_pfn, 9);
	assert_int_equal(holds.v[1].kind, 2);
	assert_int_equal(holds.v[1].runs.nr, 1);
	lt_module_holds_free(&holds);
	lt_module_ask_close(&ask);
}

/* An area that is scanned before the one below it, and a folio that lies in both. */
static void folios_come_in_order(void **state)
{
	struct lt_diag diag = { 0 };
	char out[256];

	(void)state;
	keep("module", HEAD
	     "'folios': [{'pfn': 64, 'nr_pages': 8, 'flags': 1},"
	     "{'pfn': 72, 'nr_pages': 1, 'flags': 1}, {'pfn': 8, 'nr_pages': 1, 'flags': 1},"
	     "{'pfn': 64, 'nr_pages': 8, 'flags': 1}, {'pfn': 65, 'nr_pages': 1, 'flags': 1}], " GOOD);
	assert_int_equal(scan(0, 100, out, &diag), 0);
	assert_string_equal(out, "8+1:-1,-1,-1;64+8:-1,-1,-1;72+1:-1,-1,-1;");
	assert_int_equal(scan(71, 72, out, &diag), 0);
	assert_string_equal(out, "64+8:-1,-1,-1;");
	assert_int_equal(scan(9, 64, out, &diag), 0);
	assert_string_equal(out, "");
}

static void an_error_is_the_same_error(void **state)
{
	struct lt_module_ask ask;
	struct lt_diag diag = { 0 };
	char out[256];

	(void)state;
	keep("module", HEAD "'folios': [], 'result': {'errno': 1, 'why': 'needs\\u0007 root',"
			    " 'path': '/x', 'line': 3, 'nr_skipped': 2, 'note': 'n'}}");
	assert_int_equal(open_answer(&ask, &diag), -EPERM);
	assert_string_equal(diag.why, "needs\\x07 root");
	assert_string_equal(diag.path, "/x");
	assert_string_equal(diag.note, "n");
	assert_int_equal(diag.line, 3);
	assert_int_equal(diag.nr_skipped, 2);
	diag = (struct lt_diag){ 0 };
	assert_int_equal(scan(0, 100, out, &diag), -EPERM);
	assert_string_equal(diag.why, "needs\\x07 root");
}

static void what_was_said_is_said(void **state)
{
	struct lt_diag diag = { 0 };
	char out[256];

	(void)state;
	keep("module", HEAD "'folios': [], 'result': {'errno': 0, 'why': 'w', 'unread': '/x: w',"
			    "'nr_skipped': 2}}");
	assert_int_equal(scan(0, 100, out, &diag), 0);
	assert_string_equal(diag.why, "w");
	assert_string_equal(diag.unread, "/x: w");
	assert_int_equal(diag.nr_skipped, 2);
}

static void damaged_answers_are_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"{",
		"[]",
		"{}",
		HEAD "'folios': []}",
		HEAD "'folios': [], 'result': {}}",
		HEAD "'result': {'errno': 12}}",
		HEAD "'result': {'errno': 5000}}",
		"{'schema': 'ltpin.pages/1', " GOOD,
		HEAD "'folios': [7], " GOOD,
		HEAD "'folios': [{'pfn': 1, 'nr_pages': 0, 'flags': 0}], " GOOD,
		HEAD "'folios': [{'pfn': 1, 'nr_pages': 1}], " GOOD,
		HEAD "'folios': [{'pfn': 18446744073709551614, 'nr_pages': 1, 'flags': 0}], " GOOD,
		HEAD "'folios': [{'pfn': 1, 'nr_pages': 1, 'flags': 0} " GOOD,
		HEAD GOOD " x",
		HEAD
		"'holds': ["
		"{'id': 2, 'kind': 1, 'flags': 0, 'pid': 5, 'comm': 'a', 'nr_pages': 3, 'ts_ns': 9},"
		"{'id': 1, 'kind': 1, 'flags': 0, 'pid': 5, 'comm': 'a', 'nr_pages': 3, 'ts_ns': 9}"
		"], " GOOD,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct lt_diag diag = { 0 };
		char out[256];

		keep("module", bad[i]);
		if (scan(0, 100, out, &diag) != -EBADMSG || !diag.why[0])
			fail_msg("taken: %s", bad[i]);
		assert_string_equal(diag.path, "/ltpin/module.json");
	}
}

static void without_an_answer_there_is_none(void **state)
{
	struct lt_diag diag = { 0 };
	char out[256];

	(void)state;
	assert_int_equal(scan(0, 100, out, &diag), -ENOENT);
	assert_string_equal(diag.why, "");
}

static void a_record_without_end_is_refused(void **state)
{
	struct lt_diag diag = { 0 };
	size_t size = 1 << 20, len = strlen(HEAD "'folios': [{'x': ");
	char *text = malloc(size + 1), out[256];

	(void)state;
	memset(text, '[', size);
	memcpy(text, HEAD "'folios': [{'x': '", len + 1);
	memset(text + len + 1, 'x', size - len - 1);
	text[size] = '\0';
	keep("module", text);
	assert_int_equal(scan(0, 100, out, &diag), -EBADMSG);
	assert_non_null(strstr(diag.why, "too long"));
	free(text);
}

static void mappers_come_back(void **state)
{
	struct lt_snapshot snap = tree_snapshot(tree_dir);
	struct lt_diag diag = { 0 };

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct lt_pin *pin = lt_vec_push(&snap.pins);

		pin->pfn = (uint64_t)i * 4;
		pin->nr_pages = 4;
	}
	snap.pins.v[0].has_owner = true;
	keep("pagemap",
	     HEAD "'pins': [{'pfn': 0, 'mapped_by_total': 9,"
		  "'allocator_start_ns': [2, 3]}, {'pfn': 5, 'mapped_by_total': 1},"
		  "{'pfn': 8, 'allocator_start_ns': [2, 3]}],"
		  "'mappers': [{'pfn': 0, 'pid': 7, 'comm': 'a\\u001b', 'vma': '[heap]',"
		  "'vma_kind': 'anonymous', 'addr': 4096, 'start_ns': 5},"
		  "{'pfn': 4, 'pid': 8, 'comm': 'b', 'vma': 'c', 'addr': 0, 'start_ns': [6, 9]},"
		  "{'pfn': 99, 'pid': 7, 'comm': 'a', 'vma': 'b', 'addr': 0}],"
		  "'result': {'errno': 0, 'why': 'not every process was searched'}}");
	assert_int_equal(lt_source_pagemap.read(&snap, &diag), 0);
	assert_string_equal(diag.why, "not every process was searched");
	assert_num(snap.pins.v[0].mapped_by_total, 9);
	assert_int_equal(snap.pins.v[0].mapped_by.nr, 1);
	assert_string_equal(snap.pins.v[0].mapped_by.v[0].comm, "a\\x1b");
	assert_int_equal(snap.pins.v[0].mapped_by.v[0].kind, LT_VMA_ANONYMOUS);
	assert_num(snap.pins.v[0].mapped_by.v[0].start.earliest_ns, 0); /* of one number */
	assert_unknown(snap.pins.v[0].mapped_by.v[0].start.latest_ns);
	assert_num(snap.pins.v[1].mapped_by.v[0].start.earliest_ns, 6);
	assert_num(snap.pins.v[1].mapped_by.v[0].start.latest_ns, 9);
	assert_num(snap.pins.v[0].allocated_by.start.earliest_ns, 2);
	assert_unknown(snap.pins.v[2].allocated_by.start.earliest_ns); /* of no owner */
	assert_unknown(snap.pins.v[1].mapped_by_total);		       /* 5 is no head */
	keep("pagemap", HEAD "'pins': [{'pfn': 0, 'mapped_by_total': 9}],"
			     "'mappers': [{'pfn': 0}], " GOOD);
	assert_int_equal(lt_source_pagemap.read(&snap, &diag), -EBADMSG);
	assert_unknown(snap.pins.v[0].mapped_by_total);
	assert_int_equal(snap.pins.v[0].mapped_by.nr, 0);
	lt_pins_free(&snap.pins);
	tree_done(&snap);
}

static void classes_come_back(void **state)
{
	struct lt_snapshot snap = tree_snapshot(tree_dir);
	struct lt_diag diag = { 0 };

	(void)state;
	for (int i = 0; i < 3; i++)
		lt_vec_push(&snap.pins)->pfn = (uint64_t)i;
	for (int i = 0; i < 3; i++)
		snap.pins.v[i].nr_pages = 1;
	snap.pins.v[1].mapcount = lt_num(3);
	keep("kpageflags", HEAD "'pins': [{'pfn': 0, 'class': 'anon', 'mapcount': 2},"
				"{'pfn': 1, 'class': 'file', 'mapcount': 9},"
				"{'pfn': 2, 'class': 'mine'}], " GOOD);
	assert_int_equal(lt_source_kpageflags.read(&snap, &diag), 0);
	assert_int_equal(snap.pins.v[0].class, LT_PAGE_ANON);
	assert_num(snap.pins.v[0].mapcount, 2);
	assert_int_equal(snap.pins.v[1].class, LT_PAGE_FILE);
	assert_num(snap.pins.v[1].mapcount, 3); /* the module knows better */
	assert_int_equal(snap.pins.v[2].class, LT_PAGE_UNKNOWN);
	lt_pins_free(&snap.pins);
	tree_done(&snap);
}

#define IN_TREE(test) cmocka_unit_test_setup_teardown(test, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_TREE(folios_come_by_range),
		IN_TREE(folios_come_in_order),
		IN_TREE(holds_get_their_runs),
		IN_TREE(an_error_is_the_same_error),
		IN_TREE(what_was_said_is_said),
		IN_TREE(damaged_answers_are_refused),
		IN_TREE(without_an_answer_there_is_none),
		IN_TREE(a_record_without_end_is_refused),
		IN_TREE(mappers_come_back),
		IN_TREE(classes_come_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
