// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * As nobody, joins every generic netlink multicast group that the kernel lets it join, and tells
 * what comes:
 *
 *   join prints "ready N" when it is in N groups, then "FAMILY COMMAND LENGTH" for each message
 *   that is not of the family that announces families, until the end of its standard input
 */
#define _GNU_SOURCE
#include <grp.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#define NOBODY 65534
#define NR_GROUPS 1024

static int join_all(int sock)
{
	int nr = 0;

	for (int group = 1; group <= NR_GROUPS; group++)
		nr += !setsockopt(sock, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group));
	return nr;
}

static void print_next(int sock)
{
	static union {
		struct nlmsghdr header;
		char bytes[65536];
	} message;
	ssize_t len = recv(sock, &message, sizeof(message), MSG_DONTWAIT);
	const struct genlmsghdr *genl = NLMSG_DATA(&message.header);

	if (len >= (ssize_t)NLMSG_LENGTH(GENL_HDRLEN) && message.header.nlmsg_type != GENL_ID_CTRL)
		printf("%d %d %zd\n", message.header.nlmsg_type, genl->cmd, len);
}

int main(void)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK };
	struct pollfd fds[2] = { { .fd = STDIN_FILENO }, { .events = POLLIN } };

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (setgroups(0, NULL) || setresgid(NOBODY, NOBODY, NOBODY) ||
	    setresuid(NOBODY, NOBODY, NOBODY))
		return 2;
	fds[1].fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
	if (fds[1].fd < 0 || bind(fds[1].fd, (void *)&addr, sizeof(addr)))
		return 2;
	printf("ready %d\n", join_all(fds[1].fd));
	while (poll(fds, 2, -1) > 0 && !(fds[0].revents & POLLHUP))
		if (fds[1].revents)
			print_next(fds[1].fd);
	return 0;
}
