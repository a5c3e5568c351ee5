// SPDX-License-Identifier: GPL-2.0-only
/*
 * The generic netlink family: ltpin_netlink.h is the description.
 *
 * Handlers of one family may run in parallel, and do not take the lock of
 * generic netlink (parallel_ops): a long dump delays nobody else. Dumps do a
 * bounded amount of work per message; the netlink core calls again when the
 * reader wants more.
 */
#include <linux/capability.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "compat.h"
#include "ltpin.h"

/* PFNs and records per message of LTPIN_CMD_PAGES: a few ms. */
#define PAGES_PER_MESSAGE 16384

static struct genl_family lt_family;

/* An attribute that grows: open it, append records while they fit, close it. */
static struct nlattr *array_open(struct sk_buff *skb, int type)
{
	return nla_reserve(skb, type, 0);
}

static size_t array_len(const struct sk_buff *skb, const struct nlattr *array)
{
	return skb_tail_pointer(skb) - (const unsigned char *)array;
}

/* Appends unless less than @reserve bytes would be left in the message. */
static bool array_append(struct sk_buff *skb, const struct nlattr *array, const void *record,
			 size_t size, size_t reserve)
{
	if (skb_tailroom(skb) < size + reserve || array_len(skb, array) + size > U16_MAX)
		return false;
	skb_put_data(skb, record, size);
	return true;
}

static void array_close(struct sk_buff *skb, struct nlattr *array)
{
	array->nla_len = array_len(skb, array);
}

/* LTPIN_CMD_INFO */

static int put_info(struct sk_buff *skb)
{
	u64 caps = lt_alloc_caps() | lt_bench_caps() | lt_blockers_caps() | lt_attempts_caps() |
		   LTPIN_CAP_FILES;
	unsigned long nr_pinned, nr_allocated;

	mutex_lock(&lt_holds_lock);
	nr_pinned = lt_holds_pages[LTPIN_KIND_PIN];
	nr_allocated = lt_holds_pages[LTPIN_KIND_ALLOC];
	mutex_unlock(&lt_holds_lock);

	return nla_put_u32(skb, LTPIN_A_ABI_VERSION, LTPIN_GENL_VERSION) ||
	       nla_put_string(skb, LTPIN_A_MODULE_VERSION, LTPIN_MODULE_VERSION) ||
	       nla_put_u64_64bit(skb, LTPIN_A_CAPS, caps, LTPIN_A_PAD) ||
	       nla_put_u32(skb, LTPIN_A_PAGE_SHIFT, PAGE_SHIFT) ||
	       nla_put_u64_64bit(skb, LTPIN_A_MAX_PAGES, lt_max_pages(LTPIN_KIND_PIN),
				 LTPIN_A_PAD) ||
	       nla_put_u64_64bit(skb, LTPIN_A_MAX_ALLOC_PAGES, lt_max_pages(LTPIN_KIND_ALLOC),
				 LTPIN_A_PAD) ||
	       nla_put_u64_64bit(skb, LTPIN_A_PAGES_PINNED, nr_pinned, LTPIN_A_PAD) ||
	       nla_put_u64_64bit(skb, LTPIN_A_PAGES_ALLOCATED, nr_allocated, LTPIN_A_PAD) ||
	       (lt_symbols_not_called()[0] &&
		nla_put_string(skb, LTPIN_A_NOT_CALLED, lt_symbols_not_called())) ||
	       (caps & LTPIN_CAP_BLOCKERS &&
		nla_put_u64_64bit(skb, LTPIN_A_SEQ, lt_blockers_next_seq(), LTPIN_A_PAD));
}

static int info_do(struct sk_buff *request, struct genl_info *info)
{
	struct sk_buff *skb;
	void *msg;

	if (!netlink_capable(request, CAP_SYS_ADMIN))
		return -EPERM;
	skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!skb)
		return -ENOMEM;
	msg = genlmsg_put_reply(skb, info, &lt_family, 0, LTPIN_CMD_INFO);
	if (!msg || put_info(skb)) {
		nlmsg_free(skb);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, msg);
	return genlmsg_reply(skb, info);
}

/* LTPIN_CMD_LIST */

/**
 * struct list_state - where a dump of holds stands, in netlink_callback.ctx
 * @id:    hold to go on with
 * @index: page of that hold to go on with
 */
struct list_state {
	u32 id;
	unsigned long index;
};

static int dump_start(struct netlink_callback *cb)
{
	return netlink_capable(cb->skb, CAP_SYS_ADMIN) ? 0 : -EPERM;
}

static void *dump_put(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd)
{
	return genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq, &lt_family,
			   NLM_F_MULTI, cmd);
}

