// SPDX-License-Identifier: GPL-2.0-or-later
/* `ltpin explain --try`: does what may free pages, and measures what came of it. */
#include "cmd/explain_try.h"

#include <errno.h>
#include <unistd.h>

#include "act/alloc/alloc.h"
#include "act/remedy/remedy.h"
#include "base/now.h"

int explain_try_check(struct cmd *cmd, const struct explain_try *try)
{
	if (!try->remedies)
		return try->is_dry ? cmd_usage(cmd, "--dry-run belongs to --try") : 0;
	if (try->is_dry)
		return 0;
	if (cmd->root || cmd->nr_files)
		return cmd_usage(cmd, "--try acts on the running system; with files or --root only "
				      "--dry-run makes sense");
	if (cmd->redact)
		return cmd_usage(cmd, "--try acts on the running system, and --redact reads a "
				      "capture of it");
	if (!geteuid())
		return 0;
	cmd_error("--try needs root; --dry-run shows what it would do");
	return CMD_FAILED;
}

/* What there is now: the room, the pages that block, and what would come of the request. */
static int measure(struct cmd *cmd, struct explain_try *try,
		   const struct lt_explain_request *request, struct lt_room *room,
		   struct lt_pfns *blocking)
{
	struct lt_snapshot_options options = { .last_stage = LT_STAGE_PAGES, .keep_folios = true };
	struct lt_explain *explain;
	struct lt_snapshot *snap;
	int err = cmd_snapshot(cmd, &options, &snap);

	if (err)
		return err;
	err = request->area < snap->areas.nr ? lt_explain_make(snap, request, &explain) : -EINVAL;
	if (!err) {
		*room = lt_explain_room(explain);
		blocking->nr = 0;
		err = lt_explain_blocking(explain, blocking);
		try->answer = explain->prediction;
		lt_explain_free(explain);
	}
	lt_snapshot_free(snap);
	if (err == -EINVAL) {
		cmd_error("the area is not what it was before");
		return CMD_FAILED;
	}
	return err;
}

static int retry(struct lt_trial *trial, const struct lt_explain *first)
{
	struct lt_attempt attempt;
	struct lt_alloc *alloc;
	int err = lt_alloc_open(&first->snap->areas, first->area, first->strings, &alloc,
				&trial->diag);

	if (err)
		return err == -ENOENT || err == -EINVAL ? -EOPNOTSUPP : err;
	err = lt_alloc_attempt(alloc, (uint32_t)first->search.nr_pages, &attempt, &trial->diag);
	lt_alloc_close(alloc); /* which releases the pages */
	if (err)
		return err;
	if (attempt.failed) {
		trial->err = attempt.err;
		err = -EBUSY;
	}
	lt_attempt_fini(&attempt);
	return err;
}

static int apply(struct cmd *cmd, struct lt_trial *trial, const struct lt_explain *first)
{
	const uint64_t start_ns = lt_now_ns();
	int err = trial->remedy == LT_REMEDY_RETRY
			  ? retry(trial, first)
			  : lt_remedy_apply(cmd_root(cmd), trial->remedy, &trial->diag);

	if (err == -ENOMEM)
		return err;
	trial->status = !err		     ? LT_TRIAL_DONE
			: err == -EOPNOTSUPP ? LT_TRIAL_UNAVAILABLE
					     : LT_TRIAL_FAILED;
	if (err != -EOPNOTSUPP)
		trial->elapsed_ns = lt_num(lt_now_ns() - start_ns);
	return 0;
}

static int try_each(struct cmd *cmd, struct explain_try *try,
		    const struct lt_explain_request *request, const struct lt_explain *first,
		    struct lt_pfns *before, struct lt_pfns *after)
{
	struct lt_room room = lt_explain_room(first);
	int err = lt_explain_blocking(first, before);

	lt_vec_each(trial, &try->trials) {
		struct lt_pfns swap = *before;

		trial->before = room;
		if (!err)
			err = apply(cmd, trial, first);
		if (err || trial->status == LT_TRIAL_UNAVAILABLE)
			continue;
		err = measure(cmd, try, request, &room, after);
		if (!err)
			err = lt_trial_note_released(trial, before, after);
		trial->after = room;
		*before = *after;
		*after = swap;
	}
	if (!err)
		lt_trials_note_back(&try->trials, before);
	return err;
}

int explain_try_run(struct cmd *cmd, struct explain_try *try,
		    const struct lt_explain_request *request, const struct lt_explain *first)
{
	struct lt_pfns before = { 0 }, after = { 0 };
	int err;

	try->answer = first->prediction;
	for (enum lt_remedy remedy = 0; remedy < LT_NR_REMEDIES; remedy++) {
		struct lt_trial *trial;

		if (!(try->remedies & 1u << remedy))
			continue;
		trial = lt_vec_push(&try->trials);
		if (!trial)
			return -ENOMEM;
		trial->remedy = remedy;
	}
	if (try->is_dry)
		return 0;
	err = try_each(cmd, try, request, first, &before, &after);
	lt_vec_free(&before);
	lt_vec_free(&after);
	return err;
}
