// SPDX-License-Identifier: GPL-2.0-or-later
/* Feeds any bytes to the parser of klog, which makes the same of them with and without its glance. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "model/area.h"
#include "source/klog/klog.h"
#include "source/klog/klog_envelope.h"

const char fuzz_seeds[] = "klog dmesg.txt .log";

/* The rows of envelopes make nothing of a line that is taken for bare. */
static void check_bare(struct lt_klog_line line, struct lt_klog_scratch *scratch)
{
	struct lt_klog_line asked;

	memcpy(&asked, &line, sizeof(asked));
	if (lt_klog_envelope_parse(&asked, scratch) || asked.text.pos != line.text.pos ||
	    asked.text.end != line.text.end || asked.is_others != line.is_others ||
	    asked.is_users != line.is_users || asked.is_tagged != line.is_tagged ||
	    asked.has_time != line.has_time || asked.ts_ns.known != line.ts_ns.known ||
	    asked.ts_ns.val != line.ts_ns.val || asked.host.p != line.host.p ||
	    asked.key.p != line.key.p || asked.tag.p != line.tag.p)
		abort();
}

/* Layer by layer, each line as it stands. */
static void check_lines(const uint8_t *data, size_t size)
{
	struct lt_klog_scratch scratch = { 0 };
	struct lt_text text, raw;

	lt_text_init(&text, (const char *)data, size);
	while (lt_text_line(&text, &raw)) {
		struct lt_klog_line line = { .text = raw };

		if (lt_klog_scratch_reset(&scratch, (size_t)(raw.end - raw.pos)))
			abort();
		for (int i = 0; i < 48; i++) {
			if (lt_klog_line_is_bare(&line))
				check_bare(line, &scratch);
			if (!lt_klog_envelope_parse(&line, &scratch))
				break;
		}
	}
	lt_klog_scratch_fini(&scratch);
}

static bool is_num(struct lt_num a, struct lt_num b)
{
	return a.known == b.known && (!a.known || a.val == b.val);
}

/* Strings are interned in one place: equal ones are at the same address. */
static bool is_same_try(const struct lt_try *a, const struct lt_try *b)
{
	return a->pfns.start_pfn == b->pfns.start_pfn && a->pfns.end_pfn == b->pfns.end_pfn &&
	       a->stage == b->stage && is_num(a->ts_ns, b->ts_ns) &&
	       is_num(a->blocker_pfn, b->blocker_pfn) &&
	       is_num(a->blocker_refcount, b->blocker_refcount) &&
	       is_num(a->blocker_mapcount, b->blocker_mapcount);
}

static bool is_same_attempt(const struct lt_attempt *a, const struct lt_attempt *b)
{
	if (a->tries.nr != b->tries.nr)
		return false;
	for (size_t i = 0; i < a->tries.nr; i++)
		if (!is_same_try(&a->tries.v[i], &b->tries.v[i]))
			return false;
	return is_num(a->ts_ns, b->ts_ns) && a->area_name == b->area_name &&
	       is_num(a->nr_pages, b->nr_pages) && is_num(a->nr_pages_max, b->nr_pages_max) &&
	       is_num(a->align, b->align) && is_num(a->err, b->err) &&
	       is_num(a->nr_free, b->nr_free) && is_num(a->nr_area, b->nr_area) &&
	       is_num(a->largest_free_run, b->largest_free_run) &&
	       is_num(a->largest_aligned_run, b->largest_aligned_run) &&
	       is_num(a->free_elsewhere_kib, b->free_elsewhere_kib) &&
	       is_num(a->min_elsewhere_kib, b->min_elsewhere_kib) && a->failed == b->failed &&
	       a->is_open == b->is_open && a->is_busy_if_full == b->is_busy_if_full &&
	       a->caller == b->caller && a->fallback == b->fallback && a->count == b->count;
}

static bool is_same_reserved(const struct lt_klog *a, const struct lt_klog *b)
{
	if (a->reserved.nr != b->reserved.nr || a->refusals.nr != b->refusals.nr)
		return false;
	for (size_t i = 0; i < a->reserved.nr; i++)
		if (!is_num(a->reserved.v[i].base, b->reserved.v[i].base) ||
		    a->reserved.v[i].size_mib != b->reserved.v[i].size_mib ||
		    a->reserved.v[i].name != b->reserved.v[i].name)
			return false;
	for (size_t i = 0; i < a->refusals.nr; i++)
		if (a->refusals.v[i].text != b->refusals.v[i].text)
			return false;
	return true;
}

