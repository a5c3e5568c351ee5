/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_TUI_MODEL_H
#define CLI_TUI_MODEL_H

#include "model/snapshot.h"
#include "tui/said.h"

/*
 * What `top` knows, and when it reads what.
 *
 * A tick reads to one depth, and each source at most once. Tables are read at
 * every tick. Events are read when the kernel logged something, counted a
 * failed allocation, or some seconds have gone by: a log or trace that did not
 * change is not parsed again. Pages, which may take seconds, are read when new
 * failures ask for it or a view needs them, and never for more than a small
 * share of the time.
 */
enum top_depth {
	TOP_TABLES, /* counters, zones, bitmaps of the areas */
	TOP_EVENTS, /* log and trace */
	TOP_PAGES,  /* state of the pages, who allocated and who maps them */
	TOP_NR_DEPTHS,
};

const char *top_depth_name(enum top_depth depth);

/* Pins outstanding in the past. */
#define TOP_HISTORY_MAX 600

struct top_point {
	uint64_t at_ms, pins;
};

LT_VEC_OF(top_points, struct top_point);

/**
 * struct top_part - what was read to one depth
 * @snap:     of the last tick that read it and whose sources answered; shared by depths that one
 *	      tick read; NULL before the first
 * @taken_ms: when, by lt_now_ms()
 * @cpu_ns:   processor time of the last tick to this depth, failed or not
 * @why:      "vmstat: No such file": what failed since, so that @snap is kept; else empty
 */
struct top_part {
	struct lt_snapshot *snap;
	uint64_t taken_ms, tried_ms;
	struct lt_num cpu_ns;
	char why[200];
};

struct top_model {
	struct lt_root *root;
	const char *kconfig;
	struct top_part parts[TOP_NR_DEPTHS];
	struct said said; /* of the pages' snapshot */
	struct top_points history;
	bool are_events_due, are_pages_due;
	int kmsg_fd; /* negative errno if it cannot be opened */
};

void top_model_init(struct top_model *model, struct lt_root *root, const char *kconfig);
void top_model_fini(struct top_model *model);

/**
 * top_model_sample() - a tick
 * @wanted: depth that the view needs
 *
 * A captured tree is read once, and then only after top_model_ask().
 *
 * Return: 0, 1 if something was read, or -ENOMEM.
 */
int top_model_sample(struct top_model *model, enum top_depth wanted);

/* Everything is to be read at the next tick. */
void top_model_ask(struct top_model *model);

/* Whether a tick is to follow at once: it was never read so deep, or there is something new there. */
bool top_model_is_hungry(const struct top_model *model);

/* The last snapshot that read to @depth, else the deepest there is. Not NULL after a tick. */
const struct lt_snapshot *top_model_at(const struct top_model *model, enum top_depth depth);

/* Area @i of the pages' snapshot, with what the tables told since; not to be freed. */
struct lt_area top_model_area(const struct top_model *model, size_t i);

/* Pins made and not yet released, as the kernel counts them. */
struct lt_num top_model_pins(const struct top_model *model);

#endif
