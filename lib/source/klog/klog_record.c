// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Records of a journal, and of dmesg --json, with a line for each field, in any
 * order. The next record begins at its head, where one has a head, with a field
 * that this one has already, or behind a line that is no field.
 */
#include "source/klog/klog_record.h"

#include <ctype.h>
#include <string.h>

#include "base/array_size.h"

#define NSEC_PER_USEC 1000u
#define NSEC_PER_SEC 1000000000u

/* More is a time since 1970. */
#define SECONDS_MAX 1e9

static bool is_message(struct lt_span key)
{
	return lt_span_is(key, "MESSAGE") || lt_span_is(key, "msg") || lt_span_is(key, "message");
}

static bool is_head(struct lt_span key)
{
	return lt_span_is(key, "__CURSOR") || lt_span_is(key, LT_KLOG_RECORD_HEAD);
}

bool lt_klog_record_is_empty(const struct lt_klog_record *record)
{
	return !record->has_message && !record->ts_ns.known && !record->is_others &&
	       !record->is_kernels && !record->boot_id_len && !record->host_len;
}

bool lt_klog_record_is_next(const struct lt_klog_record *record, struct lt_span key)
{
	return is_head(key) || (record->has_message && is_message(key));
}

static void parse_us(struct lt_num *ts_ns, struct lt_span value)
{
	struct lt_text at;
	uint64_t us;

	lt_text_init(&at, value.p, value.len);
	if (lt_text_u64(&at, &us) && us / 1000000u < (uint64_t)SECONDS_MAX)
		*ts_ns = lt_num(us * NSEC_PER_USEC);
}

void lt_klog_record_seconds(struct lt_klog_record *record, double seconds)
{
	if (seconds >= 0 && seconds < SECONDS_MAX)
		record->ts_ns = lt_num((uint64_t)(seconds * 1e6 + 0.5) * NSEC_PER_USEC);
}

static void keep_boot_id(struct lt_klog_record *record, struct lt_span id)
{
	if (id.len < sizeof(record->boot_id))
		return;
	memcpy(record->boot_id, id.p, sizeof(record->boot_id));
	record->boot_id_len = sizeof(record->boot_id);
}

static void keep_host(struct lt_klog_record *record, struct lt_span host)
{
	if (!host.len || host.len > sizeof(record->host))
		return;
	memcpy(record->host, host.p, host.len);
	record->host_len = host.len;
}

/* "s=...;i=...;b=...;m=2faf081;...": b is the boot, m the time of the monotonic clock, in us. */
static void parse_head(struct lt_klog_record *record, struct lt_span value)
{
	struct lt_text at;
	struct lt_span id;
	uint64_t us;

	lt_text_init(&at, value.p, value.len);
	if (lt_text_find(&at, ";b=") && lt_text_until(&at, ";", &id))
		keep_boot_id(record, id);
	lt_text_init(&at, value.p, value.len);
	if (lt_text_find(&at, ";m=") && lt_text_hex(&at, &us) &&
	    us / 1000000u < (uint64_t)SECONDS_MAX)
		record->ts_ns = lt_num(us * NSEC_PER_USEC);
}

/* Behind a value there may be what closes a quotation. */
static bool begins(struct lt_span value, const char *word)
{
	struct lt_text at;

	lt_text_init(&at, value.p, value.len);
	return lt_text_literal(&at, word) &&
	       (lt_text_at_end(&at) || !isalnum((unsigned char)*at.pos));
}

const char *const lt_klog_journal_facts[LT_KLOG_NR_JOURNAL_FACTS] = {
	"__MONOTONIC_TIMESTAMP",
	"_SOURCE_MONOTONIC_TIMESTAMP",
	"_TRANSPORT",
	"SYSLOG_FACILITY",
	"SYSLOG_IDENTIFIER",
	"_BOOT_ID",
	"_HOSTNAME",
};

void lt_klog_record_fact(struct lt_klog_record *record, const char *key, struct lt_span value)
{
	if (!strcmp(key, "_SOURCE_MONOTONIC_TIMESTAMP") ||
	    (!strcmp(key, "__MONOTONIC_TIMESTAMP") && !record->ts_ns.known))
		parse_us(&record->ts_ns, value);
	else if (!strcmp(key, "_TRANSPORT"))
		*(begins(value, "kernel") ? &record->is_kernels : &record->is_others) = true;
	else if (!strcmp(key, "SYSLOG_FACILITY") && !begins(value, "0"))
		record->is_others = true;
	else if (!strcmp(key, "SYSLOG_IDENTIFIER") && !begins(value, "kernel") &&
		 !begins(value, "klogd") && !begins(value, "vmunix"))
		record->is_others = true;
	else if (!strcmp(key, "fac"))
		*(begins(value, "kern") ? &record->is_kernels : &record->is_others) = true;
	else if (!strcmp(key, LT_KLOG_RECORD_HEAD) || !strcmp(key, "__CURSOR"))
		parse_head(record, value);
	else if (!strcmp(key, "_BOOT_ID"))
		keep_boot_id(record, value);
	else if (!strcmp(key, "_HOSTNAME"))
		keep_host(record, value);
}

static void parse_time(struct lt_klog_record *record, struct lt_text value)
{
	uint64_t sec, us;

	if (!lt_text_u64(&value, &sec) || !lt_text_literal(&value, ".") ||
	    !lt_text_u64(&value, &us) || us >= 1000000u || sec >= (uint64_t)SECONDS_MAX)
		return;
	record->ts_ns = lt_num(sec * NSEC_PER_SEC + us * NSEC_PER_USEC);
}

void lt_klog_record_parse(struct lt_klog_record *record, struct lt_span key, struct lt_text value)
{
	static const char *const facts[] = { "_SOURCE_MONOTONIC_TIMESTAMP",
					     "__MONOTONIC_TIMESTAMP",
					     "_TRANSPORT",
					     "SYSLOG_FACILITY",
					     "SYSLOG_IDENTIFIER",
					     "_BOOT_ID",
					     "_HOSTNAME",
					     "fac",
					     "__CURSOR",
					     LT_KLOG_RECORD_HEAD };
	size_t len = (size_t)(value.end - value.pos);

	if (is_message(key)) {
		record->len = len < sizeof(record->message) ? len : sizeof(record->message);
		if (record->len)
			memcpy(record->message, value.pos, record->len);
		record->has_message = true;
		record->line = value.line;
	} else if (lt_span_is(key, "time")) {
		parse_time(record, value);
	}
	for (size_t i = 0; i < ARRAY_SIZE(facts); i++)
		if (lt_span_is(key, facts[i]))
			lt_klog_record_fact(record, facts[i], lt_text_rest(&value));
}
