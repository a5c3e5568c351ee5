// SPDX-License-Identifier: GPL-2.0-only
/* Sends netlink messages of random content to the module. */
#define _GNU_SOURCE
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz.h"
#include "ltpin_netlink.h"

struct message {
	struct nlmsghdr nlh;
	struct genlmsghdr genlh;
	char attrs[200];
};

static void put(struct message *msg, int type, const void *data, size_t len)
{
	struct nlattr *attr = (void *)((char *)msg + NLMSG_ALIGN(msg->nlh.nlmsg_len));

	attr->nla_type = (uint16_t)type;
	attr->nla_len = (uint16_t)(NLA_HDRLEN + len);
	memcpy((char *)attr + NLA_HDRLEN, data, len);
	msg->nlh.nlmsg_len = NLMSG_ALIGN(msg->nlh.nlmsg_len) + NLA_ALIGN(attr->nla_len);
}

static struct message new_message(int type, int cmd, int flags)
{
	return (struct message){
		.nlh = {
			.nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN),
			.nlmsg_type = (uint16_t)type,
			.nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags),
		},
		.genlh = { .cmd = (uint8_t)cmd, .version = LTPIN_GENL_VERSION },
	};
}

/* The number of the family; 0 if it is not there. */
static int find_family(int sock)
{
	struct message msg = new_message(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0);
	char buf[8192];
	ssize_t len;
	size_t at;

	put(&msg, CTRL_ATTR_FAMILY_NAME, LTPIN_GENL_NAME, sizeof(LTPIN_GENL_NAME));
	if (send(sock, &msg, msg.nlh.nlmsg_len, 0) < 0)
		return 0;
	len = recv(sock, buf, sizeof(buf), 0);
	for (at = NLMSG_LENGTH(GENL_HDRLEN); len > 0 && at + NLA_HDRLEN < (size_t)len;) {
		const struct nlattr *attr = (void *)(buf + at);
		uint16_t id;

		if (attr->nla_type == CTRL_ATTR_FAMILY_ID) {
			memcpy(&id, buf + at + NLA_HDRLEN, sizeof(id));
			return id;
		}
		if (attr->nla_len < NLA_HDRLEN)
			break;
		at += NLA_ALIGN(attr->nla_len);
	}
	return 0;
}

static void put_any(struct message *msg)
{
	uint64_t value = below(4) ? area_base + below(area_end - area_base) : strange_number();
	size_t len = below(8) ? 8 : below(13);
	char data[16] = "";

	memcpy(data, &value, sizeof(value));
	put(msg, (int)(below(4) ? LTPIN_A_START_PFN + below(3) : below(40)), data,
	    below(4) ? len : 4);
}

/* A range and a filter as they should be. */
static void put_range(struct message *msg)
{
	uint64_t start = area_base + below(1024), end = start + below(4096);
	uint32_t filter = (uint32_t)below(16);

	put(msg, LTPIN_A_START_PFN, &start, sizeof(start));
	put(msg, LTPIN_A_END_PFN, &end, sizeof(end));
	if (below(2))
		put(msg, LTPIN_A_FILTER, &filter, sizeof(filter));
}

static void put_pfn(struct message *msg)
{
	uint64_t pfn = below(8) ? area_base + below(area_end - area_base) : strange_number();

	put(msg, LTPIN_A_START_PFN, &pfn, sizeof(pfn));
}

/* Reads some of what comes, maybe none: the socket may be closed in the middle of a dump. */
static bool read_some(int sock)
{
	char buf[16384];
	bool good = false;

	for (uint64_t left = below(6); left; left--) {
		ssize_t len = recv(sock, buf, 64 + below(sizeof(buf) - 64), MSG_DONTWAIT);
		const struct nlmsghdr *nlh = (void *)buf;

		if (len < (ssize_t)sizeof(*nlh))
			break;
		good = nlh->nlmsg_type != NLMSG_ERROR;
	}
	return good;
}

void message_any(void)
{
	static const enum kind kinds[] = { GARBAGE, INFO, LIST, PAGES, AREAS, FILES };
	int sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	int family = sock < 0 ? 0 : find_family(sock), on = 1;
	int cmd = (int)below(sizeof(kinds) / sizeof(kinds[0]) + 1);
	bool is_do = cmd == LTPIN_CMD_INFO || cmd == LTPIN_CMD_FILE;
	struct message msg;

	if (family) {
		if (below(2))
			setsockopt(sock, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
		msg = new_message(family, below(16) ? cmd : (int)below(256),
				  is_do == !below(16) ? NLM_F_DUMP : 0);
		if (cmd == LTPIN_CMD_PAGES && below(4))
			put_range(&msg);
		else if (cmd == LTPIN_CMD_FILE && below(4))
			put_pfn(&msg);
		else
			for (uint64_t nr = below(4); nr && cmd > LTPIN_CMD_INFO; nr--)
				put_any(&msg);
		if (!below(32))
			msg.nlh.nlmsg_len -= (uint32_t)below(8);
		if (send(sock, &msg, msg.nlh.nlmsg_len, 0) > 0)
			count(kinds[(size_t)cmd % (sizeof(kinds) / sizeof(kinds[0]))],
			      read_some(sock));
	}
	if (sock >= 0)
		close(sock);
}
