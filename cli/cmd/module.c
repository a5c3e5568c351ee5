// SPDX-License-Identifier: GPL-2.0-or-later
/* `ltpin module`: loads and unloads the helper module, and shows its state. */
#include "cmd/module_status.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/array_size.h"
#include "base/escape.h"
#include "cmd/cmd.h"
#include "uapi/ltpin_netlink.h"

static int fail(const char *what, const struct lt_diag *diag)
{
	char why[400];

	lt_diag_format(diag, why, sizeof(why));
	cmd_error("cannot %s the module: %s", what, why);
	return CMD_FAILED;
}

static int load(struct cmd *cmd)
{
	struct lt_module_refusal refusal;

	if (!lt_kmod_load(cmd->nr_args > 1 ? cmd->args[1] : NULL, &refusal))
		return CMD_OK;
	cmd_error("cannot load the module: %s", refusal.why);
	if (refusal.advice[0])
		cmd_error("%s", refusal.advice);
	return CMD_FAILED;
}

static int unload(struct cmd *cmd)
{
	struct lt_diag diag = { 0 };

	(void)cmd;
	if (lt_kmod_unload(&diag))
		return fail("unload", &diag);
	return CMD_OK;
}

/* Functions of the kernel that the module found, and must not call. */
static void print_not_called(FILE *out, const char *names)
{
	char escaped[4 * sizeof(((struct lt_module_info *)NULL)->not_called) + 1];

	if (!*names)
		return;
	lt_escape(names, strlen(names), escaped, sizeof(escaped));
	fprintf(out,
		"not called   %s: no ENDBR64 at the start, which calls through pointers need "
		"with IBT\n",
		escaped);
}

static void print_info(FILE *out, const struct lt_module_info *info)
{
	const char *source = !(info->caps & LTPIN_CAP_ALLOC_CMA) ? "never from CMA"
			     : info->caps & LTPIN_CAP_AREAS	 ? "from any CMA area"
			     : info->caps & LTPIN_CAP_ALLOC_SINGLE
				     ? "from the default CMA area"
				     : "from the default CMA area, two pages or more";

	fprintf(out, "version      %s\n", info->version[0] ? info->version : "-");
	fprintf(out, "allocations  %s\n", source);
	fprintf(out, "blockers     %s\n",
		info->caps & LTPIN_CAP_BLOCKERS
			? "reported at the instant they block"
			: "not reported: this kernel lacks what that takes");
	fprintf(out, "pinned       %" PRIu64 " pages of at most %" PRIu64 "\n", info->nr_pinned,
		info->max_pages);
	fprintf(out, "allocated    %" PRIu64 " pages of at most %" PRIu64 "\n", info->nr_allocated,
		info->max_alloc_pages);
	print_not_called(out, info->not_called);
}

static void print_hold(FILE *out, const struct lt_module_hold *hold)
{
	char comm[4 * sizeof(hold->comm) + 1];

	lt_escape(hold->comm, strlen(hold->comm), comm, sizeof(comm));
	fprintf(out, "%-12s %" PRIu64 " pages since %.3f s, by %s[%" PRIu32 "]\n",
		hold->kind == LTPIN_KIND_PIN ? "pin" : "allocation", hold->nr_pages,
		(double)hold->ts_ns / 1e9, comm, hold->pid);
}

/* "EBUSY 2, ENOMEM 1", of a request that failed at all. */
static void print_errors(FILE *out, const struct ltpin_attempts *attempts)
{
	const struct {
		const char *name;
		uint64_t nr;
	} errors[] = {
		{ "EBUSY", attempts->nr_ebusy },	   { "ENOMEM", attempts->nr_enomem },
		{ "EINTR", attempts->nr_eintr },	   { "another error", attempts->nr_other },
		{ "unknown error", attempts->nr_unknown },
	};
	const char *before = " (";

	for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
		if (!errors[i].nr)
			continue;
		fprintf(out, "%s%s %" PRIu64, before, errors[i].name, (uint64_t)errors[i].nr);
		before = ", ";
	}
	if (before[0] == ',')
		fputc(')', out);
}

