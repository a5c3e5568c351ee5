// SPDX-License-Identifier: GPL-2.0-or-later
/* `ltpin owners`: groups page_owner records of any number. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/meta.h"
#include "cmd/cmd_act.h"
#include "cmd/confine.h"
#include "cmd/redact.h"
#include "model/owner_groups.h"
#include "render/json/json.h"
#include "render/json/json_owner_groups.h"
#include "render/owner_groups.h"
#include "source/enable.h"
#include "source/given/given.h"
#include "source/page_owner/page_owner.h"
#include "source/page_owner/page_owner_file.h"
#include "source/source.h"

#define TEXT_LIMIT 20 /* groups shown as text, unless --limit says otherwise */

/*
 * Records are grouped as they come: memory follows the number of groups and of
 * distinct strings, not the length of the text.
 */
struct owners {
	/* what to do */
	const char *path; /* as the user named it; NULL for the kernel's file */
	bool cma_only;
	enum lt_owner_rank rank;
	uint64_t limit; /* UINT64_MAX for all */
	/* what it is done with */
	struct lt_snapshot *snap; /* only where areas matter */
	struct lt_areas areas;	  /* @snap's, or none */
	struct lt_strings *strings;
	struct lt_stacks *stacks;
	bool has_ranges;
	struct lt_owner_groups groups;
	uint64_t nr_records, nr_pages;
	struct lt_diag diag;
};

static int add_record(const struct lt_owner *owner, void *arg)
{
	struct owners *owners = arg;
	size_t area =
		owners->has_ranges ? lt_areas_find_pfn(&owners->areas, owner->pfn) : LT_NO_AREA;

	if (owners->cma_only &&
	    !(owners->has_ranges ? area != LT_NO_AREA : !strcmp(owner->block_migratetype, "CMA")))
		return 0;
	owners->nr_records++;
	owners->nr_pages += (uint64_t)1 << owner->order;
	return lt_owner_groups_add(&owners->groups, owner, area);
}

static int read_records(struct owners *owners, const struct lt_root *root, int fd)
{
	const struct lt_page_owner_sink sink = { owners->strings, owners->stacks, add_record,
						 owners };
	struct lt_page_owner *parser;
	int err;

	if (owners->cma_only && owners->has_ranges && root && lt_page_owner_is_kernels(fd))
		return lt_page_owner_read_areas(root, fd, &owners->areas, &sink, &owners->diag);
	parser = lt_page_owner_new(&sink);
	err = parser ? lt_page_owner_read(parser, fd, &owners->diag) : -ENOMEM;
	lt_page_owner_free(parser);
	return err;
}

static int report_reason(const struct owners *owners, int err)
{
	const char *path = owners->path ? owners->path : LT_PAGE_OWNER_PATH;
	char why[400];

	if (!owners->path && err == -ENOENT) {
		cmd_error("there is no %s: it needs %s", path,
			  lt_source_needs(owners->strings, &lt_source_page_owner));
		return CMD_FAILED;
	}
	lt_diag_format(&owners->diag, why, sizeof(why));
	if (owners->diag.why[0])
		cmd_error("%s", why);
	else
		cmd_error("cannot read %s: %s", owners->diag.path, strerror(-err));
	return !owners->path && (err == -EACCES || err == -EPERM) ? CMD_INCOMPLETE : CMD_FAILED;
}

static int open_and_read(struct cmd *cmd, struct owners *owners)
{
	struct lt_root *root = owners->path ? NULL : cmd_root(cmd);
	int err, fd;

	if (!owners->path && !root)
		return CMD_FAILED;
	lt_diag_path(&owners->diag, owners->path ? owners->path : LT_PAGE_OWNER_PATH);
	fd = root ? lt_root_openat(root, LT_PAGE_OWNER_PATH, O_RDONLY) : lt_file_open(owners->path);
	err = fd < 0 ? fd : read_records(owners, root, fd);
	if (fd >= 0)
		close(fd);
	return err ? report_reason(owners, err) : 0;
}

