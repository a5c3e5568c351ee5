/* SPDX-License-Identifier: GPL-2.0-only */
/* The module's two interfaces, as a program uses them. Requests return 0 or -errno. */
#ifndef LTPIN_TEST_CLIENT_H
#define LTPIN_TEST_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ltpin_ioctl.h"
#include "ltpin_netlink.h"

/* --- the device --- */

/* Opened by client_init(), for tests that need no other. */
extern int device;

void client_init(void);
int open_device(void);
int request(int fd, unsigned long cmd, void *arg);
int pin(int fd, const char *p, uint32_t nr_pages, uint32_t flags, uint64_t *pfns, uint32_t *id);
int unpin(int fd, uint32_t id);
int alloc(int fd, uint32_t nr_pages, uint64_t base, uint64_t end, uint64_t *pfn, uint32_t *id);
int release(int fd, uint32_t id);

/* Whether single pages of the default area can be had. */
bool has_single_pages(void);

/* Puts so many free pages of the area at the head of this CPU's list: the next faults get them. */
void prime_area(size_t nr_pages);

/* --- netlink --- */

/* A command with one attribute, or with none if @type is 0; the reply is ignored. */
int ask_with(int cmd, bool dump, int type, const void *data, size_t len);

/* From here on by a socket opened with our present privileges. */
void reopen_netlink(void);

struct info {
	uint32_t abi, page_shift;
	uint64_t caps, max_pages, max_alloc_pages, pinned, allocated, next_blocker;
	char version[32];
};

struct info get_info(void);

/* A parameter of the module: max_pages, max_alloc_pages. */
void set_limit(const char *name, uint64_t pages);

/* Passes if nobody holds anything. */
void nothing_held(const char *when);

struct pages {
	struct ltpin_page_state *state; /* to be freed */
	size_t nr;
	size_t nr_messages;
};

int dump_pages(uint64_t start, uint64_t end, uint32_t filter, struct pages *pages);
struct ltpin_page_state page_state(uint64_t pfn);
void print_state(const struct ltpin_page_state *s);

/* Asks a descriptor of the device for what blocks. */
int listen_to(int fd);

/* A descriptor that listens and never waits, or -errno. */
int open_listener(void);

/* The next record of it: 1, or 0 if none comes within the time, or -errno. */
int next_blocker(int fd, int timeout_ms, struct ltpin_blocker *blocker);

/* The list's sums, and its last hold. */
struct list {
	unsigned int nr_messages, nr_holds, nr_more;
	uint32_t id, kind, flags, pid;
	uint64_t nr_pages, ts_ns, listed_pages, nr_runs;
	char comm[32];
	const uint64_t *pfns; /* if not NULL, what the runs must be */
	bool wrong;	      /* they are not */
};

struct list get_list(const uint64_t *pfns);

/* What LTPIN_CMD_AREAS tells, and of the area that has PFN @wanted. */
struct areas {
	uint64_t wanted;
	unsigned int nr, nr_nameless, nr_wrong; /* wrong: the runs are not the size */
	uint64_t base, end;			/* of the wanted one, if it is one run */
	struct ltpin_attempts attempts;		/* of the wanted one */
};

int get_areas(struct areas *areas);

/* What LTPIN_CMD_FILE tells; "" and -1 for what it does not. */
struct file_reply {
	int err;
	uint64_t pfn, inode, index;
	uint32_t dev;
	char fs_type[32], fs_id[32], path[2048];
	bool is_deleted, is_block_device;
	int nr_buffers, nr_held, nr_journal;
};

struct file_reply get_file(uint64_t pfn);

#endif
