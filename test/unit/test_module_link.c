// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/source/module/module_link.c. */
#include "test.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>

#include "source/module/module.h"
#include "uapi/ltpin_netlink.h"

/* What comes to the socket, in place of the C library's function: so who sends it needs no rights. */
struct message {
	uint32_t sender;
	struct {
		struct nlmsghdr header;
		union {
			struct nlmsgerr refusal;
			struct {
				struct genlmsghdr genl;
				struct nlattr attr;
				uint32_t value;
			} answer;
		};
	} datagram;
};

static const struct message *script;
static size_t nr_scripted, nr_received;

static struct message refusal(uint32_t sender, uint32_t seq, int err)
{
	return (struct message){
		.sender = sender,
		.datagram = {
			.header = {
				.nlmsg_len = NLMSG_LENGTH(sizeof(struct nlmsgerr)),
				.nlmsg_type = NLMSG_ERROR,
				.nlmsg_seq = seq,
			},
			.refusal.error = err,
		},
	};
}

static struct message answer(uint32_t seq, uint16_t type, size_t len, uint32_t value)
{
	return (struct message){
		.datagram = {
			.header = {
				.nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN + NLA_HDRLEN + 4),
				.nlmsg_type = NLMSG_MIN_TYPE,
				.nlmsg_seq = seq,
			},
			.answer = {
				.attr = { .nla_type = type, .nla_len = (uint16_t)(NLA_HDRLEN + len) },
				.value = value,
			},
		},
	};
}

ssize_t recvfrom(int fd, void *buf, size_t size, int flags, struct sockaddr *from, socklen_t *len)
{
	const struct message *message = &script[nr_received];
	struct sockaddr_nl address = { .nl_family = AF_NETLINK };

	(void)fd;
	(void)flags;
	assert_true(nr_received < nr_scripted);
	assert_true(size >= sizeof(message->datagram) && *len >= sizeof(address));
	nr_received++;
	address.nl_pid = message->sender;
	memcpy(from, &address, sizeof(address));
	memcpy(buf, &message->datagram, sizeof(message->datagram));
	*len = sizeof(address);
	return message->datagram.header.nlmsg_len < sizeof(message->datagram)
		       ? (ssize_t)message->datagram.header.nlmsg_len
		       : (ssize_t)sizeof(message->datagram);
}

/* Without libmnl nothing is asked. */
static void assert_info(const struct message *messages, size_t nr, int err, struct lt_diag *diag)
{
	struct lt_module_info info;

	script = messages;
	nr_scripted = nr;
	nr_received = 0;
#ifdef HAVE_MNL
	assert_int_equal(lt_module_info(&info, diag), err);
	assert_int_equal(nr_received, nr);
#else
	(void)err;
	assert_int_equal(lt_module_info(&info, diag), -ENOENT);
	assert_int_equal(nr_received, 0);
#endif
}

/* A process with CAP_NET_ADMIN in the network namespace can send to any netlink socket of it. */
static void only_the_kernel_is_believed(void **state)
{
	const struct message messages[] = {
		refusal(4711, 1, -EXDEV),
		refusal(1, 1, -ENOLINK),
		refusal(0, 1, -ENOANO),
	};
	struct lt_diag diag = { 0 };

	(void)state;
	assert_info(messages, 3, -ENOANO, &diag);
}

/* One that says to be longer than what came is none; libmnl 1.0.4 counts with a sign. */
static void a_length_beyond_the_datagram_is_refused(void **state)
{
	struct message messages[] = {
		refusal(0, 1, -EXDEV),
		refusal(0, 1, -ENOLINK),
		refusal(0, 1, -ENOANO),
	};
	struct lt_diag diag = { 0 };

	(void)state;
	messages[0].datagram.header.nlmsg_len = 0x80000010u;
	messages[1].datagram.header.nlmsg_len = UINT32_MAX;
	assert_info(messages, 3, -ENOANO, &diag);
}

/* An older program says the same to this module: the attribute has kept its number. */
static void a_module_of_another_version_is_refused(void **state)
{
	const uint32_t versions[] = { LTPIN_GENL_VERSION - 1, LTPIN_GENL_VERSION + 1 };

	(void)state;
	assert_int_equal(LTPIN_A_ABI_VERSION, 2);
	for (int i = 0; i < 2; i++) {
		const struct message messages[] = {
			answer(1, CTRL_ATTR_FAMILY_ID, sizeof(uint16_t), 0x1a),
			refusal(0, 1, 0),
			answer(2, LTPIN_A_ABI_VERSION, sizeof(uint32_t), versions[i]),
		};
		struct lt_diag diag = { 0 };

		if (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__)
			continue;
		assert_info(messages, 3, -EPROTO, &diag);
#ifdef HAVE_MNL
		assert_non_null(strstr(diag.why, "another version"));
#endif
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_the_kernel_is_believed),
		cmocka_unit_test(a_length_beyond_the_datagram_is_refused),
		cmocka_unit_test(a_module_of_another_version_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
