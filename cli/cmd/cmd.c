// SPDX-License-Identifier: GPL-2.0-or-later
/* What commands share: options, operands, the root that they read, and their exit status. */
#include "cmd/cmd.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array_size.h"
#include "base/capture.h"
#include "base/escape.h"
#include "cmd/capture_page_owner.h"
#include "cmd/cmd_option.h"
#include "cmd/confine.h"
#include "cmd/progress.h"
#include "cmd/redact.h"
#include "cmd/suggest.h"
#include "source/given/given.h"
#include "source/page_owner/page_owner_file.h"
#include "source/read/read.h"

static const char *about;

static void complain(const char *fmt, va_list args) __attribute__((format(printf, 1, 0)));

void cmd_error_about(const char *name)
{
	about = name;
}

/* @message, which is freed, behind the name of the file that it is about, unless it has that. */
static char *name_file(char *message)
{
	char *named = NULL;

	if (!about || strstr(message, about) || asprintf(&named, "%s: %s", about, message) < 0)
		return message;
	free(message);
	return named;
}

/* What somebody named, a file or a command, may have any bytes. */
static void complain(const char *fmt, va_list args)
{
	char *message = NULL, *safe = NULL;
	size_t size;

	if (vasprintf(&message, fmt, args) >= 0) {
		message = name_file(message);
		size = lt_escape_message(message, strlen(message), NULL, 0) + 1;
		safe = malloc(size);
		if (safe)
			lt_escape_message(message, strlen(message), safe, size);
		free(message);
	}
	fprintf(stderr, "ltpin: %s\n", safe ? safe : "out of memory");
	free(safe);
}

void cmd_error(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	complain(fmt, args);
	va_end(args);
}

int cmd_usage(struct cmd *cmd, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	complain(fmt, args);
	va_end(args);
	fprintf(stderr, "Try `ltpin help%s%s`.\n", cmd->info->name[0] ? " " : "", cmd->info->name);
	cmd->status = cmd->info->usage_status ? cmd->info->usage_status : CMD_FAILED;
	return cmd->status;
}

static int stop(struct cmd *cmd, int status)
{
	cmd->status = status;
	return CMD_STOP;
}

static int parse_format(struct cmd *cmd, const char *name)
{
	unsigned int format = format_find(name);

	if (format & cmd->info->formats) {
		cmd->format = (enum cmd_format)format;
		return 0;
	}
	return stop(cmd, cmd_usage(cmd, "%s has no format '%s': it has %s", cmd->info->name, name,
				   format_list(cmd->info->formats).s));
}

static int parse_columns(struct cmd *cmd, const char *names)
{
	columns_fini(&cmd->columns);
	if (!columns_parse(names, &cmd->columns))
		return 0;
	return stop(cmd,
		    cmd_usage(cmd, "--columns needs names, up to %d: '%s'", COLUMNS_MAX, names));
}

int cmd_files_from(struct cmd *cmd, int nr_args)
{
	int nr = cmd->nr_args + cmd->nr_files;

	if (!cmd->info->has_files || nr <= nr_args)
		return 0;
	cmd->nr_args = nr_args;
	cmd->nr_files = nr - nr_args;
	cmd->files = cmd->args + nr_args;
	if (!cmd->root)
		return 0;
	return stop(cmd, cmd_usage(cmd, "%s: give what was captured or --root, not both",
				   cmd->info->name));
}

static int end_of_options(struct cmd *cmd)
{
	const struct cmd_info *info = cmd->info;

	cmd->nr_args = cmd->argc - optind;
	cmd->args = cmd->argv + optind;
	if (cmd_files_from(cmd, info->args_max))
		return CMD_STOP;
	if (cmd->nr_args > info->args_max)
		return stop(cmd, cmd_usage(cmd, "%s: one argument too many: '%s'", info->name,
					   cmd->args[info->args_max]));
	if (info->is_live && cmd->root && strcmp(cmd->root, "/"))
		return stop(cmd, cmd_usage(cmd, "%s acts on the running system: leave out --root",
					   info->name));
	if ((cmd->columns.nr || cmd->is_brief) && cmd->format != FORMAT_TEXT)
		return stop(cmd, cmd_usage(cmd, "%s: %s is for text only", info->name,
					   cmd->columns.nr ? "--columns" : "--brief"));
	return CMD_END;
}

