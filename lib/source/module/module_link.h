/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_MODULE_MODULE_LINK_H
#define LT_SOURCE_MODULE_MODULE_LINK_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/diag.h"
#include "source/module/module.h"
#include "uapi/ltpin_netlink.h"

/*
 * A generic netlink socket to the helper module, for lib/source/module_* only. These files alone
 * know libmnl; without it none of this exists.
 */

/**
 * struct lt_module_link - a socket, and one request at a time
 * @family: number of the family "ltpin", the type of its messages
 * @diag:   receives the kernel's own words for a refusal
 */
struct lt_module_link {
	struct mnl_socket *socket;
	uint16_t family;
	unsigned int seq;
	struct lt_diag *diag;
	union {
		struct nlmsghdr header;
		char bytes[32768]; /* dumps fill as much as recvfrom() offers, up to this */
	} buf;
};

/*
 * Open @link and ask the module what it is: a module of another version is refused. Errors as in
 * source/module/module.h; @link needs no closing then.
 */
int lt_module_link_open(struct lt_module_link *link, struct lt_module_info *info,
			struct lt_diag *diag) __must_check __nonnull_at(1, 2);
void lt_module_link_close(struct lt_module_link *link);

/* Begin a request to the module in @link->buf; attributes go behind it. */
struct nlmsghdr *lt_module_link_request(struct lt_module_link *link, uint16_t flags, uint8_t cmd);

/**
 * lt_module_link_transact() - send the request and wait for all of the answer
 * @each: called for each message of the answer; returns 0 to go on, anything else to stop with that
 *
 * Return: 0, what the module refused with, or what @each stopped with: then the rest of the answer
 * is still in the socket, and @link is of no more use.
 */
int lt_module_link_transact(struct lt_module_link *link,
			    int (*each)(const struct nlmsghdr *nlh, void *arg), void *arg)
	__must_check __nonnull_at(1);

/* Attributes of one message by number; those that are not there are NULL. */
struct lt_module_attrs {
	const struct nlattr *v[LTPIN_A_MAX + 1];
};

void lt_module_attrs_parse(const struct nlmsghdr *nlh, struct lt_module_attrs *attrs);

/* Whether the attribute is there and makes sense; *out is untouched if not. */
bool lt_module_attrs_u32(const struct lt_module_attrs *attrs, enum ltpin_attr which, uint32_t *out);
bool lt_module_attrs_u64(const struct lt_module_attrs *attrs, enum ltpin_attr which, uint64_t *out);

/* What does not fit is cut off. */
bool lt_module_attrs_string(const struct lt_module_attrs *attrs, enum ltpin_attr which, char *out,
			    size_t size);

#endif
