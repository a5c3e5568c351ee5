// SPDX-License-Identifier: LGPL-2.1-or-later
/* Says which pipes a page may be in: those that a process which maps it writes to. */
#include "analyse/words_pipe.h"

#include <inttypes.h>

#include "analyse/rule.h"

void lt_finding_add_pipes(struct lt_report *report, struct lt_finding *finding,
			  const struct lt_pin *pin)
{
	/* A pipe has references, and no pins. */
	if (!pin || (pin->kind != LT_PIN_EXTRA_REF && pin->kind != LT_PIN_UNKNOWN))
		return;
	lt_vec_each(hint, &report->snap->pin_hints) {
		const char *reader;

		if (hint->kind != LT_HINT_PIPE || !lt_pin_is_mapped_by(pin, hint->pid))
			continue;
		reader = hint->peer_pid.known ? lt_words_process(report, hint->peer_comm,
								 (int)hint->peer_pid.val)
					      : "its reader";
		lt_finding_add_evidence(report, finding,
					lt_words(report,
						 "page 0x%" PRIx64 " may be in pipe %" PRIu64
						 " (hint): %s, which maps it, "
						 "writes to the pipe, and %s has not read %" PRIu64
						 " bytes of it",
						 pin->pfn, hint->inode.val,
						 lt_words_process(report, hint->comm, hint->pid),
						 reader, hint->nr_bytes.val));
	}
}
