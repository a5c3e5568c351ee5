// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/source/saved/attempts.c. */
#include "test.h"

#include <errno.h>

#include "model/area.h"
#include "source/saved/attempts.h"

#define SAVED "test/saved/"

struct parsed {
	struct lt_strings *strings;
	struct lt_stacks *stacks;
	struct lt_attempts attempts;
	struct lt_diag diag;
	int err;
};

static struct parsed parse_file(const char *path)
{
	struct parsed p = { .strings = lt_strings_new(), .stacks = lt_stacks_new() };
	struct lt_buf buf = test_file(path);

	p.err = lt_attempts_parse(buf.data, buf.len, p.strings, p.stacks, &p.attempts, NULL,
				  &p.diag);
	free(buf.data);
	return p;
}

static void parsed_free(struct parsed *p)
{
	lt_attempts_free(&p->attempts);
	lt_stacks_free(p->stacks);
	lt_strings_free(p->strings);
}

static void check_saved(const char *path)
{
	struct parsed p = parse_file(path);
	struct lt_attempt *attempt;

	assert_int_equal(p.err, 0);
	assert_int_equal(p.diag.nr_skipped, 0);
	assert_int_equal(p.attempts.nr, 7);
	attempt = &p.attempts.v[0];
	assert_false(attempt->failed);
	assert_false(attempt->is_open);
	assert_num(attempt->pfn, 0x1b000);
	assert_true(attempt->sampled);
	assert_int_equal(attempt->pinned.nr, 0);
	attempt = &p.attempts.v[2];
	assert_true(attempt->failed);
	assert_num(attempt->err, EBUSY);
	assert_num(attempt->nr_pages, 16384);
	assert_num(attempt->align, 8);
	assert_int_equal(attempt->source, LT_ATTEMPT_ALLOC);
	assert_string_equal(attempt->area_name, "reserved");
	assert_true(attempt->area == LT_NO_AREA);
	assert_int_equal(attempt->tries.nr, 1);
	assert_false(attempt->tries.v[0].ok);
	assert_int_equal(attempt->tries.v[0].stage, LT_TRY_TEST);
	assert_num(attempt->tries.v[0].blocker_pfn, 0x1b008);
	assert_int_equal(attempt->pinned.nr, 1);
	assert_int_equal(attempt->pinned.v[0].start_pfn, 0x1b008);
	assert_int_equal(attempt->pinned.v[0].end_pfn, 0x1b00e);
	assert_int_equal(p.attempts.v[4].tries.nr, 2);
	assert_unknown(p.attempts.v[6].err);
	parsed_free(&p);
}

static void saved_files_come_back(void **state)
{
	(void)state;
	check_saved(SAVED "attempts-6.12.json");
	check_saved(SAVED "attempts-5.10.json");
}

static void add_pinned(struct lt_ranges *pinned, uint64_t pfn, uint32_t nr_pages)
{
	struct lt_folio folio = { .pfn = pfn, .nr_pages = nr_pages };

	assert_int_equal(lt_pinned_add(pinned, &folio), 0);
}

/* One pinned page makes all of its folio immovable: any of its pages may be in the way. */
static void a_pinned_folio_counts_with_all_its_pages(void **state)
{
	struct lt_ranges pinned = { 0 };

	(void)state;
	add_pinned(&pinned, 512, 512);
	add_pinned(&pinned, 1024, 1);
	add_pinned(&pinned, 2048, 16);
	add_pinned(&pinned, 2048, 16); /* scanned again with the next range */
	assert_int_equal(pinned.nr, 2);
	assert_int_equal(pinned.v[0].start_pfn, 512);
	assert_int_equal(pinned.v[0].end_pfn, 1025);
	assert_int_equal(pinned.v[1].start_pfn, 2048);
	assert_int_equal(pinned.v[1].end_pfn, 2064);
	lt_vec_free(&pinned);
}

