/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_PROCESS_MAPS_H
#define LT_SOURCE_PROCESS_MAPS_H

#include "base/compiler.h"
#include "base/text.h"
#include "model/vma_kind.h"

/* One line of /proc/PID/maps: addresses from @start up to, not including, @end. */
struct lt_vma {
	uint64_t start, end;
	uint64_t ino;	     /* of the file; 0 for anonymous memory */
	struct lt_span name; /* untrusted: a path, "[heap]"; empty for anonymous memory */
};

/**
 * lt_maps_parse_line() - parse one line
 * @line: as lt_text_line() gives it
 * @out:  its name points into @line
 *
 * Return: 0, or -EBADMSG with why in @diag.
 */
int lt_maps_parse_line(struct lt_text line, struct lt_vma *out, struct lt_diag *diag)
	__must_check __nonnull_at(2);

/* What memory a mapping is of, as its name tells. */
enum lt_vma_kind lt_vma_kind(const struct lt_vma *vma);

#endif
