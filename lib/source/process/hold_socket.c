// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Finds sockets whose data may lie in the memory of the process that sent it.
 *
 * With MSG_ZEROCOPY (4.14) send(2) takes references on the pages of the process; they stay until the
 * peer has acknowledged the data, for ever if it stalls. A socket must be allowed to by SO_ZEROCOPY,
 * which no file and no diagnostic message of the kernel shows: pidfd_getfd(2) (5.6) gives a copy of
 * the descriptor, for a moment, and that is asked. SIOCOUTQ (tcp(7)) has the bytes that are not
 * acknowledged, whether they were copied or not.
 */
#include <errno.h>
#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/text.h"
#include "source/process/hold.h"

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif

static bool parse_link(const char *link, uint64_t *inode)
{
	struct lt_text text;

	lt_text_init(&text, link, strlen(link));
	return lt_text_literal(&text, "socket:[") && lt_text_u64(&text, inode) &&
	       lt_text_literal(&text, "]") && lt_text_at_end(&text);
}

static int get_descriptor(int pid, int fd)
{
	int process = (int)syscall(SYS_pidfd_open, pid, 0), copy;

	if (process < 0)
		return -1;
	copy = (int)syscall(SYS_pidfd_getfd, process, fd, 0);
	close(process);
	return copy;
}

/* Bytes that the peer of a socket with SO_ZEROCOPY has not acknowledged; unknown if it has none. */
static struct lt_num get_queue(int fd, uint64_t inode)
{
	struct stat st;
	int zerocopy = 0, nr = 0;
	socklen_t len = sizeof(zerocopy);

	/* The number of the descriptor may have been given to another file meanwhile. */
	if (fstat(fd, &st) || !S_ISSOCK(st.st_mode) || st.st_ino != inode)
		return (struct lt_num){ 0 };
	if (getsockopt(fd, SOL_SOCKET, SO_ZEROCOPY, &zerocopy, &len) || !zerocopy)
		return (struct lt_num){ 0 };
	if (ioctl(fd, SIOCOUTQ, &nr) || nr <= 0)
		return (struct lt_num){ 0 };
	return lt_num((uint64_t)nr);
}

static int look_at_descriptor(struct lt_hold_search *search, const char *fd, const char *link)
{
	struct lt_pin_hint hint = { .kind = LT_HINT_SOCKET };
	struct lt_text text;
	uint64_t number, inode;
	int copy;

	lt_text_init(&text, fd, strlen(fd));
	if (!search->maps_held || !parse_link(link, &inode) || !lt_text_u64(&text, &number))
		return 0;
	copy = get_descriptor(search->pid, (int)number);
	if (copy < 0)
		return 0; /* closed meanwhile, or we may not */
	hint.inode = lt_num(inode);
	hint.nr_bytes = get_queue(copy, inode);
	close(copy);
	return hint.nr_bytes.known ? lt_hold_add(search, &hint) : 0;
}

const struct lt_hold_kind lt_hold_socket = { .descriptor = look_at_descriptor };
