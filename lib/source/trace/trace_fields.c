// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The fields of the events that allocation attempts leave, in order:
 *
 *	cma_alloc		pfn= page= count= align=			5.10
 *	cma_alloc_start		name= count= align=				6.1, 6.12
 *				name= request_count= available_count= total_count= align=	7.2
 *	cma_alloc_busy_retry	name= pfn= page= count= align=			6.1 and later
 *	cma_alloc_finish	name= pfn= page= count= align= [errorno=]	errorno in 6.12, 7.2
 *	cma_alloc_info		name= pfn= count= align= nr_migrated= nr_reclaimed= nr_mapped=
 *				err_iso= err_mig= err_test=			Android, 5.10 and later
 *	mm_alloc_contig_migrate_range_info	start= end= migratetype= nr_migrated= nr_reclaimed=
 *				nr_mapped=					6.12
 *	test_pages_isolated	start_pfn= end_pfn= fin_pfn= ret=success|fail
 *
 * A name may hold anything, so it reaches to the last "count=" or "pfn=" that
 * can end it. That of an unnamed area ends in a newline.
 *
 * Fixtures: v5.10-arm64-cma-failure, v6.1-arm64-cma-failure, v7.2-x86_64-pinned and
 * v6.12-x86_64-pinned; formats in events-format of the other trees.
 */
#include "source/trace/trace_fields.h"

#include <errno.h>

#include "base/array_size.h"

/* The name before the last @key, which the cursor then stands at. */
static bool parse_name(struct lt_text *text, const char *key, struct lt_span *name)
{
	if (!lt_text_until_last(text, key, name))
		return false;
	text->pos = name->p + name->len;
	return true;
}

/* %p of NULL, as this and other printers write it. */
static bool is_null(struct lt_span page)
{
	if (lt_span_is(page, "(null)") || lt_span_is(page, "(nil)"))
		return true;
	for (size_t i = 0; i < page.len; i++)
		if (page.p[i] != '0' && !(i == 1 && page.p[i] == 'x'))
			return false;
	return true;
}

/* One "key=value"; false if the value makes no sense. Unknown keys pass. */
static bool parse_field(struct lt_span word, struct lt_trace_fields *out)
{
	struct lt_text at;
	struct lt_num num = { .known = true };
	int64_t ret;

	lt_text_init(&at, word.p, word.len);
	if (lt_text_literal(&at, "page=")) {
		out->has_page = !is_null(lt_text_rest(&at));
		return true;
	}
	if (lt_text_literal(&at, "errorno=")) {
		if (!lt_text_s64(&at, &ret) || ret > 0)
			return false;
		/* The first digit of one, where the line was cut: cma_alloc() returns neither. */
		out->ret = ret == -EPERM || ret == -ENOENT ? (struct lt_num){ 0 }
							   : lt_num((uint64_t)-ret);
	} else if (lt_text_literal(&at, "pfn=")) {
		if (!lt_text_hex(&at, &num.val))
			return false;
		out->pfn = num;
	} else if (lt_text_literal(&at, "count=") || lt_text_literal(&at, "request_count=")) {
		if (!lt_text_u64(&at, &num.val))
			return false;
		out->is_open_count = *word.p == 'c';
		out->count = num;
	} else if (lt_text_literal(&at, "align=")) {
		if (!lt_text_u64(&at, &num.val))
			return false;
		out->align = num;
	} else if (lt_text_literal(&at, "available_count=")) {
		if (!lt_text_u64(&at, &num.val))
			return false;
		out->nr_available = num;
	} else if (lt_text_literal(&at, "total_count=")) {
		if (!lt_text_u64(&at, &num.val))
			return false;
		out->nr_total = num;
	} else {
		return true;
	}
	return lt_text_at_end(&at);
}

bool lt_trace_fields_parse(struct lt_text at, bool has_pfn, struct lt_trace_fields *out)
{
	struct lt_span word;

	*out = (struct lt_trace_fields){ 0 };
	out->has_name = lt_text_literal(&at, "name=");
	if (out->has_name && has_pfn && !parse_name(&at, " pfn=", &out->name))
		return false;
	if (out->has_name && !has_pfn && !parse_name(&at, " request_count=", &out->name) &&
	    !parse_name(&at, " count=", &out->name))
		return false;
	for (lt_text_blanks(&at); lt_text_word(&at, &word); lt_text_blanks(&at))
		if (!parse_field(word, out))
			return false;
	return out->count.known && out->count.val;
}

/* Add each of them to @counts. */
static bool add_counts(struct lt_text at, struct lt_attempt_counts *counts)
{
	const struct {
		const char *key;
		struct lt_num *num;
	} keys[] = {
		{ "nr_migrated=", &counts->nr_migrated },
		{ "nr_reclaimed=", &counts->nr_reclaimed },
		{ "nr_mapped=", &counts->nr_mapped },
		{ "err_iso=", &counts->nr_isolate_failed },
		{ "err_mig=", &counts->nr_migrate_failed },
		{ "err_test=", &counts->nr_test_failed },
	};
	struct lt_span word;

	for (lt_text_blanks(&at); lt_text_word(&at, &word); lt_text_blanks(&at)) {
		for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
			struct lt_text value;
			uint64_t val;

			lt_text_init(&value, word.p, word.len);
			if (!lt_text_literal(&value, keys[i].key))
				continue;
			if (!lt_text_u64(&value, &val) || !lt_text_at_end(&value) ||
			    __builtin_add_overflow(keys[i].num->val, val, &keys[i].num->val))
				return false;
			keys[i].num->known = true;
		}
	}
	return true;
}

bool lt_trace_info_parse(struct lt_text at, struct lt_trace_fields *out,
			 struct lt_attempt_counts *counts)
{
	struct lt_span name;

	*counts = (struct lt_attempt_counts){ 0 };
	if (!lt_trace_fields_parse(at, true, out))
		return false;
	/* a name may hold what looks like a field */
	return !lt_text_until_last(&at, " pfn=", &name) || add_counts(at, counts);
}

bool lt_trace_migration_parse(struct lt_text at, struct lt_attempt_counts *counts)
{
	struct lt_attempt_counts sum = *counts;

	if (!add_counts(at, &sum))
		return false;
	*counts = sum;
	return true;
}

static bool parse_pfn(struct lt_text *at, const char *key, uint64_t *pfn)
{
	lt_text_blanks(at);
	return lt_text_literal(at, key) && lt_text_hex(at, pfn);
}

bool lt_trace_test_parse(struct lt_text at, struct lt_range *pfns, struct lt_num *fin_pfn)
{
	struct lt_num fin = { .known = true };

	if (!parse_pfn(&at, "start_pfn=", &pfns->start_pfn) ||
	    !parse_pfn(&at, "end_pfn=", &pfns->end_pfn) || !parse_pfn(&at, "fin_pfn=", &fin.val))
		return false;
	lt_text_blanks(&at);
	fin.known = lt_text_literal(&at, "ret=fail");
	if (!fin.known && !lt_text_literal(&at, "ret=success"))
		return false;
	*fin_pfn = fin;
	return lt_text_at_end(&at);
}
