// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Talks generic netlink with the helper module: finds the family "ltpin", asks, takes messages
 * apart. uapi/ltpin_netlink.h is the grammar.
 */
#include "source/module/module_link.h"

#ifdef HAVE_MNL

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <string.h>
#include <sys/socket.h>

static struct nlmsghdr *start_request(struct lt_module_link *link, uint16_t type, uint16_t flags,
				      uint8_t cmd, uint8_t version)
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

struct nlmsghdr *lt_module_link_request(struct lt_module_link *link, uint16_t flags, uint8_t cmd)
{
	return start_request(link, link->family, flags, cmd, LTPIN_GENL_VERSION);
}

/* The kernel's words for a refusal (NLMSGERR_ATTR_MSG), if it said any. */
static void read_ext_ack(struct lt_module_link *link, const struct nlmsghdr *nlh, size_t offset)
{
	const struct nlattr *attr;

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS) || mnl_nlmsg_get_payload_len(nlh) <= offset)
		return;
	mnl_attr_for_each(attr, nlh,
			  (unsigned int)offset) if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG &&
						    !mnl_attr_validate(attr, MNL_TYPE_NUL_STRING))
		lt_diag_set(link->diag, "the module says: %s", mnl_attr_get_str(attr));
}

/* 0 or negative errno, from NLMSG_ERROR or NLMSG_DONE: errors inside a dump come in the latter. */
static int status_of(struct lt_module_link *link, const struct nlmsghdr *nlh)
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
	read_ext_ack(link, nlh, MNL_ALIGN(offset));
	return err < 0 ? err : 0;
}

/*
 * Read one datagram of the kernel. Processes with CAP_NET_ADMIN in this network namespace can send
 * to our socket too, and may have guessed the sequence number: their words count for nothing, and
 * -EAGAIN says to read on.
 */
static ssize_t receive_from_kernel(struct lt_module_link *link)
{
	struct sockaddr_nl from = { 0 };
	socklen_t len = sizeof(from);
	ssize_t got = recvfrom(mnl_socket_get_fd(link->socket), link->buf.bytes, sizeof(link->buf),
			       MSG_TRUNC, (struct sockaddr *)&from, &len);
	int err = errno;

	if (got < 0)
		return err == EINTR ? -EAGAIN : -err;
	if (len != sizeof(from) || from.nl_family != AF_NETLINK || from.nl_pid)
		return -EAGAIN;
	return (size_t)got > sizeof(link->buf) ? -EMSGSIZE : got;
}

/* libmnl 1.0.4 takes a length of 2 GiB or more for a negative one. */
static bool is_whole(const struct nlmsghdr *nlh, int left)
{
	return mnl_nlmsg_ok(nlh, left) && nlh->nlmsg_len <= (unsigned int)left;
}

/* Read one datagram; *done when the answer is complete. */
static int receive(struct lt_module_link *link, bool *done,
		   int (*each)(const struct nlmsghdr *nlh, void *arg), void *arg)
{
	ssize_t got = receive_from_kernel(link);
	const struct nlmsghdr *nlh = &link->buf.header;
	int left = (int)got;

	if (got < 0)
		return got == -EAGAIN ? 0 : (int)got;
	for (; is_whole(nlh, left); nlh = mnl_nlmsg_next(nlh, &left)) {
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

int lt_module_link_transact(struct lt_module_link *link,
			    int (*each)(const struct nlmsghdr *nlh, void *arg), void *arg)
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

static int parse_family(const struct nlmsghdr *nlh, void *arg)
{
	struct lt_module_link *link = arg;
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr))
	{
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID &&
		    !mnl_attr_validate(attr, MNL_TYPE_U16))
			link->family = mnl_attr_get_u16(attr);
	}
	return 0;
}

/* The number that the kernel gave the family, -ENOENT if it is not there. */
static int find_family(struct lt_module_link *link)
{
	struct nlmsghdr *nlh = start_request(link, GENL_ID_CTRL, 0, CTRL_CMD_GETFAMILY, 1);
	int err;

	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, LTPIN_GENL_NAME);
	err = lt_module_link_transact(link, parse_family, link);
	return err || link->family ? err : -ENOENT;
}

void lt_module_link_close(struct lt_module_link *link)
{
	if (link->socket)
		mnl_socket_close(link->socket);
	link->socket = NULL;
}

