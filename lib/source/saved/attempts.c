// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Attempts saved by `ltpin alloc -f json`: a document of schema
 * "ltpin.attempts/1", see schema/ltpin.schema.json. An attempt without a number
 * of pages, or the most that they can be, and a range that is none, are passed over and counted. What the
 * schema does not know is ignored. Of a blocking page's samples only what they
 * proved is taken. What would take more than 64 MiB is passed over too: the file
 * may be a stranger's, and 10 bytes of it become 400.
 *
 * What `ltpin watch -f ndjson` writes is a row of schema "ltpin.watch/1" for each attempt, whose last
 * member it is, and rows of other things, which are passed over.
 *
 * A capture keeps the document, so that the failure which it was made for is in it.
 */
#include "source/saved/attempts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array_size.h"
#include "base/json.h"
#include "base/text.h"
#include "model/area.h"

#define SCHEMA "ltpin.attempts/1"
#define MEMORY_MAX ((size_t)64 << 20)

static bool parse_range(const struct lt_json_value *value, struct lt_range *out)
{
	struct lt_num start = lt_json_get_num(value, "start_pfn");
	struct lt_num end = lt_json_get_num(value, "end_pfn");

	*out = (struct lt_range){ start.val, end.val };
	return start.known && end.known && start.val < end.val;
}

static enum lt_stage_of_try stage_of(const char *name)
{
	for (enum lt_stage_of_try stage = LT_TRY_ISOLATE; stage <= LT_TRY_TEST; stage++)
		if (name && !strcmp(name, lt_try_stage_name(stage)))
			return stage;
	return LT_TRY_UNKNOWN;
}

static enum lt_attempt_source source_of(const char *name)
{
	for (enum lt_attempt_source source = LT_ATTEMPT_LOG; source < LT_ATTEMPT_ALLOC; source++)
		if (name && !strcmp(name, lt_attempt_source_name(source)))
			return source;
	return LT_ATTEMPT_ALLOC;
}

#define FRAMES_MAX 64

struct reading {
	struct lt_strings *strings;
	struct lt_stacks *stacks;
	const char *frames[FRAMES_MAX];
	size_t nr_frames;
	struct lt_diag *diag;
	struct lt_attempts attempts;
	struct lt_attempt attempt; /* that is being read */
	struct lt_num count;
	bool has_schema, has_array, has_outcome;
	size_t nr_bytes;
	const char *boot_id;
};

/* Whether there is room for one more of @size bytes. What is left out is counted. */
static bool has_room(struct reading *in, size_t size)
{
	if (in->nr_bytes + size <= MEMORY_MAX) {
		in->nr_bytes += size;
		return true;
	}
	lt_diag_set(in->diag, "it holds more than is taken in: the rest is left out");
	in->diag->nr_skipped++;
	return false;
}

static int parse_try(struct reading *in, const struct lt_json_value *value)
{
	struct lt_try *added, tried = {
		.ok = lt_json_get_bool(value, "ok"),
		.stage = stage_of(lt_json_get_string(value, "stage")),
		.ts_ns = lt_json_get_num(value, "ts_ns"),
		.is_emptied = lt_json_get_bool(value, "emptied"),
		.blocker_pfn = lt_json_get_num(value, "blocker_pfn"),
		.blocker_refcount = lt_json_get_num(value, "blocker_refcount"),
		.blocker_mapcount = lt_json_get_num(value, "blocker_mapcount"),
	};

	if (!parse_range(value, &tried.pfns)) {
		in->diag->nr_skipped++;
		return 0;
	}
	if (!has_room(in, sizeof(tried)))
		return 0;
	added = lt_vec_push(&in->attempt.tries);
	if (!added)
		return -ENOMEM;
	*added = tried;
	return 0;
}

static int parse_pinned(struct reading *in, const struct lt_json_value *value)
{
	struct lt_range range, *added;

	if (!parse_range(value, &range)) {
		in->diag->nr_skipped++;
		return 0;
	}
	if (!has_room(in, sizeof(range)))
		return 0;
	added = lt_vec_push(&in->attempt.pinned);
	if (!added)
		return -ENOMEM;
	*added = range;
	return 0;
}

