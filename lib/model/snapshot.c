// SPDX-License-Identifier: LGPL-2.1-or-later
/* The snapshot: what the sources reported, at one time. lib/source/read fills it. */
#include "model/snapshot.h"

#include <stdlib.h>
#include <string.h>

void lt_snapshot_free(struct lt_snapshot *snap)
{
	if (!snap)
		return;
	if (snap->root != snap->options.root)
		lt_root_close(snap->root);
	lt_vec_free(&snap->origin.redacted);
	lt_vec_free(&snap->kernel.options);
	lt_vec_free(&snap->memory.ram);
	lt_vec_free(&snap->memory.reserved);
	lt_zones_free(&snap->zones);
	lt_areas_free(&snap->areas);
	lt_vec_free(&snap->folios);
	lt_pins_free(&snap->pins);
	lt_vec_free(&snap->tracks);
	lt_vec_free(&snap->pin_hints);
	lt_vec_free(&snap->processes);
	lt_dma_bufs_free(&snap->dma_bufs);
	lt_holders_free(&snap->holders);
	lt_attempts_free(&snap->attempts);
	lt_vec_free(&snap->refusals);
	lt_vec_each(selftest, &snap->selftests)
		lt_selftest_fini(selftest);
	lt_vec_free(&snap->selftests);
	lt_vec_each(bench, &snap->benches)
		lt_bench_fini(bench);
	lt_vec_free(&snap->benches);
	lt_ledger_free(&snap->ledger);
	lt_vec_free(&snap->records);
	lt_vec_free(&snap->sources);
	lt_page_files_free(snap->page_files);
	lt_stacks_free(snap->stacks);
	lt_strings_free(snap->strings);
	free(snap);
}

const struct lt_source_state *lt_snapshot_source(const struct lt_snapshot *snap, const char *name)
{
	lt_vec_each(state, &snap->sources)
		if (!strcmp(state->name, name))
			return state;
	return NULL;
}

bool lt_snapshot_has_page_states(const struct lt_snapshot *snap)
{
	lt_vec_each(state, &snap->sources)
		if (state->has_page_states && state->status == LT_STATUS_OK)
			return true;
	return false;
}

bool lt_snapshot_is_for_root(const struct lt_snapshot *snap, const struct lt_source_state *state)
{
	return state->status == LT_STATUS_DENIED &&
	       (!snap->reader_uid.known || snap->reader_uid.val);
}

bool lt_snapshot_is_incomplete(const struct lt_snapshot *snap)
{
	lt_vec_each(state, &snap->sources)
		if (lt_source_state_is_unread(state))
			return true;
	return false;
}
