/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_ORIGIN_H
#define LT_MODEL_ORIGIN_H

#include "base/num.h"
#include "base/vec.h"

/* Names of a kind that stand in the evidence as placeholders, and in how many places. */
struct lt_redaction {
	const char *kind;
	struct lt_num nr_names, nr_places;
};

LT_VEC_OF(lt_redactions, struct lt_redaction);

/**
 * struct lt_origin - what whoever captured the evidence did with it
 * @note:      what he had to say; NULL
 * @redacted:  names that he had replaced
 *
 * Strings are interned.
 */
struct lt_origin {
	const char *note;
	struct lt_redactions redacted;
};

#endif
