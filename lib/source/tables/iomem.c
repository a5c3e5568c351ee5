// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * /proc/iomem, a line a resource, children indented by two blanks each:
 *
 *	{"  "} HEX "-" HEX " : " NAME		the last address inclusive
 *
 * Alike in 5.4 to 7.2 (kernel/resource.c). For readers without CAP_SYS_ADMIN
 * every address is 0. Memory is called "System RAM"; other memory under that
 * name has something behind it ("System RAM (kmem)") and is not counted. Boot
 * code marks what it keeps as "reserved" inside of it (arm, arm64: CMA areas
 * are among them), x86 the firmware's as "Reserved" beside it. Fixtures:
 * v5.10-arm64, v6.12-x86-custom, and all others that have proc/iomem.
 */
#include "source/tables/iomem.h"

#include <errno.h>
#include <stdlib.h>
#include <strings.h>

#include "base/text.h"

#define NR_RANGES_MAX 65536

void lt_iomem_fini(struct lt_iomem *iomem)
{
	lt_vec_free(&iomem->ram);
	lt_vec_free(&iomem->reserved);
}

struct resource {
	size_t depth; /* blanks before it */
	uint64_t first, last;
	struct lt_span name;
};

static bool parse_resource(struct lt_text *line, struct resource *out)
{
	const char *start = line->pos;

	lt_text_blanks(line);
	out->depth = (size_t)(line->pos - start);
	if (!lt_text_hex(line, &out->first) || !lt_text_literal(line, "-") ||
	    !lt_text_hex(line, &out->last) || !lt_text_literal(line, " : ") ||
	    lt_text_at_end(line) || out->first > out->last)
		return false;
	out->name = lt_text_rest(line);
	return true;
}

static bool is_reserved(struct lt_span name)
{
	return name.len == 8 && !strncasecmp(name.p, "reserved", 8);
}

/* What the lines so far say. */
struct iomem {
	struct lt_iomem found;
	uint64_t page_size;
	uint64_t ram_first, ram_last; /* of the last "System RAM" */
	size_t nr_resources;
	bool has_address, has_ram;
	struct lt_diag remark;
};

static int add_range(const struct iomem *iomem, struct lt_ranges *ranges,
		     const struct resource *resource)
{
	uint64_t size = iomem->page_size;
	struct lt_range pfns = { resource->first / size + (resource->first % size ? 1 : 0),
				 (resource->last + 1) / size };
	struct lt_range *range;

	if (!lt_range_nr_pages(pfns))
		return 0;
	range = ranges->nr < NR_RANGES_MAX ? lt_vec_push(ranges) : NULL;
	if (!range)
		return -ENOMEM;
	*range = pfns;
	return 0;
}

static int parse_line(struct iomem *iomem, struct lt_text *line, struct lt_diag *diag)
{
	struct resource resource;

	if (lt_text_is_blank(line))
		return 0;
	if (!parse_resource(line, &resource) || resource.last == UINT64_MAX) {
		iomem->remark.nr_skipped++;
		return 0;
	}
	iomem->nr_resources++;
	iomem->has_address |= resource.last != 0;
	if (lt_span_is(resource.name, "System RAM") && !resource.depth) {
		/* All are 0 where addresses are hidden. */
		if (iomem->has_ram && iomem->has_address && resource.first <= iomem->ram_last)
			return lt_text_fail(line, diag, "memory is not in ascending order");
		iomem->has_ram = true;
		iomem->ram_first = resource.first;
		iomem->ram_last = resource.last;
		return add_range(iomem, &iomem->found.ram, &resource);
	}
	if (is_reserved(resource.name) && resource.depth && iomem->has_ram &&
	    resource.first >= iomem->ram_first && resource.last <= iomem->ram_last)
		return add_range(iomem, &iomem->found.reserved, &resource);
	return 0;
}

static int parse_lines(struct iomem *iomem, struct lt_text *text, struct lt_diag *diag)
{
	struct lt_text line;
	int err = 0;

	while (!err && lt_text_line(text, &line)) {
		if (lt_text_is_cut(text)) {
			lt_text_remark(&line, &iomem->remark, "the last line is cut off");
			break;
		}
		err = parse_line(iomem, &line, diag);
	}
	if (err)
		return err;
	if (!iomem->nr_resources)
		return lt_text_fail(text, diag, "no resource in it");
	if (!iomem->has_address) {
		lt_diag_set(diag, "addresses are hidden without CAP_SYS_ADMIN");
		return -EACCES;
	}
	return iomem->has_ram ? 0 : lt_text_fail(text, diag, "no \"System RAM\" in it");
}

int lt_iomem_parse(const char *buf, size_t len, uint64_t page_size, struct lt_iomem *out,
		   struct lt_diag *diag)
{
	struct iomem iomem = { .page_size = page_size };
	struct lt_text text;
	int err;

	lt_text_init(&text, buf, len);
	err = parse_lines(&iomem, &text, diag);
	if (err) {
		lt_iomem_fini(&iomem.found);
		return err;
	}
	*out = iomem.found;
	lt_diag_merge(diag, &iomem.remark);
	return 0;
}