/* CMD_INCOMPLETE after a message if a capture has less than what was asked for. */
static int check_extent(const struct cmd *cmd, const struct owners *owners)
{
	const char *unread = cmd->opened_root ? lt_root_meta_unread(cmd->opened_root) : NULL;
	const struct lt_meta_file *file =
		cmd->opened_root ? lt_root_meta_file(cmd->opened_root, LT_PAGE_OWNER_PATH) : NULL;

	if (unread && !owners->path) {
		cmd_error("how much was captured is not known: %s", unread);
		return CMD_INCOMPLETE;
	}
	if (owners->path || owners->cma_only || !file || file->extent != LT_EXTENT_AREAS)
		return CMD_OK;
	cmd_error("only the records of CMA areas were captured: `ltpin capture --full` takes all");
	return CMD_INCOMPLETE;
}

/*
 * Where the CMA areas are. A text from elsewhere has nothing to do with this
 * system's: for it, only --root tells.
 */
static int find_areas(struct cmd *cmd, struct owners *owners)
{
	struct lt_snapshot_options options = { .last_stage = LT_STAGE_TABLES };
	bool by_area = owners->groups.keys & LT_OWNER_BY_AREA;

	if (!by_area && !owners->cma_only)
		return 0;
	if (!owners->path || cmd->root) {
		const enum cmd_redact redact = cmd->redact;

		cmd->redact = CMD_REDACT_NOTHING; /* of the groups alone: nothing is captured */
		if (cmd_snapshot(cmd, &options, &owners->snap))
			return CMD_FAILED;
		cmd->redact = redact;
		owners->areas = owners->snap->areas;
	}
	lt_vec_each(area, &owners->areas)
		owners->has_ranges |= area->ranges.nr > 0;
	if (!owners->has_ranges && by_area)
		return cmd_usage(cmd, "--by area: it is not known where the CMA areas are%s",
				 cmd->root ? "" : "; --root names the system's files");
	if (!owners->has_ranges)
		cmd_error("it is not known where the CMA areas are: "
			  "taking what lies in pageblocks of type CMA now");
	return 0;
}

static size_t nr_shown(const struct owners *owners)
{
	size_t nr = owners->groups.list.nr;

	return nr < owners->limit ? nr : (size_t)owners->limit;
}

static int print_text(struct cmd *cmd, const struct owners *owners)
{
	struct lt_num page_size = { 0 };
	struct text text;
	int err;

	if (owners->snap)
		page_size = owners->snap->kernel.page_size;
	else if (!owners->path && lt_root_is_live(cmd->opened_root))
		page_size = lt_num((uint64_t)sysconf(_SC_PAGESIZE));
	else if (!owners->path && lt_root_meta(cmd->opened_root))
		page_size = lt_root_meta(cmd->opened_root)->page_size;
	cmd_text_of(cmd, page_size, &text);
	if (!text.is_brief)
		fprintf(text.out, "%s allocated in %" PRIu64 " block%s%s\n",
			text_pages(&text, lt_num(owners->nr_pages)).s, owners->nr_records,
			owners->nr_records == 1 ? "" : "s", owners->cma_only ? " in CMA" : "");
	err = owner_groups_print(&text, &owners->groups, &owners->areas, nr_shown(owners));
	if (text.is_brief)
		return err;
	if (nr_shown(owners) < owners->groups.list.nr)
		text_wrapf(&text, "  ", 2, "and %zu more groups: --limit 0 shows all",
			   owners->groups.list.nr - nr_shown(owners));
	if (owners->diag.note[0])
		text_wrapf(&text, "", 0, "Not resolved: %s.", owners->diag.note);
	if (owners->diag.nr_skipped)
		text_wrapf(&text, "", 0, "Lines that were not understood: %u, first line %u.",
			   owners->diag.nr_skipped, owners->diag.line);
	return err;
}

static int print_json(struct cmd *cmd, const struct owners *owners)
{
	struct lt_json *json = json_document(cmd_output(cmd), "ltpin.owners/1", NULL);

	if (!json)
		return -ENOMEM;
	lt_json_u64(json, "nr_records", owners->nr_records);
	lt_json_u64(json, "nr_pages", owners->nr_pages);
	lt_json_u64(json, "nr_unknown_lines", owners->diag.nr_skipped);
	json_owner_groups(json, &owners->groups, &owners->areas, nr_shown(owners));
	return lt_json_end(json);
}

