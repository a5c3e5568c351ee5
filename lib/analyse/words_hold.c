// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Says what may hold a page: what a process that maps it has open. These are hints: none of them
 * tells which pages it holds.
 */
#include "analyse/words_hold.h"

#include <inttypes.h>

#include "analyse/rule.h"
#include "base/array_size.h"

/* What was seen of the holder tells more the fewer processes have it without holding anything. */
static const enum lt_pin_hint_kind in_order[] = { LT_HINT_SOCKET, LT_HINT_PIPE, LT_HINT_DEVICE };

/* Pipes and sockets take references, and no pins; a driver takes either. */
static bool can_hold(const struct lt_pin_hint *hint, const struct lt_pin *pin)
{
	switch (pin->kind) {
	case LT_PIN_EXTRA_REF:
	case LT_PIN_UNKNOWN:
		return true;
	case LT_PIN_PINNED:
		return hint->kind == LT_HINT_DEVICE && !pin->has_pinner;
	case LT_PIN_UNMOVABLE:
		break;
	}
	return false;
}

static const char *describe_pipe(struct lt_report *report, const struct lt_pin_hint *hint,
				 const struct lt_pin *pin)
{
	const char *reader = hint->peer_pid.known ? lt_words_process(report, hint->peer_comm,
								     (int)hint->peer_pid.val)
						  : "its reader";

	return lt_words(report,
			"page 0x%" PRIx64 " may be in pipe %" PRIu64
			" (hint): %s, which maps it, writes to the pipe, and %s has not read "
			"%" PRIu64 " bytes of it",
			pin->pfn, hint->inode.val, lt_words_process(report, hint->comm, hint->pid),
			reader, hint->nr_bytes.val);
}

static const char *describe_socket(struct lt_report *report, const struct lt_pin_hint *hint,
				   const struct lt_pin *pin)
{
	return lt_words(report,
			"page 0x%" PRIx64 " may be in socket %" PRIu64
			" (hint): %s, which maps it, may send from there without a copy "
			"(SO_ZEROCOPY), and its peer has not acknowledged %" PRIu64 " bytes",
			pin->pfn, hint->inode.val, lt_words_process(report, hint->comm, hint->pid),
			hint->nr_bytes.val);
}

static const char *describe_device(struct lt_report *report, const struct lt_pin_hint *hint,
				   const struct lt_pin *pin)
{
	return lt_words(report,
			"a driver may hold page 0x%" PRIx64
			" (hint): %s, which maps it, has %s open%s%s%s",
			pin->pfn, lt_words_process(report, hint->comm, hint->pid), hint->device,
			hint->driver ? " (driver " : "", hint->driver ? hint->driver : "",
			hint->driver ? ")" : "");
}

static const char *describe(struct lt_report *report, const struct lt_pin_hint *hint,
			    const struct lt_pin *pin)
{
	switch (hint->kind) {
	case LT_HINT_PIPE:
		return describe_pipe(report, hint, pin);
	case LT_HINT_SOCKET:
		return describe_socket(report, hint, pin);
	default:
		return describe_device(report, hint, pin);
	}
}

void lt_finding_add_holds(struct lt_report *report, struct lt_finding *finding,
			  const struct lt_pin *pin)
{
	if (!pin)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(in_order); i++) {
		lt_vec_each(hint, &report->snap->pin_hints)
			if (hint->kind == in_order[i] && can_hold(hint, pin) &&
			    lt_pin_is_mapped_by(pin, hint->pid))
				lt_finding_add_evidence(report, finding,
							describe(report, hint, pin));
	}
}
