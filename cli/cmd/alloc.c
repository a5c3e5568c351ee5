// SPDX-License-Identifier: GPL-2.0-or-later
/* `ltpin alloc`: makes real contiguous allocations, and reports what blocked them. */
#include "act/alloc/alloc.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/errno_name.h"
#include "cmd/area_arg.h"
#include "cmd/attempts_file.h"
#include "cmd/cmd_act.h"
#include "stop/stop.h"
#include "render/evidence.h"

enum {
	OPT_PAGES = CMD_LONG,
	OPT_SIZE,
	OPT_COUNT,
	OPT_INTERVAL,
	OPT_AREA,
	OPT_HOLD,
	OPT_APPEND,
};

#define COUNT_MAX 1000000
#define SECONDS_MAX 31536000

struct request {
	struct cmd_amount amount;
	uint64_t nr_pages; /* the same, once the page size is known */
	uint64_t count, interval_ms;
	const char *area;
	bool is_held;
	uint64_t hold_ms;
	const char *append;
};

static bool parse_number(struct cmd *cmd, const char *option, const char *value, uint64_t min,
			 uint64_t max, uint64_t *out)
{
	if (!cmd_number(cmd, option, value, out))
		return false;
	if (*out >= min && *out <= max)
		return true;
	cmd_usage(cmd, "%s goes from %" PRIu64 " to %" PRIu64, option, min, max);
	return false;
}

static bool parse_option(struct cmd *cmd, void *arg, int option, const char *value)
{
	struct request *request = arg;

	switch (option) {
	case OPT_PAGES:
		return cmd_amount(cmd, "--pages", value, &request->amount);
	case OPT_SIZE:
		request->amount.is_bytes = true;
		return cmd_size(cmd, "--size", value, &request->amount.number);
	case OPT_COUNT:
		return parse_number(cmd, "--count", value, 1, COUNT_MAX, &request->count);
	case OPT_INTERVAL:
		return parse_number(cmd, "--interval", value, 0, UINT32_MAX, &request->interval_ms);
	case OPT_AREA:
		request->area = value;
		return true;
	case OPT_HOLD:
		request->is_held = true;
		if (!parse_number(cmd, "--hold", value, 0, SECONDS_MAX, &request->hold_ms))
			return false;
		request->hold_ms = request->hold_ms ? request->hold_ms * 1000 : UINT64_MAX;
		return true;
	default:
		request->append = value;
		if (strcmp(value, "-"))
			return true;
		cmd_usage(cmd, "--append needs a file that it can read and replace");
		return false;
	}
}

static void print_attempt(struct text *text, const struct lt_attempt *attempt, size_t n)
{
	const char *name = attempt->err.known ? lt_errno_name((int)attempt->err.val) : NULL;
	const uint64_t nr_ranges = lt_attempt_nr_ranges(attempt).val;
	FILE *out = text->out;
	uint64_t nr_pinned = 0;

	fprintf(out, "%3zu  %s: ", n, text_pages(text, attempt->nr_pages).s);
	if (!attempt->failed)
		fprintf(out, "%sok%s at PFN %s", text_role(text, TEXT_GOOD),
			text_role(text, TEXT_PLAIN), text_pfn(attempt->pfn.val).s);
	else
		fprintf(out, "%sfailed%s%s%s", text_role(text, TEXT_BAD), name ? ", -" : "",
			name ? name : "", text_role(text, TEXT_PLAIN));
	if (attempt->latency_ns.val) /* 0: shorter than a tick of the trace clock */
		fprintf(out, ", %s", text_duration(attempt->latency_ns).s);
	if (attempt->tries.nr)
		fprintf(out, ", %" PRIu64 " range%s tried", nr_ranges, nr_ranges == 1 ? "" : "s");
	lt_vec_each(range, &attempt->pinned)
		nr_pinned += lt_range_nr_pages(*range);
	if (attempt->sampled)
		fprintf(out, ", %" PRIu64 " pinned", nr_pinned);
	putc('\n', out);
}

/* The pages that blocked an attempt, each once. */
static int print_blockers(struct text *text, const struct lt_attempt *attempt)
{
	struct lt_pfns pfns = { 0 };
	int err = lt_attempt_blockers(attempt, &pfns);

	for (size_t i = 0; i < pfns.nr; i++)
		fprintf(text->out, "%s%s", i ? ", " : "     blocked by ",
			text_pfn_at(text, pfns.v[i]).s);
	if (pfns.nr)
		putc('\n', text->out);
	lt_vec_free(&pfns);
	return err;
}

static int print_outcome(struct text *text, const struct lt_attempt *attempt, size_t n)
{
	int err;

	print_attempt(text, attempt, n);
	err = print_blockers(text, attempt);
	fflush(text->out);
	if (err)
		cmd_error("%s", strerror(-err));
	return err;
}

