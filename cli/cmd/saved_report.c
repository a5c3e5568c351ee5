// SPDX-License-Identifier: GPL-2.0-or-later
/* `ltpin report FILE` of a report: in another format, and judged by nobody again. */
#include "cmd/saved_report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "cmd/redact.h"
#include "render/html/html_report.h"
#include "render/saved_report.h"
#include "source/given/given.h"
#include "source/saved/saved_report.h"

bool saved_report_is_given(const struct cmd *cmd)
{
	return cmd->nr_files == 1 && !cmd->root && lt_given_is_report(cmd->files[0]);
}

static int print(struct cmd *cmd, const struct lt_saved_report *report, const struct lt_buf *buf)
{
	struct text text;
	FILE *out = cmd_output(cmd);

	if (!out)
		return CMD_FAILED;
	cmd_text_of(cmd, report->page_size, &text);
	if (cmd->format == FORMAT_JSON)
		fwrite(buf->data, 1, buf->len,
		       out); /* whoever closes it asks whether that failed */
	else if (cmd->format == FORMAT_HTML)
		html_saved_report(&text, report);
	else if (cmd->format == FORMAT_MARKDOWN)
		saved_report_print_markdown(&text, report);
	else
		saved_report_print_text(&text, report);
	return CMD_OK;
}

static bool is_as_bad(const struct lt_saved_report *report, enum lt_severity fail_on)
{
	lt_vec_each(finding, &report->findings) {
		enum lt_severity severity;

		if (finding->severity && !lt_severity_parse(finding->severity, &severity) &&
		    severity >= fail_on)
			return true;
	}
	return false;
}

int saved_report_show(struct cmd *cmd, const enum lt_severity *fail_on)
{
	const char *path = cmd->files[0];
	struct lt_strings *strings = lt_strings_new();
	struct lt_saved_report report = { 0 };
	struct lt_diag diag = { 0 };
	struct lt_buf buf = { 0 };
	int err = strings ? lt_file_read(path, &buf) : -ENOMEM, status = CMD_FAILED;

	if (!err && cmd->redact)
		err = redact_documents(cmd, (struct lt_buf *const[]){ &buf }, 1);
	if (!err)
		err = lt_saved_report_parse(buf.data, buf.len, strings, &report, &diag);
	if (err)
		cmd_error("cannot read %s: %s", path, diag.why[0] ? diag.why : strerror(-err));
	else
		status = print(cmd, &report, &buf);
	if (!status && fail_on && is_as_bad(&report, *fail_on))
		status = CMD_BAD;
	lt_saved_report_fini(&report);
	lt_strings_free(strings);
	free(buf.data);
	return status;
}