static int put_hold(struct sk_buff *skb, const struct lt_hold *hold)
{
	return nla_put_u32(skb, LTPIN_A_ID, hold->id) ||
	       nla_put_u32(skb, LTPIN_A_KIND, hold->kind) ||
	       nla_put_u32(skb, LTPIN_A_FLAGS, hold->flags) ||
	       nla_put_u32(skb, LTPIN_A_PID, hold->tgid) ||
	       nla_put_string(skb, LTPIN_A_COMM, hold->comm) ||
	       nla_put_u64_64bit(skb, LTPIN_A_NR_PAGES, hold->nr_pages, LTPIN_A_PAD) ||
	       nla_put_u64_64bit(skb, LTPIN_A_TS_NS, hold->ts_ns, LTPIN_A_PAD);
}

/* Appends runs from page @index on. Returns the first page that did not fit. */
static unsigned long put_runs(struct sk_buff *skb, const struct lt_hold *hold, unsigned long index)
{
	const size_t room_for_more = nla_total_size(0); /* LTPIN_A_MORE */
	struct nlattr *array = array_open(skb, LTPIN_A_RUNS);

	if (!array)
		return index;
	while (index < hold->nr_pages) {
		struct ltpin_pfn_run run = { .base_pfn = lt_hold_pfn(hold, index) };

		do {
			run.nr_pages++;
		} while (index + run.nr_pages < hold->nr_pages &&
			 lt_hold_pfn(hold, index + run.nr_pages) == run.base_pfn + run.nr_pages);
		if (!array_append(skb, array, &run, sizeof(run), room_for_more))
			break;
		index += run.nr_pages;
	}
	array_close(skb, array);
	return index;
}

/*
 * Adds one message about @hold, from page *@index on. On success *@index is the
 * page to go on with, 0 if the hold is done; -EMSGSIZE: @skb is full.
 */
static int list_one(struct sk_buff *skb, struct netlink_callback *cb, const struct lt_hold *hold,
		    unsigned long *index)
{
	void *msg = dump_put(skb, cb, LTPIN_CMD_LIST);
	unsigned long next;

	if (!msg)
		return -EMSGSIZE;
	genl_dump_check_consistent(cb, msg);
	if (put_hold(skb, hold))
		goto full;
	next = put_runs(skb, hold, *index);
	if (next == *index)
		goto full;
	if (next < hold->nr_pages && nla_put_flag(skb, LTPIN_A_MORE))
		goto full;
	genlmsg_end(skb, msg);
	*index = next < hold->nr_pages ? next : 0;
	return 0;

full:
	genlmsg_cancel(skb, msg);
	return -EMSGSIZE;
}

static int list_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct list_state *state = (void *)cb->ctx;
	struct lt_hold *hold;
	int err = 0;

	BUILD_BUG_ON(sizeof(*state) > sizeof(cb->ctx));
	mutex_lock(&lt_holds_lock);
	cb->seq = lt_holds_generation;
	while (!err && (hold = lt_holds_from(state->id))) {
		if (hold->id != state->id)
			state->index = 0; /* the one we were in is gone */
		state->id = hold->id;
		do {
			err = list_one(skb, cb, hold, &state->index);
		} while (!err && state->index);
		if (!err)
			state->id++;
	}
	mutex_unlock(&lt_holds_lock);
	/* skb->len 0 ends the dump */
	return err && !skb->len ? err : skb->len;
}

/* LTPIN_CMD_AREAS */

static int areas_start(struct netlink_callback *cb)
{
	if (!netlink_capable(cb->skb, CAP_SYS_ADMIN))
		return -EPERM;
	if (list_empty(&lt_areas)) {
		NL_SET_ERR_MSG(cb->extack,
			       "no areas known: symbol_lookup=0, IBT, or not told by this kernel");
		return -EOPNOTSUPP;
	}
	return 0;
}

static int put_area(struct sk_buff *skb, const struct lt_area *area)
{
	const struct ltpin_attempts attempts = lt_attempts_of(area);

	return nla_put_string(skb, LTPIN_A_NAME, area->name) ||
	       nla_put_u64_64bit(skb, LTPIN_A_NR_PAGES, area->nr_pages, LTPIN_A_PAD) ||
	       nla_put(skb, LTPIN_A_RUNS, area->nr_runs * sizeof(*area->runs), area->runs) ||
	       (lt_attempts_caps() && nla_put(skb, LTPIN_A_ATTEMPTS, sizeof(attempts), &attempts));
}

/* cb->args[0]: areas that were told */
static int areas_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct lt_area *area;
	long i = 0;

	list_for_each_entry(area, &lt_areas, node) {
		void *msg;

		if (i++ < cb->args[0])
			continue;
		msg = dump_put(skb, cb, LTPIN_CMD_AREAS);
		if (!msg || put_area(skb, area)) {
			if (msg)
				genlmsg_cancel(skb, msg);
			break;
		}
		genlmsg_end(skb, msg);
		cb->args[0] = i;
	}
	return skb->len;
}

