/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_RENDER_JSON_JSON_H
#define CLI_RENDER_JSON_JSON_H

#include "analyse/report.h"
#include "base/json.h"
#include "model/bench.h"

/*
 * The records of schema/ltpin.schema.json, one function a noun, so that every
 * command writes the same. @key is NULL inside arrays.
 */

/*
 * The root object with its "schema", and which boot it is of if @snap knows that, which may be NULL;
 * lt_json_end() closes it. NULL when out of memory.
 */
struct lt_json *json_document(FILE *out, const char *schema, const struct lt_snapshot *snap);

/* The same into a writer that is there already. */
void json_begin(struct lt_json *json, const char *schema, const struct lt_snapshot *snap);

void json_kernel(struct lt_json *json, const char *key, const struct lt_kernel *kernel);
void json_memory(struct lt_json *json, const char *key, const struct lt_memory *memory);

/* @said of it by causes: NULL if it made nothing fail, or for a page as it was looked at. */
void json_pin(struct lt_json *json, const char *key, const struct lt_pin *pin,
	      const struct lt_cause_page *said, const struct lt_snapshot *snap);
void json_holder(struct lt_json *json, const char *key, const struct lt_holder *holder,
		 const struct lt_snapshot *snap);
void json_pin_hint(struct lt_json *json, const char *key, const struct lt_pin_hint *hint);
void json_finding(struct lt_json *json, const char *key, const struct lt_finding *finding);

/*
 * @snap gives the area's name where the attempt itself has none, @cause says why it failed, and
 * @report, which it is one of, in which group: each may be NULL.
 */
void json_attempt(struct lt_json *json, const char *key, const struct lt_attempt *attempt,
		  const struct lt_snapshot *snap, const struct lt_cause *cause,
		  const struct lt_report *report);

/* The members of a self-test, into the object that is open. */
void json_selftest(struct lt_json *json, const struct lt_selftest *selftest);

/* The members of measurements, into the object that is open. */
void json_bench(struct lt_json *json, const struct lt_bench *bench);

/* The name of area @area of @snap, which may be NULL; NULL if it has none. */
const char *json_area_name(const struct lt_snapshot *snap, size_t area);

/* [ { start_pfn, end_pfn }, ... ] */
void json_ranges(struct lt_json *json, const char *key, const struct lt_ranges *ranges);

/* [ "frame", ... ]; nothing if @stack is NULL. */
void json_stack(struct lt_json *json, const char *key, const struct lt_stack *stack);

/* "correlation": the class of requests that failed most often, with the others in it. */
void json_correlations(struct lt_json *json, const struct lt_report *report);

/* Whole arrays of a snapshot; left out where no source can tell that there is nothing. */
void json_areas(struct lt_json *json, const struct lt_snapshot *snap);
void json_zones(struct lt_json *json, const struct lt_snapshot *snap);
void json_pins(struct lt_json *json, const struct lt_snapshot *snap,
	       const struct lt_blocking_pages *blocking);
/* What a kernel that tracks pages tells of those of areas. */
void json_page_tracks(struct lt_json *json, const struct lt_snapshot *snap);
void json_pin_hints(struct lt_json *json, const struct lt_snapshot *snap);
void json_holders(struct lt_json *json, const struct lt_snapshot *snap);

/* What devices allocated and released in the record; left out where nothing is on record. */
void json_ledger(struct lt_json *json, const char *key, const struct lt_snapshot *snap);
void json_attempts(struct lt_json *json, const struct lt_report *report);
void json_sources(struct lt_json *json, const struct lt_snapshot *snap);

#endif
