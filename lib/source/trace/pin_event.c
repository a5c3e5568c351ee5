// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Calls that pin pages, as the probes of act/pin/kprobe_group.c record them:
 *
 *	event  = "lt_" FUNCTION ["_ret"]
 *	fields = "(" where ")" { " " key "=" value }
 *	keys of a call: "addr=" HEX "nr=" N "flags=" HEX; of a return: "ret=" [-]N
 *
 * "where" is the probed place, and of a return the caller: "(io_pin_pages+0x78/0xe0
 * <- pin_user_pages_fast)". Unknown keys pass, one that the function has an argument
 * for must be there.
 *
 * The arguments (mm/gup.c of 5.10, 6.1, 6.12 and 7.2):
 *	pin_user_pages(start, nr_pages, gup_flags, ...)
 *	pin_user_pages_fast(start, nr_pages, gup_flags, pages)
 *	pin_user_pages_fast_only(the same)		gone by 6.12
 *	pin_user_pages_locked(the same, ...)		5.10
 *	pin_user_pages_unlocked(start, nr_pages, pages, gup_flags)
 *	pin_user_pages_remote(mm, start, nr_pages, gup_flags, ...)	since 5.9
 *	memfd_pin_folios(memfd, start, end, ...)	6.11 and later; always long-term
 * None calls another one of them. What get_user_pages() holds is no pin.
 *
 * Captured on 5.10 and 6.12: test/unit/test_pin_event.c has the lines.
 */
#include "source/trace/pin_event.h"

#include <errno.h>
#include <string.h>

/* clang-format off */
const struct lt_pin_function lt_pin_functions[] = {
	{ "pin_user_pages", 1, 2, 3, false },
	{ "pin_user_pages_fast", 1, 2, 3, false },
	{ "pin_user_pages_fast_only", 1, 2, 3, false },
	{ "pin_user_pages_locked", 1, 2, 3, false },
	{ "pin_user_pages_unlocked", 1, 2, 4, false },
	{ "pin_user_pages_remote", 2, 3, 4, true },
	{ "memfd_pin_folios", 0, 0, 0, false },
	{ 0 },
};
/* clang-format on */

static bool find_function(struct lt_span name, struct lt_pin_event *out)
{
	struct lt_text text;

	lt_text_init(&text, name.p, name.len);
	if (!lt_text_literal(&text, LT_PIN_EVENT_PREFIX))
		return false;
	for (const struct lt_pin_function *f = lt_pin_functions; f->name; f++) {
		struct lt_text rest = text;

		if (!lt_text_literal(&rest, f->name))
			continue;
		out->function = f;
		out->is_return = lt_text_literal(&rest, LT_PIN_EVENT_RETURN);
		if (lt_text_at_end(&rest))
			return true;
	}
	return false;
}

struct fields {
	struct lt_num addr, nr_pages, flags;
	bool has_ret;
	int64_t ret;
};

/* One "key=value"; false if the value makes no sense. */
static bool parse_field(struct lt_span word, struct fields *out)
{
	struct lt_num num = { .known = true };
	struct lt_text at;

	lt_text_init(&at, word.p, word.len);
	if (lt_text_literal(&at, "ret=")) {
		out->has_ret = lt_text_s64(&at, &out->ret);
		return out->has_ret && lt_text_at_end(&at);
	}
	if (lt_text_literal(&at, "addr=")) {
		if (!lt_text_hex(&at, &num.val))
			return false;
		out->addr = num;
	} else if (lt_text_literal(&at, "nr=")) {
		if (!lt_text_u64(&at, &num.val))
			return false;
		out->nr_pages = num;
	} else if (lt_text_literal(&at, "flags=")) {
		if (!lt_text_hex(&at, &num.val))
			return false;
		out->flags = num;
	} else {
		return true;
	}
	return lt_text_at_end(&at);
}

/* A function has the argument exactly if the event has the field. */
static bool is_complete(const struct lt_pin_event *event, const struct fields *fields)
{
	const struct lt_pin_function *f = event->function;

	if (event->is_return)
		return fields->has_ret;
	return (!f->addr || fields->addr.known) && (!f->nr_pages || fields->nr_pages.known) &&
	       (!f->flags || fields->flags.known);
}

int lt_pin_event_parse(const struct lt_trace_event *event, struct lt_pin_event *out,
		       struct lt_diag *diag)
{
	struct lt_pin_event parsed = { 0 };
	struct lt_text at = event->fields;
	struct fields fields = { 0 };
	struct lt_span word;

	if (!find_function(event->name, &parsed))
		return 0;
	if (!lt_text_literal(&at, "(") || !lt_text_until(&at, ")", &word))
		return lt_text_fail(&at, diag, "expected the probed place in parentheses");
	for (lt_text_blanks(&at); lt_text_word(&at, &word); lt_text_blanks(&at))
		if (!parse_field(word, &fields))
			return lt_text_fail(&at, diag, "a field of a pin call makes no sense");
	if (!is_complete(&parsed, &fields))
		return lt_text_fail(&at, diag, "a field of a pin call is missing");
	parsed.addr = fields.addr;
	parsed.nr_pages = fields.nr_pages;
	parsed.flags = fields.flags;
	parsed.ret = fields.ret;
	*out = parsed;
	return 1;
}