/* LTPIN_CMD_PAGES */

/**
 * struct pages_state - where a dump of pages stands, in netlink_callback.ctx
 * @pfn:    next page to look at
 * @end:    end of the range, exclusive
 * @filter: LTPIN_FILTER_*
 */
struct pages_state {
	unsigned long pfn;
	unsigned long end;
	u32 filter;
};

static int pages_start(struct netlink_callback *cb)
{
	struct pages_state *state = (void *)cb->ctx;
	struct nlattr **attrs = lt_dump_attrs(cb);
	u64 start, end;

	BUILD_BUG_ON(sizeof(*state) > sizeof(cb->ctx));
	if (!netlink_capable(cb->skb, CAP_SYS_ADMIN))
		return -EPERM;
	if (!attrs[LTPIN_A_START_PFN] || !attrs[LTPIN_A_END_PFN]) {
		NL_SET_ERR_MSG(cb->extack, "start and end PFN are required");
		return -EINVAL;
	}
	start = nla_get_u64(attrs[LTPIN_A_START_PFN]);
	end = nla_get_u64(attrs[LTPIN_A_END_PFN]);
	if (start >= end) {
		NL_SET_ERR_MSG(cb->extack, "empty PFN range");
		return -EINVAL;
	}
	/* Below the end of memory PFNs fit into a long. */
	state->end = min_t(u64, end, lt_scan_end());
	state->pfn = min_t(u64, start, state->end);
	if (attrs[LTPIN_A_FILTER])
		state->filter = nla_get_u32(attrs[LTPIN_A_FILTER]);
	return 0;
}

/* Whether an allocation could not have it moved, as it is now. */
static bool is_blocking(const struct ltpin_page_state *page)
{
	const u64 has_mover = LTPIN_PAGE_LRU | LTPIN_PAGE_HUGETLB | LTPIN_PAGE_MOVABLE_OPS;

	/* On a per-CPU list of free pages: it is drained first. */
	if (page->flags & LTPIN_PAGE_BUDDY || page->refcount <= 0)
		return false;
	return !(page->flags & has_mover) ||
	       (page->expected >= 0 && page->refcount > page->expected);
}

static bool is_wanted(const struct ltpin_page_state *page, u32 filter)
{
	if (!page->nr_pages)
		return false;
	if ((filter & LTPIN_FILTER_NO_FREE) && (page->flags & LTPIN_PAGE_BUDDY))
		return false;
	if ((filter & LTPIN_FILTER_IN_USE) && page->refcount <= 0)
		return false;
	if ((filter & LTPIN_FILTER_PINNED) && page->pins <= 0)
		return false;
	if ((filter & LTPIN_FILTER_BLOCKING) && !is_blocking(page))
		return false;
	return true;
}

static int pages_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct pages_state *state = (void *)cb->ctx;
	struct ltpin_page_state page;
	struct nlattr *array;
	unsigned int i;
	void *msg;

	if (state->pfn >= state->end)
		return 0;
	msg = dump_put(skb, cb, LTPIN_CMD_PAGES);
	array = msg ? array_open(skb, LTPIN_A_PAGES) : NULL;
	if (!array)
		return -EMSGSIZE;
	for (i = 0; i < PAGES_PER_MESSAGE && state->pfn < state->end; i++) {
		unsigned long next = lt_scan(state->pfn, &page);

		if (is_wanted(&page, state->filter) &&
		    !array_append(skb, array, &page, sizeof(page), 0))
			break;
		state->pfn = next;
		cond_resched();
	}
	array_close(skb, array);
	genlmsg_end(skb, msg);
	return skb->len;
}

/* LTPIN_CMD_FILE */

static int put_buffers(struct sk_buff *skb, const struct lt_file *file)
{
	return nla_put_u32(skb, LTPIN_A_NR_BUFFERS, file->nr_buffers) ||
	       nla_put_u32(skb, LTPIN_A_NR_BUFFERS_HELD, file->nr_held) ||
	       nla_put_u32(skb, LTPIN_A_NR_BUFFERS_JOURNAL, file->nr_journal);
}

