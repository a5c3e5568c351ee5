// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/source/enable.c. */
#include "tree.h"

#include "source/enable.h"

#define MOUNT "mount -t debugfs none /sys/kernel/debug"

#define PARAM "page_owner=on on the kernel command line"
#define REST "be root, on a board"

static const struct lt_source source = {
	.name = "test",
	.options = { "PAGE_OWNER", "DEBUG_FS|DEBUG_X" },
	.param = "page_owner=on",
	.mount = LT_MOUNT_DEBUGFS,
	.access = "be root",
	.also = "on a board",
};

static const struct lt_source plain = {
	.name = "plain",
	.options = { "PAGE_OWNER" },
};

static void add_option(struct lt_snapshot *snap, const char *name, const char *value)
{
	struct lt_option *option = lt_vec_push(&snap->kernel.options);

	assert_non_null(option);
	*option = (struct lt_option){ name, value };
}

static void assert_enable(const struct lt_snapshot *snap, const char *want)
{
	assert_string_equal(lt_source_enable(snap, &source, LT_STATUS_ABSENT, NULL), want);
}

static void what_is_there_is_left_out(void **state)
{
	struct lt_snapshot snap = tree_snapshot(tree_dir);

	(void)state;
	assert_enable(&snap, "CONFIG_PAGE_OWNER=y, CONFIG_DEBUG_FS=y or CONFIG_DEBUG_X=y, " PARAM
			     ", " MOUNT ", " REST);
	add_option(&snap, "DEBUG_X", "y");
	add_option(&snap, "PAGE_OWNER", "n");
	assert_enable(&snap, "CONFIG_PAGE_OWNER=y, " PARAM ", " MOUNT ", " REST);
	snap.kernel.options.v[1].value = "y";
	snap.kernel.cmdline = "quiet page_owner=once no.page_owner=on page_owner=on,x";
	assert_enable(&snap, PARAM ", " MOUNT ", " REST);
	snap.kernel.cmdline = "quiet page_owner=onwards page_owner=on panic=1";
	assert_enable(&snap, MOUNT ", " REST);
	tree_mkdirs("sys/kernel/debug/");
	assert_enable(&snap, MOUNT ", " REST);
	tree_write("sys/kernel/debug/bdi", "", 0);
	assert_enable(&snap, REST);
	/* Then it is not this that is missing. */
	assert_string_equal(lt_source_enable(&snap, &plain, LT_STATUS_ABSENT, NULL),
			    "CONFIG_PAGE_OWNER=y");
	tree_done(&snap);
}

/* What helps against a refusal is not what would make the source exist. */
static void a_refusal_needs_something_else(void **state)
{
	struct lt_snapshot snap = tree_snapshot(tree_dir);

	(void)state;
	assert_string_equal(lt_source_enable(&snap, &source, LT_STATUS_DENIED, NULL), "be root");
	assert_string_equal(lt_source_enable(&snap, &plain, LT_STATUS_DENIED, NULL), "run as root");
	tree_done(&snap);
}

/* No source leaves a user without a word, and nobody is told twice. */
static void every_source_says_what_it_needs(void **state)
{
	struct lt_strings *strings = lt_strings_new();

	(void)state;
	for (const struct lt_source *const *at = lt_sources; *at; at++) {
		const char *needs = lt_source_needs(strings, *at);

		if (!needs[0] || strstr(needs, ", ,") || strstr(needs, "CONFIG_CONFIG"))
			fail_msg("%s: \"%s\"", (*at)->name, needs);
	}
	assert_string_equal(lt_source_needs(strings, &lt_source_pin_probes),
			    "CONFIG_KPROBE_EVENTS=y or CONFIG_DEBUG_PAGE_REF=y, "
			    "mount -t tracefs none /sys/kernel/tracing");
	lt_strings_free(strings);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_is_there_is_left_out, tree_setup,
						tree_teardown),
		cmocka_unit_test(every_source_says_what_it_needs),
		cmocka_unit_test_setup_teardown(a_refusal_needs_something_else, tree_setup,
						tree_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
