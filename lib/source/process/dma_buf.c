// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * /sys/kernel/debug/dma_buf/bufinfo: the buffers that devices share.
 *
 *	text    = LF "Dma-buf Objects:" LF heading LF { buffer }
 *		  LF "Total " N " objects, " N " bytes" LF
 *	buffer  = size TAB flags TAB mode TAB count TAB exporter TAB ino TAB [name] LF
 *		  { TAB fence LF } TAB "Attached Devices:" LF { TAB device LF }
 *		  "Total " N " devices attached" LF LF
 *
 * Numbers are padded to 8 digits, flags and mode hexadecimal. The name is what a
 * process chose, up to 31 bytes that may be anything but NUL; it cannot hold
 * the first four columns of a buffer, which take 36. Without a name 5.10
 * prints nothing, 6.12 "<none>" (drivers/dma-buf/dma-buf.c). The kernel holds
 * its lock all the while, so that its own total must be right.
 *
 * /proc/PID/fdinfo/FD of such a buffer, "ino" from 5.14 on:
 *
 *	... ["ino:" TAB N LF] "size:" TAB N LF "count:" TAB N LF "exp_name:" TAB exporter LF
 *	["name:" TAB name LF]
 *
 * Formats from the source of 5.10 and 6.12. The unit test has what both print of
 * buffers of udmabuf, and by hand what they print of fences and devices;
 * test/lab/test_holders runs both.
 */
#include "source/process/dma_buf.h"

#include <errno.h>
#include <stdlib.h>

#include "base/text.h"

#define PADDED 8

struct bufinfo {
	struct lt_strings *strings;
	struct lt_dma_bufs bufs;
	struct lt_diag remark;
	bool has_heading, has_devices;
	uint64_t nr_devices;			  /* of the last buffer */
	uint64_t size;				  /* of all */
	struct lt_num total_objects, total_bytes; /* as the last line that tells them says */
};

/* A number of at least PADDED digits, and the tab after it. */
static bool parse_padded(struct lt_text *line, bool is_hex, uint64_t *out)
{
	const char *start = line->pos;

	return (is_hex ? lt_text_hex(line, out) : lt_text_u64(line, out)) &&
	       line->pos - start >= PADDED && lt_text_literal(line, "\t");
}

/* 1 if @line begins a buffer, 0 if not. */
static int parse_buffer(struct bufinfo *info, struct lt_text line)
{
	struct lt_dma_buf *buf;
	uint64_t size, num, refs, ino;
	struct lt_span exporter, name;

	if (!parse_padded(&line, false, &size) || !parse_padded(&line, true, &num) ||
	    !parse_padded(&line, true, &num) || !parse_padded(&line, false, &refs) ||
	    !lt_text_until(&line, "\t", &exporter) || !parse_padded(&line, false, &ino))
		return 0;
	name = lt_text_rest(&line);
	buf = lt_vec_push(&info->bufs);
	if (!buf)
		return -ENOMEM;
	buf->size = size;
	buf->nr_refs = lt_num(refs);
	buf->ino = lt_num(ino);
	buf->exporter = lt_strings_span(info->strings, exporter);
	if (lt_span_is(name, "<none>"))
		name.len = 0;
	if (name.len)
		buf->name = lt_strings_span(info->strings, name);
	info->size += size;
	info->nr_devices = 0;
	info->has_devices = false;
	return buf->exporter && (buf->name || !name.len) ? 1 : -ENOMEM;
}

static int add_device(struct bufinfo *info, struct lt_span device)
{
	struct lt_names *devices = &info->bufs.v[info->bufs.nr - 1].devices;
	const char **slot;

	if (info->nr_devices++ >= LT_DEVICES_MAX)
		return 0;
	slot = lt_vec_push(devices);
	if (slot)
		*slot = lt_strings_span(info->strings, device);
	return slot && *slot ? 0 : -ENOMEM;
}

/* "Total N objects, N bytes" and "Total N devices attached". */
static bool parse_total(struct bufinfo *info, struct lt_text line)
{
	uint64_t nr, bytes;

	if (!lt_text_literal(&line, "Total ") || !lt_text_u64(&line, &nr))
		return false;
	if (lt_text_literal(&line, " objects, ") && lt_text_u64(&line, &bytes) &&
	    lt_text_literal(&line, " bytes") && lt_text_at_end(&line)) {
		info->total_objects = lt_num(nr);
		info->total_bytes = lt_num(bytes);
		return true;
	}
	if (!info->bufs.nr || !lt_text_literal(&line, " devices attached"))
		return false;
	if (nr != info->nr_devices)
		lt_text_remark(&line, &info->remark, "not as many devices as listed above");
	info->has_devices = false;
	return true;
}

