/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_PIN_TALLY_H
#define LT_MODEL_PIN_TALLY_H

#include <stdint.h>

/**
 * struct lt_pin_tally - calls since the start
 * @nr_calls:	    that pinned pages
 * @nr_longterm:    of them, with FOLL_LONGTERM
 * @nr_failed:	    that asked for FOLL_LONGTERM and pinned nothing
 * @nr_unresolved:  whose pages nobody could look up: the caller was gone, the pages are not in its
 *		    page table, or too many such calls came at once
 * @nr_not_understood: events that made no sense
 * @nr_forgotten:   that are not known any more, since there were too many
 * @nr_held:	    that left pinned pages in areas and have not ended
 */
struct lt_pin_tally {
	uint64_t nr_calls, nr_longterm, nr_failed, nr_unresolved, nr_not_understood, nr_forgotten,
		nr_held;
};

#endif
