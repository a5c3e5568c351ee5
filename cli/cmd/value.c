// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads the values of options and operands: numbers, sizes in bytes or pages, times. */
#include "cmd/cmd.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"

bool cmd_number(struct cmd *cmd, const char *option, const char *value, uint64_t *out)
{
	struct lt_text text;

	lt_text_init(&text, value, strlen(value));
	if (lt_text_number(&text, out) && lt_text_at_end(&text))
		return true;
	cmd_usage(cmd, "%s needs a number, not '%s'", option, value);
	return false;
}

/* How far K, M and G shift, in either case and also as KiB; 0 if there is no unit. */
static unsigned int parse_unit(struct lt_text *text)
{
	static const char units[] = "KMG";
	const char *at = lt_text_at_end(text) ? NULL : strchr(units, toupper(*text->pos));

	if (!at || !*at)
		return 0;
	text->pos++;
	lt_text_literal(text, "iB");
	return 10 * (unsigned int)(at - units + 1);
}

bool cmd_is_amount(const char *value, struct cmd_amount *out)
{
	struct lt_text text;
	unsigned int shift;
	uint64_t number;

	lt_text_init(&text, value, strlen(value));
	if (!lt_text_number(&text, &number))
		return false;
	shift = parse_unit(&text);
	if (!lt_text_at_end(&text) || number > UINT64_MAX >> shift)
		return false;
	*out = (struct cmd_amount){ number << shift, shift > 0 };
	return true;
}

bool cmd_amount(struct cmd *cmd, const char *option, const char *value, struct cmd_amount *out)
{
	if (cmd_is_amount(value, out))
		return true;
	cmd_usage(cmd, "%s needs a number of pages, or a size with K, M or G, not '%s'", option,
		  value);
	return false;
}

bool cmd_amount_pages(struct cmd *cmd, const char *option, const struct cmd_amount *amount,
		      struct lt_num page_size, uint64_t max, uint64_t *out)
{
	uint64_t nr = amount->number;

	if (amount->is_bytes && !page_size.val) {
		cmd_usage(cmd, "%s: the page size is not known here; give a number of pages",
			  option);
		return false;
	}
	if (amount->is_bytes)
		nr = nr / page_size.val + !!(nr % page_size.val);
	if (!nr || nr > max) {
		cmd_usage(cmd, "%s goes from 1 to %llu pages", option, (unsigned long long)max);
		return false;
	}
	*out = nr;
	return true;
}

bool cmd_size(struct cmd *cmd, const char *option, const char *value, uint64_t *out)
{
	struct cmd_amount amount;

	if (cmd_is_amount(value, &amount) && amount.number) {
		*out = amount.number;
		return true;
	}
	cmd_usage(cmd, "%s needs bytes, or a number with K, M or G, not '%s'", option, value);
	return false;
}

bool cmd_seconds(struct cmd *cmd, const char *option, const char *value, uint64_t min_ms,
		 uint64_t max_ms, uint64_t *out)
{
	struct lt_text text;
	uint64_t s = 0, ms = 0, digit = 1000;

	lt_text_init(&text, value, strlen(value));
	if (lt_text_u64(&text, &s) && s <= max_ms / 1000) {
		if (lt_text_literal(&text, "."))
			for (; digit > 1 && !lt_text_at_end(&text) && *text.pos >= '0' &&
			       *text.pos <= '9';
			     text.pos++)
				ms += (uint64_t)(*text.pos - '0') * (digit /= 10);
		ms += s * 1000;
		if (lt_text_at_end(&text) && ms >= min_ms && ms <= max_ms) {
			*out = ms;
			return true;
		}
	}
	cmd_usage(cmd, "%s needs seconds from %.10g to %.10g, not '%s'", option,
		  (double)min_ms / 1000, (double)max_ms / 1000, value);
	return false;
}
