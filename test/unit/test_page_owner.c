// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/source/page_owner/page_owner.c. */
#include "test.h"

#include <errno.h>

#include "source/page_owner/page_owner.h"

struct parsed {
	struct lt_strings *strings;
	struct lt_stacks *stacks;
	struct lt_owners owners;
	struct lt_page_owner_stats stats;
	struct lt_diag diag;
	int ret;
};

static int keep(const struct lt_owner *owner, void *arg)
{
	struct parsed *parsed = arg;
	struct lt_owner *slot = lt_vec_push(&parsed->owners);

	*slot = *owner;
	return 0;
}

/* Feed @len bytes in pieces of @step. */
static struct parsed parse(const char *buf, size_t len, size_t step)
{
	struct parsed parsed = { .strings = lt_strings_new(), .stacks = lt_stacks_new() };
	struct lt_page_owner *parser = lt_page_owner_new(
		&(struct lt_page_owner_sink){ parsed.strings, parsed.stacks, keep, &parsed });

	for (size_t at = 0; at < len; at += step) {
		size_t n = len - at < step ? len - at : step;
		char *piece = malloc(n); /* of its own, for the address sanitizer */

		memcpy(piece, buf + at, n);
		assert_int_equal(lt_page_owner_feed(parser, piece, n), 0);
		free(piece);
	}
	parsed.ret = lt_page_owner_end(parser, &parsed.diag);
	parsed.stats = lt_page_owner_stats(parser);
	lt_page_owner_free(parser);
	return parsed;
}

static struct parsed parse_text(const char *text)
{
	return parse(text, strlen(text), 4096);
}

static void done(struct parsed *parsed)
{
	lt_vec_free(&parsed->owners);
	lt_stacks_free(parsed->stacks);
	lt_strings_free(parsed->strings);
}

#define MASK "Page allocated via order 2, mask 0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP)"
#define PFN "PFN 0x1a36 type Movable Block 13 type CMA Flags 0x4000000000020808(uptodate|zone=1)\n"
#define FRAMES " alloc+0x1/0x2\n fault+0x3/0x4 [mod]\n"

static void text_without_a_record_fails(void **state)
{
	static const char *const texts[] = {
		"",
		"\n\n",
		"binary\1\2\3",
		"PFN 1 type Movable Block 0 type Movable Flags 0x0()\n\n",
		MASK "\n",
		MASK "\n\n",
		"Page allocated via order 2\n" PFN "\n",
		"Page allocated via order 99, mask 0x0()\n" PFN "\n",
		"Page allocated via order 0, mask 0x0\n" PFN "\n",
		MASK "\nPFN type Movable Block 13 type CMA Flags 0x0()\n\n",
		MASK "\nPFN 0x10000000000000 type Movable Block 13 type CMA Flags 0x0()\n\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct parsed parsed = parse_text(texts[i]);

		if (parsed.ret != -EBADMSG || parsed.owners.nr || !parsed.diag.why[0])
			fail_msg("text %zu: %d, %s", i, parsed.ret, parsed.diag.why);
		done(&parsed);
	}
}

static void check_pids(const struct lt_owner *owner, int pid, int tgid, const char *comm,
		       uint64_t ts_ns)
{
	assert_int_equal(owner->pid.known, pid >= 0);
	assert_int_equal(owner->tgid.known, tgid >= 0);
	assert_int_equal(owner->ts_ns.known, ts_ns > 0);
	if (pid >= 0)
		assert_int_equal(owner->pid.val, pid);
	if (tgid >= 0)
		assert_int_equal(owner->tgid.val, tgid);
	if (comm)
		assert_string_equal(owner->comm, comm);
	else
		assert_null(owner->comm);
	assert_int_equal(owner->ts_ns.val, ts_ns);
}

