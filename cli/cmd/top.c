// SPDX-License-Identifier: GPL-2.0-or-later
/* `ltpin top`: runs the live view, or prints one frame of it. */
#include <errno.h>
#include <string.h>

#include "base/now.h"
#include "cmd/cmd.h"
#include "cmd/confine.h"
#include "tui/screen.h"

#define INTERVAL_MIN_MS 100
#define INTERVAL_MAX_MS 3600000

enum { OPT_ONCE = CMD_LONG, OPT_INTERVAL, OPT_VIEW };

struct asked {
	bool is_once;
	unsigned int interval_ms;
	enum top_view view;
};

static bool parse_interval(struct cmd *cmd, const char *value, unsigned int *out)
{
	uint64_t ms;

	if (!cmd_seconds(cmd, "--interval", value, INTERVAL_MIN_MS, INTERVAL_MAX_MS, &ms))
		return false;
	*out = (unsigned int)ms;
	return true;
}

static bool parse_view(struct cmd *cmd, const char *value, enum top_view *out)
{
	for (int i = 0; i < NR_VIEWS_LISTED; i++) {
		if (!strcmp(views[i]->name, value)) {
			*out = (enum top_view)i;
			return true;
		}
	}
	cmd_usage(cmd,
		  "there is no view '%s'; views: areas, failures, pages, processes, ledger, "
		  "cpus, sources",
		  value);
	return false;
}

static bool parse_options(struct cmd *cmd, struct asked *asked)
{
	const char *value;
	int c;

	while ((c = cmd_getopt(cmd, &value)) >= 0) {
		if (c == OPT_ONCE)
			asked->is_once = true;
		else if (c == OPT_INTERVAL && !parse_interval(cmd, value, &asked->interval_ms))
			return false;
		else if (c == OPT_VIEW && !parse_view(cmd, value, &asked->view))
			return false;
	}
	return c == CMD_END;
}

static int sample(struct top *top)
{
	return top_model_sample(&top->model, views[top_place(top)->scope.view]->depth);
}

/* One frame of the same rows. */
static int run_once(struct cmd *cmd, struct top *top)
{
	struct frame frame = { 0 };
	struct text text;
	int err;

	top->interval_ms = 0;
	top_model_ask(&top->model);
	err = sample(top);
	if (err < 0 || !cmd_output(cmd))
		return err < 0 ? cmd_printed(cmd, err) : CMD_FAILED;
	cmd_text(cmd, top_model_at(&top->model, TOP_PAGES), &text);
	err = frame_make(&frame, top, text.width, FRAME_ALL);
	if (!err)
		frame_print(&frame, &text);
	frame_fini(&frame);
	if (err)
		return cmd_printed(cmd, err);
	return cmd_snapshot_status(top_model_at(&top->model, TOP_PAGES));
}

static int draw(struct top *top, struct frame *frame)
{
	unsigned int width, height;
	int err;

	screen_size(&width, &height);
	err = frame_make(frame, top, width, height);
	if (!err)
		screen_draw(frame);
	return err;
}

/* Milliseconds until the next tick. */
static unsigned int time_left(const struct top *top, uint64_t tick_ms)
{
	uint64_t gone_ms = lt_now_ms() - tick_ms;

	if (top_model_is_hungry(&top->model) && !top->is_frozen)
		return 0;
	return gone_ms < top->interval_ms ? top->interval_ms - (unsigned int)gone_ms : 0;
}

static int run_screen(struct top *top)
{
	struct frame frame = { 0 };
	uint64_t tick_ms = lt_now_ms();
	int err = sample(top), key;

	while (err >= 0 && !top->is_done) {
		err = draw(top, &frame);
		if (err || !screen_wait(time_left(top, tick_ms), &key))
			break;
		if (key != TOP_KEY_NONE)
			top_press(top, key);
		if (time_left(top, tick_ms))
			continue;
		tick_ms = lt_now_ms();
		if (!top->is_frozen)
			err = sample(top);
	}
	frame_fini(&frame);
	return err;
}

static int run_live(struct cmd *cmd, struct top *top)
{
	int err = screen_start();

	switch (err) {
	case 0:
		break;
	case -ENOTTY:
		return cmd_usage(cmd, "top needs a terminal; elsewhere: ltpin top --once");
	case -ENOSYS:
		return cmd_usage(cmd, "this ltpin was built without ncurses: ltpin top --once");
	case -ENOTSUP:
		return cmd_usage(cmd, "this terminal cannot place its cursor; try TERM=vt100 ltpin "
				      "top, or ltpin top --once");
	default:
		return cmd_usage(cmd,
				 "the type of this terminal is not known; try TERM=vt100 ltpin "
				 "top, or ltpin top --once");
	}
	err = run_screen(top);
	screen_stop();
	return cmd_printed(cmd, err < 0 ? err : 0);
}

static int run_top(struct cmd *cmd)
{
	const struct lt_snapshot_options options = { .last_stage = LT_STAGE_PROCESSES };
	struct asked asked = { .interval_ms = 1000 };
	struct lt_root *root;
	struct top top;
	int status;

	if (!parse_options(cmd, &asked))
		return cmd->status;
	if (confine(cmd, NULL, NULL))
		return CMD_FAILED;
	root = cmd_root(cmd);
	if (!root)
		return CMD_FAILED;
	if (cmd->redact && lt_root_is_live(root) && !asked.is_once)
		return cmd_usage(cmd, "top: --redact is for --once, or for a capture");
	status = cmd_redact(cmd, &options);
	if (status)
		return status;
	root = cmd_root(cmd);
	top_init(&top, root, cmd->is_redacted ? NULL : cmd->kconfig); /* it is in the capture */
	top.interval_ms = asked.interval_ms;
	top_show(&top, asked.view);
	status = asked.is_once ? run_once(cmd, &top) : run_live(cmd, &top);
	top_fini(&top);
	return status;
}

static const struct cmd_option options_of_top[] = {
	{ OPT_ONCE, "once", NULL, "print one frame as text" },
	{ OPT_INTERVAL, "interval", "SECONDS", "between ticks (1)" },
	{ OPT_VIEW, "view", "NAME", "begin with areas, failures, pages, processes, ..." },
	{ 0, NULL, NULL, NULL },
};

const struct cmd_info cmd_top = {
	.name = "top",
	.group = CMD_DIAGNOSE,
	.args = "[FILE|CAPTURE...]",
	.has_files = true,
	.summary = "Watch areas, failures and pins live, on a full screen",
	.can_redact = true,
	.options = options_of_top,
	.is_reader = true,
	.run = run_top,
};
