// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Boots in one log: files of syslog, journals and consoles go on over them.
 *
 *	a stamp of about 0 behind a later one	the next boot begins
 *	"Linux version " with such a stamp	the same, and the log has its begin
 *	"Linux version " without a stamp	the same where a log has no stamps, if a line follows that
 *						only a kernel that starts prints; else somebody pasted
 *						/proc/version, perhaps into a form that asks for the
 *						"Machine model: " and the "Memory: " too
 *	"-- Reboot --", "-- Boot " ID " --"	journalctl; _BOOT_ID of a record: klog_identity.c
 *	"------ LAST KMSG (" PATH ") ------"	of an earlier boot, though it comes later (a bugreport of
 *						Android), up to the next "------ "
 *
 * CPUs print out of order by some milliseconds. While a kernel starts, another clock may take over
 * that has counted less (sched_clock): a stamp of about 0, and not 0, soon after its banner.
 */
#include "source/klog/klog_boot.h"

#include <errno.h>
#include <string.h>

#include "base/array_size.h"
#include "source/klog/klog_identity.h"

/* A boot begins below this, and falls back by more. */
#define ABOUT_0_NS 1000000000u

/* By then the clock of the log is the one that stays. */
#define CLOCK_SETTLES_NS 10000000000u

/* Lines in which a banner without a stamp must be followed by another of a start. */
#define LINES_TO_PROOF_MAX 4

static bool is_banner(const struct lt_klog_line *line)
{
	struct lt_text at = line->text;

	return !line->tag.len && lt_text_literal(&at, "Linux version ");
}

/* What is printed right behind the banner, on one architecture or another. */
static bool is_start(const struct lt_klog_line *line)
{
	static const char *const begins[] = {
		"Command line: ",
		"Kernel command line: ",
		"KERNEL supported cpus",
		"x86/fpu: ",
		"BIOS-provided physical RAM map",
		"BIOS-e820: ",
		"CPU: ",
		"OF: fdt: ",
		"KASLR ",
		"random: ",
		"earlycon: ",
		"printk: ",
		"efi: ",
		"SBI ",
		"cma: Reserved ",
		"Reserved memory: ",
		"OF: reserved mem: ",
		"Memory policy: ",
		"Zone ranges:",
		"Built 1 zonelists",
		"MIPS: ",
		"Booting Linux ",
	};

	for (size_t i = 0; i < ARRAY_SIZE(begins); i++) {
		struct lt_text at = line->text;

		if (lt_text_literal(&at, begins[i]))
			return true;
	}
	return false;
}

static bool begins_without_stamp(struct lt_klog_boot_signs *signs, const struct lt_klog *klog,
				 const struct lt_klog_line *line)
{
	if (klog->last_ns.known) {
		signs->nr_since = 0;
		return false;
	}
	if (is_banner(line)) {
		signs->nr_since = 1;
		if (line->is_tagged || !signs->has_lines)
			signs->nr_since = LINES_TO_PROOF_MAX;
		return line->is_tagged || !signs->has_lines;
	}
	if (!signs->nr_since || signs->nr_since >= LINES_TO_PROOF_MAX)
		return false;
	if (line->text.pos < line->text.end)
		signs->nr_since++;
	if (!is_start(line))
		return false;
	signs->nr_since = LINES_TO_PROOF_MAX;
	return true;
}

/* Whether a kernel whose banner was seen may have changed its clock between stamps @last and @now. */
static bool is_other_clock(const struct lt_klog_boot_signs *signs, uint64_t now, uint64_t last)
{
	return signs->has_banner && now && last < CLOCK_SETTLES_NS;
}

bool lt_klog_boot_can_begin(struct lt_num ts_ns)
{
	return !ts_ns.known || ts_ns.val < ABOUT_0_NS;
}

bool lt_klog_boot_begins(struct lt_klog_boot_signs *signs, const struct lt_klog *klog,
			 const struct lt_klog_line *line)
{
	const struct lt_num now = line->ts_ns, last = klog->last_ns;
	bool is_first, is_earlier;

	if (!now.known)
		return begins_without_stamp(signs, klog, line);
	if (!lt_klog_boot_can_begin(now))
		return false;
	is_earlier = last.known && last.val > now.val + ABOUT_0_NS &&
		     !is_other_clock(signs, now.val, last.val);
	if (!is_banner(line))
		return is_earlier;
	/* What is printed before the banner belongs to its boot. */
	is_first = is_earlier || signs->has_banner || !last.known;
	signs->has_banner = true;
	return is_first;
}

/* Somebody who reports a failure adds what `dmesg | grep cma` prints of the boot. */
bool lt_klog_boot_is_excerpt(const struct lt_klog_boot_signs *signs, const struct lt_klog *klog)
{
	return !signs->has_banner && klog->last_ns.known && klog->last_ns.val < ABOUT_0_NS;
}

bool lt_klog_boot_is_mark(struct lt_text line)
{
	return lt_text_literal(&line, "-- Reboot --") || lt_text_literal(&line, "-- Boot ");
}

bool lt_klog_boot_is_section(struct lt_text line)
{
	return lt_text_literal(&line, "------ ") && !lt_text_find(&line, " was the duration of ");
}

bool lt_klog_boot_is_past(struct lt_text line)
{
	return lt_text_literal(&line, "------ LAST KMSG") ||
	       lt_text_literal(&line, "------ LAST_KMSG");
}

/* Whether a boot may still be the wanted one when more follow. */
static size_t nr_wanted(const struct lt_klog_boot_list *list)
{
	return list->wanted > 0 ? 1 : (size_t)-list->wanted + 1;
}

