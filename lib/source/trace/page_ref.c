// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The event page_ref:page_ref_mod (CONFIG_DEBUG_PAGE_REF):
 *
 *	"pfn=" HEX " flags=" WORDS " count=" N " mapcount=" N " mapping=" PTR " mt=" N " val=" [-]N
 *
 * The same on 5.10, 6.1, 6.12 and 7.2 (include/trace/events/page_ref.h). The order does not
 * matter here, other fields pass, pfn and val must be there.
 *
 * What it proves: a pin of a small folio adds 1024 (GUP_PIN_COUNTING_BIAS) in one step; up to
 * 6.1 the fast path first adds 1 to be safe, then 1023. An unpin takes 1024 away. Large
 * folios count pins elsewhere and are not seen. Who adds and takes the same for another reason
 * is not known.
 *
 * No kernel at hand has it: test/unit/test_pin_trace.c is written by hand from these sources.
 */
#include "source/trace/page_ref.h"

#include <errno.h>

#include "model/folio.h"

int lt_page_ref_parse(const struct lt_trace_event *event, struct lt_page_ref *out,
		      struct lt_diag *diag)
{
	struct lt_text text = event->fields;
	struct lt_page_ref ref = { 0 };
	bool has_pfn = false, has_val = false;
	struct lt_span word;

	if (!lt_span_is(event->name, "page_ref_mod"))
		return 0;
	for (lt_text_blanks(&text); lt_text_word(&text, &word); lt_text_blanks(&text)) {
		struct lt_text at;

		lt_text_init(&at, word.p, word.len);
		if (lt_text_literal(&at, "pfn="))
			has_pfn = lt_text_hex(&at, &ref.pfn) && lt_text_at_end(&at);
		else if (lt_text_literal(&at, "val="))
			has_val = lt_text_s64(&at, &ref.val) && lt_text_at_end(&at);
	}
	if (!has_pfn || !has_val)
		return lt_text_fail(&text, diag, "expected pfn= and val=");
	*out = ref;
	return 1;
}

int lt_page_ref_pins(const struct lt_page_ref *ref)
{
	if (ref->val == LT_PIN_BIAS || ref->val == LT_PIN_BIAS - 1)
		return 1;
	return ref->val == -LT_PIN_BIAS ? -1 : 0;
}
