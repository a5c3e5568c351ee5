/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_TRIAL_H
#define LT_MODEL_TRIAL_H

#include <stdbool.h>

#include "base/compiler.h"
#include "base/diag.h"
#include "base/num.h"
#include "base/vec.h"
#include "model/pfns.h"

/* What may free pages of an area, in the order of the harm that it does. */
enum lt_remedy {
	LT_REMEDY_SYNC,
	LT_REMEDY_DROP_CACHES,
	LT_REMEDY_COMPACT,
	LT_REMEDY_DRAIN,
	LT_REMEDY_RETRY, /* the allocation itself */
	LT_NR_REMEDIES,
};

/* "sync", "drop-caches", ... */
const char *lt_remedy_name(enum lt_remedy remedy);

/* What it does to the running system: a sentence without its stop. */
const char *lt_remedy_touches(enum lt_remedy remedy);

/*
 * Take "sync,retry" apart: a bit for each, in @out. Return: 0; -EINVAL for a name that is none,
 * with that name in @wrong.
 */
int lt_remedies_parse(const char *list, unsigned int *out, struct lt_diag *wrong)
	__must_check __nonnull_all;

/* How a trial ended. */
enum lt_trial_status {
	LT_TRIAL_PLANNED,     /* nothing was done */
	LT_TRIAL_DONE,	      /* LT_REMEDY_RETRY: the pages were obtained */
	LT_TRIAL_UNAVAILABLE, /* not with this kernel, or without the module */
	LT_TRIAL_FAILED,
};

/* "planned", "done", "unavailable", "failed". */
const char *lt_trial_status_name(enum lt_trial_status status);

/**
 * struct lt_room - what there is for a request
 * @nr_windows: places in the area where it could lie
 * @nr_free:	of these, those whose pages are free or would move; unknown without page states
 * @nr_blocking: folios in the area that stay; likewise
 * @prediction: what the request would come to, see lt_prediction_name(); NULL if nobody looked
 */
struct lt_room {
	struct lt_num nr_windows, nr_free, nr_blocking;
	const char *prediction;
};

/**
 * struct lt_trial - one remedy that was tried
 * @diag:	 why it is unavailable or failed
 * @err:	 positive errno of the allocation that failed
 * @elapsed_ns:	 that it took; unknown if it was not done
 * @before, @after: the room; not known of what is planned
 * @released:	 folios that blocked before and not after, ascending
 * @nr_back:	 of these, those that block again after the last trial
 */
struct lt_trial {
	enum lt_remedy remedy;
	enum lt_trial_status status;
	struct lt_diag diag;
	struct lt_num err, elapsed_ns;
	struct lt_room before, after;
	struct lt_pfns released;
	struct lt_num nr_back;
};

LT_VEC_OF(lt_trials, struct lt_trial);

/* Note those of the sorted @before that are not in the sorted @after. 0 or -ENOMEM. */
int lt_trial_note_released(struct lt_trial *trial, const struct lt_pfns *before,
			   const struct lt_pfns *after) __must_check __nonnull_all;

/* Count what each trial released, and what blocks again: the sorted @now. */
void lt_trials_note_back(struct lt_trials *trials, const struct lt_pfns *now) __nonnull_all;

void lt_trials_free(struct lt_trials *trials);

#endif
