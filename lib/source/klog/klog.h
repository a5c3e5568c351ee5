/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_KLOG_KLOG_H
#define LT_SOURCE_KLOG_KLOG_H

#include <stddef.h>

#include "base/compiler.h"
#include "base/root.h"
#include "base/strings.h"
#include "model/attempt.h"
#include "model/log.h"
#include "model/refusal.h"
#include "source/klog/klog_bitmap.h"

/* Memory that was reserved for an area at boot. */
struct lt_klog_reserved {
	struct lt_num base; /* physical address; unknown for an area of several ranges */
	uint64_t size_mib;  /* rounded down by the kernel */
	const char *name;   /* of the area; NULL if not told */
};

LT_VEC_OF(lt_klog_reserveds, struct lt_klog_reserved);

/**
 * struct lt_klog_boots - the boots that a log has
 * @nr:		     all of them
 * @chosen:	     which one was taken, the first being 1
 * @nr_failed:	     failures on record of the other boots
 * @last_failed:     the last of those boots that has any; 0 for none
 */
struct lt_klog_boots {
	size_t nr, chosen, nr_failed, last_failed;
};

/**
 * struct lt_klog_complaints - lines of drivers that got no memory for a device
 * @nr:	    of them
 * @text:   one of them, the first that names CMA if any does; NULL if there is none
 * @line:   its number
 * @ts_ns:  when it was printed, ns since boot
 * @is_cma: it names CMA
 * @is_bare: nothing before its words says that the kernel wrote them
 */
struct lt_klog_complaints {
	uint64_t nr;
	const char *text;
	unsigned int line;
	struct lt_num ts_ns;
	bool is_cma, is_bare;
};

/**
 * struct lt_klog - what the log tells of CMA, of one boot in it
 * @from:	      the interface of the running system that it was read from; NULL for a saved one
 * @places_from:      the saved log that told places of areas which this one has lost; NULL if none did
 * @banner:	      the first line of the boot, "Linux version ..."; NULL if the text has it not
 * @machine:	      its model; NULL if not told
 * @boot_id:	      as journalctl tells it; NULL if not told
 * @host:	      whose kernel it is, as a syslog daemon or a journal tells it; NULL if none does
 * @first_host:	      the name that it had at first
 * @other_host:	      another kernel's, of which the boot has lines too; NULL if none
 * @is_past:	      the log says that it is an earlier boot's than what else is in it
 * @reserved:	      at boot
 * @refusals:	      areas that could not be reserved at boot
 * @attempts:	      failed ones; open ones that stand for "PFNs busy" lines without a known end
 * @bitmaps:	      of the area of each attempt; not complete where none was printed
 * @nr_dropped:	      attempts before those, which are not kept: there are too many
 * @nr_failed:	      failures, kept or not
 * @first_ns:	      the first stamp of that boot in the text
 * @last_ns:	      and the last
 * @begins_at_boot:   the text has the begin of that boot
 * @is_excerpt:	      it may be lines of the boot before, pasted behind it: all of its first second,
 *		      and no banner
 * @complaints:	      of drivers that got no memory, see struct lt_log
 * @nr_suppressed:    lines on the above that the kernel's rate limit kept back
 * @nr_failures_suppressed: those of them that told of a failure
 * @page_size:	      in bytes
 * @memory_kib:	      all memory there is, from the "Memory:" line
 * @cma_reserved_kib: all CMA memory, from the same line
 * @nr_pages_cma:     the same in pages, from the last memory info
 * @nr_pages_ram:     @memory_kib in pages, from there
 * @nr_not_taken:     lines of any boot that speak of a failure, a busy range or messages kept back,
 *		      and were not understood, or not believed to be the kernel's
 * @first_not_taken:  the number of the first of them
 * @first_gap:	      the number of the first line that says that messages are missing, or has NULs instead
 *		      of them; 0 if there is none
 * @boots:	      this boot and the others
 */
struct lt_klog {
	const char *from, *places_from, *banner, *machine, *boot_id;
	const char *host, *first_host, *other_host;
	struct lt_klog_reserveds reserved;
	struct lt_refusals refusals;
	struct lt_attempts attempts;
	struct lt_klog_bitmaps bitmaps;
	struct lt_num first_ns, last_ns;
	bool begins_at_boot, is_excerpt, is_past;
	uint64_t nr_dropped, nr_failed, nr_suppressed, nr_failures_suppressed;
	struct lt_num page_size, memory_kib, cma_reserved_kib, nr_pages_cma, nr_pages_ram;
	unsigned int nr_not_taken, first_not_taken, first_gap;
	struct lt_klog_complaints complaints;
	struct lt_klog_boots boots;
};

/**
 * struct lt_klog_reader - a log that is being read, piece by piece
 *
 * A log may be longer than memory: what is kept grows with the attempts in it, up to a limit.
 */
struct lt_klog_reader;

/**
 * lt_klog_reader_new() - begin to read a log
 * @strings: interns names
 * @boot:    which one is wanted: 0 the last, -1 the one before, 1 the first; as journalctl counts
 *
 * Return: NULL when out of memory.
 */
struct lt_klog_reader *lt_klog_reader_new(struct lt_strings *strings, int boot);

/* All of it is of one boot, whatever its stamps do: it is the running kernel's. Before the first bytes. */
void lt_klog_reader_keep_boot(struct lt_klog_reader *reader);

/*
 * Read every line in full, those too that a glance shows to have nothing. The result is the same, which
 * tests hold against each other. Before the first bytes.
 */
void lt_klog_reader_read_all(struct lt_klog_reader *reader);

/* Take the next @len bytes. 0 or -ENOMEM. */
int lt_klog_reader_feed(struct lt_klog_reader *reader, const char *buf, size_t len)
	__must_check __nonnull_at(1);

/**
 * lt_klog_reader_end() - after the last bytes: pick what concerns CMA
 * @out: freed with lt_klog_fini(); untouched on failure
 *
 * Return: 0; -ENOMEM; -EBADMSG for what is no text, or of two hosts; -ERANGE if there is no such boot.
 */
int lt_klog_reader_end(struct lt_klog_reader *reader, struct lt_klog *out, struct lt_diag *diag)
	__must_check __nonnull_at(1, 2);

void lt_klog_reader_free(struct lt_klog_reader *reader);

/* All of that for the last boot of a log in memory. */
int lt_klog_parse(const char *buf, size_t len, struct lt_strings *strings, struct lt_klog *out,
		  struct lt_diag *diag) __must_check __nonnull_at(3, 4);

void lt_klog_fini(struct lt_klog *klog);

/* The same, and free it; NULL is all right. */
void lt_klog_free(struct lt_klog *klog);

#endif
