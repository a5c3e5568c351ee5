// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints what differs between two reports. */
#include "render/diff.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "render/markdown.h"

static const struct {
	enum lt_fact_section section;
	const char *title;
} sections[] = {
	{ LT_FACT_FAILURE, "Failures, by signature" },
	{ LT_FACT_FINDING, "Findings" },
	{ LT_FACT_RULED_OUT, "Ruled out" },
	{ LT_FACT_HOLD, "Pages that are held" },
	{ LT_FACT_AREA, "Areas" },
	{ LT_FACT_COUNTER, "Counters" },
	{ LT_FACT_SELFTEST, "Self-test" },
	{ LT_FACT_KERNEL, "Kernel" },
	{ LT_FACT_OPTION, "Kernel options" },
};

#define NR_SECTIONS (sizeof(sections) / sizeof(sections[0]))

bool diff_is_read_in(const struct lt_difference *difference, int i)
{
	const struct lt_fact *fact = i ? difference->b : difference->a;

	return difference->a && difference->b && !strcmp(fact->text, "read");
}

bool diff_is_seen_before(const struct diff *diff)
{
	const char *signature = diff->sheets[1]->signature;

	return signature && lt_facts_have_failure(&diff->sheets[0]->facts, signature);
}

static const struct lt_fact *fact_of(const struct lt_difference *difference)
{
	return difference->a ? difference->a : difference->b;
}

static void put_value(FILE *out, const struct lt_fact *fact)
{
	if (fact->text)
		fputs(fact->text, out);
	else
		fprintf(out, "%" PRIu64, fact->num.val);
}

/* " (+2)" */
static void put_change(FILE *out, const struct lt_fact *a, const struct lt_fact *b)
{
	if (!a->num.known || !b->num.known)
		return;
	if (b->num.val > a->num.val)
		fprintf(out, " (+%" PRIu64 ")", b->num.val - a->num.val);
	else
		fprintf(out, " (-%" PRIu64 ")", a->num.val - b->num.val);
}

static bool has_own_sources(const struct diff *diff, int i)
{
	lt_vec_each(difference, diff->sources)
		if (diff_is_read_in(difference, i))
			return true;
	return false;
}

enum diff_change diff_change_of(const struct diff *diff, const struct lt_difference *difference)
{
	const bool is_certain = !has_own_sources(diff, 0) && !has_own_sources(diff, 1);

	if (difference->a && difference->b)
		return DIFF_CHANGED;
	if (difference->a)
		return is_certain ? DIFF_GONE : DIFF_ONLY_IN_A;
	return is_certain ? DIFF_NEW : DIFF_ONLY_IN_B;
}

/* "reserved: nr_pinned: 3 -> 5 (+2)" as a string that the caller frees; NULL without memory. */
static char *words_of(const struct diff *diff, const struct lt_difference *difference)
{
	static const char *const changes[] = {
		[DIFF_CHANGED] = "changed",	[DIFF_NEW] = "new",
		[DIFF_GONE] = "gone",		[DIFF_ONLY_IN_A] = "only in A",
		[DIFF_ONLY_IN_B] = "only in B",
	};
	char *words = NULL;
	size_t len;
	FILE *out = open_memstream(&words, &len);

	if (!out)
		return NULL;
	fprintf(out, "%s: ", changes[diff_change_of(diff, difference)]);
	diff_put_key(out, fact_of(difference));
	fputs(": ", out);
	if (difference->a)
		put_value(out, difference->a);
	if (difference->a && difference->b)
		fputs(" -> ", out);
	if (difference->b)
		put_value(out, difference->b);
	if (difference->a && difference->b)
		put_change(out, difference->a, difference->b);
	fclose(out);
	return words;
}

/* "a.tar.gz: kernel 6.12.1, captured at ..., boot ..." likewise. */
static char *origin_of(const struct diff *diff, int i)
{
	const struct lt_fact_sheet *sheet = diff->sheets[i];
	char *words = NULL;
	size_t len;
	FILE *out = open_memstream(&words, &len);

	if (!out)
		return NULL;
	fprintf(out, "%s: kernel %s", diff->names[i],
		sheet->release ? sheet->release : "not known");
	if (sheet->machine)
		fprintf(out, ", %s", sheet->machine);
	if (sheet->captured_at)
		fprintf(out, ", captured at %s", sheet->captured_at);
	if (sheet->boot_id)
		fprintf(out, ", boot %s", sheet->boot_id);
	fclose(out);
	return words;
}

