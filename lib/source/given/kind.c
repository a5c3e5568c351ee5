// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Each kind is known by its first bytes, or by a line that no other kind has. The grammars are
 * those of the parsers that read them, which have the last word; here it is enough to know
 * which parser that is. Formats that are not read: magic numbers as their own documents have
 * them (trace.dat(5), perf.data's header in tools/perf/util/header.h, ELF, makedumpfile(8)).
 */
#include "source/given/kind.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/array_size.h"
#include "base/text.h"
#include "source/given/mail.h"

struct sample {
	const char *buf;
	size_t len;
	bool is_whole;
};

/* A row: @magic at @offset, or what @is says. */
struct row {
	struct lt_kind kind;
	const char *magic;
	size_t magic_len, offset;
	bool (*is)(const struct sample *sample);
};

static bool has(const struct sample *sample, const char *literal)
{
	return memmem(sample->buf, sample->len, literal, strlen(literal));
}

/* Whether a line begins with @literal, after blanks. */
static bool has_line(const struct sample *sample, const char *literal)
{
	struct lt_text text, line;

	lt_text_init(&text, sample->buf, sample->len);
	while (lt_text_line(&text, &line)) {
		lt_text_blanks(&line);
		if (lt_text_literal(&line, literal))
			return true;
	}
	return false;
}

/* The first line that is not empty, and whether it is the only one. */
static bool first_line(const struct sample *sample, struct lt_text *out, bool *is_only)
{
	struct lt_text text, line;
	bool has_one = false;

	*is_only = sample->is_whole;
	lt_text_init(&text, sample->buf, sample->len);
	while (lt_text_line(&text, &line)) {
		lt_text_blanks(&line);
		if (lt_text_at_end(&line))
			continue;
		if (has_one) {
			*is_only = false;
			break;
		}
		*out = line;
		has_one = true;
	}
	return has_one;
}

static bool begins(const struct sample *sample, const char *literal)
{
	struct lt_text line;
	bool is_only;

	return first_line(sample, &line, &is_only) && lt_text_literal(&line, literal);
}

static bool is_zoneinfo(const struct sample *sample)
{
	return has_line(sample, "pages free ") && has_line(sample, "Node ");
}

static bool is_pagetypeinfo(const struct sample *sample)
{
	return has_line(sample, "Page block order:") ||
	       has_line(sample, "Free pages count per migrate");
}

static bool is_buddyinfo(const struct sample *sample)
{
	struct lt_text line;
	uint64_t number;
	bool is_only;

	return first_line(sample, &line, &is_only) && lt_text_literal(&line, "Node ") &&
	       lt_text_u64(&line, &number) && lt_text_literal(&line, ", zone ");
}

static bool is_meminfo(const struct sample *sample)
{
	return begins(sample, "MemTotal:") || begins(sample, "CmaTotal:") ||
	       begins(sample, "CmaFree:") ||
	       (has_line(sample, "MemTotal:") && has_line(sample, "MemFree:"));
}

static bool is_vmstat(const struct sample *sample)
{
	/* the rows of CMA alone, as grep has them */
	static const char *const rows[] = { "nr_free_cma ", "cma_alloc_success ", "cma_alloc_fail ",
					    "nr_foll_pin_acquired ", "nr_foll_pin_released " };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (begins(sample, rows[i]))
			return true;
	return has_line(sample, "nr_free_pages ") && has_line(sample, "nr_");
}

static bool is_iomem(const struct sample *sample)
{
	struct lt_text line;
	uint64_t number;
	bool is_only;

	return first_line(sample, &line, &is_only) && lt_text_hex(&line, &number) &&
	       lt_text_literal(&line, "-") && lt_text_hex(&line, &number) &&
	       lt_text_literal(&line, " : ");
}

static bool is_page_owner(const struct sample *sample)
{
	return has_line(sample, "Page allocated via order ");
}

static bool is_longterm_pinner(const struct sample *sample)
{
	return begins(sample, "Page pinned for ");
}

static bool is_alloc_contig_failed(const struct sample *sample)
{
	return begins(sample, "Page pinned ts [");
}

static bool is_page_pinner(const struct sample *sample)
{
	return begins(sample, "Failure detected at [") || begins(sample, "At least, pinned for ") ||
	       begins(sample, "Freed at [");
}

static bool is_bufinfo(const struct sample *sample)
{
	return has_line(sample, "Dma-buf Objects:");
}

static bool is_kconfig(const struct sample *sample)
{
	return (begins(sample, "#") || begins(sample, "CONFIG_")) && has_line(sample, "CONFIG_") &&
	       (has(sample, "=y") || has(sample, " is not set") || has(sample, "=m"));
}

static bool is_version(const struct sample *sample)
{
	struct lt_text line;
	bool is_only;

	return first_line(sample, &line, &is_only) && is_only &&
	       lt_text_literal(&line, "Linux version ");
}

/* One line of parameters. */
static bool is_cmdline(const struct sample *sample)
{
	static const char *const known[] = { "console",	   "root",	 "cma",
					     "BOOT_IMAGE", "page_owner", "init",
					     "quiet",	   "earlycon",	 "hugetlb_cma" };
	struct lt_text line;
	struct lt_span word;
	bool is_only, has_known = false;

	if (!first_line(sample, &line, &is_only) || !is_only || *line.pos == '[')
		return false;
	for (; lt_text_word(&line, &word); lt_text_blanks(&line)) {
		for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
			const size_t len = strlen(known[i]);

			has_known |= word.len >= len && !memcmp(word.p, known[i], len) &&
				     (word.len == len || word.p[len] == '=');
		}
		if (word.p[word.len - 1] == ':')
			return false; /* a message */
	}
	return has_known;
}

