/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_CMD_WATCH_PINS_H
#define CLI_CMD_WATCH_PINS_H

#include "act/pin/pin_watch.h"
#include "act/watch/watch.h"
#include "cmd/cmd.h"
#include "cmd/redact_stream.h"
#include "render/text.h"

/* `ltpin watch --pins`: tells of the calls that pin as well. Zero-initialised but for is_wanted. */
struct watch_pins {
	bool is_wanted;
	struct redact_stream *redacted; /* where names are replaced, as @redact says */
	enum cmd_redact redact;
	struct cmd *cmd;
	struct lt_snapshot *snap;
	struct text *text;
	struct lt_pin_watch *watch; /* NULL unless wanted */
	uint64_t checked_ms;
};

/* Set the probes, and have @options record them. 0 or negative errno, the reason in @diag. */
int watch_pins_open(struct watch_pins *pins, struct cmd *cmd, struct lt_snapshot *snap,
		    struct text *text, struct lt_watch_options *options, struct lt_diag *diag);

/* For lt_watch_sink.on_event; @arg is a struct watch_pins. */
int watch_pins_event(const struct lt_trace_event *event, void *arg);

/* Now and then: whether pins have ended. 0 or negative errno. */
int watch_pins_step(struct watch_pins *pins, struct lt_watch *watch);

/* In the end: which pins are still there. 0 or negative errno. */
int watch_pins_finish(struct watch_pins *pins);

/* After lt_watch_close(): remove the probes. */
void watch_pins_close(struct watch_pins *pins);

#endif
