// SPDX-License-Identifier: LGPL-2.1-or-later
/* Composes the parts of sentences that several findings share. */
#include "analyse/words.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/explain.h"
#include "base/errno_name.h"
#include "base/size.h"

/* Processes named in one sentence; the rest is counted. */
#define NAMED_MAX 3

const char *lt_words(struct lt_report *report, const char *fmt, ...)
{
	const char *interned = NULL;
	va_list args;
	char *text;

	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) >= 0) {
		interned = lt_strings_format(report->strings, "%s", text);
		free(text);
	}
	va_end(args);
	if (interned)
		return interned;
	report->out_of_memory = true;
	return "";
}

const char *lt_words_size(struct lt_report *report, uint64_t nr_pages)
{
	const struct lt_num page_size = report->snap->kernel.page_size;
	const char *plural = nr_pages == 1 ? "" : "s";
	uint64_t bytes;

	if (!page_size.known || __builtin_mul_overflow(nr_pages, page_size.val, &bytes))
		return lt_words(report, "%" PRIu64 " page%s", nr_pages, plural);
	return lt_words(report, "%" PRIu64 " page%s (%s)", nr_pages, plural, lt_size(bytes).s);
}

const char *lt_words_area(struct lt_report *report, size_t area, const char *name)
{
	const struct lt_snapshot *snap = report->snap;

	if (!name && area != LT_NO_AREA)
		name = snap->areas.v[area].name;
	if (name)
		return lt_words(report, "\"%s\"", name);
	if (area == LT_NO_AREA || !snap->areas.v[area].ranges.nr)
		return "an area that no source names";
	return lt_words(report, "the area at PFN 0x%" PRIx64,
			snap->areas.v[area].ranges.v[0].pfns.start_pfn);
}

/* A name that a shell takes as one word. */
static bool is_plain(const char *name)
{
	return name[0] && name[0] != '-' &&
	       !name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				  "0123456789@._,:-")];
}

/* " --align 0", where what a driver would ask for by that size differs. */
static const char *name_align(struct lt_report *report, const struct lt_failure *failure)
{
	const struct lt_num align = failure->last->align;

	if (!align.known || align.val > LT_ALIGN_MAX ||
	    align.val == lt_explain_usual_align(report->snap, failure->nr_pages.val))
		return "";
	return lt_words(report, " --align %" PRIu64, align.val);
}

static const char *explain_area(struct lt_report *report, size_t area, uint64_t nr_pages,
				const char *align)
{
	const struct lt_area *of = area == LT_NO_AREA ? NULL : &report->snap->areas.v[area];

	if (!of)
		return NULL;
	if (of->name && is_plain(of->name))
		return lt_words(report, "ltpin explain %s %" PRIu64 "%s", of->name, nr_pages,
				align);
	if (!of->ranges.nr)
		return NULL;
	return lt_words(report, "ltpin explain 0x%" PRIx64 " %" PRIu64 "%s",
			of->ranges.v[0].pfns.start_pfn, nr_pages, align);
}

const char *lt_words_explain(struct lt_report *report, const struct lt_failure *failure)
{
	return failure->nr_pages.known ? explain_area(report, failure->area, failure->nr_pages.val,
						      name_align(report, failure))
				       : NULL;
}

const char *lt_words_explain_page(struct lt_report *report, size_t area)
{
	return explain_area(report, area, 1, "");
}

const char *lt_words_failure(struct lt_report *report, const struct lt_failure *failure)
{
	const char *err_name = failure->err.known ? lt_errno_name((int)failure->err.val) : NULL;
	const char *what = failure->nr_pages.known ? lt_words_size(report, failure->nr_pages.val)
						   : "an unknown number of pages";
	const char *at_least = failure->is_at_least ? " at least" : "";
	const char *times = failure->count > 1
				    ? lt_words(report, "%s %u times", at_least, failure->count)
			    : failure->is_at_least ? " at least once"
						   : "";
	const char *with = "", *since = "";

	if (err_name)
		with = lt_words(report, " with -%s", err_name);
	else if (failure->err.known)
		with = lt_words(report, " with errno %" PRIu64, failure->err.val);
	if (failure->nr_ok_since)
		since = lt_words(report, " (%u later one%s succeeded)", failure->nr_ok_since,
				 failure->nr_ok_since == 1 ? "" : "s");
	return lt_words(report, "cma_alloc of %s in %s failed%s%s%s", what,
			lt_words_area(report, failure->area, failure->area_name), times, with,
			since);
}

const char *lt_words_process(struct lt_report *report, const char *comm, int pid)
{
	return lt_words(report, "%s[%d]", comm ? comm : "?", pid);
}

/* Pages of a process. */
struct page_count {
	int pid;
	const char *comm;
	uint64_t nr_pages;
};

LT_VEC_OF(page_counts, struct page_count);

static struct page_count *get_count(struct page_counts *counts, int pid, const char *comm)
{
	struct page_count *count;

	lt_vec_each(old, counts)
		if (old->pid == pid)
			return old;
	count = lt_vec_push(counts);
	if (count) {
		count->pid = pid;
		count->comm = comm;
	}
	return count;
}

