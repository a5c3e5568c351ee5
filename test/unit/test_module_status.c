// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests cli/cmd/module_status.c. */
#include "test.h"

#include <errno.h>

#include "base/range.h"
#include "cmd/module_status.h"
#include "uapi/ltpin_ioctl.h"

static char *json_of(const struct module_status *status)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	assert_int_equal(module_status_json(out, status, NULL), 0);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void add_range(struct lt_ranges *ranges, uint64_t start_pfn, uint64_t end_pfn)
{
	struct lt_range *range = lt_vec_push(ranges);

	assert_non_null(range);
	*range = (struct lt_range){ start_pfn, end_pfn };
}

static void add_hold(struct module_status *status, uint32_t kind, uint32_t flags, uint64_t start)
{
	struct lt_module_hold *hold = lt_vec_push(&status->holds);

	assert_non_null(hold);
	*hold = (struct lt_module_hold){ .kind = kind, .flags = flags, .pid = 812, .nr_pages = 4 };
	hold->ts_ns = 12480000000;
	strcpy(hold->comm, "cam\n\xff");
	add_range(&hold->runs, start, start + 3);
	add_range(&hold->runs, start + 8, start + 9);
}

static void add_area(struct module_status *status, const char *name,
		     const struct ltpin_attempts *attempts)
{
	struct lt_module_area *area = lt_vec_push(&status->areas);

	assert_non_null(area);
	*area = (struct lt_module_area){ .nr_pages = 16384, .is_counted = attempts };
	strcpy(area->name, name);
	add_range(&area->ranges, 0x1ae00, 0x1ee00);
	if (attempts)
		area->attempts = *attempts;
}

/* Line by line, as cmocka cuts off what is long; the version is that of the program. */
static void assert_same_document(const char *text, const char *want)
{
	while (*text || *want) {
		char line[1024], wanted[1024];
		size_t len = strcspn(text, "\n"), len_wanted = strcspn(want, "\n");

		snprintf(line, sizeof(line), "%.*s", (int)len, text);
		snprintf(wanted, sizeof(wanted), "%.*s", (int)len_wanted, want);
		if (!strstr(line, "\"ltpin_version\""))
			assert_string_equal(line, wanted);
		text += len + (text[len] == '\n');
		want += len_wanted + (want[len_wanted] == '\n');
	}
}

/* The saved document is what test/cli/test_module.py holds against the schema. */
static void all_that_it_says(void **state)
{
	static const struct ltpin_attempts every_error = {
		.nr_success = 7,
		.nr_ebusy = 2,
		.nr_enomem = 1,
		.nr_timed = 10,
		.sum_ns = 4000000,
		.max_ns = 1500000,
		.fail_ts_ns = 2288103000,
		.fail_pages = 16384,
		.fail_tid = 66,
		.fail_errno = EBUSY,
	};
	static const struct ltpin_attempts of_6_1 = {
		.nr_success = 3,
		.nr_unknown = 2,
		.fail_ts_ns = 99,
		.fail_pages = 1,
		.fail_tid = 7,
	};
	struct module_status status = {
		.state = LT_KMOD_LIVE,
		.has_answered = true,
		.has_areas = true,
		.info = {
			.version = "1.2.3",
			.caps = LTPIN_CAP_ALLOC_CMA | LTPIN_CAP_AREAS | LTPIN_CAP_ATTEMPTS |
				LTPIN_CAP_FILES |
				1ULL << 40,
			.page_shift = 12,
			.max_pages = 15872,
			.max_alloc_pages = 31744,
			.nr_pinned = 4,
			.nr_allocated = 4,
			.not_called = "cma_for_each_area, drain_all_pages",
		},
	};
	struct lt_buf want = test_file("test/saved/module-status.json");
	char *text;

	(void)state;
	add_hold(&status, LTPIN_KIND_PIN, LTPIN_PIN_LONGTERM | LTPIN_PIN_WRITE, 0x100);
	add_hold(&status, LTPIN_KIND_PIN, LTPIN_PIN_WRITE, 0x200);
	add_hold(&status, LTPIN_KIND_ALLOC, 1, 0x300);
	add_area(&status, "reserved", &every_error);
	add_area(&status, "of 6.1", &of_6_1);
	add_area(&status, "not counted", NULL);
	text = json_of(&status);
	assert_same_document(text, want.data);
	free(text);
	free(want.data);
	module_status_fini(&status);
}

/* One that is not there, or does not answer, says nothing: nothing of it is 0. */
static void what_is_not_known_is_absent(void **state)
{
	struct module_status status = { .state = LT_KMOD_LIVE };
	char *text = json_of(&status);

	(void)state;
	assert_string_equal(text, "{\n  \"schema\": \"ltpin.module/1\",\n  \"ltpin_version\": "
				  "\"" PACKAGE_VERSION "\",\n  \"state\": \"loaded\"\n}\n");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_that_it_says),
		cmocka_unit_test(what_is_not_known_is_absent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
