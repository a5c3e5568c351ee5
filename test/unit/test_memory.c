// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory runs out, at whichever call: nothing crashes or leaks, and the answer is -ENOMEM. */
#include "fault.h"
#include "tree.h"

#include "analyse/report.h"
#include "base/bundle.h"
#include "source/read/read.h"

#define NR_NAMES 20

/* Let each call in turn fail in @run, until it passes all of them. Returns how many there are. */
static long fail_each(const char *what, int (*run)(void *arg), void *arg)
{
	for (long nth = 1;; nth++) {
		bool has_failed;
		int err;

		fault_begin(nth);
		err = run(arg);
		has_failed = fault_end();
		if (err != (has_failed ? -ENOMEM : 0))
			fail_msg("%s: call %ld %s, and the answer is %d", what, nth,
				 has_failed ? "failed" : "did not fail", err);
		if (!has_failed)
			return fault_nr;
	}
}

static int count_name(const char *name, void *arg)
{
	assert_non_null(name);
	++*(int *)arg;
	return 0;
}

static int list_directory(void *arg)
{
	struct lt_root *root;
	int nr = 0, err = lt_root_open(arg, &root);

	if (err)
		return err;
	err = lt_root_list(root, "/proc", count_name, &nr);
	assert_int_equal(nr, err ? 0 : NR_NAMES);
	lt_root_close(root);
	return err;
}

static void a_listing(void **state)
{
	char path[32];

	(void)state;
	for (int i = 0; i < NR_NAMES; i++) {
		snprintf(path, sizeof(path), "proc/%d", i);
		tree_write(path, "x", 1);
	}
	assert_true(fail_each("a listing", list_directory, tree_dir) > 2 * NR_NAMES);
}

static int fill_bundle(struct lt_bundle *bundle)
{
	char path[32];
	FILE *out;
	int err = 0;

	for (int i = 0; i < NR_NAMES && !err; i++) {
		snprintf(path, sizeof(path), "device/proc/%d", i);
		err = lt_bundle_begin(bundle, path, &out);
		if (!err)
			err = lt_bundle_end(bundle, true);
	}
	if (!err)
		err = lt_bundle_add_link(bundle, "device/proc/link", "0", true);
	return err ? err : lt_bundle_seal(bundle, NULL);
}

static int list_bundle(void *arg)
{
	struct lt_bundle *bundle;
	int nr = 0, err = lt_bundle_new(arg, &bundle);

	if (err)
		return err;
	err = fill_bundle(bundle);
	if (!err)
		err = lt_bundle_list(bundle, "/proc", count_name, &nr);
	assert_int_equal(nr, err ? 0 : NR_NAMES + 1);
	lt_bundle_free(bundle);
	return err;
}

static void a_bundle(void **state)
{
	(void)state;
	assert_true(fail_each("a bundle", list_bundle, tree_dir) > 2 * NR_NAMES);
}

/* What a report is made of. */
struct evidence {
	char root[4096], attempts[4096], selftest[4096];
};

static int make_report(void *arg)
{
	struct evidence *evidence = arg;
	struct lt_snapshot_options options = {
		.attempts = evidence->attempts,
		.selftest = evidence->selftest,
		.last_stage = LT_STAGE_PROCESSES,
	};
	struct lt_snapshot *snap;
	struct lt_report *report;
	int err = lt_root_open(evidence->root, &options.root);

	if (err)
		return err;
	err = lt_read_snapshot(&options, &snap);
	if (!err) {
		err = lt_report_make(snap, &report);
		if (!err)
			lt_report_free(report);
		lt_snapshot_free(snap);
	}
	lt_root_close(options.root);
	return err;
}

static void check_report(const char *fixture, const char *attempts, const char *selftest)
{
	const char *top = getenv("top_srcdir") ? getenv("top_srcdir") : ".";
	struct evidence evidence;

	snprintf(evidence.root, sizeof(evidence.root), "%s/" FIXTURES "%s", top, fixture);
	snprintf(evidence.attempts, sizeof(evidence.attempts), "%s/test/saved/%s", top, attempts);
	snprintf(evidence.selftest, sizeof(evidence.selftest), "%s/test/saved/%s", top, selftest);
	print_message("%s: %ld calls\n", fixture, fail_each(fixture, make_report, &evidence));
}

static void a_report(void **state)
{
	(void)state;
	check_report("v6.12-x86_64-pinned", "attempts-6.12.json", "selftest-6.12-kept.json");
	check_report("v5.10-x86_64-pinned", "attempts-5.10.json", "bench-5.10-highatomic.json");
	check_report("v6.1-armhf", "attempts-6.12.json", "selftest-5.10-livelock.json");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_listing, tree_setup, tree_teardown),
		cmocka_unit_test_setup_teardown(a_bundle, tree_setup, tree_teardown),
		cmocka_unit_test(a_report),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
