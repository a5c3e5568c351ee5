/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_COMPLETENESS_H
#define LT_MODEL_COMPLETENESS_H

#include "model/snapshot.h"

/**
 * struct lt_completeness - whether every failure since boot is on record
 * @nr_failed:   that are on record
 * @nr_pages:	 that they asked for
 * @is_complete: the kernel counts no more, or without its count: the records have no gap from the
 *		 boot on. What the kernel was asked not to log is in its count alone
 * @is_counted:  the kernel's count says so
 */
struct lt_completeness {
	struct lt_num nr_failed, nr_pages;
	bool is_complete, is_counted;
};

/* Of all areas; or of area @area alone, for which the kernel counts pages: LT_NO_AREA for all. */
struct lt_completeness lt_completeness_of(const struct lt_snapshot *snap, size_t area);

/* Pages that CMA areas refused since boot, by the kernel's count; unknown if it has none. */
struct lt_num lt_completeness_nr_refused(const struct lt_snapshot *snap);

#endif
