// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/model/dma_buf.c. */
#include "tree.h"

#include "source/process/dma_buf.h"
#include "source/source.h"

#define BUFINFO "sys/kernel/debug/dma_buf/bufinfo"

#define HEAD_5_10 "\nDma-buf Objects:\nsize    \tflags   \tmode    \tcount   \texp_name\tino     \n"
#define HEAD_6_12 \
	"\nDma-buf Objects:\nsize    \tflags   \tmode    \tcount   \texp_name\tino     \tname\n"

#define FIRST "08294400\t00000002\t00080007\t00000003\tsystem\t00000023\tframe 1\n"
#define SECOND "00004096\t00000002\t00080007\t00000001\tvideobuf2_dma_contig\t00000024\t"

static const char v5_10[] = HEAD_5_10 FIRST
	"\tExclusive fence: v3d v3d-bin signalled\n"
	"\tShared fence: v3d v3d-render unsignalled\n"
	"\tAttached Devices:\n\tfe801000.csi\n\tfec00000.v3d\nTotal 2 devices attached\n\n" SECOND
	"\n\tAttached Devices:\nTotal 0 devices attached\n\n"
	"\nTotal 2 objects, 8298496 bytes\n";

static const char v6_12[] = HEAD_6_12 FIRST
	"\twrite fence:v3d v3d-bin seq 5 signalled\n"
	"\tAttached Devices:\n\tfe801000.csi\n\tfec00000.v3d\nTotal 2 devices attached\n\n" SECOND
	"<none>\n\tAttached Devices:\nTotal 0 devices attached\n\n"
	"\nTotal 2 objects, 8298496 bytes\n";

/* What the lab's 5.10 and 6.12 printed of three buffers of udmabuf, the second without a name. */
#define CAPTURED(nameless, first, second, third)                                      \
	"00065536\t00000002\t00080007\t00000001\tudmabuf\t" third "\toverlay\n"       \
	"\tAttached Devices:\nTotal 0 devices attached\n\n"                           \
	"01048576\t00000002\t00080007\t00000002\tudmabuf\t" second "\t" nameless "\n" \
	"\tAttached Devices:\nTotal 0 devices attached\n\n"                           \
	"00262144\t00000002\t00080007\t00000002\tudmabuf\t" first "\tpreview\n"       \
	"\tAttached Devices:\nTotal 0 devices attached\n\n"                           \
	"\nTotal 3 objects, 1376256 bytes\n"

static const char captured_5_10[] = HEAD_5_10 CAPTURED("", "00003094", "00003095", "00003096");
static const char captured_6_12[] =
	HEAD_6_12 CAPTURED("<none>", "00000001", "00000002", "00000003");

struct parsed {
	struct lt_strings *strings;
	struct lt_dma_bufs bufs;
	struct lt_diag diag;
	int err;
};

static struct parsed parse(const char *text, size_t len)
{
	struct parsed parsed = { .strings = lt_strings_new() };

	parsed.err = lt_dma_buf_parse(text, len, parsed.strings, &parsed.bufs, &parsed.diag);
	if (parsed.err)
		assert_int_equal(parsed.bufs.nr, 0);
	return parsed;
}

static void done(struct parsed *parsed)
{
	lt_dma_bufs_free(&parsed->bufs);
	lt_strings_free(parsed->strings);
}

static void check_captured(const char *text, uint64_t first_ino)
{
	static const char *const names[] = { "overlay", NULL, "preview" };
	static const uint64_t sizes[] = { 65536, 1048576, 262144 };
	struct parsed parsed = parse(text, strlen(text));

	assert_int_equal(parsed.err, 0);
	assert_string_equal(parsed.diag.why, "");
	assert_int_equal(parsed.bufs.nr, 3);
	for (size_t i = 0; i < 3; i++) {
		const struct lt_dma_buf *buf = &parsed.bufs.v[i];

		assert_string_equal(buf->exporter, "udmabuf");
		assert_int_equal(buf->size, sizes[i]);
		assert_num(buf->ino, first_ino + 2 - i);
		assert_num(buf->nr_refs, i ? 2 : 1);
		if (names[i])
			assert_string_equal(buf->name, names[i]);
		else
			assert_null(buf->name);
	}
	done(&parsed);
}

