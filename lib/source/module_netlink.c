// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Client of the generic netlink family "ltpin"; uapi/ltpin_netlink.h is the
 * grammar. The only file that knows libmnl.
 */
#include "source/module.h"

#include <errno.h>
#include <string.h>

#include "uapi/ltpin_netlink.h"

#ifdef HAVE_MNL

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>

/* A dump that changed under us is asked for again this often. */
#define NR_LIST_TRIES 5

struct link {
	struct mnl_socket *socket;
	uint16_t family;
	unsigned int seq;
	struct lt_diag *diag;
	union {
		struct nlmsghdr header;
		char bytes[32768]; /* dumps fill as much as recvfrom() offers, up to this */
	} buf;
};

/* Called for each message of an answer; negative errno or anything above 0 stops. */
typedef int (*message_fn)(const struct nlmsghdr *nlh, void *arg);

/* Attributes of one message by number; those that are not there are NULL. */
struct attrs {
	const struct nlattr *v[LTPIN_A_MAX + 1];
};

static struct nlmsghdr *start_request(struct link *link, uint16_t type, uint16_t flags, uint8_t cmd,
				      uint8_t version)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(link->buf.bytes);
	struct genlmsghdr *genl;

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	nlh->nlmsg_seq = ++link->seq;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = version;
	return nlh;
}

/* The kernel's words for a refusal (NLMSGERR_ATTR_MSG), if it said any. */
static void take_ext_ack(struct link *link, const struct nlmsghdr *nlh, size_t offset)
{
	const struct nlattr *attr;

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS) || mnl_nlmsg_get_payload_len(nlh) <= offset)
		return;
	mnl_attr_for_each(attr, nlh, (unsigned int)offset)
		if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG &&
		    !mnl_attr_validate(attr, MNL_TYPE_NUL_STRING))
			lt_diag_set(link->diag, "the module says: %s", mnl_attr_get_str(attr));
}

/* 0 or negative errno, from NLMSG_ERROR or NLMSG_DONE: errors inside a dump come in the latter. */
static int status_of(struct link *link, const struct nlmsghdr *nlh)
{
	size_t offset = sizeof(int);
	int err;

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(err))
		return nlh->nlmsg_type == NLMSG_DONE ? 0 : -EBADMSG;
	memcpy(&err, mnl_nlmsg_get_payload(nlh), sizeof(err));
	if (nlh->nlmsg_type == NLMSG_ERROR && err) {
		const struct nlmsgerr *refusal = mnl_nlmsg_get_payload(nlh);

		if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*refusal))
			return -EBADMSG;
		offset = sizeof(*refusal);
		if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
			offset += refusal->msg.nlmsg_len - sizeof(refusal->msg);
	}
	take_ext_ack(link, nlh, MNL_ALIGN(offset));
	return err < 0 ? err : 0;
}

/* Read one datagram; *done when the answer is complete. */
static int receive(struct link *link, bool *done, message_fn each, void *arg)
{
	ssize_t got = mnl_socket_recvfrom(link->socket, link->buf.bytes, sizeof(link->buf));
	const struct nlmsghdr *nlh = &link->buf.header;
	int left = (int)got;

	if (got < 0)
		return errno == EINTR ? 0 : -errno;
	for (; mnl_nlmsg_ok(nlh, left); nlh = mnl_nlmsg_next(nlh, &left)) {
		int ret;

		if (nlh->nlmsg_seq != link->seq)
			continue;
		if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
			return -EAGAIN;
		if (nlh->nlmsg_type == NLMSG_DONE || nlh->nlmsg_type == NLMSG_ERROR) {
			*done = true;
			return status_of(link, nlh);
		}
		if (nlh->nlmsg_type < NLMSG_MIN_TYPE)
			continue;
		ret = each(nlh, arg);
		if (ret)
			return ret;
	}
	return 0;
}

/* Send the request that is in link->buf and pass each message of the answer to @each. */
static int transact(struct link *link, message_fn each, void *arg)
{
	struct nlmsghdr *nlh = &link->buf.header;
	bool done = false;
	int ret = 0;

	/* An acknowledgement ends the answer of a command that is no dump. */
	if (!(nlh->nlmsg_flags & NLM_F_DUMP))
		nlh->nlmsg_flags |= NLM_F_ACK;
	if (mnl_socket_sendto(link->socket, nlh, nlh->nlmsg_len) < 0)
		return -errno;
	while (!done && !ret)
		ret = receive(link, &done, each, arg);
	return ret;
}

