// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The source "klog": where the kernel log comes from, and how what it tells
 * joins what better sources told before. The text itself: klog.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/now.h"
#include "source/klog/klog.h"
#include "source/klog/klog_attempt.h"
#include "source/klog/klog_identity.h"
#include "source/klog/klog_live.h"
#include "source/klog/klog_page_size.h"
#include "source/klog/klog_saved.h"
#include "source/source.h"

/* A log may be longer than memory. */
#define PIECE_LEN ((size_t)256 * 1024)

/* Closes @fd. @copy also gets what is read; NULL if nobody wants it. */
static int feed_file(struct lt_klog_reader *reader, int fd, FILE *copy)
{
	char *piece = malloc(PIECE_LEN);
	int err = piece ? 0 : -ENOMEM;

	while (!err) {
		ssize_t n = read(fd, piece, PIECE_LEN);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			err = -errno;
		if (n <= 0)
			break;
		if (copy)
			fwrite(piece, 1, (size_t)n, copy); /* the capture asks it for errors */
		err = lt_klog_reader_feed(reader, piece, (size_t)n);
	}
	free(piece);
	close(fd);
	return err;
}

static int feed_captured(const struct lt_snapshot *snap, struct lt_klog_reader *reader)
{
	struct lt_buf buf;
	int fd = lt_root_openat(snap->root, "/dmesg.txt", O_RDONLY), err;
	FILE *copy = fd < 0 ? NULL : lt_root_keep_begin(snap->root, "/dmesg.txt");

	if (fd >= 0) {
		err = feed_file(reader, fd, copy);
		if (copy)
			lt_root_keep_end(snap->root, err, LT_EXTENT_UNKNOWN);
		return err;
	}
	/* It knows why there is none. */
	err = lt_root_read(snap->root, "/dmesg.txt", &buf);
	if (err)
		return err;
	err = lt_klog_reader_feed(reader, buf.data, buf.len);
	free(buf.data);
	return err;
}

static int feed_live(const struct lt_snapshot *snap, struct lt_klog_reader *reader,
		     const char **from)
{
	const uint64_t start_ns = lt_now_ns();
	struct lt_buf buf = { 0 };
	int err = lt_klog_read_live(&buf, from);

	lt_root_keep(snap->root, "/dmesg.txt", err, &buf, start_ns);
	lt_klog_reader_keep_boot(reader);
	if (!err)
		err = lt_klog_reader_feed(reader, buf.data, buf.len);
	free(buf.data);
	return err;
}

static int feed(const struct lt_snapshot *snap, struct lt_klog_reader *reader, const char **from,
		struct lt_diag *diag)
{
	int err;

	if (snap->options.dmesg) {
		int fd = lt_file_open(snap->options.dmesg);

		lt_diag_path(diag, snap->options.dmesg);
		return fd < 0 ? fd : feed_file(reader, fd, NULL);
	}
	err = lt_root_is_live(snap->root) ? feed_live(snap, reader, from)
					  : feed_captured(snap, reader);
	if (err == -EPERM) /* here, or where it was captured */
		lt_diag_set(diag, "needs CAP_SYSLOG, or kernel.dmesg_restrict=0");
	else if (!lt_root_is_live(snap->root))
		lt_diag_path(diag, "/dmesg.txt");
	return err;
}

static struct lt_num by_kib(struct lt_num kib, struct lt_num nr_pages)
{
	if (!kib.known || !nr_pages.known || kib.val > UINT64_MAX / 1024)
		return (struct lt_num){ 0 };
	return lt_klog_page_size_by(kib.val * 1024, nr_pages.val);
}

/* The only area that was reserved, and what a failure in it printed of its size. */
static struct lt_num by_area(const struct lt_klog *klog)
{
	struct lt_num size = { 0 };

	if (klog->reserved.nr != 1 || klog->reserved.v[0].size_mib > UINT64_MAX >> 20)
		return size;
	lt_vec_each(bitmap, &klog->bitmaps)
		if (bitmap->is_complete && !size.known)
			size = lt_klog_page_size_by(klog->reserved.v[0].size_mib << 20,
						    bitmap->nr_total);
	return size;
}

