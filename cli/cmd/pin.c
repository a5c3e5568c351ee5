// SPDX-License-Identifier: GPL-2.0-or-later
/* `ltpin pin`: pins memory of this process, and holds it. */
#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "act/buffer/buffer.h"
#include "act/device/device.h"
#include "act/prime/prime.h"
#include "cmd/cmd_act.h"
#include "stop/stop.h"
#include "render/evidence.h"
#include "uapi/ltpin_ioctl.h"

enum {
	OPT_PAGES = CMD_LONG,
	OPT_LONGTERM,
	OPT_NO_LONGTERM,
	OPT_WRITE,
	OPT_FAST,
	OPT_SECONDS,
	OPT_PRIME,
};

#define PAGES_MAX (1U << 20)
#define SECONDS_MAX 31536000

/* Primed pages that something else may take. */
#define NR_SPARE 8

struct request {
	uint32_t nr_pages, flags;
	uint64_t seconds; /* UINT64_MAX: until asked to stop */
	bool prime;
};

static bool parse_option(struct cmd *cmd, void *arg, int option, const char *value)
{
	struct request *request = arg;
	struct cmd_amount amount;
	uint64_t number;

	switch (option) {
	case OPT_PAGES:
		if (!cmd_amount(cmd, "--pages", value, &amount) ||
		    !cmd_amount_pages(cmd, "--pages", &amount,
				      lt_num((uint64_t)sysconf(_SC_PAGESIZE)), PAGES_MAX, &number))
			return false;
		request->nr_pages = (uint32_t)number;
		break;
	case OPT_SECONDS:
		if (!cmd_number(cmd, "--seconds", value, &request->seconds))
			return false;
		if (request->seconds > SECONDS_MAX) {
			cmd_usage(cmd, "--seconds goes up to %u", SECONDS_MAX);
			return false;
		}
		break;
	case OPT_LONGTERM:
		request->flags |= LTPIN_PIN_LONGTERM;
		break;
	case OPT_NO_LONGTERM:
		request->flags &= ~LTPIN_PIN_LONGTERM;
		break;
	case OPT_WRITE:
		request->flags |= LTPIN_PIN_WRITE;
		break;
	case OPT_FAST:
		request->flags |= LTPIN_PIN_FAST;
		break;
	case OPT_PRIME:
		request->prime = true;
		break;
	}
	return true;
}

/* With the first primer that works. */
static int prime(const struct lt_areas *areas, uint32_t nr_pages)
{
	_Atomic uint32_t held = 0;
	struct lt_diag diag = { 0 };
	int err = -ENOENT;

	for (size_t i = 0; lt_primers[i] && err; i++) {
		struct lt_prime primer;

		if (lt_prime_open(lt_primers[i], areas, &held, &primer, &diag))
			continue;
		err = lt_prime_run(&primer, nr_pages);
		lt_prime_undo(&primer);
		lt_prime_close(&primer);
	}
	if (err)
		cmd_error("no way to prime: %s", diag.why[0] ? diag.why : strerror(-err));
	return err;
}

/*
 * What was primed is on this CPU's list: stay here until the pages are in.
 * Without --write the pin finds pages that were written before: what was never
 * written is the shared zero page.
 */
static int pin(const struct request *request, const struct lt_snapshot *snap, int device,
	       const struct lt_buffer *buffer, uint64_t *pfns)
{
	cpu_set_t old, here;
	bool is_bound = !sched_getaffinity(0, sizeof(old), &old);
	uint32_t id;
	int err = 0;

	if (is_bound) {
		CPU_ZERO(&here);
		CPU_SET((size_t)sched_getcpu(), &here);
		sched_setaffinity(0, sizeof(here), &here);
	}
	if (request->prime)
		err = prime(&snap->areas, request->nr_pages + NR_SPARE);
	if (stop_asked)
		err = -EINTR;
	if (!err) {
		if (!(request->flags & LTPIN_PIN_WRITE))
			lt_buffer_touch(buffer);
		/* On a kernel that breaks its promise it returns for a fatal signal only. */
		stop_uncatch();
		err = lt_device_pin(device, buffer->addr, request->nr_pages, request->flags, pfns,
				    &id);
		stop_catch();
		if (err) {
			struct lt_diag diag = { 0 };

			lt_device_explain(err, true, &diag);
			cmd_error("cannot pin %" PRIu32 " pages: %s", request->nr_pages, diag.why);
		}
	}
	if (is_bound)
		sched_setaffinity(0, sizeof(old), &old);
	return err;
}