static int take_family_id(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID &&
		    !mnl_attr_validate(attr, MNL_TYPE_U16))
			*(uint16_t *)arg = mnl_attr_get_u16(attr);
	return 0;
}

static void link_close(struct link *link)
{
	if (link->socket)
		mnl_socket_close(link->socket);
	link->socket = NULL;
}

static int link_open(struct link *link, struct lt_diag *diag)
{
	struct nlmsghdr *nlh;
	int on = 1, err;

	link->diag = diag;
	link->seq = 0;
	link->family = 0;
	link->socket = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!link->socket)
		return errno == EPROTONOSUPPORT ? -ENOENT : -errno;
	mnl_socket_setsockopt(link->socket, NETLINK_EXT_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(link->socket, NETLINK_GET_STRICT_CHK, &on, sizeof(on));
	if (mnl_socket_bind(link->socket, 0, MNL_SOCKET_AUTOPID) < 0) {
		err = -errno;
		link_close(link);
		return err;
	}
	nlh = start_request(link, GENL_ID_CTRL, 0, CTRL_CMD_GETFAMILY, 1);
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, LTPIN_GENL_NAME);
	err = transact(link, take_family_id, &link->family);
	if (!err && !link->family)
		err = -ENOENT;
	if (err)
		link_close(link);
	return err;
}

static void parse_attrs(const struct nlmsghdr *nlh, struct attrs *attrs)
{
	const struct nlattr *attr;

	memset(attrs, 0, sizeof(*attrs));
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(attr) <= LTPIN_A_MAX)
			attrs->v[mnl_attr_get_type(attr)] = attr;
}

static bool take_u32(const struct attrs *attrs, enum ltpin_attr which, uint32_t *out)
{
	if (!attrs->v[which] || mnl_attr_validate(attrs->v[which], MNL_TYPE_U32))
		return false;
	*out = mnl_attr_get_u32(attrs->v[which]);
	return true;
}

static bool take_u64(const struct attrs *attrs, enum ltpin_attr which, uint64_t *out)
{
	if (!attrs->v[which] || mnl_attr_validate(attrs->v[which], MNL_TYPE_U64))
		return false;
	*out = mnl_attr_get_u64(attrs->v[which]);
	return true;
}

static bool take_string(const struct attrs *attrs, enum ltpin_attr which, char *out, size_t size)
{
	const char *text;
	size_t len;

	if (!attrs->v[which])
		return false;
	text = mnl_attr_get_payload(attrs->v[which]);
	len = strnlen(text, mnl_attr_get_payload_len(attrs->v[which]));
	if (len >= size)
		len = size - 1;
	memcpy(out, text, len);
	out[len] = '\0';
	return true;
}

/* Info */

static int take_info(const struct nlmsghdr *nlh, void *arg)
{
	struct lt_module_info *info = arg;
	struct attrs attrs;
	uint32_t abi, shift;

	parse_attrs(nlh, &attrs);
	if (!take_u32(&attrs, LTPIN_A_ABI_VERSION, &abi))
		return -EBADMSG;
	if (abi != LTPIN_GENL_VERSION)
		return -EPROTO;
	if (!take_u32(&attrs, LTPIN_A_PAGE_SHIFT, &shift) ||
	    !take_u64(&attrs, LTPIN_A_CAPS, &info->caps) ||
	    !take_u64(&attrs, LTPIN_A_MAX_PAGES, &info->max_pages) ||
	    !take_u64(&attrs, LTPIN_A_PAGES_PINNED, &info->nr_pinned) ||
	    !take_u64(&attrs, LTPIN_A_PAGES_ALLOCATED, &info->nr_allocated))
		return -EBADMSG;
	info->page_shift = shift;
	take_string(&attrs, LTPIN_A_MODULE_VERSION, info->version, sizeof(info->version));
	return 0;
}

static int ask_info(struct link *link, struct lt_module_info *out)
{
	struct lt_module_info info = { 0 };
	int err;

	start_request(link, link->family, 0, LTPIN_CMD_INFO, LTPIN_GENL_VERSION);
	err = transact(link, take_info, &info);
	if (!err && !info.page_shift)
		err = -EBADMSG;
	if (err == -EPROTO)
		lt_diag_set(link->diag, "the loaded module is of another version of ltpin");
	if (!err)
		*out = info;
	return err;
}