static int show(struct cmd *cmd, struct owners *owners)
{
	int status = find_areas(cmd, owners);

	owners->strings = lt_strings_new();
	owners->stacks = lt_stacks_new();
	if (!owners->strings || !owners->stacks)
		return cmd_printed(cmd, -ENOMEM);
	if (!status)
		status = open_and_read(cmd, owners);
	if (status)
		return status;
	lt_owner_groups_sort(&owners->groups, owners->rank);
	if (cmd->redact)
		status = cmd_printed(cmd, redact_owner_groups(cmd, &owners->groups, &owners->areas,
							      owners->strings, owners->stacks));
	if (status)
		return status;
	if (!cmd_output(cmd))
		return CMD_FAILED;
	status = cmd_printed(cmd, cmd->format == FORMAT_JSON ? print_json(cmd, owners)
							     : print_text(cmd, owners));
	if (!status)
		status = cmd_columns_status(cmd);
	return status ? status : check_extent(cmd, owners);
}

/* "stack,task" as LT_OWNER_BY_*; false after a message. */
static bool parse_keys(struct cmd *cmd, const char *list, unsigned int *out)
{
	unsigned int keys = 0;

	for (const char *name = list; name; name = strchr(name, ',')) {
		enum lt_owner_key key;
		size_t len;

		name += name != list;
		len = strcspn(name, ",");
		key = owner_key_find(name, len);
		if (!key) {
			cmd_usage(cmd, "--by takes stack, task, gfp, migratetype, area, not '%.*s'",
				  (int)len, name);
			return false;
		}
		keys |= key;
	}
	*out = keys;
	return true;
}

static bool parse_rank(struct cmd *cmd, const char *name, enum lt_owner_rank *out)
{
	if (!strcmp(name, "pages"))
		*out = LT_OWNER_RANK_PAGES;
	else if (!strcmp(name, "records"))
		*out = LT_OWNER_RANK_RECORDS;
	else
		cmd_usage(cmd, "--sort takes pages or records, not '%s'", name);
	return !strcmp(name, "pages") || !strcmp(name, "records");
}

enum {
	OPT_BY = CMD_LONG,
	OPT_CMA,
	OPT_SORT,
	OPT_LIMIT,
};

static bool parse_option(struct cmd *cmd, void *arg, int c, const char *value)
{
	struct owners *owners = arg;
	switch (c) {
	case OPT_BY:
		return parse_keys(cmd, value, &owners->groups.keys);
	case OPT_CMA:
		owners->cma_only = true;
		return true;
	case OPT_SORT:
		return parse_rank(cmd, value, &owners->rank);
	case OPT_LIMIT:
		return cmd_number(cmd, "--limit", value, &owners->limit);
	default:
		return false;
	}
}

static int run_owners(struct cmd *cmd)
{
	const uint64_t unset = UINT64_MAX - 1;
	struct owners owners = { .groups.keys = LT_OWNER_BY_STACK, .limit = unset };
	int status;

	if (cmd_parse(cmd, parse_option, &owners))
		return cmd->status;
	if (owners.limit == unset)
		owners.limit = cmd->format == FORMAT_JSON ? 0 : TEXT_LIMIT;
	if (!owners.limit)
		owners.limit = UINT64_MAX;
	owners.path = cmd->nr_args ? cmd->args[0] : NULL;
	if (owners.path && !cmd->root && lt_given_is_packed(owners.path)) {
		cmd->root = owners.path;
		owners.path = NULL;
	}
	status = confine(cmd, NULL, owners.path);
	if (!status)
		status = show(cmd, &owners);
	lt_owner_groups_fini(&owners.groups);
	lt_stacks_free(owners.stacks);
	lt_strings_free(owners.strings);
	lt_snapshot_free(owners.snap);
	return status;
}

static const struct cmd_option options_of_owners[] = {
	{ OPT_BY, "by", "KEYS", "by stack (default), task, gfp, migratetype, area" },
	{ OPT_CMA, "cma", NULL, "only pages in CMA areas" },
	{ OPT_SORT, "sort", "KEY", "largest first by pages (default) or records" },
	{ OPT_LIMIT, "limit", "N", "the N largest, 0 for all (text: 20, json: 0)" },
	{ 0, NULL, NULL, NULL },
};

const struct cmd_info cmd_owners = {
	.name = "owners",
	.group = CMD_DIAGNOSE,
	.args = "[FILE|CAPTURE|-]",
	.args_max = 1,
	.summary = "Show who allocated memory: page_owner, summed up",
	.formats = FORMAT_TEXT | FORMAT_JSON,
	.columns = "pages,task",
	.has_bytes = true,
	.has_brief = true,
	.has_pager = true,
	.can_redact = true,
	.options = options_of_owners,
	.is_reader = true,
	.run = run_owners,
};