int cmd_getopt(struct cmd *cmd, const char **value)
{
	struct cmd_options list;
	struct cmd_getopt known;
	int c;

	cmd_options(cmd->info, &list);
	cmd_options_getopt(&list, &known);
	opterr = 0;
	while ((c = getopt_long(cmd->argc, cmd->argv, known.letters, known.names, NULL)) >= 0) {
		switch (c) {
		case OPT_HELP:
			cmd_help_one(stdout, cmd->info);
			return stop(cmd, CMD_OK);
		case OPT_ROOT:
			cmd->root = optarg;
			break;
		case OPT_KCONFIG:
			cmd->kconfig = optarg;
			break;
		case OPT_COLUMNS:
			if (parse_columns(cmd, optarg))
				return CMD_STOP;
			break;
		case OPT_BYTES:
			cmd->bytes = true;
			break;
		case OPT_BRIEF:
			cmd->is_brief = true;
			break;
		case OPT_NO_PAGER:
			cmd->is_unpaged = true;
			break;
		case OPT_REDACT:
		case OPT_REDACT_NAMES:
			cmd->redact = c == OPT_REDACT ? CMD_REDACT_DEVICE : CMD_REDACT_NAMES;
			break;
		case 'v':
			cmd->is_verbose = true;
			break;
		case 'o':
			cmd->output = optarg;
			break;
		case 'f':
			if (parse_format(cmd, optarg))
				return CMD_STOP;
			break;
		case OPT_JSON:
			cmd->format =
				cmd->info->formats & FORMAT_JSON ? FORMAT_JSON : FORMAT_NDJSON;
			break;
		case ':':
		case '?':
			return stop(cmd, cmd_bad_option(cmd, &list, c, cmd->argv));
		default:
			*value = optarg;
			return c;
		}
	}
	return end_of_options(cmd);
}

int cmd_no_options(struct cmd *cmd)
{
	const char *value;

	return cmd_getopt(cmd, &value) == CMD_END ? 0 : CMD_STOP;
}

bool cmd_file(struct cmd *cmd, const char *value, const char **out)
{
	if (strcmp(value, "-") && access(value, R_OK)) {
		cmd_error("cannot read %s: %s", value, strerror(errno));
		cmd->status = CMD_FAILED;
		return false;
	}
	*out = value;
	return true;
}

bool cmd_evidence(struct cmd *cmd, const char *value, const char *wanted, const char **out)
{
	struct lt_given_why why = { 0 };
	int err = lt_given_check(value, wanted, &why);

	*out = value;
	if (!err)
		return true;
	cmd_error("%s", why.text[0] ? why.text : strerror(-err));
	cmd->status = CMD_FAILED;
	return false;
}

/* What was named, or NULL for the running system. */
static const char *place_of(const struct cmd *cmd)
{
	return cmd->nr_files ? cmd->files[0] : cmd->root;
}

struct lt_root *cmd_root(struct cmd *cmd)
{
	const char *const *paths =
		cmd->nr_files ? (const char *const *)cmd->files : (const char *const *)&cmd->root;
	size_t nr = cmd->nr_files ? (size_t)cmd->nr_files : cmd->root ? 1 : 0;
	struct lt_given_why why = { 0 };
	int err;

	if (cmd->opened_root)
		return cmd->opened_root;
	if (nr || cmd->is_apart)
		err = lt_given_open(paths, nr, &cmd->opened_root, &why);
	else
		err = lt_root_open(NULL, &cmd->opened_root);
	cmd->is_known = err > 0;
	err = err > 0 ? 0 : err;
	if (why.text[0] && (err || cmd->is_verbose))
		cmd_error("%s", why.text);
	else if (err)
		cmd_error("cannot read %s: %s", nr ? paths[0] : "/", strerror(-err));
	return cmd->opened_root;
}

static void report_sources(const struct lt_snapshot *snap)
{
	lt_vec_each(source, &snap->sources)
		cmd_error("%s: %s%s%s", source->name, lt_status_name(source->status),
			  source->detail ? ": " : "", source->detail ? source->detail : "");
}

/* Whether a file that an option named, and that the source @name reads, was not understood. */
static bool is_refused(const struct lt_snapshot *snap, const char *path, const char *name)
{
	const struct lt_source_state *source = path ? lt_snapshot_source(snap, name) : NULL;

	if (!source || (source->status != LT_STATUS_ERROR && source->status != LT_STATUS_DENIED))
		return false;
	cmd_error("cannot read %s", source->detail ? source->detail : path);
	return true;
}

static bool has_refused(const struct lt_snapshot *snap)
{
	const struct lt_snapshot_options *options = &snap->options;
	const struct {
		const char *path, *source;
	} given[] = {
		{ options->dmesg, "klog" },	   { options->trace, "trace" },
		{ options->attempts, "attempts" }, { options->selftest, "selftest" },
		{ options->kconfig, "kconfig" },
	};
	bool refused = false;

	for (size_t i = 0; i < ARRAY_SIZE(given); i++)
		if (is_refused(snap, given[i].path, given[i].source))
			refused = true; /* and name the others too */
	return refused;
}