static bool is_same_boot(const struct lt_klog *a, const struct lt_klog *b)
{
	return a->banner == b->banner && a->machine == b->machine && a->boot_id == b->boot_id &&
	       a->host == b->host && a->first_host == b->first_host && a->is_past == b->is_past &&
	       is_num(a->first_ns, b->first_ns) && is_num(a->last_ns, b->last_ns) &&
	       a->begins_at_boot == b->begins_at_boot && a->is_excerpt == b->is_excerpt &&
	       a->boots.nr == b->boots.nr && a->boots.chosen == b->boots.chosen &&
	       a->boots.nr_failed == b->boots.nr_failed &&
	       a->boots.last_failed == b->boots.last_failed;
}

static bool is_same(const struct lt_klog *a, const struct lt_klog *b)
{
	if (!is_same_boot(a, b) || !is_same_reserved(a, b) || a->attempts.nr != b->attempts.nr)
		return false;
	for (size_t i = 0; i < a->attempts.nr; i++)
		if (!is_same_attempt(&a->attempts.v[i], &b->attempts.v[i]))
			return false;
	return a->nr_dropped == b->nr_dropped && a->nr_failed == b->nr_failed &&
	       a->nr_suppressed == b->nr_suppressed &&
	       a->nr_failures_suppressed == b->nr_failures_suppressed &&
	       is_num(a->page_size, b->page_size) && is_num(a->memory_kib, b->memory_kib) &&
	       is_num(a->cma_reserved_kib, b->cma_reserved_kib) &&
	       is_num(a->nr_pages_cma, b->nr_pages_cma) &&
	       is_num(a->nr_pages_ram, b->nr_pages_ram) && a->nr_not_taken == b->nr_not_taken &&
	       a->first_not_taken == b->first_not_taken && a->complaints.nr == b->complaints.nr &&
	       a->complaints.text == b->complaints.text && a->complaints.line == b->complaints.line;
}

/* No line is passed over that has anything; @err and @klog: what came of it with a glance. */
static void check_glance(const uint8_t *data, size_t size, struct lt_strings *strings,
			 const struct lt_klog *klog, int err, const struct lt_diag *diag)
{
	struct lt_klog_reader *reader = lt_klog_reader_new(strings, 0);
	struct lt_diag all_diag = { 0 };
	struct lt_klog all = { 0 };
	int all_err;

	lt_klog_reader_read_all(reader);
	all_err = lt_klog_reader_feed(reader, (const char *)data, size);
	if (!all_err)
		all_err = lt_klog_reader_end(reader, &all, &all_diag);
	lt_klog_reader_free(reader);
	if (err != all_err || (!err && !is_same(klog, &all)) ||
	    diag->nr_skipped != all_diag.nr_skipped || strcmp(diag->why, all_diag.why))
		abort();
	lt_klog_fini(&all);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lt_strings *strings = lt_strings_new();
	struct lt_klog klog = { 0 };
	struct lt_areas areas = { 0 };
	struct lt_diag diag = { 0 };
	int err = lt_klog_parse((const char *)data, size, strings, &klog, &diag);

	check_glance(data, size, strings, &klog, err, &diag);
	if (!err)
		lt_attempts_locate(&klog.attempts, &areas);
	lt_vec_each(attempt, &klog.attempts)
		if (attempt->failed == attempt->is_open || !attempt->count ||
		    (attempt->is_open && !attempt->tries.nr))
			abort();
	lt_vec_each(attempt, &klog.attempts)
		if ((attempt->largest_free_run.known && !attempt->nr_free.known) ||
		    (attempt->largest_free_run.known &&
		     attempt->largest_free_run.val > attempt->nr_free.val))
			abort();
	if (klog.bitmaps.nr != klog.attempts.nr)
		abort();
	lt_klog_fini(&klog);
	lt_strings_free(strings);
	check_lines(data, size);
	return 0;
}
