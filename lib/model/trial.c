// SPDX-License-Identifier: LGPL-2.1-or-later
/* Names what may free pages of an area, and what that does to the system. */
#include "model/trial.h"

#include <errno.h>
#include <string.h>

static const struct {
	const char *name, *touches;
} remedies[] = {
	[LT_REMEDY_SYNC] = { "sync", "writes all that is dirty of every file system to its disk, "
				     "and waits for that" },
	[LT_REMEDY_DROP_CACHES] = { "drop-caches",
				    "drops clean file data of every file system from memory, "
				    "which is read from disk again when it is needed" },
	[LT_REMEDY_COMPACT] = { "compact", "moves pages in all zones, which takes processor time" },
	[LT_REMEDY_DRAIN] = { "drain", "empties each processor's batches of pages on their way to "
				       "the LRU lists, which interrupts every processor" },
	[LT_REMEDY_RETRY] = { "retry",
			      "makes the allocation through the helper module and releases it: "
			      "pages of processes in one window move elsewhere, clean file "
			      "data there is dropped" },
};

const char *lt_remedy_name(enum lt_remedy remedy)
{
	return remedies[remedy].name;
}

const char *lt_remedy_touches(enum lt_remedy remedy)
{
	return remedies[remedy].touches;
}

static enum lt_remedy find(const char *name, size_t len)
{
	enum lt_remedy remedy = 0;

	while (remedy < LT_NR_REMEDIES &&
	       (strlen(remedies[remedy].name) != len || memcmp(remedies[remedy].name, name, len)))
		remedy++;
	return remedy;
}

int lt_remedies_parse(const char *list, unsigned int *out, struct lt_diag *wrong)
{
	unsigned int found = 0;

	for (;;) {
		size_t len = strcspn(list, ",");
		enum lt_remedy remedy = find(list, len);

		if (remedy == LT_NR_REMEDIES) {
			lt_diag_set(wrong, "%.*s", (int)(len < 80 ? len : 80), list);
			return -EINVAL;
		}
		found |= 1u << remedy;
		if (!list[len])
			break;
		list += len + 1;
	}
	*out = found;
	return 0;
}

const char *lt_trial_status_name(enum lt_trial_status status)
{
	static const char *const names[] = {
		[LT_TRIAL_PLANNED] = "planned",
		[LT_TRIAL_DONE] = "done",
		[LT_TRIAL_UNAVAILABLE] = "unavailable",
		[LT_TRIAL_FAILED] = "failed",
	};

	return names[status];
}

static bool has(const struct lt_pfns *pfns, uint64_t pfn)
{
	return lt_pfns_has_any(pfns, (struct lt_range){ pfn, pfn + 1 });
}

int lt_trial_note_released(struct lt_trial *trial, const struct lt_pfns *before,
			   const struct lt_pfns *after)
{
	lt_vec_each(pfn, before)
		if (!has(after, *pfn) && lt_pfns_add(&trial->released, *pfn))
			return -ENOMEM;
	return 0;
}

void lt_trials_note_back(struct lt_trials *trials, const struct lt_pfns *now)
{
	lt_vec_each(trial, trials) {
		uint64_t nr = 0;

		if (!trial->after.nr_blocking.known)
			continue;
		lt_vec_each(pfn, &trial->released)
			nr += has(now, *pfn);
		trial->nr_back = lt_num(nr);
	}
}

void lt_trials_free(struct lt_trials *trials)
{
	lt_vec_each(trial, trials)
		lt_vec_free(&trial->released);
	lt_vec_free(trials);
}