/* Whether a captured system has anything at all, be it that it could not be read. */
static bool has_evidence(const struct lt_snapshot *snap)
{
	if (lt_root_is_live(snap->root) || lt_root_meta(snap->root) ||
	    lt_root_meta_unread(snap->root))
		return true;
	lt_vec_each(source, &snap->sources)
		if (source->status != LT_STATUS_ABSENT && source->status != LT_STATUS_UNUSED)
			return true;
	return false;
}

/* Whether files were known by their contents, and none could be understood; after a message. */
static bool has_only_refused(const struct lt_snapshot *snap)
{
	const struct lt_source_state *refused = NULL;

	lt_vec_each(source, &snap->sources) {
		if (source->status == LT_STATUS_OK || source->status == LT_STATUS_PARTIAL)
			return false;
		if (source->status == LT_STATUS_ERROR && !refused)
			refused = source;
	}
	if (refused)
		cmd_error("cannot read %s%s%s", refused->name, refused->detail ? ": " : "",
			  refused->detail ? refused->detail : "");
	return refused;
}

/* 0, or CMD_FAILED after a message: silence is no answer. */
static int check_evidence(const struct cmd *cmd, const struct lt_snapshot *snap)
{
	struct lt_given_why why;

	if (has_refused(snap) || (cmd->is_known && has_only_refused(snap)))
		return CMD_FAILED;
	if (has_evidence(snap) || cmd->is_known || !place_of(cmd))
		return 0;
	lt_given_explain(snap->root, place_of(cmd), &why);
	cmd_error("%s", why.text);
	return CMD_FAILED;
}

/* What could not be read the first time is not there the second time. */
static int keep_unread(struct cmd *cmd, const struct lt_snapshot *snap)
{
	lt_vec_each(source, &snap->sources) {
		const char *why = source->unread ? source->unread : source->detail;

		if (!lt_source_state_is_unread(source) || cmd->unread)
			continue;
		if (asprintf(&cmd->unread, "%s: %s", source->name,
			     why ? why : lt_status_name(source->status)) < 0) {
			cmd->unread = NULL;
			return -ENOMEM;
		}
	}
	return 0;
}

/* Read once with the names, to read without them from now on. 0, or CMD_FAILED after a message. */
static int redact_first(struct cmd *cmd, const struct lt_snapshot_options *options)
{
	struct lt_snapshot_options first = *options;
	struct lt_capture *capture = NULL;
	struct lt_snapshot *snap = NULL;
	bool is_live;
	int err, status = 0;

	if (options->dmesg || options->trace || options->attempts || options->selftest)
		return cmd_usage(cmd, "--redact takes files without options: `%s --redact FILE...`",
				 cmd->info->name);
	if (!cmd_root(cmd))
		return CMD_FAILED;
	first.root = cmd_root(cmd);
	first.kconfig = cmd->kconfig;
	err = lt_capture_new(NULL, NULL, &capture);
	is_live = lt_root_is_live(first.root);
	if (!err) {
		lt_root_set_capture(first.root, capture);
		lt_capture_defer(capture, is_live ? NULL : LT_PAGE_OWNER_PATH);
		err = lt_read_snapshot(&first, &snap);
		lt_capture_defer(capture, NULL);
	}
	if (!err && !is_live)
		capture_page_owner(first.root);
	if (!err)
		status = check_evidence(cmd, snap);
	if (!err && !status)
		err = keep_unread(cmd, snap);
	if (!err && !status)
		err = redact_root(cmd, snap, capture);
	else
		lt_root_set_capture(first.root, NULL);
	lt_snapshot_free(snap);
	lt_capture_free(capture);
	if (err)
		cmd_error("cannot redact what was read: %s", strerror(-err));
	cmd->is_redacted = !err && !status;
	return err ? CMD_FAILED : status;
}

int cmd_redact(struct cmd *cmd, const struct lt_snapshot_options *options)
{
	if (!cmd->redact || cmd->is_redacted || cmd->info->is_private)
		return 0;
	return redact_first(cmd, options);
}

static int suggest(struct cmd *cmd, const struct lt_snapshot_options *options)
{
	if (!cmd->is_redacted || !place_of(cmd))
		return suggest_place(cmd, options, &cmd->suggested);
	cmd->suggested = strdup("CAPTURE");
	return cmd->suggested ? 0 : -ENOMEM;
}

