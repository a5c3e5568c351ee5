// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Questions to the generic netlink family "ltpin"; uapi/ltpin_netlink.h is the grammar.
 */
#include "source/module/module.h"

#include <errno.h>
#include <string.h>

#ifdef HAVE_MNL

#include <libmnl/libmnl.h>

#include "source/module/module_folio.h"
#include "source/module/module_link.h"

/* A dump that changed under us is asked for again this often. */
#define NR_LIST_TRIES 5

/* Info */

int lt_module_info(struct lt_module_info *out, struct lt_diag *diag)
{
	struct lt_module_info info;
	struct lt_module_link link;
	int err = lt_module_link_open(&link, &info, diag);

	if (err)
		return err;
	lt_module_link_close(&link);
	*out = info;
	return 0;
}

/* Page scan */

struct scan {
	int (*each)(const struct lt_folio *folio, void *arg);
	void *arg;
	uint64_t next_pfn; /* end of the last record: a folio is told once */
};

static int parse_pages(const struct nlmsghdr *nlh, void *arg)
{
	struct scan *scan = arg;
	struct lt_module_attrs attrs;
	const char *payload;
	size_t len;
	int ret = 0;

	lt_module_attrs_parse(nlh, &attrs);
	if (!attrs.v[LTPIN_A_PAGES])
		return -EBADMSG;
	payload = mnl_attr_get_payload(attrs.v[LTPIN_A_PAGES]);
	len = mnl_attr_get_payload_len(attrs.v[LTPIN_A_PAGES]);
	if (len % LT_MODULE_FOLIO_SIZE)
		return -EBADMSG;
	for (; len && !ret; len -= LT_MODULE_FOLIO_SIZE, payload += LT_MODULE_FOLIO_SIZE) {
		struct lt_folio folio = lt_module_folio(payload);

		if (folio.pfn < scan->next_pfn || !folio.nr_pages)
			continue;
		scan->next_pfn = folio.pfn + folio.nr_pages;
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
	struct lt_module_link link;
	struct nlmsghdr *nlh;
	int ret = lt_module_link_open(&link, &info, diag);

	if (ret)
		return ret;
	nlh = lt_module_link_request(&link, NLM_F_DUMP, LTPIN_CMD_PAGES);
	mnl_attr_put_u64(nlh, LTPIN_A_START_PFN, pfns.start_pfn);
	mnl_attr_put_u64(nlh, LTPIN_A_END_PFN, pfns.end_pfn);
	if (filter)
		mnl_attr_put_u32(nlh, LTPIN_A_FILTER, filter);
	ret = lt_module_link_transact(&link, parse_pages, &scan);
	lt_module_link_close(&link);
	return ret;
}

/* List */

static int parse_runs(struct lt_ranges *runs, const struct nlattr *attr)
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

static int parse_hold(const struct nlmsghdr *nlh, void *arg)
{
	struct lt_module_holds *holds = arg;
	struct lt_module_hold *hold;
	struct lt_module_attrs attrs;
	uint32_t id;

	lt_module_attrs_parse(nlh, &attrs);
	if (!lt_module_attrs_u32(&attrs, LTPIN_A_ID, &id))
		return -EBADMSG;
	hold = holds->nr ? &holds->v[holds->nr - 1] : NULL;
	if (!hold || hold->id != id) {
		hold = lt_vec_push(holds);
		if (!hold)
			return -ENOMEM;
		hold->id = id;
	}
	if (!lt_module_attrs_u32(&attrs, LTPIN_A_KIND, &hold->kind) ||
	    !lt_module_attrs_u32(&attrs, LTPIN_A_FLAGS, &hold->flags) ||
	    !lt_module_attrs_u32(&attrs, LTPIN_A_PID, &hold->pid) ||
	    !lt_module_attrs_u64(&attrs, LTPIN_A_NR_PAGES, &hold->nr_pages) ||
	    !lt_module_attrs_u64(&attrs, LTPIN_A_TS_NS, &hold->ts_ns) ||
	    !lt_module_attrs_string(&attrs, LTPIN_A_COMM, hold->comm, sizeof(hold->comm)) ||
	    !attrs.v[LTPIN_A_RUNS])
		return -EBADMSG;
	return parse_runs(&hold->runs, attrs.v[LTPIN_A_RUNS]);
}

int lt_module_list(struct lt_module_holds *out, struct lt_diag *diag)
{
	struct lt_module_holds holds = { 0 };
	struct lt_module_info info;
	int err = -EAGAIN;

	/* A dump that is given up is left in the socket: each try has its own. */
	for (int i = 0; i < NR_LIST_TRIES && err == -EAGAIN; i++) {
		struct lt_module_link link;

		lt_module_holds_free(&holds);
		err = lt_module_link_open(&link, &info, diag);
		if (err)
			return err;
		lt_module_link_request(&link, NLM_F_DUMP, LTPIN_CMD_LIST);
		err = lt_module_link_transact(&link, parse_hold, &holds);
		lt_module_link_close(&link);
	}
	if (err) {
		lt_module_holds_free(&holds);
		return err;
	}
	*out = holds;
	return 0;
}

/* Areas */

/* A kernel without the tracepoints has none. */
static bool parse_attempts(const struct nlattr *attr, struct ltpin_attempts *out)
{
	if (!attr || mnl_attr_get_payload_len(attr) != sizeof(*out))
		return false;
	memcpy(out, mnl_attr_get_payload(attr), sizeof(*out));
	return true;
}

static int parse_area(const struct nlmsghdr *nlh, void *arg)
{
	struct lt_module_areas *areas = arg;
	struct lt_module_area *area = lt_vec_push(areas);
	struct lt_module_attrs attrs;

	if (!area)
		return -ENOMEM;
	lt_module_attrs_parse(nlh, &attrs);
	if (!lt_module_attrs_string(&attrs, LTPIN_A_NAME, area->name, sizeof(area->name)) ||
	    !lt_module_attrs_u64(&attrs, LTPIN_A_NR_PAGES, &area->nr_pages) ||
	    !attrs.v[LTPIN_A_RUNS])
		return -EBADMSG;
	area->is_counted = parse_attempts(attrs.v[LTPIN_A_ATTEMPTS], &area->attempts);
	return parse_runs(&area->ranges, attrs.v[LTPIN_A_RUNS]);
}

int lt_module_areas(struct lt_module_areas *out, struct lt_diag *diag)
{
	struct lt_module_areas areas = { 0 };
	struct lt_module_info info;
	struct lt_module_link link;
	int err = lt_module_link_open(&link, &info, diag);

	if (err)
		return err;
	if (!(info.caps & LTPIN_CAP_AREAS)) {
		lt_diag_set(
			diag, "the loaded module does not report areas: %s",
			strstr(info.not_called, "cma_")
				? "the kernel's functions for that have no ENDBR64, which calls through "
				  "pointers need with IBT"
				: "its parameter symbol_lookup is off, or this kernel has no kprobes");
		err = -EOPNOTSUPP;
	}
	if (!err) {
		lt_module_link_request(&link, NLM_F_DUMP, LTPIN_CMD_AREAS);
		err = lt_module_link_transact(&link, parse_area, &areas);
	}
	lt_module_link_close(&link);
	if (err)
		lt_module_areas_free(&areas);
	else
		*out = areas;
	return err;
}

/* Files */

static struct lt_num number_of(const struct lt_module_attrs *attrs, enum ltpin_attr which)
{
	uint32_t number;

	return lt_module_attrs_u32(attrs, which, &number) ? lt_num(number) : (struct lt_num){ 0 };
}

static int parse_file(const struct nlmsghdr *nlh, void *arg)
{
	struct lt_module_file *file = arg;
	struct lt_module_attrs attrs;
	uint64_t index;

	lt_module_attrs_parse(nlh, &attrs);
	if (!lt_module_attrs_u64(&attrs, LTPIN_A_START_PFN, &file->pfn))
		return -EBADMSG;
	if (!attrs.v[LTPIN_A_FS_TYPE])
		return 0;
	if (!lt_module_attrs_u32(&attrs, LTPIN_A_DEV, &file->dev) ||
	    !lt_module_attrs_u64(&attrs, LTPIN_A_INODE, &file->inode) ||
	    !lt_module_attrs_string(&attrs, LTPIN_A_FS_TYPE, file->fs_type, sizeof(file->fs_type)))
		return -EBADMSG;
	lt_module_attrs_string(&attrs, LTPIN_A_FS_ID, file->fs_id, sizeof(file->fs_id));
	lt_module_attrs_string(&attrs, LTPIN_A_PATH, file->path, sizeof(file->path));
	if (lt_module_attrs_u64(&attrs, LTPIN_A_INDEX, &index))
		file->index = lt_num(index);
	file->is_block_device = attrs.v[LTPIN_A_IS_BLOCK_DEVICE];
	file->is_deleted = attrs.v[LTPIN_A_IS_DELETED];
	file->nr_buffers = number_of(&attrs, LTPIN_A_NR_BUFFERS);
	file->nr_held = number_of(&attrs, LTPIN_A_NR_BUFFERS_HELD);
	file->nr_private = number_of(&attrs, LTPIN_A_NR_BUFFERS_JOURNAL);
	return 0;
}

static int ask_file(struct lt_module_link *link, uint64_t pfn, struct lt_module_file *file)
{
	struct nlmsghdr *nlh = lt_module_link_request(link, 0, LTPIN_CMD_FILE);

	*file = (struct lt_module_file){ 0 };
	mnl_attr_put_u64(nlh, LTPIN_A_START_PFN, pfn);
	return lt_module_link_transact(link, parse_file, file);
}

int lt_module_files(const struct lt_pfns *pfns,
		    int (*each)(uint64_t pfn, const struct lt_module_file *file, void *arg),
		    void *arg, struct lt_diag *diag)
{
	struct lt_module_file file;
	struct lt_module_info info;
	struct lt_module_link link;
	int err = lt_module_link_open(&link, &info, diag);

	if (err)
		return err;
	if (!(info.caps & LTPIN_CAP_FILES)) {
		lt_diag_set(diag, "the loaded module does not report files");
		err = -EOPNOTSUPP;
	}
	lt_vec_each(pfn, pfns) {
		if (!err)
			err = ask_file(&link, *pfn, &file);
		if (!err && file.fs_type[0])
			err = each(*pfn, &file, arg);
	}
	lt_module_link_close(&link);
	return err;
}

#else /* !HAVE_MNL */

static int refuse(struct lt_diag *diag)
{
	lt_diag_set(diag, "ltpin was built without libmnl");
	return -ENOENT;
}

int lt_module_info(struct lt_module_info *out, struct lt_diag *diag)
{
	(void)out;
	return refuse(diag);
}

int lt_module_scan(struct lt_range pfns, uint32_t filter,
		   int (*each)(const struct lt_folio *folio, void *arg), void *arg,
		   struct lt_diag *diag)
{
	(void)pfns;
	(void)filter;
	(void)each;
	(void)arg;
	return refuse(diag);
}

int lt_module_list(struct lt_module_holds *out, struct lt_diag *diag)
{
	(void)out;
	return refuse(diag);
}

int lt_module_areas(struct lt_module_areas *out, struct lt_diag *diag)
{
	(void)out;
	return refuse(diag);
}

int lt_module_files(const struct lt_pfns *pfns,
		    int (*each)(uint64_t pfn, const struct lt_module_file *file, void *arg),
		    void *arg, struct lt_diag *diag)
{
	(void)pfns;
	(void)each;
	(void)arg;
	return refuse(diag);
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