static void real_kernels_are_understood(void **state)
{
	(void)state;
	check_captured(captured_5_10, 3094);
	check_captured(captured_6_12, 1);
}

static void check_kernel(const char *text)
{
	struct parsed parsed = parse(text, strlen(text));
	const struct lt_dma_buf *first = parsed.bufs.v;

	assert_int_equal(parsed.err, 0);
	assert_string_equal(parsed.diag.why, "");
	assert_int_equal(parsed.diag.nr_skipped, 0);
	assert_int_equal(parsed.bufs.nr, 2);
	assert_int_equal(first->size, 8294400);
	assert_num(first->nr_refs, 3);
	assert_num(first->ino, 23);
	assert_string_equal(first->exporter, "system");
	assert_string_equal(first->name, "frame 1");
	assert_int_equal(first->devices.nr, 2);
	assert_string_equal(first->devices.v[1], "fec00000.v3d");
	assert_string_equal(first[1].exporter, "videobuf2_dma_contig");
	assert_null(first[1].name);
	assert_int_equal(first[1].devices.nr, 0);
	assert_ptr_equal(lt_dma_bufs_find(&parsed.bufs, 24), &first[1]);
	assert_null(lt_dma_bufs_find(&parsed.bufs, 25));
	done(&parsed);
}

static void both_kernels_formats(void **state)
{
	(void)state;
	check_kernel(v5_10);
	check_kernel(v6_12);
}

static void no_buffers_are_no_failure(void **state)
{
	static const char text[] = HEAD_6_12 "\nTotal 0 objects, 0 bytes\n";
	struct parsed parsed = parse(text, strlen(text));

	(void)state;
	assert_int_equal(parsed.err, 0);
	assert_string_equal(parsed.diag.why, "");
	assert_int_equal(parsed.bufs.nr, 0);
	done(&parsed);
}

static void text_without_a_heading_is_refused(void **state)
{
	static const char *const texts[] = { "", "\n", "\1\2\xff\n", FIRST,
					     "Total 0 objects, 0 bytes\n" };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct parsed parsed = parse(texts[i], strlen(texts[i]));

		assert_int_equal(parsed.err, -EBADMSG);
		assert_non_null(strstr(parsed.diag.why, "no heading"));
		done(&parsed);
	}
}

static void what_is_missing_is_told(void **state)
{
	struct parsed parsed;

	(void)state;
	for (size_t len = strlen(HEAD_6_12); len < strlen(v6_12); len++) {
		parsed = parse(v6_12, len);
		assert_int_equal(parsed.err, 0);
		assert_true(parsed.diag.why[0]);
		lt_vec_each(buf, &parsed.bufs)
			assert_true(buf->size == 8294400 || buf->size == 4096);
		done(&parsed);
	}
	parsed = parse(HEAD_6_12 FIRST "\nTotal 2 objects, 8298496 bytes\n",
		       strlen(HEAD_6_12 FIRST "\nTotal 2 objects, 8298496 bytes\n"));
	assert_non_null(strstr(parsed.diag.why, "the total is not that"));
	done(&parsed);
}

/* A name has 31 bytes, and a process chooses them. */
static void a_hostile_name_cannot_forge_a_buffer(void **state)
{
	static const char *const names[] = {
		"\n1\t0\t0\t1\tevil\t1\t\n",
		"\n00000001\t00000000\t00000000\t",
		"a\nTotal 9 objects, 9 bytes",
		"\n\tAttached Devices:\n\tevil-dev",
		"\nTotal 0 devices attached",
		"\x1b[31m\xff",
		"\t\t\t\t",
		"\nDma-buf Objects:\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct parsed parsed;
		char text[1024];

		assert_true(strlen(names[i]) < 32);
		snprintf(text, sizeof(text),
			 HEAD_6_12 SECOND
			 "%s\n\tAttached Devices:\n\tgood-dev\n"
			 "Total 1 devices attached\n\n\nTotal 1 objects, 4096 bytes\n",
			 names[i]);
		parsed = parse(text, strlen(text));
		assert_int_equal(parsed.err, 0);
		assert_int_equal(parsed.bufs.nr, 1);
		assert_int_equal(parsed.bufs.v[0].devices.nr, 1);
		assert_string_equal(parsed.bufs.v[0].devices.v[0], "good-dev");
		assert_string_equal(parsed.diag.why, "");
		done(&parsed);
	}
}