static bool is_document(const struct sample *sample, const char *schema)
{
	return begins(sample, "{") && has(sample, schema);
}

static bool is_attempts(const struct sample *sample)
{
	return is_document(sample, "\"ltpin.attempts/1\"") ||
	       is_document(sample, "\"ltpin.watch/1\"");
}

static bool is_report(const struct sample *sample)
{
	return is_document(sample, "\"ltpin.report/1\"");
}

static bool is_selftest(const struct sample *sample)
{
	return is_document(sample, "\"ltpin.selftest/1\"") ||
	       is_document(sample, "\"ltpin.bench/1\"");
}

static bool is_meta(const struct sample *sample)
{
	return is_document(sample, "\"ltpin.meta/1\"");
}

static bool is_answer(const struct sample *sample)
{
	return is_document(sample, "\"schema\": \"ltpin.") ||
	       is_document(sample, "\"schema\":\"ltpin.");
}

static bool is_core(const struct sample *sample)
{
	return sample->len > 17 && !memcmp(sample->buf, "\177ELF", 4) &&
	       (sample->buf[16] == 4 || sample->buf[17] == 4);
}

/* "[    1.234567]", with anything that log viewers put there instead of blanks. */
static bool has_stamp(struct lt_text line)
{
	uint64_t number;

	while (lt_text_find(&line, "[")) {
		struct lt_text at = line;

		lt_text_blanks(&at);
		if (lt_text_u64(&at, &number) && lt_text_literal(&at, ".") && at.end - at.pos > 6 &&
		    lt_text_u64(&at, &number) && at.pos < at.end && strchr("]T@C( ", *at.pos))
			return true;
	}
	return false;
}

static bool is_trace(const struct sample *sample)
{
	/* clang-format off */
	static const char *const events[] = {
		"cma_alloc: pfn=", "cma_alloc: name=", "cma_alloc_start: ", "cma_alloc_finish: ",
		"cma_alloc_busy_retry: ", "cma_alloc_info: ", "cma_release: name=",
		"cma_release: pfn=", "test_pages_isolated: start_pfn=", "mm_migrate_pages: nr_",
		"mm_alloc_contig_migrate_range_info: ", "page_pinner_failure: pfn=",
		"page_pinner_put: pfn=", "report_page_pinners: pfn=", "page_pin_owner_put: pfn=",
	};
	/* clang-format on */
	struct lt_text text, line;

	if (begins(sample, "# tracer:") || begins(sample, "cpus=") ||
	    has_line(sample, "# entries-in-buffer/"))
		return true;
	lt_text_init(&text, sample->buf, sample->len);
	while (lt_text_line(&text, &line))
		for (size_t i = 0; i < ARRAY_SIZE(events); i++)
			if (memmem(line.pos, (size_t)(line.end - line.pos), events[i],
				   strlen(events[i])) &&
			    !has_stamp(line)) /* which the kernel did not dump into its log */
				return true;
	return false;
}

/* "6,1234,5678901234,-;": /dev/kmsg */
static bool is_kmsg(struct lt_text line)
{
	uint64_t number;

	for (int i = 0; i < 3; i++)
		if (!lt_text_u64(&line, &number) || !lt_text_literal(&line, ","))
			return false;
	return lt_text_literal(&line, "-") || lt_text_literal(&line, "c");
}

