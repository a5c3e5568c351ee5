// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * /proc/PID/fdinfo/FD of an io_uring:
 *
 *	"UserBufs:" TAB N
 *	N lines: blanks N ": " (HEX "/" BYTES | "<none>")
 *
 * after what every descriptor has and, for files, "UserFiles:" with lines of the
 * same form that hold paths, in which the kernel escapes newlines. The N lines
 * are missing up to 6.12 while the ring is locked. "<none>" is a slot without a
 * buffer (7.2). fs/io_uring.c of 5.10, io_uring/fdinfo.c of 6.1, 6.12, 7.2.
 *
 * What it proves: the buffers are registered, and so pinned with FOLL_LONGTERM;
 * not which pages they are, since the memory may have been mapped anew since.
 *
 * Written by hand from these sources: test/malformed/process; the real ones are read in
 * test/lab/test_pins.
 */
#include "source/process/io_uring.h"

#include "base/text.h"

/* "    0: 0x7f12345000/4096"; false if it is no slot. */
static bool parse_slot(struct lt_text line, uint64_t page_size, uint64_t *nr_pages)
{
	uint64_t slot, addr, len;

	lt_text_blanks(&line);
	if (!lt_text_u64(&line, &slot) || !lt_text_literal(&line, ":"))
		return false;
	lt_text_blanks(&line);
	if (lt_text_literal(&line, "<none>"))
		return lt_text_at_end(&line);
	if (!lt_text_hex(&line, &addr) || !lt_text_literal(&line, "/") ||
	    !lt_text_u64(&line, &len) || !lt_text_at_end(&line) || !len ||
	    addr > UINT64_MAX - (len - 1))
		return false;
	*nr_pages += (addr + (len - 1)) / page_size - addr / page_size + 1;
	return true;
}

int lt_io_uring_parse(const char *buf, size_t len, uint64_t page_size, struct lt_io_uring *out)
{
	uint64_t nr = 0, nr_pages = 0, nr_listed = 0;
	struct lt_text text, line;
	bool has_buffers = false;

	lt_text_init(&text, buf, len);
	while (!has_buffers && lt_text_line(&text, &line)) {
		if (!lt_text_literal(&line, "UserBufs:"))
			continue;
		lt_text_blanks(&line);
		has_buffers = true;
		if (!lt_text_u64(&line, &nr) || !lt_text_at_end(&line))
			return 0;
	}
	if (!has_buffers)
		return 0;
	while (nr_listed < nr && lt_text_line(&text, &line) &&
	       parse_slot(line, page_size, &nr_pages))
		nr_listed++;
	*out = (struct lt_io_uring){ .nr_buffers = nr };
	if (nr_listed == nr)
		out->nr_pages = lt_num(nr_pages);
	return 1;
}
