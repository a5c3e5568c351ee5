// SPDX-License-Identifier: GPL-2.0-or-later
#include "tree.h"

#include "source/enable.h"

#define MOUNT "mount -t debugfs none /sys/kernel/debug"

static const struct lt_source source = {
	.name = "test",
	.enable = "all of it",
	.options = { "PAGE_OWNER", "DEBUG_FS" },
	.param = "page_owner=on",
	.is_in_debugfs = true,
};

static void add_option(struct lt_snapshot *snap, const char *name, const char *value)
{
	struct lt_option *option = lt_vec_push(&snap->kernel.options);

	assert_non_null(option);
	*option = (struct lt_option){ name, value };
}

static void assert_enable(const struct lt_snapshot *snap, const char *want)
{
	assert_string_equal(lt_source_enable(snap, &source, LT_STATUS_ABSENT), want);
}

static void what_is_there_is_left_out(void **state)
{
	struct lt_snapshot snap = tree_snapshot(tree_dir);

	(void)state;
	assert_enable(&snap, "CONFIG_PAGE_OWNER=y, CONFIG_DEBUG_FS=y, "
			     "page_owner=on on the kernel command line, " MOUNT);
	add_option(&snap, "DEBUG_FS", "y");
	add_option(&snap, "PAGE_OWNER", "n");
	assert_enable(&snap, "CONFIG_PAGE_OWNER=y, page_owner=on on the kernel command line, " MOUNT);
	snap.kernel.options.v[1].value = "y";
	snap.kernel.cmdline = "quiet page_owner=once no.page_owner=on page_owner=on,x";
	assert_enable(&snap, "page_owner=on on the kernel command line, " MOUNT);
	snap.kernel.cmdline = "quiet page_owner=onwards page_owner=on panic=1";
	assert_enable(&snap, MOUNT);
	tree_mkdirs("sys/kernel/debug/");
	assert_enable(&snap, MOUNT);
	tree_write("sys/kernel/debug/bdi", "", 0);
	assert_enable(&snap, "all of it"); /* then it is not this that is missing */
	tree_done(&snap);
}

/* What helps against a refusal is not what would make the source exist. */
static void a_refusal_needs_something_else(void **state)
{
	struct lt_snapshot snap = tree_snapshot(tree_dir);

	(void)state;
	assert_string_equal(lt_source_enable(&snap, &source, LT_STATUS_DENIED), "all of it");
	tree_done(&snap);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_is_there_is_left_out, tree_setup, tree_teardown),
		cmocka_unit_test_setup_teardown(a_refusal_needs_something_else, tree_setup,
						tree_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