static bool has_section(const struct diff *diff, enum lt_fact_section section)
{
	lt_vec_each(difference, diff->differences)
		if (fact_of(difference)->section == section)
			return true;
	return false;
}

/* How each line is written; @heading is NULL where it is an item. */
struct sink {
	void (*put)(void *arg, const char *heading, const char *lead, const char *words);
	void *arg;
};

static void put_signature(const struct diff *diff, const struct sink *sink)
{
	const char *signature = diff->sheets[1]->signature;
	char *words;

	if (!signature)
		return;
	if (asprintf(&words, "%s: %s", signature,
		     diff_is_seen_before(diff) ? "seen before" : "not in A") < 0)
		return;
	sink->put(sink->arg, NULL, "Signature ", words);
	free(words);
}

/* "module, trace", which were read for one of them alone. */
static char *own_sources(const struct diff *diff, int i)
{
	char *words = NULL;
	size_t len;
	FILE *out = open_memstream(&words, &len);

	if (!out)
		return NULL;
	lt_vec_each(difference, diff->sources)
		if (diff_is_read_in(difference, i))
			fprintf(out, "%s%s", ftell(out) ? ", " : "", difference->a->key);
	fclose(out);
	return words;
}

/* What only one of them saw is not gone, nor new. */
static void put_sources(const struct diff *diff, const struct sink *sink)
{
	for (int i = 0; i < 2; i++) {
		char *words = has_own_sources(diff, i) ? own_sources(diff, i) : NULL;

		if (words)
			sink->put(sink->arg, NULL,
				  i ? "Read in B alone: " : "Read in A alone: ", words);
		free(words);
	}
	if (has_own_sources(diff, 0) || has_own_sources(diff, 1))
		sink->put(sink->arg, NULL, "",
			  "What only one of the two has may come from these sources.");
}

static void put_sections(const struct diff *diff, const struct sink *sink)
{
	for (size_t i = 0; i < NR_SECTIONS; i++) {
		if (!has_section(diff, sections[i].section))
			continue;
		sink->put(sink->arg, sections[i].title, NULL, NULL);
		lt_vec_each(difference, diff->differences) {
			const struct lt_fact *fact = fact_of(difference);
			char *words = fact->section == sections[i].section && diff_is_shown(fact)
					      ? words_of(diff, difference)
					      : NULL;

			if (words)
				sink->put(sink->arg, NULL, "", words);
			free(words);
		}
	}
}

static void put_all(const struct diff *diff, const struct sink *sink)
{
	for (int i = 0; i < 2; i++) {
		char *words = origin_of(diff, i);

		sink->put(sink->arg, NULL, i ? "B " : "A ", words ? words : "?");
		free(words);
	}
	put_signature(diff, sink);
	put_sources(diff, sink);
	if (!diff->differences->nr)
		sink->put(sink->arg, NULL, "", "Nothing differs.");
	put_sections(diff, sink);
}

static void put_text(void *arg, const char *heading, const char *lead, const char *words)
{
	struct text *text = arg;

	if (heading)
		text_heading(text, heading);
	else
		text_wrapf(text, *lead ? lead : "  ", 4, "%s", words);
}

static void put_markdown(void *arg, const char *heading, const char *lead, const char *words)
{
	FILE *out = arg;

	if (heading) {
		fprintf(out, "\n## %s\n\n", heading);
		return;
	}
	fprintf(out, "- %s", lead);
	markdown_text(out, words);
	putc('\n', out);
}

void diff_print_text(struct text *text, const struct diff *diff)
{
	put_all(diff, &(struct sink){ put_text, text });
}

void diff_print_markdown(FILE *out, const struct diff *diff)
{
	put_all(diff, &(struct sink){ put_markdown, out });
}
