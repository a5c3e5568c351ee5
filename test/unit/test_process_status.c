// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/source/process/process_status.c. */
#include "test.h"

#include <errno.h>
#include <unistd.h>

#include "source/process/process_status.h"

static int parse(const char *text, struct lt_process_status *out)
{
	struct lt_diag diag = { 0 };
	int err = lt_process_status_parse(text, strlen(text), out, &diag);

	assert_true(!err == !diag.why[0]);
	return err;
}

static void pinned_memory_is_told(void **state)
{
	struct lt_process_status status;

	(void)state;
	assert_int_equal(parse("Name:\tcamera hal\nState:\tS (sleeping)\nTgid:\t812\nPid:\t815\n"
			       "VmLck:\t       0 kB\nVmPin:\t   12288 kB\n",
			       &status),
			 0);
	assert_num(status.pid, 812);
	assert_num(status.pinned_kib, 12288);
}

static void a_kernel_thread_has_no_memory(void **state)
{
	struct lt_process_status status;

	(void)state;
	assert_int_equal(parse("Name:\tkswapd0\nTgid:\t40\nPid:\t40\nThreads:\t1\n", &status), 0);
	assert_num(status.pid, 40);
	assert_unknown(status.pinned_kib);
}

static void damage_is_refused(void **state)
{
	struct lt_process_status status = { .pid = lt_num(1) };

	(void)state;
	assert_int_equal(parse("", &status), -EBADMSG);
	assert_int_equal(parse("VmPin:\t0 kB\n", &status), -EBADMSG);
	assert_int_equal(parse("Tgid:\n", &status), -EBADMSG);
	assert_int_equal(parse("Tgid:\t1\nVmPin:\tmuch\n", &status), -EBADMSG);
	assert_num(status.pid, 1);
}

static void the_running_system_is_understood(void **state)
{
	struct lt_process_status status;
	struct lt_root *root;

	(void)state;
	assert_int_equal(lt_root_open(NULL, &root), 0);
	assert_int_equal(lt_process_status_read(root, (uint64_t)getpid(), &status), 0);
	assert_num(status.pid, getpid());
	assert_true(status.pinned_kib.known);
	assert_true(lt_process_status_read(root, 1ull << 40, &status) < 0);
	lt_root_close(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pinned_memory_is_told),
		cmocka_unit_test(a_kernel_thread_has_no_memory),
		cmocka_unit_test(damage_is_refused),
		cmocka_unit_test(the_running_system_is_understood),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
