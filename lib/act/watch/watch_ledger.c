// SPDX-License-Identifier: LGPL-2.1-or-later
/* Keeps the ledger of device allocations while they are followed. */
#include "act/watch/watch_ledger.h"

#include <errno.h>
#include <string.h>

#include "source/trace/trace_ledger.h"

void lt_watch_ledger_init(struct lt_watch_ledger *watched, struct lt_snapshot *snap,
			  const char *area_name, size_t area, bool has_releases)
{
	*watched = (struct lt_watch_ledger){ .snap = snap, .area_name = area_name, .area = area };
	lt_ledger_free(&snap->ledger);
	snap->ledger = (struct lt_ledger){ .has_releases = has_releases };
}

static bool is_wanted(const struct lt_watch_ledger *watched, const struct lt_ledger_event *event)
{
	if (!watched->area_name)
		return true;
	if (event->area_name && !strcmp(event->area_name, watched->area_name))
		return true;
	return watched->area != LT_NO_AREA &&
	       lt_areas_find_pfn(&watched->snap->areas, event->pfns.start_pfn) == watched->area;
}

int lt_watch_ledger_attempt(struct lt_watch_ledger *watched, const struct lt_attempt *attempt)
{
	struct lt_snapshot *snap = watched->snap;
	struct lt_ledger_event event;
	int ret = lt_ledger_event_of(attempt, snap->strings, &event);

	if (ret <= 0 || !is_wanted(watched, &event))
		return ret < 0 ? ret : 0;
	return lt_ledger_allocate(&snap->ledger, &event);
}

int lt_watch_ledger_event(struct lt_watch_ledger *watched, const struct lt_trace_event *event)
{
	struct lt_snapshot *snap = watched->snap;
	struct lt_ledger_event release;
	int ret = lt_trace_release_parse(event, snap->strings, &release), err = 0;

	if (ret == -EBADMSG) /* it released something, nobody knows what */
		lt_watch_ledger_lost(watched, 0);
	else if (ret > 0 && is_wanted(watched, &release))
		err = lt_ledger_release(&snap->ledger, &release);
	else if (ret == -ENOMEM)
		err = ret;
	return err ? err : ret != 0;
}

void lt_watch_ledger_lost(struct lt_watch_ledger *watched, uint64_t nr)
{
	watched->nr_lost += nr;
	lt_ledger_gap(&watched->snap->ledger, watched->snap->ledger.to_ns);
}

int lt_watch_ledger_finish(struct lt_watch_ledger *watched, struct lt_num nr_lost,
			   struct lt_num now_ns)
{
	struct lt_snapshot *snap = watched->snap;
	struct lt_ledger *ledger = &snap->ledger;

	/* Behind the last event nothing marks them. */
	if (nr_lost.known && nr_lost.val > watched->nr_lost)
		lt_ledger_gap(ledger, ledger->to_ns);
	ledger->has_end = now_ns.known;
	lt_ledger_reach(ledger, now_ns);
	return lt_ledger_identify(ledger, &snap->areas, snap->strings);
}
