// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/analyse/signature.c. */
#include "judge.h"

#include <errno.h>

#include "base/array_size.h"

#define FRAMES_MAX 8

/* A device on which one page blocked a request: what may differ from the next one. */
struct device {
	uint64_t pfn, nr_pages, base_pfn;
	int pid, err;
	const char *area, *comm;
	enum lt_pin_kind kind;
	const char *allocator[FRAMES_MAX], *requester[FRAMES_MAX];
};

static const struct device x86 = {
	.pfn = 0x10042,
	.nr_pages = 0x4000,
	.base_pfn = 0x10000,
	.pid = 812,
	.err = EBUSY,
	.area = "reserved",
	.comm = "camera-hal",
	.kind = LT_PIN_PINNED,
	.allocator = { "get_page_from_freelist+0x1242/0x1400", "__alloc_pages_noprof+0x109/0x1f0",
		       "__folio_alloc_noprof+0xf/0x30", "__handle_mm_fault+0xf4c/0x1430",
		       "handle_mm_fault+0x77/0x1a0", "do_user_addr_fault+0x1dc/0x5e0",
		       "exc_page_fault+0x6b/0x120", "asm_exc_page_fault+0x27/0x30" },
	.requester = { "cma_alloc+0x1/0x2", "dma_alloc_attrs+0x64/0x80",
		       "vb2_dc_alloc.isra.0+0x9/0x10 [videobuf2 0a1b]", "vb2_ioctl+0x1/0x2",
		       "__x64_sys_ioctl+0x1/0x2", "do_syscall_64+0x1/0x2" },
};

static const struct lt_stack *stack_of(struct lt_stacks *stacks, struct lt_strings *strings,
				       const char *const *frames)
{
	const char *interned[FRAMES_MAX];
	size_t nr = 0;

	for (; nr < FRAMES_MAX && frames[nr]; nr++)
		interned[nr] = lt_strings_add(strings, frames[nr], strlen(frames[nr]));
	return nr ? lt_stacks_add(stacks, interned, nr) : NULL;
}

static void fill(struct lt_snapshot *snap, const struct device *device, struct lt_stacks *stacks,
		 struct lt_strings *strings)
{
	struct lt_attempt *attempt = add_failure(snap, device->nr_pages, device->err);
	struct lt_pin *pin = lt_vec_push(&snap->pins);
	struct lt_try *tried = lt_vec_push(&attempt->tries);
	struct lt_mapper *mapper;

	snap->areas.v[0].name = device->area;
	snap->areas.v[0].ranges.v[0].pfns =
		(struct lt_range){ device->base_pfn, device->base_pfn + 0x4000 };
	*pin = (struct lt_pin){ .pfn = device->pfn,
				.nr_pages = 1,
				.kind = device->kind,
				.pins = lt_num(1),
				.refcount = lt_num(1025),
				.is_blocker = true,
				.has_owner = true };
	pin->allocated_by =
		(struct lt_owner){ .pfn = device->pfn,
				   .pid = lt_num((uint64_t)device->pid),
				   .comm = device->comm,
				   .ts_ns = lt_num(1),
				   .stack = stack_of(stacks, strings, device->allocator) };
	mapper = lt_vec_push(&pin->mapped_by);
	*mapper = (struct lt_mapper){ .pid = device->pid, .comm = device->comm };
	pin->mapped_by_total = lt_num(1);
	attempt->source = LT_ATTEMPT_TRACE;
	attempt->ts_ns = lt_num(1000000000);
	attempt->stack = stack_of(stacks, strings, device->requester);
	*tried = (struct lt_try){ .pfns = { device->base_pfn, device->base_pfn + device->nr_pages },
				  .stage = LT_TRY_TEST,
				  .ts_ns = attempt->ts_ns,
				  .blocker_pfn = lt_num(device->pfn) };
}

/* The signature of @device's failure, in @out. */
static void sign(const struct device *device, char out[64])
{
	struct lt_strings *strings = lt_strings_new();
	struct lt_stacks *stacks = lt_stacks_new();
	struct lt_snapshot *snap = world();
	struct lt_report *report;

	fill(snap, device, stacks, strings);
	report = judge(snap);
	assert_non_null(report->signature);
	assert_string_equal(report->signature, report->failures.v[0].signature);
	snprintf(out, 64, "%s", report->signature);
	lt_vec_free(&snap->pins.v[0].mapped_by);
	done(snap, report);
	lt_stacks_free(stacks);
	lt_strings_free(strings);
}

static void assert_same(const struct device *a, const struct device *b, bool is_same)
{
	char left[64], right[64];

	sign(a, left);
	sign(b, right);
	if (!strcmp(left, right) != is_same)
		fail_msg("%s, %s", left, right);
}

