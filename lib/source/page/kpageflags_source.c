// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What the pages that are in the way are, without the helper module:
 * /proc/kpageflags and /proc/kpagecount, 64 bits per PFN each, in the machine's
 * byte order.
 *
 * The flags carry neither a pin nor CMA. The counts are how many page tables
 * map the page, which for page tables, slab and free pages means nothing. The
 * bits are alike in 5.10 and 6.12 (fs/proc/page.c); "thp" is set for every
 * large folio that can be mapped from 6.12 on, before for those of the size of
 * a page middle directory. 6.12 sets "ksm" for every anonymous page: a page of
 * our own, which is certainly not merged, tells whether this kernel does.
 *
 * A capture keeps the array "pins" (answer.h): pfn, class, mapcount.
 */
#include "source/page/kpageflags.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/kernel-page-flags.h>
#include <string.h>
#include <unistd.h>

#include "source/answer.h"
#include "source/process/pagemap.h"
#include "source/source.h"

#define SOURCE "kpageflags"

/* Part of one of the two arrays: pins tend to be neighbours. */
struct window {
	int fd;
	uint64_t first_pfn;
	size_t nr;
	uint64_t words[512];
};

/* 0, or negative errno; -ENXIO past the end of memory. */
static int get_word(struct window *window, uint64_t pfn, uint64_t *out)
{
	if (pfn < window->first_pfn || pfn - window->first_pfn >= window->nr) {
		ssize_t n;

		do {
			n = pread(window->fd, window->words, sizeof(window->words),
				  (off_t)(pfn * sizeof(window->words[0])));
		} while (n < 0 && errno == EINTR);
		if (n < 0)
			return -errno;
		window->first_pfn = pfn;
		window->nr = (size_t)n / sizeof(window->words[0]);
		if (!window->nr)
			return -ENXIO;
	}
	*out = window->words[pfn - window->first_pfn];
	return 0;
}

/* The flags that this kernel sets without reason. */
static uint64_t find_untrue_flags(const struct lt_root *root, struct window *window)
{
	uint64_t pfn, flags;

	if (lt_pagemap_own_page(root, &pfn) || get_word(window, pfn, &flags))
		return 0;
	return flags & (UINT64_C(1) << KPF_KSM);
}

static int read_classes(struct lt_snapshot *snap, struct window *window)
{
	uint64_t untrue = snap->pins.nr ? find_untrue_flags(snap->root, window) : 0;

	lt_vec_each(pin, &snap->pins) {
		uint64_t flags;
		int err = get_word(window, pin->pfn, &flags);

		if (err)
			return err;
		pin->class = lt_kpageflags_class(flags & ~untrue);
	}
	return 0;
}

static bool has_mapcount(enum lt_page_class class)
{
	return class >= LT_PAGE_HUGE && class <= LT_PAGE_MAPPED;
}

/* A count per page: that of a folio of several pages would be their sum. */
static int read_counts(struct lt_snapshot *snap, struct window *window)
{
	lt_vec_each(pin, &snap->pins) {
		uint64_t count;
		int err;

		if (pin->mapcount.known || pin->nr_pages != 1 || !has_mapcount(pin->class))
			continue;
		err = get_word(window, pin->pfn, &count);
		if (err)
			return err;
		pin->mapcount = lt_num(count);
	}
	return 0;
}

static int read_array(struct lt_snapshot *snap, const char *path,
		      int (*read_words)(struct lt_snapshot *snap, struct window *window))
{
	struct window window = { .fd = lt_root_openat(snap->root, path, O_RDONLY) };
	int err;

	if (window.fd < 0)
		return window.fd;
	err = read_words(snap, &window);
	close(window.fd);
	return err;
}

static int read_arrays(struct lt_snapshot *snap, struct lt_diag *diag)
{
	int err = read_array(snap, "/proc/kpageflags", read_classes);

	if (err == -ENXIO)
		lt_diag_set(diag, "a blocking page lies past the end of memory");
	if (err)
		return err == -ENXIO ? 0 : err;
	if (!snap->pins.nr) {
		lt_diag_set(diag, "not read: no page blocks");
		return -ENODATA;
	}
	err = read_array(snap, "/proc/kpagecount", read_counts);
	if (err) {
		lt_diag_path(diag, "/proc/kpagecount");
		lt_diag_set(diag, "%s: how often pages are mapped is not known", strerror(-err));
		if (err != -ENOENT)
			lt_diag_mark_unread(diag);
	}
	return 0;
}

static void keep(const struct lt_snapshot *snap, int err, const struct lt_diag *diag)
{
	struct lt_json *json = lt_answer_begin(snap->root, SOURCE);

	if (!json)
		return;
	lt_json_array(json, "pins");
	lt_vec_each(pin, &snap->pins) {
		lt_json_object(json, NULL);
		lt_json_u64(json, "pfn", pin->pfn);
		lt_json_string(json, "class", lt_page_class_name(pin->class));
		lt_json_num(json, "mapcount", pin->mapcount);
		lt_json_close(json);
	}
	lt_json_close(json);
	lt_answer_end(snap->root, json, err, diag);
}

static int parse_pin(const char *key, const struct lt_json_value *record, void *arg)
{
	struct lt_num pfn = lt_json_get_num(record, "pfn");
	struct lt_snapshot *snap = arg;
	struct lt_pin *pin = pfn.known ? lt_pins_find(&snap->pins, pfn.val) : NULL;

	if (!pfn.known)
		return -EBADMSG;
	if (!pin || pin->pfn != pfn.val || strcmp(key, "pins"))
		return 0;
	pin->class = lt_page_class_find(lt_json_get_string(record, "class"));
	if (!pin->mapcount.known)
		pin->mapcount = lt_json_get_num(record, "mapcount");
	return 0;
}

static int read_kpageflags(struct lt_snapshot *snap, struct lt_diag *diag)
{
	const struct lt_answer_sink sink = {
		.strings = snap->strings,
		.each = parse_pin,
		.arg = snap,
		.none = "a captured tree has no pages to look at",
	};
	int err;

	if (!lt_root_is_live(snap->root))
		return lt_answer_read(snap->root, SOURCE, &sink, diag);
	err = read_arrays(snap, diag);
	if (err != -ENOMEM)
		keep(snap, err, diag);
	return err;
}

const struct lt_source lt_source_kpageflags = {
	.name = SOURCE,
	.where = "/proc/kpageflags",
	.proves = "what each blocking page is, and whether it is free now",
	.options = { "PROC_PAGE_MONITOR" },
	.access = "run as root (CAP_SYS_ADMIN)",
	.stage = LT_STAGE_OWNERS,
	.pace = LT_PACE_SLOW,
	.read = read_kpageflags,
};
