/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_KLOG_KLOG_BOOT_H
#define LT_SOURCE_KLOG_KLOG_BOOT_H

#include "base/compiler.h"
#include "source/klog/klog_message.h"

/**
 * struct lt_klog_boot_signs - where in the log a boot begins
 * @has_lines:	the boot has lines of the kernel
 * @has_banner: its "Linux version" was seen
 * @nr_since:	lines since one without a stamp was, which may have been pasted; 0: none
 */
struct lt_klog_boot_signs {
	bool has_lines, has_banner;
	unsigned int nr_since;
};

/* Whether a boot may begin in a line of that stamp, whatever else there is. */
bool lt_klog_boot_can_begin(struct lt_num ts_ns);

/* Whether the kernel's @line is the first of a boot that is not the one of @klog. */
bool lt_klog_boot_begins(struct lt_klog_boot_signs *signs, const struct lt_klog *klog,
			 const struct lt_klog_line *line);

/* Whether journalctl says so. */
bool lt_klog_boot_is_mark(struct lt_text line);

/* Whether a bugreport says that what follows, up to its next section, is of an earlier boot. */
bool lt_klog_boot_is_past(struct lt_text line);
bool lt_klog_boot_is_section(struct lt_text line);

/**
 * struct lt_klog_boot_list - boots that were read to their end
 * @wanted: 0 the last, -1 the one before, 1 the first; what is known to be of the past is not the last
 * @nr:	    of them
 * @nr_failed: failures in all of them
 * @last_failed, @failed_before: the last two of them that have any; 0 for none
 * @machine, @other_machine: two that boots in it are of; NULL if they are of one
 * @host, @other_host: likewise two hosts
 * @kept:   the @nr_kept last of them that can be the one
 */
struct lt_klog_boot_list {
	int wanted;
	size_t nr;
	uint64_t nr_failed;
	size_t last_failed, failed_before;
	const char *machine, *other_machine, *host, *other_host;
	struct lt_klog kept[LT_BOOTS_MAX + 1];
	size_t nr_kept;
};

/* Whether a boot that was read to its end may be no boot of its own. */
bool lt_klog_boot_is_excerpt(const struct lt_klog_boot_signs *signs, const struct lt_klog *klog);

/* Take over @klog, a boot that was read to its end; it is empty then. 0 or -ENOMEM. */
int lt_klog_boot_list_add(struct lt_klog_boot_list *list, struct lt_klog *klog)
	__must_check __nonnull_all;

/* Hand out the boot that is wanted, and what is known of all. 0, or -ERANGE if there is none. */
int lt_klog_boot_list_move(struct lt_klog_boot_list *list, struct lt_klog *out,
			   struct lt_diag *diag) __must_check __nonnull_at(1, 2);

void lt_klog_boot_list_fini(struct lt_klog_boot_list *list);

#endif