static bool is_message(const struct lt_text *line)
{
	/* clang-format off */
	static const char *const words[] = {
		"cma: ", "cma_alloc", "PFNs busy", "Linux version ", "Reserved memory: ",
		"cma_debug", "callbacks suppressed", " kernel: ", "\"dmesg\"",
		"__MONOTONIC_TIMESTAMP", "_TRANSPORT=kernel", "cma-reserved",
	};
	/* clang-format on */

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (memmem(line->pos, (size_t)(line->end - line->pos), words[i], strlen(words[i])))
			return true;
	return has_stamp(*line) || is_kmsg(*line);
}

static bool is_utf16(const struct sample *sample)
{
	size_t nr_zeroes[2] = { 0 }, len = sample->len < 64 ? sample->len : 64;

	if (sample->len >= 2 &&
	    (!memcmp(sample->buf, "\xff\xfe", 2) || !memcmp(sample->buf, "\xfe\xff", 2)))
		return true;
	for (size_t i = 0; i < len; i++)
		nr_zeroes[i % 2] += !sample->buf[i];
	/* without a mark, every other byte of a text is NUL, but for some */
	return len == 64 && !nr_zeroes[0] != !nr_zeroes[1] && nr_zeroes[0] + nr_zeroes[1] > 28;
}

/* A serial line leaves a NUL here and there; a kernel image has the words of a log too. */
static bool is_text(const struct sample *sample)
{
	size_t nr = 0;

	for (size_t i = 0; i < sample->len; i++)
		nr += !sample->buf[i];
	return sample->len && nr <= sample->len / 64;
}

static bool has_message(const struct sample *sample)
{
	struct lt_text text, line;

	if (is_utf16(sample))
		return true;
	if (!is_text(sample))
		return false;
	lt_text_init(&text, sample->buf, sample->len);
	while (lt_text_line(&text, &line))
		if (is_message(&line))
			return true;
	return false;
}

/* What a mail has in base64 shows nothing of what it is. */
static bool is_log(const struct sample *sample)
{
	struct sample inner = { 0 };
	char *decoded;
	bool is_one = has_message(sample);

	if (is_one || !has(sample, "base64"))
		return is_one;
	decoded = malloc(sample->len + 1);
	if (!decoded)
		return false;
	inner.buf = decoded;
	inner.len = lt_mail_decode(sample->buf, sample->len, decoded);
	is_one = has_message(&inner);
	free(decoded);
	return is_one;
}

#define MAGIC(bytes) .magic = bytes, .magic_len = sizeof(bytes) - 1
#define UNREADABLE(name, hint) .kind = { name, LT_KIND_UNREADABLE, NULL, hint }
#define PACKED(name) .kind = { name, LT_KIND_PACKED, NULL, NULL }
#define TABLE(name, path) .kind = { name, LT_KIND_TABLE, path, NULL }

