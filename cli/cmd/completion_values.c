// SPDX-License-Identifier: GPL-2.0-or-later
/* Knows what the values of options and the operands of commands can be, for every shell. */
#include "cmd/completion.h"

#include <string.h>

#include "act/backend/backend.h"
#include "act/prime/prime.h"
#include "act/selftest/selftest_case.h"
#include "base/array_size.h"
#include "tui/top.h"

static void print_word(FILE *out, bool *is_later, const char *word)
{
	fprintf(out, "%s%s", *is_later ? " " : "", word);
	*is_later = true;
}

static void print_backends(FILE *out)
{
	bool is_later = false;

	print_word(out, &is_later, "auto");
	for (size_t i = 0; lt_backends[i]; i++)
		print_word(out, &is_later, lt_backends[i]->name);
}

static void print_primers(FILE *out)
{
	bool is_later = false;

	print_word(out, &is_later, "auto");
	for (size_t i = 0; lt_primers[i]; i++)
		print_word(out, &is_later, lt_primers[i]->name);
}

/* For want of memory there are words missing. */
static bool is_lost;

bool completion_is_lost(void)
{
	return is_lost;
}

static void print_cases(FILE *out)
{
	struct lt_cases cases = { 0 };
	bool is_later = false;

	print_word(out, &is_later, "all");
	if (lt_cases_all(&cases)) {
		is_lost = true;
		return;
	}
	lt_vec_each(what, &cases)
		print_word(out, &is_later, what->name);
	lt_vec_free(&cases);
}

static void print_views(FILE *out)
{
	bool is_later = false;

	for (int i = 0; i < NR_VIEWS_LISTED; i++)
		print_word(out, &is_later, views[i]->name);
}

/* Values that are neither files nor in the table of a format; a NULL option is the operands. */
static const struct {
	const char *command, *option;
	enum completion_kind kind;
	const char *words;
	void (*print)(FILE *out);
} values[] = {
	{ "report", "fail-on", COMPLETE_WORDS, "info warning critical", NULL },
	{ "pages", "area", COMPLETE_AREAS, NULL, NULL },
	{ "owners", "by", COMPLETE_WORDS, "stack task gfp migratetype area", NULL },
	{ "owners", "sort", COMPLETE_WORDS, "pages records", NULL },
	{ "explain", "try", COMPLETE_WORDS, "sync drop-caches compact drain retry", NULL },
	{ "explain", NULL, COMPLETE_AREAS, NULL, NULL },
	{ "watch", "area", COMPLETE_AREAS, NULL, NULL },
	{ "top", "view", COMPLETE_WORDS, NULL, print_views },
	{ "selftest", "backend", COMPLETE_WORDS, NULL, print_backends },
	{ "selftest", "prime", COMPLETE_WORDS, NULL, print_primers },
	{ "selftest", "case", COMPLETE_WORDS, NULL, print_cases },
	{ "alloc", "area", COMPLETE_AREAS, NULL, NULL },
	{ "bench", "part", COMPLETE_WORDS, "cost chance reserve", NULL },
	{ "module", NULL, COMPLETE_WORDS, "load unload status", NULL },
	{ "completion", NULL, COMPLETE_WORDS, "bash zsh fish", NULL },
	{ "help", NULL, COMPLETE_COMMANDS, NULL, NULL },
};

/* Index in values[], or its size. */
static size_t find(const struct cmd_info *info, const struct cmd_option *option)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(values); i++) {
		if (strcmp(values[i].command, info->name))
			continue;
		if (option ? values[i].option && !strcmp(values[i].option, option->name)
			   : !values[i].option)
			break;
	}
	return i;
}

static bool is_path(const char *arg)
{
	return !strcmp(arg, "FILE") || !strcmp(arg, "DIR") || !strcmp(arg, "CAPTURE");
}

enum completion_kind completion_kind(const struct cmd_info *info, const struct cmd_option *option)
{
	size_t i = find(info, option);

	if (i < ARRAY_SIZE(values))
		return values[i].kind;
	if (!option)
		return info->args ? COMPLETE_FILES : COMPLETE_NOTHING;
	if (option->val == 'f')
		return COMPLETE_WORDS;
	if (option->val == OPT_COLUMNS)
		return COMPLETE_COLUMNS;
	return option->arg && is_path(option->arg) ? COMPLETE_FILES : COMPLETE_NOTHING;
}

void completion_words(FILE *out, const struct cmd_info *info, const struct cmd_option *option)
{
	size_t i = find(info, option);
	struct format_list formats = format_list(info->formats);

	if (i == ARRAY_SIZE(values)) {
		for (const char *c = formats.s; *c; c++) /* "text, json" without the commas */
			if (*c != ',')
				putc(*c, out);
	} else if (values[i].print) {
		values[i].print(out);
	} else {
		fputs(values[i].words, out);
	}
}
