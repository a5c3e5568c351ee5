// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Kernel lockdown, as /sys/kernel/security/lockdown shows it:
 *
 *	none [integrity] confidentiality
 */
#include "base/lockdown.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONFIDENTIALITY "confidentiality"

bool lt_lockdown_read(const struct lt_root *root, char *mode, size_t size)
{
	const char *start, *end;
	struct lt_buf buf;
	bool is_locked;

	if (lt_root_read(root, "/sys/kernel/security/lockdown", &buf))
		return false;
	start = strchr(buf.data, '[');
	end = start ? strchr(start, ']') : NULL;
	is_locked = end && strncmp(start, "[none]", (size_t)(end - start) + 1);
	if (is_locked)
		snprintf(mode, size, "%.*s", (int)(end - start - 1), start + 1);
	free(buf.data);
	return is_locked;
}

bool lt_lockdown_is_confidential(const struct lt_root *root)
{
	char mode[32];

	return lt_lockdown_read(root, mode, sizeof(mode)) && !strcmp(mode, CONFIDENTIALITY);
}