/* What is told in bytes in one line, and in pages in another. */
static struct lt_num page_size_of(const struct lt_klog *klog)
{
	struct lt_num size = klog->page_size;

	if (!size.known)
		size = by_kib(klog->memory_kib, klog->nr_pages_ram);
	if (!size.known)
		size = by_kib(klog->cma_reserved_kib, klog->nr_pages_cma);
	return size.known ? size : by_area(klog);
}

/*
 * The "Memory:" line counts the same pages as "present" in zoneinfo, so the
 * two tell the page size of a captured tree that has nothing better.
 */
static struct lt_num infer_page_size(const struct lt_zones *zones, struct lt_num memory_kib)
{
	struct lt_num present = lt_num(0);

	lt_vec_each(zone, zones)
		present = lt_num_add(present, zone->nr_present);
	if (!memory_kib.known || !present.known)
		return (struct lt_num){ 0 };
	for (uint64_t kib = 4; kib <= 256; kib *= 2)
		if (present.val && present.val == memory_kib.val / kib && !(memory_kib.val % kib))
			return lt_num(kib * 1024);
	return (struct lt_num){ 0 };
}

/* The only area of this size that nobody has located yet, or LT_NO_AREA. */
static size_t find_unplaced(const struct lt_areas *areas, uint64_t nr_pages)
{
	size_t found = LT_NO_AREA;

	for (size_t i = 0; i < areas->nr; i++) {
		if (areas->v[i].ranges.nr || !areas->v[i].nr_pages.known ||
		    areas->v[i].nr_pages.val != nr_pages)
			continue;
		if (found != LT_NO_AREA)
			return LT_NO_AREA;
		found = i;
	}
	return found;
}

static bool is_only_of_its_size(const struct lt_klog *klog, const struct lt_klog_reserved *reserved)
{
	lt_vec_each(other, &klog->reserved)
		if (other != reserved && other->size_mib == reserved->size_mib)
			return false;
	return true;
}

/*
 * The area that @reserved is the memory of: of its name (device tree), the
 * only one of its size, or the only one at all if there is no other CMA.
 */
static size_t find_area_of(const struct lt_snapshot *snap, const struct lt_klog *klog,
			   const struct lt_klog_reserved *reserved, uint64_t nr_pages)
{
	const struct lt_num total_kib = snap->memory.cma_total_kib;
	size_t i = lt_areas_find_name(&snap->areas, reserved->name);

	if (i != LT_NO_AREA && !snap->areas.v[i].ranges.nr)
		return i;
	if (is_only_of_its_size(klog, reserved)) {
		i = find_unplaced(&snap->areas, nr_pages);
		if (i != LT_NO_AREA)
			return i;
	}
	return snap->areas.nr == 1 && klog->reserved.nr == 1 && !snap->areas.v[0].ranges.nr &&
			       !snap->areas.v[0].nr_pages.known && total_kib.known &&
			       total_kib.val == reserved->size_mib * 1024
		       ? 0
		       : LT_NO_AREA;
}

/* The area that has any of @pfns, and where it begins; LT_NO_AREA. */
static size_t find_overlap(const struct lt_areas *areas, struct lt_range pfns, struct lt_range *out)
{
	for (size_t i = 0; i < areas->nr; i++) {
		lt_vec_each(range, &areas->v[i].ranges) {
			if (!lt_range_is_overlapping(range->pfns, pfns))
				continue;
			*out = range->pfns;
			return i;
		}
	}
	return LT_NO_AREA;
}

/* What was said at boot is trusted less than what the areas' own interfaces say now. */
static void check_place(const struct lt_snapshot *snap, const struct lt_klog_reserved *reserved,
			struct lt_diag *diag)
{
	const uint64_t page_size = snap->kernel.page_size.val;
	struct lt_range said = { reserved->base.val / page_size, 0 }, known;
	size_t i;

