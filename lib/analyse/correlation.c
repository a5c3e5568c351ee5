// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * How failures of cma_alloc() correlate with pins, by class of requests: a pin can hardly make a
 * request for one page fail, nor one in another area, so such attempts in one table would show an
 * association that is none.
 */
#include "analyse/correlation.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/correlation_met.h"
#include "analyse/correlation_owner.h"

/* An attempt of which a source besides the log, which has failures only, reports how it ended. */
struct trial {
	const struct lt_attempt *attempt;
	const struct lt_cause *cause;
};

LT_VEC_OF(trials, struct trial);

static int collect(const struct lt_snapshot *snap, const struct lt_causes *causes,
		   struct trials *out)
{
	for (size_t i = 0; i < snap->attempts.nr; i++) {
		const struct lt_attempt *attempt = &snap->attempts.v[i];
		struct trial *trial;

		if (attempt->source == LT_ATTEMPT_LOG || attempt->is_open)
			continue;
		trial = lt_vec_push(out);
		if (!trial)
			return -ENOMEM;
		*trial = (struct trial){ attempt, &causes->v[i] };
	}
	return 0;
}

static int compare_places(const struct lt_attempt *a, const struct lt_attempt *b)
{
	if (a->area != b->area)
		return a->area < b->area ? -1 : 1;
	if (a->area != LT_NO_AREA || a->area_name == b->area_name)
		return 0;
	return a->area_name && b->area_name ? strcmp(a->area_name, b->area_name)
					    : (a->area_name != NULL) - (b->area_name != NULL);
}

static int by_class(const void *left, const void *right)
{
	const struct lt_attempt *a = ((const struct trial *)left)->attempt;
	const struct lt_attempt *b = ((const struct trial *)right)->attempt;
	int order = compare_places(a, b);

	if (order)
		return order;
	if (a->nr_pages.known != b->nr_pages.known)
		return a->nr_pages.known ? 1 : -1;
	if (a->nr_pages.known && a->nr_pages.val != b->nr_pages.val)
		return a->nr_pages.val < b->nr_pages.val ? -1 : 1;
	return (a > b) - (a < b);
}

/* Whether @attempt, which is no smaller than @smallest, is of its class. */
static bool is_like(const struct lt_attempt *smallest, const struct lt_attempt *attempt)
{
	return !compare_places(smallest, attempt) &&
	       smallest->nr_pages.known == attempt->nr_pages.known &&
	       (!smallest->nr_pages.known || attempt->nr_pages.val == smallest->nr_pages.val ||
		attempt->nr_pages.val / LT_CORRELATION_SIZE_FACTOR < smallest->nr_pages.val);
}

/* As late as is known of it. */
static struct lt_num attempt_end(const struct lt_attempt *attempt)
{
	struct lt_num end = lt_num_add(attempt->ts_ns, attempt->latency_ns);

	return end.known ? end : attempt->ts_ns;
}

/* When @snap was taken, by the clock of @attempt where that was read with the others. */
static struct lt_num taken_ns(const struct lt_snapshot *snap, const struct lt_attempt *attempt)
{
	const struct lt_clock_set *clock = &snap->clock;
	struct lt_num now = attempt->source == LT_ATTEMPT_LOG ? clock->log_ns : clock->trace_ns;

	return now.known ? now : snap->taken_ns;
}

/* How late the reading was that tells what was pinned; unknown if the kernel itself told it. */
static struct lt_num sample_delay_ms(const struct lt_snapshot *snap, const struct trial *trial)
{
	const struct lt_blockers *seen = &trial->attempt->blockers;
	struct lt_num delay = { 0 };

	if (trial->attempt->sampled)
		delay = trial->attempt->sampled_after_ns;
	else if (seen->nr && seen->v[0].samples.nr)
		delay = seen->v[0].samples.v[0].after_ns;
	else if (!seen->nr && trial->cause->pages.nr)
		delay = lt_num_sub(taken_ns(snap, trial->attempt), attempt_end(trial->attempt));
	delay.val /= 1000000;
	return delay;
}

struct tally {
	struct lt_pfns blockers; /* of all attempts */
	struct lt_credits credits;
	struct lt_units units;
};

static int count_known(const struct lt_snapshot *snap, const struct trial *trial, enum lt_met met,
		       struct tally *tally, struct lt_correlation *out)
{
	struct lt_num delay = sample_delay_ms(snap, trial);
	struct lt_unit *unit = lt_vec_push(&tally->units);

	if (!unit)
		return -ENOMEM;
	*unit = (struct lt_unit){ trial->attempt->ts_ns, trial->attempt->failed,
				  met == LT_MET_PINNED };
	lt_contingency_count(&out->table, unit->failed, unit->pinned);
	if (delay.known && (!out->sampled_after_ms.known || delay.val > out->sampled_after_ms.val))
		out->sampled_after_ms = delay;
	return 0;
}

static int count_trial(const struct lt_snapshot *snap, const struct trial *trial,
		       struct tally *tally, struct lt_correlation *out)
{
	const struct lt_attempt *attempt = trial->attempt;
	enum lt_met met = lt_met_of(attempt, trial->cause);
	int err = 0;