int lt_module_info(struct lt_module_info *out, struct lt_diag *diag)
{
	struct link link;
	int err = link_open(&link, diag);

	if (err)
		return err;
	err = ask_info(&link, out);
	link_close(&link);
	return err;
}

/* Page scan */

struct scan {
	int (*each)(const struct lt_folio *folio, void *arg);
	void *arg;
	uint64_t next_pfn; /* end of the last record: a folio is told once */
};

static int take_pages(const struct nlmsghdr *nlh, void *arg)
{
	struct scan *scan = arg;
	struct ltpin_page_state state;
	struct attrs attrs;
	const char *payload;
	size_t len;
	int ret = 0;

	parse_attrs(nlh, &attrs);
	if (!attrs.v[LTPIN_A_PAGES])
		return -EBADMSG;
	payload = mnl_attr_get_payload(attrs.v[LTPIN_A_PAGES]);
	len = mnl_attr_get_payload_len(attrs.v[LTPIN_A_PAGES]);
	if (len % sizeof(state))
		return -EBADMSG;
	for (; len && !ret; len -= sizeof(state), payload += sizeof(state)) {
		struct lt_folio folio;

		memcpy(&state, payload, sizeof(state)); /* aligned to 4 only */
		if (state.pfn < scan->next_pfn || !state.nr_pages)
			continue;
		scan->next_pfn = state.pfn + state.nr_pages;
		folio = (struct lt_folio){
			.pfn = state.pfn,	    .nr_pages = state.nr_pages,
			.refcount = state.refcount, .mapcount = state.mapcount,
			.pins = state.pins,	    .flags = state.flags,
		};
		ret = scan->each(&folio, scan->arg);
	}
	return ret;
}

int lt_module_scan(struct lt_range pfns, uint32_t filter,
		   int (*each)(const struct lt_folio *folio, void *arg), void *arg,
		   struct lt_diag *diag)
{
	struct scan scan = { .each = each, .arg = arg };
	struct lt_module_info info;
	struct link link;
	struct nlmsghdr *nlh;
	int ret = link_open(&link, diag);

	if (ret)
		return ret;
	/* Records of another version may have another size. */
	ret = ask_info(&link, &info);
	if (!ret) {
		nlh = start_request(&link, link.family, NLM_F_DUMP, LTPIN_CMD_PAGES,
				    LTPIN_GENL_VERSION);
		mnl_attr_put_u64(nlh, LTPIN_A_START_PFN, pfns.start_pfn);
		mnl_attr_put_u64(nlh, LTPIN_A_END_PFN, pfns.end_pfn);
		if (filter)
			mnl_attr_put_u32(nlh, LTPIN_A_FILTER, filter);
		ret = transact(&link, take_pages, &scan);
	}
	link_close(&link);
	return ret;
}

/* List */

static int take_runs(struct lt_ranges *runs, const struct nlattr *attr)
{
	const char *payload = mnl_attr_get_payload(attr);
	size_t len = mnl_attr_get_payload_len(attr);
	struct ltpin_pfn_run run;

	if (len % sizeof(run))
		return -EBADMSG;
	for (; len; len -= sizeof(run), payload += sizeof(run)) {
		struct lt_range *range;

		memcpy(&run, payload, sizeof(run));
		range = lt_vec_push(runs);
		if (!range)
			return -ENOMEM;
		*range = (struct lt_range){ run.base_pfn, run.base_pfn + run.nr_pages };
	}
	return 0;
}