	said.end_pfn = said.start_pfn + (reserved->size_mib << 20) / page_size;
	i = find_overlap(&snap->areas, said, &known);
	if (i != LT_NO_AREA && (known.start_pfn != said.start_pfn ||
				lt_range_nr_pages(known) * page_size >> 20 != reserved->size_mib))
		lt_diag_set(diag, "%llu MiB at 0x%llx: another place or size is reported by %s",
			    (unsigned long long)reserved->size_mib,
			    (unsigned long long)reserved->base.val, snap->areas.v[i].source);
}

static int place(struct lt_snapshot *snap, const struct lt_klog *klog,
		 const struct lt_klog_reserved *reserved)
{
	const uint64_t page_size = snap->kernel.page_size.val;
	uint64_t pfn = reserved->base.val / page_size;
	uint64_t nr_pages = (reserved->size_mib << 20) / page_size;
	struct lt_range known;
	size_t i = find_overlap(&snap->areas, (struct lt_range){ pfn, pfn + nr_pages }, &known);
	struct lt_area_range *range;
	struct lt_area *area;

	if (i != LT_NO_AREA) {
		if (!snap->areas.v[i].name)
			snap->areas.v[i].name = reserved->name;
		return 0;
	}
	if (!nr_pages)
		return 0;
	i = find_area_of(snap, klog, reserved, nr_pages);
	area = i != LT_NO_AREA ? &snap->areas.v[i] : lt_vec_push(&snap->areas);
	if (!area)
		return -ENOMEM;
	if (i == LT_NO_AREA)
		area->name = reserved->name;
	area->source = "klog";
	area->nr_pages = lt_num(nr_pages);
	range = lt_vec_push(&area->ranges);
	if (!range)
		return -ENOMEM;
	range->pfns = (struct lt_range){ pfn, pfn + nr_pages };
	return 0;
}

static int place_all(struct lt_snapshot *snap, const struct lt_klog *klog, struct lt_diag *diag)
{
	int err = 0;

	if (snap->kernel.page_size.known && snap->kernel.page_size.val)
		lt_vec_each(reserved, &klog->reserved)
			if (reserved->base.known)
				check_place(snap, reserved, diag);
	/* One that failed to come up was reserved too: add nothing to a full list. */
	if (lt_areas_are_placed(&snap->areas, snap->memory.cma_total_kib, snap->kernel.page_size))
		return 0;
	if (klog->reserved.nr && (!snap->kernel.page_size.known || !snap->kernel.page_size.val)) {
		snap->log.nr_unplaced = lt_num(klog->reserved.nr);
		lt_diag_set(diag, "%zu area%s not located: the page size is not known",
			    klog->reserved.nr, klog->reserved.nr == 1 ? "" : "s");
		return 0;
	}
	lt_vec_each(reserved, &klog->reserved)
		if (!err && reserved->base.known)
			err = place(snap, klog, reserved);
	return err;
}

/* What the log of the running system has lost of the boot, a saved one may have. */
static int place_saved(struct lt_snapshot *snap, struct lt_klog *klog, struct lt_diag *diag)
{
	struct lt_klog *saved;
	int err;

	if ((lt_root_is_live(snap->root) && !klog->from) || snap->options.pace ||
	    lt_areas_are_placed(&snap->areas, snap->memory.cma_total_kib, snap->kernel.page_size))
		return 0;
	err = lt_klog_read_saved(snap, &saved);
	if (err || !saved)
		return err;
	klog->places_from = saved->from;
	if (!snap->kernel.page_size.known)
		snap->kernel.page_size = page_size_of(saved);
	err = place_all(snap, saved, diag);
	lt_klog_free(saved);
	return err;
}

static void check_total(const struct lt_snapshot *snap, struct lt_diag *diag)
{
	const struct lt_num total_kib = snap->memory.cma_total_kib;
	uint64_t nr_pages = 0, kib;

	if (!total_kib.known || !snap->kernel.page_size.known)
		return;
	lt_vec_each(area, &snap->areas)
		lt_vec_each(range, &area->ranges)
			nr_pages += lt_range_nr_pages(range->pfns);
	kib = nr_pages * (snap->kernel.page_size.val / 1024);
	if (kib < total_kib.val)
		lt_diag_set(diag, "%llu of %llu KiB of CMA are not located",
			    (unsigned long long)(total_kib.val - kib),
			    (unsigned long long)total_kib.val);
	else if (kib > total_kib.val)
		lt_diag_set(diag, "areas add up to %llu KiB, but CmaTotal is %llu KiB",
			    (unsigned long long)kib, (unsigned long long)total_kib.val);
}

