// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Listens to the helper module: read() of /dev/ltpin after LTPIN_IOC_LISTEN gives one or more
 * struct ltpin_blocker of uapi/ltpin_ioctl.h. A record that makes no sense is passed over and
 * counted as lost.
 */
#include "source/module/module_events.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "source/module/module.h"
#include "source/module/module_folio.h"
#include "uapi/ltpin_ioctl.h"

#define DEVICE "/dev/" LTPIN_DEVICE
#define RECORD_SIZE sizeof(struct ltpin_blocker)

/* Records that one read() takes: they come in storms. */
#define NR_RECORDS 64

/**
 * struct lt_module_events - a listener
 * @records:  what the last read() gave; those from @at to @end are still to be told, in bytes
 * @next_seq: number that the next record should have
 * @nr_lost:  records whose numbers were missing
 */
struct lt_module_events {
	int fd;
	char records[NR_RECORDS * RECORD_SIZE];
	size_t at, end;
	uint64_t next_seq, nr_lost;
};

/* A module of another version would give other records: ask first. */
static int check_module(struct lt_diag *diag)
{
	struct lt_module_info info;
	int err = lt_module_info(&info, diag);

	if (!err && !(info.caps & LTPIN_CAP_BLOCKERS)) {
		lt_diag_set(diag, "this kernel does not say which page an allocation fails on "
				  "(CONFIG_TRACEPOINTS)");
		err = -EOPNOTSUPP;
	}
	return err;
}

static int start(struct lt_module_events *events, const struct lt_root *root, struct lt_diag *diag)
{
	__u64 first;
	int err = 0;

	events->fd = lt_root_openat(root, DEVICE, O_RDWR | O_NONBLOCK);
	if (events->fd < 0)
		err = events->fd;
	else if (ioctl(events->fd, LTPIN_IOC_LISTEN, &first))
		err = -errno;
	if (err)
		lt_diag_set(diag, DEVICE ": %s", strerror(-err));
	else
		events->next_seq = first;
	return err;
}

int lt_module_events_open(const struct lt_root *root, struct lt_module_events **out,
			  struct lt_diag *diag)
{
	struct lt_module_events *events;
	int err = check_module(diag);

	if (err)
		return err;
	events = calloc(1, sizeof(*events));
	if (!events)
		return -ENOMEM;
	err = start(events, root, diag);
	if (err)
		lt_module_events_close(events);
	else
		*out = events;
	return err;
}

void lt_module_events_close(struct lt_module_events *events)
{
	if (events && events->fd >= 0)
		close(events->fd);
	free(events);
}

int lt_module_events_fd(const struct lt_module_events *events)
{
	return events->fd;
}

/* 1 if there are records now, 0 if none came, negative errno. */
static int refill(struct lt_module_events *events)
{
	ssize_t got = read(events->fd, events->records, sizeof(events->records));
	int err = errno;

	if (got < 0)
		return err == EAGAIN || err == EINTR ? 0 : -err;
	events->at = 0;
	events->end = (size_t)got;
	return got > 0;
}

int lt_module_events_next(struct lt_module_events *events, struct lt_blocker_event *out)
{
	for (;;) {
		const char *record = events->records + events->at;
		uint64_t seq;
		int ret;

		if (events->end - events->at < RECORD_SIZE) {
			ret = refill(events);
			if (ret <= 0)
				return ret;
			continue;
		}
		events->at += RECORD_SIZE;
		if (lt_blocker_event_parse(record, RECORD_SIZE, &seq, out))
			continue;
		if (seq > events->next_seq)
			events->nr_lost += seq - events->next_seq;
		events->next_seq = seq + 1;
		return 1;
	}
}

uint64_t lt_module_events_lost(const struct lt_module_events *events)
{
	return events->nr_lost;
}

int lt_blocker_event_parse(const void *record, size_t len, uint64_t *seq,
			   struct lt_blocker_event *out)
{
	struct ltpin_blocker blocker;
	struct lt_blocker_event event;

	if (len != sizeof(blocker))
		return -EBADMSG;
	memcpy(&blocker, record, sizeof(blocker));
	if (blocker.start_pfn >= blocker.end_pfn || blocker.pfn < blocker.start_pfn ||
	    blocker.pfn >= blocker.end_pfn)
		return -EBADMSG;
	event = (struct lt_blocker_event){
		.ts_ns = blocker.ts_ns,
		.pid = blocker.pid,
		.tid = blocker.tid,
		.pfns = { blocker.start_pfn, blocker.end_pfn },
		.pfn = blocker.pfn,
	};
	memcpy(event.comm, blocker.comm, sizeof(blocker.comm));
	if (blocker.state.nr_pages)
		event.folio = lt_module_folio(&blocker.state);
	*seq = blocker.seq;
	*out = event;
	return 0;
}
