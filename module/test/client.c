// SPDX-License-Identifier: GPL-2.0-only
/* Speaks to the helper module for its tests: device and netlink. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client.h"
#include "system.h"
#include "tap.h"

int device;

static int netlink, family;

/* --- the device --- */

int open_device(void)
{
	int fd = open("/dev/" LTPIN_DEVICE, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		bail("/dev/" LTPIN_DEVICE);
	return fd;
}

int request(int fd, unsigned long cmd, void *arg)
{
	return ioctl(fd, cmd, arg) ? -errno : 0;
}

int pin(int fd, const char *p, uint32_t nr_pages, uint32_t flags, uint64_t *pfns, uint32_t *id)
{
	struct ltpin_ioc_pin arg = {
		.addr = (uintptr_t)p,
		.pfns = (uintptr_t)pfns,
		.nr_pages = nr_pages,
		.flags = flags,
	};
	int err = request(fd, LTPIN_IOC_PIN, &arg);

	if (!err && id)
		*id = arg.id;
	return err;
}

int alloc(int fd, uint32_t nr_pages, uint64_t base, uint64_t end, uint64_t *pfn, uint32_t *id)
{
	struct ltpin_ioc_alloc arg = { .nr_pages = nr_pages, .base_pfn = base, .end_pfn = end };
	int err = request(fd, LTPIN_IOC_ALLOC, &arg);

	if (!err && pfn)
		*pfn = arg.pfn;
	if (!err && id)
		*id = arg.id;
	return err;
}

int unpin(int fd, uint32_t id)
{
	return request(fd, LTPIN_IOC_UNPIN, &id);
}

int release(int fd, uint32_t id)
{
	return request(fd, LTPIN_IOC_RELEASE, &id);
}

bool has_single_pages(void)
{
	return get_info().caps & (LTPIN_CAP_ALLOC_SINGLE | LTPIN_CAP_AREAS);
}

void prime_area(size_t nr_pages)
{
	size_t pages_each = has_single_pages() ? 1 : 2;

	stay_on(0);
	for (size_t i = 0; i < nr_pages / pages_each; i++)
		alloc(device, pages_each, area_base, area_end, NULL, NULL);
	is(get_info().allocated, nr_pages, "prime: allocated page by page");
	release(device, LTPIN_ID_ALL);
}

/* --- netlink --- */

struct message {
	struct nlmsghdr nlh;
	struct genlmsghdr genlh;
	char attrs[256];
};

/* Called for each message of a reply; attributes by type, NULL if absent. */
typedef void (*handler)(const struct nlattr **attrs, const struct nlmsghdr *nlh, void *data);

static void *payload(const struct nlattr *attr)
{
	return (char *)attr + NLA_HDRLEN;
}

static size_t payload_len(const struct nlattr *attr)
{
	return attr->nla_len - NLA_HDRLEN;
}

static uint32_t u32_of(const struct nlattr *attr)
{
	uint32_t value = ~0U;

	if (attr)
		memcpy(&value, payload(attr), sizeof(value));
	return value;
}

static uint64_t u64_of(const struct nlattr *attr)
{
	uint64_t value = ~0ULL;

	if (attr)
		memcpy(&value, payload(attr), sizeof(value));
	return value;
}

static void put(struct message *msg, int type, const void *data, size_t len)
{
	struct nlattr *attr = (void *)((char *)msg + NLMSG_ALIGN(msg->nlh.nlmsg_len));

	attr->nla_type = type;
	attr->nla_len = NLA_HDRLEN + len;
	memcpy(payload(attr), data, len);
	msg->nlh.nlmsg_len = NLMSG_ALIGN(msg->nlh.nlmsg_len) + NLA_ALIGN(attr->nla_len);
}

static void prepare(struct message *msg, int type, int cmd, int flags)
{
	memset(msg, 0, sizeof(*msg));
	msg->nlh.nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN);
	msg->nlh.nlmsg_type = type;
	msg->nlh.nlmsg_flags = NLM_F_REQUEST | flags;
	msg->genlh.cmd = cmd;
	msg->genlh.version = LTPIN_GENL_VERSION;
}

