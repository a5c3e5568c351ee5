// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/model/stack.c. */
#include "test.h"

#include "model/stack.h"

static const char alloc[] = "alloc+0x1/0x2", fault[] = "fault+0x3/0x4";

static void equal_stacks_are_one_pointer(void **state)
{
	struct lt_stacks *pool = lt_stacks_new();
	const char *frames[] = { alloc, fault };
	const struct lt_stack *stack = lt_stacks_add(pool, frames, 2);

	(void)state;
	assert_int_equal(stack->nr, 2);
	assert_ptr_equal(stack->frames[0], alloc);
	assert_ptr_equal(stack->frames[1], fault);
	frames[1] = alloc; /* the pool keeps a copy */
	assert_ptr_equal(stack->frames[1], fault);
	frames[1] = fault;
	assert_ptr_equal(lt_stacks_add(pool, frames, 2), stack);
	lt_stacks_free(pool);
}

static void order_and_depth_count(void **state)
{
	struct lt_stacks *pool = lt_stacks_new();
	const char *const down[] = { alloc, fault }, *const up[] = { fault, alloc };
	const struct lt_stack *stack = lt_stacks_add(pool, down, 2);
	const struct lt_stack *empty = lt_stacks_add(pool, NULL, 0);

	(void)state;
	assert_ptr_not_equal(lt_stacks_add(pool, up, 2), stack);
	assert_ptr_not_equal(lt_stacks_add(pool, down, 1), stack);
	assert_int_equal(empty->nr, 0);
	assert_ptr_equal(lt_stacks_add(pool, NULL, 0), empty);
	lt_stacks_free(pool);
}

static void many_stacks_stay_where_they_are(void **state)
{
	static const char names[1000];
	const struct lt_stack *stacks[1000];
	struct lt_stacks *pool = lt_stacks_new();

	(void)state;
	for (size_t round = 0; round < 2; round++) {
		for (size_t i = 0; i < 1000; i++) {
			const char *const frames[] = { &names[i], &names[i / 2] };
			const struct lt_stack *stack = lt_stacks_add(pool, frames, 2);

			if (round)
				assert_ptr_equal(stack, stacks[i]);
			stacks[i] = stack;
		}
	}
	lt_stacks_free(pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_stacks_are_one_pointer),
		cmocka_unit_test(order_and_depth_count),
		cmocka_unit_test(many_stacks_stay_where_they_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