static int parse_fdinfo(const char *text, struct lt_strings *strings, struct lt_dma_buf *out)
{
	return lt_dma_buf_parse_fdinfo(text, strlen(text), strings, out);
}

static void fdinfo_of_both_kernels(void **state)
{
	struct lt_strings *strings = lt_strings_new();
	struct lt_dma_buf buf = { 0 };

	(void)state;
	assert_int_equal(parse_fdinfo("pos:\t0\nflags:\t02000002\nmnt_id:\t9\nino:\t23\n"
				      "size:\t8294400\ncount:\t2\nexp_name:\tsystem\nname:\tf\n"
				      "size:\t1\nino:\t1\n",
				      strings, &buf),
			 1);
	assert_int_equal(buf.size, 8294400);
	assert_num(buf.ino, 23);
	assert_num(buf.nr_refs, 2);
	assert_string_equal(buf.exporter, "system");
	assert_string_equal(buf.name, "f");
	assert_int_equal(parse_fdinfo("pos:\t0\nflags:\t02\nmnt_id:\t9\nsize:\t4096\ncount:\t1\n"
				      "exp_name:\tudmabuf\n",
				      strings, &buf),
			 1);
	assert_unknown(buf.ino);
	assert_null(buf.name);
	buf.size = 7;
	assert_int_equal(parse_fdinfo("pos:\t0\nflags:\t02\nmnt_id:\t9\nino:\t5\n", strings, &buf),
			 0);
	assert_int_equal(parse_fdinfo("size:\t1\n", strings, &buf), 0);
	assert_int_equal(parse_fdinfo("exp_name:\tx\n", strings, &buf), 0);
	assert_int_equal(parse_fdinfo("", strings, &buf), 0);
	assert_int_equal(buf.size, 7);
	lt_strings_free(strings);
}

static struct lt_snapshot snapshot(void)
{
	struct lt_snapshot snap = tree_snapshot(tree_dir);

	snap.kernel.page_size = lt_num(4096);
	return snap;
}

static void write_text(const char *path, const char *text)
{
	tree_write(path, text, strlen(text));
}

static void exporters_are_summed_up(void **state)
{
	struct lt_snapshot snap;
	struct lt_diag diag = { 0 };

	(void)state;
	write_text(BUFINFO, HEAD_6_12 FIRST
		   "\tAttached Devices:\n\tcsi\nTotal 1 devices attached\n\n"
		   "00004096\t00000002\t00080007\t00000001\tsystem\t00000025\t<none>\n"
		   "\tAttached Devices:\n\tcsi\n\tisp\nTotal 2 devices attached\n\n" SECOND
		   "\n\tAttached Devices:\nTotal 0 devices attached\n\n"
		   "\nTotal 3 objects, 8302592 bytes\n");
	snap = snapshot();
	assert_int_equal(lt_source_dma_buf.read(&snap, &diag), 0);
	assert_string_equal(diag.why, "");
	assert_int_equal(snap.holders.nr, 2);
	assert_string_equal(snap.holders.v[0].name, "system");
	assert_num(snap.holders.v[0].nr_pages, 2025 + 1);
	assert_num(snap.holders.v[0].nr_buffers, 2);
	assert_int_equal(snap.holders.v[0].devices.nr, 2);
	assert_int_equal(snap.holders.v[0].area, LT_NO_AREA);
	assert_unknown(snap.holders.v[0].pid);
	tree_done(&snap);
}

#define FDINFO \
	"pos:\t0\nflags:\t02\nmnt_id:\t9\nino:\t%d\nsize:\t4096\ncount:\t2\nexp_name:\tsystem\n"