static int parse_blocker(struct reading *in, const struct lt_json_value *value)
{
	struct lt_num pfn = lt_json_get_num(value, "pfn");
	struct lt_blocker *blocker;

	if (!pfn.known) {
		in->diag->nr_skipped++;
		return 0;
	}
	if (!has_room(in, sizeof(*blocker)))
		return 0;
	blocker = lt_vec_push(&in->attempt.blockers);
	if (!blocker)
		return -ENOMEM;
	blocker->pfn = pfn.val;
	blocker->page = (struct lt_pin){
		.pfn = pfn.val,
		.nr_pages = 1,
		.area = LT_NO_AREA,
		.is_blocker = true,
	};
	if (lt_json_get(value, "transient"))
		blocker->fate =
			lt_json_get_bool(value, "transient") ? LT_BLOCKER_PASSED : LT_BLOCKER_HELD;
	return 0;
}

static bool parse_number(struct reading *in, const char *key, const struct lt_json_value *value)
{
	const struct {
		const char *key;
		struct lt_num *num;
	} numbers[] = {
		{ "ts_ns", &in->attempt.ts_ns },
		{ "last_ts_ns", &in->attempt.last_ts_ns },
		{ "nr_pages", &in->attempt.nr_pages },
		{ "nr_pages_max", &in->attempt.nr_pages_max },
		{ "align", &in->attempt.align },
		{ "errno", &in->attempt.err },
		{ "latency_ns", &in->attempt.latency_ns },
		{ "age_ns", &in->attempt.age_ns },
		{ "pfn", &in->attempt.pfn },
		{ "nr_free", &in->attempt.nr_free },
		{ "nr_area", &in->attempt.nr_area },
		{ "largest_free_run", &in->attempt.largest_free_run },
		{ "largest_aligned_run", &in->attempt.largest_aligned_run },
		{ "free_elsewhere_kib", &in->attempt.free_elsewhere_kib },
		{ "min_elsewhere_kib", &in->attempt.min_elsewhere_kib },
		{ "sampled_after_ns", &in->attempt.sampled_after_ns },
		{ "count", &in->count },
	};

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		if (strcmp(key, numbers[i].key))
			continue;
		*numbers[i].num = lt_json_num_of(value);
		return true;
	}
	return false;
}

static bool parse_flag(struct reading *in, const char *key, const struct lt_json_value *value)
{
	const struct {
		const char *key;
		bool *flag;
	} flags[] = {
		{ "under_way", &in->attempt.is_under_way },
		{ "refused", &in->attempt.is_refused },
		{ "paired", &in->attempt.is_paired },
		{ "busy_if_full", &in->attempt.is_busy_if_full },
	};

	for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
		if (strcmp(key, flags[i].key))
			continue;
		*flags[i].flag = lt_json_bool_of(value);
		return true;
	}
	return false;
}

static struct lt_attempt_counts parse_counts(const struct lt_json_value *value)
{
	return (struct lt_attempt_counts){
		.nr_isolate_failed = lt_json_get_num(value, "isolate_failed"),
		.nr_migrate_failed = lt_json_get_num(value, "migrate_failed"),
		.nr_test_failed = lt_json_get_num(value, "test_failed"),
		.nr_migrated = lt_json_get_num(value, "migrated"),
		.nr_reclaimed = lt_json_get_num(value, "reclaimed"),
		.nr_mapped = lt_json_get_num(value, "mapped"),
	};
}

static int parse_string(struct reading *in, const struct lt_json_value *value, const char **out)
{
	const char *text = lt_json_string_of(value);

	return lt_strings_restore_to(in->strings, text[0] ? text : NULL, out);
}