/* Count the folio once for each process, however often that maps it. */
static int count_mappers(struct page_counts *counts, const struct lt_pin *pin,
			 const struct lt_pin_choice *choice)
{
	for (size_t i = 0; i < pin->mapped_by.nr; i++) {
		const struct lt_mapper *mapper = &pin->mapped_by.v[i];
		struct page_count *count;
		bool is_first = true;

		if (choice->may_name && !choice->may_name(pin, mapper, choice->arg))
			continue;
		count = get_count(counts, mapper->pid, mapper->comm);
		if (!count)
			return -ENOMEM;
		for (size_t j = 0; j < i; j++)
			is_first = is_first && pin->mapped_by.v[j].pid != mapper->pid;
		if (is_first)
			count->nr_pages += pin->nr_pages;
	}
	return 0;
}

static int by_nr_pages(const void *a, const void *b)
{
	const struct page_count *ca = a, *cb = b;

	if (ca->nr_pages != cb->nr_pages)
		return ca->nr_pages < cb->nr_pages ? 1 : -1;
	return ca->pid - cb->pid;
}

static const char *list_processes(struct lt_report *report, const struct page_counts *counts)
{
	const char *list = "";

	if (counts->nr == 1)
		return lt_words_process(report, counts->v[0].comm, counts->v[0].pid);
	for (size_t i = 0; i < counts->nr && i < NAMED_MAX; i++) {
		const char *between = !i ? "" : i + 1 == counts->nr ? " and " : ", ";

		list = lt_words(report, "%s%s%s (%" PRIu64 " page%s)", list, between,
				lt_words_process(report, counts->v[i].comm, counts->v[i].pid),
				counts->v[i].nr_pages, counts->v[i].nr_pages == 1 ? "" : "s");
	}
	if (counts->nr > NAMED_MAX)
		list = lt_words(report, "%s and %zu more", list, counts->nr - NAMED_MAX);
	return list;
}

/* Returns false if it is not known who pinned the folio. */
static bool count_pinner(struct lt_report *report, struct page_counts *counts,
			 const struct lt_pin *pin)
{
	const struct lt_pinner *pinner = &pin->pinned_by;
	struct page_count *count;

	if (pin->kind != LT_PIN_PINNED || !pin->has_pinner || !pinner->pid.known)
		return false;
	count = get_count(counts, (int)pinner->pid.val, pinner->comm);
	if (count)
		count->nr_pages += pin->nr_pages;
	else
		report->out_of_memory = true;
	return true;
}

const char *lt_words_pinners(struct lt_report *report, const struct lt_pin_choice *choice)
{
	struct page_counts counts = { 0 };
	const char *list = NULL;
	bool are_known = true;

	lt_vec_each(pin, &report->snap->pins)
		if (choice->has(pin, choice->arg))
			are_known = are_known && count_pinner(report, &counts, pin);
	if (are_known && counts.nr) {
		qsort(counts.v, counts.nr, sizeof(*counts.v), by_nr_pages);
		list = list_processes(report, &counts);
	}
	lt_vec_free(&counts);
	return list;
}

const char *lt_words_mappers(struct lt_report *report, const struct lt_pin_choice *choice)
{
	struct page_counts counts = { 0 };
	const char *list = NULL;
	bool is_complete = true;

	lt_vec_each(pin, &report->snap->pins) {
		if (!choice->has(pin, choice->arg))
			continue;
		is_complete = is_complete && pin->mapped_by_total.known && !pin->mapped_by.nr;
		if (count_mappers(&counts, pin, choice))
			report->out_of_memory = true;
	}
	if (counts.nr) {
		qsort(counts.v, counts.nr, sizeof(*counts.v), by_nr_pages);
		list = list_processes(report, &counts);
	} else if (is_complete) {
		list = "no process";
	}
	lt_vec_free(&counts);
	return list;
}

const char *lt_words_holder(struct lt_report *report, const struct lt_holder *holder)
{
	const char *name = holder->name;

	if (!name)
		name = holder->kind == LT_HOLDER_DRIVER ? "a driver that no stack names"
							: "exporters without a name";
	if (holder->kind != LT_HOLDER_DRIVER || !holder->pid.known)
		return name;
	return lt_words(report, "%s, called by %s", name,
			lt_words_process(report, holder->comm, (int)holder->pid.val));
}

static bool is_driver_of(const struct lt_holder *holder, size_t area)
{
	return holder->kind == LT_HOLDER_DRIVER && holder->area == area;
}

const char *lt_words_drivers(struct lt_report *report, size_t area)
{
	size_t nr = 0, nth = 0;
	const char *list = "";

	lt_vec_each(holder, &report->snap->holders)
		nr += is_driver_of(holder, area);
	lt_vec_each(holder, &report->snap->holders) {
		const char *between = !nth ? "" : nth + 1 == nr ? " and " : ", ";

		if (!is_driver_of(holder, area) || nth++ >= NAMED_MAX)
			continue;
		list = lt_words(report, "%s%s%s (%" PRIu64 " page%s)", list, between,
				lt_words_holder(report, holder), holder->nr_pages.val,
				holder->nr_pages.val == 1 ? "" : "s");
	}
	if (nr > NAMED_MAX)
		list = lt_words(report, "%s and %zu more", list, nr - NAMED_MAX);
	return nr ? list : NULL;
}