static int take_hold(const struct nlmsghdr *nlh, void *arg)
{
	struct lt_module_holds *holds = arg;
	struct lt_module_hold *hold;
	struct attrs attrs;
	uint32_t id;

	parse_attrs(nlh, &attrs);
	if (!take_u32(&attrs, LTPIN_A_ID, &id))
		return -EBADMSG;
	hold = holds->nr ? &holds->v[holds->nr - 1] : NULL;
	if (!hold || hold->id != id) {
		hold = lt_vec_push(holds);
		if (!hold)
			return -ENOMEM;
		hold->id = id;
	}
	if (!take_u32(&attrs, LTPIN_A_KIND, &hold->kind) ||
	    !take_u32(&attrs, LTPIN_A_FLAGS, &hold->flags) ||
	    !take_u32(&attrs, LTPIN_A_PID, &hold->pid) ||
	    !take_u64(&attrs, LTPIN_A_NR_PAGES, &hold->nr_pages) ||
	    !take_u64(&attrs, LTPIN_A_TS_NS, &hold->ts_ns) ||
	    !take_string(&attrs, LTPIN_A_COMM, hold->comm, sizeof(hold->comm)) ||
	    !attrs.v[LTPIN_A_RUNS])
		return -EBADMSG;
	return take_runs(&hold->runs, attrs.v[LTPIN_A_RUNS]);
}

int lt_module_list(struct lt_module_holds *out, struct lt_diag *diag)
{
	struct lt_module_holds holds = { 0 };
	struct lt_module_info info;
	int err = -EAGAIN;

	/* A dump that is given up is left in the socket: each try has its own. */
	for (int i = 0; i < NR_LIST_TRIES && err == -EAGAIN; i++) {
		struct link link;

		lt_module_holds_free(&holds);
		err = link_open(&link, diag);
		if (err)
			return err;
		err = ask_info(&link, &info);
		if (!err) {
			start_request(&link, link.family, NLM_F_DUMP, LTPIN_CMD_LIST,
				      LTPIN_GENL_VERSION);
			err = transact(&link, take_hold, &holds);
		}
		link_close(&link);
	}
	if (err) {
		lt_module_holds_free(&holds);
		return err;
	}
	*out = holds;
	return 0;
}

/* Areas */

static int take_area(const struct nlmsghdr *nlh, void *arg)
{
	struct lt_module_areas *areas = arg;
	struct lt_module_area *area = lt_vec_push(areas);
	struct attrs attrs;

	if (!area)
		return -ENOMEM;
	parse_attrs(nlh, &attrs);
	if (!take_string(&attrs, LTPIN_A_NAME, area->name, sizeof(area->name)) ||
	    !take_u64(&attrs, LTPIN_A_NR_PAGES, &area->nr_pages) || !attrs.v[LTPIN_A_RUNS])
		return -EBADMSG;
	return take_runs(&area->ranges, attrs.v[LTPIN_A_RUNS]);
}

int lt_module_areas(struct lt_module_areas *out, struct lt_diag *diag)
{
	struct lt_module_areas areas = { 0 };
	struct lt_module_info info;
	struct link link;
	int err = link_open(&link, diag);

	if (err)
		return err;
	err = ask_info(&link, &info);
	if (!err && !(info.caps & LTPIN_CAP_AREAS))
		err = -EOPNOTSUPP;
	if (!err) {
		start_request(&link, link.family, NLM_F_DUMP, LTPIN_CMD_AREAS, LTPIN_GENL_VERSION);
		err = transact(&link, take_area, &areas);
	}
	link_close(&link);
	if (err)
		lt_module_areas_free(&areas);
	else
		*out = areas;
	return err;
}

#else /* !HAVE_MNL */

int lt_module_info(struct lt_module_info *out, struct lt_diag *diag)
{
	(void)out;
	lt_diag_set(diag, "ltpin was built without libmnl");
	return -ENOENT;
}

int lt_module_scan(struct lt_range pfns, uint32_t filter,
		   int (*each)(const struct lt_folio *folio, void *arg), void *arg,
		   struct lt_diag *diag)
{
	(void)pfns;
	(void)filter;
	(void)each;
	(void)arg;
	return lt_module_info(NULL, diag);
}

int lt_module_list(struct lt_module_holds *out, struct lt_diag *diag)
{
	(void)out;
	return lt_module_info(NULL, diag);
}

int lt_module_areas(struct lt_module_areas *out, struct lt_diag *diag)
{
	(void)out;
	return lt_module_info(NULL, diag);
}

#endif

void lt_module_areas_free(struct lt_module_areas *areas)
{
	lt_vec_each(area, areas)
		lt_vec_free(&area->ranges);
	lt_vec_free(areas);
}

void lt_module_holds_free(struct lt_module_holds *holds)
{
	lt_vec_each(hold, holds)
		lt_vec_free(&hold->runs);
	lt_vec_free(holds);
}