static int parse_frame(struct reading *in, const struct lt_json_value *value)
{
	if (in->nr_frames == FRAMES_MAX) {
		in->diag->nr_skipped++;
		return 0;
	}
	if (!has_room(in, sizeof(in->frames[0])))
		return 0;
	in->frames[in->nr_frames] = lt_strings_restore(in->strings, lt_json_string_of(value));
	return in->frames[in->nr_frames++] ? 0 : -ENOMEM;
}

static int parse_text(struct reading *in, const char *key, const struct lt_json_value *value)
{
	const struct {
		const char *key, **text;
	} texts[] = {
		{ "area", &in->attempt.area_name },
		{ "caller", &in->attempt.caller },
		{ "fallback", &in->attempt.fallback },
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		if (!strcmp(key, texts[i].key))
			return parse_string(in, value, texts[i].text);
	return 0;
}

static int parse_field(const char *key, const struct lt_json_value *value, void *arg)
{
	struct reading *in = arg;

	if (parse_number(in, key, value) || parse_flag(in, key, value))
		return 0;
	if (!strcmp(key, "stack"))
		return parse_frame(in, value);
	if (!strcmp(key, "tries"))
		return parse_try(in, value);
	if (!strcmp(key, "blockers"))
		return parse_blocker(in, value);
	if (!strcmp(key, "pinned"))
		return parse_pinned(in, value);
	if (!strcmp(key, "windows")) /* they are counted only where each is on record */
		in->attempt.has_all_tries = lt_json_get_num(value, "blocked").known;
	if (!strcmp(key, "counts"))
		in->attempt.counts = parse_counts(value);
	if (!strcmp(key, "source"))
		in->attempt.source = source_of(lt_json_string_of(value));
	if (!strcmp(key, "sources"))
		in->attempt.also |= 1u << source_of(lt_json_string_of(value));
	if (!strcmp(key, "failed")) {
		in->attempt.failed = lt_json_bool_of(value);
		in->has_outcome = value;
	}
	return parse_text(in, key, value);
}

/* Pins were sampled where there is a list of them, even an empty one. */
static int see_array(const char *key, void *arg)
{
	struct reading *in = arg;

	in->has_array |= !strcmp(key, "attempts");
	in->attempt.sampled |= !strcmp(key, "pinned");
	return 0;
}

static void begin_attempt(struct reading *in)
{
	in->attempt = (struct lt_attempt){ .source = LT_ATTEMPT_ALLOC,
					   .area = LT_NO_AREA,
					   .is_united = true };
	in->count = lt_num(1);
	in->nr_frames = 0;
	in->has_outcome = false;
}

static int end_stack(struct reading *in)
{
	if (!in->nr_frames)
		return 0;
	in->attempt.stack = lt_stacks_add(in->stacks, in->frames, in->nr_frames);
	return in->attempt.stack ? 0 : -ENOMEM;
}

static int end_attempt(void *arg)
{
	struct reading *in = arg;
	struct lt_attempt *added;
	uint64_t count = in->count.known ? in->count.val : 1;

	if (!(in->attempt.nr_pages.known || in->attempt.nr_pages_max.known) || !count ||
	    count > UINT32_MAX)
		in->diag->nr_skipped++;
	else if (has_room(in, sizeof(*added))) {
		added = end_stack(in) ? NULL : lt_vec_push(&in->attempts);
		if (!added)
			return -ENOMEM;
		in->attempt.also &= ~(1u << in->attempt.source);
		in->attempt.count = (unsigned int)count;
		in->attempt.is_open = !in->has_outcome;
		*added = in->attempt;
		in->attempt = (struct lt_attempt){ 0 };
	}
	lt_attempt_fini(&in->attempt);
	begin_attempt(in);
	return 0;
}

static int parse_member(const char *key, const struct lt_json_value *value, void *arg)
{
	struct reading *in = arg;

	if (!strcmp(key, "schema"))
		in->has_schema = !strcmp(lt_json_string_of(value), SCHEMA);
	else if (!strcmp(key, "boot_id"))
		return parse_string(in, value, &in->boot_id);
	else if (!strcmp(key, "attempts"))
		in->diag->nr_skipped++; /* what is no object */
	return 0;
}

static int read_document(struct reading *in, const char *buf, size_t len)
{
	const struct lt_json_visitor visitor = {
		.member = parse_member,
		.records = "attempts",
		.field = parse_field,
		.end = end_attempt,
		.array = see_array,
		.arg = in,
	};
	int err;

	begin_attempt(in);
	err = lt_json_visit(buf, len, &visitor, in->diag);
	lt_attempt_fini(&in->attempt);
	if (!err && !(in->has_schema && in->has_array)) {
		lt_diag_set(in->diag, "not a file of `ltpin alloc -f json` (schema " SCHEMA ")");
		err = -EBADMSG;
	}
	return err;
}

/* The attempt in a row of `ltpin watch`, or nothing; a name in it cannot have a bare quote. */
static struct lt_span attempt_of(struct lt_text row)
{
	struct lt_span object = { 0 };

	if (!lt_text_find(&row, "\"attempt\":"))
		return object;
	lt_text_blanks(&row);
	object = lt_text_rest(&row);
	while (object.len && object.p[object.len - 1] != '}')
		object.len--;
	object.len -= object.len > 0;
	return object;
}

static int parse_row(struct reading *in, struct lt_text row)
{
	const struct lt_span attempt = attempt_of(row);
	const struct lt_json_visitor visitor = {
		.member = parse_field,
		.array = see_array,
		.arg = in,
	};
	const char *boot_id = in->boot_id;
	int err;

	if (!attempt.len)
		return 0;
	begin_attempt(in);
	err = lt_json_visit(attempt.p, attempt.len, &visitor, in->diag);
	if (!err)
		return end_attempt(in);
	lt_attempt_fini(&in->attempt);
	in->boot_id = boot_id;
	in->diag->nr_skipped += err == -EBADMSG;
	return err == -EBADMSG ? 0 : err;
}

/* Of the boot that the first row is of: 1; 0 of another; negative errno. */
static int is_of_boot(struct reading *in, struct lt_text row)
{
	struct lt_span id;

	if (!lt_text_find(&row, "\"boot_id\":") || !lt_text_find(&row, "\"") ||
	    !lt_text_until(&row, "\"", &id))
		return 1;
	if (!in->boot_id) {
		in->boot_id = lt_strings_span(in->strings, id);
		return in->boot_id ? 1 : -ENOMEM;
	}
	if (lt_span_is(id, in->boot_id))
		return 1;
	lt_diag_set(in->diag, "rows of another boot than %s are left out", in->boot_id);
	in->diag->nr_skipped++;
	return 0;
}

static int read_rows(struct reading *in, const char *buf, size_t len)
{
	struct lt_text text, row;
	int err = 0;

	lt_text_init(&text, buf, len);
	while (!err && lt_text_line(&text, &row)) {
		err = is_of_boot(in, row);
		if (err > 0)
			err = parse_row(in, row);
	}
	return err;
}

static bool has_rows(const char *buf, size_t len)
{
	struct lt_text text, row;

	lt_text_init(&text, buf, len);
	return lt_text_line(&text, &row) && lt_text_find(&row, "\"ltpin.watch/1\"");
}

int lt_attempts_parse(const char *buf, size_t len, struct lt_strings *strings,
		      struct lt_stacks *stacks, struct lt_attempts *out, const char **boot_id,
		      struct lt_diag *diag)
{
	struct lt_diag own = { 0 };
	struct reading in = { .strings = strings, .stacks = stacks, .diag = diag ? diag : &own };
	int err = has_rows(buf, len) ? read_rows(&in, buf, len) : read_document(&in, buf, len);

	lt_vec_each(attempt, &in.attempts) {
		struct lt_attempt *added = err ? NULL : lt_vec_push(out);

		if (!added) {
			err = err ? err : -ENOMEM;
			break;
		}
		*added = *attempt;
		*attempt = (struct lt_attempt){ 0 };
	}
	lt_attempts_free(&in.attempts);
	if (!err && boot_id)
		*boot_id = in.boot_id;
	return err;
}
