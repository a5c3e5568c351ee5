// SPDX-License-Identifier: GPL-2.0-or-later
/* What ltpin itself leaves of requests: `ltpin alloc` saves its own, the module reports pages. */
#include <inttypes.h>

#include "evidence.h"

/* A time as the trace has it, from which `ltpin alloc` takes it. */
static uint64_t stamp(uint64_t ns)
{
	return ns / W_US * W_US;
}

/* Nobody looks in the very moment in which a request begins or ends. */
#define SAMPLED_NS (500 * W_US)

static void put_tries(const struct w_attempt *attempt, struct e_file *file)
{
	const char *comma = "";

	evidence_put(file, ",\"tries\":[");
	for (size_t i = 0; i < attempt->nr_windows; i++) {
		const struct w_window *window = &attempt->windows[i];

		if (window->result == W_ENDED)
			continue;
		evidence_put(file,
			     "%s{\"ts_ns\":%" PRIu64 ",\"start_pfn\":%" PRIu64
			     ",\"end_pfn\":%" PRIu64 ",\"ok\":%s",
			     comma, stamp(window->ts_ns), window->pfns.start_pfn,
			     window->pfns.end_pfn, window->result == W_OK ? "true" : "false");
		if (window->result == W_REFUSED)
			evidence_put(file, ",\"stage\":\"isolate\"}");
		else if (window->result == W_OK)
			evidence_put(file, "}");
		else
			evidence_put(file, ",\"stage\":\"test\",\"blocker_pfn\":%" PRIu64 "}",
				     window->fin_pfn);
		comma = ",";
	}
	evidence_put(file, "]");
}

/* Folios of the area that had a pin before, and have one after. */
static void put_pinned(const struct w_world *world, const struct w_attempt *attempt,
		       struct e_file *file)
{
	const uint64_t before = attempt->span.from_ns - SAMPLED_NS;
	const uint64_t after = attempt->span.to_ns + SAMPLED_NS;
	const char *comma = "";

	evidence_put(file, ",\"pinned\":[");
	for (int slot = 0; slot < W_SLOTS; slot++) {
		const uint64_t pfn = world->script->slots[slot].pfn;
		const struct e_folio first = evidence_folio(world, pfn, before);
		const struct e_folio last = evidence_folio(world, pfn, after);

		if (!first.pins || !last.pins || first.pfn != last.pfn ||
		    first.nr_pages != last.nr_pages ||
		    !lt_range_has(w_area(attempt->area), first.pfn))
			continue;
		evidence_put(file, "%s{\"start_pfn\":%" PRIu64 ",\"end_pfn\":%" PRIu64 "}", comma,
			     first.pfn, first.pfn + first.nr_pages);
		comma = ",";
	}
	evidence_put(file, "],\"sampled_after_ns\":%" PRIu64, SAMPLED_NS);
}

static void put_attempt(const struct w_world *world, const struct w_attempt *attempt,
			struct e_file *file)
{
	evidence_put(file,
		     "{\"ts_ns\":%" PRIu64
		     ",\"source\":\"alloc\",\"area\":\"%s\",\"nr_pages\":%" PRIu64
		     ",\"align\":%u,\"failed\":%s,\"errno\":%d,\"latency_ns\":%" PRIu64
		     ",\"caller\":\"ltpin-240\",\"count\":1",
		     stamp(attempt->span.from_ns), w_area_name(attempt->area), attempt->nr_pages,
		     attempt->align, attempt->err ? "true" : "false", attempt->err,
		     stamp(attempt->span.to_ns) - stamp(attempt->span.from_ns));
	if (!attempt->err)
		evidence_put(file, ",\"pfn\":%" PRIu64, attempt->got_pfn);
	put_tries(attempt, file);
	put_pinned(world, attempt, file);
	evidence_put(file, "}");
}

void evidence_put_attempts(const struct w_world *world, const char *boot_id, struct e_file *file)
{
	const char *comma = "";

	evidence_put(file,
		     "{\"schema\":\"ltpin.attempts/1\",\"ltpin_version\":\"" PACKAGE_VERSION
		     "\",\"boot_id\":\"%s\",\"attempts\":[",
		     boot_id);
	for (size_t i = 0; i < world->nr_attempts; i++) {
		const struct w_attempt *attempt = &world->attempts[i];

		if (!attempt->is_ours || attempt->is_too_large ||
		    attempt->span.to_ns + SAMPLED_NS > world->script->seen_ns.log)
			continue;
		evidence_put(file, "%s", comma);
		put_attempt(world, attempt, file);
		comma = ",\n";
	}
	evidence_put(file, "]}\n");
}

/* A line for each page that was named: when, and the state of its folio then. */
void evidence_put_instants(const struct w_world *world, struct e_file *file)
{
	evidence_put(file, "%s", "");
	for (size_t i = 0; i < world->nr_attempts; i++)
		for (size_t j = 0; j < world->attempts[i].nr_windows; j++) {
			const struct w_window *window = &world->attempts[i].windows[j];
			struct e_folio folio;

			if (window->result != W_TEST && window->result != W_NOT_ISOLATED)
				continue;
			folio = evidence_folio(world, window->fin_pfn, window->ts_ns);
			evidence_put(file,
				     "%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64
				     " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
				     stamp(window->ts_ns), window->fin_pfn, folio.pfn,
				     folio.nr_pages, folio.refs, folio.mapped, folio.pins,
				     folio.flags);
		}
}
