// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/act/backend/backend.c. */
#include "test.h"

#include <errno.h>
#include <unistd.h>

#include "act/backend/backend.h"

#define NR_PAGES 4

static void every_row_is_complete(void **state)
{
	(void)state;
	assert_non_null(lt_backends[0]);
	for (size_t i = 0; lt_backends[i]; i++) {
		const struct lt_backend *backend = lt_backends[i];

		assert_true(backend->name && backend->what);
		assert_true(backend->open && backend->pin && backend->unpin);
		assert_true(backend->backings);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(backend->name, lt_backends[j]->name);
	}
}

/* The one that names the pages that it pinned is the one to have. */
static void the_module_is_the_first_choice(void **state)
{
	(void)state;
	assert_string_equal(lt_backends[0]->name, "module");
	assert_true(lt_backends[0]->tells_pfns);
	for (size_t i = 1; lt_backends[i]; i++)
		assert_false(lt_backends[i]->tells_pfns);
}

/* Without two pins at once a kernel that breaks in the race only is called kept. */
static void the_second_choice_can_race(void **state)
{
	(void)state;
	assert_true(lt_backends[1]->can_race);
	assert_true(lt_backends[1]->holds);
}

static void what_does_not_open_says_why(void **state)
{
	(void)state;
	for (size_t i = 0; lt_backends[i]; i++) {
		struct lt_diag diag = { 0 };
		int fd = lt_backends[i]->open(&diag);

		if (fd < 0)
			assert_true(diag.why[0]);
		else
			close(fd);
	}
}

static bool map(const struct lt_backend *backend, struct lt_buffer *buffer)
{
	enum lt_backing backing =
		backend->backings & 1u << LT_BACKING_ANON ? LT_BACKING_ANON : LT_BACKING_MEMFD;

	return !lt_buffer_map(backing, NR_PAGES, buffer);
}

/* What opens here, which depends on the machine, can be used again and again. */
static void what_opens_pins_more_than_once(void **state)
{
	(void)state;
	for (size_t i = 0; lt_backends[i]; i++) {
		struct lt_diag diag = { 0 };
		int fd = lt_backends[i]->open(&diag);
		uint64_t pfns[NR_PAGES];
		struct lt_buffer buffer;

		if (fd < 0)
			continue;
		for (unsigned int round = 0; round < 3; round++) {
			assert_true(map(lt_backends[i], &buffer));
			assert_int_equal(lt_backends[i]->pin(fd, &buffer, LT_PIN_WRITE, pfns), 0);
			assert_int_equal(lt_backends[i]->unpin(fd), 0);
			lt_buffer_unmap(&buffer);
		}
		close(fd);
	}
}

static void udmabuf_pins_files_only(void **state)
{
	struct lt_buffer buffer = { .nr_pages = 1, .page_size = 4096, .fd = -1 };

	(void)state;
	assert_int_equal(lt_backend_udmabuf.pin(-1, &buffer, LT_PIN_WRITE, NULL), -EOPNOTSUPP);
}

static void an_unknown_name_is_refused(void **state)
{
	const struct lt_backend *backend = NULL;
	struct lt_diag diag = { 0 };

	(void)state;
	assert_int_equal(lt_backend_choose("none", &backend, &diag), -EINVAL);
	assert_null(backend);
	assert_true(diag.why[0]);
}

/* By name as by itself: a backend, or reasons. */
static void a_choice_is_made_or_explained(void **state)
{
	(void)state;
	for (size_t i = 0;; i++) {
		const char *name = lt_backends[i] ? lt_backends[i]->name : "auto";
		const struct lt_backend *backend = NULL;
		struct lt_diag diag = { 0 };
		int err = lt_backend_choose(name, &backend, &diag);

		assert_true(!err == !!backend);
		assert_true(!err || diag.why[0]);
		if (!lt_backends[i])
			break;
		assert_true(err || backend == lt_backends[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_is_complete),
		cmocka_unit_test(the_module_is_the_first_choice),
		cmocka_unit_test(the_second_choice_can_race),
		cmocka_unit_test(what_does_not_open_says_why),
		cmocka_unit_test(what_opens_pins_more_than_once),
		cmocka_unit_test(udmabuf_pins_files_only),
		cmocka_unit_test(an_unknown_name_is_refused),
		cmocka_unit_test(a_choice_is_made_or_explained),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