/* By type; those that are not there stay as they are. */
static void take_attrs(const char *at, const char *end, const struct nlattr *attrs[64])
{
	while (at + NLA_HDRLEN <= end) {
		const struct nlattr *attr = (const void *)at;

		if ((attr->nla_type & NLA_TYPE_MASK) < 64)
			attrs[attr->nla_type & NLA_TYPE_MASK] = attr;
		at += NLA_ALIGN(attr->nla_len);
	}
}

static void handle(const struct nlmsghdr *nlh, handler each, void *data)
{
	const struct nlattr *attrs[64] = { NULL };

	take_attrs((const char *)nlh + NLMSG_LENGTH(GENL_HDRLEN),
		   (const char *)nlh + nlh->nlmsg_len, attrs);
	each(attrs, nlh, data);
}

/* Sends a request and handles the replies. 0 or -errno. */
static int ask(int sock, struct message *msg, handler each, void *data)
{
	static char buf[65536];
	bool dump = msg->nlh.nlmsg_flags & NLM_F_DUMP;

	if (send(sock, msg, msg->nlh.nlmsg_len, 0) < 0)
		return -errno;
	for (;;) {
		ssize_t len = recv(sock, buf, sizeof(buf), 0);
		struct nlmsghdr *nlh = (void *)buf;

		if (len < 0)
			return -errno;
		for (; NLMSG_OK(nlh, len); nlh = NLMSG_NEXT(nlh, len)) {
			if (nlh->nlmsg_type == NLMSG_ERROR || nlh->nlmsg_type == NLMSG_DONE)
				return *(int *)NLMSG_DATA(nlh);
			handle(nlh, each, data);
			if (!dump)
				return 0;
		}
	}
}

static int open_netlink(void)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK };
	int sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);

	if (sock < 0 || bind(sock, (void *)&addr, sizeof(addr)))
		bail("netlink");
	return sock;
}

static void got_family(const struct nlattr **attrs, const struct nlmsghdr *nlh, void *data)
{
	(void)nlh;
	(void)data;
	if (attrs[CTRL_ATTR_FAMILY_ID])
		family = *(uint16_t *)payload(attrs[CTRL_ATTR_FAMILY_ID]);
}

static void find_family(void)
{
	struct message msg;

	prepare(&msg, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0);
	put(&msg, CTRL_ATTR_FAMILY_NAME, LTPIN_GENL_NAME, sizeof(LTPIN_GENL_NAME));
	errno = -ask(netlink, &msg, got_family, NULL);
	if (errno || !family)
		bail("family ltpin");
}

static void ignore(const struct nlattr **attrs, const struct nlmsghdr *nlh, void *data)
{
	(void)attrs;
	(void)nlh;
	(void)data;
}

int ask_with(int cmd, bool dump, int type, const void *data, size_t len)
{
	struct message msg;

	prepare(&msg, family, cmd, dump ? NLM_F_DUMP : 0);
	if (type)
		put(&msg, type, data, len);
	return ask(netlink, &msg, ignore, NULL);
}

void reopen_netlink(void)
{
	close(netlink);
	netlink = open_netlink();
}

static void got_info(const struct nlattr **attrs, const struct nlmsghdr *nlh, void *data)
{
	struct info *info = data;

	(void)nlh;
	info->abi = u32_of(attrs[LTPIN_A_ABI_VERSION]);
	info->page_shift = u32_of(attrs[LTPIN_A_PAGE_SHIFT]);
	info->caps = u64_of(attrs[LTPIN_A_CAPS]);
	info->max_pages = u64_of(attrs[LTPIN_A_MAX_PAGES]);
	info->max_alloc_pages = u64_of(attrs[LTPIN_A_MAX_ALLOC_PAGES]);
	info->pinned = u64_of(attrs[LTPIN_A_PAGES_PINNED]);
	info->allocated = u64_of(attrs[LTPIN_A_PAGES_ALLOCATED]);
	info->next_blocker = u64_of(attrs[LTPIN_A_SEQ]);
	if (attrs[LTPIN_A_MODULE_VERSION])
		snprintf(info->version, sizeof(info->version), "%s",
			 (char *)payload(attrs[LTPIN_A_MODULE_VERSION]));
}

struct info get_info(void)
{
	struct info info = { 0 };
	struct message msg;

