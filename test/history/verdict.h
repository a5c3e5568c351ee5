/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TEST_HISTORY_VERDICT_H
#define TEST_HISTORY_VERDICT_H

#include "analyse/report.h"
#include "evidence.h"

/* Statements of a report held against a truth. */

/* What a statement is about; each kind is counted apart. */
enum v_kind {
	V_BLOCKED, /* this page blocked this attempt */
	V_STATE,   /* what became of the page */
	V_HOLD,	   /* this kind of hold was on it then */
	V_HOLDER,  /* this process can release it now */
	V_CAUSE,   /* why the attempt failed, where no page was named */
	V_NOW,	   /* held, mapped or allocated now, whatever failed */
	V_DENIAL,  /* nothing failed */
	V_NR_KINDS,
};

extern const char *const v_kind_names[V_NR_KINDS];

/**
 * struct v_statement
 * @attempt: of the snapshot, by index; SIZE_MAX if it is of none
 * @request: the same in the truth
 * @text:    for people
 */
struct v_statement {
	enum v_kind kind;
	enum lt_confidence confidence;
	size_t attempt, request;
	uint64_t pfn;
	int value; /* of an enum, or a process number */
	bool is_true;
	char text[120];
};

#define V_MAX 512

struct verdict {
	struct v_statement v[V_MAX];
	size_t nr;
};

void verdict_make(const struct w_world *world, const struct e_mask *mask,
		  const struct lt_report *report, struct verdict *out);

/* Whether what @kind and @value say of @pfn, named as @request of @world failed, is true. */
bool verdict_is_true(const struct w_world *world, enum v_kind kind, size_t request, uint64_t pfn,
		     int value);

#endif
