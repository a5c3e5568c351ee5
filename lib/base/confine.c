// SPDX-License-Identifier: LGPL-2.1-or-later
/* Gives up what reading does not need: capabilities here, then files and system calls. */
#include "base/confine.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A root without these could read less than it was asked to, and could not name its output. */
#define KEPT (1u << CAP_DAC_OVERRIDE | 1u << CAP_DAC_READ_SEARCH | 1u << CAP_FOWNER)

static int confine_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	if (syscall(SYS_capget, &header, data))
		return 0;
	for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
		data[i].effective &= i ? 0 : KEPT;
		data[i].permitted &= i ? 0 : KEPT;
		data[i].inheritable = 0;
	}
	return !syscall(SYS_capset, &header, data);
}

int lt_confine(const struct lt_confine_path *paths, size_t nr)
{
	int done = confine_capabilities() ? LT_CONFINED_CAPABILITIES : 0, ret;
	bool can_fill = false;

	/* Else neither of the others is allowed to whoever is not root. */
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return done;
	ret = lt_confine_files(paths, nr);
	if (ret < 0)
		return ret;
	done |= ret ? LT_CONFINED_FILES : 0;
	for (size_t i = 0; i < nr; i++)
		can_fill = can_fill || paths[i].right == LT_CONFINE_FILL;
	ret = lt_confine_calls(can_fill);
	if (ret < 0)
		return ret;
	return done | (ret ? LT_CONFINED_CALLS : 0);
}
