/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_SAVED_REPORT_H
#define LT_MODEL_SAVED_REPORT_H

#include <stdbool.h>

#include "base/num.h"
#include "base/vec.h"

LT_VEC_OF(lt_saved_lines, const char *);

/* As it was said; NULL for what was not. */
struct lt_saved_finding {
	const char *id, *severity, *confidence, *title, *text, *advice, *confirm;
	struct lt_saved_lines evidence;
};

LT_VEC_OF(lt_saved_findings, struct lt_saved_finding);

struct lt_saved_area {
	const char *name;
	struct lt_num nr_pages, nr_allocated, nr_pinned;
};

LT_VEC_OF(lt_saved_areas, struct lt_saved_area);

struct lt_saved_ruled_out {
	const char *cause, *text;
};

LT_VEC_OF(lt_saved_ruled_outs, struct lt_saved_ruled_out);

/* Failed attempts of one request and one cause. */
struct lt_saved_group {
	const char *area, *cause;
	struct lt_num nr_pages, err, nr_failed;
	bool is_at_least;
};

LT_VEC_OF(lt_saved_groups, struct lt_saved_group);

/**
 * struct lt_saved_report - what a document of schema "ltpin.report/1" says, judged when it was made
 * @version:	 of the ltpin that made it
 * @captured_at: when its evidence was taken; NULL if that does not say
 * @machine, @boot_id, @release: whose it is; NULL likewise
 * @signature:	 of the failure that its headline is of; NULL
 * @note:	 of the capture; NULL
 * @page_size:	 in bytes
 */
struct lt_saved_report {
	const char *version, *captured_at, *machine, *boot_id, *release, *headline, *signature,
		*note;
	struct lt_num page_size;
	struct lt_saved_ruled_outs ruled_out;
	struct lt_saved_findings findings;
	struct lt_saved_areas areas;
	struct lt_saved_groups groups;
};

void lt_saved_report_fini(struct lt_saved_report *report);

#endif