static int by_value(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Runs of neighbouring pages, each with the area that it lies in. Sorts @pfns. */
static void print_runs(struct text *text, const struct lt_snapshot *snap, uint64_t *pfns,
		       uint32_t nr)
{
	uint32_t first = 0;

	qsort(pfns, nr, sizeof(*pfns), by_value);
	for (uint32_t i = 1; i <= nr; i++) {
		size_t area = lt_areas_find_pfn(&snap->areas, pfns[first]);
		uint32_t len = i - first;

		if (i < nr && pfns[i] == pfns[first] + len &&
		    lt_areas_find_pfn(&snap->areas, pfns[i]) == area)
			continue;
		fprintf(text->out, "%-32s %-26s %s\n", text_pfn_at(text, pfns[first]).s,
			text_pages(text, lt_num(len)).s,
			area == LT_NO_AREA ? "in no area" : area_label(snap, area));
		first = i;
	}
}

static int hold(struct cmd *cmd, const struct request *request, const struct lt_snapshot *snap,
		uint64_t *pfns)
{
	size_t in_cma = lt_areas_count_pfns(&snap->areas, pfns, request->nr_pages);
	struct text text;

	if (!cmd_output(cmd))
		return CMD_FAILED;
	cmd_text(cmd, snap, &text);
	print_runs(&text, snap, pfns, request->nr_pages);
	fprintf(text.out, "Process %d holds %s pins on %s, %zu of them in CMA.\n", getpid(),
		request->flags & LTPIN_PIN_LONGTERM ? "long-term" : "ordinary",
		text_pages(&text, lt_num(request->nr_pages)).s, in_cma);
	fflush(text.out);
	stop_sleep_ms(request->seconds == UINT64_MAX ? UINT64_MAX : request->seconds * 1000);
	return CMD_OK;
}

static int pin_and_hold(struct cmd *cmd, void *arg, struct lt_snapshot *snap)
{
	const struct request *request = arg;
	struct lt_buffer buffer = { 0 };
	uint64_t *pfns = calloc(request->nr_pages, sizeof(*pfns));
	int device = lt_device_open(), status = CMD_FAILED;

	if (device < 0)
		cmd_error("%s", device == -ENOENT
					? "the helper module is not loaded: `ltpin module load`"
				: device == -EACCES || device == -EPERM ? "needs root"
									: strerror(-device));
	else if (!pfns || lt_buffer_map(LT_BACKING_ANON, request->nr_pages, &buffer))
		cmd_error("cannot get %" PRIu32 " pages of memory to pin: %s", request->nr_pages,
			  strerror(ENOMEM));
	else if (!pin(request, snap, device, &buffer, pfns))
		status = hold(cmd, request, snap, pfns);
	if (device >= 0)
		close(device); /* unpins */
	lt_buffer_unmap(&buffer);
	free(pfns);
	return status;
}

static int run_pin(struct cmd *cmd)
{
	struct request request = {
		.nr_pages = 64,
		.flags = LTPIN_PIN_LONGTERM,
		.seconds = UINT64_MAX,
	};

	if (cmd_parse(cmd, parse_option, &request))
		return cmd->status;
	return cmd_act(cmd, pin_and_hold, &request);
}

static const struct cmd_option options[] = {
	{ OPT_PAGES, "pages", "N", "how many: pages, or 64M (64)" },
	{ OPT_LONGTERM, "longterm", NULL, "with FOLL_LONGTERM (default)" },
	{ OPT_NO_LONGTERM, "no-longterm", NULL, "without FOLL_LONGTERM, like a buggy driver" },
	{ OPT_WRITE, "write", NULL, "for writing; the pin itself then faults the pages in" },
	{ OPT_FAST, "fast", NULL, "through pin_user_pages_fast()" },
	{ OPT_SECONDS, "seconds", "S", "how long (until interrupted)" },
	{ OPT_PRIME, "prime", NULL, "first put CMA pages where the next fault takes them" },
	{ 0, NULL, NULL, NULL },
};

const struct cmd_info cmd_pin = {
	.name = "pin",
	.group = CMD_REPRODUCE,
	.summary = "Pin this process's memory through the helper module, and hold it",
	.has_bytes = true,
	.is_live = true,
	.options = options,
	.run = run_pin,
};
