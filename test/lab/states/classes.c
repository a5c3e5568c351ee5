// SPDX-License-Identifier: GPL-2.0-or-later
/* The classes of states; random_state decides all that is random in them. */
#define _GNU_SOURCE
#include "state.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#define LENT_MAX 3000
#define PARTS 6

/*
 * The kernel takes new pages from one end of what is free. To have lent pages
 * everywhere, the area is taken in parts, and each is lent from as it comes back.
 */
static void lend_everywhere(void)
{
	const uint32_t part = (uint32_t)(area.nr_pages / PARTS);
	const size_t nr_pages = random_from(60, LENT_MAX) / PARTS * PARTS;
	uint32_t ids[PARTS];
	unsigned int nr = 0;

	if (random_below(4) == 0) {
		lend(nr_pages);
		make_holes();
		return;
	}
	while (nr < PARTS && allocate(part - 256, 0, &ids[nr]))
		nr++;
	state.lent[ANON] = map(nr_pages * PAGE, MAP_PRIVATE);
	state.nr_lent[ANON] = nr_pages;
	madvise(state.lent[ANON], nr_pages * PAGE, MADV_NOHUGEPAGE);
	for (unsigned int i = 0; i < PARTS; i++) {
		if (i < nr)
			release(ids[i]);
		touch(state.lent[ANON] + i * (nr_pages / PARTS) * PAGE, nr_pages / PARTS);
	}
}

/* Mostly, have all but the last part of the area given out, so that less is enough to fail. */
static void leave_room(void)
{
	const uint64_t room = random_from(1500, area.nr_pages / 2);

	relax();
	if (random_below(4) &&
	    allocate((uint32_t)(area.nr_pages - room), 0, &state.ids[state.nr_ids])) {
		state.nr_ids++;
		state.most = room;
	}
}

/* Some of what is in the area. */
static void hold_some(const char *how, int kind)
{
	for (uint64_t i = random_from(1, 6); i; i--) {
		if (how && random_below(2))
			hold_by_driver(how, lent_page(kind));
		else
			hold_in_pipe(lent_page(kind));
	}
}

static void make_lent(void)
{
	lend_everywhere();
	if (random_below(2))
		lend_shared(random_from(10, 500));
}

static void make_holder(void)
{
	make_lent();
	leave_room();
	hold_some("get", state.nr_lent[SHARED] && random_below(2) ? SHARED : ANON);
}

static void make_pin(void)
{
	make_lent();
	leave_room();
	for (uint64_t i = random_from(1, 6); i; i--)
		hold_by_driver("pin", lent_page(ANON));
}

/* New pages, the last of which wait in this CPU's batch; a few are held as well. */
static void make_batch(void)
{
	relax(); /* empties the batches */
	if (random_below(2))
		fragment(6, 1000);
	lend(random_from(3, 40));
	if (random_below(4))
		hold_some(NULL, ANON);
}

static void make_huge(void)
{
	lend_huge(random_from(1, 6));
	lend(random_from(10, 2000));
	make_holes();
	leave_room();
	if (random_below(4))
		hold_by_driver(random_below(2) ? "pin" : "get", lent_page(HUGE));
	if (random_below(4))
		hold_some(NULL, ANON);
}

/* One request in eight is larger than the area. */
static void make_fragmented(void)
{
	fragment((unsigned int)random_from(4, 16), 2500);
	if (random_below(2)) {
		lend(random_from(10, 2000));
		make_holes();
	}
	state.most = area.nr_pages / 2;
	if (random_below(8) == 0)
		state.least = state.most = area.nr_pages + random_from(1, 500);
}

static void make_exhausted(void)
{
	lend(2000);
	exhaust();
	state.least = area.nr_pages / 2;
	state.most = area.nr_pages - 200;
	if (random_below(3) == 0)
		hold_in_pipe(lent_page(ANON));
}

/* Pages of a file system with buffer heads: dirty, clean or both, mapped or not. */
static void make_file(void)
{
	lend_file("/mnt/file", random_from(10, 1500));
	if (random_below(2)) {
		lend(random_from(10, 1000));
		make_holes();
	}
	leave_room();
	if (random_below(4))
		hold_some(random_below(2) ? "get" : "pin", SHARED);
	state.nr_file = count(SHARED, KPF_LRU, true);
	if (random_below(3) == 0)
		unmap(SHARED);
}

static void make_swapcache(void)
{
	lend_everywhere();
	swap_some();
	leave_room();
	if (random_below(4))
		hold_swapped();
}

static void make_mixed(void)
{
	fragment((unsigned int)random_from(0, 6), 1500);
	make_holder();
	if (random_below(2))
		hold_by_driver("pin", lent_page(ANON));
	if (random_below(2))
		lend_huge(random_from(1, 4));
}

static const struct class classes[] = {
	{ "lent", make_lent },
	{ "holder", make_holder },
	{ "pin", make_pin },
	{ "batch", make_batch },
	{ "huge", make_huge },
	{ "fragmented", make_fragmented },
	{ "exhausted", make_exhausted },
	{ "swapcache", make_swapcache },
	{ "mixed", make_mixed },
	{ "file", make_file },
};

const struct class *find_class(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		if (strlen(classes[i].name) == len && !strncmp(classes[i].name, name, len))
			return &classes[i];
	errno = EINVAL;
	die("no class %s", name);
}
