// SPDX-License-Identifier: LGPL-2.1-or-later
/* Finds processes that the kernel accounts pinned memory to: VmPin of /proc/PID/status. */
#include "source/process/hold.h"
#include "source/process/process_status.h"

static int look_at_process(struct lt_hold_search *search)
{
	struct lt_process_status status;
	struct lt_pin_hint hint = { .kind = LT_HINT_VM_PIN };
	int err = lt_process_status_read(search->snap->root, (uint64_t)search->pid, &status);

	if (err || !status.pinned_kib.known || !status.pinned_kib.val)
		return err;
	hint.nr_pages = lt_num(status.pinned_kib.val * 1024 / search->page_size);
	return lt_hold_add(search, &hint);
}

const struct lt_hold_kind lt_hold_vm_pin = { .process = look_at_process };
