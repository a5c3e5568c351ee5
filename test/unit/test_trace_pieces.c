// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/source/trace/trace_pieces.c: a text gives the same in pieces as in memory. */
#include "test.h"

#include <errno.h>
#include <unistd.h>

#include "base/array_size.h"
#include "source/trace/trace.h"
#include "source/trace/trace_pieces.h"

/* A piece of a long text is never longer, where no event is. */
#define PIECE_MAX ((size_t)512 * 1024)

#define BROKEN                                                                                    \
	" camera-812   [000] .....    10.000001: cma_alloc_start: name=cma0\n count=16 align=0\n" \
	" camera-812   [000] .....    10.000002: cma_alloc_finish: name=cma0\n pfn=0x0 page=0 "   \
	"count=16 align=0 errorno=-16\n"

struct text {
	char *p;
	size_t len;
};

/* @shift bytes, then @what until it is longer than a piece. */
static struct text repeat(const char *what, size_t len, size_t shift)
{
	struct text text = { .p = malloc(2 * PIECE_MAX) };

	assert_non_null(text.p);
	memset(text.p, '#', shift);
	text.p[shift] = '\n';
	for (text.len = shift + 1; text.len < PIECE_MAX; text.len += len)
		memcpy(text.p + text.len, what, len);
	return text;
}

static int open_text(const struct text *text)
{
	int fd = lt_file_open_nameless(NULL);

	assert_true(fd >= 0);
	assert_int_equal(lt_file_write_all(fd, text->p, text->len), 0);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static void assert_same(const struct lt_attempts *a, const struct lt_attempts *b)
{
	assert_true(a->nr);
	assert_int_equal(a->nr, b->nr);
	for (size_t i = 0; i < a->nr; i++) {
		assert_int_equal(a->v[i].ts_ns.val, b->v[i].ts_ns.val);
		assert_ptr_equal(a->v[i].stack, b->v[i].stack);
		assert_ptr_equal(a->v[i].area_name, b->v[i].area_name);
		assert_int_equal(a->v[i].err.val, b->v[i].err.val);
		assert_int_equal(a->v[i].is_open, b->v[i].is_open);
		assert_int_equal(a->v[i].tries.nr, b->v[i].tries.nr);
	}
}

static void check(const struct text *text)
{
	struct lt_trace_input file = { .fd = open_text(text) };
	struct lt_strings *strings = lt_strings_new();
	struct lt_stacks *stacks = lt_stacks_new();
	struct lt_attempts whole = { 0 }, pieces = { 0 };
	struct lt_record whole_record, pieces_record;
	struct lt_diag whole_diag = { 0 }, pieces_diag = { 0 };

	assert_int_equal(lt_trace_parse(text->p, text->len, strings, stacks, &whole, &whole_record,
					NULL, NULL, &whole_diag),
			 0);
	assert_int_equal(lt_trace_read(&file, strings, stacks, &pieces, &pieces_record, NULL, NULL,
				       &pieces_diag),
			 0);
	assert_same(&whole, &pieces);
	assert_int_equal(whole_record.to_ns.val, pieces_record.to_ns.val);
	assert_int_equal(whole_record.nr_lost.known, pieces_record.nr_lost.known);
	assert_int_equal(whole_diag.nr_skipped, pieces_diag.nr_skipped);
	assert_string_equal(whole_diag.why, pieces_diag.why);
	lt_attempts_free(&whole);
	lt_attempts_free(&pieces);
	lt_stacks_free(stacks);
	lt_strings_free(strings);
	close(file.fd);
}

static void check_shifted(const char *what, size_t len)
{
	for (size_t shift = 0; shift < 2000; shift += 97) {
		struct text text = repeat(what, len, shift);

		check(&text);
		free(text.p);
	}
}

static void stacks_are_not_cut_off(void **state)
{
	static const char *const files[] = { "5.10-kernel", "6.12-perf", "6.12-trace-cmd" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		char path[64];
		struct lt_buf buf;

		snprintf(path, sizeof(path), "test/saved/trace/%s", files[i]);
		buf = test_file(path);
		check_shifted(buf.data, buf.len);
		free(buf.data);
	}
}

static void names_are_not_cut_in_two(void **state)
{
	(void)state;
	check_shifted(BROKEN, strlen(BROKEN));
}

struct seen {
	size_t len, longest;
};

static int see(const char *buf, size_t len, void *arg)
{
	struct seen *seen = arg;

	assert_true(len && (seen->len + len == 4 * PIECE_MAX || buf[len - 1] == '\n'));
	seen->len += len;
	seen->longest = len > seen->longest ? len : seen->longest;
	return 0;
}

static void a_long_text_is_never_in_memory(void **state)
{
	struct text text = { .p = malloc(4 * PIECE_MAX), .len = 4 * PIECE_MAX };
	struct seen seen = { 0 };
	int fd;

	(void)state;
	assert_non_null(text.p);
	for (size_t i = 0; i < text.len; i++)
		text.p[i] = BROKEN[i % strlen(BROKEN)];
	fd = open_text(&text);
	assert_int_equal(lt_trace_pieces_read(fd, see, &seen), 0);
	assert_int_equal(seen.len, text.len);
	assert_true(seen.longest <= PIECE_MAX);
	close(fd);
	free(text.p);
}

/* Frames without end, each a line. */
static void a_stack_without_end_is_refused(void **state)
{
	struct text text = { .p = malloc(LT_ROOT_READ_MAX + 1), .len = LT_ROOT_READ_MAX + 1 };
	struct seen seen = { 0 };
	int fd;

	(void)state;
	assert_non_null(text.p);
	memset(text.p, 'a', text.len);
	for (size_t i = 0; i + 8192 < text.len; i += 8192)
		memcpy(text.p + i, "\n => ", 5);
	memcpy(text.p, BROKEN, 20);
	fd = open_text(&text);
	assert_int_equal(lt_trace_pieces_read(fd, see, &seen), -EFBIG);
	assert_int_equal(seen.len, 0);
	close(fd);
	free(text.p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stacks_are_not_cut_off),
		cmocka_unit_test(names_are_not_cut_in_two),
		cmocka_unit_test(a_long_text_is_never_in_memory),
		cmocka_unit_test(a_stack_without_end_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
