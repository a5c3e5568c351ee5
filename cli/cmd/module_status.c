// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes the state of the helper module as JSON. */
#include "cmd/module_status.h"

#include <errno.h>
#include <string.h>

#include "base/array_size.h"
#include "base/escape.h"
#include "render/json/json.h"
#include "uapi/ltpin_ioctl.h"

static const char *state_name(enum lt_kmod_state state)
{
	static const char *const names[] = {
		[LT_KMOD_ABSENT] = "not-loaded", [LT_KMOD_COMING] = "loading",
		[LT_KMOD_LIVE] = "loaded",	 [LT_KMOD_GOING] = "unloading",
		[LT_KMOD_BUILTIN] = "built-in",
	};

	return names[state];
}

/* Names are untrusted bytes, of 255 at most. */
static void put_name(struct lt_json *json, const char *key, const char *name, size_t len)
{
	char escaped[4 * 256 + 1];

	lt_escape(name, len, escaped, sizeof(escaped));
	lt_json_string(json, key, escaped);
}

static void put_capabilities(struct lt_json *json, uint64_t caps)
{
	static const struct {
		uint64_t bit;
		const char *name;
	} names[] = {
		{ LTPIN_CAP_ALLOC_CMA, "alloc-cma" },
		{ LTPIN_CAP_ALLOC_SINGLE, "alloc-single" },
		{ LTPIN_CAP_AREAS, "areas" },
		{ LTPIN_CAP_BLOCKERS, "blockers" },
		{ LTPIN_CAP_ATTEMPTS, "attempts" },
		{ LTPIN_CAP_FILES, "files" },
		{ LTPIN_CAP_BENCH, "bench" },
		{ LTPIN_CAP_BENCH_PIN, "bench-pin" },
		{ LTPIN_CAP_BENCH_DRAIN, "bench-drain" },
		{ LTPIN_CAP_BENCH_RESERVE, "bench-reserve" },
	};

	lt_json_array(json, "capabilities");
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (caps & names[i].bit)
			lt_json_string(json, NULL, names[i].name);
	lt_json_close(json);
}

/* "NAME, NAME", as the module has them. */
static void put_not_called(struct lt_json *json, const char *names)
{
	lt_json_array(json, "not_called");
	while (*names) {
		size_t len = strcspn(names, ",");

		put_name(json, NULL, names, len);
		names += len;
		names += strspn(names, ", ");
	}
	lt_json_close(json);
}

static void put_info(struct lt_json *json, const struct lt_module_info *info)
{
	if (info->version[0])
		put_name(json, "version", info->version, strlen(info->version));
	lt_json_u64(json, "page_size", UINT64_C(1) << info->page_shift);
	put_capabilities(json, info->caps);
	put_not_called(json, info->not_called);
	lt_json_u64(json, "max_pages", info->max_pages);
	lt_json_u64(json, "max_alloc_pages", info->max_alloc_pages);
	lt_json_u64(json, "nr_pinned", info->nr_pinned);
	lt_json_u64(json, "nr_allocated", info->nr_allocated);
}

static void put_hold(struct lt_json *json, const struct lt_module_hold *hold)
{
	const bool is_pin = hold->kind == LTPIN_KIND_PIN;

	lt_json_object(json, NULL);
	lt_json_string(json, "kind", is_pin ? "pin" : "allocation");
	if (is_pin)
		lt_json_bool(json, "longterm", hold->flags & LTPIN_PIN_LONGTERM);
	lt_json_u64(json, "nr_pages", hold->nr_pages);
	lt_json_u64(json, "ts_ns", hold->ts_ns);
	lt_json_u64(json, "pid", hold->pid);
	put_name(json, "comm", hold->comm, strlen(hold->comm));
	json_ranges(json, "ranges", &hold->runs);
	lt_json_close(json);
}

static void put_error(struct lt_json *json, int number, uint64_t nr)
{
	lt_json_object(json, NULL);
	lt_json_u64(json, "errno", (uint64_t)number);
	lt_json_u64(json, "nr_failed", nr);
	lt_json_close(json);
}