/* Whether what the log tells of a page or range can be of the area the attempt was made in. */
static bool is_try_inside(const struct lt_snapshot *snap, const struct lt_attempt *attempt,
			  const struct lt_try *tried)
{
	const struct lt_area *area = &snap->areas.v[attempt->area];

	return lt_area_has(area, tried->pfns.start_pfn) &&
	       lt_area_has(area, tried->pfns.end_pfn - 1);
}

/*
 * Ranges that were busy outside every area belong to something else, or to an
 * area that is not known: they prove no failure of CMA, unless length, nearness and the order of
 * the search joined them to a failure, or to a driver's words. Dumped pages outside
 * the attempt's own area are somebody else's. Returns how many busy ranges were
 * dropped.
 */
static size_t drop_strange_tries(const struct lt_snapshot *snap, struct lt_attempt *attempt)
{
	size_t nr = 0, nr_busy = 0;

	lt_vec_each(tried, &attempt->tries) {
		bool is_joined = attempt->area == LT_NO_AREA && tried->stage == LT_TRY_TEST &&
				 attempt->nr_pages.known && attempt->nr_pages_max.known &&
				 attempt->nr_pages_max.val == attempt->nr_pages.val;

		if (is_joined ||
		    (attempt->area != LT_NO_AREA && is_try_inside(snap, attempt, tried)))
			attempt->tries.v[nr++] = *tried;
		else
			nr_busy += tried->stage == LT_TRY_TEST;
	}
	attempt->tries.nr = nr;
	if (attempt->nr_pages.known)
		attempt->nr_pages_max.known = false;
	return nr_busy;
}

/* What was printed of an area is believed if it can be that area. */
static void check_bitmap(const struct lt_snapshot *snap, struct lt_attempt *attempt,
			 const struct lt_klog_bitmap *bitmap)
{
	const struct lt_area *area =
		attempt->area != LT_NO_AREA ? &snap->areas.v[attempt->area] : NULL;

	if (!bitmap->is_complete || !area)
		return;
	if (area->nr_pages.known && area->nr_pages.val != bitmap->nr_total) {
		attempt->nr_free.known = false;
		attempt->largest_free_run.known = false;
		attempt->largest_aligned_run.known = false;
		return;
	}
	attempt->nr_free = lt_klog_bitmap_nr_free(bitmap, area->order_per_bit, attempt->area_name);
	attempt->largest_free_run =
		lt_klog_bitmap_largest(bitmap, area->order_per_bit, attempt->area_name);
	attempt->largest_aligned_run = lt_klog_bitmap_aligned(
		bitmap, area->order_per_bit, attempt->area_name, lt_klog_attempt_align(attempt));
}

static int move_attempts(struct lt_snapshot *snap, struct lt_klog *klog, size_t *nr_strange)
{
	lt_vec_each(attempt, &klog->attempts) {
		struct lt_attempt *joined;

		*nr_strange += drop_strange_tries(snap, attempt);
		if (attempt->is_open && !attempt->tries.nr)
			continue;
		check_bitmap(snap, attempt, &klog->bitmaps.v[attempt - klog->attempts.v]);
		joined = lt_vec_push(&snap->attempts);
		if (!joined)
			return -ENOMEM;
		*joined = *attempt;
		attempt->tries = (struct lt_tries){ 0 };
	}
	return 0;
}

/* Append "; what: nr" to the @len characters of @note; nothing if there are none. */
static size_t add_note(char *note, size_t size, size_t len, const char *what, uint64_t nr)
{
	int added;

	if (!nr)
		return len;
	added = snprintf(note + len, size - len, "%s%s: %llu", len ? "; " : "", what,
			 (unsigned long long)nr);
	return added < 0 || (size_t)added >= size - len ? len : len + (size_t)added;
}

