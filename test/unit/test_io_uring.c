// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/source/process/io_uring.c. */
#include "test.h"

#include "source/process/io_uring.h"

static int parse(const char *text, struct lt_io_uring *out)
{
	return lt_io_uring_parse(text, strlen(text), 4096, out);
}

static void buffers_are_counted_in_pages(void **state)
{
	struct lt_buf buf = test_file(MALFORMED "process/io_uring");
	struct lt_io_uring ring;

	(void)state;
	assert_int_equal(lt_io_uring_parse(buf.data, buf.len, 4096, &ring), 1);
	assert_int_equal(ring.nr_buffers, 3);
	/* 32 bytes across a border, an empty slot, 2 MiB */
	assert_num(ring.nr_pages, 2 + 512);
	assert_int_equal(lt_io_uring_parse(buf.data, buf.len, 65536, &ring), 1);
	assert_num(ring.nr_pages, 1 + 32);
	free(buf.data);
}

static void a_ring_without_buffers_pins_nothing(void **state)
{
	struct lt_io_uring ring;

	(void)state;
	assert_int_equal(parse("UserFiles:\t0\nUserBufs:\t0\nPollList:\n", &ring), 1);
	assert_int_equal(ring.nr_buffers, 0);
	assert_num(ring.nr_pages, 0);
}

static void a_busy_ring_does_not_tell_sizes(void **state)
{
	struct lt_io_uring ring;

	(void)state;
	assert_int_equal(parse("UserBufs:\t2\nPollList:\n", &ring), 1);
	assert_int_equal(ring.nr_buffers, 2);
	assert_unknown(ring.nr_pages);
	assert_int_equal(parse("UserBufs:\t2\n    0: 0x1000/4096\n", &ring), 1);
	assert_unknown(ring.nr_pages);
}

static void others_are_no_rings(void **state)
{
	static const char *const others[] = {
		"",
		"pos:\t0\nflags:\t02\nmnt_id:\t13\n",
		"UserBufs:\n",
		"UserBufs:\tmany\n",
		"UserBufs:\t1x\n",
		" UserBufs:\t1\n",
	};
	struct lt_io_uring ring = { .nr_buffers = 7 };

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_int_equal(parse(others[i], &ring), 0);
	assert_int_equal(ring.nr_buffers, 7);
}

static void nonsense_has_no_size(void **state)
{
	static const char *const slots[] = {
		"    0: 0x1000/0\n", "    0: 0xffffffffffffffff/2\n", "    0: 0x1000/4096x\n",
		"    0: 0x1000\n",   "    0 0x1000/4096\n",	      "    0: <none>x\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(slots) / sizeof(slots[0]); i++) {
		struct lt_io_uring ring;
		char text[64];

		snprintf(text, sizeof(text), "UserBufs:\t1\n%s", slots[i]);
		assert_int_equal(parse(text, &ring), 1);
		assert_unknown(ring.nr_pages);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(buffers_are_counted_in_pages),
		cmocka_unit_test(a_ring_without_buffers_pins_nothing),
		cmocka_unit_test(a_busy_ring_does_not_tell_sizes),
		cmocka_unit_test(others_are_no_rings),
		cmocka_unit_test(nonsense_has_no_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