static void print_attempts(FILE *out, const struct lt_module_area *area)
{
	const struct ltpin_attempts *attempts = &area->attempts;
	uint64_t nr_failed = attempts->nr_ebusy + attempts->nr_enomem + attempts->nr_eintr +
			     attempts->nr_other + attempts->nr_unknown;
	char name[4 * sizeof(area->name) + 1];

	lt_escape(area->name, strlen(area->name), name, sizeof(name));
	fprintf(out, "requests     %s: %" PRIu64 " got their pages, %" PRIu64 " failed", name,
		(uint64_t)attempts->nr_success, nr_failed);
	print_errors(out, attempts);
	if (attempts->nr_timed)
		fprintf(out, ", %.3f ms at most", (double)attempts->max_ns / 1e6);
	fputc('\n', out);
}

static void print_status(FILE *out, const struct module_status *status)
{
	fprintf(out, "module       %s\n", lt_kmod_state_name(status->state));
	if (!status->has_answered)
		return;
	print_info(out, &status->info);
	lt_vec_each(area, &status->areas) {
		if (area->is_counted)
			print_attempts(out, area);
	}
	lt_vec_each(hold, &status->holds)
		print_hold(out, hold);
}

/* What the loaded module says of itself; being refused is no error of this command. */
static int ask(struct module_status *status)
{
	struct lt_diag diag = { 0 };
	int err = lt_module_info(&status->info, &diag);

	if (!err)
		err = lt_module_list(&status->holds, &diag);
	if (err) {
		cmd_error("cannot ask the module: %s", diag.why[0] ? diag.why : strerror(-err));
		return CMD_INCOMPLETE;
	}
	status->has_answered = true;
	status->has_areas = !lt_module_areas(&status->areas, NULL);
	return CMD_OK;
}

/* The document names the boot, as its times are of it. */
static int print_json(struct cmd *cmd, const struct module_status *status)
{
	struct lt_snapshot_options what = { .last_stage = LT_STAGE_TABLES };
	struct lt_snapshot *snap;
	int err;

	if (cmd_snapshot(cmd, &what, &snap))
		return CMD_FAILED;
	err = module_status_json(cmd_output(cmd), status, snap);
	lt_snapshot_free(snap);
	return cmd_printed(cmd, err);
}

static int status(struct cmd *cmd)
{
	struct module_status status = { 0 };
	struct lt_diag diag = { 0 };
	int ret = CMD_BAD, printed = CMD_OK;

	if (!cmd_output(cmd))
		return CMD_FAILED;
	if (lt_kmod_state(&status.state, &diag))
		return fail("find", &diag);
	if (status.state == LT_KMOD_LIVE || status.state == LT_KMOD_BUILTIN)
		ret = ask(&status);
	else
		cmd_error("load it with `ltpin module load`, or `ltpin module load FILE`");
	if (cmd->format == FORMAT_JSON)
		printed = print_json(cmd, &status);
	else
		print_status(cmd_output(cmd), &status);
	module_status_fini(&status);
	return printed == CMD_OK ? ret : printed;
}

static int run_module(struct cmd *cmd)
{
	static const struct {
		const char *name;
		int args_max;
		int (*run)(struct cmd *cmd);
	} actions[] = {
		{ "load", 2, load },
		{ "unload", 1, unload },
		{ "status", 1, status },
	};

	if (cmd_no_options(cmd))
		return cmd->status;
	if (!cmd->nr_args)
		return status(cmd);
	for (size_t i = 0; i < ARRAY_SIZE(actions); i++) {
		if (strcmp(cmd->args[0], actions[i].name))
			continue;
		if (cmd->nr_args > actions[i].args_max)
			return cmd_usage(cmd, "module %s takes no '%s'", actions[i].name,
					 cmd->args[actions[i].args_max]);
		if (actions[i].run != status && (cmd->format != FORMAT_TEXT || cmd->output))
			return cmd_usage(cmd, "module %s prints nothing: -f and -o are for status",
					 actions[i].name);
		return actions[i].run(cmd);
	}
	return cmd_usage(cmd, "module needs load, unload or status, not '%s'", cmd->args[0]);
}

const struct cmd_info cmd_module = {
	.name = "module",
	.group = CMD_REPRODUCE,
	.args = "[load [FILE] | unload | status]",
	.args_max = 2,
	.summary = "Load or unload the helper module, or show its state",
	.formats = FORMAT_TEXT | FORMAT_JSON,
	.is_live = true,
	.run = run_module,
};