	if (met != LT_MET_UNKNOWN)
		err = count_known(snap, trial, met, tally, out);
	else if (attempt->failed)
		out->nr_unknown_failed++;
	else
		out->nr_unknown_ok++;
	out->nr_failed += attempt->failed;
	if (!err)
		err = lt_attempt_blockers(attempt, &tally->blockers);
	if (!err && attempt->failed)
		err = lt_credits_add(&tally->credits, trial->cause,
				     (size_t)(attempt - snap->attempts.v));
	return err;
}

/* 1: failures go with pins; -1: without; 0: the table shows neither. */
static int verdict_of(const struct lt_contingency *table, struct lt_odds *odds)
{
	if (!lt_contingency_odds(table, odds))
		return 0;
	return odds->ci95[0] > 1 ? 1 : odds->ci95[1] < 1 ? -1 : 0;
}

/*
 * What a source failed to see is not left out by chance: a pin that lasts is seen, one that ends is
 * not. So the table says nothing unless it would say the same with all that is left out against it.
 */
static bool is_settled(const struct lt_correlation *c)
{
	struct lt_contingency worst = c->table;
	struct lt_odds odds;
	int verdict = verdict_of(&c->table, &odds);

	if (!lt_correlation_nr_unknown(c))
		return true;
	*(verdict > 0 ? &worst.clean_failed : &worst.pinned_failed) += c->nr_unknown_failed;
	*(verdict > 0 ? &worst.pinned_ok : &worst.clean_ok) += c->nr_unknown_ok;
	return verdict && verdict_of(&worst, &odds) == verdict;
}

static int evaluate(struct tally *tally, struct lt_correlation *out)
{
	const bool is_certain = is_settled(out);
	int err;

	lt_pfns_sort(&tally->blockers);
	out->nr_blockers = (unsigned int)tally->blockers.nr;
	out->nr_attempts = (unsigned int)tally->units.nr;
	out->has_odds = is_certain && lt_contingency_odds(&out->table, &out->odds);
	out->has_p = is_certain && out->nr_attempts >= LT_CORRELATION_MIN_ATTEMPTS;
	if (out->has_p)
		out->p_value = lt_contingency_p(&out->table);
	err = lt_credits_share(&tally->credits, out->nr_failed, &out->owners);
	return err ? err : lt_timeline_make(&tally->units, &out->timeline);
}

static void correlation_fini(struct lt_correlation *correlation)
{
	lt_vec_free(&correlation->owners);
	lt_vec_free(&correlation->timeline);
}

/* Successes alone have nothing to say of failures. */
static bool has_failure(const struct lt_correlation *c)
{
	return c->table.pinned_failed || c->table.clean_failed;
}

/* Of the @nr trials of one class, the smallest first. */
static int add_class(const struct lt_snapshot *snap, const struct trial *trials, size_t nr,
		     struct lt_correlations *out)
{
	struct lt_correlation made = {
		.area = trials->attempt->area,
		.area_name = trials->attempt->area_name,
		.min_pages = trials->attempt->nr_pages,
		.max_pages = trials[nr - 1].attempt->nr_pages,
	};
	struct tally tally = { 0 };
	struct lt_correlation *slot = NULL;
	int err = 0;

	for (size_t i = 0; i < nr && !err; i++)
		err = count_trial(snap, &trials[i], &tally, &made);
	if (!err)
		err = evaluate(&tally, &made);
	if (!err && has_failure(&made)) {
		slot = lt_vec_push(out);
		err = slot ? 0 : -ENOMEM;
	}
	if (slot)
		*slot = made;
	else
		correlation_fini(&made);
	lt_vec_free(&tally.blockers);
	lt_vec_free(&tally.credits);
	lt_vec_free(&tally.units);
	return err;
}

static int by_failures(const void *a, const void *b)
{
	const struct lt_correlation *left = a, *right = b;

	if (left->nr_failed != right->nr_failed)
		return left->nr_failed > right->nr_failed ? -1 : 1;
	if (left->nr_attempts != right->nr_attempts)
		return left->nr_attempts > right->nr_attempts ? -1 : 1;
	if (left->area != right->area)
		return left->area < right->area ? -1 : 1;
	return (left->min_pages.val > right->min_pages.val) -
	       (left->min_pages.val < right->min_pages.val);
}

int lt_correlations_make(const struct lt_snapshot *snap, const struct lt_causes *causes,
			 struct lt_correlations *out)
{
	struct lt_correlations made = { 0 };
	struct trials trials = { 0 };
	int err = collect(snap, causes, &trials);
	size_t from = 0;

	if (trials.nr)
		qsort(trials.v, trials.nr, sizeof(*trials.v), by_class);
	for (size_t i = 1; i <= trials.nr && !err; i++) {
		if (i < trials.nr && is_like(trials.v[from].attempt, trials.v[i].attempt))
			continue;
		err = add_class(snap, trials.v + from, i - from, &made);
		from = i;
	}
	lt_vec_free(&trials);
	if (err) {
		lt_correlations_free(&made);
		return err;
	}
	if (made.nr)
		qsort(made.v, made.nr, sizeof(*made.v), by_failures);
	*out = made;
	return 0;
}

void lt_correlations_free(struct lt_correlations *correlations)
{
	lt_vec_each(correlation, correlations)
		correlation_fini(correlation);
	lt_vec_free(correlations);
}