static void write_fdinfo(int pid, int fd, int ino)
{
	char path[64], text[256];

	snprintf(path, sizeof(path), "proc/%d/fdinfo/%d", pid, fd);
	snprintf(text, sizeof(text), FDINFO, ino);
	write_text(path, text);
	snprintf(path, sizeof(path), "proc/%d/comm", pid);
	write_text(path, "hal\n");
}

static const struct lt_holder *find_user(const struct lt_snapshot *snap, uint64_t pid)
{
	lt_vec_each(holder, &snap->holders)
		if (holder->pid.known && holder->pid.val == pid)
			return holder;
	fail_msg("no holder of process %d", (int)pid);
	return NULL;
}

/* Without bufinfo: two processes share a buffer, one has it open twice. */
static void processes_are_summed_up(void **state)
{
	struct lt_snapshot snap;
	struct lt_diag diag = { 0 };

	(void)state;
	write_fdinfo(812, 3, 23);
	write_fdinfo(812, 4, 23);
	write_fdinfo(812, 5, 24);
	write_fdinfo(301, 3, 23);
	write_text("proc/301/fdinfo/4", "pos:\t0\nflags:\t02\nmnt_id:\t9\nino:\t5\n");
	snap = snapshot();
	assert_int_equal(lt_source_dma_buf_users.read(&snap, &diag), 0);
	assert_non_null(strstr(diag.note, "bufinfo was not read"));
	assert_int_equal(snap.holders.nr, 3);
	assert_num(find_user(&snap, 812)->nr_buffers, 2);
	assert_num(find_user(&snap, 812)->nr_pages, 2);
	assert_string_equal(find_user(&snap, 812)->comm, "hal");
	assert_num(find_user(&snap, 301)->nr_buffers, 1);
	lt_holders_sort(&snap.holders);
	assert_unknown(snap.holders.v[0].pid);
	assert_num(snap.holders.v[0].nr_buffers, 2);
	tree_done(&snap);
}

/* A buffer that is only mapped any more is known by its inode number. */
static void mappings_count_too(void **state)
{
	struct lt_snapshot snap;
	struct lt_diag diag = { 0 };

	(void)state;
	write_text(BUFINFO, v6_12);
	write_fdinfo(812, 3, 23);
	write_text("proc/812/maps", "1000-2000 rw-s 00000000 00:0c 23 /dmabuf:frame 1\n"
				    "3000-4000 rw-s 00000000 00:0c 24 /dmabuf:\n"
				    "5000-6000 rw-s 00000000 00:0c 99 /dmabuf:\n"
				    "7000-8000 rw-p 00000000 00:00 24 /lib/x\n");
	snap = snapshot();
	assert_int_equal(lt_source_dma_buf.read(&snap, &diag), 0);
	assert_int_equal(lt_source_dma_buf_users.read(&snap, &diag), 0);
	assert_int_equal(snap.holders.nr, 4);
	assert_num(find_user(&snap, 812)->nr_buffers, 1);
	tree_done(&snap);
}

static void they_may_be_absent(void **state)
{
	struct lt_snapshot snap = snapshot();
	struct lt_diag diag = { 0 };

	(void)state;
	assert_int_equal(lt_source_dma_buf.read(&snap, &diag), -ENOENT);
	assert_int_equal(lt_source_dma_buf_users.read(&snap, &diag), -ENOENT);
	assert_true(diag.why[0]);
	tree_done(&snap);
}

#define tree_test(f) cmocka_unit_test_setup_teardown(f, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(real_kernels_are_understood),
		cmocka_unit_test(both_kernels_formats),
		cmocka_unit_test(no_buffers_are_no_failure),
		cmocka_unit_test(text_without_a_heading_is_refused),
		cmocka_unit_test(what_is_missing_is_told),
		cmocka_unit_test(a_hostile_name_cannot_forge_a_buffer),
		cmocka_unit_test(fdinfo_of_both_kernels),
		tree_test(exporters_are_summed_up),
		tree_test(processes_are_summed_up),
		tree_test(mappings_count_too),
		tree_test(they_may_be_absent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
