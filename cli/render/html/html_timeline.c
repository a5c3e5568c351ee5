// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Draws attempts over time, and since when the pages that blocked them have been held, as inline SVG.
 * However many attempts there are, a column of pixels has one mark of a kind.
 */
#include <inttypes.h>
#include <string.h>

#include "base/errno_name.h"
#include "render/evidence.h"
#include "render/html/html_part.h"

#define LEFT 150
#define WIDTH 760
#define LANE 34
#define AREAS_MAX 16
#define HOLDS_MAX 24
#define GROUPS_MAX 64
#define NAME_SHOWN 20

/* From when to when, in ns since boot. */
struct span {
	uint64_t from_ns, to_ns;
};

static void widen(struct span *span, struct lt_num ns)
{
	if (!ns.known)
		return;
	if (ns.val < span->from_ns)
		span->from_ns = ns.val;
	if (ns.val > span->to_ns)
		span->to_ns = ns.val;
}

static struct span span_of(const struct lt_report *report)
{
	struct span span = { UINT64_MAX, 0 };

	lt_vec_each(attempt, &report->snap->attempts) {
		widen(&span, attempt->ts_ns);
		widen(&span, lt_attempt_last_ns(attempt));
	}
	if (span.to_ns) /* what holds a page may have begun long before */
		lt_vec_each(page, &report->blocking)
			widen(&span, page->said->since_ns);
	return span;
}

static uint64_t place_of(const struct span *span, uint64_t ns)
{
	double part = span->to_ns > span->from_ns
			      ? (double)(ns - span->from_ns) / (double)(span->to_ns - span->from_ns)
			      : 0.5;

	return LEFT + (uint64_t)(part * (WIDTH - 1));
}

enum outcome {
	OUTCOME_OK,
	OUTCOME_OPEN,
	OUTCOME_FAILED,
	NR_OUTCOMES,
};

static enum outcome outcome_of(const struct lt_snapshot *snap, const struct lt_attempt *attempt)
{
	if (lt_cause_has_failed(snap, attempt))
		return OUTCOME_FAILED;
	return attempt->is_open ? OUTCOME_OPEN : OUTCOME_OK;
}

static const struct {
	const char *class, *path, *means;
} outcomes[NR_OUTCOMES] = {
	[OUTCOME_OK] = { "ok", "v10", "succeeded" },
	[OUTCOME_OPEN] = { "open", "h4m-4 5h4", "how it ended is not known" },
	[OUTCOME_FAILED] = { "fail", "l6 8m0-8l-6 8", "failed" },
};

/* Lane @lane of the attempts of area @area; LT_NO_AREA: of none that is known. */
static void put_lane(FILE *out, const struct lt_report *report, const struct span *span,
		     size_t area, unsigned int lane)
{
	bool seen[NR_OUTCOMES][WIDTH] = { 0 };
	unsigned int y = lane * LANE + 8;

	fprintf(out, "<text class=\"axis\" x=\"%u\" y=\"%u\" text-anchor=\"end\">", LEFT - 10,
		y + 10);
	html_text_cut(out, area == LT_NO_AREA ? "area not known" : area_label(report->snap, area),
		      NAME_SHOWN);
	fprintf(out, "</text><path class=\"edge\" d=\"M%u %uh%u\"/>\n", LEFT, y + 14, WIDTH);
	lt_vec_each(attempt, &report->snap->attempts)
		if (attempt->area == area && attempt->ts_ns.known)
			seen[outcome_of(report->snap, attempt)]
			    [place_of(span, attempt->ts_ns.val) - LEFT] = true;
	for (int outcome = 0; outcome < NR_OUTCOMES; outcome++) {
		if (!memchr(seen[outcome], true, WIDTH))
			continue;
		fprintf(out, "<path class=\"%s\" d=\"", outcomes[outcome].class);
		for (unsigned int x = 0; x < WIDTH; x++)
			if (seen[outcome][x])
				fprintf(out, "M%u %u%s",
					LEFT + x - (outcome == OUTCOME_FAILED ? 3 : 0), y,
					outcomes[outcome].path);
		fputs("\"/>\n", out);
	}
}

static void put_group(FILE *out, const struct text *text, const struct span *span,
		      const struct lt_failure *failure, unsigned int lane)
{
	const char *name = failure->err.known ? lt_errno_name((int)failure->err.val) : NULL;
	uint64_t x;

	if (!failure->last_ns.known)
		return;
	x = place_of(span, failure->last_ns.val);
	fprintf(out,
		"<a class=\"g\" href=\"#groups\"><circle cx=\"%" PRIu64 "\" cy=\"%u\" r=\"4\"/>"
		"<text x=\"%" PRIu64 "\" y=\"%u\"%s>",
		x, lane * LANE + 22, x, lane * LANE + 42,
		x > LEFT + WIDTH / 2 ? " text-anchor=\"end\"" : "");
	fprintf(out, "%s failed %u time%s%s%s, last at %s", text_pages(text, failure->nr_pages).s,
		failure->count, failure->count == 1 ? "" : "s", name ? " with -" : "",
		name ? name : "", text_time(failure->last_ns).s);
	fputs("</text></a>\n", out);
}

/* Whether something is known of how long the page was held. */
static bool is_hold(const struct lt_blocking_page *page)
{
	return page->said->since_ns.known || page->said->state != LT_STATE_UNKNOWN;
}

