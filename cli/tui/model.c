// SPDX-License-Identifier: GPL-2.0-or-later
/* Decides which sources `top` reads when, and keeps what they gave. */
#include "tui/model.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/now.h"
#include "source/read/read.h"

/* However quiet it is: some failures are neither logged nor counted (a trace alone tells of them). */
#define EVENTS_EVERY_MS 10000
#define PAGES_EVERY_MS 10000

/* Reading pages takes at most one part in this of the time. */
#define PAGES_SHARE 20

/* Processes are searched for so long at most: nobody waits longer for a key to work. */
#define SEARCH_MS 500

/* What is read at each depth, and what was read at the ones before it. */
static const struct depth {
	const char *name;
	enum lt_pace pace;
	enum lt_stage last_stage;
} depths[TOP_NR_DEPTHS] = {
	[TOP_TABLES] = { "tables", LT_PACE_ALWAYS, LT_STAGE_TABLES },
	[TOP_EVENTS] = { "log", LT_PACE_EVENT, LT_STAGE_ATTEMPTS },
	[TOP_PAGES] = { "pages", LT_PACE_SLOW, LT_STAGE_PROCESSES },
};

const char *top_depth_name(enum top_depth depth)
{
	return depths[depth].name;
}

static enum top_depth depth_of(const struct lt_source_state *source)
{
	int depth = TOP_TABLES;

	while (depth < TOP_PAGES && source->pace > depths[depth].pace)
		depth++;
	return (enum top_depth)depth;
}

void top_model_init(struct top_model *model, struct lt_root *root, const char *kconfig)
{
	*model = (struct top_model){ .root = root, .kconfig = kconfig, .kmsg_fd = -ENOENT };
	if (!lt_root_is_live(root))
		return;
	model->kmsg_fd = lt_root_openat(root, "/dev/kmsg", O_RDONLY | O_NONBLOCK);
	if (model->kmsg_fd >= 0)
		lseek(model->kmsg_fd, 0, SEEK_END);
}

/* Frees @snap unless a part still shows it. */
static void drop(struct top_model *model, struct lt_snapshot *snap)
{
	for (int i = 0; i < TOP_NR_DEPTHS; i++)
		if (model->parts[i].snap == snap)
			return;
	lt_snapshot_free(snap);
}

void top_model_fini(struct top_model *model)
{
	for (int i = 0; i < TOP_NR_DEPTHS; i++) {
		struct lt_snapshot *snap = model->parts[i].snap;

		model->parts[i].snap = NULL;
		drop(model, snap);
	}
	said_fini(&model->said);
	lt_vec_free(&model->history);
	if (model->kmsg_fd >= 0)
		close(model->kmsg_fd);
}

/* Whether the kernel logged anything since the last look: one read, however much it was. */
static bool has_log_grown(const struct top_model *model)
{
	char record[8192];
	ssize_t n;

	if (model->kmsg_fd < 0)
		return false;
	n = read(model->kmsg_fd, record, sizeof(record));
	if (n < 0 && errno != EPIPE) /* EPIPE: what came next is overwritten already */
		return false;
	lseek(model->kmsg_fd, 0, SEEK_END);
	return true;
}

static bool is_over(const struct top_part *part, uint64_t now_ms, uint64_t every_ms)
{
	return !part->tried_ms || now_ms - part->tried_ms >= every_ms;
}

/* No oftener than their share of the time allows. */
static uint64_t pages_every_ms(const struct top_part *pages, uint64_t least_ms)
{
	uint64_t ms = pages->cpu_ns.val / 1000000 * PAGES_SHARE;

	return ms > least_ms ? ms : least_ms;
}

static enum top_depth choose_depth(struct top_model *model, enum top_depth wanted)
{
	const struct top_part *pages = &model->parts[TOP_PAGES];
	const struct top_part *events = &model->parts[TOP_EVENTS];
	uint64_t now_ms = lt_now_ms();

	if (has_log_grown(model))
		model->are_events_due = true;
	if (!events->tried_ms && !model->are_pages_due)
		return TOP_EVENTS; /* something is on the screen soon */
	if (!pages->tried_ms)
		return TOP_PAGES;
	if (wanted == TOP_PAGES && is_over(pages, now_ms, pages_every_ms(pages, PAGES_EVERY_MS)))
		return TOP_PAGES;
	if (model->are_pages_due && is_over(pages, now_ms, pages_every_ms(pages, 0)))
		return TOP_PAGES;
	if (model->are_events_due || is_over(events, now_ms, EVENTS_EVERY_MS))
		return TOP_EVENTS;
	return TOP_TABLES;
}

/* A source of this depth that answered before and does not now, or NULL. */
static const struct lt_source_state *find_lost(const struct lt_snapshot *before,
					       const struct lt_snapshot *after,
					       enum top_depth depth)
{
	if (!before)
		return NULL;
	lt_vec_each(state, &after->sources) {
		const struct lt_source_state *old = lt_snapshot_source(before, state->name);

		if (depth_of(state) == depth && old && lt_source_state_is_answer(old) &&
		    !lt_source_state_is_answer(state) && state->status != LT_STATUS_UNUSED)
			return state;
	}
	return NULL;
}

