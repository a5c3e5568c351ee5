/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_SELFTEST_H
#define LT_MODEL_SELFTEST_H

#include "base/compiler.h"
#include "base/num.h"
#include "base/strings.h"
#include "base/vec.h"

/* How one case ended, and by way of the deciding case, the whole test. */
enum lt_outcome {
	LT_OUTCOME_KEPT,     /* enough control pages landed, no pinned page did */
	LT_OUTCOME_LANDED,   /* a page of a successful long-term pin was in CMA (ZONE_MOVABLE) */
	LT_OUTCOME_LIVELOCK, /* the pin never returned while pin counters climbed */
	LT_OUTCOME_FAILED,   /* the pin or the case itself failed; says nothing of the kernel */
	LT_OUTCOME_NO_POWER, /* too few control pages landed to have seen a breach */
	LT_OUTCOME_SKIPPED,
};

enum lt_verdict {
	LT_VERDICT_KEPT,
	LT_VERDICT_BROKEN,
	LT_VERDICT_UNKNOWN,
};

const char *lt_outcome_name(enum lt_outcome outcome);
const char *lt_verdict_name(enum lt_verdict verdict);

/* Both return -EINVAL for a name that is not one. */
int lt_outcome_parse(const char *name, enum lt_outcome *out) __must_check __nonnull_at(2);
int lt_verdict_parse(const char *name, enum lt_verdict *out) __must_check __nonnull_at(2);

/* One case; counts in pages. */
struct lt_case_result {
	const char *name;    /* "fresh", "in-cma", "race", ... */
	const char *promise; /* what this kernel promises here, one clause */
	const char *detail;  /* why, in words; NULL if there is nothing to add */
	struct lt_num nr_pinned, nr_landed, nr_calls, nr_calls_failed;
	struct lt_num control_faults, control_landed;
	struct lt_num elapsed_ms;
	struct lt_num call_errno; /* positive, of the last pin call that failed */
	enum lt_outcome outcome;
	struct lt_num
		could_catch; /* of a case that was kept: 1, or 0 if on this kernel it cannot show
				    * the breach that it is for, so that kept proves little */
	struct lt_num
		is_promised; /* 0: this kernel does not promise it, what lands is a known hole */
	bool is_required;    /* without an answer from it there is no verdict */
};

LT_VEC_OF(lt_case_results, struct lt_case_result);

/* Whether it shows that the kernel broke a promise. */
bool lt_case_result_is_breach(const struct lt_case_result *result);

struct lt_selftest {
	enum lt_verdict verdict;
	enum lt_outcome reason;
	const char *text;      /* the verdict as one sentence */
	const char *backend;   /* "module", "io_uring" */
	const char *priming;   /* "module", "cma-debugfs"; NULL if nothing could prime */
	const char *release;   /* of the kernel it ran on */
	const char *boot_id;   /* of the boot, if it was saved with that; else NULL */
	double upper_bound_95; /* breaches per pin call; < 0: not known */
	struct lt_case_results cases;
};

LT_VEC_OF(lt_selftests, struct lt_selftest);

void lt_selftest_fini(struct lt_selftest *selftest);

#endif
