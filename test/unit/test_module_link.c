// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/source/module/module_link.c. */
#include "test.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>

#include "source/module/module.h"

/*
 * Refusals, as they would come to a netlink socket: in place of the C library's function, so that
 * who sends them needs no rights. The last one is the kernel's.
 */
static const struct {
	uint32_t sender;
	int err;
} refusals[] = {
	{ 4711, -EXDEV },
	{ 1, -ENOLINK },
	{ 0, -ENOANO },
};

static size_t nr_received;

ssize_t recvfrom(int fd, void *buf, size_t size, int flags, struct sockaddr *from, socklen_t *len)
{
	struct {
		struct nlmsghdr header;
		struct nlmsgerr refusal;
	} message = {
		.header = {
			.nlmsg_len = sizeof(message),
			.nlmsg_type = NLMSG_ERROR,
			.nlmsg_seq = 1,
		},
	};
	struct sockaddr_nl address = { .nl_family = AF_NETLINK };

	(void)fd;
	(void)flags;
	assert_true(nr_received < sizeof(refusals) / sizeof(refusals[0]));
	assert_true(size >= sizeof(message) && *len >= sizeof(address));
	address.nl_pid = refusals[nr_received].sender;
	message.refusal.error = refusals[nr_received].err;
	nr_received++;
	memcpy(from, &address, sizeof(address));
	memcpy(buf, &message, sizeof(message));
	*len = sizeof(address);
	return sizeof(message);
}

/* A process with CAP_NET_ADMIN in the network namespace can send to any netlink socket of it. */
static void only_the_kernel_is_believed(void **state)
{
	struct lt_module_info info;
	struct lt_diag diag = { 0 };

	(void)state;
#ifdef HAVE_MNL
	assert_int_equal(lt_module_info(&info, &diag), -ENOANO);
	assert_int_equal(nr_received, 3);
#else
	assert_int_equal(lt_module_info(&info, &diag), -ENOENT);
	assert_int_equal(nr_received, 0);
#endif
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_the_kernel_is_believed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