static void report_missing(const struct lt_klog *klog, size_t nr_strange, struct lt_diag *diag)
{
	char note[160] = "";
	size_t len = 0;

	if (klog->from || klog->places_from)
		len = (size_t)snprintf(note, sizeof(note), "%s%s%s%s%s",
				       klog->from ? "read from " : "", klog->from ? klog->from : "",
				       klog->from && klog->places_from ? ", " : "",
				       klog->places_from ? "places of areas from " : "",
				       klog->places_from ? klog->places_from : "");
	len = add_note(note, sizeof(note), len, "messages kept back", klog->nr_suppressed);
	len = add_note(note, sizeof(note), len, "busy ranges in no known area (unattributed)",
		       nr_strange);
	len = add_note(note, sizeof(note), len, "earlier attempts left out", klog->nr_dropped);
	if (klog->boots.nr > 1)
		len = add_note(note, sizeof(note), len, "boots in the log", klog->boots.nr);
	len = add_note(note, sizeof(note), len, "failures in other boots of it",
		       klog->boots.nr_failed);
	if (len)
		lt_diag_note(diag, "%s", note);
}

static int join_attempts(struct lt_snapshot *snap, struct lt_klog *klog, struct lt_diag *diag)
{
	size_t nr_strange = 0;
	int err;

	lt_attempts_locate(&klog->attempts, &snap->areas);
	if (lt_areas_are_all(&snap->areas, snap->memory.cma_total_kib, snap->kernel.page_size))
		lt_attempts_eliminate(&klog->attempts, &snap->areas);
	err = move_attempts(snap, klog, &nr_strange);
	snap->log.nr_busy = lt_num(nr_strange);
	report_missing(klog, nr_strange, diag);
	if (klog->nr_failures_suppressed)
		snap->nr_attempts_suppressed = lt_num(klog->nr_failures_suppressed);
	if (klog->nr_dropped)
		snap->nr_attempts_left_out = lt_num(klog->nr_dropped);
	return err;
}

/*
 * All CMA memory, where the log tells it and nothing better did. A kernel that is
 * built without CMA prints "0K cma-reserved" all the same: 0 proves nothing.
 */
static void set_total(struct lt_snapshot *snap, const struct lt_klog *klog)
{
	struct lt_num *total_kib = &snap->memory.cma_total_kib;
	uint64_t kib;

	if (!total_kib->known && klog->cma_reserved_kib.val)
		*total_kib = klog->cma_reserved_kib;
	if (!total_kib->known && klog->nr_pages_cma.known && snap->kernel.page_size.known &&
	    !__builtin_mul_overflow(klog->nr_pages_cma.val, snap->kernel.page_size.val / 1024,
				    &kib)) {
		*total_kib = lt_num(kib);
		snap->memory.cma_total_is_logged = true;
	}
}

/* Read into memory of its own, which outlives this call. */
static int read_log(struct lt_snapshot *snap, struct lt_klog **out, struct lt_diag *diag)
{
	struct lt_klog_reader *reader = lt_klog_reader_new(snap->strings, snap->options.boot);
	struct lt_klog *klog = calloc(1, sizeof(*klog));
	const char *from = NULL;
	int err = reader && klog ? feed(snap, reader, &from, diag) : -ENOMEM;

	if (!err)
		err = lt_klog_reader_end(reader, klog, diag);
	lt_klog_reader_free(reader);
	if (err) {
		free(klog);
		return err;
	}
	klog->from = from;
	*out = klog;
	return 0;
}