void lt_module_attrs_parse(const struct nlmsghdr *nlh, struct lt_module_attrs *attrs)
{
	const struct nlattr *attr;

	memset(attrs, 0, sizeof(*attrs));
	mnl_attr_for_each(attr, nlh,
			  sizeof(struct genlmsghdr)) if (mnl_attr_get_type(attr) <= LTPIN_A_MAX)
		attrs->v[mnl_attr_get_type(attr)] = attr;
}

bool lt_module_attrs_u32(const struct lt_module_attrs *attrs, enum ltpin_attr which, uint32_t *out)
{
	if (!attrs->v[which] || mnl_attr_validate(attrs->v[which], MNL_TYPE_U32))
		return false;
	*out = mnl_attr_get_u32(attrs->v[which]);
	return true;
}

bool lt_module_attrs_u64(const struct lt_module_attrs *attrs, enum ltpin_attr which, uint64_t *out)
{
	if (!attrs->v[which] || mnl_attr_validate(attrs->v[which], MNL_TYPE_U64))
		return false;
	*out = mnl_attr_get_u64(attrs->v[which]);
	return true;
}

bool lt_module_attrs_string(const struct lt_module_attrs *attrs, enum ltpin_attr which, char *out,
			    size_t size)
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

static int parse_info(const struct nlmsghdr *nlh, void *arg)
{
	struct lt_module_info *info = arg;
	struct lt_module_attrs attrs;
	uint32_t abi, shift;

	lt_module_attrs_parse(nlh, &attrs);
	if (!lt_module_attrs_u32(&attrs, LTPIN_A_ABI_VERSION, &abi))
		return -EBADMSG;
	if (abi != LTPIN_GENL_VERSION)
		return -EPROTO;
	if (!lt_module_attrs_u32(&attrs, LTPIN_A_PAGE_SHIFT, &shift) ||
	    !lt_module_attrs_u64(&attrs, LTPIN_A_CAPS, &info->caps) ||
	    !lt_module_attrs_u64(&attrs, LTPIN_A_MAX_PAGES, &info->max_pages) ||
	    !lt_module_attrs_u64(&attrs, LTPIN_A_MAX_ALLOC_PAGES, &info->max_alloc_pages) ||
	    !lt_module_attrs_u64(&attrs, LTPIN_A_PAGES_PINNED, &info->nr_pinned) ||
	    !lt_module_attrs_u64(&attrs, LTPIN_A_PAGES_ALLOCATED, &info->nr_allocated))
		return -EBADMSG;
	info->page_shift = shift;
	lt_module_attrs_u64(&attrs, LTPIN_A_SEQ, &info->next_blocker);
	lt_module_attrs_string(&attrs, LTPIN_A_MODULE_VERSION, info->version,
			       sizeof(info->version));
	lt_module_attrs_string(&attrs, LTPIN_A_NOT_CALLED, info->not_called,
			       sizeof(info->not_called));
	return 0;
}

static int ask_info(struct lt_module_link *link, struct lt_module_info *out)
{
	struct lt_module_info info = { 0 };
	int err;

	lt_module_link_request(link, 0, LTPIN_CMD_INFO);
	err = lt_module_link_transact(link, parse_info, &info);
	if (!err && !info.page_shift)
		err = -EBADMSG;
	if (err == -EPROTO)
		lt_diag_set(link->diag, "the loaded module is of another version of ltpin");
	if (!err)
		*out = info;
	return err;
}

int lt_module_link_open(struct lt_module_link *link, struct lt_module_info *info,
			struct lt_diag *diag)
{
	int on = 1, err = 0;

	link->diag = diag;
	link->seq = 0;
	link->family = 0;
	link->socket = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!link->socket)
		return errno == EPROTONOSUPPORT ? -ENOENT : -errno;
	mnl_socket_setsockopt(link->socket, NETLINK_EXT_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(link->socket, NETLINK_GET_STRICT_CHK, &on, sizeof(on));
	if (mnl_socket_bind(link->socket, 0, MNL_SOCKET_AUTOPID) < 0)
		err = -errno;
	if (!err)
		err = find_family(link);
	if (!err)
		err = ask_info(link, info);
	if (err)
		lt_module_link_close(link);
	return err;
}

#endif