/* One attempt after the other, each told as it ends. 0 or negative errno after a message. */
static int make_attempts(struct lt_alloc *alloc, const struct request *request, struct text *text,
			 struct lt_attempts *out)
{
	for (uint64_t i = 0; i < request->count && !stop_asked; i++) {
		struct lt_attempt attempt, *added;
		struct lt_diag diag = { 0 };
		int err;

		if (i && request->interval_ms && stop_sleep_ms(request->interval_ms))
			break;
		err = lt_alloc_attempt(alloc, (uint32_t)request->nr_pages, &attempt, &diag);
		if (err) {
			cmd_error("cannot allocate: %s", diag.why[0] ? diag.why : strerror(-err));
			return err;
		}
		added = lt_vec_push(out);
		if (!added) {
			lt_attempt_fini(&attempt);
			cmd_error("%s", strerror(ENOMEM));
			return -ENOMEM;
		}
		*added = attempt;
		if (!request->is_held)
			lt_alloc_release_all(alloc);
		err = text ? print_outcome(text, added, (size_t)i + 1) : 0;
		if (err)
			return err;
	}
	return 0;
}

static int status_of(const struct lt_attempts *attempts)
{
	lt_vec_each(attempt, attempts)
		if (attempt->failed)
			return CMD_BAD;
	return attempts->nr ? CMD_OK : CMD_FAILED;
}

/* Whether it is said that there is no trace. */
static bool report_no_trace(const struct lt_alloc *alloc)
{
	const char *why = lt_alloc_no_trace(alloc);

	if (why)
		cmd_error("blockers stay unknown: %s", why);
	return why;
}

static int allocate(struct cmd *cmd, const struct request *request, struct lt_snapshot *snap,
		    struct lt_alloc *alloc, struct lt_attempts *old)
{
	struct lt_attempts attempts = { 0 };
	struct text text;
	bool is_text = cmd->format == FORMAT_TEXT, is_reported;
	int status = CMD_FAILED;

	if (!cmd_output(cmd))
		return CMD_FAILED;
	cmd_text(cmd, snap, &text);
	is_reported = report_no_trace(alloc);
	if (!make_attempts(alloc, request, is_text ? &text : NULL, &attempts))
		status = status_of(&attempts);
	if (!is_reported)
		report_no_trace(alloc); /* lost on the way */
	/* What was seen before it went wrong is worth keeping. */
	if (request->append && attempts.nr &&
	    attempts_append(cmd, request->append, snap, old, &attempts))
		status = CMD_FAILED;
	if (!is_text && status != CMD_FAILED &&
	    cmd_printed(cmd, attempts_write(cmd, snap, &attempts)))
		status = CMD_FAILED;
	if (request->is_held && status != CMD_FAILED) {
		fflush(text.out);
		stop_sleep_ms(request->hold_ms);
	}
	lt_attempts_free(&attempts);
	return status;
}

static int open_and_allocate(struct cmd *cmd, void *arg, struct lt_snapshot *snap)
{
	struct request *request = arg;
	size_t area = LT_NO_AREA;
	struct lt_attempts old = { 0 };
	struct lt_diag diag = { 0 };
	struct lt_alloc *alloc;
	int status, err;

	if (request->area && area_arg_find(snap, request->area, &area))
		return CMD_FAILED;
	if (!cmd_amount_pages(cmd, "--pages", &request->amount, snap->kernel.page_size, UINT32_MAX,
			      &request->nr_pages))
		return cmd->status;
	if (request->append && attempts_read(request->append, snap, &old))
		return CMD_FAILED;
	err = lt_alloc_open(&snap->areas, area, snap->strings, &alloc, &diag);
	if (err) {
		cmd_error("%s", diag.why[0] ? diag.why : strerror(-err));
		status = CMD_FAILED;
	} else {
		status = allocate(cmd, request, snap, alloc, &old);
		lt_alloc_close(alloc);
	}
	lt_attempts_free(&old);
	return status;
}

static int run_alloc(struct cmd *cmd)
{
	struct request request = { .amount.number = 256, .count = 1 };

	if (cmd_parse(cmd, parse_option, &request))
		return cmd->status;
	return cmd_act(cmd, open_and_allocate, &request);
}

static const struct cmd_option options[] = {
	{ OPT_PAGES, "pages", "N", "size of each allocation: pages, or 64M (256)" },
	{ OPT_SIZE, "size", "BYTES", "the same in bytes, also with K, M or G" },
	{ OPT_COUNT, "count", "N", "how many, one after the other (1)" },
	{ OPT_INTERVAL, "interval", "MS", "pause between them" },
	{ OPT_AREA, "area", "NAME", "allocate from this area, not the default one" },
	{ OPT_HOLD, "hold", "SECONDS", "keep all, and hold them (0: until interrupted)" },
	{ OPT_APPEND, "append", "FILE", "add them to FILE, for `ltpin report --attempts`" },
	{ 0, NULL, NULL, NULL },
};

const struct cmd_info cmd_alloc = {
	.name = "alloc",
	.group = CMD_REPRODUCE,
	.summary = "Make real contiguous allocations, and report what blocked them",
	.formats = FORMAT_TEXT | FORMAT_JSON,
	.has_bytes = true,
	.is_live = true,
	.options = options,
	.run = run_alloc,
};
