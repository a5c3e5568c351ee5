// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests files of pages: source module-files, mountinfo, and the words for them. */
#include "tree.h"

#include "analyse/words_file.h"
#include "source/mountinfo.h"

#define DEV(major, minor) ((uint32_t)(major) << LT_MINOR_BITS | (minor))

static const char mounts[] =
	"21 27 0:20 / /proc rw,nosuid shared:12 - proc proc rw\n"
	"26 1 254:1 / / rw,relatime shared:1 master:2 - ext4 /dev/vda1 rw,errors=remount-ro\n"
	"30 26 254:16 / /mnt/with\\040blank rw - ext2 /dev/vdb rw\n"
	"31 26 254:16 /sub /again ro - ext3 /dev/vdb rw\n";

static const char *mounted_from(const char *text, size_t len, uint32_t dev)
{
	static char type[32];
	struct lt_span span;

	if (!lt_mountinfo_find(text, len, dev, &span))
		return NULL;
	snprintf(type, sizeof(type), "%.*s", (int)span.len, span.p);
	return type;
}

static void what_is_mounted_is_found(void **state)
{
	(void)state;
	assert_string_equal(mounted_from(mounts, strlen(mounts), DEV(254, 1)), "ext4");
	assert_string_equal(mounted_from(mounts, strlen(mounts), DEV(254, 16)), "ext2");
	assert_string_equal(mounted_from(mounts, strlen(mounts), DEV(0, 20)), "proc");
	assert_null(mounted_from(mounts, strlen(mounts), DEV(254, 2)));
	assert_null(mounted_from("", 0, DEV(254, 1)));
}

/* Each beginning of it: of lines that are not whole nothing is taken. */
static void a_cut_table_says_less(void **state)
{
	const size_t whole = (size_t)(strchr(strchr(mounts, '\n') + 1, '\n') - mounts) + 1;

	(void)state;
	for (size_t len = 0; len <= strlen(mounts); len++) {
		char *copy = malloc(len + 1); /* exactly: a sanitizer sees what is read past it */

		assert_non_null(copy);
		memcpy(copy, mounts, len);
		assert_int_equal(!!mounted_from(copy, len, DEV(254, 1)), len >= whole);
		free(copy);
	}
}

