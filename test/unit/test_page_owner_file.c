// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/source/page_owner/page_owner_file.c. */
#include "test.h"

#include <errno.h>

#include "source/page_owner/page_owner_file.h"

/* A kernel's page_owner file: position 0 is page @bias, one record a read. */
struct kernel {
	const uint64_t *pfns;
	size_t nr;
	uint64_t bias, too_long, garbled;
	unsigned int nr_reads;
	int err;
};

static ssize_t read_at(void *arg, char *buf, size_t size, uint64_t pos)
{
	struct kernel *kernel = arg;

	kernel->nr_reads++;
	if (kernel->err)
		return kernel->err;
	for (size_t i = 0; i < kernel->nr; i++) {
		uint64_t pfn = kernel->pfns[i];

		if (pfn < pos + kernel->bias)
			continue;
		if (pfn == kernel->too_long)
			return -ENOMEM;
		if (pfn == kernel->garbled)
			return snprintf(buf, size, "garbled\n\n");
		return snprintf(buf, size,
				"Page allocated via order 0, mask 0x0()\n"
				"PFN %u type Movable Block 0 type CMA Flags 0x0()\n f+0x1/0x2\n\n",
				(unsigned int)pfn);
	}
	return 0;
}

struct seen {
	uint64_t pfns[64];
	size_t nr;
};

static int see(const struct lt_owner *owner, void *arg)
{
	struct seen *seen = arg;

	assert_true(seen->nr < 64);
	seen->pfns[seen->nr++] = owner->pfn;
	return 0;
}

static const uint64_t memory[] = {
	1000, 1001, 1005, 2000, 2001, 2003, 2008, 2009, 2500, 3000, 3001, 9000,
};

static struct kernel new_kernel(uint64_t bias)
{
	return (struct kernel){
		.pfns = memory,
		.nr = 12,
		.bias = bias,
		.too_long = 1,
		.garbled = 1,
	};
}

static int read_ranges(struct kernel *kernel, struct lt_range a, struct lt_range b,
		       struct seen *seen, struct lt_diag *diag)
{
	struct lt_page_owner_file file = {
		.read_at = read_at,
		.arg = kernel,
		.bias = kernel->bias,
	};
	struct lt_range ranges[] = { a, b };
	struct lt_ranges list = { .v = ranges, .nr = 2 };
	struct lt_strings *strings = lt_strings_new();
	struct lt_stacks *stacks = lt_stacks_new();
	int err;

	*seen = (struct seen){ 0 };
	*diag = (struct lt_diag){ 0 };
	err = lt_page_owner_read_ranges(
		&file, &list, &(struct lt_page_owner_sink){ strings, stacks, see, seen }, diag);
	lt_stacks_free(stacks);
	lt_strings_free(strings);
	return err;
}

#define RANGE(start, end) ((struct lt_range){ (start), (end) })

static void check_pfns(const struct seen *seen, const uint64_t *want, size_t nr)
{
	assert_int_equal(seen->nr, nr);
	for (size_t i = 0; i < nr; i++)
		assert_int_equal(seen->pfns[i], want[i]);
}

/* Positions count from page 0 (6.1 and later) or from the first page of memory (5.10). */
static void only_the_ranges_are_read(void **state)
{
	static const uint64_t want[] = { 2001, 2003, 2008, 3000, 3001 };
	static const uint64_t biases[] = { 0, 1000 };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct kernel kernel = new_kernel(biases[i]);
		struct lt_diag diag;
		struct seen seen;

		assert_int_equal(
			read_ranges(&kernel, RANGE(2001, 2008), RANGE(3000, 3002), &seen, &diag),
			0);
		check_pfns(&seen, want, 5); /* 2008 told that the range was over */
		assert_int_equal(kernel.nr_reads, 5);
		assert_int_equal(diag.nr_skipped, 0);
	}
}

static void ranges_side_by_side_are_read_once(void **state)
{
	static const uint64_t want[] = { 2000, 2001, 2003, 2008, 2009 };
	struct kernel kernel = new_kernel(0);
	struct lt_diag diag;
	struct seen seen;

	(void)state;
	assert_int_equal(read_ranges(&kernel, RANGE(2000, 2005), RANGE(2005, 2010), &seen, &diag),
			 0);
	check_pfns(&seen, want, 5);
}

static void a_range_with_nothing_allocated_is_no_failure(void **state)
{
	struct kernel kernel = new_kernel(1000);
	struct lt_diag diag;
	struct seen seen;

	(void)state;
	assert_int_equal(read_ranges(&kernel, RANGE(9001, 9500), RANGE(9600, 9700), &seen, &diag),
			 0);
	assert_int_equal(seen.nr, 0);
	assert_int_equal(diag.nr_skipped, 0);
	assert_string_equal(diag.why, "");
	/* and one below all memory */
	assert_int_equal(read_ranges(&kernel, RANGE(0, 10), RANGE(0, 10), &seen, &diag), 0);
	assert_int_equal(seen.nr, 0);
}

static void what_cannot_be_read_is_counted_and_passed(void **state)
{
	static const uint64_t want[] = { 2000, 2001, 2008 };
	struct kernel kernel = new_kernel(1000);
	struct lt_diag diag;
	struct seen seen;

	(void)state;
	kernel.too_long = 2003;
	assert_int_equal(read_ranges(&kernel, RANGE(2000, 2008), RANGE(2500, 2500), &seen, &diag),
			 0);
	check_pfns(&seen, want, 3);
	assert_true(diag.nr_skipped > 0);
	assert_true(diag.why[0]);

	kernel = new_kernel(1000);
	kernel.garbled = 2003;
	assert_int_equal(read_ranges(&kernel, RANGE(2000, 2008), RANGE(2500, 2500), &seen, &diag),
			 0);
	check_pfns(&seen, want, 3);
	assert_true(diag.nr_skipped > 0);
}

static void failures_are_passed_on(void **state)
{
	struct kernel kernel = new_kernel(0);
	struct lt_diag diag;
	struct seen seen;

	(void)state;
	kernel.err = -EIO;
	assert_int_equal(read_ranges(&kernel, RANGE(2000, 2008), RANGE(3000, 3001), &seen, &diag),
			 -EIO);
	assert_int_equal(kernel.nr_reads, 1);
	kernel = new_kernel(0);
	kernel.nr = 4; /* ends with the garbled one */
	kernel.garbled = 2000;
	assert_int_equal(read_ranges(&kernel, RANGE(2000, 2008), RANGE(3000, 3001), &seen, &diag),
			 -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_the_ranges_are_read),
		cmocka_unit_test(ranges_side_by_side_are_read_once),
		cmocka_unit_test(a_range_with_nothing_allocated_is_no_failure),
		cmocka_unit_test(what_cannot_be_read_is_counted_and_passed),
		cmocka_unit_test(failures_are_passed_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
