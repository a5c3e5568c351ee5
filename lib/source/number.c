// SPDX-License-Identifier: LGPL-2.1-or-later
/* Reads files that hold one number. */
#include "source/number.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/errno_name.h"
#include "base/text.h"

int lt_number_parse(const char *buf, size_t len, struct lt_num *out, struct lt_diag *diag)
{
	struct lt_text text;
	uint64_t val;

	lt_text_init(&text, buf, len);
	if (!lt_text_u64(&text, &val))
		return lt_text_fail(&text, diag, "expected a decimal number");
	if (!lt_text_literal(&text, "\n") || !lt_text_at_end(&text))
		return lt_text_fail(&text, diag, "expected the end of the line after the number");
	*out = lt_num(val);
	return 0;
}

int lt_number_read(const struct lt_root *root, const char *path, struct lt_num *out,
		   struct lt_diag *diag)
{
	struct lt_diag own = { 0 };
	struct lt_buf buf;
	int err = lt_root_read(root, path, &buf);

	lt_diag_path(&own, path);
	if (err) {
		lt_diag_set(&own, "%s", lt_errno_text(-err));
	} else {
		err = lt_number_parse(buf.data, buf.len, out, &own);
		free(buf.data);
	}
	if (err && err != -ENOENT)
		lt_diag_mark_unread(&own);
	if (err)
		lt_diag_merge(diag, &own);
	return err;
}
