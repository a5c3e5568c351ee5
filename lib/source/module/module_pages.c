// SPDX-License-Identifier: LGPL-2.1-or-later
/* Whose the pins are that were made through the helper module. */
#include "source/module/module_pages.h"

#include <errno.h>
#include <string.h>

#include "uapi/ltpin_netlink.h"

/* Each pinned page of a folio is a pin of it. */
static uint64_t count_pins(const struct lt_pin *pin, struct lt_range run)
{
	return lt_range_nr_common((struct lt_range){ pin->pfn, pin->pfn + pin->nr_pages }, run);
}

int lt_module_name_pinner(const struct lt_module_hold *hold, struct lt_pins *pins,
			  struct lt_strings *strings)
{
	const char *comm;

	if (hold->kind != LTPIN_KIND_PIN)
		return 0;
	comm = lt_strings_add(strings, hold->comm, strlen(hold->comm));
	if (!comm)
		return -ENOMEM;
	lt_vec_each(run, &hold->runs) {
		struct lt_pin *pin = lt_pins_from(pins, run->start_pfn);

		for (; pin && pin < pins->v + pins->nr && pin->pfn < run->end_pfn; pin++) {
			pin->nr_pins_seen = lt_num(pin->nr_pins_seen.val + count_pins(pin, *run));
			if (pin->has_pinner)
				continue;
			pin->has_pinner = true;
			pin->pinned_by = (struct lt_pinner){
				.pid = lt_num(hold->pid),
				.comm = comm,
				.ts_ns = lt_num(hold->ts_ns),
				.is_ours = true,
			};
		}
	}
	return 0;
}