/* The first that fits: what is more special stands before. */
static const struct row rows[] = {
	{ PACKED("a gzip file"), MAGIC("\x1f\x8b") },
	{ PACKED("an xz file"), MAGIC("\xfd"
				      "7zXZ") },
	{ PACKED("a bzip2 file"), MAGIC("BZh") },
	{ PACKED("a zstd file"), MAGIC("\x28\xb5\x2f\xfd") },
	{ PACKED("a zip file"), MAGIC("PK\x03\x04") },
	{ PACKED("a tar file"), MAGIC("ustar"), .offset = 257 },
	{ UNREADABLE("a 7-Zip file", "7z x FILE"), MAGIC("7z\xbc\xaf\x27\x1c") },
	{ UNREADABLE("a RAR file", "unrar x FILE"), MAGIC("Rar!\x1a\x07") },
	{ UNREADABLE("an lz4 file", "lz4 -d FILE"), MAGIC("\x04\x22\x4d\x18") },
	{ UNREADABLE("an lzop file", "lzop -d FILE"), MAGIC("\x89LZO") },
	{ UNREADABLE("a cpio archive", "cpio -id <FILE"), MAGIC("070701") },
	{ UNREADABLE("a trace.dat of trace-cmd", "trace-cmd report FILE >trace.txt"),
	  MAGIC("\x17\x08\x44tracing") },
	{ UNREADABLE("a perf.data", "perf script -i FILE >trace.txt"), MAGIC("PERFILE2") },
	{ UNREADABLE("a perf.data", "perf script -i FILE >trace.txt"), MAGIC("2ELIFREP") },
	{ UNREADABLE("a dump of makedumpfile",
		     "makedumpfile --dump-dmesg VMLINUX FILE dmesg.txt, or log >dmesg.txt in crash"),
	  MAGIC("KDUMP   ") },
	{ UNREADABLE("a dump of makedumpfile",
		     "makedumpfile --dump-dmesg VMLINUX FILE dmesg.txt, or log >dmesg.txt in crash"),
	  MAGIC("DISKDUMP") },
	{ UNREADABLE("a flattened dump of makedumpfile", "makedumpfile -R vmcore <FILE"),
	  MAGIC("makedumpfile") },
	{ UNREADABLE("a vmcore, or another ELF core",
		     "vmcore-dmesg FILE >dmesg.txt, or log >dmesg.txt in crash"),
	  .is = is_core },
	{ UNREADABLE("a program, a library or a module", NULL), MAGIC("\177ELF") },
	{ UNREADABLE("a journal of systemd",
		     "journalctl --file FILE -k -o short-monotonic >dmesg.txt"),
	  MAGIC("LPKSHHRH") },
	{ UNREADABLE("a compiled device tree", "the directory /proc/device-tree of a capture"),
	  MAGIC("\xd0\x0d\xfe\xed") },
	{ UNREADABLE("an SQLite database", NULL), MAGIC("SQLite format 3") },
	{ UNREADABLE("a PDF", "pdftotext -layout FILE"), MAGIC("%PDF") },
	{ UNREADABLE("a JPEG image", NULL), MAGIC("\xff\xd8\xff") },
	{ UNREADABLE("a PNG image", NULL), MAGIC("\x89PNG") },
	{ UNREADABLE("a GIF image", NULL), MAGIC("GIF8") },
	{ TABLE("attempts of ltpin", "/ltpin/attempts.json"), .is = is_attempts },
	{ TABLE("a self-test or measurement of ltpin", "/ltpin/selftest.json"), .is = is_selftest },
	{ TABLE("META of a capture", "/META"), .is = is_meta },
	{ .kind = { "a report of ltpin", LT_KIND_REPORT, NULL, NULL }, .is = is_report },
	{ UNREADABLE("an answer of ltpin, not evidence",
		     "the capture that it was made from, or `ltpin alloc -f json`"),
	  .is = is_answer },
	{ TABLE("page_owner", "/sys/kernel/debug/page_owner"), .is = is_page_owner },
	{ TABLE("longterm_pinner of page_pinner", "/sys/kernel/debug/page_pinner/longterm_pinner"),
	  .is = is_longterm_pinner },
	{ TABLE("alloc_contig_failed of page_pinner",
		"/sys/kernel/debug/page_pinner/alloc_contig_failed"),
	  .is = is_alloc_contig_failed },
	{ TABLE("buffer of page_pinner", "/sys/kernel/debug/page_pinner/buffer"),
	  .is = is_page_pinner },
	{ TABLE("bufinfo of dma-buf", "/sys/kernel/debug/dma_buf/bufinfo"), .is = is_bufinfo },
	{ TABLE("pagetypeinfo", "/proc/pagetypeinfo"), .is = is_pagetypeinfo },
	{ TABLE("zoneinfo", "/proc/zoneinfo"), .is = is_zoneinfo },
	{ TABLE("buddyinfo", "/proc/buddyinfo"), .is = is_buddyinfo },
	{ TABLE("meminfo", "/proc/meminfo"), .is = is_meminfo },
	{ TABLE("vmstat", "/proc/vmstat"), .is = is_vmstat },
	{ TABLE("iomem", "/proc/iomem"), .is = is_iomem },
	{ TABLE("a kernel configuration", "/boot/config"), .is = is_kconfig },
	{ TABLE("version", "/proc/version"), .is = is_version },
	{ TABLE("cmdline", "/proc/cmdline"), .is = is_cmdline },
	{ TABLE("a text trace", "/sys/kernel/tracing/trace"), .is = is_trace },
	{ .kind = { "a kernel log", LT_KIND_LOG, "/dmesg.txt", NULL }, .is = is_log },
};

#define LOG (&rows[ARRAY_SIZE(rows) - 1])

static bool has_magic(const struct sample *sample, const struct row *row)
{
	return sample->len >= row->offset + row->magic_len &&
	       !memcmp(sample->buf + row->offset, row->magic, row->magic_len);
}

/* Mail and editors of Windows put it before UTF-8. */
static void skip_mark(struct sample *sample)
{
	if (sample->len >= 3 && !memcmp(sample->buf, "\xef\xbb\xbf", 3)) {
		sample->buf += 3;
		sample->len -= 3;
	}
}

const struct lt_kind *lt_kind_find(const char *buf, size_t len, bool is_whole)
{
	struct sample sample = { buf, len, is_whole };

	skip_mark(&sample);
	for (const struct row *row = rows; row <= LOG; row++)
		if (row->is ? row->is(&sample) : has_magic(&sample, row))
			return &row->kind;
	return NULL;
}

const struct lt_kind *lt_kind_log(const char *buf, size_t len)
{
	const struct sample sample = { buf, len, false };

	return is_log(&sample) ? &LOG->kind : NULL;
}
