/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_KLOG_KLOG_RECORD_H
#define LT_SOURCE_KLOG_KLOG_RECORD_H

#include "base/num.h"
#include "base/text.h"

/* The key of what begins a record of `journalctl -o verbose`. */
#define LT_KLOG_RECORD_HEAD "[s="

/**
 * struct lt_klog_record - a message whose facts stand in lines of their own
 * @ts_ns:	 when it was printed, ns since boot
 * @is_others:	 not the kernel wrote it
 * @is_kernels:	 the kernel did
 * @has_message: @message was told
 * @message:	 its @len characters
 * @boot_id:	 its @boot_id_len characters
 * @host:	 its @host_len characters
 * @line:	 where it stands in the log
 */
struct lt_klog_record {
	struct lt_num ts_ns;
	bool is_others, is_kernels, has_message;
	char message[2048];
	size_t len;
	char boot_id[32];
	size_t boot_id_len;
	char host[64];
	size_t host_len;
	unsigned int line;
};

/* The fields of a journal that say so, in the order that lt_klog_record_fact() is to get them in. */
#define LT_KLOG_NR_JOURNAL_FACTS 7
extern const char *const lt_klog_journal_facts[LT_KLOG_NR_JOURNAL_FACTS];

/* Take what @key says of when, and by whom, a message was printed. */
void lt_klog_record_fact(struct lt_klog_record *record, const char *key, struct lt_span value);
void lt_klog_record_seconds(struct lt_klog_record *record, double seconds);

/* Whether nothing of a record was read as yet. */
bool lt_klog_record_is_empty(const struct lt_klog_record *record);

/* Whether a field with @key belongs to the next record. */
bool lt_klog_record_is_next(const struct lt_klog_record *record, struct lt_span key);

/* Take a field: the message, or a fact. */
void lt_klog_record_parse(struct lt_klog_record *record, struct lt_span key, struct lt_text value);

#endif
