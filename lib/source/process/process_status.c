// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * /proc/PID/status:
 *
 *	line = key ":" TAB value
 *
 * Wanted are "Tgid:" N and "VmPin:" blanks N " kB", which processes without memory
 * of their own (kernel threads) lack. The first line is the name, in which the
 * kernel writes a newline as "\n", so that no name can add a line. The same from
 * 5.10 to 7.2 (fs/proc/array.c, fs/proc/task_mmu.c).
 *
 * What VmPin proves: that much memory was accounted as pinned (mm->pinned_vm) and
 * is not given back. Drivers that forget to account are missing; where the pages
 * lie it does not tell. io_uring accounts, but for root not on 7.2; AF_XDP and
 * udmabuf do not (measured).
 *
 * Tested with lines of 5.10 and 6.12, and on the running system.
 */
#include "source/process/process_status.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"

static bool parse_number(struct lt_text line, struct lt_num *out)
{
	struct lt_num num = { .known = true };

	lt_text_blanks(&line);
	if (!lt_text_u64(&line, &num.val))
		return false;
	*out = num;
	return true;
}

int lt_process_status_parse(const char *buf, size_t len, struct lt_process_status *out,
			    struct lt_diag *diag)
{
	struct lt_process_status status = { 0 };
	struct lt_text text, line;
	bool is_sane = true;

	lt_text_init(&text, buf, len);
	while (is_sane && lt_text_line(&text, &line)) {
		if (lt_text_literal(&line, "Tgid:"))
			is_sane = parse_number(line, &status.pid);
		else if (lt_text_literal(&line, "VmPin:"))
			is_sane = parse_number(line, &status.pinned_kib);
	}
	if (!is_sane)
		return lt_text_fail(&line, diag, "expected a number");
	if (!status.pid.known)
		return lt_text_fail(&text, diag, "no line \"Tgid:\"");
	*out = status;
	return 0;
}

int lt_process_status_read(const struct lt_root *root, uint64_t tid, struct lt_process_status *out)
{
	struct lt_buf buf;
	char path[64];
	int err;

	snprintf(path, sizeof(path), "/proc/%" PRIu64 "/status", tid);
	err = lt_root_read(root, path, &buf);
	if (err)
		return err;
	err = lt_process_status_parse(buf.data, buf.len, out, NULL);
	free(buf.data);
	return err;
}