/* What ltpin reads is single; what somebody saved stands for as many as it says. */
static void a_saved_count_stands(void **state)
{
	static const char text[] = "{ \"schema\": \"ltpin.attempts/1\", \"attempts\": [ "
				   "{ \"nr_pages\": 8, \"failed\": true, \"ts_ns\": 5, "
				   "\"last_ts_ns\": 9, \"count\": 3 } ] }";
	struct parsed p = { .strings = lt_strings_new(), .stacks = lt_stacks_new() };

	(void)state;
	assert_int_equal(lt_attempts_parse(text, strlen(text), p.strings, p.stacks, &p.attempts,
					   NULL, &p.diag),
			 0);
	assert_int_equal(p.attempts.v[0].count, 3);
	assert_num(p.attempts.v[0].ts_ns, 5);
	assert_num(p.attempts.v[0].last_ts_ns, 9);
	parsed_free(&p);
}

static void odd_records_are_counted(void **state)
{
	struct parsed p = parse_file(MALFORMED "attempts/odd-records.json");

	(void)state;
	assert_int_equal(p.err, 0);
	assert_int_equal(p.diag.nr_skipped, 6);
	assert_int_equal(p.attempts.nr, 2);
	assert_false(p.attempts.v[0].sampled);
	assert_true(p.attempts.v[1].is_open);
	assert_true(p.attempts.v[1].sampled);
	assert_int_equal(p.attempts.v[1].count, 1);
	assert_int_equal(p.attempts.v[1].tries.nr, 1);
	assert_int_equal(p.attempts.v[1].pinned.nr, 1);
	/* escaped once, however often it is saved and read */
	assert_string_equal(p.attempts.v[1].caller, "a\\x1b[2Jb\\x1b\\x5cc");
	parsed_free(&p);
}

static void other_files_are_refused(void **state)
{
	static const char *const names[] = { "other-schema", "no-array", "cut", "empty" };
	char path[128];

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct parsed p;

		snprintf(path, sizeof(path), MALFORMED "attempts/%s.json", names[i]);
		p = parse_file(path);
		assert_int_equal(p.err, -EBADMSG);
		assert_int_equal(p.attempts.nr, 0);
		assert_true(p.diag.why[0]);
		parsed_free(&p);
	}
}

static void failure_leaves_what_was_there(void **state)
{
	struct parsed p = parse_file(SAVED "attempts-6.12.json");
	const char bad[] = "{ \"schema\": \"ltpin.attempts/1\", \"attempts\": [ {} ";

	(void)state;
	assert_int_equal(
		lt_attempts_parse(bad, strlen(bad), p.strings, p.stacks, &p.attempts, NULL, NULL),
		-EBADMSG);
	assert_int_equal(p.attempts.nr, 7);
	parsed_free(&p);
}

/* Ten bytes of a file become hundreds in memory. */
static void a_file_takes_no_more_than_its_room(void **state)
{
	static const char head[] = "{\"schema\":\"ltpin.attempts/1\",\"attempts\":["
				   "{\"nr_pages\":1,\"blockers\":[{\"pfn\":1}";
	static const char more[] = ",{\"pfn\":1}", tail[] = "]},{\"nr_pages\":2}]}";
	const size_t nr = ((size_t)96 << 20) / sizeof(struct lt_blocker);
	struct parsed p = { .strings = lt_strings_new(), .stacks = lt_stacks_new() };
	char *text = malloc(sizeof(head) + nr * (sizeof(more) - 1) + sizeof(tail)), *to = text;

	(void)state;
	to = stpcpy(to, head);
	for (size_t i = 0; i < nr; i++)
		to = stpcpy(to, more);
	to = stpcpy(to, tail);
	p.err = lt_attempts_parse(text, (size_t)(to - text), p.strings, p.stacks, &p.attempts, NULL,
				  &p.diag);
	assert_int_equal(p.err, 0);
	assert_non_null(strstr(p.diag.why, "more than is taken in"));
	assert_true(p.diag.nr_skipped > nr / 4 && p.diag.nr_skipped < nr / 2);
	free(text);
	parsed_free(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_takes_no_more_than_its_room),
		cmocka_unit_test(saved_files_come_back),
		cmocka_unit_test(a_pinned_folio_counts_with_all_its_pages),
		cmocka_unit_test(a_saved_count_stands),
		cmocka_unit_test(odd_records_are_counted),
		cmocka_unit_test(other_files_are_refused),
		cmocka_unit_test(failure_leaves_what_was_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