static void put_hold(FILE *out, const struct lt_report *report, const struct span *span,
		     const struct lt_blocking_page *page, unsigned int lane)
{
	const struct lt_cause_page *said = page->said;
	const struct lt_attempt *attempt = &report->snap->attempts.v[page->attempt];
	const char *state = lt_hold_state_name(said->state);
	struct lt_num from = said->since_ns.known ? said->since_ns : attempt->ts_ns;
	unsigned int y = lane * LANE + 20;
	bool is_over = lt_cause_page_is_released(said);

	fprintf(out,
		"<text class=\"axis\" x=\"%u\" y=\"%u\" text-anchor=\"end\">page 0x%" PRIx64
		"</text>",
		LEFT - 10, y + 4, page->pfn);
	if (!from.known)
		return;
	fprintf(out, "<path class=\"hold%s\" d=\"M%" PRIu64 " %uH%" PRIu64 "\"/>",
		said->since_ns.known ? "" : " maybe", place_of(span, from.val), y,
		is_over ? place_of(span, from.val) + 8 : (uint64_t)LEFT + WIDTH);
	fprintf(out, "<text x=\"%u\" y=\"%u\">", LEFT + 4, y - 7);
	if (said->since_ns.known)
		fprintf(out, "in one allocation since %s; ", text_time(said->since_ns).s);
	fprintf(out, "%s", state ? state : "not known whether it is held");
	if (said->comm) {
		fputs(", ", out);
		html_text_cut(out, said->comm, NAME_SHOWN);
		fprintf(out, "[%d]", said->pid);
	}
	fputs("</text>\n", out);
}

/* From the top: areas, attempts in no area that is known if there are any, holds. */
struct lanes {
	size_t nr_areas, nr;
	bool has_unknown;
};

static struct lanes count_lanes(const struct lt_report *report)
{
	const struct lt_snapshot *snap = report->snap;
	struct lanes lanes = { .nr_areas =
				       snap->areas.nr < AREAS_MAX ? snap->areas.nr : AREAS_MAX };
	size_t nr_holds = 0;

	lt_vec_each(attempt, &snap->attempts)
		lanes.has_unknown |= attempt->area == LT_NO_AREA;
	lt_vec_each(page, &report->blocking)
		nr_holds += is_hold(page);
	lanes.nr =
		lanes.nr_areas + lanes.has_unknown + (nr_holds < HOLDS_MAX ? nr_holds : HOLDS_MAX);
	return lanes;
}

static void put_axis(FILE *out, const struct span *span, unsigned int y)
{
	fprintf(out, "<text class=\"axis\" x=\"%u\" y=\"%u\">%s</text>", LEFT, y,
		text_time(lt_num(span->from_ns)).s);
	fprintf(out,
		"<text class=\"axis\" x=\"%u\" y=\"%u\" text-anchor=\"end\">%s since boot</text>\n",
		LEFT + WIDTH, y, text_time(lt_num(span->to_ns)).s);
}

static void put_legend(FILE *out)
{
	fputs("<ul class=\"legend\">\n", out);
	for (int outcome = 0; outcome < NR_OUTCOMES; outcome++)
		fprintf(out,
			"<li><svg width=\"12\" height=\"12\" aria-hidden=\"true\"><path class=\"%s\" "
			"d=\"M3 2%s\"/></svg>%s</li>\n",
			outcomes[outcome].class, outcomes[outcome].path, outcomes[outcome].means);
	fputs("<li><svg width=\"24\" height=\"12\" aria-hidden=\"true\"><path class=\"hold\" "
	      "d=\"M0 6h24\"/></svg>page held</li>\n"
	      "<li><svg width=\"24\" height=\"12\" aria-hidden=\"true\"><path class=\"hold maybe\" "
	      "d=\"M0 6h24\"/></svg>held, since when is not known</li>\n</ul>\n",
	      out);
}

bool html_timeline_is_there(const struct lt_report *report)
{
	lt_vec_each(attempt, &report->snap->attempts)
		if (attempt->ts_ns.known)
			return true;
	return false;
}

static void put_lanes(FILE *out, const struct lt_report *report, const struct span *span,
		      const struct lanes *lanes)
{
	unsigned int lane = 0;

	for (; lane < lanes->nr_areas; lane++)
		put_lane(out, report, span, lane, lane);
	if (lanes->has_unknown)
		put_lane(out, report, span, LT_NO_AREA, lane++);
	lt_vec_each(page, &report->blocking)
		if (is_hold(page) && lane < lanes->nr)
			put_hold(out, report, span, page, lane++);
	put_axis(out, span, (unsigned int)lanes->nr * LANE + 30);
}

/* Last, so that nothing lies on them. */
static void put_groups(FILE *out, const struct lt_report *report, const struct span *span,
		       const struct lanes *lanes)
{
	const struct text text = { .out = out, .page_size = report->snap->kernel.page_size };
	unsigned int nr = 0;

	lt_vec_each(failure, &report->failures) {
		size_t lane = failure->area == LT_NO_AREA ? lanes->nr_areas : failure->area;

		if ((failure->area == LT_NO_AREA || lane < lanes->nr_areas) && nr++ < GROUPS_MAX)
			put_group(out, &text, span, failure, (unsigned int)lane);
	}
}

void html_timeline(FILE *out, const struct lt_report *report)
{
	const struct lanes lanes = count_lanes(report);
	const struct span span = span_of(report);

	fprintf(out,
		"<figure><div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Drawing: timeline\">"
		"<svg width=\"%u\" height=\"%zu\" role=\"group\" aria-label=\"Attempts over time\">\n",
		LEFT + WIDTH + 12, lanes.nr * LANE + 40);
	put_lanes(out, report, &span, &lanes);
	put_groups(out, report, &span, &lanes);
	fputs("</svg></div>\n", out);
	put_legend(out);
	if (report->snap->areas.nr > lanes.nr_areas)
		fprintf(out, "<p>%zu more areas are in the table of attempts.</p>\n",
			report->snap->areas.nr - lanes.nr_areas);
	fputs("</figure>\n", out);
}
