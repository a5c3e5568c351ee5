// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Areas that could not be set aside at boot, or were and cannot be used:
 *
 *	"cma: CMA area " NAME " could not be activated"		not in one zone, or no bitmap
 *	"cma: Failed to reserve " N " MiB" [" on node " N]
 *	"cma: Size (" HEX ") of region at " HEX " exceeds limit (" HEX ")"
 *	["OF: reserved mem: " | "Reserved memory: "]
 *	  "failed to allocate memory for node '" NAME "'" [": size " N " MiB"]
 *	  "failed to reserve memory for node '" NAME "': base " HEX ", size " N " MiB"
 *	  "node " NAME " compatible matching fail"
 *	  "incorrect alignment of CMA region"
 *	  "unable to setup CMA region"
 *
 * A node need not be one of CMA: it counts if its name says so. Only "linux,cma", the default
 * area's, is a name that everybody uses.
 *
 * Wordings of 4.x to 7.2, none of which is in a fixture.
 */
#include "source/klog/klog_refusal.h"

#include <errno.h>
#include <string.h>

/* More than a kernel has areas. */
#define NR_REFUSALS_MAX 64

static bool parse_size(struct lt_text *at, struct lt_num *size_mib)
{
	uint64_t mib;

	if (!lt_text_u64(at, &mib) || !lt_text_literal(at, " MiB"))
		return false;
	*size_mib = lt_num(mib);
	return true;
}

static bool is_of_cma(struct lt_span node)
{
	return memmem(node.p, node.len, "cma", 3);
}

static bool parse_node(struct lt_text at, struct lt_span *node, struct lt_num *size_mib)
{
	struct lt_text name = at;

	if (lt_text_literal(&name, "node ") &&
	    lt_text_until(&name, " compatible matching fail", node))
		return is_of_cma(*node);
	if (!lt_text_literal(&at, "failed to allocate memory for node '") &&
	    !lt_text_literal(&at, "failed to reserve memory for node '"))
		return false;
	if (!lt_text_until(&at, "'", node) || !is_of_cma(*node))
		return false;
	if (lt_text_find(&at, "size "))
		(void)parse_size(&at, size_mib);
	return true;
}

/* Since 5.8; before, nobody said so. */
static bool parse_inactive(struct lt_klog_line line, struct lt_span *name)
{
	return lt_klog_line_tag(&line, "cma") && lt_text_literal(&line.text, "CMA area ") &&
	       lt_text_until_last(&line.text, " could not be activated", name);
}

static bool parse_refusal(struct lt_klog_line line, struct lt_span *node, struct lt_num *size_mib)
{
	struct lt_text *at = &line.text;

	if (lt_klog_line_tag(&line, "cma")) {
		if (lt_text_literal(at, "Failed to reserve "))
			return parse_size(at, size_mib);
		return lt_text_literal(at, "Size (") && lt_text_find(at, " exceeds limit (");
	}
	(void)lt_klog_line_tag(&line, "OF");
	if (!lt_klog_line_tag(&line, "reserved mem") && !lt_klog_line_tag(&line, "Reserved memory"))
		return false;
	return parse_node(*at, node, size_mib) ||
	       lt_text_literal(at, "incorrect alignment of CMA region") ||
	       lt_text_literal(at, "unable to setup CMA region");
}

int lt_klog_refusals_parse(struct lt_refusals *refusals, struct lt_klog_line line,
			   struct lt_strings *strings)
{
	struct lt_span node = { 0 };
	struct lt_num size_mib = { 0 };
	struct lt_refusal *refusal;
	const bool is_inactive = parse_inactive(line, &node);

	if ((!is_inactive && !parse_refusal(line, &node, &size_mib)) ||
	    refusals->nr == NR_REFUSALS_MAX)
		return 0;
	refusal = lt_vec_push(refusals);
	if (!refusal)
		return -ENOMEM;
	*refusal = (struct lt_refusal){ .size_mib = size_mib, .is_inactive = is_inactive };
	refusal->text = lt_strings_span(strings, lt_text_rest(&line.text));
	if (node.len)
		refusal->node = lt_strings_span(strings, node);
	return refusal->text && (!node.len || refusal->node) ? 1 : -ENOMEM;
}