static void it_is_not_of_the_device(void **state)
{
	struct device other = x86;

	(void)state;
	other.pfn += 0x700;
	assert_same(&x86, &other, true);
	other.pid = 17;
	other.comm = "another";
	assert_same(&x86, &other, true);
	other.base_pfn = 0x80000;
	other.pfn = 0x80123;
	other.area = "linux,cma";
	other.nr_pages = 0x800;
	assert_same(&x86, &other, true);
}

/* Offsets, sizes, what is put inline, and how the kernel is entered. */
static void it_is_not_of_the_architecture(void **state)
{
	const struct device arm64 = {
		.pfn = 0x4a042,
		.nr_pages = 0x400,
		.base_pfn = 0x48000,
		.pid = 9,
		.err = EBUSY,
		.area = "linux,cma",
		.comm = "camera-hal",
		.kind = LT_PIN_PINNED,
		.allocator = { "post_alloc_hook+0x1/0x2", "get_page_from_freelist+0x1/0x2",
			       "__alloc_pages+0x1/0x2", "vma_alloc_folio+0x1/0x2",
			       "do_anonymous_page+0x1/0x2", "handle_mm_fault+0x1/0x2",
			       "do_page_fault+0x1/0x2", "do_translation_fault+0x1/0x2" },
		.requester = { "__cma_alloc+0x3/0x4", "cma_alloc+0x3/0x4",
			       "dma_alloc_attrs+0x3/0x4", "vb2_dc_alloc+0x3/0x4 [videobuf2]",
			       "vb2_ioctl+0x3/0x4", "__arm64_sys_ioctl+0x3/0x4",
			       "invoke_syscall+0x3/0x4", "el0_svc+0x3/0x4" },
	};
	struct device armhf = arm64;
	static const char *const allocator[] = {
		"get_page_from_freelist+0x5/0x6",
		"__alloc_pages+0x5/0x6",
		"__folio_alloc+0x5/0x6",
		"handle_mm_fault+0x5/0x6",
		"do_page_fault+0x5/0x6",
		"do_DataAbort+0x5/0x6",
		"__dabt_usr+0x5/0x6",
	};
	static const char *const requester[] = {
		"cma_alloc+0x5/0x6",
		"dma_alloc_attrs+0x5/0x6",
		"vb2_dc_alloc.constprop.0+0x5/0x6 [videobuf2_dma_contig]",
		"vb2_ioctl+0x5/0x6",
		"sys_ioctl+0x5/0x6",
		"ret_fast_syscall+0x5/0x6",
		NULL,
	};

	(void)state;
	assert_same(&x86, &arm64, true);
	memset(armhf.allocator, 0, sizeof(armhf.allocator));
	memset(armhf.requester, 0, sizeof(armhf.requester));
	memcpy(armhf.allocator, allocator, sizeof(allocator));
	memcpy(armhf.requester, requester, sizeof(requester));
	armhf.requester[2] = "vb2_dc_alloc.constprop.0+0x5/0x6 [videobuf2]";
	assert_same(&x86, &armhf, true);
	armhf.requester[2] = requester[2]; /* another module's function of that name */
	assert_same(&x86, &armhf, false);
}

static void another_cause_has_another(void **state)
{
	static const char *const drivers[] = { "ipu_alloc+0x1/0x2 [ipu]", "vb2_ioctl+0x1/0x2" };
	struct device other = x86;

	(void)state;
	other.kind = LT_PIN_EXTRA_REF;
	assert_same(&x86, &other, false);
	other = x86;
	other.kind = LT_PIN_UNMOVABLE;
	assert_same(&x86, &other, false);
	other = x86;
	other.err = EINTR;
	assert_same(&x86, &other, false);
	other = x86;
	other.requester[2] = drivers[0];
	assert_same(&x86, &other, false);
	other = x86;
	other.allocator[3] = "fuse_readahead+0x1/0x2 [fuse]";
	assert_same(&x86, &other, false);
	/* One that asked is not one that allocated. */
	other = x86;
	memcpy(other.allocator, x86.requester, sizeof(other.allocator));
	memcpy(other.requester, x86.allocator, sizeof(other.requester));
	assert_same(&x86, &other, false);
}

/* As it was printed once: what is in a bug tracker must be found for years, by any build. */
static void it_never_changes(void **state)
{
	char signature[64];

	(void)state;
	sign(&x86, signature);
	assert_string_equal(signature, "pin-in-cma:EBUSY:ef98e8d8");
}

static void nothing_failed(void **state)
{
	struct lt_snapshot *snap = world();
	struct lt_report *report = judge(snap);

	(void)state;
	assert_null(report->signature);
	done(snap, report);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_not_of_the_device),
		cmocka_unit_test(it_is_not_of_the_architecture),
		cmocka_unit_test(another_cause_has_another),
		cmocka_unit_test(it_never_changes),
		cmocka_unit_test(nothing_failed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
