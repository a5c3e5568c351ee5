// SPDX-License-Identifier: LGPL-2.1-or-later
/* Names error numbers. */
#include "base/errno_name.h"

#include <stddef.h>
#include <string.h>

#include "base/array_size.h"

const char *lt_errno_name(int err)
{
	static const struct {
		int err;
		const char *name;
	} names[] = {
		{ EPERM, "EPERM" },   { EINTR, "EINTR" },   { EAGAIN, "EAGAIN" },
		{ ENOMEM, "ENOMEM" }, { EACCES, "EACCES" }, { EFAULT, "EFAULT" },
		{ EBUSY, "EBUSY" },   { EINVAL, "EINVAL" }, { ENOSPC, "ENOSPC" },
		{ ERANGE, "ERANGE" }, { ENODEV, "ENODEV" }, { EOPNOTSUPP, "EOPNOTSUPP" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].err == err)
			return names[i].name;
	return NULL;
}

const char *lt_errno_text(int err)
{
	return err == LT_ELEFTOUT ? "left out of the capture by --max-size" : strerror(err);
}
