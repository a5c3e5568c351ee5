// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/source/klog/klog_live.c. */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "source/klog/klog_live.h"

static void check(const char *const *records, size_t nr, const char *wanted)
{
	struct lt_buf buf;
	int fds[2];

	/* As /dev/kmsg: a record each read(), and -EAGAIN behind the last. */
	assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, fds), 0);
	for (size_t i = 0; i < nr; i++)
		assert_int_equal(write(fds[1], records[i], strlen(records[i])), strlen(records[i]));
	assert_int_equal(lt_klog_read_kmsg(fds[0], &buf), 0);
	if (buf.len != strlen(wanted) || memcmp(buf.data, wanted, buf.len))
		fail_msg("\"%.*s\" instead of \"%s\"", (int)buf.len, buf.data, wanted);
	free(buf.data);
	close(fds[0]);
	close(fds[1]);
}

#define CHECK(wanted, ...)                                                      \
	do {                                                                    \
		static const char *const records[] = { __VA_ARGS__ };           \
		check(records, sizeof(records) / sizeof(records[0]), (wanted)); \
	} while (0)

static void records_are_lines_of_syslog(void **state)
{
	(void)state;
	CHECK("<6>[    0.000000] cma: Reserved 16 MiB at 0x1000\n"
	      "<12>[ 1234.056789] of a user\n",
	      "6,0,0,-;cma: Reserved 16 MiB at 0x1000\n", "12,77,1234056789,c;of a user\n");
	/* a device's record says whose it is below the text */
	CHECK("<3>[    1.000002] one\n", "3,5,1000002,-;one\n SUBSYSTEM=pci\n DEVICE=+pci:0\n");
	CHECK("<3>[    1.000002][   T77] one\n", "3,5,1000002,-,caller=T77;one\n");
	CHECK("<3>[    1.000002][    C0] one\n", "3,5,1000002,-,caller=C0,more=1;one\n");
}

static void escapes_are_taken_back(void **state)
{
	(void)state;
	CHECK("<6>[    2.000000] first\n<6>[    2.000000] second\n",
	      "6,1,2000000,-;first\\x0asecond\n");
	CHECK("<6>[    2.000000] a\\b\xff\n", "6,1,2000000,-;a\\x5cb\\xff\n");
	CHECK("<6>[    2.000000] ends\n\n", "6,1,2000000,-;ends\\x0a\n");
	CHECK("<6>[    2.000000] \\x4 \\y20 \\xzz \\\n", "6,1,2000000,-;\\x4 \\y20 \\xzz \\\n");
}

static void what_is_no_record_is_left_out(void **state)
{
	(void)state;
	CHECK("<6>[    2.000000] good\n", "nothing\n", "6,1;short\n", "x,1,2,-;no level\n", ";\n",
	      "6,1,2000000,-;good\n");
}

static void an_empty_ring_is_an_empty_log(void **state)
{
	(void)state;
	check(NULL, 0, "");
}

static void what_cannot_be_read_is_said(void **state)
{
	struct lt_buf buf;
	int fd = open("/", O_RDONLY | O_DIRECTORY);

	(void)state;
	assert_int_equal(lt_klog_read_kmsg(fd, &buf), -EISDIR);
	close(fd);
}

static struct lt_buf text(char *of)
{
	return (struct lt_buf){ .data = of, .len = strlen(of) };
}

static void the_one_that_tells_more(void **state)
{
	char one[] = "<6>[    2.0] a\n", two[] = "<6>[    1.0] b\n<6>[    2.0] a\n", none[] = "";
	const struct lt_buf no = text(none), short_one = text(one), long_one = text(two);

	(void)state;
	/* after "dmesg -c", and after it with a message since */
	assert_true(lt_klog_kmsg_is_more(&long_one, &no));
	assert_true(lt_klog_kmsg_is_more(&long_one, &short_one));
	assert_false(lt_klog_kmsg_is_more(&long_one, &long_one));
	assert_false(lt_klog_kmsg_is_more(&short_one, &long_one)); /* printed meanwhile */
	assert_false(lt_klog_kmsg_is_more(&no, &no));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_are_lines_of_syslog),
		cmocka_unit_test(escapes_are_taken_back),
		cmocka_unit_test(what_is_no_record_is_left_out),
		cmocka_unit_test(an_empty_ring_is_an_empty_log),
		cmocka_unit_test(what_cannot_be_read_is_said),
		cmocka_unit_test(the_one_that_tells_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
