// SPDX-License-Identifier: LGPL-2.1-or-later
/* Frees what a saved report consists of. */
#include "model/saved_report.h"

void lt_saved_report_fini(struct lt_saved_report *report)
{
	lt_vec_each(finding, &report->findings)
		lt_vec_free(&finding->evidence);
	lt_vec_free(&report->findings);
	lt_vec_free(&report->ruled_out);
	lt_vec_free(&report->areas);
	lt_vec_free(&report->groups);
}
