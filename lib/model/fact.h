/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_FACT_H
#define LT_MODEL_FACT_H

#include <stdbool.h>

#include "base/compiler.h"
#include "base/num.h"
#include "base/vec.h"

/* What a fact is about; facts of two captures are compared within one. */
enum lt_fact_section {
	LT_FACT_FAILURE, /* a signature; how often it failed */
	LT_FACT_FINDING,
	LT_FACT_RULED_OUT,
	LT_FACT_HOLD, /* pages of an area that somebody holds */
	LT_FACT_AREA,
	LT_FACT_COUNTER,
	LT_FACT_SELFTEST,
	LT_FACT_KERNEL,
	LT_FACT_OPTION, /* of the configuration */
	LT_FACT_SOURCE, /* whether it was read */
	LT_FACT_NR_SECTIONS,
};

/* "failure", "finding", "ruled-out", ... */
const char *lt_fact_section_name(enum lt_fact_section section);

/**
 * struct lt_fact - one thing that a report says, to be compared with what another says
 * @key:  what it is, unique in its section
 * @text: what is said of it; NULL for a number
 * @num:  the number; unknown for a text
 */
struct lt_fact {
	enum lt_fact_section section;
	const char *key, *text;
	struct lt_num num;
};

LT_VEC_OF(lt_facts, struct lt_fact);

/**
 * struct lt_fact_sheet - the facts of one report, sorted by section and key
 * @version, @captured_at, @machine, @boot_id, @release, @headline, @signature: whose they are, which
 *	is not compared; NULL where it does not say
 * @sources: which sources were read, "read" or "not read"; those that nobody asked are left out
 */
struct lt_fact_sheet {
	const char *version, *captured_at, *machine, *boot_id, *release, *headline, *signature;
	struct lt_facts facts, sources;
};

void lt_fact_sheet_fini(struct lt_fact_sheet *sheet);

/* Put them in order; numbers of one key are added up. */
void lt_facts_sort(struct lt_facts *facts);

/* Before, after, or NULL where only the other has it. */
struct lt_difference {
	const struct lt_fact *a, *b;
};

LT_VEC_OF(lt_differences, struct lt_difference);

/* List what differs between two sorted sheets, which must outlive @out. 0 or -ENOMEM. */
int lt_facts_compare(const struct lt_facts *a, const struct lt_facts *b, struct lt_differences *out)
	__must_check __nonnull_all;

/* Whether @sheet has failures of this signature. */
bool lt_facts_have_failure(const struct lt_facts *facts, const char *signature);

#endif
