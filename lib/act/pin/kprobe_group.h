/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ACT_PIN_KPROBE_GROUP_H
#define LT_ACT_PIN_KPROBE_GROUP_H

#include <sys/types.h>

#include "act/follow/follow.h"
#include "base/compiler.h"
#include "source/trace/pin_event.h"

/*
 * Probes on the functions that pin pages: kprobe events of tracefs, in a group of our own,
 * ltpin_PID. They record nothing until somebody enables them, which is for lt_follow_open() in
 * its own buffer. Nobody else's probes are touched.
 */
struct lt_kprobe_group;

/**
 * lt_kprobe_group_open() - define the probes
 *
 * Functions that this kernel does not have are left out.
 *
 * Return: 0 or negative errno, the reason in @diag: -ENOENT no tracefs or no kprobe events in this
 * kernel, -EACCES or -EPERM not for this user, -EOPNOTSUPP nothing that pins can be probed.
 */
int lt_kprobe_group_open(struct lt_kprobe_group **out, struct lt_diag *diag)
	__must_check __nonnull_at(1);

/* For lt_follow_options.events; good until the probes are closed. */
const struct lt_follow_event *lt_kprobe_group_events(const struct lt_kprobe_group *probe,
						     size_t *nr);

/* Remove the probes. What enabled them has to be closed before. */
void lt_kprobe_group_close(struct lt_kprobe_group *probe);

/* Remove what killed runs of ltpin left behind, but for what a trace buffer still records. */
void lt_kprobe_group_clean(void);

/* The parts, for tests. */

#define LT_KPROBE_ARGS 4

/* The first arguments of a function as a probe calls them: "$arg1", or registers. */
struct lt_kprobe_args {
	const char *machine; /* how uname -m begins */
	bool can_unwind;     /* its kernels give the stack of a probe: seen on x86 and arm64 */
	const char *names[LT_KPROBE_ARGS];
};

/* Those of a machine whose kernels do not know "$arg1"; NULL if all do. */
const struct lt_kprobe_args *lt_kprobe_group_registers(const char *machine);

/* The command that defines the probe of a call or, without @args, of a return. */
void lt_kprobe_group_format(const char *group, const struct lt_pin_function *function,
			    const struct lt_kprobe_args *args, char *out, size_t size);

/*
 * Whose probe a line of kprobe_events is: the process, and the probe as "group/event". 0 if it is
 * none of ltpin.
 */
pid_t lt_kprobe_group_owner(struct lt_text line, struct lt_span *probe);

#endif