/*
 * How many failed with which error. Where the kernel does not say it of some, those may have failed
 * with any: then that none did with EINTR, say, is not known.
 */
static void put_errors(struct lt_json *json, const struct ltpin_attempts *attempts)
{
	const bool is_all = !attempts->nr_unknown;
	const struct {
		int number;
		uint64_t nr;
	} errors[] = {
		{ EBUSY, attempts->nr_ebusy },
		{ ENOMEM, attempts->nr_enomem },
		{ EINTR, attempts->nr_eintr },
	};

	if (is_all || attempts->nr_ebusy || attempts->nr_enomem || attempts->nr_eintr) {
		lt_json_array(json, "errors");
		for (size_t i = 0; i < ARRAY_SIZE(errors); i++)
			if (is_all || errors[i].nr)
				put_error(json, errors[i].number, errors[i].nr);
		lt_json_close(json);
	}
	if (is_all || attempts->nr_other)
		lt_json_u64(json, "nr_other_errno", attempts->nr_other);
	lt_json_u64(json, "nr_unknown_errno", attempts->nr_unknown);
}

static void put_last_failure(struct lt_json *json, const struct ltpin_attempts *attempts)
{
	if (!attempts->fail_ts_ns)
		return;
	lt_json_object(json, "last_failure");
	lt_json_u64(json, "ts_ns", attempts->fail_ts_ns);
	lt_json_u64(json, "nr_pages", attempts->fail_pages);
	lt_json_u64(json, "tid", attempts->fail_tid);
	if (attempts->fail_errno > 0)
		lt_json_u64(json, "errno", (uint64_t)attempts->fail_errno);
	lt_json_close(json);
}

static void put_requests(struct lt_json *json, const struct ltpin_attempts *attempts)
{
	lt_json_object(json, "requests");
	lt_json_u64(json, "nr_succeeded", attempts->nr_success);
	lt_json_u64(json, "nr_failed",
		    attempts->nr_ebusy + attempts->nr_enomem + attempts->nr_eintr +
			    attempts->nr_other + attempts->nr_unknown);
	put_errors(json, attempts);
	if (attempts->nr_timed) {
		lt_json_u64(json, "nr_timed", attempts->nr_timed);
		lt_json_u64(json, "sum_ns", attempts->sum_ns);
		lt_json_u64(json, "max_ns", attempts->max_ns);
	}
	put_last_failure(json, attempts);
	lt_json_close(json);
}

/* As areas have them in every document. */
static void put_ranges(struct lt_json *json, const struct lt_ranges *ranges)
{
	lt_json_array(json, "ranges");
	lt_vec_each(range, ranges) {
		lt_json_object(json, NULL);
		lt_json_u64(json, "base_pfn", range->start_pfn);
		lt_json_u64(json, "nr_pages", lt_range_nr_pages(*range));
		lt_json_close(json);
	}
	lt_json_close(json);
}

static void put_area(struct lt_json *json, const struct lt_module_area *area)
{
	lt_json_object(json, NULL);
	put_name(json, "name", area->name, strlen(area->name));
	lt_json_u64(json, "nr_pages", area->nr_pages);
	put_ranges(json, &area->ranges);
	if (area->is_counted)
		put_requests(json, &area->attempts);
	lt_json_close(json);
}

int module_status_json(FILE *out, const struct module_status *status,
		       const struct lt_snapshot *snap)
{
	struct lt_json *json = json_document(out, "ltpin.module/1", snap);

	if (!json)
		return -ENOMEM;
	lt_json_string(json, "state", state_name(status->state));
	if (status->has_answered) {
		put_info(json, &status->info);
		lt_json_array(json, "holds");
		lt_vec_each(hold, &status->holds)
			put_hold(json, hold);
		lt_json_close(json);
	}
	if (status->has_areas) {
		lt_json_array(json, "areas");
		lt_vec_each(area, &status->areas)
			put_area(json, area);
		lt_json_close(json);
	}
	return lt_json_end(json);
}

void module_status_fini(struct module_status *status)
{
	lt_module_holds_free(&status->holds);
	lt_module_areas_free(&status->areas);
}
