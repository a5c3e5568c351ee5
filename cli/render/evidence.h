/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_RENDER_EVIDENCE_H
#define CLI_RENDER_EVIDENCE_H

#include "analyse/report.h"
#include "model/bench.h"
#include "render/text.h"

/*
 * The evidence as text, one function a noun, each in the file of its noun.
 * Lines stay within text->width for usual values. Those that return int return
 * -ENOMEM when something was lost.
 */

/* Why no area can be shown: "no CMA area could be located; see `ltpin doctor`". */
const char *area_none(const struct lt_snapshot *snap);

int area_print_table(struct text *text, const struct lt_snapshot *snap);

/* "reserved" or "(unnamed)". */
const char *area_label(const struct lt_snapshot *snap, size_t area);

/*
 * One character a cell: '#' allocated, 'P' cannot move, '*' blocked and may be
 * free now, '.' the rest, '?' not known. Each line of
 * cells below the place of its range, or the cells alone; none where all are unknown. Returns which
 * cells there were, for the legend.
 */
unsigned int area_print_map(struct text *text, const struct lt_snapshot *snap, size_t area);
unsigned int area_print_maps(struct text *text, const struct lt_snapshot *snap, size_t area);

/* What the cells that were @seen mean; nothing if there were none. */
void area_print_map_legend(struct text *text, unsigned int seen);

/* The cells of @part of @range, at most one a page: @out has room for @cells and a NUL. */
void area_fill_map(const struct lt_snapshot *snap, const struct lt_area *area,
		   const struct lt_area_range *range, struct lt_range part, unsigned int cells,
		   char *out);

/* What a cell of a map or a bar means. */
enum text_role area_cell_role(char cell);

/* "####P++....": shares of the area, allocated, pinned, lent, the rest; "?" where not known. */
void area_fill_bar(const struct lt_area *area, unsigned int cells, char *out);

int zone_print_table(struct text *text, const struct lt_snapshot *snap);
int zone_print_free(struct text *text, const struct lt_snapshot *snap);

/*
 * Up to @max pins of @area (LT_NO_AREA: of all) from index *@next on, which is moved past them;
 * @blocking is of @snap.
 */
int pin_print_table(struct text *text, const struct lt_snapshot *snap,
		    const struct lt_blocking_pages *blocking, size_t area, size_t *next,
		    size_t max);

/* Whether /proc/kpageflags told what any of them is. */
bool pin_has_class(const struct lt_pins *pins);

/* The same by who has them, with ranges: a row for all that are alike, at most @max rows. */
int pin_print_groups(struct text *text, const struct lt_snapshot *snap,
		     const struct lt_blocking_pages *blocking, size_t area, size_t max);

/* What the marks mean that it has. */
void pin_print_legend(struct text *text, const struct lt_snapshot *snap,
		      const struct lt_blocking_pages *blocking, size_t area);

/* "pin", "released", "unknown": what holds it now. @said of it is NULL if it made nothing fail. */
const char *pin_kind(const struct lt_pin *pin, const struct lt_cause_page *said);

/* " *": it made an allocation fail; " ~": so it did, and was released before its present use. */
const char *pin_mark(const struct lt_pin *pin, const struct lt_cause_page *said);

/* The distinct stacks that allocated pages of @area (LT_NO_AREA: of all), the most common first. */
void pin_print_stacks(struct text *text, const struct lt_snapshot *snap, size_t area);

/* A line for each page whose file or block device is known, the first few. */
void pin_print_files(struct text *text, const struct lt_snapshot *snap, size_t area);

/* Processes that may pin. */
int pin_hint_print_table(struct text *text, const struct lt_snapshot *snap);

int holder_print_table(struct text *text, const struct lt_snapshot *snap);

/* Whether something is outstanding, or was released twice. */
bool ledger_has_any(const struct lt_ledger *ledger);

/* "likely", "hint": it grows; "not seen"; "?" where that cannot be said. */
const char *ledger_grows(const struct lt_ledger *ledger, size_t requester);

/* The area that it allocates from; "?" if that is not known. */
const char *ledger_area(const struct lt_snapshot *snap, const struct lt_requester *requester);

/* How far the ledger goes, what it cannot say, and what was released twice. */
void ledger_print_notes(struct text *text, const struct lt_ledger *ledger);

/* Who asked for device memory in the record, and what of it is outstanding. 0 or -ENOMEM. */
int ledger_print(struct text *text, const struct lt_snapshot *snap);

int attempt_print_table(struct text *text, const struct lt_snapshot *snap);

/* "0x1ae03", or "0x1ae03 +2": the first page that blocked it, and how many others did; "-". */
struct text_chunk attempt_blockers(const struct lt_attempt *attempt);

/* A table for each class of requests of which some failed. */
int correlations_print(struct text *text, const struct lt_report *report);
int bench_print(struct text *text, const struct lt_bench *bench);
int selftest_print(struct text *text, const struct lt_selftest *selftest);
void selftest_print_ktap(FILE *out, const struct lt_selftest *selftest);
void kernel_print(struct text *text, const struct lt_snapshot *snap);

/*
 * "host name (2, in 12 places), file path (1, in 1 place)", as a string that the caller frees; NULL if
 * nothing was replaced, or without memory.
 */
char *origin_redacted(const struct text *text, const struct lt_origin *origin);

/* Those that were read in full, in one line; then the others with what they lack. */
void source_print_brief(struct text *text, const struct lt_snapshot *snap);

/* Those that were read; of the missing ones those that may change the verdict, the rest as a number. */
void source_print_of_report(struct text *text, const struct lt_report *report);

/* The names of those that were read in full, and a block for each other one: what it proves, how to
 * have it. */
void source_print_all(struct text *text, const struct lt_snapshot *snap);

#endif