	prepare(&msg, family, LTPIN_CMD_INFO, 0);
	errno = -ask(netlink, &msg, got_info, &info);
	if (errno)
		bail("LTPIN_CMD_INFO");
	return info;
}

void set_limit(const char *name, uint64_t pages)
{
	char path[80], text[24];

	snprintf(path, sizeof(path), "/sys/module/ltpin/parameters/%s", name);
	snprintf(text, sizeof(text), "%llu", (unsigned long long)pages);
	if (!write_to(path, text))
		bail(path);
}

void nothing_held(const char *when)
{
	struct info info = get_info();

	ok(!info.pinned && !info.allocated, "%s: nothing pinned or allocated", when);
	is(foll_pins(), 0, "  and no pin outstanding in vmstat");
}

static void got_pages(const struct nlattr **attrs, const struct nlmsghdr *nlh, void *data)
{
	struct pages *pages = data;
	const struct nlattr *attr = attrs[LTPIN_A_PAGES];
	size_t n = payload_len(attr) / sizeof(*pages->state);

	(void)nlh;
	pages->nr_messages++;
	pages->state = realloc(pages->state, (pages->nr + n + 1) * sizeof(*pages->state));
	memcpy(pages->state + pages->nr, payload(attr), n * sizeof(*pages->state));
	pages->nr += n;
}

int dump_pages(uint64_t start, uint64_t end, uint32_t filter, struct pages *pages)
{
	struct message msg;

	memset(pages, 0, sizeof(*pages));
	prepare(&msg, family, LTPIN_CMD_PAGES, NLM_F_DUMP);
	put(&msg, LTPIN_A_START_PFN, &start, sizeof(start));
	put(&msg, LTPIN_A_END_PFN, &end, sizeof(end));
	if (filter)
		put(&msg, LTPIN_A_FILTER, &filter, sizeof(filter));
	return ask(netlink, &msg, got_pages, pages);
}

struct ltpin_page_state page_state(uint64_t pfn)
{
	struct ltpin_page_state state = { 0 };
	struct pages pages;

	errno = -dump_pages(pfn, pfn + 1, 0, &pages);
	if (errno)
		bail("LTPIN_CMD_PAGES");
	if (pages.nr == 1)
		state = pages.state[0];
	free(pages.state);
	return state;
}

void print_state(const struct ltpin_page_state *s)
{
	printf("# pfn 0x%llx nr_pages %u refcount %d mapcount %d pins %d flags 0x%llx\n",
	       (unsigned long long)s->pfn, s->nr_pages, s->refcount, s->mapcount, s->pins,
	       (unsigned long long)s->flags);
}

static void got_list(const struct nlattr **attrs, const struct nlmsghdr *nlh, void *data)
{
	struct list *list = data;
	const struct nlattr *runs = attrs[LTPIN_A_RUNS];
	struct ltpin_pfn_run run;

	(void)nlh;
	list->nr_messages++;
	list->nr_holds += u32_of(attrs[LTPIN_A_ID]) != list->id;
	list->nr_more += attrs[LTPIN_A_MORE] != NULL;
	list->id = u32_of(attrs[LTPIN_A_ID]);
	list->kind = u32_of(attrs[LTPIN_A_KIND]);
	list->flags = u32_of(attrs[LTPIN_A_FLAGS]);
	list->pid = u32_of(attrs[LTPIN_A_PID]);
	list->nr_pages = u64_of(attrs[LTPIN_A_NR_PAGES]);
	list->ts_ns = u64_of(attrs[LTPIN_A_TS_NS]);
	snprintf(list->comm, sizeof(list->comm), "%s", (char *)payload(attrs[LTPIN_A_COMM]));
	for (size_t i = 0; i < payload_len(runs) / sizeof(run); i++) {
		memcpy(&run, (char *)payload(runs) + i * sizeof(run), sizeof(run));
		for (uint64_t j = 0; list->pfns && j < run.nr_pages; j++)
			list->wrong |= list->pfns[list->listed_pages + j] != run.base_pfn + j;
		list->listed_pages += run.nr_pages;
		list->nr_runs++;
	}
}

struct list get_list(const uint64_t *pfns)
{
	struct list list = { .pfns = pfns };
	struct message msg;