static void every_kernels_first_line_is_understood(void **state)
{
	static const struct {
		const char *tail;
		int pid, tgid;
		const char *comm;
		uint64_t ts_ns;
	} cases[] = {
		{ "", -1, -1, NULL, 0 },					  /* 5.10 */
		{ ", pid 812, ts 28 ns", 812, -1, NULL, 28 },			  /* 5.11 */
		{ ", pid 812, ts 28 ns, free_ts 5 ns", 812, -1, NULL, 28 },	  /* 5.13 */
		{ ", pid 9, tgid 8 (sh), ts 7 ns, free_ts 0 ns", 9, 8, "sh", 7 }, /* 6.1 */
		{ ", pid 9, tgid 8 (sh), ts 7 ns", 9, 8, "sh", 7 },		  /* 6.12 */
		{ ", pid -1, tgid -1 (), ts 7 ns", -1, -1, "", 7 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[1024];
		struct parsed parsed;

		snprintf(text, sizeof(text), MASK "%s\n" PFN FRAMES "\n", cases[i].tail);
		parsed = parse_text(text);
		assert_int_equal(parsed.ret, 0);
		assert_int_equal(parsed.owners.nr, 1);
		assert_int_equal(parsed.diag.nr_skipped, 0);
		check_pids(&parsed.owners.v[0], cases[i].pid, cases[i].tgid, cases[i].comm,
			   cases[i].ts_ns);
		done(&parsed);
	}
}

static void a_record_is_taken_whole(void **state)
{
	struct parsed parsed = parse_text(
		MASK
		", pid 147, tgid 146 (sh), ts 2855935587 ns\n" PFN FRAMES
		"Page has been migrated, last migrate reason: longterm_pin\n"
		"Slab cache page\nCharged (via objcg) to offline memcg a.slice\nhandle: 5\n\n");
	const struct lt_owner *owner = &parsed.owners.v[0];

	(void)state;
	assert_int_equal(parsed.ret, 0);
	assert_int_equal(parsed.owners.nr, 1);
	assert_int_equal(parsed.stats.nr_unknown_lines, 0);
	assert_int_equal(owner->pfn, 0x1a36);
	assert_int_equal(owner->order, 2);
	assert_string_equal(owner->gfp, "GFP_HIGHUSER_MOVABLE|__GFP_COMP");
	assert_string_equal(owner->migratetype, "Movable");
	assert_string_equal(owner->block_migratetype, "CMA");
	assert_string_equal(owner->migrate_reason, "longterm_pin");
	assert_int_equal(owner->stack->nr, 2);
	assert_string_equal(owner->stack->frames[0], "alloc+0x1/0x2");
	assert_string_equal(owner->stack->frames[1], "fault+0x3/0x4 [mod]");
	done(&parsed);
}

static void decimal_and_hexadecimal_pfns_differ(void **state)
{
	struct parsed parsed =
		parse_text(MASK "\nPFN 100 type Movable Block 0 type CMA Flags 0x0()\n\n" MASK
				"\nPFN 0x100 type Movable Block 0 type CMA Flags 0x0()\n\n"
				"Page allocated via order 0, mask 0x0()\n"
				"PFN 418 type Unmovable Block 0 type Unmovable Flags 0x0()\n\n");

	(void)state;
	assert_int_equal(parsed.owners.nr, 3);
	assert_int_equal(parsed.owners.v[0].pfn, 100);
	assert_int_equal(parsed.owners.v[1].pfn, 256);
	assert_string_equal(parsed.owners.v[2].gfp, "0x0");
	assert_null(parsed.owners.v[2].stack);
	done(&parsed);
}

/* comm has 15 bytes at most, and a process chooses them. */
static void a_hostile_name_cannot_forge_a_record(void **state)
{
	static const struct {
		const char *comm, *shown;
	} cases[] = {
		{ "a) b, (c", "a) b, (c" },
		{ "), ts 1 ns", "), ts 1 ns" },
		{ "a), ts 9 ns\nb", "a), ts 9 ns\\x0ab" },
		{ "), ts 1 ns\nPFN ", "), ts 1 ns\\x0aPFN " },
		{ "\n\nx", "\\x0a\\x0ax" },
		{ "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n",
		  "\\x0a\\x0a\\x0a\\x0a\\x0a\\x0a\\x0a\\x0a\\x0a\\x0a\\x0a\\x0a\\x0a\\x0a\\x0a" },
		{ "\nPage allocated", "\\x0aPage allocated" },
		{ "x\nPFN 1 type M", "x\\x0aPFN 1 type M" },
		{ "\x1b[31m\xff\xfe\\", "\\x1b[31m\\xff\\xfe\\x5c" },
		{ "123456789012345", "123456789012345" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[1024];
		struct parsed parsed;

		snprintf(text, sizeof(text),
			 MASK ", pid 9, tgid 8 (%s), ts 55 ns\n" PFN FRAMES "\n", cases[i].comm);
		parsed = parse(text, strlen(text), 7);
		assert_int_equal(parsed.ret, 0);
		assert_int_equal(parsed.owners.nr, 1);
		if (parsed.stats.nr_unknown_lines)
			fail_msg("comm %s: line %u not understood", cases[i].shown,
				 parsed.diag.line);
		check_pids(&parsed.owners.v[0], 9, 8, cases[i].shown, 55);
		assert_int_equal(parsed.owners.v[0].pfn, 0x1a36);
		done(&parsed);
	}
}

/* What kernels without names for flags, or without symbols, print. */
static void hashed_flags_and_raw_addresses_are_kept_apart(void **state)
{
	static const struct {
		const char *words, *gfp;
	} cases[] = {
		{ "GFP_KERNEL|__GFP_ZERO", "GFP_KERNEL|__GFP_ZERO" },
		{ "__GFP_MOVABLE|0x8000000", "__GFP_MOVABLE|0x8000000" },
		{ "none", "none" },
		{ "", "0x140dca" },
		{ "0x140dca", "0x140dca" },
		{ "00000000deadbeef", "0x140dca" },
		{ "deadbeef", "0x140dca" },
		{ "(ptrval)", "0x140dca" },
		{ "(____ptrval____)", "0x140dca" },
		{ "%pGg", "0x140dca" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[1024];
		struct parsed parsed;

		snprintf(
			text, sizeof(text),
			"Page allocated via order 0, mask 0x140dca(%s), pid 9, tgid 8 (sh), ts 7 ns\n"
			"PFN 0x10 type Movable Block 0 type CMA Flags "
			"0x17fffe00000000(node=0|zone=1|lastcpupid=0x1fffff|kasantag=0xff|odd=?)\n"
			" 0xffffffff8120aa10\n ffffffc0081b2c3d\n (____ptrval____)\n\n",
			cases[i].words);
		parsed = parse_text(text);
		assert_int_equal(parsed.ret, 0);
		assert_int_equal(parsed.owners.nr, 1);
		assert_int_equal(parsed.stats.nr_unknown_lines, 0);
		assert_string_equal(parsed.owners.v[0].gfp, cases[i].gfp);
		check_pids(&parsed.owners.v[0], 9, 8, "sh", 7);
		assert_int_equal(parsed.owners.v[0].stack->nr, 3);
		assert_string_equal(parsed.owners.v[0].stack->frames[0], "0xffffffff8120aa10");
		done(&parsed);
	}
}

static void every_migrate_reason_and_memcg_line_is_known(void **state)
{
	static const char *const reasons[] = {
		"compaction",	   "memory_failure", "memory_hotplug",	     "syscall_or_cpuset",
		"mempolicy_mbind", "numa_misplaced", "contig_range",	     "cma",
		"longterm_pin",	   "demotion",	     "of some later kernel",
	};
	static const char *const charges[] = {
		"",
		"Slab cache page\n",
		"Charged to memcg init.scope\n",
		"Charged (via objcg) to memcg system.slice\n",
		"Slab cache page\nCharged (via objcg) to offline memcg a b\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		for (size_t j = 0; j < sizeof(charges) / sizeof(charges[0]); j++) {
			char text[1024];
			struct parsed parsed;

			snprintf(
				text, sizeof(text),
				MASK
				"\n" PFN FRAMES
				"Page has been migrated, last migrate reason: %s\n%shandle: 12\n\n",
				reasons[i], charges[j]);
			parsed = parse_text(text);
			assert_int_equal(parsed.owners.nr, 1);
			assert_int_equal(parsed.stats.nr_unknown_lines, 0);
			assert_string_equal(parsed.owners.v[0].migrate_reason, reasons[i]);
			done(&parsed);
		}
	}
}

static void vendor_lines_are_passed_over_and_counted(void **state)
{
	struct parsed parsed = parse_text(
		MASK ", pid 9, tgid 8 (sh), ts 55 ns, vendor 3\nVendor: one\n" PFN
		     "Vendor: two\n" FRAMES "Vendor: three\n\nVendor: four\n\n" MASK "\n" PFN "\n");

	(void)state;
	assert_int_equal(parsed.ret, 0);
	assert_int_equal(parsed.owners.nr, 2);
	check_pids(&parsed.owners.v[0], 9, 8, "sh", 55);
	assert_int_equal(parsed.owners.v[0].stack->nr, 2);
	assert_int_equal(parsed.diag.nr_skipped, 5);
	assert_int_equal(parsed.diag.line, 1);
	done(&parsed);
}

static void the_first_line_that_is_not_understood_is_named(void **state)
{
	struct parsed parsed = parse_text(MASK "\n" PFN FRAMES "\n" MASK "\n" PFN "what?\nhm?\n\n");

	(void)state;
	assert_int_equal(parsed.diag.nr_skipped, 2);
	assert_int_equal(parsed.diag.line, 8);
	assert_true(parsed.diag.why[0]);
	done(&parsed);
}

static void a_cut_record_gives_what_is_certain(void **state)
{
	static const char text[] = MASK "\n" PFN FRAMES "\n" MASK "\n" PFN FRAMES "\n";
	const size_t second = (sizeof(text) - 1) / 2;

	(void)state;
	for (size_t len = second + 1; len < sizeof(text) - 1; len++) {
		struct parsed parsed = parse(text, len, 64);
		bool has_pfn_line = len >= second + strlen(MASK "\n" PFN);
		bool is_in_line = text[len - 1] != '\n';

		assert_int_equal(parsed.ret, 0);
		assert_int_equal(parsed.owners.nr, 1 + has_pfn_line);
		if (is_in_line || !has_pfn_line)
			assert_true(parsed.diag.nr_skipped > 0);
		/* No frame is cut in the middle. */
		if (has_pfn_line && parsed.owners.v[1].stack)
			assert_string_equal(parsed.owners.v[1].stack->frames[0], "alloc+0x1/0x2");
		done(&parsed);
	}
}

static void a_missing_blank_line_ends_no_record_too_late(void **state)
{
	struct parsed parsed = parse_text(MASK "\n" PFN FRAMES MASK "\n" MASK "\n" PFN FRAMES);

	(void)state;
	assert_int_equal(parsed.ret, 0);
	assert_int_equal(parsed.owners.nr, 2);
	assert_int_equal(parsed.owners.v[0].stack->nr, 2);
	assert_int_equal(parsed.diag.nr_skipped, 1); /* the header that nothing followed */
	done(&parsed);
}

static void carriage_returns_do_no_harm(void **state)
{
	struct parsed parsed = parse_text(
		MASK ", pid 9, tgid 8 (sh), ts 55 ns\r\n"
		     "PFN 5 type Movable Block 0 type CMA Flags 0x0()\r\n alloc+0x1/0x2\r\n\r\n");

	(void)state;
	assert_int_equal(parsed.owners.nr, 1);
	assert_int_equal(parsed.diag.nr_skipped, 0);
	check_pids(&parsed.owners.v[0], 9, 8, "sh", 55);
	assert_string_equal(parsed.owners.v[0].stack->frames[0], "alloc+0x1/0x2");
	done(&parsed);
}

/* Lines and headers without end, stacks without bottom. */
static void memory_does_not_follow_the_text(void **state)
{
	const size_t size = 4 * 1024 * 1024;
	char *text = malloc(size + 1), *at;
	struct parsed parsed;

	(void)state;
	memset(text, 'x', size);
	memcpy(text, MASK "\n" PFN, strlen(MASK "\n" PFN));
	memcpy(text + size - strlen("\n\n" MASK "\n" PFN "\n"), "\n\n" MASK "\n" PFN "\n",
	       strlen("\n\n" MASK "\n" PFN "\n"));
	parsed = parse(text, size, 65536);
	assert_int_equal(parsed.owners.nr, 2);
	assert_int_equal(parsed.diag.nr_skipped, 1);
	assert_int_equal(parsed.diag.line, 3);
	done(&parsed);

	at = text + sprintf(text, "%s", MASK "\n" PFN);
	for (size_t i = 0; i < 10000; i++)
		at += sprintf(at, " f%zu+0x1/0x2\n", i);
	parsed = parse(text, (size_t)(at - text), 65536);
	assert_int_equal(parsed.owners.nr, 1);
	assert_true(parsed.owners.v[0].stack->nr < 100);
	assert_int_equal(parsed.diag.nr_skipped, 10000 - parsed.owners.v[0].stack->nr);
	done(&parsed);

	at = text + sprintf(text, "%s", MASK "\n");
	for (size_t i = 0; i < 10000; i++)
		at += sprintf(at, "line %zu\n", i);
	at += sprintf(at, "%s", MASK "\n" PFN "\n");
	parsed = parse(text, (size_t)(at - text), 65536);
	assert_int_equal(parsed.owners.nr, 1);
	assert_int_equal(parsed.diag.nr_skipped, 10001);
	assert_int_equal(parsed.diag.line, 1);
	done(&parsed);
	free(text);
}

static int stop_at_second(const struct lt_owner *owner, void *arg)
{
	(void)owner;
	return ++*(int *)arg == 2 ? 77 : 0;
}

static void the_callback_can_stop(void **state)
{
	static const char text[] = MASK "\n" PFN "\n" MASK "\n" PFN "\n" MASK "\n" PFN "\n";
	struct lt_strings *strings = lt_strings_new();
	struct lt_stacks *stacks = lt_stacks_new();
	int count = 0;
	struct lt_page_owner_sink sink = { strings, stacks, stop_at_second, &count };
	struct lt_page_owner *parser = lt_page_owner_new(&sink);

	(void)state;
	assert_int_equal(lt_page_owner_feed(parser, text, sizeof(text) - 1), 77);
	assert_int_equal(count, 2);
	lt_page_owner_free(parser);
	lt_stacks_free(stacks);
	lt_strings_free(strings);
}

struct totals {
	size_t nr_records, nr_unknown;
	uint64_t nr_pages, first_pfn, last_pfn;
	size_t nr_frames;
};

static void check_fixture(const char *path, const struct totals *want)
{
	static const size_t steps[] = { SIZE_MAX / 2, 4096, 61 };
	struct lt_buf buf = test_file(path);

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		struct parsed parsed = parse(buf.data, buf.len, steps[i]);
		uint64_t nr_pages = 0;
		size_t nr_frames = 0;

		assert_int_equal(parsed.ret, 0);
		lt_vec_each(owner, &parsed.owners) {
			nr_pages += 1ull << owner->order;
			nr_frames += owner->stack ? owner->stack->nr : 0;
		}
		assert_int_equal(parsed.stats.nr_records, want->nr_records);
		assert_int_equal(parsed.owners.nr, want->nr_records);
		assert_int_equal(parsed.stats.nr_unknown_lines, want->nr_unknown);
		assert_int_equal(nr_pages, want->nr_pages);
		assert_int_equal(nr_frames, want->nr_frames);
		assert_int_equal(parsed.owners.v[0].pfn, want->first_pfn);
		assert_int_equal(parsed.owners.v[parsed.owners.nr - 1].pfn, want->last_pfn);
		done(&parsed);
	}
	free(buf.data);
}

/* Figures from grep and awk. The last text ends inside the stack of its last record. */
static void the_kernels_own_texts_are_understood(void **state)
{
	(void)state;
	check_fixture(FIXTURES "v5.10-x86-custom-cmaheavy/page_owner.cma-records.txt",
		      &(struct totals){ 250, 0, 250, 0xb800, 0xb8f9, 2100 });
	check_fixture(FIXTURES "v5.10-x86-custom-cmaheavy/sys/kernel/debug/page_owner",
		      &(struct totals){ 300, 0, 300, 0x10, 0x1a2, 1200 });
	check_fixture(FIXTURES "v6.12-x86-custom/sys/kernel/debug/page_owner",
		      &(struct totals){ 622, 1, 751, 0x1a36, 0x250c, 8319 });
}

static void the_damaged_texts_are_counted(void **state)
{
	struct lt_buf buf = test_file(MALFORMED "page_owner/interleaved");
	struct parsed parsed = parse(buf.data, buf.len, 4096);

	(void)state;
	assert_int_equal(parsed.ret, 0);
	assert_int_equal(parsed.stats.nr_records, 2);
	assert_int_equal(parsed.owners.v[0].pfn, 47104);
	assert_int_equal(parsed.owners.v[1].pfn, 47106);
	assert_true(parsed.diag.nr_skipped > 0);
	free(buf.data);
	done(&parsed);
}

static bool num_is(struct lt_num a, struct lt_num b)
{
	return a.known == b.known && a.val == b.val;
}

static bool word_is(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static bool stack_is(const struct lt_stack *a, const struct lt_stack *b)
{
	bool is = (!a && !b) || (a && b && a->nr == b->nr);

	for (size_t i = 0; is && a && i < a->nr; i++)
		is = !strcmp(a->frames[i], b->frames[i]);
	return is;
}

static bool owner_is(const struct lt_owner *a, const struct lt_owner *b)
{
	return a->pfn == b->pfn && a->order == b->order && num_is(a->pid, b->pid) &&
	       num_is(a->tgid, b->tgid) && num_is(a->ts_ns, b->ts_ns) &&
	       word_is(a->comm, b->comm) && word_is(a->gfp, b->gfp) &&
	       word_is(a->migratetype, b->migratetype) &&
	       word_is(a->block_migratetype, b->block_migratetype) &&
	       word_is(a->migrate_reason, b->migrate_reason) && stack_is(a->stack, b->stack);
}

/* What lies in a chunk as a whole comes to the same as what is fed in pieces, line by line. */
static void check_whole_and_in_pieces(const char *text, size_t len)
{
	struct parsed whole = parse(text, len, len), pieces = parse(text, len, 7);

	if (whole.ret != pieces.ret || whole.owners.nr != pieces.owners.nr ||
	    whole.stats.nr_unknown_lines != pieces.stats.nr_unknown_lines ||
	    whole.diag.line != pieces.diag.line || strcmp(whole.diag.note, pieces.diag.note))
		fail_msg("%d, %zu records, line %u; in pieces %d, %zu, line %u: %s", whole.ret,
			 whole.owners.nr, whole.diag.line, pieces.ret, pieces.owners.nr,
			 pieces.diag.line, text);
	for (size_t i = 0; i < whole.owners.nr; i++)
		if (!owner_is(&whole.owners.v[i], &pieces.owners.v[i]))
			fail_msg("record %zu differs in: %s", i, text);
	done(&whole);
	done(&pieces);
}

#define RECORD(tail, body) MASK tail "\n" PFN body "\n"

/*
 * Records that begin like others, or are others' parts. What was understood once is known again by
 * its bytes: never where what follows gives them another meaning.
 */
static const char *const alike[] = {
	RECORD("", FRAMES),
	RECORD("", ""),
	RECORD("", "handle: 5\n"),
	RECORD("", "handle: 6\n"),
	RECORD("", FRAMES "handle: 5\n"),
	RECORD("", FRAMES "odd\n"),
	RECORD("", FRAMES "Page has been migrated, last migrate reason: cma\n"),
	RECORD("\r", " alloc+0x1/0x2\r\n\r\n"),
	RECORD("", " a\n\n b\n"),
	RECORD(", pid 9, tgid 8 (sh), ts 55 ns", FRAMES),
	RECORD(", pid 9, tgid 8 (sh), ts 55 ns, free_ts 1 ns", FRAMES),
	RECORD(", pid 9, tgid 8 (sh), ts 55 ns, vendor 3", FRAMES),
	RECORD(", pid 9, tgid 8 (sh), ts 1 ns), ts 55 ns", FRAMES),
	RECORD(", pid 9, tgid 8 (sh), ts 1 ns\n), ts 2 ns", FRAMES),
	RECORD(", pid 9, tgid 8 (s\n\nh), ts 55 ns", FRAMES),
	RECORD(", pid 9, tgid 8 (sh\\), ts 55 ns", FRAMES),
	RECORD(", pid 9, tgid 8 (sh\\x5c), ts 55 ns", FRAMES),
	RECORD(", pid 9, tgid 8 (sh\x01), ts 55 ns", FRAMES),
	RECORD(", pid 9, tgid 8 (\x1c), ts 55 ns", FRAMES),
	RECORD(", pid 9, tgid 8 (\\), ts 55 ns", FRAMES),
	RECORD(", pid -1, tgid -1 (), ts 55 ns", FRAMES),
	RECORD(", pid 9, tgid 8 (sh), ts 99999999999999999999 ns", FRAMES),
	RECORD(", pid 9, tgid 8 (sh), ts 18446744073709551615 ns", FRAMES),
	"Page allocated via order 2, mask 0x1((ptrval)), pid 9, tgid 8 (sh), ts 5 ns\n" PFN FRAMES
	"\n",
	"Page allocated via order 2, mask 0x1((ptrval), pid 9, tgid 8 (sh), ts 5 ns\n" PFN FRAMES
	"\n",
	"Page allocated via order 2, mask 0x1(), pid 9, tgid 8 (sh), ts 5 ns\n" PFN FRAMES "\n",
	"Page allocated via order 2, mask 0x1\n" PFN FRAMES "\n",
	"Page allocated via order 3, mask 0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP)\n" PFN FRAMES
	"\n",
	MASK "\nPFN 0x1a36 type Movable Block 13 type CMA Flags\n" FRAMES "\n",
	MASK "\nPFN 0x1a36 type Movable Block x type CMA Flags 0x0()\n" FRAMES "\n",
	MASK "\nPFN 6710 type Movable Block 13 type Isolate Flags 0x0()\n" FRAMES "\n",
	MASK "\nPFN 6710 type Mov\\able Block 13 type CMA Flags 0x0()\n" FRAMES "\n",
};

static const char *const parts[] = {
	MASK "\n", MASK "\n\n", PFN FRAMES "\n", " frame+0x1/0x2\n\n", "\n", "odd\n", "odd\n\n",
};

#define NR_ALIKE (sizeof(alike) / sizeof(alike[0]))
#define NR_PARTS (sizeof(parts) / sizeof(parts[0]))

static const char *alike_or_part(size_t i)
{
	return i < NR_ALIKE ? alike[i] : parts[i - NR_ALIKE];
}

static void what_is_known_again_is_the_same(void **state)
{
	char text[4096];

	(void)state;
	for (size_t i = 0; i < NR_ALIKE + NR_PARTS; i++) {
		for (size_t j = 0; j < NR_ALIKE + NR_PARTS; j++) {
			const char *one = alike_or_part(i), *other = alike_or_part(j);
			int len = snprintf(text, sizeof(text), "%s%s%s%s%s%s", alike[0], one, other,
					   one, other, alike[0]);

			check_whole_and_in_pieces(text, (size_t)len);
		}
	}
}

/* Here the second frame stands where a body would, and is none. */
static void a_part_of_a_stack_is_not_taken_for_a_body(void **state)
{
	static const char text[] =
		MASK "\n\n\n" PFN FRAMES "\n" RECORD("", " fault+0x3/0x4 [mod]\n");

	(void)state;
	check_whole_and_in_pieces(text, sizeof(text) - 1);
}

/* A record comes to the same after any other as alone. */
static void check_after(const char *before, const char *record)
{
	char text[2048];
	struct parsed alone = parse_text(record), both, first = parse_text(before);

	snprintf(text, sizeof(text), "%s%s", before, record);
	both = parse_text(text);
	if (both.owners.nr != first.owners.nr + alone.owners.nr ||
	    both.stats.nr_unknown_lines !=
		    first.stats.nr_unknown_lines + alone.stats.nr_unknown_lines ||
	    (alone.owners.nr &&
	     !owner_is(&both.owners.v[both.owners.nr - 1], &alone.owners.v[alone.owners.nr - 1])))
		fail_msg("%zu records, %zu lines not understood: %s", both.owners.nr,
			 (size_t)both.stats.nr_unknown_lines, text);
	done(&alone);
	done(&both);
	done(&first);
}

static void what_came_before_makes_no_difference(void **state)
{
	(void)state;
	for (size_t i = 0; i < NR_ALIKE; i++)
		for (size_t j = 0; j < NR_ALIKE; j++)
			check_after(alike[i], alike[j]);
}

/* Stacks whose sampled words are alike: they are told apart, and none is looked for long. */
static void bodies_of_one_hash_stay_apart(void **state)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	struct parsed parsed;

	(void)state;
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < 64; i++)
			fprintf(out,
				MASK
				"\n" PFN
				" aaaaaaaaaaaaaaaaaaaaaaaaaaaa%02dbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
				"cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"
				"dddddddddddddddddddddddddddddddddddddddddddddddddddddddd\n\n",
				i);
	fclose(out);
	parsed = parse(text, len, len);
	assert_int_equal(parsed.owners.nr, 128);
	for (size_t i = 0; i < 64; i++) {
		assert_ptr_equal(parsed.owners.v[i].stack, parsed.owners.v[i + 64].stack);
		assert_true(!i || parsed.owners.v[i].stack != parsed.owners.v[i - 1].stack);
	}
	done(&parsed);
	free(text);
}

