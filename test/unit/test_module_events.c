// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/source/module/module_events.c. */
#include "test.h"

#include <errno.h>

#include "source/module/module_events.h"
#include "uapi/ltpin_ioctl.h"

/* A record of the module, made by hand. */
static struct ltpin_blocker record(void)
{
	return (struct ltpin_blocker){
		.seq = 41, .ts_ns = 5000000007, .start_pfn = 0x1c000, .end_pfn = 0x1c400,
		.pfn = 0x1c2f7, .pid = 812, .tid = 815, .comm = "camera-app",
		.state = {
			.pfn = 0x1c2f7, .nr_pages = 1, .refcount = 1025, .mapcount = 1, .pins = 1,
			.flags = LTPIN_PAGE_ANON | LTPIN_PAGE_LRU,
		},
	};
}

static int parse(struct ltpin_blocker blocker, struct lt_blocker_event *event, uint64_t *seq)
{
	return lt_blocker_event_parse(&blocker, sizeof(blocker), seq, event);
}

/* What another compiler, and a 32-bit program, must see too. */
static void the_layout_is_fixed(void **state)
{
	(void)state;
	assert_int_equal(sizeof(struct ltpin_page_state), 40);
	assert_int_equal(sizeof(struct ltpin_attempts), 96);
	assert_int_equal(sizeof(struct ltpin_blocker), 312);
	assert_int_equal(offsetof(struct ltpin_blocker, comm), 48);
	assert_int_equal(offsetof(struct ltpin_blocker, state), 64);
	assert_int_equal(offsetof(struct ltpin_blocker, area), 112);
	assert_int_equal(offsetof(struct ltpin_blocker, stack), 184);
}

static void all_of_a_record_is_taken(void **state)
{
	struct lt_blocker_event event;
	uint64_t seq = 0;

	(void)state;
	assert_int_equal(parse(record(), &event, &seq), 0);
	assert_int_equal(seq, 41);
	assert_int_equal(event.ts_ns, 5000000007);
	assert_int_equal(event.pid, 812);
	assert_int_equal(event.tid, 815);
	assert_string_equal(event.comm, "camera-app");
	assert_int_equal(event.pfns.start_pfn, 0x1c000);
	assert_int_equal(event.pfns.end_pfn, 0x1c400);
	assert_int_equal(event.pfn, 0x1c2f7);
	assert_int_equal(event.folio.pfn, 0x1c2f7);
	assert_int_equal(event.folio.nr_pages, 1);
	assert_int_equal(event.folio.refcount, 1025);
	assert_int_equal(event.folio.mapcount, 1);
	assert_int_equal(event.folio.pins, 1);
	assert_int_equal(event.folio.flags, LTPIN_PAGE_ANON | LTPIN_PAGE_LRU);
}

/*
 * A record of interface version 2: version 3 begins with all that it has.
 * test/lab on 6.12-x86_64: one page pinned once, all of a 64 MB area asked for. */
static void a_kernels_record_is_taken(void **state)
{
	struct lt_buf buf = test_file("test/saved/module_events/6.12-x86_64");
	struct lt_blocker_event event;
	uint64_t seq = 7;

	(void)state;
	if (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__) {
		struct ltpin_blocker blocker = { 0 };

		assert_int_equal(buf.len, 96);
		memcpy(&blocker, buf.data, buf.len);
		assert_int_equal(parse(blocker, &event, &seq), 0);
		assert_int_equal(seq, 0);
		assert_string_equal(event.comm, "camera-app");
		assert_int_equal(event.pfns.start_pfn, 0x1ac00);
		assert_int_equal(event.pfns.end_pfn, 0x1ec00);
		assert_int_equal(event.pfn, 0x1ac7f);
		assert_int_equal(event.folio.pfn, 0x1ac7f);
		assert_int_equal(event.folio.refcount, 1025);
	}
	free(buf.data);
}

static void a_hole_has_no_folio(void **state)
{
	struct ltpin_blocker hole = record();
	struct lt_blocker_event event;
	uint64_t seq;

	(void)state;
	hole.state = (struct ltpin_page_state){ .pfn = 5 };
	assert_int_equal(parse(hole, &event, &seq), 0);
	assert_int_equal(event.folio.nr_pages, 0);
	assert_int_equal(event.folio.pfn, 0);
}

static void what_makes_no_sense_is_refused(void **state)
{
	struct ltpin_blocker empty = record(), below = record(), above = record();
	struct lt_blocker_event event = { .pfn = 3 };
	uint64_t seq = 7;

	(void)state;
	empty.end_pfn = empty.start_pfn;
	below.pfn = below.start_pfn - 1;
	above.pfn = above.end_pfn;
	assert_int_equal(parse(empty, &event, &seq), -EBADMSG);
	assert_int_equal(parse(below, &event, &seq), -EBADMSG);
	assert_int_equal(parse(above, &event, &seq), -EBADMSG);
	assert_int_equal(seq, 7);
	assert_int_equal(event.pfn, 3);
}

static void another_size_is_refused(void **state)
{
	struct ltpin_blocker whole[2] = { record(), record() };
	struct lt_blocker_event event;
	uint64_t seq;

	(void)state;
	for (size_t len = 0; len < sizeof(whole); len++) {
		void *cut = malloc(len ? len : 1);

		assert_non_null(cut);
		memcpy(cut, whole, len);
		assert_int_equal(lt_blocker_event_parse(cut, len, &seq, &event),
				 len == sizeof(*whole) ? 0 : -EBADMSG);
		free(cut);
	}
}

static void a_name_without_end_gets_one(void **state)
{
	struct ltpin_blocker endless = record();
	struct lt_blocker_event event;
	uint64_t seq;

	(void)state;
	memset(endless.comm, 'n', sizeof(endless.comm));
	assert_int_equal(parse(endless, &event, &seq), 0);
	assert_int_equal(strlen(event.comm), sizeof(endless.comm));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_layout_is_fixed),
		cmocka_unit_test(all_of_a_record_is_taken),
		cmocka_unit_test(a_kernels_record_is_taken),
		cmocka_unit_test(a_hole_has_no_folio),
		cmocka_unit_test(what_makes_no_sense_is_refused),
		cmocka_unit_test(another_size_is_refused),
		cmocka_unit_test(a_name_without_end_gets_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