/* Up to its last line, or up to now: the clock was read before the log was. */
static int add_record(struct lt_snapshot *snap, const struct lt_klog *klog)
{
	uint64_t nr_lost;
	struct lt_record *record = lt_vec_push(&snap->records);

	if (!record)
		return -ENOMEM;
	*record = (struct lt_record){
		.source = LT_ATTEMPT_LOG,
		.failures = true,
		.from_ns = klog->begins_at_boot ? lt_num(0) : klog->first_ns,
		.to_ns = klog->last_ns,
	};
	if (klog->nr_dropped)
		record->from_ns = klog->attempts.v[0].ts_ns;
	if (klog->last_ns.known && snap->clock.log_ns.known &&
	    snap->clock.log_ns.val > klog->last_ns.val)
		record->to_ns = snap->clock.log_ns;
	if (klog->nr_failures_suppressed || klog->nr_not_taken)
		record->nr_lost = lt_num(__builtin_add_overflow(klog->nr_failures_suppressed,
								klog->nr_not_taken, &nr_lost)
						 ? UINT64_MAX
						 : nr_lost);
	return 0;
}

/* What the log has beside the attempts: nobody may deny what these lines speak of. */
static void note_log(struct lt_snapshot *snap, const struct lt_klog *klog, struct lt_diag *diag)
{
	const struct lt_klog_boots *boots = &klog->boots;
	struct lt_log *log = &snap->log;

	*log = (struct lt_log){ .nr_not_taken = lt_num(klog->nr_not_taken),
				.nr_boots = lt_num(boots->nr),
				.boot = lt_num(boots->chosen),
				.nr_failed_others = lt_num(boots->nr_failed) };
	if (klog->nr_not_taken)
		log->first_not_taken = lt_num(klog->first_not_taken);
	if (klog->first_gap)
		log->first_gap = lt_num(klog->first_gap);
	/* Bare words before a log with stamps are of who passed it on. */
	if (klog->complaints.nr && !(klog->complaints.is_bare && klog->last_ns.known)) {
		log->nr_complaints = lt_num(klog->complaints.nr);
		log->complaint = klog->complaints.text;
		log->complaint_line = lt_num(klog->complaints.line);
		log->complaint_ns = klog->complaints.ts_ns;
		log->complaint_is_cma = klog->complaints.is_cma;
	}
	if (boots->last_failed)
		log->last_failed = lt_num(boots->last_failed);
	if (klog->nr_not_taken)
		lt_diag_set(
			diag,
			"%u line%s of failed cma_alloc calls could not be read, the first: line %u",
			klog->nr_not_taken,
			klog->nr_not_taken == 1 ? " that speaks" : "s that speak",
			klog->first_not_taken);
}

/* What it reports of places joins at once, what happened there when all places are known. */
static int collect_klog(struct lt_snapshot *snap, void **part, struct lt_diag *diag)
{
	struct lt_klog *klog;
	int err = read_log(snap, &klog, diag);

	if (err)
		return err;
	note_log(snap, klog, diag);
	lt_klog_identity_check(snap, klog, page_size_of(klog), diag);
	err = lt_klog_identity_adopt(snap, klog);
	if (!snap->kernel.page_size.known)
		snap->kernel.page_size = page_size_of(klog);
	if (!snap->kernel.page_size.known)
		snap->kernel.page_size = infer_page_size(&snap->zones, klog->memory_kib);
	set_total(snap, klog);
	snap->refusals = klog->refusals;
	klog->refusals = (struct lt_refusals){ 0 };
	*part = klog;
	if (!err)
		err = add_record(snap, klog);
	if (!err)
		err = place_all(snap, klog, diag);
	return err ? err : place_saved(snap, klog, diag);
}

static int join_klog(struct lt_snapshot *snap, void *part, struct lt_diag *diag)
{
	int err = join_attempts(snap, part, diag);

	check_total(snap, diag);
	return err;
}

static void drop_klog(void *part)
{
	lt_klog_free(part);
}

const struct lt_source lt_source_klog = {
	.name = "klog",
	.where = "kernel log",
	.proves = "that an allocation failed, and where CMA areas were reserved at boot",
	.access = "run as root or set kernel.dmesg_restrict=0",
	.also = "or give a saved log with --dmesg FILE",
	.stage = LT_STAGE_TABLES,
	.pace = LT_PACE_EVENT,
	.locates_areas = true,
	.collect = collect_klog,
	.join = join_klog,
	.drop = drop_klog,
};
