// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests the source pin-probes. */
#include "tree.h"

#include <errno.h>

#include "model/pin_call.h"
#include "source/source.h"

static struct lt_pin_call *add_call(struct lt_pin_calls *calls, uint64_t pid, uint64_t pfn)
{
	struct lt_pin_call *call = lt_vec_push(calls);

	call->pid = lt_num(pid);
	call->comm = "camera";
	*lt_vec_push(&call->in_cma) = (struct lt_range){ pfn, pfn + 1 };
	return call;
}

static void add_pin(struct lt_snapshot *snap, uint64_t pfn, enum lt_pin_kind kind)
{
	*lt_vec_push(&snap->pins) = (struct lt_pin){ .pfn = pfn, .nr_pages = 1, .kind = kind };
}

static void done(struct lt_snapshot *snap)
{
	lt_vec_free(&snap->pin_hints);
	lt_pins_free(&snap->pins);
	tree_done(snap);
}

static void proof_names_and_the_rest_is_a_hint(void **state)
{
	struct lt_snapshot snap = tree_snapshot(NULL);
	struct lt_pin_calls calls = { 0 };
	struct lt_diag diag = { 0 };

	(void)state;
	add_pin(&snap, 100, LT_PIN_PINNED);
	add_pin(&snap, 200, LT_PIN_UNKNOWN);
	add_call(&calls, 7, 100)->is_proven = true;
	add_call(&calls, 8, 200);
	add_call(&calls, 9, 300); /* no page in the way */
	add_call(&calls, 10, 199);
	snap.options.pin_calls = &calls;
	assert_int_equal(lt_source_pin_probes.read(&snap, &diag), 0);
	assert_true(snap.pins.v[0].has_pinner);
	assert_num(snap.pins.v[0].pinned_by.pid, 7);
	assert_false(snap.pins.v[1].has_pinner);
	assert_int_equal(snap.pin_hints.nr, 1);
	assert_int_equal(snap.pin_hints.v[0].kind, LT_HINT_PIN_CALL);
	assert_int_equal(snap.pin_hints.v[0].pid, 8);
	assert_num(snap.pin_hints.v[0].nr_pages, 1);
	lt_pin_calls_free(&calls);
	done(&snap);
}

static void a_captured_tree_was_not_watched(void **state)
{
	struct lt_snapshot snap = tree_snapshot(tree_dir);
	struct lt_diag diag = { 0 };

	(void)state;
	assert_int_equal(lt_source_pin_probes.read(&snap, &diag), -ENODATA);
	assert_non_null(strstr(diag.why, "not watched"));
	done(&snap);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(proof_names_and_the_rest_is_a_hint),
		cmocka_unit_test(a_captured_tree_was_not_watched),
	};

	return cmocka_run_group_tests(tests, tree_setup, tree_teardown);
}