static void nonsense_is_no_mount(void **state)
{
	static const char *const lines[] = {
		"26 1 254:1 / / rw ext4 /dev/vda1\n",
		"26 1 254: / / rw - ext4 x rw\n",
		"26 1 254 / / rw - ext4 x rw\n",
		"26 1 254:1048577 / / rw - ext4 x rw\n",
		"26 1 99999999999999999999:1 / / rw - ext4 x rw\n",
		"26\n\n - \n26 1 254:1 -\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_null(mounted_from(lines[i], strlen(lines[i]), DEV(254, 1)));
}

/* Source */

static struct lt_snapshot read_files(const char *answer, uint64_t pfn, int want)
{
	struct lt_diag diag = { 0 };
	struct lt_snapshot snap;
	struct lt_pin *pin;

	tree_write("ltpin/module-files.json", answer, strlen(answer));
	snap = tree_snapshot(tree_dir);
	snap.page_files = lt_page_files_new();
	pin = lt_vec_push(&snap.pins);
	*pin = (struct lt_pin){ .pfn = pfn, .nr_pages = 2 };
	assert_int_equal(lt_source_module_files.read(&snap, &diag), want);
	return snap;
}

static void done(struct lt_snapshot *snap)
{
	lt_pins_free(&snap->pins);
	lt_page_files_free(snap->page_files);
	tree_done(snap);
}

#define ANSWER(records)                                                                         \
	"{ \"schema\": \"ltpin.answer/1\", \"source\": \"module-files\", \"files\": [ " records \
	" ], \"result\": { \"errno\": 0 } }"

static void a_capture_has_the_files(void **state)
{
	struct lt_snapshot snap = read_files(
		ANSWER("{ \"pfn\": 257, \"fs\": \"ext2\", \"device\": \"vda\", \"path\": "
		       "\"/a\\u001b[2J\", \"dev\": \"254:3\", \"inode\": 12, \"index\": 7, "
		       "\"is_deleted\": false }, { \"pfn\": 9, \"fs\": \"x\", \"dev\": \"0:1\", "
		       "\"inode\": 1 }"),
		256, 0);
	const struct lt_page_file *file = snap.pins.v[0].file;

	(void)state;
	assert_non_null(file);
	assert_string_equal(file->fs_type, "ext2");
	assert_string_equal(file->device, "vda");
	assert_string_equal(file->path, "/a\\x1b[2J");
	assert_int_equal(file->dev, DEV(254, 3));
	assert_int_equal(file->inode, 12);
	assert_num(file->index, 7);
	assert_false(file->is_block_device);
	assert_false(file->nr_buffers.known);
	assert_null(file->mounted);
	done(&snap);
}

static void a_bad_record_is_refused(void **state)
{
	static const char *const answers[] = {
		ANSWER("{ \"fs\": \"ext2\", \"dev\": \"254:3\", \"inode\": 12 }"),
		ANSWER("{ \"pfn\": 256, \"fs\": \"ext2\", \"inode\": 12 }"),
		ANSWER("{ \"pfn\": 256, \"fs\": \"ext2\", \"dev\": \"254:3x\", \"inode\": 12 }"),
		ANSWER("{ \"pfn\": 256, \"fs\": \"ext2\", \"dev\": \"254\", \"inode\": 12 }"),
		ANSWER("{ \"pfn\": 256, \"fs\": \"ext2\", \"dev\": \"254:3\" }"),
		ANSWER("{ \"pfn\": 256, \"dev\": \"254:3\", \"inode\": 12 }"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		struct lt_snapshot snap = read_files(answers[i], 256, -EBADMSG);

		assert_null(snap.pins.v[0].file);
		done(&snap);
	}
}

/* Each file is kept once, however often it is read. */
static void equal_files_are_one(void **state)
{
	struct lt_page_files *pool = lt_page_files_new();
	struct lt_page_file file = { .fs_type = "ext2", .inode = 3, .index = lt_num(0) };
	const struct lt_page_file *first = lt_page_files_add(pool, &file);

	(void)state;
	assert_ptr_equal(lt_page_files_add(pool, &file), first);
	file.index = (struct lt_num){ 0 };
	assert_ptr_not_equal(lt_page_files_add(pool, &file), first);
	file.index = lt_num(0);
	file.nr_held = lt_num(1);
	assert_ptr_not_equal(lt_page_files_add(pool, &file), first);
	lt_page_files_free(pool);
}

/* Words */

static const struct {
	struct lt_page_file file;
	const char *words;
} said[] = {
	{ { .fs_type = "ext2", .device = "vda", .path = "/x.bin", .inode = 12 },
	  "page cache of /x.bin (ext2 on vda, inode 12)" },
	{ { .fs_type = "tmpfs", .device = "tmpfs", .is_deleted = true, .inode = 3 },
	  "page cache of a file without a name (tmpfs, inode 3)" },
	{ { .fs_type = "nfs", .inode = 4 }, "page cache of a file (nfs, inode 4)" },
	{ { .is_block_device = true, .dev = DEV(8, 1) }, "page cache of block device 8:1" },
	{ { .is_block_device = true, .device = "sda1", .mounted = "vfat" },
	  "page cache of block device sda1 (vfat is mounted from it)" },
	{ { .is_block_device = true,
	    .device = "vda",
	    .mounted = "ext4",
	    .nr_buffers = { 4, true },
	    .nr_held = { 1, true },
	    .nr_private = { 1, true } },
	  "page cache of block device vda (ext4 is mounted from it; 1 of its 4 buffers is held, by "
	  "the journal)" },
	{ { .is_block_device = true,
	    .device = "vda",
	    .mounted = "ext4",
	    .nr_buffers = { 4, true },
	    .nr_held = { 3, true },
	    .nr_private = { 1, true } },
	  "page cache of block device vda (ext4 is mounted from it; 3 of its 4 buffers are held, 1 "
	  "of them by the journal)" },
	{ { .is_block_device = true,
	    .device = "vda",
	    .mounted = "ext4",
	    .nr_buffers = { 1, true },
	    .nr_held = { 1, true },
	    .nr_private = { 0, true } },
	  "page cache of block device vda (ext4 is mounted from it; its buffer is held)" },
	/* What the bit is there nobody knows. */
	{ { .is_block_device = true,
	    .device = "vda",
	    .mounted = "gfs2",
	    .nr_buffers = { 4, true },
	    .nr_held = { 2, true },
	    .nr_private = { 2, true } },
	  "page cache of block device vda (gfs2 is mounted from it; 2 of its 4 buffers are held)" },
	{ { .is_block_device = true,
	    .device = "vda",
	    .nr_buffers = { 4, true },
	    .nr_held = { 0, true },
	    .nr_private = { 0, true } },
	  "page cache of block device vda (none of its 4 buffers is held)" },
};

static void no_more_is_said_than_is_known(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
		char *words = lt_words_file(&said[i].file);

		assert_string_equal(words, said[i].words);
		free(words);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_mounted_is_found),
		cmocka_unit_test(a_cut_table_says_less),
		cmocka_unit_test(nonsense_is_no_mount),
		cmocka_unit_test_setup_teardown(a_capture_has_the_files, tree_setup, tree_teardown),
		cmocka_unit_test_setup_teardown(a_bad_record_is_refused, tree_setup, tree_teardown),
		cmocka_unit_test(equal_files_are_one),
		cmocka_unit_test(no_more_is_said_than_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
