/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ANALYSE_WORDS_H
#define LT_ANALYSE_WORDS_H

#include "analyse/report.h"

/*
 * How findings put things. All return strings of the report, never NULL: when
 * memory runs out they return "" and set report->out_of_memory.
 */

const char *lt_words(struct lt_report *report, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* "8192 pages (32 MiB)", "1 page (4 KiB)"; without the size if the page size is not known. */
const char *lt_words_size(struct lt_report *report, uint64_t nr_pages);

/* "\"reserved\"", or "an unnamed area at 0x53400000", or "an unknown area". */
const char *lt_words_area(struct lt_report *report, size_t area, const char *name);

/* "ltpin explain reserved 8192", to be typed as it is; NULL if the area or the size is not known. */
const char *lt_words_explain(struct lt_report *report, const struct lt_failure *failure);
const char *lt_words_explain_page(struct lt_report *report, size_t area);

/* "cma_alloc of 8192 pages (32 MiB) in \"reserved\" failed 3 times with -EBUSY (1 later one succeeded)" */
const char *lt_words_failure(struct lt_report *report, const struct lt_failure *failure);

/* What names the blocking page of the next failure, and keeps the evidence. */
#define LT_NEXT_WATCH "ltpin watch --count 1 --capture-on-failure FILE"

/* @command, and each command of @words, for the evidence that was read: base/command.h. */
const char *lt_words_command(struct lt_report *report, const char *command);
const char *lt_words_placed(struct lt_report *report, const char *words);

/* Whether this is a capture, and @command has to be run on the device that it is of. */
bool lt_words_is_for_device(const struct lt_report *report, const char *command);

/* "camera-hal[812]" */
const char *lt_words_process(struct lt_report *report, const char *comm, int pid);

/**
 * struct lt_pin_choice - which pins a sentence is about
 * @has:      whether a pin is one of them
 * @may_name: whether a process that maps one may be named with it; NULL: each may
 * @arg:      handed to both
 */
struct lt_pin_choice {
	bool (*has)(const struct lt_pin *pin, const void *arg);
	bool (*may_name)(const struct lt_pin *pin, const struct lt_mapper *mapper, const void *arg);
	const void *arg;
};

/*
 * Who maps the pages of @choice: "camera-hal[812]",
 * "camera-hal[812] (3 pages) and surfaceflinger[301] (1 page)", "no process";
 * NULL when nobody looked, or nobody may be named.
 */
const char *lt_words_mappers(struct lt_report *report, const struct lt_pin_choice *choice);

/* Who pinned them, in the same words; NULL unless that was seen of every one. */
const char *lt_words_pinners(struct lt_report *report, const struct lt_pin_choice *choice);

/* "ltpin, called by camera-hal[812]", "system", "a driver that no stack names". */
const char *lt_words_holder(struct lt_report *report, const struct lt_holder *holder);

/*
 * Who allocated the pages of @area that devices hold: "ltpin (15360 pages) and
 * vb2_dc_alloc (512 pages)", the largest first; NULL if nothing tells.
 */
const char *lt_words_drivers(struct lt_report *report, size_t area);

#endif
