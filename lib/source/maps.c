// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * /proc/PID/maps: the mappings of a process.
 *
 *   line = HEX "-" HEX " " perms " " HEX " " HEX ":" HEX " " N { " " } [ name ]
 *
 * The name takes the rest of the line, blanks included. The kernel writes a
 * newline in a path as \012 and " (deleted)" after the path of a removed file,
 * which a file may also really be called. Unchanged from 5.10 to 7.2. Tested
 * on the running system.
 */
#include "source/maps.h"

static bool take_device(struct lt_text *text)
{
	uint64_t major, minor;

	return lt_text_hex(text, &major) && lt_text_literal(text, ":") && lt_text_hex(text, &minor);
}

int lt_maps_parse_line(struct lt_text line, struct lt_vma *out, struct lt_diag *diag)
{
	struct lt_text text = line;
	struct lt_vma vma = { 0 };
	struct lt_span perms;
	uint64_t num;

	if (!lt_text_hex(&text, &vma.start) || !lt_text_literal(&text, "-") ||
	    !lt_text_hex(&text, &vma.end))
		return lt_text_fail(&text, diag, "expected an address range");
	if (vma.start >= vma.end)
		return lt_text_fail(&text, diag, "the address range is empty");
	if (!lt_text_literal(&text, " ") || !lt_text_word(&text, &perms))
		return lt_text_fail(&text, diag, "expected permissions");
	if (!lt_text_literal(&text, " ") || !lt_text_hex(&text, &num))
		return lt_text_fail(&text, diag, "expected an offset");
	if (!lt_text_literal(&text, " ") || !take_device(&text))
		return lt_text_fail(&text, diag, "expected a device number");
	if (!lt_text_literal(&text, " ") || !lt_text_u64(&text, &num))
		return lt_text_fail(&text, diag, "expected an inode number");
	if (!lt_text_at_end(&text) && !lt_text_literal(&text, " "))
		return lt_text_fail(&text, diag, "expected a blank after the inode number");
	lt_text_blanks(&text);
	vma.name = lt_text_rest(&text);
	*out = vma;
	return 0;
}