static int parse_line(struct bufinfo *info, struct lt_text line)
{
	struct lt_text at = line;
	int ret;

	if (lt_text_at_end(&line) || parse_total(info, line))
		return 0;
	if (lt_text_literal(&at, "Dma-buf Objects:") || lt_text_literal(&at, "size    \tflags")) {
		info->has_heading = true;
		return 0;
	}
	ret = parse_buffer(info, line);
	if (ret)
		return ret < 0 ? ret : 0;
	at = line;
	if (!info->bufs.nr || !lt_text_literal(&at, "\t")) {
		info->remark.nr_skipped++;
		return 0;
	}
	if (lt_text_literal(&at, "Attached Devices:")) {
		/* One before it was part of the name. */
		info->bufs.v[info->bufs.nr - 1].devices.nr = 0;
		info->nr_devices = 0;
		info->has_devices = true;
		return 0;
	}
	return info->has_devices ? add_device(info, lt_text_rest(&at)) : 0; /* a fence */
}

static int parse_lines(struct bufinfo *info, struct lt_text *text, struct lt_diag *diag)
{
	struct lt_text line;
	int err = 0;

	while (!err && lt_text_line(text, &line)) {
		if (lt_text_is_cut(text)) {
			lt_text_remark(&line, &info->remark, "the last line is cut off");
			break;
		}
		err = parse_line(info, line);
	}
	if (!err && !info->has_heading)
		return lt_text_fail(text, diag, "no heading \"Dma-buf Objects:\"");
	if (!err && !info->total_objects.known)
		lt_text_remark(text, &info->remark, "the end is missing: no \"Total N objects\"");
	else if (!err &&
		 (info->total_objects.val != info->bufs.nr || info->total_bytes.val != info->size))
		lt_text_remark(text, &info->remark, "the total is not that of the buffers above");
	return err;
}

int lt_dma_buf_parse(const char *buf, size_t len, struct lt_strings *strings,
		     struct lt_dma_bufs *out, struct lt_diag *diag)
{
	struct bufinfo info = { .strings = strings };
	struct lt_text text;
	int err;

	lt_text_init(&text, buf, len);
	err = parse_lines(&info, &text, diag);
	if (err) {
		lt_dma_bufs_free(&info.bufs);
		return err;
	}
	*out = info.bufs;
	lt_diag_merge(diag, &info.remark);
	return 0;
}

int lt_dma_buf_parse_fdinfo(const char *buf, size_t len, struct lt_strings *strings,
			    struct lt_dma_buf *out)
{
	struct lt_num ino = { 0 }, size = { 0 }, refs = { 0 };
	struct lt_dma_buf found = { 0 };
	struct lt_text text, line;
	uint64_t num;

	lt_text_init(&text, buf, len);
	while (lt_text_line(&text, &line) && !lt_text_is_cut(&text)) {
		if (!ino.known && lt_text_literal(&line, "ino:\t") && lt_text_u64(&line, &num)) {
			ino = lt_num(num);
		} else if (!size.known && lt_text_literal(&line, "size:\t") &&
			   lt_text_u64(&line, &num)) {
			size = lt_num(num);
		} else if (!refs.known && lt_text_literal(&line, "count:\t") &&
			   lt_text_u64(&line, &num)) {
			refs = lt_num(num);
		} else if (!found.exporter && lt_text_literal(&line, "exp_name:\t")) {
			found.exporter = lt_strings_span(strings, lt_text_rest(&line));
			if (!found.exporter)
				return -ENOMEM;
		} else if (lt_text_literal(&line, "name:\t")) {
			found.name = lt_strings_span(strings, lt_text_rest(&line));
			if (!found.name)
				return -ENOMEM;
			break; /* whatever follows is part of it */
		}
	}
	if (!found.exporter || !size.known)
		return 0;
	found.ino = ino;
	found.size = size.val;
	found.nr_refs = refs;
	*out = found;
	return 1;
}
