/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ANALYSE_CAUSE_SUSPECT_H
#define LT_ANALYSE_CAUSE_SUSPECT_H

#include "analyse/report.h"
#include "base/compiler.h"
#include "model/pfns.h"

/**
 * struct lt_suspects - pins that may have made requests fail for which the kernel named no page
 * @when:	    when these requests failed, on the clock of the log: all of them
 * @pages:	    first pages of the folios, ascending: pinned now, in the area that was asked, and
 *		    not known to have been allocated or pinned after the last of the requests
 * @is_everywhere: in each run that was long enough one was that is known to be older than all of
 *		    the requests
 */
struct lt_suspects {
	struct lt_when when;
	struct lt_pfns pages;
	bool is_everywhere;
};

/**
 * lt_suspects_find() - what may have made @failure happen
 * @explained: pages that the kernel named for others, sorted: not looked at
 * @out:       empty where something else is known to have been the reason, or nothing is pinned;
 *	       freed with lt_suspects_free()
 *
 * Return: 0 or -ENOMEM.
 */
int lt_suspects_find(const struct lt_report *report, const struct lt_failure *failure,
		     const struct lt_pfns *explained, struct lt_suspects *out)
	__must_check __nonnull_all;
void lt_suspects_free(struct lt_suspects *suspects);

/* Whether @pin is one of @suspects. */
bool lt_suspects_have(const struct lt_suspects *suspects, const struct lt_pin *pin);

/*
 * Whether a process that maps @pin may be named with the failure: one that certainly began later
 * may not, unless the page is known to be older, so that it may have both from its parent.
 */
bool lt_suspects_may_name(const struct lt_suspects *suspects, const struct lt_pin *pin,
			  const struct lt_mapper *mapper);

#endif