static void add_num(struct lt_num *to, struct lt_num from)
{
	if (!to->known)
		*to = from;
}

/* Give @to what @from, which is emptied, has of the same boot. */
static int merge(struct lt_klog *to, struct lt_klog *from)
{
	int err = 0;

	lt_vec_each(reserved, &from->reserved) {
		struct lt_klog_reserved *copy = lt_vec_push(&to->reserved);

		if (!copy)
			err = -ENOMEM;
		else
			*copy = *reserved;
	}
	lt_vec_each(refusal, &from->refusals) {
		struct lt_refusal *copy = lt_vec_push(&to->refusals);

		if (!copy)
			err = -ENOMEM;
		else
			*copy = *refusal;
	}
	for (size_t i = 0; i < from->attempts.nr && !err; i++) {
		struct lt_attempt *attempt;

		if (!lt_vec_push(&to->bitmaps))
			return -ENOMEM;
		attempt = lt_vec_push(&to->attempts);
		if (!attempt) {
			to->bitmaps.nr--;
			return -ENOMEM;
		}
		to->bitmaps.v[to->bitmaps.nr - 1] = from->bitmaps.v[i];
		*attempt = from->attempts.v[i];
		from->attempts.v[i].tries = (struct lt_tries){ 0 };
	}
	if (!to->banner)
		to->banner = from->banner;
	if (!to->machine)
		to->machine = from->machine;
	to->nr_failed += from->nr_failed;
	to->nr_suppressed += from->nr_suppressed;
	to->nr_failures_suppressed += from->nr_failures_suppressed;
	to->begins_at_boot = to->begins_at_boot || from->begins_at_boot;
	if (!to->complaints.nr)
		to->complaints = from->complaints;
	add_num(&to->page_size, from->page_size);
	add_num(&to->memory_kib, from->memory_kib);
	add_num(&to->cma_reserved_kib, from->cma_reserved_kib);
	add_num(&to->nr_pages_cma, from->nr_pages_cma);
	add_num(&to->nr_pages_ram, from->nr_pages_ram);
	return err;
}

/* The boot before is kept if it can be the wanted one; else nobody asks for what is lost here. */
static int add_excerpt(struct lt_klog_boot_list *list, struct lt_klog *klog)
{
	bool is_kept = list->nr_kept && (list->wanted <= 0 || list->nr == (size_t)list->wanted);
	int err = 0;

	list->nr_failed += klog->nr_failed;
	if (klog->nr_failed && list->last_failed != list->nr) {
		list->failed_before = list->last_failed;
		list->last_failed = list->nr;
	}
	if (is_kept)
		err = merge(&list->kept[list->nr_kept - 1], klog);
	lt_klog_fini(klog);
	*klog = (struct lt_klog){ 0 };
	return err;
}

/* Logs of two devices, one behind the other, are no two boots of one. */
static void note_name(const char *name, const char **first, const char **other)
{
	if (!name)
		return;
	if (!*first)
		*first = name;
	else if (strcmp(*first, name))
		*other = name;
}

int lt_klog_boot_list_add(struct lt_klog_boot_list *list, struct lt_klog *klog)
{
	note_name(klog->machine, &list->machine, &list->other_machine);
	note_name(klog->host, &list->host, &list->other_host);
	if (klog->is_excerpt && list->nr)
		return add_excerpt(list, klog);
	list->nr++;
	list->nr_failed += klog->nr_failed;
	if (klog->nr_failed) {
		list->failed_before = list->last_failed;
		list->last_failed = list->nr;
	}
	klog->boots.chosen = list->nr;
	if (list->wanted > 0 ? list->nr != (size_t)list->wanted : klog->is_past && list->nr_kept) {
		lt_klog_fini(klog);
	} else {
		if (list->nr_kept == nr_wanted(list)) {
			lt_klog_fini(&list->kept[0]);
			list->nr_kept--;
			memmove(list->kept, list->kept + 1, list->nr_kept * sizeof(list->kept[0]));
		}
		list->kept[list->nr_kept++] = *klog;
	}
	*klog = (struct lt_klog){ 0 };
	return 0;
}

int lt_klog_boot_list_move(struct lt_klog_boot_list *list, struct lt_klog *out,
			   struct lt_diag *diag)
{
	struct lt_klog *klog = &list->kept[0];
	struct lt_klog_boots *boots = &klog->boots;
	int err;

	if (list->nr_kept < nr_wanted(list)) {
		lt_diag_set(diag, "there is no boot %d in the log, which has %zu", list->wanted,
			    list->nr);
		return -ERANGE;
	}
	boots->nr = list->nr;
	boots->nr_failed = (size_t)(list->nr_failed - klog->nr_failed);
	boots->last_failed =
		list->last_failed == boots->chosen ? list->failed_before : list->last_failed;
	if (list->other_machine)
		lt_diag_set(diag, "its boots are of two machines, %.50s and %.50s", list->machine,
			    list->other_machine);
	else if (list->other_host)
		lt_diag_set(diag, "its boots are of two hosts, %.50s and %.50s", list->host,
			    list->other_host);
	err = lt_klog_identity_check_host(klog, diag);
	if (err)
		return err;
	*out = *klog;
	*klog = list->kept[--list->nr_kept];
	return 0;
}

void lt_klog_boot_list_fini(struct lt_klog_boot_list *list)
{
	for (size_t i = 0; i < list->nr_kept; i++)
		lt_klog_fini(&list->kept[i]);
}