static int put_file(struct sk_buff *skb, const struct lt_file *file)
{
	if (nla_put_u64_64bit(skb, LTPIN_A_START_PFN, file->pfn, LTPIN_A_PAD))
		return -EMSGSIZE;
	if (!file->is_known)
		return 0;
	return nla_put_string(skb, LTPIN_A_FS_TYPE, file->fs_type) ||
	       nla_put_string(skb, LTPIN_A_FS_ID, file->fs_id) ||
	       nla_put_u32(skb, LTPIN_A_DEV, file->dev) ||
	       nla_put_u64_64bit(skb, LTPIN_A_INODE, file->inode, LTPIN_A_PAD) ||
	       (file->has_index &&
		nla_put_u64_64bit(skb, LTPIN_A_INDEX, file->index, LTPIN_A_PAD)) ||
	       (file->path[0] && nla_put_string(skb, LTPIN_A_PATH, file->path)) ||
	       (file->is_deleted && nla_put_flag(skb, LTPIN_A_IS_DELETED)) ||
	       (file->is_block_device && nla_put_flag(skb, LTPIN_A_IS_BLOCK_DEVICE)) ||
	       (file->nr_buffers && put_buffers(skb, file));
}

static int reply_file(struct genl_info *info, const struct lt_file *file)
{
	struct sk_buff *skb = genlmsg_new(sizeof(*file) + 512, GFP_KERNEL);
	void *msg;

	if (!skb)
		return -ENOMEM;
	msg = genlmsg_put_reply(skb, info, &lt_family, 0, LTPIN_CMD_FILE);
	if (!msg || put_file(skb, file)) {
		nlmsg_free(skb);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, msg);
	return genlmsg_reply(skb, info);
}

static int file_do(struct sk_buff *request, struct genl_info *info)
{
	struct lt_file *file;
	u64 pfn;
	int err;

	if (!netlink_capable(request, CAP_SYS_ADMIN))
		return -EPERM;
	if (!info->attrs[LTPIN_A_START_PFN]) {
		NL_SET_ERR_MSG(info->extack, "a PFN is required");
		return -EINVAL;
	}
	pfn = nla_get_u64(info->attrs[LTPIN_A_START_PFN]);
	file = kzalloc(sizeof(*file), GFP_KERNEL);
	if (!file)
		return -ENOMEM;
	file->pfn = pfn;
	/* Below the end of memory PFNs fit into a long. */
	if (pfn < lt_scan_end())
		lt_file_find(pfn, file);
	err = reply_file(info, file);
	kfree(file);
	return err;
}

/* The family */

/* For commands without attributes; an empty policy would let all pass. */
/* clang-format off */
static const struct nla_policy no_policy[] = {
	[LTPIN_A_PAD]		= { .type = NLA_REJECT },
};

static const struct nla_policy pages_policy[] = {
	[LTPIN_A_START_PFN]	= { .type = NLA_U64 },
	[LTPIN_A_END_PFN]	= { .type = NLA_U64 },
	[LTPIN_A_FILTER]	= NLA_POLICY_MASK(NLA_U32, LTPIN_FILTER_NO_FREE |
							   LTPIN_FILTER_IN_USE |
							   LTPIN_FILTER_PINNED |
							   LTPIN_FILTER_BLOCKING),
};

static const struct nla_policy file_policy[] = {
	[LTPIN_A_START_PFN]	= { .type = NLA_U64 },
};

static const struct genl_ops lt_ops[] = {
	{
		.cmd		= LTPIN_CMD_INFO,
		.doit		= info_do,
		.policy		= no_policy,
		.maxattr	= ARRAY_SIZE(no_policy) - 1,
	}, {
		.cmd		= LTPIN_CMD_LIST,
		.start		= dump_start,
		.dumpit		= list_dump,
		.policy		= no_policy,
		.maxattr	= ARRAY_SIZE(no_policy) - 1,
	}, {
		.cmd		= LTPIN_CMD_PAGES,
		.start		= pages_start,
		.dumpit		= pages_dump,
		.policy		= pages_policy,
		.maxattr	= ARRAY_SIZE(pages_policy) - 1,
	}, {
		.cmd		= LTPIN_CMD_AREAS,
		.start		= areas_start,
		.dumpit		= areas_dump,
		.policy		= no_policy,
		.maxattr	= ARRAY_SIZE(no_policy) - 1,
	}, {
		.cmd		= LTPIN_CMD_FILE,
		.doit		= file_do,
		.policy		= file_policy,
		.maxattr	= ARRAY_SIZE(file_policy) - 1,
	},
};
/* clang-format on */

static struct genl_family lt_family __ro_after_init = {
	.name = LTPIN_GENL_NAME,
	.version = LTPIN_GENL_VERSION,
	.maxattr = LTPIN_A_MAX,
	.module = THIS_MODULE,
	.parallel_ops = true,
	.netnsok = true, /* pages are the same in every network namespace */
	.ops = lt_ops,
	.n_ops = ARRAY_SIZE(lt_ops),
};

int __init lt_netlink_init(void)
{
	return genl_register_family(&lt_family);
}

void lt_netlink_exit(void)
{
	genl_unregister_family(&lt_family);
}
