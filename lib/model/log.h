/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_LOG_H
#define LT_MODEL_LOG_H

#include <stdbool.h>

#include "base/num.h"

/* The boots before the last that can be asked for. */
#define LT_BOOTS_MAX 64

/**
 * struct lt_log - what the kernel log has beside the attempts of one boot
 * @nr_not_taken:     lines that speak of failed allocations and could not be read, or are not
 *		      believed to be the kernel's
 * @first_not_taken:  number of the first of them
 * @first_gap:	      number of the first line that says that messages are missing there
 * @nr_boots:	      that the log has
 * @boot:	      which one was read, the first being 1
 * @nr_failed_others: failed calls on record of the others
 * @nr_busy:	      contiguous ranges that were busy, in no area that is known
 * @nr_unplaced:      areas that it names and whose place is not known, for the page size is not
 * @nr_complaints:    lines of drivers that say that they got no memory for a device
 * @complaint:	      one of them, the first that names CMA if any does; NULL if there is none
 * @complaint_line:   its number
 * @complaint_ns:     when it was printed, ns since boot
 * @complaint_is_cma: it names CMA; else where the memory was to come from is not known
 * @last_failed:      the last of the others that has any
 *
 * Unknown without a log; @first_not_taken, @first_gap and @last_failed where there is none.
 */
struct lt_log {
	struct lt_num nr_not_taken, first_not_taken, first_gap, nr_boots, boot, nr_failed_others,
		last_failed;
	struct lt_num nr_busy, nr_unplaced, nr_complaints, complaint_line, complaint_ns;
	const char *complaint;
	bool complaint_is_cma;
};

#endif