/* Show @snap at this depth, unless it lacks what the last one had. */
static void replace(struct top_model *model, enum top_depth depth, struct lt_snapshot *snap)
{
	struct top_part *part = &model->parts[depth];
	const struct lt_source_state *lost = find_lost(part->snap, snap, depth);
	struct lt_snapshot *before = part->snap;

	part->tried_ms = lt_now_ms();
	if (lost) {
		snprintf(part->why, sizeof(part->why), "%s: %s", lost->name,
			 lost->detail ? lost->detail : lt_status_name(lost->status));
		return;
	}
	part->why[0] = '\0';
	part->snap = snap;
	part->taken_ms = part->tried_ms;
	if (before)
		drop(model, before);
}

/* Each failure at its own time, once there are new page states to evaluate. */
static int evaluate(struct top_model *model)
{
	const struct lt_snapshot *snap = model->parts[TOP_PAGES].snap;

	if (model->said.snap == snap)
		return 0;
	said_fini(&model->said);
	return said_make(&model->said, snap);
}

static uint64_t cpu_ns(void)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static int read_to(struct top_model *model, enum top_depth depth)
{
	struct lt_snapshot_options options = {
		.root = model->root,
		.kconfig = model->kconfig,
		.last_stage = depths[depth].last_stage,
		.search_ms = SEARCH_MS,
		.count_processes = true,
	};
	uint64_t start_ns = cpu_ns();
	struct lt_snapshot *snap;
	int err;

	if (lt_root_is_live(
		    model->root)) /* a captured tree needs other sources for its page size */
		options.pace = depths[depth].pace;
	err = lt_read_snapshot(&options, &snap);
	if (err)
		return err;
	for (int i = 0; i <= (int)depth; i++)
		replace(model, (enum top_depth)i, snap);
	drop(model, snap);
	err = evaluate(model);
	model->parts[depth].cpu_ns = lt_num(cpu_ns() - start_ns);
	return err;
}

struct lt_num top_model_pins(const struct top_model *model)
{
	const struct lt_memory *memory = &top_model_at(model, TOP_TABLES)->memory;

	return lt_num_sub(memory->nr_foll_pin_acquired, memory->nr_foll_pin_released);
}

static int remember(struct top_model *model)
{
	struct top_points *history = &model->history;
	struct lt_num pins = top_model_pins(model);
	struct top_point *point;

	if (!pins.known)
		return 0;
	if (history->nr == TOP_HISTORY_MAX)
		memmove(history->v, history->v + 1, --history->nr * sizeof(*history->v));
	point = lt_vec_push(history);
	if (!point)
		return -ENOMEM;
	*point = (struct top_point){ lt_now_ms(), pins.val };
	return 0;
}

static struct lt_num nr_failed(const struct lt_snapshot *snap)
{
	return snap ? snap->memory.cma_alloc_fail : (struct lt_num){ 0 };
}

int top_model_sample(struct top_model *model, enum top_depth wanted)
{
	const struct lt_snapshot *tables = model->parts[TOP_TABLES].snap;
	const struct lt_snapshot *events = model->parts[TOP_EVENTS].snap;
	struct lt_num failed = nr_failed(tables);
	size_t nr_attempts = events ? events->attempts.nr : 0;
	enum top_depth depth = TOP_PAGES;
	int err;

	if (lt_root_is_live(model->root))
		depth = choose_depth(model, wanted);
	else if (model->parts[TOP_PAGES].tried_ms && !model->are_pages_due)
		return 0;
	if (depth >= TOP_EVENTS)
		model->are_events_due = false;
	if (depth >= TOP_PAGES)
		model->are_pages_due = false;
	err = read_to(model, depth);
	if (!err)
		err = remember(model);
	if (err)
		return err;
	tables = model->parts[TOP_TABLES].snap;
	events = model->parts[TOP_EVENTS].snap;
	if (depth < TOP_EVENTS && failed.known && nr_failed(tables).val != failed.val)
		model->are_events_due = true;
	if (depth < TOP_PAGES && events && events->attempts.nr != nr_attempts)
		model->are_pages_due = true;
	return 1;
}

void top_model_ask(struct top_model *model)
{
	model->are_pages_due = true;
	model->parts[TOP_PAGES].tried_ms = 0;
}

bool top_model_is_hungry(const struct top_model *model)
{
	const struct top_part *pages = &model->parts[TOP_PAGES];

	return model->are_events_due || !pages->tried_ms ||
	       (model->are_pages_due && is_over(pages, lt_now_ms(), pages_every_ms(pages, 0)));
}

const struct lt_snapshot *top_model_at(const struct top_model *model, enum top_depth depth)
{
	int i = (int)depth;

	while (i > 0 && !model->parts[i].snap)
		i--;
	return model->parts[i].snap;
}

/* What changes while the area stays what and where it is. */
static void freshen(struct lt_area *area, const struct lt_area *now)
{
	if (now->nr_allocated.known)
		area->nr_allocated = now->nr_allocated;
	if (now->largest_free_run.known)
		area->largest_free_run = now->largest_free_run;
	if (now->counters.alloc_fail.known)
		area->counters = now->counters;
	if (lt_area_has_bitmaps(now) && now->ranges.nr == area->ranges.nr)
		area->ranges = now->ranges;
}

struct lt_area top_model_area(const struct top_model *model, size_t i)
{
	const struct lt_areas *now = &top_model_at(model, TOP_TABLES)->areas;
	struct lt_area area = top_model_at(model, TOP_PAGES)->areas.v[i];
	size_t at = area.name ? lt_areas_find_name(now, area.name) : LT_NO_AREA;

	if (at != LT_NO_AREA)
		freshen(&area, &now->v[at]);
	return area;
}
