// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The cases of the self-test: a product of dimensions, less what means nothing.
 *
 * Reading fresh anonymous memory is left out: that pins the zero page, which is
 * nowhere.
 */
#include "act/selftest/selftest_case.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "base/array_size.h"

#define BIT(backing) (1u << LT_BACKING_##backing)
#define SMALL (BIT(ANON) | BIT(MEMFD) | BIT(FILE))
#define ANY (SMALL | BIT(THP) | BIT(HUGETLB))

static const struct lt_situation situations[] = {
	{
		.name = "fresh",
		.what = "memory that the pin itself faults in",
		.breach = "pages allocated for a pin from a list that holds CMA pages",
		.needs_target_next = true,
		.all_ways = true,
		.backings = ANY,
		.nr_classic = 1,
	},
	{
		.name = "in-cma",
		.what = "memory that is in CMA before the pin",
		.breach = "pages that are not moved out of CMA, or moved to other CMA pages",
		.is_resident = true,
		.needs_target_next = true,
		.all_ways = true,
		.backings = ANY,
		.race = "race",
		.nr_classic = 2,
		/* A scope that is not honoured shows in huge pages only, from 5.13 on. */
		.default_backings = BIT(THP),
	},
	{
		.name = "movable",
		.what = "memory that is in ZONE_MOVABLE before the pin",
		.breach = "pages that are not moved out of ZONE_MOVABLE, or moved within it",
		.target = LT_TARGET_MOVABLE,
		.is_resident = true,
		.needs_target_next = true,
		.backings = ANY,
	},
	{
		.name = "isolated",
		.what = "memory in CMA, in a pageblock that is being allocated",
		.breach = "CMA pages taken for others while their pageblock is isolated",
		.rival = LT_RIVAL_ALLOCATION,
		.is_resident = true,
		.backings = SMALL,
	},
	{
		.name = "held",
		.what = "memory in CMA that a reference from elsewhere keeps there",
		.breach = "a pin that takes pages for good that could not be moved",
		.rival = LT_RIVAL_REFERENCE,
		.is_resident = true,
		.backings = SMALL | BIT(THP),
	},
};

static const char *const backing_names[] = {
	[LT_BACKING_ANON] = "",
	[LT_BACKING_THP] = "-thp",
	[LT_BACKING_MEMFD] = "-memfd",
	[LT_BACKING_FILE] = "-file",
	[LT_BACKING_HUGETLB] = "-hugetlb",
};

static const struct lt_situation control = {
	.name = "control",
	.is_resident = true,
	.needs_target_next = true,
};

const struct lt_case lt_case_control = { .name = "control", .situation = &control };

static bool is_meaningful(const struct lt_case *what)
{
	const struct lt_situation *situation = what->situation;
	bool is_anonymous = what->backing == LT_BACKING_ANON || what->backing == LT_BACKING_THP;

	if (!(situation->backings & 1u << what->backing))
		return false;
	if (what->flags != LT_PIN_WRITE && !situation->all_ways)
		return false;
	return situation->is_resident || what->flags & LT_PIN_WRITE || !is_anonymous;
}

static void set_name(struct lt_case *what)
{
	const char *race = what->nr_threads > 1 ? what->situation->race : NULL;

	snprintf(what->name, sizeof(what->name), "%s%s%s%s%s", race ? race : what->situation->name,
		 what->nr_threads > 1 && !race ? "-race" : "", backing_names[what->backing],
		 what->flags & LT_PIN_WRITE ? "" : "-read",
		 what->flags & LT_PIN_FAST ? "-fast" : "");
}

static bool is_classic(const struct lt_case *what, enum lt_backing backing)
{
	return what->backing == backing && what->flags == LT_PIN_WRITE &&
	       what->nr_threads <= what->situation->nr_classic;
}

static void set_defaults(struct lt_case *what)
{
	what->is_required = is_classic(what, LT_BACKING_ANON);
	what->is_default =
		what->is_required || (what->nr_threads == 1 && what->flags == LT_PIN_WRITE &&
				      what->situation->default_backings & 1u << what->backing);
}

static int add(struct lt_cases *out, struct lt_case what)
{
	struct lt_case *added;

	if (!is_meaningful(&what))
		return 0;
	set_name(&what);
	set_defaults(&what);
	added = lt_vec_push(out);
	if (!added)
		return -ENOMEM;
	*added = what;
	return 0;
}

/* Kind of memory by kind of memory, the usual one first. */
int lt_cases_all(struct lt_cases *out)
{
	static const enum lt_backing backings[] = { LT_BACKING_ANON, LT_BACKING_THP,
						    LT_BACKING_MEMFD, LT_BACKING_FILE,
						    LT_BACKING_HUGETLB };
	static const unsigned int ways[] = { LT_PIN_WRITE, LT_PIN_WRITE | LT_PIN_FAST, 0,
					     LT_PIN_FAST };
	size_t nr = ARRAY_SIZE(backings) * ARRAY_SIZE(ways) * ARRAY_SIZE(situations) *
		    LT_CASE_THREADS_MAX;
	int err = 0;

	for (size_t i = 0; i < nr && !err; i++) {
		size_t at = i / LT_CASE_THREADS_MAX, way = at / ARRAY_SIZE(situations);

		err = add(out, (struct lt_case){
				       .nr_threads = 1 + i % LT_CASE_THREADS_MAX,
				       .situation = &situations[at % ARRAY_SIZE(situations)],
				       .flags = ways[way % ARRAY_SIZE(ways)],
				       .backing = backings[way / ARRAY_SIZE(ways)],
			       });
	}
	return err;
}

