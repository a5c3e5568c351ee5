/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_WATCH_COUNTS_H
#define LT_MODEL_WATCH_COUNTS_H

#include "base/num.h"

/**
 * struct lt_watch_counts - what came of it so far
 * @nr_attempts:  that ended, of the area that is watched
 * @nr_failed:    of these
 * @nr_unsampled: failures whose blocking pages nobody had the time to look at, as too many came at
 *		  once
 * @nr_not_kept:  attempts that the closing report leaves out, as there were too many
 * @nr_lost:	  events that the kernel overwrote before they were read; unknown if it did not tell
 * @nr_scans:	  times that an area was looked through for pins, and @scan_ns what that took
 * @nr_searches:  times that processes were searched for pages, and @search_ns what that took
 */
struct lt_watch_counts {
	uint64_t nr_attempts, nr_failed, nr_unsampled, nr_not_kept;
	struct lt_num nr_lost;
	uint64_t nr_scans, scan_ns, nr_searches, search_ns;
};

#endif