int cmd_snapshot(struct cmd *cmd, struct lt_snapshot_options *options, struct lt_snapshot **out)
{
	struct progress progress = { 0 };
	struct lt_snapshot *snap;
	int err;

	if (confine(cmd, options, NULL))
		return CMD_FAILED;
	err = cmd_redact(cmd, options);
	if (err)
		return err;
	options->root = cmd_root(cmd);
	if (!options->root)
		return CMD_FAILED;
	if (!options->kconfig && !cmd->is_redacted)
		options->kconfig = cmd->kconfig;
	free(cmd->suggested);
	cmd->suggested = NULL;
	err = suggest(cmd, options);
	options->place = cmd->suggested;
	options->progress = progress_report;
	options->progress_arg = &progress;
	if (!err)
		err = lt_read_snapshot(options, &snap);
	progress_end(&progress);
	if (err) {
		cmd_error("cannot read %s: %s", place_of(cmd) ? place_of(cmd) : "/",
			  strerror(-err));
		return CMD_FAILED;
	}
	if (cmd->is_verbose)
		report_sources(snap);
	err = check_evidence(cmd, snap);
	if (err)
		lt_snapshot_free(snap);
	else
		*out = snap;
	return err;
}

/* Whether all that @source lacks is a user with more rights. */
static bool is_closed(const struct lt_snapshot *snap, const struct lt_source_state *source)
{
	return lt_root_is_live(snap->root) &&
	       (source->unread ? geteuid() != 0 : lt_snapshot_is_for_root(snap, source));
}

/* In one line what running as root would open. */
static void report_closed(const struct lt_snapshot *snap)
{
	char names[512] = "";
	size_t nr = 0, len = 0;

	lt_vec_each(source, &snap->sources) {
		if (!is_closed(snap, source))
			continue;
		nr++;
		if (len < sizeof(names))
			len += (size_t)snprintf(names + len, sizeof(names) - len, "%s%s",
						len ? ", " : "", source->name);
	}
	if (nr)
		cmd_error("not root: %zu source%s closed (%s); run as root", nr,
			  nr == 1 ? " is" : "s are", names);
}

int cmd_snapshot_status(const struct lt_snapshot *snap)
{
	size_t nr_others = 0;

	if (!lt_snapshot_is_incomplete(snap))
		return CMD_OK;
	lt_vec_each(source, &snap->sources) {
		if (!lt_source_state_is_unread(source) || is_closed(snap, source))
			continue;
		nr_others++;
		if (source->unread)
			cmd_error("could not read all of %s: %s", source->name, source->unread);
		else
			cmd_error("could not read %s: %s", source->name,
				  source->detail ? source->detail : lt_status_name(source->status));
	}
	report_closed(snap);
	if (nr_others)
		cmd_error("the answer is incomplete; see `ltpin doctor`");
	return CMD_INCOMPLETE;
}

int cmd_printed(struct cmd *cmd, int err)
{
	if (err == -ENOMEM)
		cmd_error("out of memory");
	else if (err < 0)
		cmd->output_err = -err;
	return err < 0 ? CMD_FAILED : err;
}

int cmd_columns_status(struct cmd *cmd)
{
	const char *missing = columns_missing(&cmd->columns);

	return missing ? cmd_usage(cmd, "there is no column '%s'; columns here: %s", missing,
				   cmd->columns.offered)
		       : CMD_OK;
}

int cmd_show(struct cmd *cmd, struct lt_snapshot_options *options,
	     int (*print)(struct cmd *cmd, const struct lt_snapshot *snap))
{
	struct lt_snapshot *snap;
	int status = cmd_snapshot(cmd, options, &snap);

	if (status)
		return status;
	status = cmd_output(cmd) ? cmd_printed(cmd, print(cmd, snap)) : CMD_FAILED;
	if (!status)
		status = cmd_columns_status(cmd);
	if (!status)
		status = cmd_snapshot_status(snap);
	lt_snapshot_free(snap);
	return status;
}

void cmd_text(struct cmd *cmd, const struct lt_snapshot *snap, struct text *text)
{
	cmd_text_of(cmd, snap->kernel.page_size, text);
}

void cmd_text_of(struct cmd *cmd, struct lt_num page_size, struct text *text)
{
	FILE *out = cmd_output(cmd);

	text_init(text, out, page_size);
	if (cmd->pager) { /* which shows it on the terminal that was there before */
		text->width = cmd->terminal.width;
		text->color = cmd->terminal.color;
	}
	text->lost = &cmd->output_err;
	text->bytes = cmd->bytes;
	text->columns = cmd->columns.nr ? &cmd->columns : NULL;
	text->is_brief = cmd->is_brief || text->columns;
}