static bool is_pattern(const char *text)
{
	return !strcmp(text, "all") || strpbrk(text, "*?[");
}

static bool is_matching(const char *pattern, const char *name)
{
	return !strcmp(pattern, "all") || !fnmatch(pattern, name, 0);
}

const char *lt_case_obstacle(const struct lt_case *what, const struct lt_backend *backend)
{
	if (!(backend->backings & 1u << what->backing))
		return "this backend does not pin such memory";
	if (!(what->flags & LT_PIN_WRITE) && !backend->can_read)
		return "this backend pins for writing only";
	if (what->flags & LT_PIN_FAST && !backend->has_paths)
		return "this backend leaves the path to the kernel";
	if (what->nr_threads > 1 && !backend->can_race)
		return "this backend does not pin the same memory twice";
	return NULL;
}

/*
 * check_and_migrate_cma_pages() of 5.10.262 begins anew for as long as it cannot isolate a page,
 * which for a huge page of the pool is as long as another pin migrates it. It neither sleeps in
 * that loop nor looks at signals. If the other one's CPU then waits for this one (stop_machine()),
 * a kernel that is not preemptible stands still for good.
 */
const char *lt_case_hazard(const struct lt_case *what, enum lt_pin_scope scope)
{
	if (scope != LT_SCOPE_NO_CMA || what->nr_threads < 2 || what->backing != LT_BACKING_HUGETLB)
		return NULL;
	return "two pins of one huge page can hang a kernel before 5.13 for good";
}

/* Where nothing was named: the classic cases of memfds, if that is what @backend pins. */
static bool is_default_of(struct lt_case *what, const struct lt_backend *backend)
{
	if (!backend || backend->backings & BIT(ANON))
		return what->is_default;
	what->is_required = is_classic(what, LT_BACKING_MEMFD);
	return what->is_required;
}

/* Whether one of the patterns picks @what; if by its name, it is required. */
static bool is_picked(struct lt_case *what, const char *const *patterns, size_t nr, bool *is_named)
{
	bool is_found = false;

	*is_named = false;
	for (size_t i = 0; i < nr; i++) {
		if (!is_matching(patterns[i], what->name))
			continue;
		is_found = true;
		*is_named = *is_named || !is_pattern(patterns[i]);
	}
	what->is_required = what->is_required || *is_named;
	return is_found;
}

static int check_patterns(const char *const *patterns, size_t nr, const struct lt_cases *all,
			  struct lt_diag *diag)
{
	for (size_t i = 0; i < nr; i++) {
		bool is_found = false;

		lt_vec_each(what, all)
			is_found = is_found || is_matching(patterns[i], what->name);
		if (is_found)
			continue;
		lt_diag_set(diag, "there is no case '%s'", patterns[i]);
		return -EINVAL;
	}
	return 0;
}

int lt_cases_select(const char *const *patterns, size_t nr, const struct lt_backend *backend,
		    struct lt_cases *out, struct lt_diag *diag)
{
	struct lt_cases all = { 0 }, cases = { 0 };
	int err = lt_cases_all(&all);

	if (!err)
		err = check_patterns(patterns, nr, &all, diag);
	for (size_t i = 0; i < all.nr && !err; i++) {
		struct lt_case *what = &all.v[i], *added;
		bool is_named;

		if (nr ? !is_picked(what, patterns, nr, &is_named) : !is_default_of(what, backend))
			continue;
		if (nr && !is_named && backend && lt_case_obstacle(what, backend))
			continue;
		added = lt_vec_push(&cases);
		if (added)
			*added = *what;
		else
			err = -ENOMEM;
	}
	lt_vec_free(&all);
	if (err)
		lt_vec_free(&cases);
	else
		*out = cases;
	return err;
}

void lt_case_describe(const struct lt_case *what, char *out, size_t size)
{
	static const char *const backings[] = {
		[LT_BACKING_ANON] = "",
		[LT_BACKING_THP] = "; transparent huge pages",
		[LT_BACKING_MEMFD] = "; a memfd",
		[LT_BACKING_FILE] = "; page cache of a file",
		[LT_BACKING_HUGETLB] = "; huge pages of the pool",
	};

	snprintf(out, size, "%s%s%s%s", backings[what->backing],
		 what->flags & LT_PIN_WRITE ? "" : "; read only",
		 what->flags & LT_PIN_FAST ? "; by gup-fast" : "",
		 what->nr_threads > 1 ? "; two threads pin at once" : "");
}

unsigned int lt_case_rounds(const struct lt_case *what)
{
	/*
	 * One round in ten or twenty shows a race where io_uring pins and the
	 * two CPUs have other work; 20 rounds have missed it, 100 did not.
	 */
	return what->nr_threads > 1 || what->situation->rival == LT_RIVAL_ALLOCATION ? 10 : 1;
}