static void fixtures_come_to_the_same_whole_and_in_pieces(void **state)
{
	static const char *const names[] = {
		FIXTURES "v6.12-x86-custom/sys/kernel/debug/page_owner",
		FIXTURES "v5.10-x86-custom-cmaheavy/page_owner.cma-records.txt",
		FIXTURES "v5.10-arm64-areas/sys/kernel/debug/page_owner",
		FIXTURES "v6.1-x86_64-pinned/sys/kernel/debug/page_owner",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct lt_buf buf = test_file(names[i]);

		check_whole_and_in_pieces(buf.data, buf.len);
		free(buf.data);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_without_a_record_fails),
		cmocka_unit_test(every_kernels_first_line_is_understood),
		cmocka_unit_test(a_record_is_taken_whole),
		cmocka_unit_test(decimal_and_hexadecimal_pfns_differ),
		cmocka_unit_test(a_hostile_name_cannot_forge_a_record),
		cmocka_unit_test(hashed_flags_and_raw_addresses_are_kept_apart),
		cmocka_unit_test(every_migrate_reason_and_memcg_line_is_known),
		cmocka_unit_test(vendor_lines_are_passed_over_and_counted),
		cmocka_unit_test(the_first_line_that_is_not_understood_is_named),
		cmocka_unit_test(a_cut_record_gives_what_is_certain),
		cmocka_unit_test(a_missing_blank_line_ends_no_record_too_late),
		cmocka_unit_test(carriage_returns_do_no_harm),
		cmocka_unit_test(memory_does_not_follow_the_text),
		cmocka_unit_test(the_callback_can_stop),
		cmocka_unit_test(the_kernels_own_texts_are_understood),
		cmocka_unit_test(the_damaged_texts_are_counted),
		cmocka_unit_test(what_is_known_again_is_the_same),
		cmocka_unit_test(a_part_of_a_stack_is_not_taken_for_a_body),
		cmocka_unit_test(what_came_before_makes_no_difference),
		cmocka_unit_test(bodies_of_one_hash_stay_apart),
		cmocka_unit_test(fixtures_come_to_the_same_whole_and_in_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
