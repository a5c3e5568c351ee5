// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/act/prime/prime_pressure.c. */
#include "test.h"

#include <errno.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "act/prime/prime.h"

static void it_comes_last_and_only_if_asked_for(void **state)
{
	size_t last = 0;

	(void)state;
	for (size_t i = 0; lt_primers[i]; i++) {
		assert_int_equal(lt_primers[i]->is_last_resort,
				 lt_primers[i] == &lt_primer_pressure);
		last = i;
	}
	assert_ptr_equal(lt_primers[last], &lt_primer_pressure);
}

/* A sixteenth of memory stays free, and at least 32 MiB, whatever there is. */
static void it_leaves_a_floor(void **state)
{
	uint64_t page_size = (uint64_t)sysconf(_SC_PAGESIZE), nr_borrow, nr_floor, nr_bytes;
	struct sysinfo info;

	(void)state;
	assert_int_equal(sysinfo(&info), 0);
	nr_bytes = (uint64_t)info.totalram * info.mem_unit;
	lt_prime_pressure_limits(&nr_borrow, &nr_floor);
	assert_true(nr_floor * page_size >= (uint64_t)32 << 20);
	assert_true(nr_floor * page_size >= nr_bytes / 16 - page_size);
	assert_true((nr_borrow + nr_floor) * page_size <= nr_bytes);
}

/*
 * The child says whether it can do its work before anything is borrowed, and is
 * gone when the primer was closed. Nothing is asked of it: without CMA it would
 * borrow all that it may.
 */
static void the_child_comes_and_goes(void **state)
{
	struct lt_areas areas = { 0 };
	struct lt_diag diag = { 0 };
	_Atomic uint32_t held = 0;
	struct lt_prime prime;
	int err = lt_prime_open(&lt_primer_pressure, &areas, &held, &prime, &diag);

	(void)state;
	if (err) {
		assert_true(diag.why[0]); /* where pages lie is for root alone */
		return;
	}
	lt_prime_close(&prime);
	assert_int_equal(prime.fd, -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_comes_last_and_only_if_asked_for),
		cmocka_unit_test(it_leaves_a_floor),
		cmocka_unit_test(the_child_comes_and_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
