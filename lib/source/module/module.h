/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_MODULE_MODULE_H
#define LT_SOURCE_MODULE_MODULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/diag.h"
#include "base/num.h"
#include "base/range.h"
#include "model/folio.h"
#include "model/pfns.h"
#include "uapi/ltpin_netlink.h"

/*
 * Questions to the loaded helper module, over generic netlink
 * (uapi/ltpin_netlink.h). None changes anything, none loads the module.
 *
 * All return 0 or negative errno: -ENOENT no such family (not loaded, or built
 * without libmnl), -EPERM needs CAP_SYS_ADMIN, -EPROTO it speaks another
 * version, -EBADMSG its answer makes no sense; else what the kernel said, its
 * words in @diag.
 */

/* What the module says of itself; counts in pages. */
struct lt_module_info {
	char version[32];
	uint64_t caps; /* LTPIN_CAP_* */
	unsigned int page_shift;
	uint64_t max_pages,
		max_alloc_pages; /* limits of what is pinned, and of what is allocated */
	uint64_t nr_pinned, nr_allocated;
	char not_called[256];  /* names, see LTPIN_A_NOT_CALLED; or "" */
	uint64_t next_blocker; /* number of the next struct ltpin_blocker, with LTPIN_CAP_BLOCKERS */
};

int lt_module_info(struct lt_module_info *out, struct lt_diag *diag) __must_check __nonnull_at(1);

/**
 * lt_module_scan() - state of the folios and free blocks in a range of PFNs
 * @pfns:   range; @start_pfn < @end_pfn
 * @filter: LTPIN_FILTER_*
 * @each:   called per folio in ascending order, once for each; returns 0 to go
 *          on, anything else to stop with that value. The first may begin below
 *          the range, the last end above it.
 *
 * Not a snapshot: each record is true for the moment at which it was read.
 */
int lt_module_scan(struct lt_range pfns, uint32_t filter,
		   int (*each)(const struct lt_folio *folio, void *arg), void *arg,
		   struct lt_diag *diag) __must_check;

/**
 * struct lt_module_hold - a pin or an allocation made through /dev/ltpin
 * @kind: LTPIN_KIND_*
 * @comm: name of process @pid when it was made; untrusted bytes
 * @runs: in the order of the pinned addresses
 */
struct lt_module_hold {
	uint32_t id, kind, flags;
	uint32_t pid;
	char comm[64];
	uint64_t nr_pages, ts_ns;
	struct lt_ranges runs;
};

LT_VEC_OF(lt_module_holds, struct lt_module_hold);

/**
 * struct lt_module_area - a CMA area as the kernel has it
 * @name:     untrusted bytes
 * @attempts: requests to it since the module was loaded, if @is_counted
 */
struct lt_module_area {
	char name[64];
	uint64_t nr_pages;
	struct lt_ranges ranges;
	struct ltpin_attempts attempts;
	bool is_counted;
};

LT_VEC_OF(lt_module_areas, struct lt_module_area);

/* All CMA areas. -EOPNOTSUPP: the module cannot tell here, or may not (symbol_lookup=0). */
int lt_module_areas(struct lt_module_areas *out, struct lt_diag *diag) __must_check __nonnull_at(1);
void lt_module_areas_free(struct lt_module_areas *areas);

/* What LTPIN_CMD_FILE says of a folio; strings are untrusted bytes, "" if not told. */
struct lt_module_file {
	uint64_t pfn;
	char fs_type[32], fs_id[32], path[2048];
	uint32_t dev;
	uint64_t inode;
	struct lt_num index;
	bool is_block_device, is_deleted;
	struct lt_num nr_buffers, nr_held, nr_private;
};

/**
 * lt_module_files() - the files and block devices that pages are of
 * @pfns: pages to ask for
 * @each: called for each that is in the page cache, with the page that was asked for; returns 0 to
 *	  go on, anything else to stop with that value
 *
 * Return: -EOPNOTSUPP: the module does not tell.
 */
int lt_module_files(const struct lt_pfns *pfns,
		    int (*each)(uint64_t pfn, const struct lt_module_file *file, void *arg),
		    void *arg, struct lt_diag *diag) __must_check;

/* All that are held at one moment, by ids. */
int lt_module_list(struct lt_module_holds *out, struct lt_diag *diag) __must_check __nonnull_at(1);
void lt_module_holds_free(struct lt_module_holds *holds);

#endif
