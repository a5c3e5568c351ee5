// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Listens to the helper module's multicast group; LTPIN_CMD_BLOCKER in uapi/ltpin_netlink.h is the
 * grammar: one message a datagram. A message that makes no sense is passed over and counted as lost.
 */
#include "source/module/module_events.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "source/module/module.h"

#ifdef HAVE_MNL

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <sys/socket.h>

#include "source/module/module_link.h"

/* For 5000 events on their way: they come in storms. */
#define QUEUE_BYTES (4 << 20)

/**
 * struct lt_module_events - a listener
 * @next_seq:	 number that the next message should have
 * @nr_lost:	 messages whose numbers were missing
 * @has_overrun: the socket's queue was full since then; the next number will tell how often
 */
struct lt_module_events {
	struct lt_module_link link;
	uint64_t next_seq, nr_lost;
	bool has_overrun;
};

static int join(struct lt_module_link *link)
{
	int group = (int)link->group, bytes = QUEUE_BYTES;
	int fd = mnl_socket_get_fd(link->socket);

	/* Without CAP_NET_ADMIN the queue stays as short as the system allows. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
	if (mnl_socket_setsockopt(link->socket, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)) < 0)
		return -errno;
	return 0;
}

int lt_module_events_open(struct lt_module_events **out, struct lt_diag *diag)
{
	struct lt_module_events *events = calloc(1, sizeof(*events));
	struct lt_module_info info;
	int err;

	if (!events)
		return -ENOMEM;
	err = lt_module_link_open(&events->link, &info, diag);
	if (err) {
		free(events);
		return err;
	}
	events->next_seq = info.next_blocker;
	err = -EOPNOTSUPP;
	if (info.caps & LTPIN_CAP_BLOCKERS && events->link.group)
		err = join(&events->link);
	if (err) {
		lt_module_events_close(events);
		return err;
	}
	*out = events;
	return 0;
}

void lt_module_events_close(struct lt_module_events *events)
{
	if (events)
		lt_module_link_close(&events->link);
	free(events);
}

int lt_module_events_fd(const struct lt_module_events *events)
{
	return mnl_socket_get_fd(events->link.socket);
}

/* Its size, 0 for what does not come from the module, negative errno; -EAGAIN if there is none. */
static ssize_t receive(struct lt_module_link *link)
{
	struct sockaddr_nl from = { 0 };
	socklen_t from_len = sizeof(from);
	ssize_t got = recvfrom(mnl_socket_get_fd(link->socket), link->buf.bytes,
			       sizeof(link->buf.bytes), MSG_DONTWAIT, (struct sockaddr *)&from,
			       &from_len);

	if (got < 0)
		return -errno;
	if (from.nl_pid || got < (ssize_t)sizeof(link->buf.header) ||
	    link->buf.header.nlmsg_type != link->family)
		return 0;
	return got;
}

static void count(struct lt_module_events *events, uint64_t seq)
{
	if (seq > events->next_seq) {
		events->nr_lost += seq - events->next_seq;
		events->has_overrun = false;
	}
	events->next_seq = seq + 1;
}

int lt_module_events_next(struct lt_module_events *events, struct lt_blocker_event *out)
{
	for (;;) {
		ssize_t got = receive(&events->link);
		uint64_t seq;

		if (got == -EAGAIN)
			return 0;
		if (got == -ENOBUFS)
			events->has_overrun = true;
		else if (got < 0 && got != -EINTR)
			return (int)got;
		if (got <= 0 || lt_blocker_event_parse(events->link.buf.bytes, (size_t)got, &seq,
						       out))
			continue;
		count(events, seq);
		return 1;
	}
}

uint64_t lt_module_events_lost(const struct lt_module_events *events)
{
	return events->nr_lost + events->has_overrun;
}

int lt_blocker_event_parse(const void *message, size_t len, uint64_t *seq,
			   struct lt_blocker_event *out)
{
	const struct nlmsghdr *nlh = message;
	struct lt_blocker_event event = { 0 };
	struct lt_module_attrs attrs;
	const struct nlattr *folio;
	uint64_t number;

	if (len > INT_MAX || !mnl_nlmsg_ok(nlh, (int)len) ||
	    mnl_nlmsg_get_payload_len(nlh) < sizeof(struct genlmsghdr) ||
	    ((const struct genlmsghdr *)mnl_nlmsg_get_payload(nlh))->cmd != LTPIN_CMD_BLOCKER)
		return -EBADMSG;
	lt_module_attrs_parse(nlh, &attrs);
	if (!lt_module_attrs_u64(&attrs, LTPIN_A_SEQ, &number) ||
	    !lt_module_attrs_u64(&attrs, LTPIN_A_TS_NS, &event.ts_ns) ||
	    !lt_module_attrs_u32(&attrs, LTPIN_A_PID, &event.pid) ||
	    !lt_module_attrs_u32(&attrs, LTPIN_A_TID, &event.tid) ||
	    !lt_module_attrs_string(&attrs, LTPIN_A_COMM, event.comm, sizeof(event.comm)) ||
	    !lt_module_attrs_u64(&attrs, LTPIN_A_START_PFN, &event.pfns.start_pfn) ||
	    !lt_module_attrs_u64(&attrs, LTPIN_A_END_PFN, &event.pfns.end_pfn) ||
	    !lt_module_attrs_u64(&attrs, LTPIN_A_PFN, &event.pfn))
		return -EBADMSG;
	folio = attrs.v[LTPIN_A_PAGES];
	if (folio) {
		if (mnl_attr_get_payload_len(folio) != LT_MODULE_FOLIO_SIZE)
			return -EBADMSG;
		event.folio = lt_module_folio(mnl_attr_get_payload(folio));
	}
	*seq = number;
	*out = event;
	return 0;
}

#else /* !HAVE_MNL */

int lt_module_events_open(struct lt_module_events **out, struct lt_diag *diag)
{
	(void)out;
	return lt_module_info(NULL, diag);
}

void lt_module_events_close(struct lt_module_events *events)
{
	(void)events;
}

int lt_module_events_fd(const struct lt_module_events *events)
{
	(void)events;
	return -1;
}

int lt_module_events_next(struct lt_module_events *events, struct lt_blocker_event *out)
{
	(void)events;
	(void)out;
	return -ENOENT;
}

uint64_t lt_module_events_lost(const struct lt_module_events *events)
{
	(void)events;
	return 0;
}

int lt_blocker_event_parse(const void *message, size_t len, uint64_t *seq,
			   struct lt_blocker_event *out)
{
	(void)message;
	(void)len;
	(void)seq;
	(void)out;
	return -ENOENT;
}

#endif
