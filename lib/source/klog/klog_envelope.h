/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_KLOG_KLOG_ENVELOPE_H
#define LT_SOURCE_KLOG_KLOG_ENVELOPE_H

#include "source/klog/klog_line.h"

/*
 * What the rows of the table in klog_line.c do: each takes one layer off the
 * front of @line and returns true, or leaves it as it is.
 */
bool lt_klog_parse_level(struct lt_klog_line *line, struct lt_klog_scratch *scratch);
bool lt_klog_parse_group(struct lt_klog_line *line, struct lt_klog_scratch *scratch);
bool lt_klog_parse_cut_stamp(struct lt_klog_line *line, struct lt_klog_scratch *scratch);
bool lt_klog_parse_record(struct lt_klog_line *line, struct lt_klog_scratch *scratch);
bool lt_klog_parse_facility(struct lt_klog_line *line, struct lt_klog_scratch *scratch);
bool lt_klog_parse_dmesg_time(struct lt_klog_line *line, struct lt_klog_scratch *scratch);
bool lt_klog_parse_rfc5424(struct lt_klog_line *line, struct lt_klog_scratch *scratch);
bool lt_klog_parse_repeats(struct lt_klog_line *line, struct lt_klog_scratch *scratch);
bool lt_klog_parse_syslog(struct lt_klog_line *line, struct lt_klog_scratch *scratch);
bool lt_klog_parse_logcat(struct lt_klog_line *line, struct lt_klog_scratch *scratch);
bool lt_klog_parse_json(struct lt_klog_line *line, struct lt_klog_scratch *scratch);
bool lt_klog_parse_field(struct lt_klog_line *line, struct lt_klog_scratch *scratch);
bool lt_klog_parse_marks(struct lt_klog_line *line, struct lt_klog_scratch *scratch);
bool lt_klog_parse_decoration(struct lt_klog_line *line, struct lt_klog_scratch *scratch);
bool lt_klog_parse_copy(struct lt_klog_line *line, struct lt_klog_scratch *scratch);

/* Those rows, in their order: the first that takes a layer wins. False if none does. */
bool lt_klog_envelope_parse(struct lt_klog_line *line, struct lt_klog_scratch *scratch);

/*
 * Whether what is left of @line begins as most messages of a driver do, behind a stamp: no row takes
 * anything off then, nor learns anything of it. False where only the rows themselves could tell.
 */
bool lt_klog_line_is_bare(const struct lt_klog_line *line);

/* "SECONDS.FRACTION", and @nr_digits of the latter. */
bool lt_klog_stamp_parse(struct lt_text *text, struct lt_num *ts_ns, size_t *nr_digits);

/* "[ SECONDS.FRACTION]" as printk writes it: six digits. */
bool lt_klog_is_stamp_at(const char *p, const char *end);

/* Whether one of the messages begins here that a log is searched for. */
bool lt_klog_is_message_at(const char *p, const char *end);

/* The first stamp or message in @text that begins a word, or NULL. */
const char *lt_klog_find_anchor(struct lt_text text);

/* Whether a word is what people and their programs put before a line: a number, a name of a file. */
bool lt_klog_is_decoration(struct lt_span word);

/* A time of day, with or without a date: it begins with a digit and has a colon inside. */
bool lt_klog_is_time(struct lt_span word);

/* "daemon.info", but not "kern.info" nor a host in a domain. */
bool lt_klog_is_other_facility(struct lt_span word);

/* "12:34", "12:34:56.789": no address of a bus. */
bool lt_klog_is_clock(struct lt_span word);

#endif