	prepare(&msg, family, LTPIN_CMD_LIST, NLM_F_DUMP);
	errno = -ask(netlink, &msg, got_list, &list);
	if (errno)
		bail("LTPIN_CMD_LIST");
	return list;
}

static void got_area(const struct nlattr **attrs, const struct nlmsghdr *nlh, void *data)
{
	struct areas *areas = data;
	const struct nlattr *runs = attrs[LTPIN_A_RUNS];
	struct ltpin_pfn_run run;
	uint64_t sum = 0;

	(void)nlh;
	areas->nr++;
	areas->nr_nameless += !attrs[LTPIN_A_NAME] || !*(char *)payload(attrs[LTPIN_A_NAME]);
	for (size_t i = 0; i < payload_len(runs) / sizeof(run); i++) {
		memcpy(&run, (char *)payload(runs) + i * sizeof(run), sizeof(run));
		sum += run.nr_pages;
		if (areas->wanted - run.base_pfn < run.nr_pages) {
			areas->base = run.base_pfn;
			areas->end = run.base_pfn + run.nr_pages;
			if (attrs[LTPIN_A_ATTEMPTS])
				memcpy(&areas->attempts, payload(attrs[LTPIN_A_ATTEMPTS]),
				       sizeof(areas->attempts));
		}
	}
	areas->nr_wrong += sum != u64_of(attrs[LTPIN_A_NR_PAGES]);
}

int get_areas(struct areas *areas)
{
	struct message msg;

	prepare(&msg, family, LTPIN_CMD_AREAS, NLM_F_DUMP);
	return ask(netlink, &msg, got_area, areas);
}

static void take_string(char *to, size_t size, const struct nlattr *attr)
{
	if (attr)
		snprintf(to, size, "%s", (char *)payload(attr));
}

static void got_file(const struct nlattr **attrs, const struct nlmsghdr *nlh, void *data)
{
	struct file_reply *file = data;

	(void)nlh;
	file->pfn = u64_of(attrs[LTPIN_A_START_PFN]);
	file->inode = u64_of(attrs[LTPIN_A_INODE]);
	file->index = u64_of(attrs[LTPIN_A_INDEX]);
	file->dev = u32_of(attrs[LTPIN_A_DEV]);
	take_string(file->fs_type, sizeof(file->fs_type), attrs[LTPIN_A_FS_TYPE]);
	take_string(file->fs_id, sizeof(file->fs_id), attrs[LTPIN_A_FS_ID]);
	take_string(file->path, sizeof(file->path), attrs[LTPIN_A_PATH]);
	file->is_deleted = attrs[LTPIN_A_IS_DELETED];
	file->is_block_device = attrs[LTPIN_A_IS_BLOCK_DEVICE];
	file->nr_buffers = (int)u32_of(attrs[LTPIN_A_NR_BUFFERS]);
	file->nr_held = (int)u32_of(attrs[LTPIN_A_NR_BUFFERS_HELD]);
	file->nr_journal = (int)u32_of(attrs[LTPIN_A_NR_BUFFERS_JOURNAL]);
}

struct file_reply get_file(uint64_t pfn)
{
	struct file_reply file = { 0 };
	struct message msg;

	prepare(&msg, family, LTPIN_CMD_FILE, 0);
	put(&msg, LTPIN_A_START_PFN, &pfn, sizeof(pfn));
	file.err = ask(netlink, &msg, got_file, &file);
	return file;
}

int listen_to(int fd)
{
	uint64_t first;

	return request(fd, LTPIN_IOC_LISTEN, &first);
}

int open_listener(void)
{
	int fd = open("/dev/" LTPIN_DEVICE, O_RDWR | O_NONBLOCK | O_CLOEXEC), err;

	if (fd < 0)
		return -errno;
	err = listen_to(fd);
	if (err)
		close(fd);
	return err ? err : fd;
}

int next_blocker(int fd, int timeout_ms, struct ltpin_blocker *blocker)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLIN };
	ssize_t got;

	if (poll(&pollfd, 1, timeout_ms) != 1)
		return 0;
	got = read(fd, blocker, sizeof(*blocker));
	if (got < 0)
		return -errno;
	return got == sizeof(*blocker) ? 1 : -EBADMSG;
}

void client_init(void)
{
	device = open_device();
	netlink = open_netlink();
	find_family();
}
